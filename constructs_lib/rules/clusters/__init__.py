"""Rules of new clusters: their size, runtime, nodes, access mode, cloud and scripts; and of secrets anywhere in a job.

https://docs.databricks.com/api/workspace/clusters/create
https://docs.databricks.com/aws/en/compute/configure
"""

from constructs_lib.rules.clusters import (
    access,
    clouds,
    nodes,
    other_attributes,
    policies,
    runtime,
    scripts,
    secrets,
    size,
)
from constructs_lib.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *size.RULES,
    *policies.RULES,
    *runtime.RULES,
    *nodes.RULES,
    *clouds.RULES,
    *access.RULES,
    *scripts.RULES,
    *other_attributes.RULES,
    *secrets.RULES,
)
