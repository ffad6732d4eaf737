"""The maintained fork of cdktf is a one-line move: the same sources give the same resources with it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.project import ROOT, Project

pytestmark = pytest.mark.slow

PYTHON = ROOT / ".venv-cdktn" / "bin" / "python"


def test_cdktn_gives_the_same_documents(tmp_path: Path) -> None:
    if not PYTHON.is_file():
        pytest.fail(f"{PYTHON.relative_to(ROOT)} is missing: make .venv-cdktn/.ready sets it up")
    project, fork = Project.copy(tmp_path / "cdktf"), Project.copy(tmp_path / "cdktn")
    assert project.synth().returncode == 0
    shutil.copytree(ROOT / "constructs_lib", fork.root / "constructs_lib", ignore=shutil.ignore_patterns("__pycache__"))
    fork.edit("constructs_lib/_terraform.py", "\nimport cdktf\n", "\nimport cdktn as cdktf\n")
    ended = subprocess.run([PYTHON, "main.py"], cwd=fork.root, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    for stack in ("dev", "test", "prod"):
        assert fork.document(stack) == project.document(stack)
