"""Saved SQL queries: https://docs.databricks.com/api/workspace/queries."""

from lakeflow.workspace.exchange import Json, Request, Routes
from lakeflow.workspace.masks import masked, moment
from lakeflow.workspace.objects import parent_of, without_prefix
from lakeflow.workspace.state import State, Table


class Queries:
    """create, get, list, update and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._queries = Table(state, "queries", "Query", kind="sql/queries")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /sql/queries": self._create,
            "GET /sql/queries": lambda _: {"results": self._queries.rows()},
            "GET /sql/queries/{id}": lambda request: self._queries[request.parts["id"]],
            "PATCH /sql/queries/{id}": self._update,
            "DELETE /sql/queries/{id}": self._delete,
        }

    def _create(self, request: Request) -> Json:
        key, query = self._state.next_uuid(), request.block("query")
        home = parent_of(self._state, query.get("parent_path"), request)
        self._queries[key] = {
            "run_as_mode": "OWNER",
            "owner_user_name": request.caller,
            **query,
            "id": key,
            "parent_path": f"/Workspace{without_prefix(home)}",
            "lifecycle_state": "ACTIVE",
            "create_time": moment(request.at),
            "update_time": moment(request.at),
            "last_modifier_user_name": request.caller,
        }
        return self._queries[key]

    def _update(self, request: Request) -> Json:
        query = self._queries[request.parts["id"]]
        masked(query, request.block("query"), request.body.get("update_mask"))
        query["update_time"] = moment(request.at)
        return query

    def _delete(self, request: Request) -> Json:
        del self._queries[request.parts["id"]]
        return {}
