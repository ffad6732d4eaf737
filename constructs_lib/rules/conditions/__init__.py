"""Rules of what runs when: `run_if`, conditions and their outcomes, and disabled tasks.

https://docs.databricks.com/aws/en/jobs/run-if, https://docs.databricks.com/aws/en/jobs/tasks/if-else,
https://docs.databricks.com/aws/en/jobs/disabled-tasks
"""

from constructs_lib.rules.conditions import comparisons, disabled, outcomes, run_if, settings
from constructs_lib.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*run_if.RULES, *outcomes.RULES, *comparisons.RULES, *settings.RULES, *disabled.RULES),
        key=lambda rule: rule.code,
    )
)
