"""What the workspace answers, told from its routes: the table of `docs/workspace.md`.

`python -m tools.endpoints_page` writes it there. A route says what it does beside its handler (`exchange.Route`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from lakeflow.workspace.exchange import Handler
from lakeflow.workspace.state import State
from lakeflow.workspace.workspace import core_of

_VERSIONS: Mapping[str, str] = {"jobs": "2.2", "clusters": "2.1", "unity-catalog": "2.1"}
_NAMES: Mapping[str, str] = {
    "alerts": "Alerts",
    "clusters": "Clusters",
    "dbfs": "DBFS",
    "fs": "Files of volumes",
    "git-credentials": "Git credentials",
    "instance-pools": "Instance pools",
    "jobs": "Jobs and runs",
    "lakeflow": "Of this workspace alone",
    "lakeview": "Dashboards",
    "libraries": "Libraries of clusters",
    "notification-destinations": "Notification destinations",
    "permissions": "Permissions",
    "pipelines": "Pipelines",
    "policies": "Cluster policies",
    "policy-families": "Families of cluster policies",
    "preview": "Who there is",
    "repos": "Git folders",
    "secrets": "Secrets",
    "sql": "SQL warehouses, queries, statements",
    "unity-catalog": "Unity Catalog",
    "workspace": "Objects of the workspace",
    "workspace-conf": "Switches of the workspace",
    "workspace-files": "Files of the workspace",
}


@dataclass(frozen=True)
class Endpoint:
    """One method of one path, and what it does in a few words."""

    method: str
    path: str
    does: str

    @property
    def service(self) -> str:
        """The first part of its path."""
        return self.path.split("/")[1]

    @property
    def full_path(self) -> str:
        """Its path with the version that the current clients speak; others are answered too."""
        return f"/api/{_VERSIONS.get(self.service, '2.0')}{self.path}"


def endpoints() -> list[Endpoint]:
    """Return everything that a workspace answers, sorted by paths."""
    routes = core_of(State(), {}).routes
    found = [Endpoint(*route.partition(" ")[::2], told(handler)) for route, handler in routes.items()]
    return sorted(
        (endpoint for endpoint in found if not (endpoint.path.endswith("/") and endpoint.path != "/")),
        key=lambda endpoint: (endpoint.service, endpoint.path, endpoint.method),
    )


def told(handler: Handler) -> str:
    """Return what a handler does: what its route says, the first line of its docstring, or its name."""
    said = getattr(handler, "does", None)
    if isinstance(said, str):
        return said
    lines = (getattr(handler, "__doc__", None) or "").strip().splitlines()
    if lines:
        return lines[0][0].lower() + lines[0][1:].rstrip(".")
    return getattr(handler, "__name__", "").strip("_").replace("_", " ")


def table() -> str:
    """Return the table, one part for each service."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    for service, found in groupby(endpoints(), key=lambda endpoint: endpoint.service):
        yield f"### {_NAMES.get(service, service)}"
        yield ""
        yield "| | | does |"
        yield "|---|---|---|"
        for endpoint in found:
            path = f"`{endpoint.full_path}`"
            yield f"| {endpoint.method} | {path} | {endpoint.does.replace('|', chr(92) + '|')} |"
        yield ""
