"""Rules about who a job runs as, and who may use it.

Grants stand in a bundle's `permissions` or a request's `access_control_list`; Terraform has
`databricks_permissions` for them.
https://docs.databricks.com/aws/en/jobs/privileges
"""

from constructs_lib.rules.identity import grants, run_as
from constructs_lib.rules.rule import Rule

RULES: tuple[Rule, ...] = (*run_as.RULES, *grants.RULES)
