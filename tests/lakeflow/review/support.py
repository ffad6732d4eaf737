"""What the tests of `lakeflow review` share: plans that are made up, real ones, and the command, run on them."""

import copy
import gzip
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lakeflow.cli import main
from lakeflow.review.jobs import job_changes
from lakeflow.review.plan import Plan
from lakeflow.review.review import Review, reviewed
from lakeflow.review.risks import Context
from tests.support.ended import Ended
from tests.support.project import ROOT

Json = dict[str, Any]

NOW = datetime(2026, 11, 22, 19, 16, tzinfo=UTC)
REAL = ROOT / "tests" / "data" / "plans"


def real(name: str) -> Json:
    """Return a real plan of `tests/data/plans`."""
    return dict(json.loads(gzip.decompress((REAL / f"{name}.json.gz").read_bytes())))


def task(key: str, *after: str, **attributes: Any) -> Json:
    """Return a task that runs a notebook on the cluster `main` after others."""
    return {
        "task_key": key,
        "depends_on": [{"task_key": each, "outcome": None} for each in after],
        "job_cluster_key": "main",
        "notebook_task": [{"notebook_path": f"/r/{key}", "source": "WORKSPACE"}],
        **attributes,
    }


def job(*tasks: Json, **attributes: Any) -> Json:
    """Return the attributes of a job `orders`, as a plan writes them; clean → load → publish unless tasks are given."""
    workers = {"node_type_id": "Standard_D4ds_v5", "num_workers": 2, "spark_version": "16.4.x-scala2.12"}
    return {
        "id": "100",
        "name": "orders",
        "job_cluster": [{"job_cluster_key": "main", "new_cluster": [workers]}],
        "task": list(tasks) or [task("clean"), task("load", "clean"), task("publish", "load")],
        **attributes,
    }


def cluster(settings: Json, **attributes: Any) -> Json:
    """Return a job with its cluster changed."""
    changed = copy.deepcopy(settings)
    changed["job_cluster"][0]["new_cluster"][0].update(attributes)
    return changed


def schedule(cron: str, *, paused: bool = False, zone: str = "UTC") -> list[Json]:
    """Return a schedule as a plan writes it."""
    status = "PAUSED" if paused else "UNPAUSED"
    return [{"quartz_cron_expression": cron, "timezone_id": zone, "pause_status": status}]


def change(before: Json | None, after: Json | None, address: str = "databricks_job.orders", **more: Any) -> Json:
    """Return one entry of `resource_changes`; what it does follows from what there is before and after."""
    actions = ["create"] if before is None else ["delete"] if after is None else ["update"]
    if before is not None and before == after:
        actions = ["no-op"]
    inner = {"actions": actions, "before": before, "after": after, "after_unknown": {}}
    names = ("previous_address", "action_reason", "deposed", "mode")
    entry = {name: more.pop(name) for name in names if name in more}
    kind, _, name = address.partition(".")
    return {"address": address, "type": kind, "name": name, "mode": "managed", "change": {**inner, **more}} | entry


def plan(*changes: Json, **attributes: Any) -> Json:
    """Return a plan of these changes."""
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "timestamp": "2026-11-22T19:16:00Z",
        "applyable": True,
        "complete": True,
        "errored": False,
        "resource_changes": list(changes),
        **attributes,
    }


def updated(before: Json, after: Json, **attributes: Any) -> Json:
    """Return a plan that changes the job `orders`."""
    return plan(change(before, after), **attributes)


def grants(*levels: tuple[str, str]) -> Json:
    """Return the permissions of the job with the id 100: who may do what."""
    return {
        "id": "/jobs/100",
        "job_id": "100",
        "access_control": [{"group_name": who, "permission_level": level} for who, level in levels],
    }


def review_of(document: Json, **known: Any) -> Review:
    """Return the review of a plan."""
    accept = known.pop("accept", ())
    made = Plan.of(document)
    return reviewed(Context(made, job_changes(made, None), NOW, **known), environment="prod", accept=accept)


def codes(document: Json, **known: Any) -> list[tuple[str, str]]:
    """Return code and severity of what needs attention in a plan."""
    return [(each.code, each.severity.value) for each in review_of(document, **known).concerns]


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run `lakeflow review` on a plan in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def review(content: Mapping[str, Any] | bytes | str, *words: str) -> Ended:
        path = tmp_path / "plan.json"
        if isinstance(content, Mapping):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        capfd.readouterr()
        status = main(["review", "plan.json", *words])
        said = capfd.readouterr()
        return Ended(status, said.out, said.err)

    return review
