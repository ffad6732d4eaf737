"""Notification destinations; what is secret in them is never read back, only that it is set.

https://docs.databricks.com/api/workspace/notificationdestinations
"""

from lakeflow.workspace.exchange import Json, Request, Routes, invalid
from lakeflow.workspace.state import State, Table

_TYPES = {
    "email": "EMAIL",
    "slack": "SLACK",
    "microsoft_teams": "MICROSOFT_TEAMS",
    "pagerduty": "PAGERDUTY",
    "generic_webhook": "WEBHOOK",
}
_SECRET = frozenset({"auth_secret", "integration_key", "oauth_token", "password", "url", "username"})


class Destinations:
    """create, get, list, update and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._destinations = Table(state, "destinations", "Notification destination")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /notification-destinations": self._create,
            "GET /notification-destinations": lambda _: {"results": self._destinations.rows()},
            "GET /notification-destinations/{id}": lambda request: self._destinations[request.parts["id"]],
            "PATCH /notification-destinations/{id}": self._update,
            "DELETE /notification-destinations/{id}": self._delete,
        }

    def _create(self, request: Request) -> Json:
        key = self._state.next_uuid()
        self._destinations[key] = {
            "id": key,
            "display_name": request.text("display_name"),
            **_config(request.block("config")),
        }
        return self._destinations[key]

    def _update(self, request: Request) -> Json:
        destination = self._destinations[request.parts["id"]]
        if "display_name" in request.body:
            destination["display_name"] = request.text("display_name")
        if request.block("config"):
            destination.update(_config(request.block("config")))
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
