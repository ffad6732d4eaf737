"""Rules of loops: what a For each task runs over, and what belongs to it or to the task inside.

https://docs.databricks.com/aws/en/jobs/tasks/for-each
"""

from constructs_lib.rules.loops import inner, inputs, settings
from constructs_lib.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(sorted((*inputs.RULES, *settings.RULES, *inner.RULES), key=lambda rule: rule.code))
