"""Whatever things are called and whatever is missing in what is kept: nothing gets out of its place."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from lakeflow.workspace.page import page
from lakeflow.workspace.state import State
from tests.support import furnished as here
from tests.support.html_page import Page

PATHS = (
    "/",
    "/runs",
    "/things/alerts",
    f"/jobs/{here.STRANGE}",
    f"/jobs/{here.STRANGE}/runs/{here.DROPPED}",
    f"/jobs/{here.NAMELESS}",
    f"/jobs/{here.NAMELESS}/runs/9999",
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8) | st.just(here.EVIL),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("path", PATHS)
def test_names_are_text_whatever_they_are(path: str) -> None:
    status, document = page(here.furnished_by_hand(), path, {}, now=here.NOW)
    assert status == 200
    assert "<script" not in document
    assert "\u202e" not in document
    found = Page(document)
    assert not {"script", "img", "iframe", "object"} & {name for name, _ in found.elements}
    assert not [key for _, attributes in found.elements for key in attributes if key.startswith("on") or key == "src"]


def test_a_long_name_is_cut_and_one_from_right_to_left_stays_apart() -> None:
    document = page(here.furnished_by_hand(), f"/jobs/{here.STRANGE}", {}, now=here.NOW)[1]
    assert "ж" * 121 not in document
    found = Page(document)
    [title] = found.text("h1")
    assert title.startswith("<script>alert('job')</script>")
    assert title.endswith("ж…")
    assert 100 < len(title) <= 120
    assert "bdi" in {name for name, _ in found.elements}


def test_a_job_without_a_name_is_called_so() -> None:
    assert Page(page(here.furnished_by_hand(), f"/jobs/{here.NAMELESS}", {}, now=here.NOW)[1]).text("h1") == [
        "(no name)"
    ]


def test_what_is_asked_for_is_text_too() -> None:
    document = page(here.furnished_by_hand(), "/", {"q": f'"{here.EVIL}', "page": here.EVIL}, now=here.NOW)[1]
    assert "<script" not in document


def _mangled(row: Any, path: tuple[str | int, ...], junk: Any) -> Any:
    made = copy.deepcopy(row)
    at = made
    for step in path[:-1]:
        at = at[step]
    if junk is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = junk
    return made


def _places(row: Any, before: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    entries = row.items() if isinstance(row, dict) else enumerate(row) if isinstance(row, list) else ()
    found: list[tuple[str | int, ...]] = []
    for key, value in entries:
        found += [(*before, key), *_places(value, (*before, key))]
    return found


WHOLE = here.furnished_by_hand()
ROWS = [
    ("jobs", str(here.JOB), f"/jobs/{here.JOB}"),
    ("runs", str(here.FAILED), f"/jobs/{here.JOB}/runs/{here.FAILED}"),
    ("runs", str(here.REPAIRED), f"/jobs/{here.JOB}/runs/{here.REPAIRED}"),
    ("run_notes", str(here.FAILED), f"/jobs/{here.JOB}/runs/{here.FAILED}"),
    ("pipelines", "p-1", "/things/pipelines"),
]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_nothing_that_is_missing_or_odd_breaks_a_page(data: st.DataObject) -> None:
    _odd(data)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None)
@given(st.data())
def test_nothing_that_is_missing_or_odd_breaks_a_page_at_length(data: st.DataObject) -> None:
    _odd(data)


def _odd(data: st.DataObject) -> None:
    table, key, path = data.draw(st.sampled_from(ROWS))
    row = dict(WHOLE.tables[table].items())[key]
    place = data.draw(st.sampled_from(_places(row)))
    state = State()
    for name, rows in WHOLE.tables.items():
        for each, value in rows.items():
            state.tables[name][each] = value
    state.tables[table][key] = _mangled(row, place, data.draw(st.just(...) | JUNK))
    for each in (path, "/", f"/jobs/{here.JOB}", "/runs"):
        status, document = page(state, each, {}, now=here.NOW)
        assert status in {200, 404}
        assert "<script" not in document
        Page(document)
