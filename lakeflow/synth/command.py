"""Turn environments into cdktf.out/stacks/<environment>/cdk.tf.json, checked, and show their jobs in one table.

It runs the project's main.py, as `cdktf synth` does. Everything is checked before anything is written. With
LAKEFLOW_DEVELOPER=jd there is one stack, dev-jd: a copy of dev of one's own.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from constructs_lib.errors import LakeflowError, listed, nearest
from lakeflow import clock
from lakeflow.stack_map import OUTPUT, StackMap
from lakeflow.synth.table import rows, show

APP = Path("main.py")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `lakeflow synth` takes."""
    parser.add_argument(
        "environments", nargs="*", metavar="ENV", help="environments to synthesise; all when none is named"
    )
    clock.add_now(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how the jobs are shown")


def run(arguments: argparse.Namespace) -> int:
    """Synthesise and show the table; 1 when something is wrong with a stack, which then is not written."""
    from environments import names

    now = clock.now(arguments.now)
    if not APP.is_file():
        raise LakeflowError("there is no main.py here", fix="run lakeflow in the project's folder")
    for name in arguments.environments:
        if name not in names():
            hint = nearest(name, names())
            fix = f"did you mean {hint!r}?" if hint else f"there is {listed(names())}"
            raise LakeflowError(f"there is no environment {name!r}", fix=fix)
    # What the app prints is passed on, and its errors are its own.
    status = subprocess.run([sys.executable, str(APP), *arguments.environments], check=False).returncode  # noqa: S603
    if status:
        return 1
    stacks = sorted((StackMap.read(stack) for stack in synthesised()), key=lambda stack: stack.order)
    found = rows(stacks, now)
    if arguments.format == "json":
        json.dump([row.to_json() for row in found], sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        show(found)
    return 0


def synthesised() -> Iterable[str]:
    """Return the stacks of the last synth."""
    manifest = json.loads((OUTPUT / "manifest.json").read_text(encoding="utf-8"))
    return [name for name in manifest["stacks"] if (OUTPUT / "stacks" / name / "lakeflow.json").is_file()]
