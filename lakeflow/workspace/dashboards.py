"""AI/BI dashboards; what is deleted stays in the trash: https://docs.databricks.com/api/workspace/lakeview."""

from lakeflow.workspace.exchange import Json, RefusedError, Request, Routes, missing
from lakeflow.workspace.masks import moment
from lakeflow.workspace.objects import parent_of
from lakeflow.workspace.state import State, Table

_CHANGEABLE = ("display_name", "serialized_dashboard", "warehouse_id")


class Dashboards:
    """create, get, update, publish, unpublish and trash."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._dashboards = Table(state, "dashboards", "Dashboard", kind="dashboards")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /lakeview/dashboards": self._create,
            "GET /lakeview/dashboards/{id}": lambda request: _shown(self._dashboards[request.parts["id"]]),
            "PATCH /lakeview/dashboards/{id}": self._update,
            "DELETE /lakeview/dashboards/{id}": self._trash,
            "POST /lakeview/dashboards/{id}/published": self._publish,
            "GET /lakeview/dashboards/{id}/published": self._published,
            "DELETE /lakeview/dashboards/{id}/published": self._unpublish,
        }

    def _create(self, request: Request) -> Json:
        home = parent_of(self._state, request.body.get("parent_path"), request)
        key = self._state.next_hex()
        self._dashboards[key] = {
            **request.body,
            "dashboard_id": key,
            "creator_user_name": request.caller,
            "parent_path": home,
            "path": f"{home}/{request.body.get('display_name')}.lvdash.json",
            "lifecycle_state": "ACTIVE",
            "create_time": moment(request.at),
        }
        return self._changed(key, request)

    def _update(self, request: Request) -> Json:
        key = request.parts["id"]
        self._dashboards[key].update({name: request.body[name] for name in _CHANGEABLE if name in request.body})
        return self._changed(key, request)

    def _changed(self, key: str, request: Request) -> Json:
        self._dashboards[key].update(update_time=moment(request.at), etag=str(self._state.next_number()))
        return _shown(self._dashboards[key])

    def _trash(self, request: Request) -> Json:
        key = request.parts["id"]
        if self._dashboards[key]["lifecycle_state"] == "TRASHED":
            raise RefusedError(403, "PERMISSION_DENIED", f"Dashboard {key} is in the trash.")
        self._dashboards[key]["lifecycle_state"] = "TRASHED"
        self._state.tables["permissions"].pop(f"dashboards/{key}", None)
        return {}

    def _publish(self, request: Request) -> Json:
        dashboard = self._dashboards[request.parts["id"]]
        dashboard["published"] = {
            "embed_credentials": request.body.get("embed_credentials", False),
            "warehouse_id": request.body.get("warehouse_id") or dashboard.get("warehouse_id"),
            "display_name": dashboard.get("display_name"),
            "revision_create_time": moment(request.at),
        }
        published: Json = dashboard["published"]
        return published

    def _published(self, request: Request) -> Json:
        published: Json | None = self._dashboards[request.parts["id"]].get("published")
        if published is None:
            raise missing(f"Dashboard {request.parts['id']} is not published.")
        return published

    def _unpublish(self, request: Request) -> Json:
        self._dashboards[request.parts["id"]].pop("published", None)
        return {}


def _shown(dashboard: Json) -> Json:
    return {name: value for name, value in dashboard.items() if name != "published"}
