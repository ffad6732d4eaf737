"""Tasks that show or tell: AI/BI dashboards, alerts, Power BI.

https://docs.databricks.com/aws/en/jobs/configure-task
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from constructs_lib.handles import ALERT, DASHBOARD, WAREHOUSE, HasAlertId, HasDashboardId, HasWarehouseId
from constructs_lib.notifications import SUBSCRIBERS, Recipient
from constructs_lib.references import DynamicValue, Text, dynamic
from constructs_lib.tasks.base import WorkTask
from constructs_lib.values import Value, attribute

_MOST_RECIPIENTS = 100
Storage = Literal["DIRECT_QUERY", "IMPORT", "DUAL"]


class DashboardSubscription(Value):
    """Who gets a picture of a dashboard after it was refreshed.

    https://docs.databricks.com/aws/en/dashboards/share/schedule-subscribe
    """

    recipients: Sequence[Recipient] = attribute("subscribers", kw_only=False, via=SUBSCRIBERS)
    subject: str | None = attribute("custom_subject", default=None)
    """The subject of the mail."""
    paused: bool = attribute("paused", default=False, omit=False)
    """Whether nobody is told for now."""


class DashboardTask(WorkTask, block="dashboard_task"):
    """Refreshes an AI/BI dashboard, and sends it to its subscribers.

    https://docs.databricks.com/aws/en/jobs/dashboard
    """

    dashboard: HasDashboardId = attribute("dashboard_id", kw_only=False, via=DASHBOARD)
    warehouse: HasWarehouseId | None = attribute("warehouse_id", default=None, via=WAREHOUSE)
    """The dashboard's own where nothing is said."""
    filters: Mapping[str, Text] = attribute("filters", default={})
    """Values for the dashboard's filters."""
    subscription: DashboardSubscription | None = attribute("subscription", default=None)


class AlertTask(WorkTask, block="alert_task"):
    """Evaluates an alert and tells its subscribers; it succeeds whether the alert is triggered or not.

    https://docs.databricks.com/aws/en/jobs/alert
    """

    alert: HasAlertId | None = attribute("alert_id", default=None, kw_only=False, via=ALERT)
    path: Text | None = attribute("workspace_path", default=None)
    """The alert's path in the workspace, instead of the alert."""
    warehouse: HasWarehouseId = attribute("warehouse_id", via=WAREHOUSE)
    parameters: Mapping[str, Text] = attribute("parameters", default={})
    """Values for the parameters of the alert's query."""
    recipients: Sequence[Recipient] = attribute("subscribers", default=(), via=SUBSCRIBERS)
    """Who is told, besides whom the alert tells; at most 100."""

    def check(self) -> None:
        """Refuse what is not exactly one alert, and more recipients than the API takes."""
        super().check()
        if (self.alert is None) == (self.path is None):
            raise self.error("names no alert, or two", fix="give the alert, or path=")
        if len(self.recipients) > _MOST_RECIPIENTS:
            raise self.error(f"recipients: {len(self.recipients)}, and the API takes {_MOST_RECIPIENTS}")

    @property
    def state(self) -> DynamicValue:
        """What the alert came to (`OK`, `TRIGGERED`, `UNKNOWN`), for tasks after it."""
        return dynamic("tasks", self.key, "output", "alert_state")


class PowerBiTable(Value):
    """A table of Unity Catalog in a Power BI model."""

    name: Text = attribute("name", kw_only=False)
    catalog: Text = attribute("catalog")
    schema: Text = attribute("schema")
    storage: Storage | None = attribute("storage_mode", default=None)
    """How Power BI gets its data; the model's way where nothing is said."""


class PowerBiTask(WorkTask, block="power_bi_task"):
    """Publishes tables as a semantic model of Power BI.

    https://docs.databricks.com/aws/en/jobs/powerbi
    """

    connection: str = attribute("connection_resource_name", kw_only=False)
    """The Unity Catalog connection to Power BI."""
    warehouse: HasWarehouseId = attribute("warehouse_id", via=WAREHOUSE)
    model: str = attribute("power_bi_model.model_name")
    power_bi_workspace: str = attribute("power_bi_model.workspace_name")
    tables: Sequence[PowerBiTable] = attribute("tables")
    storage: Storage | None = attribute("power_bi_model.storage_mode", default=None)
    """How Power BI gets its data."""
    authentication: Literal["OAUTH", "PAT"] | None = attribute("power_bi_model.authentication_method", default=None)
    """How Power BI signs in to Databricks."""
    overwrite: bool = attribute("power_bi_model.overwrite_existing", default=False, omit=False)
    """Whether a model of that name is replaced."""
    refresh: bool = attribute("refresh_after_update", default=False, omit=False)
    """Whether the model is refreshed after it was published."""

    def check(self) -> None:
        """Refuse a model of nothing."""
        super().check()
        if not self.tables:
            raise self.error("publishes no table", fix="name its tables")
