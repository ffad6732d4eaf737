"""`lakeflow synth` on a copy of the sample project, and the map that other verbs read."""

import json
from pathlib import Path

import pytest

from constructs_lib import LakeflowError
from lakeflow.stack_map import StackMap
from tests.support.project import Project

pytestmark = pytest.mark.slow

NOW = "2026-11-23T00:00"


def test_a_line_for_each_job(project: Project) -> None:
    ended = project.lakeflow("synth", "--now", NOW)
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = [line.split() for line in ended.stdout.splitlines() if line.strip()]
    assert lines[0] == ["environment", "job", "tasks", "trigger", "next", "run", "compute", "findings"]
    assert lines[1][:3] == ["dev", "daily-sales", "6"]
    assert [line[0] for line in lines if line[1] == "daily-sales"] == ["dev", "test", "prod"]
    prod = next(line for line in lines if line[0] == "prod")
    assert " ".join(prod[3:]).startswith("at 05:30, Europe/Berlin Mon 23 Nov 05:30 ")


def test_the_same_as_json(project: Project) -> None:
    ended = project.lakeflow("synth", "prod", "--now", NOW, "--format", "json")
    found = {row["job"]: row for row in json.loads(ended.stdout)}
    assert found["daily-sales"]["next_run"] == "2026-11-23T05:30:00+01:00"
    assert found["live-orders"] == {
        "stack": "prod",
        "job": "live-orders",
        "tasks": 1,
        "trigger": "continuous",
        "paused": False,
        "next_run": None,
        "compute": "own cluster 2 × Standard_E8ds_v5",
        "findings": {},
    }


def test_a_mistake_is_the_apps_own_message(project: Project) -> None:
    project.edit("stacks/live_orders.py", "tasks=[stream]", "tasks=[]")
    ended = project.lakeflow("synth")
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("error: dev/live-orders/job (stacks/live_orders.py:")
    assert ended.stderr.count("error:") == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["synth", "--now", "soon"], "error: --now: 'soon' is no time; write it as 2026-01-31T06:00:00+01:00\n"),
    ],
)
def test_unusable_arguments(project: Project, words: list[str], message: str) -> None:
    ended = project.lakeflow(*words)
    assert (ended.returncode, ended.stderr) == (2, message)


def test_outside_a_project(tmp_path: Path) -> None:
    ended = Project(tmp_path).lakeflow("synth")
    assert (ended.returncode, ended.stderr) == (
        2,
        "error: there is no main.py here; run lakeflow in the project's folder\n",
    )


def test_the_map_says_when_it_is_older_than_its_sources(project: Project) -> None:
    assert project.lakeflow("synth", "dev").returncode == 0
    assert project.lakeflow("graph", "daily-sales", "--env", "dev").stderr == ""
    project.edit("assets/daily-sales/report.sql", "seven", "7")
    ended = project.lakeflow("graph", "daily-sales", "--env", "dev")
    assert ended.returncode == 0
    assert ended.stderr == "note: the sources changed since dev was synthesised; lakeflow synth renews it\n"


def test_the_map_knows_what_references_stand_for(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert project.lakeflow("synth", "dev").returncode == 0
    monkeypatch.chdir(project.root)
    job = StackMap.read("dev").job("document-intake")
    assert job.resolved["trigger"]["file_arrival"]["url"] == "/Volumes/sales_dev/document_intake/landing/"
    assert "${" in job.settings["trigger"]["file_arrival"]["url"]


def write(folder: Path, text: str) -> None:
    path = folder / "stacks" / "dev" / "lakeflow.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "stacks/dev/lakeflow.json: is not JSON: "),
        ("[]", "stacks/dev/lakeflow.json: was written by another version of lakeflow; run lakeflow synth"),
        ('{"format": 99}', "stacks/dev/lakeflow.json: was written by another version of lakeflow; run lakeflow synth"),
    ],
)
def test_a_map_that_is_none(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, text)
    with pytest.raises(LakeflowError) as raised:
        StackMap.read("dev", tmp_path)
    assert message in str(raised.value)


def test_a_stack_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LakeflowError, match=r"there is no stack in .*; run lakeflow synth"):
        StackMap.read("dev", tmp_path)
    write(tmp_path, "{}")
    with pytest.raises(LakeflowError, match=r"there is no stack 'dve' in .*, only dev; did you mean 'dev'\?"):
        StackMap.read("dve", tmp_path)


def test_a_job_that_is_not_there() -> None:
    found = StackMap(stack="dev", order=0, environment="dev", host="", sources="", variables=(), jobs={})
    with pytest.raises(LakeflowError, match="the stack 'dev' has no job 'x'"):
        found.job("x")
