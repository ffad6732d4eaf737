"""`lakeflow graph JOB --env ENV`."""

import json
from pathlib import Path
from typing import Any

import pytest

from lakeflow.cli import main
from lakeflow.graph.document import document
from lakeflow.graph.model import TaskGraph
from tests.lakeflow.graph.samples import DAILY_SALES, DIAMOND, job, task


@pytest.fixture
def synthesised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a synth of two jobs left."""
    jobs = {"daily-sales": DAILY_SALES, "broken": job(task("b", "zz"), name="broken")}
    entries = {
        key: {
            "address": f"databricks_job.{key}",
            "path": f"dev/{key}/job",
            "name": settings["name"],
            "goal": "Sales on the dashboard before 07:00",
            "owner": "data@example.com",
            "source": {"file": "stacks/daily_sales.py", "line": 31},
            "settings": settings,
            "accepted": {},
            "findings": [],
        }
        for key, settings in jobs.items()
    }
    stack = {"format": 1, "stack": "dev", "environment": "dev", "host": "https://adb-1.1.azuredatabricks.net"}
    facts = {"order": 0, "sources": "sha256:0", "variables": [], "known": {}}
    folder = tmp_path / "cdktf.out" / "stacks" / "dev"
    folder.mkdir(parents=True)
    (folder / "lakeflow.json").write_text(json.dumps({**stack, **facts, "jobs": entries}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path


def graph(*words: str) -> int:
    return main(["graph", *words, "--env", "dev"])


@pytest.mark.usefixtures("synthesised")
def test_the_tree_is_what_one_sees(capsys: pytest.CaptureFixture[str]) -> None:
    assert graph("daily-sales") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["[dev] daily-sales  8 tasks in 6 steps", "Sales on the dashboard before 07:00"]
    assert "└─ clean                           pipeline clean · after ingest-customers, ingest-orders" in lines


@pytest.mark.usefixtures("synthesised")
def test_a_terminal_gets_colour_and_its_own_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert graph("daily-sales") == 0
    out = capsys.readouterr().out
    assert "\x1b[1mclean\x1b[0m" in out
    assert "\n" + " " * 35 not in out
    assert "after ingest-cus" in out


@pytest.mark.usefixtures("synthesised")
@pytest.mark.parametrize(
    ("form", "start"),
    [("mermaid", "flowchart LR\n"), ("svg", "<svg xmlns="), ("json", '{\n  "format": 1,'), ("text", "[dev]")],
)
def test_a_format_is_asked_for_by_name(form: str, start: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert graph("daily-sales", "--format", form) == 0
    assert capsys.readouterr().out.startswith(start)


@pytest.mark.parametrize(
    ("name", "start"), [("g.svg", "<svg"), ("g.mmd", "flowchart"), ("g.json", "{"), ("g.txt", "[dev]"), ("g", "[dev]")]
)
def test_a_file_gets_the_format_of_its_name(
    synthesised: Path, name: str, start: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert graph("daily-sales", "--output", name) == 0
    assert (synthesised / name).read_text(encoding="utf-8").startswith(start)
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("synthesised")
def test_an_odd_job_is_drawn_and_what_is_odd_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert graph("broken", "--output", "g.svg") == 0
    assert capsys.readouterr().err == "note: broken: b depends on zz, which is not in this job\n"


@pytest.mark.usefixtures("synthesised")
@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["graph", "daily-sale", "--env", "dev"], "did you mean 'daily-sales'?"),
        (["graph", "daily-sales", "--env", "prod"], "no stack 'prod'"),
        (["graph", "daily-sales", "--env", "dev", "--folder", "elsewhere"], "run lakeflow synth"),
        (["graph", "daily-sales", "--env", "dev", "--output", "no/such/g.svg"], "no/such/g.svg: cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_one_error(words: list[str], error: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert error in said.err


def test_the_document_is_a_stable_shape() -> None:
    assert document(TaskGraph.of(job(task("a"), task("b", "a", job_cluster_key="etl", run_if="ALL_DONE")))) == {
        "format": 1,
        "name": "sales",
        "tasks": [
            {
                "id": "n0",
                "task_key": "a",
                "type": "notebook_task",
                "label": "notebook",
                "runs": "/jobs/a.py",
                "compute": {"kind": "serverless", "name": ""},
                "run_if": "ALL_SUCCESS",
                "disabled": False,
                "missing": False,
                "level": 0,
            },
            {
                "id": "n1",
                "task_key": "b",
                "type": "notebook_task",
                "label": "notebook",
                "runs": "/jobs/b.py",
                "compute": {"kind": "job_cluster", "name": "etl"},
                "run_if": "ALL_DONE",
                "disabled": False,
                "missing": False,
                "level": 1,
            },
        ],
        "edges": [{"source": "n0", "target": "n1", "outcomes": [], "closes_cycle": False}],
        "levels": [["n0"], ["n1"]],
        "longest_path": ["n0", "n1"],
        "oddities": [],
    }


def test_the_document_of_branches_loops_and_what_is_missing() -> None:
    found: dict[str, Any] = document(TaskGraph.of(DAILY_SALES))
    loop = next(each["loop"] for each in found["tasks"] if each["task_key"] == "per-country")
    assert (loop["concurrency"], loop["task"]["task_key"]) == ("2", "export-country")
    assert [edge["outcomes"] for edge in found["edges"] if edge["outcomes"]] == [["true"], ["false"]]
    missing = document(TaskGraph.of(job(task("b", "zz"))))
    assert [(each["task_key"], each["type"], each["missing"]) for each in missing["tasks"]] == [
        ("b", "notebook_task", False),
        ("zz", None, True),
    ]
    assert document(TaskGraph.of({}))["levels"] == []
    assert [document(TaskGraph.of(DIAMOND))["levels"]] == [[["n0"], ["n1", "n2"], ["n3"]]]
