"""SQL warehouses, running as soon as they are created: https://docs.databricks.com/api/workspace/warehouses."""

from lakeflow.workspace.exchange import Json, Request, Routes, invalid
from lakeflow.workspace.state import State, Table

_USUAL = {
    "cluster_size": "X-Small",
    "min_num_clusters": 1,
    "max_num_clusters": 1,
    "auto_stop_mins": 120,
    "enable_photon": True,
    "enable_serverless_compute": False,
    "spot_instance_policy": "COST_OPTIMIZED",
    "warehouse_type": "PRO",
}


class Warehouses:
    """create, get, list, edit, start, stop and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._warehouses = Table(state, "warehouses", "SQL warehouse", kind="warehouses")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /sql/warehouses": self._create,
            "GET /sql/warehouses": lambda _: {"warehouses": self._warehouses.rows()},
            "GET /sql/warehouses/{id}": lambda request: self._warehouses[request.parts["id"]],
            "POST /sql/warehouses/{id}/edit": self._edit,
            "POST /sql/warehouses/{id}/start": lambda request: self._become("RUNNING", request),
            "POST /sql/warehouses/{id}/stop": lambda request: self._become("STOPPED", request),
            "DELETE /sql/warehouses/{id}": self._delete,
            "GET /preview/sql/data_sources": self._data_sources,
        }

    def _create(self, request: Request) -> Json:
        name = request.text("name")
        if any(warehouse["name"] == name for warehouse in self._warehouses.rows()):
            raise invalid(f"SQL warehouse with name `{name}` already exists")
        key = self._state.next_hex(16)
        self._warehouses[key] = warehouse(key, request.body, caller=request.caller)
        return {"id": key}

    def _edit(self, request: Request) -> Json:
        self._warehouses[request.parts["id"]].update({**request.body, "id": request.parts["id"]})
        return {}

    def _become(self, state: str, request: Request) -> Json:
        self._warehouses[request.parts["id"]]["state"] = state
        return {}

    def _delete(self, request: Request) -> Json:
        del self._warehouses[request.parts["id"]]
        return {}

    def _data_sources(self, request: Request) -> list[Json]:
        return [
            {"id": f"source-{warehouse['id']}", "warehouse_id": warehouse["id"], "name": warehouse["name"]}
            for warehouse in self._warehouses.rows()
        ]


def warehouse(key: str, settings: Json, *, caller: str) -> Json:
    """Return a warehouse that runs, as it is read back."""
    return {
        **_USUAL,
        **settings,
        "id": key,
        "creator_name": caller,
        "state": "RUNNING",
        "num_clusters": 1,
        "num_active_sessions": 0,
        "health": {"status": "HEALTHY"},
        "jdbc_url": f"jdbc:spark://localhost:443/default;httpPath=/sql/1.0/warehouses/{key};",
        "odbc_params": {
            "hostname": "localhost",
            "path": f"/sql/1.0/warehouses/{key}",
            "protocol": "https",
            "port": 443,
        },
    }
