"""Dynamic value references: what Databricks fills in when a run starts.

https://docs.databricks.com/aws/en/jobs/dynamic-value-references: an unknown namespace and broken braces stay as they
are written, without a word; an unknown name in a known namespace is refused.
"""

from constructs_lib.rules.references import braces, names, parameters, places, starts, tasks
from constructs_lib.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*braces.RULES, *names.RULES, *tasks.RULES, *parameters.RULES, *places.RULES, *starts.RULES),
        key=lambda rule: rule.code,
    )
)
