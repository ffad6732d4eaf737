"""Deploying to a workspace on this machine: the one that runs, or one that runs as long as it is needed.

What was deployed and run stays in `.lakeflow/`, and `lakeflow workspace` shows it again.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from constructs_lib.errors import LakeflowError
from lakeflow.stack_map import StackMap
from lakeflow.workspace.asking import clock
from lakeflow.workspace.command import STATE
from lakeflow.workspace.whereabouts import Whereabouts

SCENARIO = "ninety-days"
"""What tasks do there: durations, task values, now and then a failure."""
SPEED = 600
"""While a run is waited for, ten minutes go by in a second."""
_OTHERS = ("ARM_", "AZURE_", "DATABRICKS_", "GOOGLE_")
_NOBODY = "https://hooks.example.com/nobody"
"""What a secret is where nobody is called."""


@contextmanager
def workspace(state: Path = STATE) -> Iterator[Whereabouts]:
    """Have a workspace for a while; what this process and those that it starts talk to is that one, and no other."""
    with _running(state) as whereabouts:
        before = dict(os.environ)
        for name in [name for name in os.environ if name.startswith(_OTHERS)]:
            del os.environ[name]
        os.environ.update(
            LAKEFLOW_WORKSPACE=whereabouts.host,
            DATABRICKS_HOST=whereabouts.host,
            DATABRICKS_TOKEN=whereabouts.token,
            DATABRICKS_CONFIG_FILE=os.devnull,
            CHECKPOINT_DISABLE="1",  # cdktf asks nobody whether it is old
        )
        try:
            yield whereabouts
        finally:
            os.environ.clear()
            os.environ.update(before)


def give_secrets(stack: StackMap) -> None:
    """Give the stack's secret variables a value that leads nowhere, where they have none."""
    for name in stack.variables:
        os.environ.setdefault(f"TF_VAR_{name}", _NOBODY)


def show_run(stack: StackMap, job: str, whereabouts: Whereabouts) -> int:
    """Run a job to its end, in fast time, and show how it goes; return the status of `lakeflow run`."""
    speed = (clock(whereabouts) or {}).get("speed", 1)
    clock(whereabouts, {"speed": SPEED})
    try:
        command = [sys.executable, "-m", "lakeflow", "run", job, "--env", stack.stack, "--interval", "1s"]
        sys.stdout.flush()
        return subprocess.run(command, check=False).returncode
    finally:
        clock(whereabouts, {"speed": speed})


@contextmanager
def _running(state: Path) -> Iterator[Whereabouts]:
    known = _known(state)
    if known:
        yield known
        return
    command = [sys.executable, "-m", "lakeflow", "workspace", "--port", "0", "--format", "json", "--state", str(state)]
    started = subprocess.Popen([*command, "--scenario", SCENARIO], stdout=subprocess.PIPE, text=True)
    try:
        line = started.stdout.readline() if started.stdout else ""
        if not line:
            raise LakeflowError("the workspace did not start", fix="see what it says above")
        said = json.loads(line)
        yield Whereabouts(host=said["host"], token=said["token"])
        sys.stdout.write("all of it is kept; look at it with: .venv/bin/lakeflow workspace\n")
    finally:
        started.terminate()
        started.wait()
        if started.stdout:
            started.stdout.close()


def _known(state: Path) -> Whereabouts | None:
    """Return where the workspace that runs already is; None where none does."""
    try:
        known = Whereabouts.read(state)
        return known if clock(known) else None
    except LakeflowError:
        return None
