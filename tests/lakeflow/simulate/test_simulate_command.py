"""`lakeflow simulate JOB --env ENV`."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lakeflow.cli import main
from lakeflow.history import recorded
from tests.support.control_flow import condition, job, loop
from tests.support.project import ROOT
from tests.support.team_history import of_samples

FLOW = job(
    "ingest",
    "clean(ingest)",
    "enough(clean)",
    "train(enough=true)",
    "gap(enough=false)",
    "parse-all(clean)",
    "call(clean)",
    more={
        "enough": condition("GREATER_THAN_OR_EQUAL", "{{tasks.ingest.values.rows}}", "{{job.parameters.least}}"),
        "clean": {"max_retries": 1, "min_retry_interval_millis": 90_000},
        "parse-all": loop('["x", "y"]', 2),
        "call": {"run_job_task": {"job_id": "${databricks_job.other.id}"}},
    },
    parameter=[{"name": "least", "default": "10"}],
    email_notifications={"on_failure": ["us@example.com"]},
)
JOBS = {"sales": FLOW, "other": job("x", "y(x)") | {"name": "other"}}


SEEN = """\
sales  SUCCESS  7 tasks, 13m 30s
no task failed

task       state     start   took    why
ingest     SUCCESS   0s      1m
clean      SUCCESS   1m      2m 30s  2 attempts
call       SUCCESS   3m 30s  2m
  call/x   SUCCESS   3m 30s  1m
  call/y   SUCCESS   4m 30s  1m
enough     SUCCESS   3m 30s  0s      the outcome is true
parse-all  SUCCESS   3m 30s  1m
  [0] x    SUCCESS   3m 30s  1m
  [1] y    SUCCESS   3m 30s  1m
gap        EXCLUDED                  excluded: gap follows enough where it is false, and it was true
train      SUCCESS   3m 30s  10m

ingest     ████
clean          ▒▒▒░░███
call                   ████████
enough                 │
parse-all              ████
train                  ████████████████████████████████████
           0s                                       13m 30s

critical path  ingest 1m → clean 2m 30s → enough 0s → train 10m

