"""Everything that a workspace can do: https://docs.databricks.com/api/workspace/introduction."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lakeflow.workspace.access import Access
from lakeflow.workspace.alerts import Alerts
from lakeflow.workspace.catalog import Catalogs, Schemas, Volumes
from lakeflow.workspace.clusters import Clusters
from lakeflow.workspace.configuration import Configuration
from lakeflow.workspace.dashboard_schedules import DashboardSchedules
from lakeflow.workspace.dashboards import Dashboards
from lakeflow.workspace.dbfs import Dbfs
from lakeflow.workspace.destinations import Destinations
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.files import Files
from lakeflow.workspace.grants import Grants
from lakeflow.workspace.identity import Identity
from lakeflow.workspace.jobs import Jobs, Told
from lakeflow.workspace.kept_scenario import KeptScenario
from lakeflow.workspace.libraries import ClusterLibraries
from lakeflow.workspace.objects import Objects
from lakeflow.workspace.permissions import Permissions
from lakeflow.workspace.pipelines import Pipelines
from lakeflow.workspace.policies import Policies
from lakeflow.workspace.pools import Pools
from lakeflow.workspace.queries import LegacyAlerts, Queries
from lakeflow.workspace.recording import Recorder
from lakeflow.workspace.repos import GitCredentials, Repos
from lakeflow.workspace.runs import Runs
from lakeflow.workspace.secrets import Secrets
from lakeflow.workspace.state import WORKSPACE_ID, State
from lakeflow.workspace.statements import Statements
from lakeflow.workspace.warehouses import Warehouses

if TYPE_CHECKING:
    from lakeflow.workspace.core import Service


def every_service(state: State) -> "list[Service]":
    """Return everything that a workspace can do."""
    scenario = KeptScenario(state)
    recorder = Recorder(state, lambda: scenario.now, workspace_id=WORKSPACE_ID)
    runs = Runs(state, recorder.run_ended)
    services: Sequence[Service] = [
        Access(state),
        Alerts(state),
        Catalogs(state),
        ClusterLibraries(state),
        Clusters(state),
        Configuration(state),
        DashboardSchedules(state),
        Dashboards(state),
        Dbfs(state),
        Destinations(state),
        Files(state),
        GitCredentials(state),
        Grants(state),
        Identity(state),
        Jobs(
            state,
            changed=_both(runs.job_changed, recorder.job_changed),
            deleted=_both(runs.job_deleted, recorder.job_deleted),
        ),
        LegacyAlerts(state),
        Objects(state),
        Permissions(state),
        Pipelines(state),
        Policies(state),
        Pools(state),
        Queries(state),
        Repos(state),
        runs,
        Schemas(state),
        Secrets(state),
        Statements(state),
        Volumes(state),
        Warehouses(state),
    ]
    return [*services]


def _both(one: Told, other: Told) -> Told:
    def told(job: Json, at: int) -> None:
        one(job, at)
        other(job, at)

    return told
