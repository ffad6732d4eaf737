"""The choices of what a task runs on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from constructs_lib.compute.cluster import ClusterSpec
from constructs_lib.errors import shortened
from constructs_lib.handles import HasClusterId
from constructs_lib.references import Text
from constructs_lib.values import Value, attribute

Accelerator = Literal["GPU_1xA10", "GPU_1xH100", "GPU_8xH100", "GPU_8xB300"]
DEFAULT_ENVIRONMENT_VERSION = "4"
"""The serverless environment of `Compute.serverless()`."""
KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""What the keys of a job's tasks and blocks are made of."""


class Compute(Value):
    """What a task runs on; `Compute.` names the choices. Give one object to several tasks and they share it."""

    blocks: ClassVar[str | None] = None
    """The job's list of blocks that this compute is declared in, where it is declared with the job."""

    @staticmethod
    def job_cluster(key: str, spec: ClusterSpec) -> "JobCluster":
        """Return a cluster that this job's tasks share and that ends with the run."""
        return JobCluster(key, spec)

    @staticmethod
    def new_cluster(spec: ClusterSpec) -> "NewCluster":
        """Return a cluster of a task's own, started for it and ended after it."""
        return NewCluster(spec)

    @staticmethod
    def existing_cluster(cluster: Text | HasClusterId) -> "ExistingCluster":
        """Return an all-purpose cluster: an `AllPurposeCluster`, or the id of one that something else manages."""
        return ExistingCluster(cluster.cluster_id if isinstance(cluster, HasClusterId) else cluster)

    @staticmethod
    def serverless(
        key: str = "default",
        *,
        dependencies: Sequence[Text] = (),
        environment_version: str | None = None,
        base_environment: Text | None = None,
        java_dependencies: Sequence[Text] = (),
    ) -> "ServerlessEnvironment":
        """Return serverless jobs compute with an environment: its version, or a base environment, and libraries."""
        version = environment_version or (None if base_environment else DEFAULT_ENVIRONMENT_VERSION)
        return ServerlessEnvironment(
            key,
            dependencies=dependencies,
            environment_version=version,
            base_environment=base_environment,
            java_dependencies=java_dependencies,
        )

    @staticmethod
    def serverless_gpu(
        accelerator: Accelerator, *, environment: "ServerlessEnvironment | None" = None
    ) -> "ServerlessGpu":
        """Return serverless compute with GPUs, with an environment for what needs one."""
        return ServerlessGpu(accelerator, environment=environment)

    @staticmethod
    def serverless_job_cluster(key: str, compute_id: Text) -> "ServerlessJobCluster":
        """Return a job cluster that runs on serverless compute set up elsewhere, by its id (preview)."""
        return ServerlessJobCluster(key, compute_id)

    def declared(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the job's lists of blocks that this is declared in, each with its block there."""
        if self.blocks is not None:
            yield self.blocks, self.render()

    def task_fields(self) -> dict[str, Any]:
        """Return the attributes that a task on this compute has."""
        raise NotImplementedError

    @property
    def is_serverless(self) -> bool:
        """Whether tasks on it are serverless, and so have no libraries of their own."""
        return False


def check_key(owner: Value, key: str) -> None:
    """Refuse a key that the API refuses."""
    if not KEY.fullmatch(key):
        raise owner.error(f"{shortened(key)} is not a key", fix="use letters, digits, '-' and '_', at most 100")


class JobCluster(Compute):
    """A cluster that tasks of one job share.

    https://docs.databricks.com/aws/en/jobs/run-classic-jobs
    """

    blocks: ClassVar[str | None] = "job_cluster"

    key: str = attribute("job_cluster_key", kw_only=False)
    spec: ClusterSpec = attribute("new_cluster", kw_only=False)

    def task_fields(self) -> dict[str, Any]:
        """Return the cluster's key."""
        return {"job_cluster_key": self.key}

    def check(self) -> None:
        """Refuse a key that the API refuses."""
        check_key(self, self.key)

    def __repr__(self) -> str:
        return f"JobCluster({shortened(self.key)})"


class NewCluster(Compute):
    """A cluster of a task's own."""

    spec: ClusterSpec = attribute("new_cluster", kw_only=False)

    def task_fields(self) -> dict[str, Any]:
        """Return the whole cluster."""
        return self.render()


class ExistingCluster(Compute):
    """An all-purpose cluster; it costs more than a job's own, and its cost is not attributed to the job."""

    cluster_id: Text = attribute("existing_cluster_id", kw_only=False)

    def task_fields(self) -> dict[str, Any]:
        """Return the cluster's id."""
        return self.render()


class ServerlessEnvironment(Compute):
    """Serverless jobs compute with an environment that tasks share.

    https://docs.databricks.com/aws/en/jobs/run-serverless-jobs
    """

    blocks: ClassVar[str | None] = "environment"

    key: str = attribute("environment_key", kw_only=False)
    dependencies: Sequence[Text] = attribute("spec.dependencies", default=())
    """pip requirement lines, workspace or volume paths of wheels."""
    java_dependencies: Sequence[Text] = attribute("spec.java_dependencies", default=())
    """Paths of JARs in volumes, for a JAR task."""
    environment_version: str | None = attribute("spec.environment_version", default=None)
    """The serverless environment's version: https://docs.databricks.com/aws/en/release-notes/serverless/environment-version"""
    base_environment: Text | None = attribute("spec.base_environment", default=None)
    """A base environment instead of a version: the path of its YAML file, or its id in the workspace."""
    project_environment: Text | None = attribute("spec.project_environment", default=None)
    """The path of a project's own environment file."""
    extra: Mapping[str, object] = attribute("spec", default={}, spread=True)
    """Further attributes of the provider's `spec` block, by their names there."""

    def check(self) -> None:
        """Refuse a key that the API refuses, and two bases."""
        check_key(self, self.key)
        if self.environment_version is not None and self.base_environment is not None:
            raise self.error("has a version and a base environment, which has one", fix="give one of them")

    def task_fields(self) -> dict[str, Any]:
        """Return the environment's key."""
        return {"environment_key": self.key}

    @property
    def is_serverless(self) -> bool:
        """True."""
        return True


class ServerlessGpu(Compute):
    """Serverless compute with GPUs.

    https://docs.databricks.com/aws/en/compute/serverless/gpu
    """

    accelerator: Accelerator = attribute("compute.hardware_accelerator", kw_only=False)
    environment: ServerlessEnvironment | None = attribute(default=None)

    def task_fields(self) -> dict[str, Any]:
        """Return the accelerator, and the environment's key."""
        return {**self.render(), **(self.environment.task_fields() if self.environment else {})}

    def declared(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the environment's block."""
        if self.environment is not None:
            yield from self.environment.declared()

    @property
    def is_serverless(self) -> bool:
        """True."""
        return True


class ServerlessJobCluster(Compute):
    """A job cluster on serverless compute that is set up elsewhere; a job has at most one (preview)."""

    blocks: ClassVar[str | None] = "job_cluster"

    key: str = attribute("job_cluster_key", kw_only=False)
    compute_id: Text = attribute("serverless_compute_id", kw_only=False)

    def task_fields(self) -> dict[str, Any]:
        """Return the cluster's key."""
        return {"job_cluster_key": self.key}

    def check(self) -> None:
        """Refuse a key that the API refuses."""
        check_key(self, self.key)

    @property
    def is_serverless(self) -> bool:
        """True."""
        return True
