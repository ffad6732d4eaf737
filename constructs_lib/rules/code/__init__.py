"""Rules of where code comes from: workspace paths, Git paths, cloud URIs, and the job's Git source.

https://docs.databricks.com/aws/en/jobs/git
https://docs.databricks.com/api/workspace/jobs/create
"""

from constructs_lib.rules.code import checkout, git_source, paths
from constructs_lib.rules.rule import Rule

RULES: tuple[Rule, ...] = (*paths.RULES, *git_source.RULES, *checkout.RULES)
