"""Whoever may name a job, a task, a cluster or a tag of a workspace writes into a report: never more than text."""

import json
from pathlib import Path
from typing import Any

import pytest

from lakeflow.history import recorded
from lakeflow.history.facts import AllPurposeCluster, Usage
from tests.lakeflow.monitor.conftest import Monitor, write_map
from tests.lakeflow.monitor.reporting import IDLE, SALES
from tests.support import facts
from tests.support.html_page import Page

HOSTILE = (
    '"><script>alert(1)</script>',
    "`](https://evil.example) @team #1 | ![x](//evil.example/x.png)",
    "::error file=x::y",
    "a\nb\r\n- c\u202e\x1b[31m\u2028d",
    "</code></td></tr></table></details><b>",
)
KEPT = {"source", "environment", "key", "address", "kind", "job_id", "host"}
"""Fields with words of ours, or by which the code is found."""


def hostile(found: Any, text: str, name: str = "") -> Any:
    """Return a document of facts with a text in the place of every name in it."""
    if isinstance(found, dict):
        return {key: hostile(value, text, key) for key, value in found.items()}
    if isinstance(found, list):
        return [hostile(value, text, name) for value in found]
    if not isinstance(found, str) or name in KEPT or name.endswith(("_at", "since", "until", "day", "outcome")):
        return found
    return text


@pytest.fixture(params=range(len(HOSTILE)))
def text(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Write facts whose every name is this text, and the map of a stack beside them."""
    text = HOSTILE[request.param]
    usage = Usage(
        runs=20, node_type="x", most_workers=4, cpu_mean=9, cpu_p95=12, io_wait_mean=0, memory_max=20, swap_max=0
    )
    known = facts.facts(
        facts.job(
            "sales",
            SALES.current,
            **{name: getattr(SALES, name) for name in ("previous", "days", "failures", "tasks", "cost", "change")},
            usage=usage,
            all_purpose=(AllPurposeCluster(cluster_id="c", name="c", runs=3),),
        ),
        IDLE,
        not_known=("x",),
        undeployed=("x",),
    )
    document = hostile(json.loads(recorded.write(known)), text)
    document["undeployed"] = []  # keys of the code
    write_map(facts.stack(), tmp_path)
    (tmp_path / "facts.json").write_text(json.dumps(document), encoding="utf-8")
    return text


def said(monitor: Monitor, form: str, view: str = "report") -> str:
    ended = monitor(view, "--env", "prod", "--source", "facts.json", "--format", form)
    assert ended.err == ""
    return ended.out


def test_in_a_page(monitor: Monitor, text: str) -> None:
    found = Page(said(monitor, "html"))
    assert not {"script", "b", "img"} & {tag for tag, _ in found.elements}
    assert all("evil" not in str(attributes["href"]) for attributes in found.all("a"))


@pytest.mark.parametrize("view", ["report", "suggest", "drift"])
def test_in_markdown(monitor: Monitor, text: str, view: str) -> None:
    shown = said(monitor, "markdown", view)
    outside = "".join(part for place, part in enumerate(shown.split("`")) if not place % 2)
    assert "<script" not in shown
    assert not [sign for sign in ("](", "@team", "![", "https://evil") if sign in outside]
    assert shown.count("</details>") == shown.count("<details>")


@pytest.mark.parametrize("view", ["report", "suggest", "drift"])
def test_in_text(monitor: Monitor, text: str, view: str) -> None:
    shown = said(monitor, "text", view)
    assert not {"\x1b", "\r", "\u202e", "\u2028"} & set(shown)
    assert "::error" not in shown


def test_in_json(monitor: Monitor, text: str) -> None:
    found = json.loads(said(monitor, "json"))
    assert found["jobs"][0]["tasks"][0]["task"] == text
