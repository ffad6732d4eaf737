"""SQL warehouses, running as soon as they are created: https://docs.databricks.com/api/workspace/warehouses."""

from lakeflow.workspace.exchange import Json, Request, Route, Routes, invalid
from lakeflow.workspace.fields import document, fields, listed, text, truth, whole
from lakeflow.workspace.paging import page
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


_TAKES = fields(
    name=text,
    cluster_size=text,
    min_num_clusters=whole,
    max_num_clusters=whole,
    auto_stop_mins=whole,
    enable_photon=truth,
    enable_serverless_compute=truth,
    spot_instance_policy=text,
    warehouse_type=text,
    instance_profile_arn=text,
    creator_name=text,
    channel=fields(name=text, dbsql_version=text),
    tags=fields(custom_tags=listed(fields(key=text, value=text))),
)
_CONFIG = fields(
    channel=document,
    data_access_config=listed(fields(key=text, value=text)),
    enabled_warehouse_types=listed(document),
    sql_configuration_parameters=document,
    security_policy=text,
    google_service_account=text,
    instance_profile_arn=text,
)
_SIZES = ("2X-Small", "X-Small", "Small", "Medium", "Large", "X-Large", "2X-Large", "3X-Large", "4X-Large", "5X-Large")


class Warehouses:
    """create, get, list, edit, start, stop and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._warehouses = Table(state, "warehouses", "SQL warehouse", kind="warehouses")

    def routes(self) -> Routes:
        """Return what answers which path."""
        path = "/sql/warehouses"
        return {
            f"POST {path}": Route("create a SQL warehouse, which runs at once", self._create, _TAKES),
            f"GET {path}": Route(
                "list SQL warehouses", lambda request: page(self._warehouses.rows(), request, "warehouses")
            ),
            f"GET {path}/{{id}}": Route("read a SQL warehouse", lambda request: self._warehouses[request.parts["id"]]),
            f"POST {path}/{{id}}/edit": Route("change a SQL warehouse", self._edit, _TAKES),
            f"POST {path}/{{id}}/start": Route("start a SQL warehouse", self._start),
            f"POST {path}/{{id}}/stop": Route("stop a SQL warehouse", self._stop),
            f"DELETE {path}/{{id}}": Route("delete a SQL warehouse", self._delete),
            "GET /sql/config/warehouses": Route("read what all warehouses share", self._config),
            "PUT /sql/config/warehouses": Route("set what all warehouses share", self._configure, _CONFIG),
            "GET /preview/sql/data_sources": Route("list the warehouses as sources of data", self._data_sources),
        }

    def _create(self, request: Request) -> Json:
        self._refuse(request.text("name"), "", request.body)
        key = self._state.next_hex(16)
        self._warehouses[key] = warehouse(key, request.body, caller=request.caller)
        return {"id": key}

    def _edit(self, request: Request) -> Json:
        kept = self._warehouses[request.parts["id"]]
        changed = {**kept, **request.body, "id": request.parts["id"]}
        self._refuse(changed.get("name", ""), kept["id"], changed)
        kept.update(changed)
        return {}

    def _refuse(self, name: str, key: str, said: Json) -> None:
        if self._warehouses.taken("name", name, but=key):
            raise invalid(f"SQL warehouse with name `{name}` already exists")
        size = said.get("cluster_size", _USUAL["cluster_size"])
        if size not in _SIZES:
            raise invalid(f"{size} is not a valid cluster size; it is one of {', '.join(_SIZES)}")
        if said.get("min_num_clusters", 1) > max(said.get("max_num_clusters", 1), 1):
            raise invalid("min_num_clusters must not be greater than max_num_clusters")

    def _start(self, request: Request) -> Json:
        self._warehouses[request.parts["id"]].update(state="RUNNING", num_clusters=1)
        return {}

    def _stop(self, request: Request) -> Json:
        self._warehouses[request.parts["id"]].update(state="STOPPED", num_clusters=0)
        return {}

    def _config(self, request: Request) -> Json:
        kept: Json = self._state.tables["workspace_conf"].get("warehouses", {"security_policy": "NONE"})
        return kept

    def _configure(self, request: Request) -> Json:
        self._state.tables["workspace_conf"]["warehouses"] = {"security_policy": "NONE", **request.body}
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
