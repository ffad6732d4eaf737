"""The Databricks CLI deploys a bundle to the workspace, runs it and takes it away; skipped where there is none."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.workspace_process import WorkspaceProcess

pytestmark = pytest.mark.slow

BUNDLE = """\
bundle:
  name: demo
resources:
  jobs:
    daily:
      name: daily
      tasks:
        - task_key: load
          notebook_task: {notebook_path: ./load.py}
        - task_key: report
          depends_on: [{task_key: load}]
          notebook_task: {notebook_path: ./load.py}
"""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[WorkspaceProcess]:
    with WorkspaceProcess(tmp_path / "w.db", "--speed", "600") as running:
        yield running


def test_a_bundle_is_deployed_run_and_destroyed(running: WorkspaceProcess, tmp_path: Path) -> None:
    binary = shutil.which("databricks")
    if binary is None:
        pytest.skip("the Databricks CLI is not installed")
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "databricks.yml").write_text(BUNDLE)
    (folder / "load.py").write_text("# Databricks notebook source\nprint(1)\n")
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "DATABRICKS_HOST": running.host,
        "DATABRICKS_TOKEN": running.token,
        "DATABRICKS_BUNDLE_ENGINE": "direct",  # the other one downloads Terraform
    }

    def said(*words: str) -> str:
        ended = subprocess.run([binary, *words], capture_output=True, text=True, check=False, cwd=folder, env=environ)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    assert "Validation OK!" in said("bundle", "validate")
    assert "Resources: 1 created, 0 changed, 0 deleted, 0 unchanged" in said("bundle", "deploy")
    assert '"daily" TERMINATED SUCCESS' in said("bundle", "run", "daily")
    assert "Resources: 0 created, 0 changed, 0 deleted, 1 unchanged" in said("bundle", "deploy")
    (job,) = json.loads(said("jobs", "list", "--output", "json"))
    ended = json.loads(said("jobs", "run-now", str(job["job_id"]), "--output", "json"))
    assert ended["state"]["result_state"] == "SUCCESS"
    said("bundle", "destroy", "--auto-approve")
    assert json.loads(said("jobs", "list", "--output", "json")) == []
