"""Whatever is sent to whatever path: the answer has Databricks' own shape, and is never a fault of the workspace."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from lakeflow.workspace.core import Core, every_service
from lakeflow.workspace.exchange import Request, Route
from lakeflow.workspace.fields import Fields
from lakeflow.workspace.job_fields import job_settings
from lakeflow.workspace.state import State
from tests.lakeflow.workspace.conftest import AT, USERS
from tests.lakeflow.workspace.things import fill
from tests.support.strange import GARBAGE

_PART = re.compile(r"\{(\w+)(?:\.\.\.)?\}")
_QUERY = (
    "path",
    "job_id",
    "limit",
    "page_token",
    "offset",
    "page_size",
    "max_results",
    "filter",
    "startIndex",
    "count",
)
_WORDS = ("a", "", "7", "-1", "9" * 30, "²", "*", "name like '%'", "userName eq x", "/Shared", "true", "\ud800", "\x00")
_ROUTES = sorted(Core(USERS, every_service(State())).routes)


def filled() -> tuple[Core, list[str]]:
    """Return a workspace with one of everything, and what its things are called."""
    state = State()
    core = Core(USERS, every_service(state))
    fill(core)
    ids = [key for rows in state.tables.values() for key in rows]
    return core, [*ids, "/Shared/n", "c.s", "s", "k", "users"]


def names(route: Route | Callable[..., Any]) -> list[str]:
    """Return the names of the fields that a route looks at."""
    takes = route.takes if isinstance(route, Route) else None
    known = [*takes.kinds] if isinstance(takes, Fields) else []
    further = [*job_settings().kinds] if "job" in str(route) else []
    return [*known, *further, "job_id", "path", "name", "scope"]


@st.composite
def requests(draw: st.DrawFn, core: Core, ids: list[str]) -> Request:
    """Return a request to a path of the workspace, with strange things in path, query and body."""
    route = draw(st.sampled_from(_ROUTES))
    method, _, path = route.partition(" ")
    words = st.sampled_from([*ids, *_WORDS])

    def part(_: re.Match[str]) -> str:
        return (
            quote(draw(words).encode(errors="replace").decode() or "x", safe="/")
            if draw(st.booleans())
            else draw(words)
        )

    query = draw(st.dictionaries(st.sampled_from([*_QUERY, *names(core.routes[route])]), words, max_size=4))
    values = st.one_of(GARBAGE, words, st.sampled_from([[], {}, 0, 1, True, [{}], [{"task_key": "a"}]]))
    body = draw(st.one_of(st.dictionaries(st.sampled_from(names(core.routes[route])), values, max_size=6), GARBAGE))
    content = draw(st.one_of(st.just(json.dumps(body).encode()), st.just(b""), st.binary(max_size=20)))
    headers = {"authorization": f"Bearer {draw(st.sampled_from([*USERS, 'none']))}"}
    if draw(st.booleans()):
        headers["content-type"] = "multipart/form-data; boundary=x"
    version = draw(st.sampled_from(["2.0", "2.1", "2.2"]))
    return Request(
        method=method,
        path=f"/api/{version}{_PART.sub(part, path)}",
        query=query,
        headers=headers,
        content=content,
        at=AT,
    )


def faults(core: Core, request: Request) -> Iterator[str]:
    """Yield what is wrong with the answer to a request."""
    answer = core.answer(request)
    if answer.status >= 500:
        yield f"{answer.status} for {request}"
    if answer.status >= 400:
        told = json.loads(answer.body)
        if set(told) != {"error_code", "message"} or not told["message"]:
            yield f"{answer.body!r} for {request}"


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_requests_are_a_fault_of_the_workspace(data: st.DataObject) -> None:
    core, ids = filled()
    asked = data.draw(st.lists(requests(core, ids), min_size=1, max_size=6))
    found = [problem for request in asked for problem in faults(core, request)]
    # What was written is read by somebody.
    looks = [route.split(" ") for route in _ROUTES if route.startswith("GET ") and "{" not in route]
    headers = {"authorization": f"Bearer {next(iter(USERS))}"}
    for method, path in looks:
        look = Request(method=method, path=f"/api/2.2{path}", headers=headers, at=AT + 240_000)
        found += [f"{problem} after {asked}" for problem in faults(core, look)]
    assert found == []
