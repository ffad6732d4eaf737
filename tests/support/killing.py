"""Kill a workspace under load, again and again: `python -m tests.support.killing 50` prints what came of it."""

import json
import random
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from tests.support.workspace_process import WorkspaceProcess

WRITERS = 8


class Writer(threading.Thread):
    """Somebody who creates, changes, runs and deletes jobs until nobody answers, and knows what was acknowledged."""

    def __init__(self, running: WorkspaceProcess, seed: int) -> None:
        super().__init__()
        self._running, self._chance = running, random.Random(seed)
        self.names: dict[int, str] = {}
        """What the jobs that were acknowledged are called."""
        self.deleted: set[int] = set()
        self.open: tuple[str, int | str] | None = None
        """What was asked for and never answered: it may have happened or not."""
        self.runs: dict[int, int] = {}
        """The jobs of the runs that were acknowledged."""
        self.count = 0

    def run(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            session.headers["Authorization"] = f"Bearer {self._running.token}"
            try:
                while True:
                    self._write(session)
                    self.count += 1
            except requests.RequestException:
                return

    def _write(self, session: requests.Session) -> None:
        what = self._chance.choice(["create", "create", "update", "delete", "run-now"]) if self.names else "create"
        if what == "create":
            name = f"job {self._chance.getrandbits(64)}"
            self.open = ("create", name)
            body = {
                "name": name,
                "tasks": [{"task_key": "a", "notebook_task": {"notebook_path": "/Shared/a"}}],
                "access_control_list": [{"group_name": "users", "permission_level": "CAN_VIEW"}],
            }
            self.names[self._ask(session, "create", body)["job_id"]] = name
        else:
            job_id = self._chance.choice(list(self.names))
            self.open = (what, job_id)
            if what == "delete":
                self._ask(session, "delete", {"job_id": job_id})
                del self.names[job_id]
                self.deleted.add(job_id)
                self.runs = {run_id: of for run_id, of in self.runs.items() if of != job_id}
            elif what == "run-now":
                self.runs[self._ask(session, "run-now", {"job_id": job_id})["run_id"]] = job_id
            else:
                name = f"job {self._chance.getrandbits(64)}"
                self._ask(session, "update", {"job_id": job_id, "new_settings": {"name": name}})
                self.names[job_id] = name
        self.open = None

    def _ask(self, session: requests.Session, what: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = session.post(f"{self._running.host}/api/2.2/jobs/{what}", data=json.dumps(body), timeout=60)
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said


def listed(running: WorkspaceProcess) -> dict[int, str]:
    """Return the names of all jobs, page after page, each with its permissions."""
    found: dict[int, str] = {}
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {running.token}"
        query: dict[str, Any] = {"limit": 100}
        while True:
            page = session.get(f"{running.host}/api/2.2/jobs/list", params=query, timeout=60).json()
            for job in page.get("jobs", []):
                found[job["job_id"]] = job["settings"]["name"]
                permissions = session.get(f"{running.host}/api/2.0/permissions/jobs/{job['job_id']}", timeout=60)
                groups = [entry.get("group_name") for entry in permissions.json()["access_control_list"]]
                assert "users" in groups, "half of a job was written"
            if not page["has_more"]:
                return found
            query["page_token"] = page["next_page_token"]


def run_ids(running: WorkspaceProcess) -> set[int]:
    """Return the ids of all runs, each with its task."""
    found: set[int] = set()
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {running.token}"
        query: dict[str, Any] = {"limit": 24, "expand_tasks": "true"}
        while True:
            page = session.get(f"{running.host}/api/2.2/jobs/runs/list", params=query, timeout=60).json()
            for run in page.get("runs", []):
                assert [task["task_key"] for task in run["tasks"]] == ["a"], "half of a run was written"
                found.add(run["run_id"])
            if not page["has_more"]:
                return found
            query["page_token"] = page["next_page_token"]


def killed_once(state: Path, seed: int) -> int:
    """Let writers write, kill the workspace, start it again, and return how many writes were acknowledged."""
    with WorkspaceProcess(state) as running:
        before = listed(running)
        writers = [Writer(running, seed * 100 + number) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        threading.Event().wait(random.Random(seed).uniform(0.05, 0.8))
        running.kill()
        for writer in writers:
            writer.join()
    with WorkspaceProcess(state) as again:
        found, runs = listed(again), run_ids(again)
    unsure = {writer.open[1] for writer in writers if writer.open}
    for writer in writers:
        for job_id, name in writer.names.items():
            assert found.get(job_id) == name or job_id in unsure, "an acknowledged write is lost"
        assert not writer.deleted & found.keys(), "an acknowledged delete is lost"
        lost = {run_id for run_id, job_id in writer.runs.items() if run_id not in runs and job_id not in unsure}
        assert not lost, "an acknowledged run is lost"
    known = before.keys() | {job_id for writer in writers for job_id in writer.names}
    assert all(job_id in known or name in unsure for job_id, name in found.items()), "something nobody asked for"
    return sum(writer.count for writer in writers)


def main(rounds: int) -> None:
    """Kill it so many times, one state for all."""
    with TemporaryDirectory() as folder:
        acknowledged = [killed_once(Path(folder) / "workspace.db", seed) for seed in range(rounds)]
        size = (Path(folder) / "workspace.db").stat().st_size
    sys.stdout.write(
        f"{rounds} kills, {WRITERS} writers: {sum(acknowledged):,} acknowledged writes, none lost and none half; "
        f"{size:,} bytes\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
