"""Privileges on objects of Unity Catalog: https://docs.databricks.com/api/workspace/grants."""

from lakeflow.workspace.exchange import Json, Request, Route, Routes
from lakeflow.workspace.fields import fields, listed, text, texts
from lakeflow.workspace.state import State

_TAKES = fields(changes=listed(fields(principal=text, add=texts, remove=texts)))


class Grants:
    """get and update; what an object inherits is not told."""

    def __init__(self, state: State) -> None:
        self._grants = state.tables["grants"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        path = "/unity-catalog/permissions/{type}/{name}"
        effective = path.replace("permissions", "effective-permissions")
        return {
            f"GET {path}": Route("read who has which privileges on an object", self._read),
            f"GET {effective}": Route("the same, as nothing is inherited here", self._effective),
            f"PATCH {path}": Route("give and take privileges", self._change, _TAKES),
        }

    def _read(self, request: Request) -> Json:
        held = self._grants.get(_key(request), {})
        return {"privilege_assignments": [{"principal": who, "privileges": what} for who, what in held.items()]}

    def _effective(self, request: Request) -> Json:
        held = self._grants.get(_key(request), {})
        return {
            "privilege_assignments": [
                {"principal": who, "privileges": [{"privilege": privilege} for privilege in what]}
                for who, what in held.items()
            ]
        }

    def _change(self, request: Request) -> Json:
        held = self._grants.setdefault(_key(request), {})
        for change in request.entries("changes"):
            who, gone = change.get("principal", ""), change.get("remove", [])
            present = {*held.pop(who, []), *change.get("add", [])}
            # To take all privileges away takes every single one.
            left = sorted(set(change.get("add", [])) if "ALL_PRIVILEGES" in gone else present - set(gone))
            if left:
                held[who] = left
        if not held:
            del self._grants[_key(request)]
        return self._read(request)


def _key(request: Request) -> str:
    return f"{request.parts['type'].lower()}/{request.parts['name']}"
