"""`lakeflow workspace`: what it says, what stops it, how it is talked to, and one line for what cannot be."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from lakeflow.cli import main
from lakeflow.workspace.server import listening
from lakeflow.workspace.store import Store
from tests.support.ended import Ended
from tests.support.project import ROOT
from tests.support.workspace_process import WorkspaceProcess


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call the command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def called(*words: str) -> Ended:
        status = main(["workspace", *words])
        said = capsys.readouterr()
        return Ended(status, said.out, said.err)

    return called


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--port", "70000"], "--port is 70000; it is between 0 and 65535"),
        (["--speed", "0"], "--speed is 0.0; it is above 0, and up to 1,000,000"),
        (["--throttle", "0"], "--throttle is 0; it is 1 or more"),
        (["--past"], "--past is that of a scenario; name one with --scenario"),
        (["--scenario", "ninety-day"], "ninety-day: cannot be read"),
        (["env"], ".lakeflow/workspace.db: no workspace runs with this state; start it: lakeflow workspace"),
        (["clock", "--advance", "1d"], "no workspace runs with this state"),
        (["--host", "192.0.2.1", "--port", "0"], "cannot listen on 192.0.2.1:0"),
        (["--state", "/proc/nobody/workspace.db"], "/proc/nobody/workspace.db: cannot be made"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_cannot_be_is_one_line(call: Any, words: list[str], says: str) -> None:
    ended = call(*words)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("error: ")
    assert says in ended.err
    assert ended.err.count("\n") == 1


def test_a_port_in_use_leaves_nothing_behind(call: Any, tmp_path: Path) -> None:
    with listening("127.0.0.1", 0) as taken:
        ended = call("--port", str(taken.getsockname()[1]))
    assert ended.status == 2
    assert "address already in use" in ended.err
    assert not list(tmp_path.iterdir())


def test_a_state_in_use_is_one_line(call: Any, tmp_path: Path) -> None:
    with Store(tmp_path / "w.db"):
        ended = call("--state", "w.db", "--port", "0")
    assert ended.err == "error: w.db: another workspace is using it; stop that one, or name another --state\n"


def test_a_corrupt_state_is_one_line(call: Any, tmp_path: Path) -> None:
    (tmp_path / "w.db").write_text("nothing of ours " * 200)
    ended = call("--state", "w.db", "--port", "0")
    assert ended.err == ("error: w.db: is no state of a workspace, or damaged; restore it, or name another --state\n")


@pytest.mark.slow
def test_it_is_started_talked_to_and_stopped(tmp_path: Path) -> None:
    state = tmp_path / ".lakeflow" / "workspace.db"
    command = [sys.executable, "-m", "lakeflow", "workspace"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}

    def said(*words: str) -> str:
        ended = subprocess.run(
            [*command, *words], capture_output=True, text=True, check=False, cwd=tmp_path, env=environ
        )
        return ended.stdout + ended.stderr

    started = subprocess.Popen(
        [*command, "--port", "0", "--scenario", "ninety-days", "--past"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environ,
    )
    try:
        assert started.stdout
        first = started.stdout.readline()
        host = first.split()[4].rstrip(",")
        assert first == f"a Databricks workspace at {host}, with 5 jobs and 743 runs\n"

        assert said("env").startswith(f"export DATABRICKS_HOST={host}\nexport DATABRICKS_TOKEN=local-")
        assert said("clock").startswith("2026-11-22T06:")  # the end of the past
        assert (
            said("clock", "--to", "2026-11-30T06:00:00Z", "--speed", "60")
            == "2026-11-30T06:00:00Z, 60 seconds in one\n"
        )
        assert "time does not go back" in said("clock", "--to", "2026-11-01")
        assert "another workspace is using it" in said("--port", "0")

        started.send_signal(signal.SIGTERM)
        out, err = started.communicate()
    finally:
        started.kill()
        started.communicate()
    assert (started.returncode, err) == (0, "")
    assert out.endswith("\nstopped; everything is in .lakeflow/workspace.db\n")
    assert "no workspace runs with this state" in said("env")
    assert sorted(path.name for path in state.parent.iterdir()) == ["workspace.db", "workspace.db.log"]
    assert state.stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_one_that_was_killed_is_not_mistaken_for_one_that_runs(tmp_path: Path) -> None:
    state = tmp_path / "w.db"
    with WorkspaceProcess(state) as running:
        running.kill()
        ended = subprocess.run(
            [sys.executable, "-m", "lakeflow", "workspace", "env", "--state", str(state)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert "no workspace runs with this state" in ended.stderr
    with WorkspaceProcess(state) as again:
        headers = {"Authorization": f"Bearer {running.token}"}
        assert requests.get(f"{again.host}/api/2.2/jobs/list", headers=headers, timeout=10).status_code == 200
