"""All-purpose clusters, running as soon as they are created: https://docs.databricks.com/api/workspace/clusters."""

from collections.abc import Callable, Iterator

from lakeflow.workspace.exchange import Json, Request, Route, Routes, invalid
from lakeflow.workspace.fields import Fields, fields, text, whole
from lakeflow.workspace.job_fields import cluster as cluster_fields
from lakeflow.workspace.job_settings import keep_cluster
from lakeflow.workspace.libraries import LIBRARIES
from lakeflow.workspace.paging import page
from lakeflow.workspace.state import State, Table

_NODE_TYPES = (
    ("Standard_D4ds_v5", 4, 16_384),
    ("Standard_D8ds_v5", 8, 32_768),
    ("Standard_E4ds_v5", 4, 32_768),
    ("Standard_E8ds_v5", 8, 65_536),
)
_RUNTIMES = (("16.4.x-scala2.12", "16.4 LTS"), ("15.4.x-scala2.12", "15.4 LTS"))
_ONE = fields(cluster_id=text)
_KEPT = ("spark_context_id", "creator_user_name", "cluster_source", "state", "start_time", "pinned_by_user_name")


def _takes(value: object, at: str) -> Json:
    kinds = {**cluster_fields().kinds, "autotermination_minutes": whole, "cluster_id": text, "libraries": LIBRARIES}
    return Fields(kinds)(value, at)


class Clusters:
    """create, get, list, edit, start, terminate and delete; node types and runtimes."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._clusters = Table(state, "clusters", "Cluster", kind="clusters")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /clusters/create": Route("create a cluster, which runs at once", self._create, _takes),
            "GET /clusters/get": Route("read a cluster", self._get),
            "GET /clusters/list": Route("list clusters", self._list),
            "POST /clusters/edit": Route("replace the settings of a cluster", self._edit, _takes),
            "POST /clusters/resize": Route("change the size of a cluster", self._resize, _takes),
            "POST /clusters/start": Route("start a cluster", self._become("RUNNING"), _ONE),
            "POST /clusters/restart": Route("restart a cluster", self._become("RUNNING"), _ONE),
            "POST /clusters/delete": Route("terminate a cluster", self._become("TERMINATED"), _ONE),
            "POST /clusters/permanent-delete": Route("delete a cluster for good", self._delete, _ONE),
            "POST /clusters/pin": Route("pin a cluster", self._pin, _ONE),
            "POST /clusters/unpin": Route("unpin a cluster", self._unpin, _ONE),
            "POST /clusters/events": Route("tell what happened to a cluster: that it was created", self._events, _ONE),
            "GET /clusters/list-node-types": Route("list the node types of this workspace", lambda _: _node_types()),
            "GET /clusters/list-zones": Route("list zones: Azure has none to choose", lambda _: {"zones": []}),
            "GET /clusters/spark-versions": Route("list the runtimes of this workspace", lambda _: _runtimes()),
        }

    def _create(self, request: Request) -> Json:
        request.text("spark_version")
        number = self._state.next_number()
        key = f"0101-000000-{self._state.next_hex(8)}"
        libraries = request.body.get("libraries", [])
        cluster = {
            "autotermination_minutes": 120,
            **{name: value for name, value in request.body.items() if name != "libraries"},
            "cluster_id": key,
            "spark_context_id": number,
            "creator_user_name": request.caller,
            "cluster_source": "API",
            "state": "RUNNING",
            "start_time": request.at,
        }
        keep_cluster(cluster)
        self._clusters[key] = cluster
        if libraries:
            self._state.tables["cluster_libraries"][key] = libraries
        return {"cluster_id": key}

    def _cluster(self, request: Request) -> Json:
        """Return a cluster, or refuse in the words of this service, which its clients know."""
        key = request.text("cluster_id")
        if key not in self._clusters:
            raise invalid(f"Cluster {key} does not exist")
        return self._clusters[key]

    def _get(self, request: Request) -> Json:
        return self._cluster(request)

    def _list(self, request: Request) -> Json:
        return page(self._shown(request), request, "clusters", most=100)

    def _shown(self, request: Request) -> Iterator[Json]:
        pinned_only = request.query.get("filter_by.is_pinned") == "true"
        for row in self._clusters.rows():
            if "pinned_by_user_name" in row or not pinned_only:
                yield row

    def _edit(self, request: Request) -> Json:
        old = self._cluster(request)
        request.text("spark_version")
        cluster = {"autotermination_minutes": 120, **request.body}
        keep_cluster(cluster)
        self._clusters[old["cluster_id"]] = {**cluster, **{name: old[name] for name in _KEPT if name in old}}
        return {}

    def _resize(self, request: Request) -> Json:
        cluster = self._cluster(request)
        for name in ("num_workers", "autoscale"):
            cluster.pop(name, None)
            if name in request.body:
                cluster[name] = request.body[name]
        return {}

    def _become(self, state: str) -> Callable[[Request], Json]:
        def become(request: Request) -> Json:
            self._cluster(request)["state"] = state
            return {}

        return become

    def _pin(self, request: Request) -> Json:
        self._cluster(request)["pinned_by_user_name"] = request.caller
        return {}

    def _unpin(self, request: Request) -> Json:
        self._cluster(request).pop("pinned_by_user_name", None)
        return {}

    def _events(self, request: Request) -> Json:
        cluster = self._cluster(request)
        at = cluster.get("start_time", 0)
        return {"events": [{"cluster_id": cluster["cluster_id"], "timestamp": at, "type": "CREATING", "details": {}}]}

    def _delete(self, request: Request) -> Json:
        key = self._cluster(request)["cluster_id"]
        del self._clusters[key]
        self._state.tables["cluster_libraries"].pop(key, None)
        return {}


def _node_types() -> Json:
    return {
        "node_types": [
            {
                "node_type_id": name,
                "instance_type_id": name,
                "num_cores": cores,
                "memory_mb": memory,
                "description": name,
                "category": "General Purpose",
                "is_deprecated": False,
            }
            for name, cores, memory in _NODE_TYPES
        ]
    }


def _runtimes() -> Json:
    return {"versions": [{"key": key, "name": name} for key, name in _RUNTIMES]}
