"""The report as Markdown and as JSON."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from lakeflow.monitor.reports import json as as_json, markdown
from tests.lakeflow.monitor.reporting import named, report
from tests.support.project import ROOT


def document(view: str = "report") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(as_json.render(report(), view))
    return found


def test_markdown_begins_with_the_worst() -> None:
    lines = markdown.render(report()).splitlines()
    assert lines[:2] == ["<!-- lakeflow-monitor:v1 env=prod -->", "## 🟠 `prod`: 1 to watch, 1 without runs, 1 well"]
    assert (
        "| 🟠 watch | `sales` | 30 | 93% | **20m** (+33%) | **24m** (+33%) | 1m 1s | 31% | 112 | &#36;33.60 | "
        "**3.73** (+86%) | 1 |" in lines
    )


@pytest.mark.parametrize(
    "line",
    [
        "- **runs** 30: 28 succeeded, 1 failed, 1 timed out; 93% succeeded (was 100%)",
        "- **changed** 10 Nov 2026 09:00 UTC: worse: p95 18m → 24m over 12 runs",
        "| `load` | 30 | **2** | 15m | 18m | 19m |  | 4 | 3 | critical |",
        "| code | `RUN_EXECUTION_ERROR` | 1 | 20 Nov 2026 05:42 UTC, run `9001` |",
        "| unowned | `Customer export (do not use)`<br>id `120044` | no code owns it | adopt it, or delete it |",
        "- Notifications of the jobs.",
    ],
)
def test_markdown_has_everything(line: str) -> None:
    assert line in markdown.render(report()).splitlines()


def test_every_row_of_markdown_has_as_many_cells_as_its_head() -> None:
    cells = 0
    for line in markdown.render(report()).splitlines():
        if line.startswith("|"):
            cells = cells or line.count("|")
            assert line.count("|") == cells, line
        else:
            cells = 0


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_no_name_is_markup(name: str) -> None:
    lines = markdown.render(named(name)).splitlines()
    same = markdown.render(named("plain")).splitlines()
    # Whatever it is called, no line, no cell and no element is more or less than of any other job.
    assert [line[:2] for line in lines] == [line[:2] for line in same]
    assert [line.count("|") for line in lines if line.startswith("|")] == [
        line.count("|") for line in same if line.startswith("|")
    ]
    assert [line.count("<") for line in lines if "<summary" in line] == [
        line.count("<") for line in same if "<summary" in line
    ]


def test_a_mention_and_a_link_are_only_text() -> None:
    shown = markdown.html_text("ask @team, see https://evil.example/#1 or [x](y) :tada: at 07:00, p95: 3")
    assert not set("@[]#") & set(shown.replace("&#", ""))
    assert "https:" not in shown
    assert ":tada" not in shown
    assert shown.endswith("at 07:00, p95: 3")


def test_only_what_to_change_or_what_is_odd() -> None:
    suggested, drifted = (markdown.render(report(), view) for view in ("suggest", "drift"))
    assert "## `prod`: 1 suggestion" in suggested
    assert "| T2 | `sales` | the timeout of 45m is tight<br>" in suggested
    assert "unowned" not in suggested
    assert "## `prod`: 1 oddity" in drifted
    assert "T2" not in drifted


def test_json_has_the_numbers_of_the_facts() -> None:
    found = document()
    assert found["format"] == 1
    assert found["summary"]["jobs"] == {"failing": 0, "watch": 1, "no runs": 1, "well": 1}
    assert found["summary"]["dbus"] == {"now": 112.0, "before": 60.0, "change": 0.8667, "noticed": "worse"}
    sales = found["jobs"][0]
    assert (sales["job"], sales["standing"], sales["timeout_seconds"]) == ("sales", "watch", 2700)
    assert sales["runs"]["total"] == 30
    assert sales["runs"]["durations"] == {"n": 28, "p50": 1200.0, "p95": 1440.0, "p99": 1500.0, "max": 1500.0}
    assert sales["trend"]["p95"] == {"now": 1440.0, "before": 1080.0, "change": 0.3333, "noticed": "worse"}
    assert sales["change"]["verdict"] == {"word": "worse", "text": "p95 18m → 24m over 12 runs"}
    assert sales["failures"][0]["kind"] == "code"
    assert sales["tasks"][0]["on_critical_path"] is True
    assert datetime.fromisoformat(found["known_until"]).utcoffset() is not None
    [advice] = found["suggestions"]
    assert (advice["rule"], advice["before"], advice["after"]) == ("T2", 2700, 3600)
    assert advice["evidence"]["n"] == 28
    assert advice["place"]["file"] == "environments/prod.yaml"
    assert found["oddities"][0]["kind"] == "unowned"


def test_json_of_the_other_views() -> None:
    assert set(document("suggest")) == set(document()) - {"summary", "jobs", "oddities", "undeployed", "not_known"}
    assert set(document("drift")) - set(document("suggest")) == {"oddities", "undeployed"}


def test_the_documentation_names_every_field() -> None:
    page = (ROOT / "docs" / "monitor.md").read_text(encoding="utf-8")
    section = page.partition("## JSON")[2].partition("\n## ")[0]
    found = document()
    for name in (*found, *found["jobs"][0], *found["jobs"][0]["tasks"][0], *found["suggestions"][0]):
        assert f"`{name}" in section, name
