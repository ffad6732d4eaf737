"""Ninety days played by the workspace give what the scenario implies: run for run, and in what a report is made of."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from lakeflow.history import api
from lakeflow.history.collecting import collect
from lakeflow.history.duck import Duck, DuckEngine
from lakeflow.history.engines import Engine
from lakeflow.history.facts import Facts
from lakeflow.history.warehouse import Warehouse
from lakeflow.run.connection import Connection, connect
from lakeflow.run.running import SystemClock
from lakeflow.scenario import expected
from lakeflow.scenario.playback import History, history
from lakeflow.scenario.reading import of_document
from lakeflow.scenario.runs import Run
from lakeflow.scenario.settings import settings_of
from lakeflow.workspace.core import Core, every_service
from lakeflow.workspace.exchange import Json, Request
from lakeflow.workspace.state import State
from tests.support.clean import nothing_of_the_machine
from tests.support.history import stack
from tests.support.loopback import Server

pytestmark = pytest.mark.slow

TOKEN, DAYS = "t", 28
ETL = {"kind": "job_cluster", "setup": "4m", "dbus_per_hour": 6, "sku": "PREMIUM_JOBS_COMPUTE", "workers": 2}
SALES: Json = {
    "name": "sales",
    "spread": 0.2,
    "timeout": "3h",
    "starts": {"schedule": "0 30 5 * * ?", "timezone": "Europe/Berlin"},
    "tasks": {
        "load": {"takes": "20m", "compute": "etl", "max_retries": 1},
        "clean": {"takes": "15m", "after": "load", "compute": "etl"},
        "report": {"takes": "5m", "after": "clean", "run_if": "ALL_DONE"},
    },
    "events": [
        {"when": {"rate": 0.1}, "attempts": {"load": ["CLUSTER_ERROR", "SUCCESS"]}},
        {"when": {"weekdays": 1}, "attempts": {"clean": "RUN_EXECUTION_ERROR"}},
        {"when": {"weekdays": 3}, "attempts": {"report": "RUN_EXECUTION_ERROR"}},
        {"when": {"since": "2026-11-10", "until": "2026-11-16"}, "slow": 2},
        {"when": {"on": "2026-11-17"}, "slow": 9},
        {"when": {"on": "2026-11-19"}, "cancel_after": "10m"},
    ],
}
OFTEN: Json = {
    "name": "often",
    "spread": 0.3,
    "queue_enabled": False,
    "starts": {"every": "7h"},
    "tasks": {"x": {"takes": "5h"}, "y": {"takes": "1h", "after": "x"}},
    "events": [{"when": {"every": 7}, "slow": 2}],
}
DOCUMENT: Json = {
    "until": "2026-11-22T06:00:00Z",
    "workspace_id": "1",
    "compute": {"etl": ETL},
    "prices": [{"sku": "PREMIUM_JOBS_COMPUTE", "price": 0.3}],
    "jobs": {"sales": SALES, "often": OFTEN},
}


@dataclass(frozen=True)
class Played:
    """A workspace after ninety days, what they should have been, and the ids of the jobs."""

    state: State
    core: Core
    made: History
    ids: dict[str, int]


@pytest.fixture(scope="module")
def played() -> Played:
    """Deploy the jobs, and let ninety days go by at once."""
    made = history(of_document(DOCUMENT))
    state = State()
    state.tables["settings"]["scenario"] = DOCUMENT
    core = Core({TOKEN: "jd@example.com"}, every_service(state))
    began = milliseconds(made.scenario.since)
    core.pass_time(began)
    ids: dict[str, int] = {}
    for key, job in made.scenario.jobs.items():
        content = json.dumps(settings_of(made.scenario, job)).encode()
        headers = {"authorization": f"Bearer {TOKEN}"}
        create = Request(method="POST", path="/api/2.2/jobs/create", headers=headers, content=content, at=began)
        ids[key] = json.loads(core.answer(create).body)["job_id"]
    core.pass_time(milliseconds(made.scenario.until))
    return Played(state, core, made, ids)


@pytest.fixture(scope="module")
def made(played: Played) -> History:
    """What the days should have been."""
    return played.made


def milliseconds(moment: datetime | None) -> int:
    return round(moment.timestamp() * 1000) if moment else 0


def as_expected(run: Run) -> Any:
    """Return when a run of the history was, how it ended, and every attempt at its tasks."""
    attempts = sorted((task.task_key, task.attempt, task.result) for task in run.tasks())
    place = run.code == "MAX_CONCURRENT_RUNS_EXCEEDED"
    result = "MAXIMUM_CONCURRENT_RUNS_REACHED" if place else run.result
    return milliseconds(run.started_at), milliseconds(run.ended_at), result, attempts


def as_answered(run: Json) -> Any:
    """Return the same of a run of the Jobs API."""
    attempts = sorted(
        (task["task_key"], task["attempt_number"], task["state"].get("result_state")) for task in run["tasks"]
    )
    return run["start_time"], run["end_time"], run["state"].get("result_state"), attempts


@pytest.mark.parametrize("key", ["sales", "often"])
def test_the_runs_are_those_of_the_scenario(played: Played, key: str) -> None:
    runs = [run for run in played.state.tables["runs"].values() if run["job_id"] == played.ids[key]]
    answered = [run for run in runs if run["end_time"]]
    assert len(answered) == {"sales": 60, "often": 205}[key]  # the Jobs API keeps sixty days
    since = min(run["start_time"] for run in answered)
    implied = [
        as_expected(run) for run in played.made.of(key) if run.ended_at and milliseconds(run.started_at) >= since
    ]
    assert sorted(map(as_answered, answered)) == sorted(implied)
    assert len({result for _, _, result, _ in implied}) > 1


@pytest.fixture(scope="module")
def connection(played: Played) -> Iterator[Connection]:
    """The workspace at the end of the days, through databricks-sdk."""
    at = milliseconds(played.made.scenario.until)
    with pytest.MonkeyPatch.context() as patch, Server(played.core.answer, clock=lambda: at) as server:
        nothing_of_the_machine(patch, token=TOKEN)
        yield connect(server.host, "prod")


def facts(made: History, engine: Engine, source: str, not_known: tuple[str, ...] = ()) -> Facts:
    return collect(
        engine,
        stack=stack(sales="sales", often="often"),
        host="https://localhost",
        workspace_id="1",
        source=source,
        days=DAYS,
        now=made.scenario.until,
        not_known=not_known,
    )


@pytest.fixture(scope="module")
def by_tables(made: History, connection: Connection) -> Facts:
    """What the system tables tell, through the statement API."""
    warehouse = connection.call("POST", "/api/2.0/sql/warehouses", doing="make it", body={"name": "w"})
    return facts(made, Warehouse(connection, str(warehouse["id"]), clock=SystemClock()), "system-tables")


@pytest.fixture(scope="module")
def by_api(made: History, connection: Connection) -> Facts:
    """What the Jobs API tells."""
    until = made.scenario.until
    found = api.history(connection, workspace_id="1", since=made.scenario.since, now=until)
    return found.completed(facts(made, DuckEngine(Duck(until, *found.rows)), "api", found.not_known))


def test_what_a_report_is_made_of_is_what_the_scenario_implies(made: History, by_tables: Facts, by_api: Facts) -> None:
    for found in (by_tables, by_api):
        for key, said in made.scenario.jobs.items():
            job = next(each for each in found.jobs if each.name == said.name)
            for stats in (job.current, job.previous):
                assert stats
                runs = expected.ended(made, key, stats.since, stats.until)
                # Rows of a run are there once it has ended: one that goes on is known to the Jobs API only.
                implied = replace(expected.outcomes(runs), running=stats.outcomes.running)
                assert stats.outcomes == implied
                durations = expected.durations(runs)
                assert stats.durations
                assert durations
                assert stats.durations.n == durations.n
                assert stats.durations.p95 == pytest.approx(durations.p95)
            current = expected.ended(made, key, job.current.since, job.current.until)
            assert {failure.code: failure.runs for failure in job.failures} == expected.failures(current)


def test_what_the_runs_cost_is_what_the_scenario_implies(by_tables: Facts) -> None:
    cost = next(each for each in by_tables.jobs if each.name == "sales").cost
    assert cost
    assert cost.dbus > 0
    assert float(cost.list_cost or 0) == pytest.approx(float(cost.dbus) * 0.3)
