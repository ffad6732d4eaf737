"""Rules about the names, tags, parameters and plain choices of a job.

https://docs.databricks.com/api/workspace/jobs/create
"""

from constructs_lib.rules.names import choices, parameters, tags, titles
from constructs_lib.rules.rule import Rule

RULES: tuple[Rule, ...] = (*tags.RULES, *titles.RULES, *parameters.RULES, *choices.RULES)
