"""Cluster policies: https://docs.databricks.com/api/workspace/clusterpolicies."""

from lakeflow.workspace.exchange import Json, Request, Routes, invalid
from lakeflow.workspace.state import State, Table


class Policies:
    """create, get, list, edit and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._policies = Table(state, "policies", "Cluster policy", kind="cluster-policies")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /policies/clusters/create": self._create,
            "GET /policies/clusters/get": lambda request: self._policies[request.text("policy_id")],
            "GET /policies/clusters/list": lambda _: {"policies": self._policies.rows()},
            "POST /policies/clusters/edit": self._edit,
            "POST /policies/clusters/delete": self._delete,
        }

    def _create(self, request: Request) -> Json:
        key = self._state.next_hex(16).upper()
        self._refuse_taken(request.text("name"), key)
        self._policies[key] = {
            "definition": "{}",
            **request.body,
            "policy_id": key,
            "creator_user_name": request.caller,
            "created_at_timestamp": request.at,
        }
        return {"policy_id": key}

    def _edit(self, request: Request) -> Json:
        key = request.text("policy_id")
        kept = {name: self._policies[key][name] for name in ("creator_user_name", "created_at_timestamp")}
        self._refuse_taken(request.text("name"), key)
        self._policies[key] = {"definition": "{}", **request.body, **kept}
        return {}

    def _refuse_taken(self, name: str, key: str) -> None:
        if any(policy["name"] == name and policy["policy_id"] != key for policy in self._policies.rows()):
            raise invalid(f"A cluster policy with name {name} already exists.")

    def _delete(self, request: Request) -> Json:
        del self._policies[request.text("policy_id")]
        return {}
