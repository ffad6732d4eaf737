"""Who there is: https://docs.databricks.com/api/workspace/currentuser/me and the SCIM API.

Everybody with a token is known, and so are the groups `users` and `admins`; more can be created, and has no token.
https://docs.databricks.com/api/workspace/users, /groups and /serviceprincipals
"""

import re
from collections.abc import Iterator

from lakeflow.workspace.exchange import Json, RefusedError, Request, Route, Routes, invalid
from lakeflow.workspace.fields import document, fields, listed, text, truth
from lakeflow.workspace.state import State
from lakeflow.workspace.users import ADMINS, EVERYBODY, User

_KINDS = {"Users": "userName", "Groups": "displayName", "ServicePrincipals": "applicationId"}
_FILTER = re.compile(r'\s*(\w+)\s+(eq|co|sw)\s+"?([^"]*)"?\s*', re.IGNORECASE)
_LISTS = ("members", "groups", "entitlements", "roles", "emails")
_TAKES = fields(
    userName=text,
    displayName=text,
    applicationId=text,
    active=truth,
    externalId=text,
    name=document,
    **dict.fromkeys(_LISTS, listed(document)),
    Operations=listed(fields(op=text, path=text)),
)


class Identity:
    """Me, and users, groups and service principals."""

    def __init__(self, state: State | None = None) -> None:
        self._state = state or State()
        self._created = self._state.tables["principals"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {"GET /preview/scim/v2/Me": Route("tell who asks", lambda request: _known(request.user))} | {
            route: made for kind in _KINDS for route, made in self._routes(kind)
        }

    def _routes(self, kind: str) -> Iterator[tuple[str, Route]]:
        path = f"/preview/scim/v2/{kind}"
        noun = {"Users": "user", "Groups": "group", "ServicePrincipals": "service principal"}[kind]

        def of_kind(request: Request) -> Json:
            return self._list(kind, request)

        yield f"GET {path}", Route(f"list {noun}s, those that `filter` names", of_kind)
        yield f"POST {path}", Route(f"create a {noun}", lambda request: self._create(kind, request), _TAKES)
        yield f"GET {path}/{{id}}", Route(f"read a {noun}", lambda request: self._one(kind, request))
        yield f"PUT {path}/{{id}}", Route(f"replace a {noun}", lambda request: self._replace(kind, request), _TAKES)
        yield f"PATCH {path}/{{id}}", Route(f"change a {noun}", lambda request: self._patch(kind, request), _TAKES)
        yield f"DELETE {path}/{{id}}", Route(f"delete a {noun}", lambda request: self._delete(kind, request))

    def _all(self, kind: str, request: Request) -> Iterator[Json]:
        if kind == "Groups":
            for name in (ADMINS, EVERYBODY):
                members = [user for user in request.users if name in user.every_group]
                yield {"id": _id(name), "displayName": name, "members": [_reference(user) for user in members]}
        for user in request.users:
            if kind == ("ServicePrincipals" if user.is_principal else "Users"):
                yield _known(user)
        for row in self._created.values():
            if row["kind"] == kind:
                yield row["resource"]

    def _list(self, kind: str, request: Request) -> Json:
        found = list(self._all(kind, request))
        if said := request.query.get("filter"):
            match = _FILTER.fullmatch(said)
            if match is None:
                raise invalid(f"Invalid filter: {said}")
            found = [each for each in found if _fits(each, *match.groups())]
        start, count = max(request.count("startIndex", 1), 1), request.count("count", 100)
        shown = found[start - 1 : start - 1 + count]
        return {
            "totalResults": len(found),
            "startIndex": start,
            "itemsPerPage": len(shown),
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "Resources": shown,
        }

    def _one(self, kind: str, request: Request) -> Json:
        key = request.parts["id"]
        for each in self._all(kind, request):
            if each["id"] == key:
                return each
        raise RefusedError(404, "RESOURCE_DOES_NOT_EXIST", f"{kind[:-1]} with id {key} not found.")

    def _create(self, kind: str, request: Request) -> Json:
        name, key = _KINDS[kind], str(self._state.next_number())
        said = {**request.body}
        if kind == "ServicePrincipals":
            said.setdefault("applicationId", self._state.next_uuid())
        if not said.get(name):
            raise invalid(f"Missing required field: {name}")
        if any(each.get(name) == said[name] for each in self._all(kind, request)):
            raise RefusedError(409, "RESOURCE_CONFLICT", f"{kind[:-1]} with {name} {said[name]} already exists.")
        usual = {} if kind == "Groups" else {"active": True}
        self._created[key] = {"kind": kind, "resource": {**usual, **said, "id": key}}
        resource: Json = self._created[key]["resource"]
        return resource

    def _own(self, kind: str, request: Request) -> Json:
        """Return the row of somebody who was created here; nobody else can be changed."""
        key = self._one(kind, request)["id"]
        if key not in self._created:
            raise RefusedError(403, "PERMISSION_DENIED", f"{kind[:-1]} {key} belongs to this workspace's server.")
        row: Json = self._created[key]
        return row

    def _replace(self, kind: str, request: Request) -> Json:
        row = self._own(kind, request)
        identity = {name: row["resource"][name] for name in ("id", _KINDS[kind])}
        row["resource"] = {**identity, **request.body, "id": identity["id"]}
        resource: Json = row["resource"]
        return resource

    def _patch(self, kind: str, request: Request) -> Json:
        resource: Json = self._own(kind, request)["resource"]
        for operation in request.body.get("Operations", []):
            _apply(resource, operation)
        return resource

    def _delete(self, kind: str, request: Request) -> Json:
        del self._created[self._own(kind, request)["resource"]["id"]]
        return {}


def _known(user: User) -> Json:
    """Return somebody with a token."""
    groups = [{"display": name, "value": _id(name), "type": "direct"} for name in sorted(user.every_group)]
    resource: Json = {
        "id": _id(user.name),
        "userName": user.name,
        "displayName": user.name.partition("@")[0],
        "active": True,
        "groups": groups,
    }
    if user.is_principal:
        return {**resource, "applicationId": user.name}
    return {**resource, "emails": [{"type": "work", "value": user.name, "primary": True}]}


def _reference(user: User) -> Json:
    return {"display": user.name, "value": _id(user.name)}


def _id(name: str) -> str:
    """Return the id of what is not created here: digits, the same for the same name."""
    return str(int.from_bytes(name.encode()[:24].ljust(1, b"0"), "big") % 10**15)


def _fits(resource: Json, name: str, operator: str, wanted: str) -> bool:
    known = {key.lower(): value for key, value in resource.items()}
    value, wanted = str(known.get(name.lower(), "")).lower(), wanted.lower()
    return {"eq": value == wanted, "co": wanted in value, "sw": value.startswith(wanted)}[operator.lower()]


def _apply(resource: Json, operation: Json) -> None:
    """Change somebody by one operation of SCIM: https://datatracker.ietf.org/doc/html/rfc7644#section-3.5.2."""
    path, value = operation.get("path", ""), operation.get("value")
    name, _, only = path.partition("[")
    if operation.get("op", "").lower() == "remove":
        gone = _quoted(only)
        kept = (
            [entry for entry in resource.get(name, []) if gone and entry.get("value") != gone] if name in _LISTS else []
        )
        resource[name] = kept
        if not kept and name != "id":
            resource.pop(name)
    elif name in _LISTS and isinstance(value, list):
        resource[name] = [*resource.get(name, []), *(entry for entry in value if isinstance(entry, dict))]
    elif not name and isinstance(value, dict):
        for key, each in value.items():
            _apply(resource, {"op": "add", "path": key, "value": each})
    elif name and name != "id" and value is not None and name not in _LISTS:
        resource[name] = value


def _quoted(text_: str) -> str:
    parts = text_.split('"')
    return parts[1] if len(parts) > 2 else ""
