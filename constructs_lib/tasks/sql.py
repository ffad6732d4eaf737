"""Tasks that run SQL on a warehouse.

https://docs.databricks.com/aws/en/jobs/sql
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from constructs_lib.handles import QUERY, WAREHOUSE, HasCodePath, HasQueryId, HasWarehouseId, Source
from constructs_lib.notifications import SUBSCRIBERS, Recipient
from constructs_lib.reading import Given
from constructs_lib.references import DynamicValue, Text, dynamic
from constructs_lib.tasks.base import WorkTask, code_in
from constructs_lib.values import Value, attribute


class SqlTask(WorkTask, block="sql_task"):
    """What SQL tasks have in common: the warehouse and the parameters; use one of its subclasses."""

    warehouse: HasWarehouseId = attribute("warehouse_id", via=WAREHOUSE)
    parameters: Mapping[str, Text] = attribute("parameters", default={})
    """Values for the statement's named parameters; a job parameter of the same name wins."""

    @property
    def rows(self) -> DynamicValue:
        """The result's rows (at most 1,000 of them, and 48 KB), for tasks after it; a for-each task takes them."""
        return dynamic("tasks", self.key, "output", "rows")

    def first_row(self, column: str) -> DynamicValue:
        """Return one column of the result's first row, for tasks after it."""
        return dynamic("tasks", self.key, "output", "first_row", column)


class SqlQueryTask(SqlTask, block="sql_task.query"):
    """Runs a saved query."""

    query: HasQueryId = attribute("query_id", kw_only=False, via=QUERY)


class SqlFileTask(SqlTask, block="sql_task.file"):
    """Runs a SQL file of the workspace or of Git."""

    file: HasCodePath = attribute("path", kw_only=False, via=lambda file: file.code_path)

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the task of a block, its file by where that comes from."""
        return super().read(given, file=code_in(given, "sql_task", "file", name="path"), **said)

    def body(self) -> dict[str, Any]:
        """Return the block with its source said, which would leak from a neighbour."""
        body = super().body()
        body["sql_task"]["file"]["source"] = self.source.value
        return body

    @property
    def source(self) -> Source:
        """Where the file comes from."""
        return self.file.source


class Subscriptions(Value):
    """Who gets the result of a legacy alert or dashboard."""

    recipients: Sequence[Recipient] = attribute("subscriptions", kw_only=False, via=SUBSCRIBERS)
    paused: bool = attribute("pause_subscriptions", default=False, omit=False)
    """Whether nobody is told for now."""


class SqlAlertTask(SqlTask, block="sql_task.alert"):
    """Evaluates a legacy alert; alerts of today run with `AlertTask`.

    https://docs.databricks.com/aws/en/sql/user/alerts/legacy
    """

    alert_id: Text = attribute("alert_id", kw_only=False)
    subscriptions: Subscriptions | None = attribute(default=None, spread=True)


class SqlDashboardTask(SqlTask, block="sql_task.dashboard"):
    """Refreshes a legacy dashboard; AI/BI dashboards are refreshed with `DashboardTask`.

    https://docs.databricks.com/aws/en/sql/user/dashboards/
    """

    dashboard_id: Text = attribute("dashboard_id", kw_only=False)
    subject: str | None = attribute("custom_subject", default=None)
    """The subject of the mail with the result."""
    subscriptions: Subscriptions | None = attribute(default=None, spread=True)
