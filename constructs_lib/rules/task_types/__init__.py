"""Rules about what each type of task says: exactly one type, and what that type needs, takes and refuses.

https://docs.databricks.com/aws/en/jobs/configure-task
"""

from constructs_lib.rules.rule import Rule
from constructs_lib.rules.task_types import ai_runtime, alerts, code, dbt, pipeline, power_bi, run_job, shape, sql

_PARTS = (shape, code, sql, alerts, dbt, run_job, pipeline, power_bi, ai_runtime)

RULES: tuple[Rule, ...] = tuple(sorted((rule for part in _PARTS for rule in part.RULES), key=lambda rule: rule.code))
