"""The verb, run in a folder with the map of a stack."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lakeflow import cli
from lakeflow.stack_map import JobEntry, StackMap
from tests.support.ended import Ended

Monitor = Callable[..., Ended]


def write_map(stack: StackMap, folder: Path) -> None:
    """Write the map of a stack as synth leaves it."""
    document = {
        "format": 1,
        "stack": stack.stack,
        "order": stack.order,
        "environment": stack.environment,
        "host": stack.host,
        "sources": stack.sources,
        "variables": [],
        "known": {},
        "jobs": {key: _job(entry) for key, entry in stack.jobs.items()},
    }
    beside = folder / "cdktf.out" / "stacks" / stack.stack
    beside.mkdir(parents=True, exist_ok=True)
    (beside / "lakeflow.json").write_text(json.dumps(document), encoding="utf-8")


def _job(entry: JobEntry) -> dict[str, Any]:
    file, _, line = (entry.source or "").rpartition(":")
    return {
        "address": entry.address,
        "path": entry.path,
        "name": entry.name,
        "goal": entry.goal,
        "owner": entry.owner,
        "source": {"file": file, "line": int(line)} if file else None,
        "settings": entry.settings,
        "accepted": {},
        "findings": [],
    }


@pytest.fixture
def monitor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Monitor:
    """Run `lakeflow monitor` in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(cli.VERBS, "monitor", "")

    def run(*words: str) -> Ended:
        capfd.readouterr()
        status = cli.main(["monitor", *words])
        said = capfd.readouterr()
        return Ended(status, said.out, said.err)

    return run
