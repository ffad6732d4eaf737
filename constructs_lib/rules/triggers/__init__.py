"""What starts a job, and how its runs go: triggers, concurrency, timeouts and retries.

https://docs.databricks.com/aws/en/jobs/triggers, https://docs.databricks.com/aws/en/jobs/configure-job. Whether a
schedule has fires ahead of it is judged from 1 January 2026 on, whatever the date is.
"""

from constructs_lib.rules.rule import Rule
from constructs_lib.rules.triggers import arrival, concurrency, continuous, kinds, periodic, retries, schedule, timeouts

RULES: tuple[Rule, ...] = (
    *kinds.RULES,
    *schedule.RULES,
    *periodic.RULES,
    *arrival.RULES,
    *continuous.RULES,
    *concurrency.RULES,
    *timeouts.RULES,
    *retries.RULES,
)
