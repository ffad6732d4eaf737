"""Cluster policies and the families they may come from: https://docs.databricks.com/api/workspace/clusterpolicies."""

import json

from lakeflow.workspace.exchange import Json, Request, Route, Routes, invalid
from lakeflow.workspace.fields import document, fields, listed, text, whole
from lakeflow.workspace.paging import page
from lakeflow.workspace.state import State, Table

_TAKES = fields(
    policy_id=text,
    name=text,
    definition=text,
    description=text,
    policy_family_id=text,
    policy_family_definition_overrides=text,
    max_clusters_per_user=whole,
    libraries=listed(document),
)
_WORKERS: Json = {"type": "unlimited", "defaultValue": 4, "isOptional": True}
_FAMILIES: dict[str, Json] = {
    "personal-vm": {"name": "Personal Compute", "definition": {"num_workers": {"type": "fixed", "value": 0}}},
    "job-cluster": {"name": "Job Compute", "definition": {"cluster_type": {"type": "fixed", "value": "job"}}},
    "power-user": {"name": "Power User Compute", "definition": {"autoscale.max_workers": _WORKERS}},
    "shared-compute": {"name": "Shared Compute", "definition": {"autoscale.max_workers": _WORKERS}},
}


class Policies:
    """create, get, list, edit and delete; and the families."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._policies = Table(state, "policies", "Cluster policy", kind="cluster-policies")

    def routes(self) -> Routes:
        """Return what answers which path."""
        path = "/policies/clusters"
        return {
            f"POST {path}/create": Route("create a cluster policy", self._create, _TAKES),
            f"GET {path}/get": Route(
                "read a cluster policy", lambda request: self._policies[request.text("policy_id")]
            ),
            f"GET {path}/list": Route("list cluster policies", lambda _: {"policies": self._policies.rows()}),
            f"POST {path}/edit": Route("replace a cluster policy", self._edit, _TAKES),
            f"POST {path}/delete": Route("delete a cluster policy", self._delete, _TAKES),
            "GET /policy-families": Route(
                "list the families of policies",
                lambda request: page(map(_family, _FAMILIES), request, "policy_families", size="max_results"),
            ),
            "GET /policy-families/{id}": Route("read a family of policies", _asked_family),
        }

    def _create(self, request: Request) -> Json:
        name, said = request.text("name"), _said(request)
        key = self._state.next_hex(16).upper()
        self._refuse_taken(name, key)
        self._policies[key] = {
            **said,
            "policy_id": key,
            "creator_user_name": request.caller,
            "created_at_timestamp": request.at,
        }
        return {"policy_id": key}

    def _edit(self, request: Request) -> Json:
        key = request.text("policy_id")
        kept = {name: self._policies[key][name] for name in ("creator_user_name", "created_at_timestamp")}
        self._refuse_taken(request.text("name"), key)
        self._policies[key] = {**_said(request), **kept}
        return {}

    def _refuse_taken(self, name: str, key: str) -> None:
        if self._policies.taken("name", name, but=key):
            raise invalid(f"A cluster policy with name {name} already exists.")

    def _delete(self, request: Request) -> Json:
        del self._policies[request.text("policy_id")]
        return {}


def _said(request: Request) -> Json:
    """Return what a request says of a policy, with the definition of its family where it has none of its own."""
    family = request.body.get("policy_family_id")
    if family is not None and family not in _FAMILIES:
        raise invalid(f"Policy family {family} does not exist.")
    said = {"definition": _family(family)["definition"] if family else "{}", **request.body}
    for name in ("definition", "policy_family_definition_overrides"):
        if not _is_object(said.get(name, "{}")):
            raise invalid(f"The {name} of a cluster policy is no JSON object.")
    return said


def _is_object(written: str) -> bool:
    try:
        return isinstance(json.loads(written), dict)
    except (ValueError, RecursionError):
        return False


def _family(key: str) -> Json:
    family = _FAMILIES[key]
    return {"policy_family_id": key, "name": family["name"], "definition": json.dumps(family["definition"])}


def _asked_family(request: Request) -> Json:
    key = request.parts["id"]
    if key not in _FAMILIES:
        raise invalid(f"Policy family {key} does not exist.")
    return _family(key)
