"""Secret scopes, their ACLs and the names in them; a secret's value is not even kept.

https://docs.databricks.com/api/workspace/secrets
"""

from lakeflow.workspace.exchange import Json, Request, Routes, exists, missing
from lakeflow.workspace.state import State, Table


class Secrets:
    """Scopes, ACLs and secrets."""

    def __init__(self, state: State) -> None:
        self._scopes = Table(state, "scopes", "Scope")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /secrets/scopes/create": self._create,
            "GET /secrets/scopes/list": lambda _: {"scopes": [_shown(row) for row in self._scopes.rows()]},
            "POST /secrets/scopes/delete": self._delete,
            "POST /secrets/acls/put": self._put_acl,
            "GET /secrets/acls/get": self._acl,
            "GET /secrets/acls/list": self._acls,
            "POST /secrets/acls/delete": self._delete_acl,
            "POST /secrets/put": self._put,
            "GET /secrets/list": self._list,
            "POST /secrets/delete": self._delete_secret,
        }

    def _create(self, request: Request) -> Json:
        name = request.text("scope")
        if name in self._scopes:
            raise exists(f"Scope {name} already exists!")
        manager = request.body.get("initial_manage_principal") or request.caller
        kind = request.body.get("scope_backend_type") or "DATABRICKS"
        self._scopes[name] = {"name": name, "backend_type": kind, "acls": {manager: "MANAGE"}, "secrets": {}}
        return {}

    def _delete(self, request: Request) -> Json:
        del self._scopes[request.text("scope")]
        return {}

    def _put_acl(self, request: Request) -> Json:
        self._scopes[request.text("scope")]["acls"][request.text("principal")] = request.text("permission")
        return {}

    def _acl(self, request: Request) -> Json:
        held, who = self._scopes[request.text("scope")]["acls"], request.text("principal")
        if who not in held:
            raise missing(f"Failed to get secret acl for principal {who} and scope {request.text('scope')}.")
        return {"principal": who, "permission": held[who]}

    def _acls(self, request: Request) -> Json:
        held = self._scopes[request.text("scope")]["acls"]
        return {"items": [{"principal": who, "permission": level} for who, level in held.items()]}

    def _delete_acl(self, request: Request) -> Json:
        self._acl(request)  # or there is none
        del self._scopes[request.text("scope")]["acls"][request.text("principal")]
        return {}

    def _put(self, request: Request) -> Json:
        self._scopes[request.text("scope")]["secrets"][request.text("key")] = request.at
        return {}

    def _list(self, request: Request) -> Json:
        held = self._scopes[request.text("scope")]["secrets"]
        return {"secrets": [{"key": key, "last_updated_timestamp": at} for key, at in held.items()]}

    def _delete_secret(self, request: Request) -> Json:
        held, key = self._scopes[request.text("scope")]["secrets"], request.text("key")
        if key not in held:
            raise missing(f"Failed to delete the secret with scope {request.text('scope')} and key {key}.")
        del held[key]
        return {}


def _shown(scope: Json) -> Json:
    return {name: scope[name] for name in ("name", "backend_type")}
