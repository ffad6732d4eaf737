"""Alerts over a query.

https://docs.databricks.com/aws/en/sql/user/alerts/
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Literal

from constructs_lib._terraform import Construct, DatabricksResource
from constructs_lib.handles import HasWarehouseId
from constructs_lib.notifications import Recipient
from constructs_lib.principals import Identity, WorkspaceGrant
from constructs_lib.references import Reference, Text
from constructs_lib.resources.arguments import Arguments, said
from constructs_lib.resources.generic import shown_name
from constructs_lib.resources.permissions import permit
from constructs_lib.triggers import Schedule
from constructs_lib.values import Value, attribute

Aggregation = Literal["SUM", "COUNT", "COUNT_DISTINCT", "AVG", "MEDIAN", "MIN", "MAX", "STDDEV"]
Comparison = Literal[">", ">=", "<", "<=", "==", "!=", "is null", "is not null"]
_COMPARISONS: Mapping[Comparison, str] = {
    ">": "GREATER_THAN",
    ">=": "GREATER_THAN_OR_EQUAL",
    "<": "LESS_THAN",
    "<=": "LESS_THAN_OR_EQUAL",
    "==": "EQUAL",
    "!=": "NOT_EQUAL",
    "is null": "IS_NULL",
    "is not null": "IS_NOT_NULL",
}
_ALONE = ("is null", "is not null")
_SECOND = timedelta(seconds=1)


class ResultColumn(Value):
    """A column of a query's result: of its first row, or of all rows by an aggregation."""

    name: str = attribute("name", kw_only=False)
    aggregation: Aggregation | None = attribute("aggregation", default=None)
    display: str | None = attribute("display", default=None)
    """What people see in its place."""


class Alert(DatabricksResource):
    """A query that is evaluated on a schedule and tells people when a column of its result passes a threshold.

    `column` is held against `threshold` (a value or another column) by `op`. Several rows count by the first, unless a
    `ResultColumn` aggregates them; a query without rows is `empty_result`. People are told once, and again after every
    `retrigger` that it lasts; `notify_on_ok` tells of the end too. `summary` and `body` are the subject and the text
    that they read, with `{{ALERT_NAME}}` and others in it.
    https://docs.databricks.com/aws/en/sql/user/alerts/
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        query: Text,
        parameters: Sequence[Mapping[str, object]] = (),
        column: str | ResultColumn,
        threshold: float | str | bool | ResultColumn | None = None,
        warehouse: HasWarehouseId,
        schedule: Schedule,
        recipients: Sequence[Recipient],
        op: Comparison = ">",
        empty_result: Literal["OK", "TRIGGERED", "ERROR"] = "OK",
        name: str | None = None,
        summary: str | None = None,
        body: str | None = None,
        notify_on_ok: bool = False,
        retrigger: timedelta | None = None,
        folder: Text | None = None,
        purge_on_delete: bool = False,
        run_as: Identity | None = None,
        permissions: Sequence[WorkspaceGrant] = (),
    ) -> None:
        arguments = Arguments(Alert, locals())
        if not recipients:
            raise arguments.error("an alert without recipients tells nobody", fix="give it recipients=[…]")
        if (threshold is None) != (op in _ALONE):
            raise arguments.error(
                f"{op!r} compares {'with nothing' if op in _ALONE else 'with a threshold'}",
                fix="leave threshold out" if op in _ALONE else "give threshold=",
            )
        if retrigger is not None and (retrigger < _SECOND or retrigger % _SECOND):
            raise arguments.error(f"retrigger: {retrigger} is not a whole number of seconds")
        resource = said(
            {
                "display_name": shown_name(scope, id_, "alert", name),
                "query_text": query,
                "parameters": parameters,
                "warehouse_id": warehouse.warehouse_id,
                "schedule": {
                    "quartz_cron_schedule": schedule.expression,
                    "timezone_id": schedule.timezone,
                    "pause_status": schedule.pause_status,
                },
                "evaluation": said(
                    {
                        "source": column if isinstance(column, ResultColumn) else ResultColumn(column),
                        "comparison_operator": _COMPARISONS[op],
                        "threshold": _operand(threshold) if threshold is not None else None,
                        "empty_result_state": empty_result,
                        "notification": said(
                            {
                                "notify_on_ok": notify_on_ok,
                                "retrigger_seconds": retrigger // _SECOND if retrigger else None,
                                "subscriptions": [_subscription(recipient) for recipient in recipients],
                            }
                        ),
                    }
                ),
                "custom_summary": summary,
                "custom_description": body,
                "parent_path": arguments.absolute("folder", folder) if folder is not None else None,
                "purge_on_delete": purge_on_delete,
                "run_as": run_as,
            }
        )
        super().__init__(scope, id_, "databricks_alert_v2", resource, kind="alert")
        permit(self, "alert_v2_id", self.alert_id, permissions)

    @property
    def alert_id(self) -> Reference:
        """The alert's id."""
        return self.attribute("id")


def _operand(threshold: float | str | bool | ResultColumn) -> dict[str, object]:
    if isinstance(threshold, ResultColumn):
        return {"column": threshold}
    if isinstance(threshold, bool):
        return {"value": {"bool_value": threshold}}
    return {"value": {"string_value" if isinstance(threshold, str) else "double_value": threshold}}


def _subscription(recipient: Recipient) -> dict[str, Text]:
    if isinstance(recipient, str):
        return {"user_email": recipient}
    return {"destination_id": recipient.destination_id}
