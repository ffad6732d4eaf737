"""Ninety days of a scenario through a workspace and databricks-sdk to facts: numbers known in advance, by both ways."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from lakeflow.history import api
from lakeflow.history.collecting import collect
from lakeflow.history.duck import Duck, DuckEngine
from lakeflow.history.engines import Engine
from lakeflow.history.facts import Deployed, Durations, Facts, FailureKind, JobFacts, Outcomes
from lakeflow.history.warehouse import Warehouse
from lakeflow.run.answers import entries_of
from lakeflow.run.connection import Connection
from lakeflow.run.running import SystemClock
from lakeflow.scenario import expected
from lakeflow.scenario.playback import History
from tests.support.history import stack
from tests.support.past import Past
from tests.support.scenarios import ninety_days

pytestmark = pytest.mark.slow

DAYS = 28


@pytest.fixture(scope="module")
def made() -> History:
    """The ninety days."""
    return ninety_days()


def facts(made: History, engine: Engine, source: str, not_known: tuple[str, ...] = ()) -> Facts:
    return collect(
        engine,
        stack=stack(daily_sales="daily-sales", document_intake="document-intake", live_orders="live-orders"),
        host="https://localhost",
        workspace_id=made.scenario.workspace_id,
        source=source,
        days=DAYS,
        now=made.scenario.until,
        not_known=not_known,
    )


@pytest.fixture(scope="module")
def connection(made: History) -> Iterator[Connection]:
    """A workspace that has had these days, through databricks-sdk."""
    with pytest.MonkeyPatch.context() as patch, Past(made).connected(patch) as connection:
        yield connection


@pytest.fixture(scope="module")
def by_tables(made: History, connection: Connection) -> Facts:
    """What the system tables tell, through the statement API."""
    [warehouse] = entries_of(connection.call("GET", "/api/2.0/sql/warehouses", doing="list warehouses"), "warehouses")
    return facts(made, Warehouse(connection, str(warehouse["id"]), clock=SystemClock()), "system-tables")


@pytest.fixture(scope="module")
def by_api(made: History, connection: Connection) -> Facts:
    """What the Jobs API tells."""
    until = made.scenario.until
    since = until - timedelta(days=2 * DAYS + 2)
    found = api.history(connection, workspace_id=made.scenario.workspace_id, since=since, now=until)
    return found.completed(facts(made, DuckEngine(Duck(until, *found.rows)), "api", found.not_known))


def rounded(durations: Durations | None) -> Durations | None:
    """Return percentiles as facts have them."""
    return durations and Durations(
        n=durations.n,
        p50=round(durations.p50, 6),
        p95=round(durations.p95, 6),
        p99=round(durations.p99, 6),
        max=durations.max,
    )


def job(found: Facts, name: str) -> JobFacts:
    return next(each for each in found.jobs if each.name == name)


def without_what_the_api_cannot_tell(each: JobFacts) -> JobFacts:
    days = tuple(replace(day, dbus=None, list_cost=None) for day in each.days if day.outcomes.total)
    plain = {"cost": None, "previous_cost": None, "usage": None, "change": None}
    return replace(each, **plain, deployed=Deployed(), days=days)  # type: ignore[arg-type]


def test_both_ways_tell_the_same_of_what_both_can_know(by_tables: Facts, by_api: Facts) -> None:
    assert by_tables.known_until == by_api.known_until
    assert by_tables.undeployed == by_api.undeployed == ()
    for one, other in zip(by_tables.jobs, by_api.jobs, strict=True):
        assert without_what_the_api_cannot_tell(one) == without_what_the_api_cannot_tell(other)


def test_settings_are_the_same_where_the_tables_have_them(by_tables: Facts, by_api: Facts) -> None:
    for name in ("daily-sales", "campaign scores"):
        one, other = job(by_tables, name).deployed, job(by_api, name).deployed
        assert replace(one, changed_at=None) == replace(other, changed_at=None, max_concurrent_runs=None)
        assert (one.max_concurrent_runs, other.max_concurrent_runs) == (None, 1)
        assert (one.changed_at is None, other.changed_at is None) == (False, True)
    assert job(by_tables, "live-orders").deployed.trigger_type is None  # untouched since before December 2025
    assert job(by_api, "live-orders").deployed.trigger_type == "CONTINUOUS"


def test_the_figures_of_runs_are_those_of_the_scenario(made: History, by_tables: Facts) -> None:
    until = by_tables.known_until
    assert until == made.scenario.until
    for key, said in made.scenario.jobs.items():
        found = job(by_tables, said.name)
        for stats in (found.current, found.previous):
            assert stats
            runs = expected.ended(made, key, stats.since, stats.until)
            runs = tuple(run for run in runs if run.ended_at or stats.until == until)  # one that goes on counts now
            assert stats.outcomes == expected.outcomes(runs)
            assert stats.durations == rounded(expected.durations(runs))
            assert stats.repaired == sum(len(run.stretches) > 1 for run in runs)
        current = expected.ended(made, key, found.current.since, found.current.until)
        assert {failure.code: failure.runs for failure in found.failures} == expected.failures(current)


def test_the_figures_of_tasks_are_those_of_the_scenario(made: History, by_tables: Facts) -> None:
    for key, said in made.scenario.jobs.items():
        found = job(by_tables, said.name)
        runs = expected.ended(made, key, found.current.since, found.current.until)
        told = {task.task_key: task for task in found.tasks}
        for task_key in said.tasks:
            executions = list(expected.executions(runs, task_key))
            if not executions:
                assert task_key not in told
                continue
            attempts = [attempt for execution in executions for attempt in execution]
            assert told[task_key].outcomes == expected.outcomes(execution[-1] for execution in executions)
            assert told[task_key].attempts == len(attempts)
            good = [each.execution.total_seconds() for each in attempts if each.result == "SUCCESS"]
            assert told[task_key].durations == rounded(expected.of_seconds(good))


def test_costs_are_those_of_the_scenario(made: History, by_tables: Facts) -> None:
    for key, said in made.scenario.jobs.items():
        for day in job(by_tables, said.name).days:
            begin = datetime.combine(day.day, time(), UTC)
            if key == "live-orders" or begin < by_tables.known_until - timedelta(days=12):
                continue  # its runs go on over midnight; and twelve days are enough
            dbus = expected.dbus(made, key, begin, begin + timedelta(days=1))
            assert (day.dbus or 0) == pytest.approx(float(dbus), abs=1e-4)
            assert (day.list_cost or 0) == pytest.approx(
                float(expected.list_cost(made, key, begin, begin + timedelta(days=1))), abs=1e-4
            )


def test_a_report_of_the_sample_in_round_numbers(by_tables: Facts) -> None:
    daily = job(by_tables, "daily-sales")
    assert daily.current.outcomes == Outcomes(succeeded=24, failed=2, timed_out=1, cancelled=1)
    assert (daily.current.repaired, daily.current.saved_by_repair) == (1, 1)
    assert [(each.code, each.kind, each.runs) for each in daily.failures] == [
        ("RUN_EXECUTION_ERROR", FailureKind.CODE, 2),
        ("CANCELLED", FailureKind.TIMEOUT, 1),
    ]
    ingest = next(task for task in daily.tasks if task.task_key == "ingest")
    assert (ingest.extra_attempts, ingest.saved_by_retry, ingest.wasted_retries) == (4, 4, 0)
    transform = next(task for task in daily.tasks if task.task_key == "transform")
    assert (transform.extra_attempts, transform.saved_by_retry, transform.wasted_retries) == (2, 0, 2)
    assert daily.change
    assert daily.change.changed_at.isoformat() == "2026-11-16T14:20:00+00:00"
    assert daily.usage
    assert (daily.usage.most_workers, daily.usage.node_type) == (
        6,
        "Standard_E8ds_v5",
    )  # the repaired run has two clusters
    assert daily.usage.cpu_mean == pytest.approx(18, abs=0.5)
    assert job(by_tables, "live-orders").current.outcomes.running == 1
    assert job(by_tables, "campaign scores").last_run_at is None
    assert [each.name for each in job(by_tables, "franchise export (old)").all_purpose] == ["Jane's cluster"]
    assert [each.key for each in by_tables.jobs] == ["daily-sales", "document-intake", "live-orders", None, None]


def test_what_is_not_known_is_said(by_tables: Facts, by_api: Facts) -> None:
    assert by_tables.not_known == ()
    assert by_api.not_known[0].startswith("What the jobs cost")
    assert {each.cost for each in by_api.jobs} == {None}


def test_the_workspace_tells_its_id(made: History, connection: Connection) -> None:
    assert connection.workspace_id() == made.scenario.workspace_id == "3333333333333333"
