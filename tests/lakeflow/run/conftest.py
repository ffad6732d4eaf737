"""A stack whose job is deployed to a workspace of the tests, and the command as a user types it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.synthesis import JobRecord, StackRecord, write_stack
from lakeflow.cli import main
from lakeflow.run.running import SystemClock
from tests.support.clean import nothing_of_the_machine
from tests.support.workspace import Workspace

NAME = "[dev] daily-sales"
NOTEBOOK = {"notebook_path": "/Shared/n"}
TASKS: list[dict[str, Any]] = [
    {"task_key": "ingest", "notebook_task": NOTEBOOK},
    {"task_key": "clean", "notebook_task": NOTEBOOK, "depends_on": [{"task_key": "ingest"}]},
    {"task_key": "report", "notebook_task": NOTEBOOK, "depends_on": [{"task_key": "clean"}]},
]
PARAMETERS = [{"name": "catalog", "default": "main"}, {"name": "date", "default": ""}]


@dataclass(frozen=True)
class Said:
    """What the command left behind."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output as the one JSON document that it is."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


@dataclass
class Deployed:
    """The stack `dev`: its map in a folder, its job in the workspace."""

    workspace: Workspace
    folder: Path
    capture: pytest.CaptureFixture[str]
    tasks: list[dict[str, Any]] = field(default_factory=lambda: TASKS)
    ids: list[int] = field(default_factory=list)

    def deploy(self, *tasks: dict[str, Any], name: str = NAME) -> int:
        """Create the job in the workspace, with its own tasks or these."""
        self.tasks = list(tasks) or self.tasks
        self.write_map(self.workspace.host)
        self.ids.append(self.workspace.jobs.create({"name": name, "tasks": self.tasks, "parameters": PARAMETERS}))
        return self.ids[-1]

    def write_map(self, host: str, name: str = NAME) -> None:
        """Write what synth leaves."""
        record = StackRecord(stack="dev", environment="dev", host=host)
        job = JobRecord(
            key="daily-sales",
            address="databricks_job.daily_sales",
            path="dev/daily-sales/job",
            goal="Yesterday's sales",
            owner="data@example.com",
            source="stacks/daily_sales.py:31",
        )
        record.jobs[job.key] = job
        record.settings[job.address] = {"name": name, "task": self.tasks, "parameter": PARAMETERS}
        write_stack(record, self.folder, "sha256:0")

    def run(self, *arguments: str, job: str = "daily-sales", env: str = "dev", interval: str = "0s") -> Said:
        """Type `lakeflow run daily-sales --env dev …`."""
        fixed = ["--env", env, "--folder", str(self.folder), "--interval", interval]
        status = main(["run", job, *fixed, *arguments])
        out, err = self.capture.readouterr()
        return Said(status, out, err)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let no time pass; the list holds how long it would have been."""
    slept: list[float] = []
    monkeypatch.setattr(SystemClock, "pause", lambda _, seconds: slept.append(seconds))
    monkeypatch.setattr("databricks.sdk.clock.RealClock.sleep", lambda _, seconds: slept.append(seconds))
    return slept


@pytest.fixture
def workspace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace, and an environment with its credentials and nothing of the machine's own."""
    nothing_of_the_machine(monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path / "no-programs"))
    monkeypatch.chdir(tmp_path)
    with Workspace() as workspace:
        monkeypatch.setenv("DATABRICKS_TOKEN", workspace.token)
        yield workspace


@pytest.fixture
def dev(workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], pauses: list[float]) -> Deployed:
    """The stack `dev` with its job deployed."""
    deployed = Deployed(workspace, tmp_path / "cdktf.out", capsys)
    deployed.deploy()
    return deployed
