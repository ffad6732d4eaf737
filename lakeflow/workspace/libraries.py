"""Libraries of all-purpose clusters, installed at once: https://docs.databricks.com/api/workspace/libraries."""

from lakeflow.workspace.exchange import Json, Request, Routes
from lakeflow.workspace.state import State


class ClusterLibraries:
    """install, uninstall and their status."""

    def __init__(self, state: State) -> None:
        self._installed = state.tables["cluster_libraries"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "GET /libraries/cluster-status": self._status,
            "POST /libraries/install": self._install,
            "POST /libraries/uninstall": self._uninstall,
        }

    def _status(self, request: Request) -> Json:
        key = request.text("cluster_id")
        installed = [{"library": library, "status": "INSTALLED"} for library in self._installed.get(key, [])]
        return {"cluster_id": key, **({"library_statuses": installed} if installed else {})}

    def _install(self, request: Request) -> Json:
        installed = self._installed.setdefault(request.text("cluster_id"), [])
        installed += [library for library in request.entries("libraries") if library not in installed]
        return {}

    def _uninstall(self, request: Request) -> Json:
        key, gone = request.text("cluster_id"), request.entries("libraries")
        self._installed[key] = [library for library in self._installed.get(key, []) if library not in gone]
        return {}