no notification is sent
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a synth of two jobs left, in the working directory."""
    entries = {
        key: {
            "address": f"databricks_job.{key}",
            "path": f"dev/{key}/job",
            "name": settings["name"],
            "goal": "Sales before seven",
            "owner": None,
            "source": None,
            "settings": settings,
            "accepted": {},
            "findings": [],
        }
        for key, settings in JOBS.items()
    }
    stack = {"format": 1, "stack": "dev", "environment": "dev", "host": "https://adb-1.1.azuredatabricks.net"}
    facts = {"order": 0, "sources": "sha256:0", "variables": [], "known": {}}
    below = tmp_path / "cdktf.out" / "stacks" / "dev"
    below.mkdir(parents=True)
    (below / "lakeflow.json").write_text(json.dumps({**stack, **facts, "jobs": entries}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path


def simulate(*words: str) -> int:
    return main(["simulate", "sales", "--env", "dev", *words])


def test_what_one_sees(capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate("--set", "ingest.rows=12", "--set", "clean=failed:1", "--duration", "train=10m") == 0
    assert capsys.readouterr().out == SEEN


def test_why_tasks_do_not_run_and_who_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate("--set", "clean=failed", "--only", "ingest,clean+") == 1
    said = capsys.readouterr().out
    assert "train      UPSTREAM_FAILED                 skipped: train needs all of enough, which could not run" in said
    assert "3m 30s  on_failure  the job  us@example.com (email)  FAILED" in said
    assert said.splitlines()[1] == "clean failed; call, gap, parse-all and 1 more could not run: last tasks decide"


def test_a_value_that_is_missing_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate() == 1
    assert capsys.readouterr().out.endswith("note: give the run a value: --set ingest.rows=…\n")


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate("--set", "enough=false", "--set", "parse-all[1]=failed", "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["format"], found["job"], found["environment"], found["state"]) == (1, "sales", "dev", "FAILED")
    tasks = {task["task_key"]: task for task in found["tasks"]}
    assert [each["state"] for each in tasks["parse-all"]["iterations"]] == ["SUCCESS", "FAILED"]
    assert (tasks["train"]["state"], tasks["train"]["started"], tasks["train"]["attempts"]) == ("EXCLUDED", None, [])
    assert (tasks["enough"]["outcome"], tasks["call"]["run"]["state"]) == ("false", "SUCCESS")
    assert tasks["ingest"]["attempts"][0]["parameters"] == {"least": "10"}
    assert found["notices"][-1]["to"] == "us@example.com"
    assert found["critical_path"] == ["ingest", "clean", "call"]
    assert found["switches"]["queue"] == "on"


def states(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    simulate(*words, "--format", "json")
    return {task["task_key"]: task for task in json.loads(capsys.readouterr().out)["tasks"]}


@pytest.mark.parametrize(
    ("words", "key", "state"),
    [
        (["--set", "clean=succeeded"], "clean", "SUCCESS"),
        (["--set", "clean=canceled"], "clean", "CANCELED"),
        (["--set", "clean=cancelled"], "enough", "UPSTREAM_CANCELED"),
        (["--set", "clean=skipped"], "clean", "SKIPPED"),
        (["--set", "clean=disabled"], "enough", "DISABLED"),
        (["--set", "call/x=failed"], "call", "FAILED"),
        (["--set", "each=failed"], "parse-all", "FAILED"),
        (["--set", "ingest.rows=12", "--param", "least=13"], "train", "EXCLUDED"),
        (["--set", 'ingest.rows="12"'], "train", "SUCCESS"),
        (["--set", "ingest.rows=many"], "enough", "FAILED"),
        (["--set", "ingest.rows=many", "--switch", "not_a_number=false"], "gap", "SUCCESS"),
    ],
)
def test_what_can_be_set(words: list[str], key: str, state: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert states(capsys, *words)[key]["state"] == state


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--set", "clena=failed"], "error: --set: there is no task 'clena'; did you mean 'clean'?"),
        (["--set", "clean=faild"], "error: --set: a task cannot be 'faild'; did you mean 'failed'?"),
        (["--set", "ingest.row=1"], "error: --set: no task reads a value 'row' of 'ingest'; did you mean 'rows'?"),
        (["--set", "clean.n=1"], "error: --set: no task reads a value 'n' of 'clean'"),
        (["--set", "clean"], "error: --set: 'clean' is not TASK=STATE or TASK.NAME=VALUE; write --set clean=failed"),
        (["--set", "clean[1]=failed"], "error: --set: 'clean' is no loop, and has no iteration 1"),
        (["--set", "clean=true"], "error: --set: 'clean' is no condition, and has no outcome true"),
        (["--set", "call/z=failed"], "error: --set: there is no task 'call/z'; did you mean 'call/y'?"),
        (["--param", "lest=1"], "error: --param: sales has no parameter 'lest'; did you mean 'least'? It has least"),
        (
            ["--only", "clena"],
            "error: --only: sales has no task 'clena'; did you mean 'clean'? It has call, clean, enough, gap, ingest, "
            "parse-all, train",
        ),
        (["--duration", "clean=soon"], "error: --duration: 'soon' is not a duration; write 90m, 2h, 1h30m or 45s"),
        (["--duration", "clean"], "error: --duration: 'clean' is not TASK=DURATION; write --duration clean=10m"),
        (["--switch", "qeue=on"], "error: --switch: there is no switch 'qeue'; did you mean 'queue'?"),
        (["--switch", "queue=onn"], "error: --switch: queue is 'onn'; did you mean 'on'?"),
        (["--trigger", "location"], "error: --trigger: 'location' is not NAME=VALUE; write type=FILE_ARRIVAL"),
        (
            ["--trigger", "type=file_arival"],
            "error: --trigger: there is no trigger 'file_arival'; did you mean 'FILE_ARRIVAL'?",
        ),
        (
            ["--set", "clean=timedout"],
            "error: a run never ends: a task goes on until a timeout, and neither it nor its job has one; give one of "
            "them timeout_seconds, or let the task fail",
        ),
        (["--facts", "none.json"], "error: none.json: cannot be read: No such file or directory"),
    ],
)
def test_what_is_wrong_is_one_line(words: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate(*words) == 2
    assert capsys.readouterr().err == f"{line}\n"


def test_a_terminal_gets_colour(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    simulate("--set", "ingest.rows=1")
    assert "\x1b[32mSUCCESS" in capsys.readouterr().out


def test_bars_of_ascii(folder: Path) -> None:
    words = ["simulate", "sales", "--env", "dev", "--set", "clean=failed:1", "--set", "ingest.rows=1"]
    ended = subprocess.run(
        [sys.executable, "-m", "lakeflow", *words],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
    )
    said = ended.stdout.decode("ascii")
    assert re.search(r"^clean +x+\.+#+$", said, re.MULTILINE)
    assert "ingest 1m -> clean 2m 30s -> call 2m" in said


def test_facts_of_another_stack_are_refused(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "facts.json").write_text(recorded.write(of_samples()), encoding="utf-8")
    assert simulate("--facts", "facts.json") == 2
    assert capsys.readouterr().err == "error: facts.json: holds facts of prod, not of dev; record those of dev\n"
