"""Alerts over a query, version 2: https://docs.databricks.com/api/workspace/alertsv2."""

from lakeflow.workspace.exchange import Json, Request, Routes
from lakeflow.workspace.masks import masked, moment
from lakeflow.workspace.state import State, Table


class Alerts:
    """create, get, list, update and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._alerts = Table(state, "alerts", "Alert", kind="alertsv2")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /alerts": self._create,
            "GET /alerts": lambda _: {"alerts": self._alerts.rows()},
            "GET /alerts/{id}": lambda request: self._alerts[request.parts["id"]],
            "PATCH /alerts/{id}": self._update,
            "DELETE /alerts/{id}": self._delete,
        }

    def _create(self, request: Request) -> Json:
        key = self._state.next_uuid()
        self._alerts[key] = {
            **request.body,
            "id": key,
            "owner_user_name": request.caller,
            "lifecycle_state": "ACTIVE",
            "create_time": moment(request.at),
            "update_time": moment(request.at),
        }
        return self._alerts[key]

    def _update(self, request: Request) -> Json:
        alert = self._alerts[request.parts["id"]]
        masked(alert, request.body, request.query.get("update_mask"))
        alert["update_time"] = moment(request.at)
        return alert

    def _delete(self, request: Request) -> Json:
        del self._alerts[request.parts["id"]]
        return {}
