"""A workspace that databricks-sdk talks to."""

from collections.abc import Iterator
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.jobs import NotebookTask, Task

from lakeflow.workspace.core import Core
from lakeflow.workspace.state import State
from lakeflow.workspace.store import Store
from lakeflow.workspace.workspace import Workspace
from tests.support.clean import nothing_of_the_machine
from tests.support.kept import check
from tests.support.loopback import Server

USERS = {"token-of-jd": "jd@example.com", "token-of-sp": "5a0c6d1e-3f27-4b8a-9c54-70e2d18b6f31"}
AT = 1_790_000_000_000


def notebook(key: str, **said: Any) -> Task:
    """Return a task of a job that runs a notebook."""
    return Task(task_key=key, notebook_task=NotebookTask("/Shared/n"), **said)


@pytest.fixture
def store() -> Iterator[Store]:
    """What it is written down in."""
    with Store(":memory:") as store:
        yield store


@pytest.fixture
def workspace(store: Store) -> Workspace:
    """The workspace, written down after every answer."""
    return Workspace(store, USERS)


@pytest.fixture
def state(workspace: Workspace) -> State:
    """What the workspace keeps."""
    return workspace.state


@pytest.fixture
def core(workspace: Workspace) -> Core:
    """The workspace without its file."""
    return workspace.core


@pytest.fixture(autouse=True)
def _nothing_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no client find credentials or a proxy of the machine's own."""
    nothing_of_the_machine(monkeypatch)


@pytest.fixture
def client(workspace: Workspace, store: Store) -> Iterator[WorkspaceClient]:
    """A client of the workspace; in the end all that has changed is written down."""
    with Server(lambda request: workspace.answers([request], request.at)[0], clock=lambda: AT) as server:
        yield WorkspaceClient(host=server.host, token="token-of-jd")
    check(workspace.state, store)
