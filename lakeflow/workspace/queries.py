"""Saved SQL queries, and the alerts of the first version over them: https://docs.databricks.com/api/workspace/queries.

Legacy alerts are at https://docs.databricks.com/api/workspace/alerts.
"""

from lakeflow.workspace.exchange import Json, Request, Route, Routes
from lakeflow.workspace.fields import document, fields, listed, text, texts, truth, whole
from lakeflow.workspace.masks import masked, moment
from lakeflow.workspace.objects import parent_of, without_prefix
from lakeflow.workspace.paging import page
from lakeflow.workspace.state import State, Table

_QUERY = fields(
    display_name=text,
    query_text=text,
    warehouse_id=text,
    parent_path=text,
    description=text,
    catalog=text,
    schema=text,
    owner_user_name=text,
    run_as_mode=text,
    tags=texts,
    apply_auto_limit=truth,
    parameters=listed(document),
)
_ALERT = fields(
    display_name=text,
    query_id=text,
    parent_path=text,
    owner_user_name=text,
    custom_subject=text,
    custom_body=text,
    notify_on_ok=truth,
    seconds_to_retrigger=whole,
    condition=document,
)


class _Saved:
    """Objects of the workspace that live in a folder and are changed by masks."""

    def __init__(self, state: State, table: str, noun: str, *, kind: str, name: str) -> None:
        self._state = state
        self._name = name
        self._rows = Table(state, table, noun, kind=kind)

    def _create(self, request: Request) -> Json:
        key, said = self._state.next_uuid(), request.block(self._name)
        home = parent_of(self._state, said.get("parent_path"), request)
        self._rows[key] = {
            **self._usual(request),
            **said,
            "id": key,
            "parent_path": f"/Workspace{without_prefix(home)}",
            "lifecycle_state": "ACTIVE",
            "create_time": moment(request.at),
            "update_time": moment(request.at),
        }
        return self._rows[key]

    def _usual(self, request: Request) -> Json:
        return {"owner_user_name": request.caller}

    def _list(self, request: Request) -> Json:
        return page(self._rows.rows(), request, "results", most=100)

    def _get(self, request: Request) -> Json:
        return self._rows[request.parts["id"]]

    def _update(self, request: Request) -> Json:
        row = self._rows[request.parts["id"]]
        mask = request.body.get("update_mask")
        masked(row, request.block(self._name), mask)
        if owner := request.block(self._name).get("owner_user_name"):
            row["owner_user_name"] = owner
        row["update_time"] = moment(request.at)
        return row

    def _delete(self, request: Request) -> Json:
        del self._rows[request.parts["id"]]
        return {}


class Queries(_Saved):
    """create, get, list, update and delete."""

    def __init__(self, state: State) -> None:
        super().__init__(state, "queries", "Query", kind="sql/queries", name="query")

    def routes(self) -> Routes:
        """Return what answers which path."""
        takes = fields(query=_QUERY, update_mask=text)
        return {
            "POST /sql/queries": Route("save a query", self._create, takes),
            "GET /sql/queries": Route("list saved queries", self._list),
            "GET /sql/queries/{id}": Route("read a saved query", self._get),
            "PATCH /sql/queries/{id}": Route(
                "change the fields of a query that `update_mask` names", self._update, takes
            ),
            "DELETE /sql/queries/{id}": Route("delete a saved query", self._delete),
        }

    def _usual(self, request: Request) -> Json:
        return {
            "run_as_mode": "OWNER",
            "owner_user_name": request.caller,
            "last_modifier_user_name": request.caller,
        }


class LegacyAlerts(_Saved):
    """create, get, list, update and delete."""

    def __init__(self, state: State) -> None:
        super().__init__(state, "legacy_alerts", "Alert", kind="sql/alerts", name="alert")

    def routes(self) -> Routes:
        """Return what answers which path."""
        takes = fields(alert=_ALERT, update_mask=text)
        return {
            "POST /sql/alerts": Route("create an alert over a saved query", self._create, takes),
            "GET /sql/alerts": Route("list such alerts", self._list),
            "GET /sql/alerts/{id}": Route("read such an alert", self._get),
            "PATCH /sql/alerts/{id}": Route("change the fields that `update_mask` names", self._update, takes),
            "DELETE /sql/alerts/{id}": Route("delete such an alert", self._delete),
        }

    def _create(self, request: Request) -> Json:
        Table(self._state, "queries", "Query")[str(request.block("alert").get("query_id", ""))]  # or there is none
        return super()._create(request)

    def _usual(self, request: Request) -> Json:
        return {"owner_user_name": request.caller, "state": "UNKNOWN"}
