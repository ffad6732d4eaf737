"""Where jobs take their code from, when they take it from Git.

https://docs.databricks.com/jobs/git
"""

from typing import Literal

from environments.settings.base import Settings, exactly_one
from environments.settings.forms import Commit, GitName, HttpsUrl

GitProvider = Literal[
    "gitHub",
    "gitHubEnterprise",
    "gitLab",
    "gitLabEnterpriseEdition",
    "bitbucketCloud",
    "bitbucketServer",
    "azureDevOpsServices",
    "awsCodeCommit",
]


class GitSource(Settings, json_schema_extra=exactly_one("branch", "tag", "commit")):
    """The repository and the one branch, tag or commit that every run checks out."""

    url: HttpsUrl
    """The https URL of the repository, without user name or token: the run-as identity has its own Git credential."""
    provider: GitProvider
    """Who hosts it, as Databricks spells it."""
    branch: GitName | None = None
    """The branch whose newest commit every run takes."""
    tag: GitName | None = None
    """The tag that every run takes."""
    commit: Commit | None = None
    """The commit that every run takes."""
