"""Instance pools: https://docs.databricks.com/api/workspace/instancepools."""

from lakeflow.workspace.exchange import Json, Request, Route, Routes, invalid
from lakeflow.workspace.fields import document, fields, labels, listed, text, texts, truth, whole
from lakeflow.workspace.state import State, Table

_AZURE = {"availability": "ON_DEMAND_AZURE", "spot_bid_max_price": -1.0}
_EDITABLE = ("instance_pool_name", "min_idle_instances", "max_capacity", "idle_instance_autotermination_minutes")
_TAKES = fields(
    instance_pool_id=text,
    instance_pool_name=text,
    node_type_id=text,
    min_idle_instances=whole,
    max_capacity=whole,
    idle_instance_autotermination_minutes=whole,
    enable_elastic_disk=truth,
    custom_tags=labels,
    preloaded_spark_versions=texts,
    preloaded_docker_images=listed(document),
    azure_attributes=document,
    aws_attributes=document,
    gcp_attributes=document,
    disk_spec=document,
)


class Pools:
    """create, get, list, edit and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._pools = Table(state, "pools", "Instance pool", kind="instance-pools")

    def routes(self) -> Routes:
        """Return what answers which path."""
        path = "/instance-pools"
        return {
            f"POST {path}/create": Route("create an instance pool", self._create, _TAKES),
            f"GET {path}/get": Route(
                "read an instance pool", lambda request: self._pools[request.text("instance_pool_id")]
            ),
            f"GET {path}/list": Route("list instance pools", lambda _: {"instance_pools": self._pools.rows()}),
            f"POST {path}/edit": Route("change name, sizes and idle time of a pool", self._edit, _TAKES),
            f"POST {path}/delete": Route("delete an instance pool", self._delete, _TAKES),
        }

    def _create(self, request: Request) -> Json:
        self._refuse_taken(request.text("instance_pool_name"), "")
        _refuse_sizes(request.body)
        key = self._state.next_hex(20)
        cloud = {} if {"aws_attributes", "gcp_attributes"} & request.body.keys() else {"azure_attributes": _AZURE}
        self._pools[key] = {
            "min_idle_instances": 0,
            "idle_instance_autotermination_minutes": 60,
            "enable_elastic_disk": True,
            **cloud,
            **request.body,
            "instance_pool_id": key,
            "state": "ACTIVE",
            "creator_user_name": request.caller,
            "stats": {"used_count": 0, "idle_count": 0, "pending_used_count": 0, "pending_idle_count": 0},
        }
        return {"instance_pool_id": key}

    def _edit(self, request: Request) -> Json:
        pool = self._pools[request.text("instance_pool_id")]
        changes = {name: request.body[name] for name in _EDITABLE if name in request.body}
        self._refuse_taken(changes.get("instance_pool_name", ""), pool["instance_pool_id"])
        _refuse_sizes({**pool, **changes})
        pool.update(changes)
        return {}

    def _refuse_taken(self, name: str, key: str) -> None:
        if self._pools.taken("instance_pool_name", name, but=key):
            raise invalid(f"Instance pool with name {name} already exists.")

    def _delete(self, request: Request) -> Json:
        del self._pools[request.text("instance_pool_id")]
        return {}


def _refuse_sizes(pool: Json) -> None:
    least, most = pool.get("min_idle_instances", 0), pool.get("max_capacity")
    if least < 0 or (most is not None and most < max(least, 1)):
        raise invalid(f"A pool of at most {most} instances cannot keep {least} idle.")
