"""Alerts over a query, version 2: https://docs.databricks.com/api/workspace/alertsv2."""

from lakeflow.workspace.exchange import Json, Request, Route, Routes
from lakeflow.workspace.fields import document, fields, text
from lakeflow.workspace.masks import masked, moment
from lakeflow.workspace.objects import parent_of
from lakeflow.workspace.paging import page
from lakeflow.workspace.state import State, Table

_TAKES = fields(
    display_name=text,
    query_text=text,
    warehouse_id=text,
    parent_path=text,
    custom_summary=text,
    custom_description=text,
    evaluation=document,
    schedule=document,
    run_as=document,
    run_as_user_name=text,
)


class Alerts:
    """create, get, list, update and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._alerts = Table(state, "alerts", "Alert", kind="alertsv2")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /alerts": Route("create an alert", self._create, _TAKES),
            "GET /alerts": Route("list alerts", lambda request: page(self._alerts.rows(), request, "alerts")),
            "GET /alerts/{id}": Route("read an alert", lambda request: self._alerts[request.parts["id"]]),
            "PATCH /alerts/{id}": Route("change the fields of an alert that `update_mask` names", self._update, _TAKES),
            "DELETE /alerts/{id}": Route("delete an alert", self._delete),
        }

    def _create(self, request: Request) -> Json:
        if "parent_path" in request.body:
            parent_of(self._state, request.body["parent_path"], request)  # or there is none
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
