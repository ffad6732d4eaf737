"""cdktf's own CLI runs the project as it stands."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import ROOT, Project
from tools.node import command, environment
from tools.terraform import CLI

pytestmark = pytest.mark.slow


def test_cdktf_synth(project: Project, tmp_path: Path) -> None:
    if not (ROOT / CLI).is_file():
        pytest.fail(f"{CLI} is missing: make node_modules/.package-lock.json sets it up")
    (project.root / ".venv").symlink_to(sys.prefix)
    ended = subprocess.run(
        command([str(ROOT / CLI), "synth"]),
        cwd=project.root,
        env={**environment(os.environ), "HOME": str(tmp_path), "CHECKPOINT_DISABLE": "1", "CI": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Generated Terraform code for the stacks: dev, prod, test" in ended.stdout, ended.stderr
    assert ended.returncode == 0
    assert len(project.document("prod")["resource"]["databricks_job"]) == 3
