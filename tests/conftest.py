"""What every test can use; and the environment variables of whoever runs the tests kept out of them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support.project import ROOT, Project

# The same examples in every run, so that it says something of the change; HYPOTHESIS_PROFILE=wide looks for new ones.
# A machine that others use too is slow at times, and that is no failure.
_UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", _UNHURRIED, derandomize=True)
settings.register_profile("wide", _UNHURRIED, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

_FOREIGN = ("DATABRICKS_", "LAKEFLOW_", "ARM_", "AZURE_", "TF_VAR_", "CDKTF_", "TERRAFORM_BINARY_NAME")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


@pytest.fixture(autouse=True, scope="session")
def _hermetic() -> Iterator[None]:
    saved = dict(os.environ)
    for name in saved:
        if name.startswith(_FOREIGN) or name.lower() in _PROXIES:
            del os.environ[name]
    os.environ["DATABRICKS_CONFIG_FILE"] = os.devnull
    os.environ["CHECKPOINT_DISABLE"] = "1"
    os.environ["COLUMNS"] = "200"
    yield
    os.environ.clear()
    os.environ.update(saved)


@pytest.fixture(autouse=True)
def _in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in the project's folder, as every command is."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of the sample project to change and run."""
    return Project.copy(tmp_path / "project")


@pytest.fixture
def stack() -> Any:
    """An empty stack of a workspace that does not exist."""
    from constructs_lib import LakeflowApp, LakeflowStack

    return LakeflowStack(
        LakeflowApp(), "dev", environment="dev", host="https://adb-1.1.azuredatabricks.net", workspace_id="1"
    )


@pytest.fixture
def synth() -> Callable[[Any], dict[str, Any]]:
    """A function from a stack to its final document, without cdktf's comments."""
    import json

    import cdktf

    from tests.support.project import without_comments

    return lambda stack: without_comments(json.loads(cdktf.Testing.synth(stack)))
