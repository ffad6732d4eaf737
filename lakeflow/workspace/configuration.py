"""What is switched on in a workspace: https://docs.databricks.com/api/workspace/workspaceconf."""

from lakeflow.workspace.exchange import Answer, Json, Request, Route, Routes, invalid
from lakeflow.workspace.fields import labels
from lakeflow.workspace.state import State

_KEY = "conf"


class Configuration:
    """get and set; nothing here does anything else than it did."""

    def __init__(self, state: State) -> None:
        self._rows = state.tables["workspace_conf"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "GET /workspace-conf": Route("read the switches of the workspace that `keys` names", self._get),
            "PATCH /workspace-conf": Route(
                "set switches of the workspace, which change nothing here", self._set, labels
            ),
        }

    def _get(self, request: Request) -> Json:
        names = request.query.get("keys", "")
        if not names:
            raise invalid("Missing required field: keys")
        held = self._rows.get(_KEY, {})
        return {name: held.get(name) for name in names.split(",")}

    def _set(self, request: Request) -> Answer:
        self._rows[_KEY] = {**self._rows.get(_KEY, {}), **request.body}
        return Answer(status=204)
