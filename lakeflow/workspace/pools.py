"""Instance pools: https://docs.databricks.com/api/workspace/instancepools."""

from lakeflow.workspace.exchange import Json, Request, Routes
from lakeflow.workspace.state import State, Table

_AZURE = {"availability": "ON_DEMAND_AZURE", "spot_bid_max_price": -1.0}
_EDITABLE = ("instance_pool_name", "min_idle_instances", "max_capacity", "idle_instance_autotermination_minutes")


class Pools:
    """create, get, list, edit and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._pools = Table(state, "pools", "Instance pool", kind="instance-pools")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /instance-pools/create": self._create,
            "GET /instance-pools/get": lambda request: self._pools[request.text("instance_pool_id")],
            "GET /instance-pools/list": lambda _: {"instance_pools": self._pools.rows()},
            "POST /instance-pools/edit": self._edit,
            "POST /instance-pools/delete": self._delete,
        }

    def _create(self, request: Request) -> Json:
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
        pool.update({name: request.body[name] for name in _EDITABLE if name in request.body})
        return {}

    def _delete(self, request: Request) -> Json:
        del self._pools[request.text("instance_pool_id")]
        return {}
