"""Whatever a workspace answers, it becomes rows or nothing, and never a traceback."""

from typing import Any

from hypothesis import given, settings, strategies as st

from lakeflow.history.api_rows import Seen, job_version, run_slices, task_slices, task_versions
from lakeflow.history.duck import Duck
from lakeflow.scenario.answers import run_answers
from tests.support.scenarios import UNTIL, played

SEEN = Seen(workspace_id="1001", now=UNTIL)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("SUCCESS"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)
RUN = run_answers(played({"attempts": {"report": "RUN_EXECUTION_ERROR"}, "repairs": {"after": "1h"}}))[0]
PLACES = st.lists(
    st.sampled_from(
        ["start_time", "end_time", "state", "status", "tasks", "repair_history", "run_duration", "trigger"]
    ),
    unique=True,
    min_size=1,
)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_run_with_anything_in_it_becomes_rows(data: st.DataObject) -> None:
    run: dict[str, Any] = {**RUN, **{place: data.draw(ANYTHING) for place in data.draw(PLACES)}}
    task = {**RUN["tasks"][0], **{place: data.draw(ANYTHING) for place in data.draw(PLACES)}}
    slices, tasks = list(run_slices(run, SEEN)), list(task_slices({**run, "tasks": [task]}, SEEN))
    periods = [(row.period_start_time, row.period_end_time) for row in slices]
    periods += [(row.period_start_time, row.period_end_time) for row in tasks]
    assert all(start <= end for start, end in periods)
    assert len(periods) < 50_000


@given(
    st.dictionaries(st.sampled_from(["name", "schedule", "trigger", "continuous", "tasks", "tags", "health"]), ANYTHING)
)
@settings(max_examples=60, deadline=None)
def test_a_job_with_anything_in_it_becomes_a_row(settings: dict[str, Any]) -> None:
    job = {"job_id": 1, "settings": settings}
    assert job_version(job, SEEN).job_id == "1"
    list(task_versions(job, SEEN))


def test_a_state_that_nobody_knows_yet_stays_what_it_is() -> None:
    state = {"life_cycle_state": "TERMINATED", "result_state": "EVAPORATED"}
    run = {**RUN, "state": state, "status": {"state": "TERMINATED"}, "repair_history": []}
    *_, row = run_slices(run, SEEN)
    assert row.result_state == "EVAPORATED"
    assert Duck(UNTIL, row).ask("SELECT result_state FROM system.lakeflow.job_run_timeline") == [
        {"result_state": "EVAPORATED"}
    ]
