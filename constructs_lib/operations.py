"""Step 5: how a job is operated.

https://docs.databricks.com/aws/en/jobs/configure-job
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, Self, get_args
from urllib.parse import urlsplit

from constructs_lib.errors import LakeflowError, shortened
from constructs_lib.health import HealthRule, in_order
from constructs_lib.notifications import Notifications
from constructs_lib.principals import Grant, Identity
from constructs_lib.reading import Given
from constructs_lib.references import Text
from constructs_lib.tasks.base import Retries
from constructs_lib.values import Value, attribute, named_values

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
_HOSTS = {
    "github.com": "gitHub",
    "gitlab.com": "gitLab",
    "bitbucket.org": "bitbucketCloud",
    "dev.azure.com": "azureDevOpsServices",
}
_PARAMETER = re.compile(r"[A-Za-z0-9_.-]+")


class JobSource(Value):
    """The file in Git that a job's settings are kept in.

    https://docs.databricks.com/api/workspace/jobs/create
    """

    path: str = attribute("job_config_path", kw_only=False)
    branch: str = attribute("import_from_git_branch")
    state: Literal["NOT_SYNCED", "DISCONNECTED"] | None = attribute("dirty_state", default=None)
    """Whether the job and the file have parted; in step where nothing is said."""


class Deployment(Value):
    """The tool that deploys a job, as the workspace shows it.

    https://docs.databricks.com/api/workspace/jobs/create
    """

    kind: Literal["BUNDLE", "SYSTEM_MANAGED"] = attribute("kind", kw_only=False)
    metadata_file: Text | None = attribute("metadata_file_path", default=None)
    """The path of the file that describes the deployment."""
    deployment_id: str | None = attribute("deployment_id", default=None)
    version_id: str | None = attribute("version_id", default=None)


class GitSource(Value):
    """The repository that a job's code comes from, at a branch, a tag or a commit.

    https://docs.databricks.com/aws/en/jobs/git
    """

    url: str = attribute("url", kw_only=False)
    provider: GitProvider = attribute("provider")
    branch: str | None = attribute("branch", default=None)
    tag: str | None = attribute("tag", default=None)
    commit: str | None = attribute("commit", default=None)
    sparse_checkout: Sequence[str] = attribute("sparse_checkout.patterns", default=())
    """The only folders that are checked out."""
    job_source: JobSource | None = attribute("job_source", default=None)
    """Where the job itself is kept in Git, for who looks at it in the workspace."""

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the repository of a block; its provider as the API spells it, or by the host where it is silent."""
        provider, url = given.take("provider"), given.body.get("url")
        known = {name.casefold(): name for name in get_args(GitProvider)}
        host = urlsplit(url).hostname if isinstance(url, str) else None
        spelled = known.get(str(provider).casefold()) if provider else _HOSTS.get(host or "")
        if spelled is None:
            raise LakeflowError(f"{shortened(provider or url)} is no Git provider")
        return super().read(given, provider=spelled, **said)

    def check(self) -> None:
        """Refuse what is not exactly one state of the repository."""
        given = [name for name in ("branch", "tag", "commit") if getattr(self, name) is not None]
        if len(given) != 1:
            raise self.error(f"names {' and '.join(given) or 'no state'}", fix="give one of branch, tag and commit")
        if not getattr(self, given[0]):
            raise self.error(f"{given[0]} is empty")
        if not self.url.startswith("https://"):
            raise self.error(f"url: {self.url!r} is not HTTPS", fix="write https://…")


class Operations(Value):
    """How a job is operated: one run at a time, queued, without timeout, and told to nobody, unless said otherwise."""

    max_concurrent_runs: int = attribute("max_concurrent_runs", default=1)
    """How many runs go on at once, 1 to 1,000."""
    queue: bool = attribute("queue.enabled", default=True)
    """Whether a run that finds no place waits (up to 48 hours); otherwise it is skipped."""
    timeout: timedelta | None = attribute("timeout_seconds", default=None)
    """How long a run may take."""
    retries: Retries | None = attribute(default=None)
    """How often a failed task is tried again that says nothing itself."""
    health: Sequence[HealthRule] = attribute("health.rules", default=(), via=in_order)
    """What is worth a warning while a run goes on."""
    notifications: Notifications = attribute(default=Notifications(), spread=True)
    """Who is told."""
    parameters: Mapping[str, Text] = attribute("parameter", default={}, via=named_values("default"))
    """Job parameters and their defaults; tasks read them with `parameter("name")`."""
    git: GitSource | None = attribute("git_source", default=None)
    """Where code named by a `GitFile` comes from."""
    tags: Mapping[str, Text] = attribute("tags", default={})
    """At most 25; they reach the job's clusters and its bill."""
    run_as: Identity | None = attribute("run_as", default=None)
    """Who the job runs as; whoever deploys it when it is not said."""
    owner: Identity | None = attribute(default=None)
    """Who owns the job; whom it runs as when it is not said, and whoever deploys it otherwise."""
    permissions: Sequence[Grant] = attribute(default=())
    """Who else may see, run and manage it."""
    performance_target: Literal["PERFORMANCE_OPTIMIZED", "STANDARD"] | None = attribute(
        "performance_target", default=None
    )
    """How fast serverless compute starts: at once, or cheaper within minutes."""
    budget_policy_id: Text | None = attribute("budget_policy_id", default=None)
    """The budget policy that serverless compute is accounted by."""
    usage_policy_id: Text | None = attribute("usage_policy_id", default=None)
    """The usage policy, which is the newer name of a budget policy."""
    edit_mode: Literal["UI_LOCKED", "EDITABLE"] | None = attribute("edit_mode", default=None)
    """Whether the workspace lets people edit the job by hand."""
    folder: Text | None = attribute("parent_path", default=None)
    """The workspace folder of the job itself; another one replaces the job."""
    deployment: Deployment | None = attribute("deployment", default=None)
    extra: Mapping[str, object] = attribute(default={})
    """Further attributes of the provider's `databricks_job` by their names there, merged last."""

    def check(self) -> None:
        """Refuse what the API refuses."""
        if not 1 <= self.max_concurrent_runs <= 1000:
            raise self.error(
                f"max_concurrent_runs: {self.max_concurrent_runs} is not between 1 and 1,000",
                fix="pause the trigger where no run is meant to start",
            )
        for name in self.parameters:
            if not _PARAMETER.fullmatch(name):
                raise self.error(f"parameters: {name!r} is no name", fix="use letters, digits, '_', '-' and '.'")
        if len(self.tags) > 25:
            raise self.error(f"tags: {len(self.tags)}, and the API takes 25")

    @property
    def owning(self) -> Identity | None:
        """Who owns the job, as far as the code says."""
        return self.owner or self.run_as

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the operations that a job's settings say; a job that says nothing of a queue has none."""
        queue = {} if given.has(("queue", "enabled")) else {"queue": False}
        return super().read(given, **queue, **said)
