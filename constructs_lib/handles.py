"""What tasks and jobs refer to: a protocol for each kind of thing, and a handle for one that exists already.

Constructs such as `SqlWarehouse` and `Pipeline` have the same properties, so a task takes either.
"""

import re
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from constructs_lib.errors import LakeflowError, shortened
from constructs_lib.references import Text
from constructs_lib.values import Value, Via, attribute

_ABSOLUTE = re.compile(r"/|[a-z][a-z0-9]+:/")
_VOLUME = re.compile(r"/Volumes(/[^/]+){3}")


@runtime_checkable
class HasWarehouseId(Protocol):
    """A SQL warehouse: `SqlWarehouse(…)` or `ExistingWarehouse(id)`."""

    @property
    def warehouse_id(self) -> Text:
        """The warehouse's id."""


@runtime_checkable
class HasPipelineId(Protocol):
    """A pipeline: `Pipeline(…)` or `ExistingPipeline(id)`."""

    @property
    def pipeline_id(self) -> Text:
        """The pipeline's id."""


@runtime_checkable
class HasJobId(Protocol):
    """A job: `LakeflowJob(…)` or `ExistingJob(id)`."""

    @property
    def job_id(self) -> Text:
        """The job's id."""


@runtime_checkable
class HasQueryId(Protocol):
    """A saved SQL query: `Query(…)` or `ExistingQuery(id)`."""

    @property
    def query_id(self) -> Text:
        """The query's id."""


@runtime_checkable
class HasDestinationId(Protocol):
    """A notification destination: `NotificationDestination(…)` or `ExistingDestination(id)`."""

    @property
    def destination_id(self) -> Text:
        """The destination's id, a UUID."""


@runtime_checkable
class HasDashboardId(Protocol):
    """An AI/BI dashboard: `Dashboard(…)` or `ExistingDashboard(id)`."""

    @property
    def dashboard_id(self) -> Text:
        """The dashboard's id."""


@runtime_checkable
class HasAlertId(Protocol):
    """An alert: `Alert(…)` or `ExistingAlert(id)`."""

    @property
    def alert_id(self) -> Text:
        """The alert's id."""


@runtime_checkable
class HasClusterId(Protocol):
    """An all-purpose cluster: `AllPurposeCluster(…)`."""

    @property
    def cluster_id(self) -> Text:
        """The cluster's id."""


@runtime_checkable
class HasPolicyId(Protocol):
    """A cluster policy: `ClusterPolicy(…)` or `ExistingPolicy(id)`."""

    @property
    def policy_id(self) -> Text:
        """The policy's id."""


@runtime_checkable
class HasPoolId(Protocol):
    """An instance pool: `Pool(…)` or `ExistingPool(id)`."""

    @property
    def pool_id(self) -> Text:
        """The pool's id."""


@runtime_checkable
class HasSchema(Protocol):
    """A schema of Unity Catalog: `Schema(…)` or `ExistingSchema(catalog, schema)`."""

    @property
    def catalog_name(self) -> Text:
        """The name of its catalog."""

    @property
    def schema_name(self) -> Text:
        """Its own name."""


@runtime_checkable
class HasVolumePath(Protocol):
    """A volume of Unity Catalog: `Volume(…)` or `ExistingVolume(path)`."""

    @property
    def volume_path(self) -> Text:
        """Its folder `/Volumes/catalog/schema/name`, without a slash at its end."""


class Source(StrEnum):
    """Where a task's code comes from."""

    WORKSPACE = "WORKSPACE"
    """A file or notebook of the workspace, by its absolute path."""
    GIT = "GIT"
    """The job's Git source, by a path relative to the repository's root."""


@runtime_checkable
class HasCodePath(Protocol):
    """Code that a task runs: `Notebook(…)`, `WorkspaceFile(…)`, `WorkspacePath(path)` or `GitFile(path)`."""

    @property
    def code_path(self) -> Text:
        """The path as a task names it."""

    @property
    def source(self) -> Source:
        """Where the path is looked for."""


class ExistingWarehouse(Value):
    """A SQL warehouse that something else manages, by its id."""

    warehouse_id: Text = attribute(kw_only=False)


class ExistingPipeline(Value):
    """A pipeline that something else manages, by its id."""

    pipeline_id: Text = attribute(kw_only=False)


