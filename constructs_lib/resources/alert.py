"""Alerts over a query.

https://docs.databricks.com/aws/en/sql/user/alerts/
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from constructs_lib._terraform import Construct, DatabricksResource, lakeflow_stack, path_of
from constructs_lib.errors import LakeflowError
from constructs_lib.handles import HasWarehouseId
from constructs_lib.notifications import Recipient
from constructs_lib.principals import Identity
from constructs_lib.references import Text
from constructs_lib.resources.generic import default_name
from constructs_lib.triggers import Schedule

_COMPARISONS = {
    ">": "GREATER_THAN",
    ">=": "GREATER_THAN_OR_EQUAL",
    "<": "LESS_THAN",
    "<=": "LESS_THAN_OR_EQUAL",
    "==": "EQUAL",
    "!=": "NOT_EQUAL",
}


class Alert(DatabricksResource):
    """A query that is evaluated on a schedule and tells people when a column of its result passes a threshold.

    `column` is held against `threshold` by `op`; several rows count by the first. A query without rows is no alert.
    `notify_on_ok` tells of the end too. https://docs.databricks.com/aws/en/sql/user/alerts/
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        query: Text,
        parameters: Sequence[Mapping[str, object]] = (),
        column: str,
        threshold: float,
        warehouse: HasWarehouseId,
        schedule: Schedule,
        recipients: Sequence[Recipient],
        op: Literal[">", ">=", "<", "<=", "==", "!="] = ">",
        name: str | None = None,
        summary: str | None = None,
        notify_on_ok: bool = False,
        run_as: Identity | None = None,
    ) -> None:
        place = f"{path_of(scope)}/{id_}"
        if not recipients:
            raise LakeflowError("an alert without recipients tells nobody", place=place, fix="give it recipients=[…]")
        body: dict[str, Any] = {
            "display_name": lakeflow_stack(scope).name_prefix + (name or default_name(scope, id_, "alert")),
            "query_text": query,
            "warehouse_id": warehouse.warehouse_id,
            "schedule": {
                "quartz_cron_schedule": schedule.expression,
                "timezone_id": schedule.timezone,
                "pause_status": schedule.pause_status,
            },
            "evaluation": {
                "source": {"name": column},
                "comparison_operator": _COMPARISONS[op],
                "threshold": {"value": {"double_value": threshold}},
                "empty_result_state": "OK",
                "notification": {
                    "notify_on_ok": notify_on_ok,
                    "subscriptions": [_subscription(recipient) for recipient in recipients],
                },
            },
        }
        if parameters:
            body["parameters"] = [dict(parameter) for parameter in parameters]
        if summary:
            body["custom_summary"] = summary
        if run_as is not None:
            body["run_as"] = run_as.render()
        super().__init__(scope, id_, "databricks_alert_v2", body, kind="alert")


def _subscription(recipient: Recipient) -> dict[str, Text]:
    if isinstance(recipient, str):
        return {"user_email": recipient}
    return {"destination_id": recipient.destination_id}
