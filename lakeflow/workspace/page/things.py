"""Everything that is in a workspace beside jobs and runs: plain lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lakeflow.html.markup import Child, joined, tag
from lakeflow.run.answers import number_of
from lakeflow.workspace.page import links
from lakeflow.workspace.page.reading import Workspace
from lakeflow.workspace.page.shell import Column, Paged, header, page, searching, section, table
from lakeflow.workspace.page.words import NOTHING, moment, name, principal, text

SIZE = 100
_NAMES = (
    "name",
    "display_name",
    "full_name",
    "cluster_name",
    "instance_pool_name",
    "path",
)
_STATES = ("state", "lifecycle_state", "object_type", "volume_type", "backend_type")
_OWNERS = (
    "owner",
    "owner_user_name",
    "run_as_user_name",
    "creator_user_name",
    "creator_name",
    "creator",
    "created_by",
)
_TIMES = ("modified_at", "last_modified", "updated_at", "update_time", "modified", "created_at", "create_time")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of things: its table, and what many and one of it are called."""

    table: str
    title: str
    noun: str


KINDS = (
    Kind("pipelines", "Pipelines", "pipeline"),
    Kind("warehouses", "SQL warehouses", "SQL warehouse"),
    Kind("clusters", "Clusters", "cluster"),
    Kind("queries", "Queries", "query"),
    Kind("alerts", "Alerts", "alert"),
    Kind("legacy_alerts", "Older alerts", "alert"),
    Kind("dashboards", "Dashboards", "dashboard"),
    Kind("objects", "Notebooks and files", "object"),
    Kind("repos", "Git folders", "Git folder"),
    Kind("dbfs", "Files of DBFS", "file"),
    Kind("catalogs", "Catalogs", "catalog"),
    Kind("schemas", "Schemas", "schema"),
    Kind("volumes", "Volumes", "volume"),
    Kind("files", "Files of volumes", "file"),
    Kind("scopes", "Secret scopes", "secret scope"),
    Kind("policies", "Cluster policies", "cluster policy"),
    Kind("pools", "Instance pools", "instance pool"),
    Kind("destinations", "Notification destinations", "notification destination"),
)
_BY_TABLE = {kind.table: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Thing:
    """One of them, in words."""

    name: str
    key: str
    state: str
    owner: str
    changed: Child


def things(workspace: Workspace, kind: Kind) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the keys and rows of one kind."""
    return [(key, row) for key, row in workspace.table(kind.table).items() if isinstance(row, Mapping)]


def listing(workspace: Workspace, of: str, query: Mapping[str, str]) -> str | None:
    """Return the page of one kind; None where there is no such kind."""
    kind = _BY_TABLE.get(of)
    if kind is None:
        return None
    asked = query.get("q", "").strip()[:200]
    every = [_thing(key, row) for key, row in things(workspace, kind)]
    found = [each for each in every if asked.casefold() in each.name.casefold()]
    found.sort(key=lambda each: (each.name.casefold(), each.key))
    paged = Paged.of(found, query.get("page"), SIZE)
    path = links.things(kind.table)
    columns = [Column("name"), Column("state"), Column("owner"), Column("changed"), Column("id")]
    shown = table(kind.title, columns, [_row(each) for each in paged.shown])
    body = [
        header(kind.title),
        section(
            "All",
            searching(asked, kind.title.lower(), path) if asked or len(every) > 1 else None,
            shown if found else tag("p", "There is none.", class_="faint"),
            paged.turning(path, kind.noun, q=asked),
            aside=f"{len(found):,}",
        ),
    ]
    return page(kind.title, body, now=workspace.now, crumbs=[("Workspace", links.HOME), (kind.title, None)])


def _thing(key: str, row: Mapping[str, Any]) -> Thing:
    return Thing(
        name=_first(row, _NAMES) or key,
        key=key,
        state=_first(row, _STATES).lower().replace("_", " "),
        owner=_first(row, _OWNERS) or principal(row.get("run_as")),
        changed=_changed(row),
    )


def _first(row: Mapping[str, Any], fields: tuple[str, ...]) -> str:
    return next((text(row[field]) for field in fields if isinstance(row.get(field), str) and row[field]), "")


def _changed(row: Mapping[str, Any]) -> Child:
    for field in _TIMES:
        if number_of(row, field) > 0 and not isinstance(row[field], str):
            return moment(number_of(row, field))
        if isinstance(row.get(field), str):
            return text(row[field], 40)
    return NOTHING


def _row(each: Thing) -> list[Child]:
    same = each.key == each.name
    return [
        name(each.name, 120),
        each.state or NOTHING,
        tag("bdi", each.owner) if each.owner else NOTHING,
        each.changed,
        NOTHING if same else joined([tag("code", text(each.key, 80))]),
    ]
