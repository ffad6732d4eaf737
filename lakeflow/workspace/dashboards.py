"""AI/BI dashboards; what is deleted stays in the trash: https://docs.databricks.com/api/workspace/lakeview."""

from collections.abc import Iterator

from lakeflow.workspace.exchange import Json, RefusedError, Request, Route, Routes, missing
from lakeflow.workspace.fields import fields, text, truth
from lakeflow.workspace.masks import moment
from lakeflow.workspace.objects import parent_of
from lakeflow.workspace.paging import page
from lakeflow.workspace.state import State, Table

_CHANGEABLE = ("display_name", "serialized_dashboard", "warehouse_id")
_TAKES = fields(
    display_name=text, serialized_dashboard=text, warehouse_id=text, parent_path=text, etag=text, dashboard_id=text
)
_PUBLISHES = fields(warehouse_id=text, embed_credentials=truth)


class Dashboards:
    """create, get, list, update, publish, unpublish and trash."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._dashboards = Table(state, "dashboards", "Dashboard", kind="dashboards")

    def routes(self) -> Routes:
        """Return what answers which path."""
        path = "/lakeview/dashboards"
        return {
            f"POST {path}": Route("create a draft of a dashboard", self._create, _TAKES),
            f"GET {path}": Route("list dashboards, those in the trash with `show_trashed`", self._list),
            f"GET {path}/{{id}}": Route("read the draft of a dashboard", self._get),
            f"PATCH {path}/{{id}}": Route("change the draft of a dashboard", self._update, _TAKES),
            f"DELETE {path}/{{id}}": Route("put a dashboard into the trash", self._trash),
            f"POST {path}/{{id}}/published": Route("publish the draft", self._publish, _PUBLISHES),
            f"GET {path}/{{id}}/published": Route("read what is published", self._published),
            f"DELETE {path}/{{id}}/published": Route("take back what is published", self._unpublish),
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

    def _get(self, request: Request) -> Json:
        return _shown(self._dashboards[request.parts["id"]])

    def _list(self, request: Request) -> Json:
        return page(self._listed(request.flag("show_trashed")), request, "dashboards")

    def _listed(self, trashed: bool) -> Iterator[Json]:
        for row in self._dashboards.rows():
            if trashed or row["lifecycle_state"] == "ACTIVE":
                yield {name: value for name, value in _shown(row).items() if name != "serialized_dashboard"}

    def _update(self, request: Request) -> Json:
        key = request.parts["id"]
        dashboard = self._dashboards[key]
        if request.body.get("etag", dashboard["etag"]) != dashboard["etag"]:
            raise RefusedError(409, "ABORTED", f"Dashboard {key} has been changed since it was read.")
        dashboard.update({name: request.body[name] for name in _CHANGEABLE if name in request.body})
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
        self._state.tables["dashboard_schedules"].pop(key, None)
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