class ExistingJob(Value):
    """A job that something else manages, by its id."""

    job_id: Text = attribute(kw_only=False)


class ExistingQuery(Value):
    """A saved SQL query that something else manages, by its id."""

    query_id: Text = attribute(kw_only=False)


class ExistingDestination(Value):
    """A notification destination that something else manages, by its id (a UUID)."""

    destination_id: Text = attribute(kw_only=False)


class ExistingDashboard(Value):
    """An AI/BI dashboard that something else manages, by its id."""

    dashboard_id: Text = attribute(kw_only=False)


class ExistingAlert(Value):
    """An alert that something else manages, by its id."""

    alert_id: Text = attribute(kw_only=False)


class ExistingPolicy(Value):
    """A cluster policy that something else manages, by its id."""

    policy_id: Text = attribute(kw_only=False)


class ExistingPool(Value):
    """An instance pool that something else manages, by its id."""

    pool_id: Text = attribute(kw_only=False)


class ExistingSchema(Value):
    """A schema of Unity Catalog that something else manages, by its names: `ExistingSchema("main", "sales")`."""

    catalog_name: Text = attribute(kw_only=False)
    schema_name: Text = attribute(kw_only=False)

    def check(self) -> None:
        """Refuse `catalog.schema` in one name."""
        for name in (self.catalog_name, self.schema_name):
            if isinstance(name, str) and (not name or "." in name):
                raise self.error(f"{name!r} is no name", fix="write ExistingSchema('catalog', 'schema')")


class ExistingVolume(Value):
    """A volume of Unity Catalog that something else manages, by its folder: `/Volumes/main/sales/landing`."""

    volume_path: Text = attribute(kw_only=False)

    def check(self) -> None:
        """Refuse what is no volume's own folder."""
        if isinstance(self.volume_path, str) and not _VOLUME.fullmatch(self.volume_path):
            raise self.error("this is no volume's folder", fix="write '/Volumes/catalog/schema/name'")


class GitFile(Value):
    """A notebook, script or SQL file of the job's Git source, relative to the repository's root.

    A notebook is named without its extension.
    """

    code_path: str = attribute(kw_only=False)

    def check(self) -> None:
        """Refuse an absolute path: Databricks looks for it in the checkout."""
        if self.code_path.startswith("/"):
            raise self.error("a path in Git is relative", fix=f"write {self.code_path.lstrip('/')!r}")

    @property
    def source(self) -> Source:
        """`Source.GIT`."""
        return Source.GIT


class WorkspacePath(Value):
    """A notebook or file that something else manages: by its absolute path in the workspace or a volume.

    A script can lie in cloud storage too, by its URL: `abfss://…`, `s3://…`, `dbfs:/…`.
    """

    code_path: Text = attribute(kw_only=False)

    def check(self) -> None:
        """Refuse a relative path: only Git paths are relative."""
        if isinstance(self.code_path, str) and not _ABSOLUTE.match(self.code_path):
            raise self.error(
                "a workspace path is absolute", fix=f"write '/{self.code_path}', or GitFile({self.code_path!r})"
            )

    @property
    def source(self) -> Source:
        """`Source.WORKSPACE`."""
        return Source.WORKSPACE


WAREHOUSE = Via(lambda warehouse: warehouse.warehouse_id, ExistingWarehouse)
PIPELINE = Via(lambda pipeline: pipeline.pipeline_id, ExistingPipeline)
QUERY = Via(lambda query: query.query_id, ExistingQuery)
DASHBOARD = Via(lambda dashboard: dashboard.dashboard_id, ExistingDashboard)
ALERT = Via(lambda alert: alert.alert_id, ExistingAlert)
POLICY = Via(lambda policy: policy.policy_id, ExistingPolicy)
POOL = Via(lambda pool: pool.pool_id, ExistingPool)
JOB = Via(lambda job: job.job_id, lambda job_id: ExistingJob(str(job_id) if isinstance(job_id, int) else job_id))
"""How attributes that take a handle name its id, and get a handle back from an id; a job's is a number in the API."""


def code_at(path: Any, source: object) -> HasCodePath:
    """Return the handle of code by its path and where that is looked for; raise LakeflowError where it is none."""
    if source not in tuple(Source):
        raise LakeflowError(f"{shortened(source)} is no source")
    return GitFile(path) if source == Source.GIT else WorkspacePath(path)
