"""What holds of every scenario, whatever happens in it."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from lakeflow.history.api_rows import Seen, run_slices, task_slices
from lakeflow.history.slicing import periods
from lakeflow.history.tables import Row, RunSlice, TaskSlice
from lakeflow.scenario.answers import run_answers
from lakeflow.scenario.playback import history
from lakeflow.scenario.reading import of_document
from lakeflow.scenario.rows import rows
from lakeflow.simulate.run_if import RULES
from tests.support.scenarios import UNTIL

pytestmark = pytest.mark.slow

KEYS = ("a", "b", "c", "d")
CODES = st.sampled_from(["SUCCESS", "RUN_EXECUTION_ERROR", "CLUSTER_ERROR", "USER_CANCELED"])
MINUTES = st.integers(0, 200).map(lambda minutes: f"{minutes}m")


def task(number: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "takes": MINUTES,
            "after": st.lists(st.sampled_from(KEYS[:number]), unique=True) if number else st.just([]),
            "run_if": st.sampled_from(sorted(RULES)),
            "max_retries": st.integers(0, 2),
            "compute": st.sampled_from(["cluster", "serverless", None]),
            "timeout": st.sampled_from([None, "45m"]),
        }
    )


EVENT = st.fixed_dictionaries(
    {"when": st.fixed_dictionaries({"rate": st.sampled_from([0.3, 1.0])})},
    optional={
        "attempts": st.dictionaries(st.sampled_from(KEYS), st.lists(CODES, min_size=1, max_size=1)),
        "slow": st.sampled_from([0.1, 3.0]),
        "queue": MINUTES,
        "cancel_after": MINUTES,
        "skip": st.just("MAX_CONCURRENT_RUNS_EXCEEDED"),
        "repairs": st.lists(st.fixed_dictionaries({"after": MINUTES}), max_size=2),
    },
)
SCENARIOS = st.fixed_dictionaries(
    {
        "until": st.just(UNTIL.isoformat()),
        "days": st.just(1),
        "seed": st.integers(0, 9),
        "compute": st.just(
            {
                "cluster": {"kind": "job_cluster", "setup": "5m", "dbus_per_hour": 2},
                "serverless": {"setup": "30s", "dbus_per_hour": 1},
            }
        ),
        "jobs": st.fixed_dictionaries(
            {
                "j": st.fixed_dictionaries(
                    {
                        "name": st.just("j"),
                        "starts": st.sampled_from([{"every": "5h"}, {"every": "50m"}, {"continuous": True}]),
                        "spread": st.sampled_from([0, 0.4]),
                        "timeout": st.sampled_from([None, "3h"]),
                        "max_concurrent_runs": st.integers(1, 2),
                        "queue_enabled": st.booleans(),
                        "tasks": st.fixed_dictionaries({key: task(number) for number, key in enumerate(KEYS)}),
                        "events": st.lists(EVENT, max_size=3),
                    }
                )
            }
        ),
    }
)


def lasting(said: Any) -> Any:
    """Return a scenario whose job, if it is a continuous one, does not start thousands of times."""
    job = said["jobs"]["j"]
    if "continuous" not in job["starts"]:
        return said
    tasks = {key: {**each, "takes": "45m", "run_if": "ALL_DONE"} for key, each in job["tasks"].items()}
    return {**said, "jobs": {"j": {**job, "tasks": tasks}}}


PLAYABLE = SCENARIOS.map(lasting)
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(PLAYABLE)
@FEW
def test_a_task_starts_after_what_it_waits_for_and_runs_are_whole(said: dict[str, Any]) -> None:
    made = history(of_document(said))
    for run in made.runs:
        for stretch in run.stretches:
            ended = {}
            for each in sorted(stretch.tasks, key=lambda each: (each.started_at, each.attempt)):
                assert stretch.started_at <= each.started_at <= (each.ended_at or UNTIL) <= (stretch.ended_at or UNTIL)
                assert each.setup >= timedelta(0)
                assert each.execution >= timedelta(0)
                ended[each.task_key] = each.ended_at
            assert (stretch.ended_at is None) == (stretch.result is None)
        for one, other in pairwise(run.stretches):
            assert one.ended_at is not None
            assert one.ended_at <= other.started_at


@given(PLAYABLE)
@FEW
def test_a_place_is_not_given_twice(said: dict[str, Any]) -> None:
    made = history(of_document(said))
    most = made.scenario.jobs["j"].max_concurrent_runs
    first = [
        (run.started_at, run.stretches[0].ended_at or UNTIL + timedelta(1)) for run in made.runs if not run.skipped
    ]
    for at, _ in first:
        assert sum(began <= at < ended for began, ended in first) <= most


@given(PLAYABLE)
@FEW
def test_the_rows_of_a_run_are_its_time(said: dict[str, Any]) -> None:
    made = history(of_document(said))
    found = [row for row in rows(made) if isinstance(row, RunSlice)]
    for run in made.runs:
        of_run = [row for row in found if row.run_id == str(run.run_id)]
        total = sum((row.period_end_time - row.period_start_time for row in of_run), timedelta(0))
        going_on = sum((UNTIL - each.started_at for each in run.stretches if each.ended_at is None), timedelta(0))
        assert total == run.duration + going_on
        assert sum(row.result_state is not None for row in of_run) == sum(
            each.result is not None for each in run.stretches
        )
        assert all(row.period_end_time - row.period_start_time <= timedelta(hours=1) for row in of_run)


def told(found: list[Row]) -> list[str]:
    return sorted(repr({**vars(row), "account_id": 0, "compute": 0, "compute_ids": 0}) for row in found)


@given(PLAYABLE)
@FEW
def test_both_ways_tell_the_same(said: dict[str, Any]) -> None:
    made = history(of_document(said))
    seen = Seen(workspace_id=made.scenario.workspace_id, now=UNTIL)
    answers = run_answers(made)
    by_api: list[Row] = [row for answer in answers for row in (*run_slices(answer, seen), *task_slices(answer, seen))]
    assert told(by_api) == told([row for row in rows(made) if isinstance(row, RunSlice | TaskSlice)])


@given(st.integers(0, 10**6), st.integers(0, 10**5))
def test_periods_are_the_time_between(start: int, length: int) -> None:
    begin = UNTIL - timedelta(seconds=start)
    cut = list(periods(begin, begin + timedelta(seconds=length)))
    assert (cut[0][0], cut[-1][1]) == (begin, begin + timedelta(seconds=length))
    assert all(one[1] == other[0] for one, other in pairwise(cut))
    assert all(end.minute == end.second == 0 for _, end in cut[:-1])
