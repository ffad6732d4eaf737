"""The real provider against `lakeflow.workspace`: a folder that terraform deploys from, and what it left behind."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import pytest

from constructs_lib import LakeflowApp, LakeflowStack
from lakeflow.workspace.core import route_of
from lakeflow.workspace.exchange import Answer, Json, Request
from lakeflow.workspace.server import running
from lakeflow.workspace.store import Store
from lakeflow.workspace.users import User
from lakeflow.workspace.workspace import Workspace

DEPLOYER = "deployer@example.com"
_NEEDED = {
    "terraform": {"required_providers": {"databricks": {"source": "databricks/databricks", "version": ">= 1.128"}}}
}


class _Watched(Workspace):
    """A workspace that remembers what it was asked for and does not know."""

    def __init__(self, store: Store, users: Mapping[str, User | str]) -> None:
        super().__init__(store, users)
        self.unknown: set[str] = set()

    def answers(self, requests: Sequence[Request], machine: int) -> list[Answer]:
        answers = super().answers(requests, machine)
        for request, answer in zip(requests, answers, strict=True):
            if b"ENDPOINT_NOT_FOUND" in answer.body or answer.status >= 500:
                self.unknown.add(route_of(request))
        return answers


class LocalWorkspace:
    """The workspace as `lakeflow workspace` serves it, kept in memory; start and stop it with `with`."""

    def __init__(self) -> None:
        self.token = "secret-of-the-test"
        self._stack = ExitStack()
        self._store = self._stack.enter_context(Store(":memory:"))
        self._workspace = _Watched(self._store, {self.token: DEPLOYER})
        self.state = self._workspace.state
        self.unknown = self._workspace.unknown

    def __enter__(self) -> Self:
        self.host = self._stack.enter_context(running(self._workspace, [self.token]))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def jobs(self) -> dict[str, Json]:
        """Return the settings of all jobs by their names, with whom they run as, which the API does not read back."""
        rows = json.loads(json.dumps(list(self.state.tables["jobs"].values())))
        return {row["settings"]["name"]: {**row["settings"], "run_as": row["run_as"]} for row in rows}

    def left(self) -> dict[str, list[str]]:
        """Return the ids of all that is there, by kind.

        What is in the trash does not count, and no directories, which terraform makes for what it puts into them.
        """
        tables = {name: dict(rows) for name, rows in self.state.tables.items()}
        for name, kind in (("objects", "object_type"), ("dashboards", "lifecycle_state")):
            gone = {"DIRECTORY", "TRASHED"}
            tables[name] = {key: row for key, row in tables[name].items() if row[kind] not in gone}
        return {name: list(rows) for name, rows in tables.items() if rows and name != "settings"}


class Terraform:
    """A folder that terraform deploys from, with its state in the same folder."""

    def __init__(self, folder: Path, workspace: LocalWorkspace) -> None:
        self.folder = folder
        self._host = workspace.host
        self._environ = {
            "DATABRICKS_TOKEN": workspace.token,
            "TF_VAR_SLACK_DATA_PLATFORM_URL": "https://hooks.example.com/x",
        }
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "backend_override.tf.json").write_text('{"terraform": {"backend": {"local": {}}}}')

    def __call__(self, *words: str) -> str:
        """Run terraform and return what it says; fail the test where it fails."""
        ended = run(self.folder, *words, "-no-color", **self._environ)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def write(self, add: Callable[[LakeflowStack], object]) -> None:
        """Write a stack into the folder, made of what `add` adds to it."""
        app = LakeflowApp(outdir=str(self.folder / "synth"))
        stack = LakeflowStack(app, "stack", environment="test", host=self._host, workspace_id="1")
        add(stack)
        app.synth()
        shutil.copytree(self.folder / "synth" / "stacks" / "stack", self.folder, dirs_exist_ok=True)

    def init(self) -> None:
        """Find the provider."""
        self("init", "-input=false")

    def plan(self) -> dict[str, list[str]]:
        """Return what a plan would do, by address; what stays as it is does not count."""
        self("plan", "-input=false", "-out=plan")
        plan: Any = json.loads(self("show", "-json", "plan"))
        changes = {change["address"]: change["change"]["actions"] for change in plan["resource_changes"]}
        return {address: actions for address, actions in changes.items() if actions != ["no-op"]}

    def apply(self) -> None:
        """Deploy."""
        self("apply", "-input=false", "-auto-approve")

    def destroy(self) -> None:
        """Delete all that was deployed."""
        self("destroy", "-input=false", "-auto-approve")


def run(folder: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run terraform in a folder."""
    return subprocess.run(
        [_binary(), f"-chdir={folder}", *words],
        env={**os.environ, "TF_IN_AUTOMATION": "1", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def need_provider() -> None:
    """Skip the test, and say so, where terraform does not find the provider."""
    problem = _problem()
    if problem:
        pytest.skip(problem)


@cache
def _problem() -> str | None:
    if shutil.which(_binary()) is None:
        return "terraform is not installed"
    with TemporaryDirectory() as folder:
        (Path(folder) / "main.tf.json").write_text(json.dumps(_NEEDED))
        if run(Path(folder), "init", "-input=false", "-no-color").returncode:
            return "terraform finds no databricks/databricks in a registry or a mirror (TF_CLI_CONFIG_FILE)"
    return None


def _binary() -> str:
    return os.environ.get("TERRAFORM_BINARY_NAME", "terraform")
