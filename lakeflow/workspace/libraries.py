"""Libraries of all-purpose clusters, installed at once: https://docs.databricks.com/api/workspace/libraries."""

from lakeflow.workspace.exchange import Json, Request, Route, Routes
from lakeflow.workspace.fields import document, fields, listed, text
from lakeflow.workspace.state import State

LIBRARIES = listed(document)
_TAKES = fields(cluster_id=text, libraries=LIBRARIES)


class ClusterLibraries:
    """install, uninstall and their status."""

    def __init__(self, state: State) -> None:
        self._installed = state.tables["cluster_libraries"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "GET /libraries/all-cluster-statuses": Route("tell the libraries of every cluster", self._every_status),
            "GET /libraries/cluster-status": Route("tell the libraries of a cluster", self._status),
            "POST /libraries/install": Route("install libraries on a cluster", self._install, _TAKES),
            "POST /libraries/uninstall": Route("take libraries from a cluster", self._uninstall, _TAKES),
        }

    def _status(self, request: Request) -> Json:
        return self._of(request.text("cluster_id"))

    def _every_status(self, request: Request) -> Json:
        return {"statuses": [self._of(key) for key in self._installed]}

    def _of(self, key: str) -> Json:
        installed = [{"library": library, "status": "INSTALLED"} for library in self._installed.get(key, [])]
        return {"cluster_id": key, **({"library_statuses": installed} if installed else {})}

    def _install(self, request: Request) -> Json:
        key, added = request.text("cluster_id"), request.entries("libraries")
        installed = self._installed.get(key, [])
        self._installed[key] = [*installed, *(library for library in added if library not in installed)]
        return {}

    def _uninstall(self, request: Request) -> Json:
        key, gone = request.text("cluster_id"), request.entries("libraries")
        self._installed[key] = [library for library in self._installed.get(key, []) if library not in gone]
        return {}
