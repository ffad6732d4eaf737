"""What the tests of `lakeflow check` share: the command, run on text, and a small job."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lakeflow.cli import main
from tests.support.ended import Ended


class Checked(Ended):
    """How a check ended, and what it found."""

    @property
    def found(self) -> list[tuple[str, str]]:
        """Code and path of each finding."""
        return [(each["code"], each["path"]) for each in self.document["findings"]]


Check = Callable[..., Checked]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """Run `lakeflow check` in an empty folder; what is given by name is written there first."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str, **files: Any) -> Checked:
        for name, content in files.items():
            path = tmp_path / name.replace("__", "/").replace("_json", ".json").replace("_yml", ".yml")
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        capsys.readouterr()
        status = main(["check", *words])
        said = capsys.readouterr()
        return Checked(status, said.out, said.err)

    return run


def notebook(key: str, **attributes: Any) -> dict[str, Any]:
    """Return a task of REST that runs a notebook."""
    return {"task_key": key, "notebook_task": {"notebook_path": "/Shared/a"}, **attributes}


def settings(*tasks: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """Return the settings of a job of REST in which nothing is wrong, unless what is given is."""
    return {"name": "daily", "tasks": list(tasks or [notebook("a")]), **attributes}


LOST = notebook("b", depends_on=[{"task_key": "a"}, {"task_key": "nope"}])
"""A task that depends on one that is not there: LF108 at /depends_on/1/task_key."""
