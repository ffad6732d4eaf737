"""All-purpose clusters, running as soon as they are created: https://docs.databricks.com/api/workspace/clusters."""

from lakeflow.workspace.exchange import Json, Request, Routes, invalid
from lakeflow.workspace.job_settings import keep_cluster
from lakeflow.workspace.state import State, Table

_NODE_TYPES = (
    ("Standard_D4ds_v5", 4, 16_384),
    ("Standard_D8ds_v5", 8, 32_768),
    ("Standard_E4ds_v5", 4, 32_768),
    ("Standard_E8ds_v5", 8, 65_536),
)
_RUNTIMES = (("16.4.x-scala2.12", "16.4 LTS"), ("15.4.x-scala2.12", "15.4 LTS"))


class Clusters:
    """create, get, list, edit, start, terminate and delete; node types and runtimes."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._clusters = Table(state, "clusters", "Cluster", kind="clusters")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /clusters/create": self._create,
            "GET /clusters/get": self._get,
            "GET /clusters/list": self._list,
            "POST /clusters/edit": self._edit,
            "POST /clusters/resize": self._resize,
            "POST /clusters/start": lambda request: self._become("RUNNING", request),
            "POST /clusters/delete": lambda request: self._become("TERMINATED", request),
            "POST /clusters/permanent-delete": self._delete,
            "POST /clusters/pin": lambda request: self._pin(request, pinned=True),
            "POST /clusters/unpin": lambda request: self._pin(request, pinned=False),
            "GET /clusters/list-node-types": lambda _: _node_types(),
            "GET /clusters/spark-versions": lambda _: _runtimes(),
        }

    def _create(self, request: Request) -> Json:
        number = self._state.next_number()
        key = f"0101-000000-{self._state.next_hex(8)}"
        cluster = {
            "autotermination_minutes": 120,
            **request.body,
            "cluster_id": key,
            "spark_context_id": number,
            "creator_user_name": request.caller,
            "cluster_source": "API",
            "state": "RUNNING",
            "start_time": request.at,
        }
        keep_cluster(cluster)
        self._clusters[key] = cluster
        return {"cluster_id": key}

    def _get(self, request: Request) -> Json:
        key = request.text("cluster_id")
        if key not in self._clusters:
            raise invalid(f"Cluster {key} does not exist")
        return self._clusters[key]

    def _list(self, request: Request) -> Json:
        pinned_only = request.query.get("filter_by.is_pinned") == "true"
        shown = [row for row in self._clusters.rows() if "pinned_by_user_name" in row or not pinned_only]
        return {"clusters": shown} if shown else {}

    def _edit(self, request: Request) -> Json:
        old = self._clusters[request.text("cluster_id")]
        names = (
            "spark_context_id",
            "creator_user_name",
            "cluster_source",
            "state",
            "start_time",
            "pinned_by_user_name",
        )
        cluster = {"autotermination_minutes": 120, **request.body}
        keep_cluster(cluster)
        self._clusters[old["cluster_id"]] = {**cluster, **{name: old[name] for name in names if name in old}}
        return {}

    def _resize(self, request: Request) -> Json:
        cluster = self._clusters[request.text("cluster_id")]
        for name in ("num_workers", "autoscale"):
            cluster.pop(name, None)
            if name in request.body:
                cluster[name] = request.body[name]
        return {}

    def _become(self, state: str, request: Request) -> Json:
        self._clusters[request.text("cluster_id")]["state"] = state
        return {}

    def _pin(self, request: Request, *, pinned: bool) -> Json:
        cluster = self._clusters[request.text("cluster_id")]
        cluster.pop("pinned_by_user_name", None)
        cluster.update({"pinned_by_user_name": request.caller} if pinned else {})
        return {}

    def _delete(self, request: Request) -> Json:
        key = request.text("cluster_id")
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
