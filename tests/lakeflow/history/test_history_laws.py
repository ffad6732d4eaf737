"""What holds of the facts of any history, whatever its rows and their order."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from lakeflow.history.collecting import collect
from lakeflow.history.facts import Facts, Outcomes
from lakeflow.history.tables import Row, RunSlice
from tests.support.history import DAY, HOST, HOUR, MINUTE, NOW, WORKSPACE, Asked, attempt, job, runs, stack
from tests.support.system_tables import price, usage

pytestmark = pytest.mark.slow

JOBS = (job("500", "daily-sales"), job("600", "nightly"))
ENDS = {
    ("SUCCEEDED", "SUCCESS"): "succeeded",
    ("FAILED", "RUN_EXECUTION_ERROR"): "failed",
    ("ERROR", "CLUSTER_ERROR"): "failed",
    ("TIMED_OUT", "CANCELED"): "timed_out",
    ("CANCELED", "USER_CANCELED"): "cancelled",
    ("SKIPPED", None): "skipped",
    ("BLOCKED", None): "skipped",
    (None, None): "running",
}

histories = st.lists(
    st.fixed_dictionaries(
        {
            "job": st.sampled_from(["500", "600"]),
            "ends": st.lists(st.sampled_from(sorted(ENDS, key=str)), min_size=1, max_size=3),
            "ended": st.integers(0, 13 * 24 * 60).map(lambda minutes: NOW - minutes * MINUTE),
            "took": st.integers(0, 300).map(lambda minutes: minutes * MINUTE),
            "tries": st.lists(st.sampled_from(["SUCCEEDED", "FAILED", "TIMED_OUT", "SKIPPED"]), max_size=4),
            "dbus": st.integers(0, 50),
        }
    ),
    max_size=12,
)


def rows_of(number: int, made: dict[str, Any]) -> list[Row]:
    """Return the rows that a run leaves; states other than the last are those of repaired attempts."""
    run_id, ended = f"run-{number}", made["ended"]
    repaired = [end for end in made["ends"][:-1] if end[0] is not None]
    rows: list[Row] = list(runs(made["job"], run_id, *repaired, made["ends"][-1], ended=ended, took=made["took"]))
    rows += [
        attempt(made["job"], run_id, "load", n, ended=ended - (5 - n) * MINUTE, took=MINUTE, state=state, code="X")
        for n, state in enumerate(made["tries"])
    ]
    return [*rows, usage(run_id, began=ended - HOUR, dbus=made["dbus"], job=made["job"])]


def facts(*rows: Row, now: datetime = NOW) -> Facts:
    newest = runs("999", "newest", ("SUCCEEDED", None), ended=NOW, took=timedelta(0))
    asked = Asked(*JOBS, price("0.5", since=NOW - 300 * DAY), *newest, *rows, now=now)
    return collect(asked, stack=stack(), host=HOST, workspace_id=WORKSPACE, source="system-tables", days=7, now=now)


def summed(outcomes: list[Outcomes]) -> dict[str, int]:
    names = ("succeeded", "failed", "timed_out", "cancelled", "skipped", "running")
    return {name: sum(getattr(each, name) for each in outcomes) for name in names}


@settings(max_examples=15, deadline=None)
@given(history=histories)
def test_every_run_counts_once_in_its_period_and_on_its_day(history: list[dict[str, Any]]) -> None:
    rows = [row for number, made in enumerate(history) for row in rows_of(number, made)]
    for found in facts(*rows).jobs:
        mine = [made for made in history if made["job"] == found.job_id]
        expected = dict.fromkeys(summed([]), 0)
        for made in mine:
            expected[ENDS[made["ends"][-1]]] += 1
        assert found.previous is not None
        assert summed([found.current.outcomes, found.previous.outcomes]) == expected
        assert summed([day.outcomes for day in found.days]) == expected
        assert sum(day.dbus or 0 for day in found.days) == sum(made["dbus"] for made in mine)
        used = [cost.dbus for cost in (found.cost, found.previous_cost) if cost]
        assert sum(used) == sum(made["dbus"] for made in mine)
        assert sum(each.runs for each in found.failures) == (
            found.current.outcomes.failed + found.current.outcomes.timed_out + found.current.outcomes.skipped
        )


@settings(max_examples=15, deadline=None)
@given(history=histories)
def test_retries_are_a_part_of_the_attempts_and_executions_of_the_runs(history: list[dict[str, Any]]) -> None:
    rows = [row for number, made in enumerate(history) for row in rows_of(number, made)]
    for found in facts(*rows).jobs:
        for task in found.tasks:
            assert 0 < task.outcomes.total <= found.current.outcomes.total
            assert task.attempts >= task.outcomes.total + task.extra_attempts
            assert task.wasted_retries + task.saved_by_retry <= task.extra_attempts
            assert task.timed_out_attempts <= task.attempts
            assert sum(day.runs for day in task.days) == task.outcomes.total - task.outcomes.skipped
            if task.durations:
                assert task.durations.p50 <= task.durations.p95 <= task.durations.p99 <= task.durations.max


@settings(max_examples=8, deadline=None)
@given(history=histories, data=st.data())
def test_the_order_of_rows_and_rows_of_others_make_no_difference(history: list[dict[str, Any]], data: Any) -> None:
    rows = [row for number, made in enumerate(history) for row in rows_of(number, made)]
    elsewhere = [replace(row, workspace_id="2002") for row in rows if isinstance(row, RunSlice)]
    notebooks = [replace(row, run_type="WORKFLOW_RUN", run_id=f"w-{row.run_id}") for row in elsewhere]
    mixed = data.draw(
        st.permutations([*rows, *elsewhere, *(replace(row, workspace_id=WORKSPACE) for row in notebooks)])
    )
    assert facts(*mixed) == facts(*rows)
