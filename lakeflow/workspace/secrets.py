"""Secret scopes, their ACLs and the names in them; a secret's value is not even kept.

https://docs.databricks.com/api/workspace/secrets
"""

import re

from lakeflow.workspace.exchange import Json, RefusedError, Request, Route, Routes, exists, invalid, missing
from lakeflow.workspace.fields import document, fields, text
from lakeflow.workspace.state import State, Table

_TAKES = fields(
    scope=text,
    key=text,
    principal=text,
    permission=text,
    string_value=text,
    bytes_value=text,
    initial_manage_principal=text,
    scope_backend_type=text,
    backend_azure_keyvault=document,
)
_NAME = re.compile(r"[\w.@-]{1,128}", re.ASCII)
_LEVELS = ("READ", "WRITE", "MANAGE")


class Secrets:
    """Scopes, ACLs and secrets."""

    def __init__(self, state: State) -> None:
        self._scopes = Table(state, "scopes", "Scope")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /secrets/scopes/create": Route("create a secret scope", self._create, _TAKES),
            "GET /secrets/scopes/list": Route("list secret scopes", self._scopes_listed),
            "POST /secrets/scopes/delete": Route("delete a secret scope", self._delete, _TAKES),
            "POST /secrets/acls/put": Route("let somebody read, write or manage a scope", self._put_acl, _TAKES),
            "GET /secrets/acls/get": Route("read what somebody may do with a scope", self._acl),
            "GET /secrets/acls/list": Route("list who may do what with a scope", self._acls),
            "POST /secrets/acls/delete": Route("take somebody's permission on a scope", self._delete_acl, _TAKES),
            "POST /secrets/put": Route("keep the name of a secret, not its value", self._put, _TAKES),
            "GET /secrets/get": Route("refuse: no value is kept", self._get),
            "GET /secrets/list": Route("list the names of the secrets in a scope", self._list),
            "POST /secrets/delete": Route("delete a secret", self._delete_secret, _TAKES),
        }

    def _scopes_listed(self, request: Request) -> Json:
        shown = [_shown(row) for row in self._scopes.rows()]
        return {"scopes": shown} if shown else {}

    def _create(self, request: Request) -> Json:
        name = request.text("scope")
        if not _NAME.fullmatch(name):
            raise invalid(
                f"The scope name {name} has other characters than letters, digits, -, _, @ and ., or too many"
            )
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
        scope, who, level = request.text("scope"), request.text("principal"), request.text("permission")
        if level not in _LEVELS:
            raise invalid(f"Permission {level} is none of {', '.join(_LEVELS)}.")
        self._scopes[scope]["acls"][who] = level
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
        scope, key = request.text("scope"), request.text("key")
        if not _NAME.fullmatch(key):
            raise invalid(f"The key {key} has other characters than letters, digits, -, _, @ and ., or too many")
        self._scopes[scope]["secrets"][key] = request.at
        return {}

    def _get(self, request: Request) -> Json:
        scope, key = request.text("scope"), request.text("key")
        if key not in self._scopes[scope]["secrets"]:
            raise missing(f"Secret does not exist with scope: {scope} and key: {key}")
        raise RefusedError(400, "BAD_REQUEST", "The value of a secret is not kept here, and cannot be read")

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
