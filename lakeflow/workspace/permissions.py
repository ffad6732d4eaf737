"""Who may do what with jobs and their companions: https://docs.databricks.com/api/workspace/permissions.

An object that was never given permissions belongs to its creator. Administrators always inherit CAN_MANAGE.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lakeflow.workspace.exchange import Json, Request, Route, Routes, invalid, missing
from lakeflow.workspace.fields import fields, listed, text
from lakeflow.workspace.state import State
from lakeflow.workspace.users import ADMINS

PRINCIPALS = ("user_name", "group_name", "service_principal_name")
OWNER = "IS_OWNER"
_MANAGE = "CAN_MANAGE"
_CREATORS = ("creator_user_name", "creator_name", "owner_user_name", "creator")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of object: its table, what it is called in answers, and the levels that it allows.

    Of `owned` objects somebody is always the owner; `owner_said` has to be named whenever permissions are set.
    """

    table: str
    object_type: str
    levels: tuple[str, ...]
    owner_said: bool = False

    @property
    def owned(self) -> bool:
        """Whether it has an owner."""
        return OWNER in self.levels


_CODE = ("CAN_READ", "CAN_RUN", "CAN_EDIT", _MANAGE)
_QUERY = ("CAN_READ", "CAN_VIEW", "CAN_RUN", "CAN_EDIT", _MANAGE)
_WAREHOUSE = Kind(
    table="warehouses", object_type="warehouses", levels=("CAN_USE", "CAN_MONITOR", "CAN_VIEW", _MANAGE, OWNER)
)

_TAKES = fields(
    access_control_list=listed(
        fields(user_name=text, group_name=text, service_principal_name=text, permission_level=text)
    )
)
KINDS: Mapping[str, Kind] = {
    "jobs": Kind(
        table="jobs", object_type="job", levels=("CAN_VIEW", "CAN_MANAGE_RUN", _MANAGE, OWNER), owner_said=True
    ),
    "pipelines": Kind(
        table="pipelines", object_type="pipelines", levels=("CAN_VIEW", "CAN_RUN", _MANAGE, OWNER), owner_said=True
    ),
    "warehouses": _WAREHOUSE,
    "sql/warehouses": _WAREHOUSE,
    "clusters": Kind(table="clusters", object_type="cluster", levels=("CAN_ATTACH_TO", "CAN_RESTART", _MANAGE)),
    "cluster-policies": Kind(table="policies", object_type="cluster-policy", levels=("CAN_USE",)),
    "instance-pools": Kind(table="pools", object_type="instance-pool", levels=("CAN_ATTACH_TO", _MANAGE)),
    "notebooks": Kind(table="objects", object_type="notebook", levels=_CODE),
    "files": Kind(table="objects", object_type="file", levels=_CODE),
    "directories": Kind(table="objects", object_type="directory", levels=_CODE),
    "dashboards": Kind(table="dashboards", object_type="dashboard", levels=_CODE),
    "sql/queries": Kind(table="queries", object_type="query", levels=_QUERY),
    "repos": Kind(table="repos", object_type="repo", levels=_CODE),
    "sql/alerts": Kind(table="legacy_alerts", object_type="alert", levels=_QUERY),
    "alertsv2": Kind(table="alerts", object_type="alertv2", levels=_CODE),
}


