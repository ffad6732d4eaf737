"""Rules about what tasks run on: clusters, environments, libraries; what a cluster itself says is not their matter.

https://docs.databricks.com/aws/en/jobs/compute
"""

from constructs_lib.rules.compute import contexts, environments, keys, libraries, placement, serverless
from constructs_lib.rules.rule import Rule

_PARTS = (placement, keys, libraries, environments, serverless, contexts)

RULES: tuple[Rule, ...] = tuple(sorted((rule for part in _PARTS for rule in part.RULES), key=lambda rule: rule.code))
