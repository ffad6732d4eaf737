"""How answers of the Jobs API are read: nothing is lost, nothing unexpected crashes."""

from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from lakeflow.run.answers import run_of
from lakeflow.run.following import Ended, Followed
from lakeflow.run.reasons import reason_of
from lakeflow.run.report import Report, document
from lakeflow.run.states import ACTIVE, merged


def ended(cycle: str, result: str | None = None, code: str | None = None, message: str = "") -> dict[str, Any]:
    state = {"life_cycle_state": cycle} | ({"result_state": result} if result else {})
    details = {"code": code, "message": message} if code else {}
    return {"run_id": 1, "state": state, "status": {"state": "TERMINATED", "termination_details": details}}


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (ended("TERMINATED", "SUCCESS"), "SUCCESS"),
        (ended("TERMINATED", None, "SUCCESS"), "SUCCESS"),
        (ended("INTERNAL_ERROR", "FAILED", "RUN_EXECUTION_ERROR"), "FAILED"),
        (ended("INTERNAL_ERROR"), "FAILED"),
        (ended("TERMINATED", None, "CLUSTER_ERROR"), "FAILED"),
        (ended("TERMINATED", None, "USER_CANCELED"), "CANCELED"),
        (ended("SKIPPED"), "SKIPPED"),
        (ended("SKIPPED", None, "MAX_CONCURRENT_RUNS_EXCEEDED"), "MAXIMUM_CONCURRENT_RUNS_REACHED"),
        (ended("SKIPPED", None, "A_CODE_OF_TOMORROW"), "SKIPPED"),
        (ended("TERMINATED"), "UNKNOWN"),
        ({"run_id": 1, "state": {"life_cycle_state": "TERMINATED", "result_state": "TIMEDOUT"}}, "TIMEDOUT"),
        ({"run_id": 1, "status": {"state": "TERMINATED", "termination_details": {"code": "SUCCESS"}}}, "SUCCESS"),
        ({"run_id": 1, "state": {"life_cycle_state": "OF_TOMORROW", "result_state": "SUCCESS"}}, "SUCCESS"),
    ],
)
def test_an_end_is_known_by_either_spelling(answer: dict[str, Any], result: str) -> None:
    assert run_of(answer).state.result == result


@pytest.mark.parametrize("phase", sorted(ACTIVE))
def test_an_active_run_has_not_ended(phase: str) -> None:
    assert not run_of({"run_id": 1, "status": {"state": phase}, "end_time": 5}).state.ended


def test_tasks_come_in_the_order_in_which_they_can_run() -> None:
    run = run_of(
        {
            "run_id": 1,
            "tasks": [
                {"task_key": "c", "depends_on": [{"task_key": "b"}, {"task_key": "not-selected"}]},
                {"task_key": "b", "depends_on": [{"task_key": "z"}]},
                {"task_key": "z", "attempt_number": 1, "start_time": 20},
                {"task_key": "z", "attempt_number": 0, "start_time": 10},
                {"task_key": "a"},
            ],
        }
    )
    assert list(run.tasks()) == ["a", "z", "b", "c"]
    assert [task.attempt for task in run.tasks()["z"]] == [0, 1]


def test_a_cycle_in_an_answer_is_no_crash() -> None:
    tasks = [{"task_key": "a", "depends_on": [{"task_key": "b"}]}, {"task_key": "b", "depends_on": [{"task_key": "a"}]}]
    assert list(run_of({"run_id": 1, "tasks": tasks}).tasks()) == ["a", "b"]


def test_an_attempt_that_is_on_two_pages_counts_once() -> None:
    pages = [
        run_of({"run_id": 1, "tasks": [{"task_key": "a", "run_id": 2}, {"task_key": "b", "run_id": 3}]}),
        run_of({"run_id": 1, "tasks": [{"task_key": "b", "run_id": 3}, {"task_key": "c", "run_id": 4}]}),
    ]
    assert list(merged(pages).tasks()) == ["a", "b", "c"]


def test_ids_may_be_written_as_strings() -> None:
    assert run_of({"run_id": "9007199254740993"}).run_id == 9007199254740993


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
WORDS = st.sampled_from(
    [
        "TERMINATED",
        "SKIPPED",
        "RUNNING",
        "NEW",
        "SUCCESS",
        "FAILED",
        "EXCLUDED",
        "UPSTREAM_FAILED",
        "DISABLED",
        "",
        None,
    ]
)
STATE = st.fixed_dictionaries({}, optional={"life_cycle_state": WORDS | JSON, "result_state": WORDS | JSON})
STATUS = st.fixed_dictionaries({}, optional={"state": WORDS | JSON, "termination_details": JSON, "queue_details": JSON})
PARENTS = st.lists(
    st.fixed_dictionaries({"task_key": st.sampled_from("abc") | JSON}, optional={"outcome": JSON}) | JSON
)
FIELDS = {
    "run_id": st.integers() | JSON,
    "state": STATE | JSON,
    "status": STATUS | JSON,
    "start_time": st.integers() | JSON,
    "end_time": st.integers() | JSON,
    "for_each_task": JSON,
    "condition_task": JSON,
}
TASK = st.fixed_dictionaries({}, optional={**FIELDS, "task_key": st.sampled_from("abc") | JSON, "depends_on": PARENTS})


@pytest.mark.slow
@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional={**FIELDS, "tasks": st.lists(TASK | JSON, max_size=4) | JSON}))
@example({"run_id": 10**30, "start_time": 1, "end_time": 10**30, "tasks": [{"run_id": "9" * 5000}]})
@example({"start_time": -86_400_000_000_000_000})
@example({"state": {"life_cycle_state": "TERMINATED"}, "start_time": 1, "end_time": 2**63 - 1})
def test_whatever_is_answered_is_read_and_reported(answer: dict[str, Any]) -> None:
    run = run_of(answer)
    for attempts in run.tasks().values():
        reason_of(attempts[-1], run)
    followed = Followed(ended=Ended.FINISHED, run=run)
    report = Report(job="j", environment="dev", job_id=1, name="j", run_id=1, followed=followed)
    assert document(report)["result"] == run.state.result
    assert report.status == (0 if run.state.result in {"SUCCESS", "SUCCESS_WITH_FAILURES"} else 1)
