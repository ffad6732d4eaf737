"""Time the workspace with 2,000 jobs of ten tasks: `python -m benchmarks.workspace`.

Against the same in memory, so that what the disk costs is seen as a ratio; and how a client that pages lists them.
"""

import json
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
from databricks.sdk import WorkspaceClient

from lakeflow.workspace.server import running
from lakeflow.workspace.store import Store
from lakeflow.workspace.workspace import Workspace

JOBS = 2000
TOKEN = "local-of-the-benchmark"  # noqa: S105  # of a workspace that nobody else sees
_mine = threading.local()


def main() -> None:
    """Print how long jobs take to be created and listed."""
    os.environ["DATABRICKS_CONFIG_FILE"] = os.devnull
    with TemporaryDirectory() as folder, ExitStack() as stack:
        kept = _served(stack, Path(folder) / "workspace.db")
        memory = _served(stack, ":memory:")
        in_file, in_memory = _created(kept, 1), _created(memory, 1)
        print(f"{JOBS:,} jobs of 10 tasks, one client: {in_file:.1f} s, {in_file / in_memory:.2f} × in memory")
        many, many_in_memory = _created(kept, 20), _created(memory, 20)
        print(f"{JOBS:,} more, 20 clients at once: {many:.1f} s, {many / many_in_memory:.2f} × in memory")
        print(f"databricks-sdk lists {2 * JOBS:,} in pages: {_timed(lambda: _listed(kept)):.1f} s")
        print(f"200 requests at once: {_timed(lambda: _at_once(kept)):.2f} s for the last")


def _served(stack: ExitStack, path: Path | str) -> str:
    store = stack.enter_context(Store(path))
    return stack.enter_context(running(Workspace(store, {TOKEN: "me@example.com"}), [TOKEN]))


def _session() -> requests.Session:
    """Return the session of this thread."""
    if not hasattr(_mine, "session"):
        _mine.session = requests.Session()
        _mine.session.trust_env = False
        _mine.session.headers["Authorization"] = f"Bearer {TOKEN}"
    session: requests.Session = _mine.session
    return session


def _create(host: str, number: int) -> None:
    answer = _session().post(f"{host}/api/2.2/jobs/create", data=json.dumps(_job(number)), timeout=60)
    answer.raise_for_status()


def _job(number: int) -> dict[str, Any]:
    tasks = [
        {
            "task_key": f"t{place:02}",
            "notebook_task": {"notebook_path": f"/Shared/t{place:02}"},
            **({"depends_on": [{"task_key": f"t{place - 1:02}"}]} if place else {}),
        }
        for place in range(10)
    ]
    return {"name": f"job {number}", "tasks": tasks}


def _created(host: str, clients: int) -> float:
    with ThreadPoolExecutor(clients) as pool:
        return _timed(lambda: list(pool.map(lambda number: _create(host, number), range(JOBS))))


def _listed(host: str) -> None:
    found = list(WorkspaceClient(host=host, token=TOKEN).jobs.list(limit=100))
    if len(found) != 2 * JOBS:
        raise SystemExit(f"error: {len(found)} jobs were listed")


def _at_once(host: str) -> None:
    with ThreadPoolExecutor(200) as pool:
        list(pool.map(lambda number: _create(host, number), range(200)))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
