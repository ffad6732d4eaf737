"""The verb `lakeflow run` follows a run of the workspace to its end, as one of Databricks."""

import json
from pathlib import Path

import pytest

from constructs_lib.synthesis import JobRecord, StackRecord, write_stack
from lakeflow.cli import main
from lakeflow.run.running import SystemClock
from tests.lakeflow.workspace.runs_support import SECOND, Moved, tasks_of
from tests.support.loopback import Server


def test_a_run_is_started_and_followed_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABRICKS_TOKEN", "token-of-jd")
    moved, tasks = Moved(), {"ingest": {}, "report": {"after": ["ingest"]}}
    monkeypatch.setattr(SystemClock, "pause", lambda _, seconds: moved.pass_by(round(seconds * SECOND)))
    moved.job("daily", tasks)
    with Server(moved.answer, clock=lambda: moved.at) as server:
        record = StackRecord(stack="dev", environment="dev", host=server.host)
        address = "databricks_job.daily"
        record.jobs["daily"] = JobRecord(
            key="daily", address=address, path="dev/daily/job", goal="", owner="", source="stacks/daily.py:1"
        )
        record.settings[address] = {"name": "daily", "task": tasks_of(tasks)}
        write_stack(record, tmp_path, "sha256:0")
        said = ["--env", "dev", "--folder", str(tmp_path), "--interval", "20s", "--format", "json"]
        assert main(["run", "daily", *said]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["result"], len(document["tasks"])) == ("SUCCESS", 2)