class Permissions:
    """get, set, update and the levels, for each kind of object."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> Routes:
        """Return what answers which path."""
        path = "/permissions/{kind...}/{id}"
        return {
            f"GET {path}/permissionLevels": Route("list the levels that there are for an object", _levels),
            f"GET {path}": Route("read who may do what with an object", self._answer),
            f"PUT {path}": Route("replace the permissions of an object", self._set, _TAKES),
            f"PATCH {path}": Route("add permissions to an object", self._add, _TAKES),
        }

    def _set(self, request: Request) -> Json:
        name = _kind(request)
        current = self._entries(name, request)
        entries = _checked(name, request)
        if KINDS[name].owned and not any(entry["permission_level"] == OWNER for entry in entries):
            if KINDS[name].owner_said:
                raise invalid(f"The {KINDS[name].object_type} must have exactly one owner.")
            entries = [entry for entry in current if entry["permission_level"] == OWNER] + entries
        self._keep(name, request, entries)
        return self._answer(request)

    def _add(self, request: Request) -> Json:
        name = _kind(request)
        current, added = self._entries(name, request), _checked(name, request)
        if any(entry["permission_level"] == OWNER for entry in added):
            current = [entry for entry in current if entry["permission_level"] != OWNER]
        self._keep(name, request, [*current, *added])
        return self._answer(request)

    def _keep(self, name: str, request: Request, entries: list[Json]) -> None:
        self._state.tables["permissions"][_key(name, request.parts["id"])] = _one_each(entries)

    def _answer(self, request: Request) -> Json:
        name = _kind(request)
        shown = [
            {
                **{key: value for key, value in entry.items() if key != "permission_level"},
                "all_permissions": [{"permission_level": entry["permission_level"], "inherited": False}],
            }
            for entry in self._entries(name, request)
        ]
        if _MANAGE in KINDS[name].levels:
            inherited = {"permission_level": _MANAGE, "inherited": True, "inherited_from_object": [f"/{name}/"]}
            shown.append({"group_name": ADMINS, "all_permissions": [inherited]})
        return {
            "object_id": f"/{name}/{request.parts['id']}",
            "object_type": KINDS[name].object_type,
            "access_control_list": shown,
        }

    def _entries(self, name: str, request: Request) -> list[Json]:
        """Return the permissions of an object itself, or refuse as the service does."""
        key = request.parts["id"]
        row = _row(self._state, KINDS[name].table, key)
        if row is None:
            noun = KINDS[name].object_type.capitalize()
            raise missing(f"{noun} {key} does not exist.")
        kept: list[Json] | None = self._state.tables["permissions"].get(_key(name, key))
        if kept is not None:
            return kept
        creator = next((row[field] for field in _CREATORS if row.get(field)), None)
        level = OWNER if KINDS[name].owned else _MANAGE
        return [{"user_name": creator, "permission_level": level}] if creator and level in KINDS[name].levels else []


def grants_at_creation(name: str, request: Request) -> list[Json]:
    """Return the permissions that a request to create an object brings along; its caller owns it if nobody else does.

    Nothing where it brings none: then the object belongs to its creator.
    """
    if not request.body.get("access_control_list"):
        return []
    entries = _checked(name, request)
    if not any(entry["permission_level"] == OWNER for entry in entries):
        entries = [{"user_name": request.caller, "permission_level": OWNER}, *entries]
    return _one_each(entries)


def _key(name: str, key: str) -> str:
    return f"{'warehouses' if name == 'sql/warehouses' else name}/{key}"


def _row(state: State, table: str, key: str) -> Json | None:
    rows = state.tables[table]
    if table != "objects":
        return rows.get(key)
    return next((row for row in rows.values() if str(row["object_id"]) == key), None)


def _levels(request: Request) -> Json:
    levels = KINDS[_kind(request)].levels
    return {"permission_levels": [{"permission_level": level, "description": level} for level in levels]}


def _kind(request: Request) -> str:
    """Return the kind of object that a path names, or refuse one that nobody knows."""
    kind = request.parts["kind"]
    if kind not in KINDS:
        raise invalid(f"request_object_type is not recognized: {kind}")
    return kind


def _checked(name: str, request: Request) -> list[Json]:
    """Return the entries of a request; refuse unknown levels, nobody or two in one entry, and owners that cannot be."""
    kind, entries = KINDS[name], _TAKES(request.body, "").get("access_control_list", [])
    for entry in entries:
        level, named = entry.get("permission_level"), [key for key in PRINCIPALS if entry.get(key)]
        if len(named) != 1:
            raise invalid("Exactly one of user_name, group_name and service_principal_name must be set.")
        if level not in kind.levels:
            raise invalid(f"Permission level {level} is not supported for {kind.object_type}.")
        if level == OWNER and named == ["group_name"]:
            raise invalid(f"Groups cannot be the owner of a {kind.object_type}.")
    if sum(entry["permission_level"] == OWNER for entry in entries) > 1:
        raise invalid(f"The {kind.object_type} must have exactly one owner.")
    return [{key: value for key, value in entry.items() if value} for entry in entries]


def _one_each(entries: list[Json]) -> list[Json]:
    """Return one entry for each principal: the last, and none beside that of its ownership."""
    kept: dict[tuple[Any, ...], Json] = {}
    for entry in entries:
        who = tuple(entry.get(key) for key in PRINCIPALS)
        if kept.get(who, {}).get("permission_level") != OWNER:
            kept[who] = entry
    return list(kept.values())
