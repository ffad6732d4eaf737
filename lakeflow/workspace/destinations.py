"""Notification destinations; what is secret in them is never read back, only that it is set.

https://docs.databricks.com/api/workspace/notificationdestinations
"""

from lakeflow.workspace.exchange import Json, Request, Route, Routes, invalid
from lakeflow.workspace.fields import document, fields, text
from lakeflow.workspace.paging import page
from lakeflow.workspace.state import State, Table

_TYPES = {
    "email": "EMAIL",
    "slack": "SLACK",
    "microsoft_teams": "MICROSOFT_TEAMS",
    "pagerduty": "PAGERDUTY",
    "generic_webhook": "WEBHOOK",
}
_SECRET = frozenset({"auth_secret", "integration_key", "oauth_token", "password", "url", "username"})
_TAKES = fields(display_name=text, config=fields(**dict.fromkeys(_TYPES, document)))


class Destinations:
    """create, get, list, update and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._destinations = Table(state, "destinations", "Notification destination")

    def routes(self) -> Routes:
        """Return what answers which path."""
        path = "/notification-destinations"
        return {
            f"POST {path}": Route("create a notification destination", self._create, _TAKES),
            f"GET {path}": Route(
                "list notification destinations",
                lambda request: page(self._destinations.rows(), request, "results", most=100),
            ),
            f"GET {path}/{{id}}": Route(
                "read a notification destination without its secrets",
                lambda request: self._destinations[request.parts["id"]],
            ),
            f"PATCH {path}/{{id}}": Route("change a notification destination", self._update, _TAKES),
            f"DELETE {path}/{{id}}": Route("delete a notification destination", self._delete),
        }

    def _create(self, request: Request) -> Json:
        name, config = request.text("display_name"), _config(request.block("config"))
        key = self._state.next_uuid()
        self._destinations[key] = {"id": key, "display_name": name, **config}
        return self._destinations[key]

    def _update(self, request: Request) -> Json:
        destination = self._destinations[request.parts["id"]]
        changes = _config(request.block("config")) if request.block("config") else {}
        if "display_name" in request.body:
            changes["display_name"] = request.text("display_name")
        destination.update(changes)
        return destination

    def _delete(self, request: Request) -> Json:
        del self._destinations[request.parts["id"]]
        return {}


def _config(config: Json) -> Json:
    channels = [name for name in _TYPES if name in config]
    if len(channels) != 1:
        raise invalid("A notification destination has exactly one kind of configuration.")
    shown = {
        f"{name}_set" if name in _SECRET else name: True if name in _SECRET else value
        for name, value in config[channels[0]].items()
    }
    return {"destination_type": _TYPES[channels[0]], "config": {channels[0]: shown}}
