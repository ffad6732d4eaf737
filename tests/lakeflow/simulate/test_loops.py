"""For-each tasks."""

from datetime import timedelta
from typing import Any

import pytest

from lakeflow.simulate import Cancelled, Failed, Iterations, Run, Semantics, Skipped, Succeeded, repair, simulate
from tests.support.control_flow import job, loop, states

MINUTE = timedelta(minutes=1)


def run(
    inputs: str, does: Any = None, concurrency: int | None = None, semantics: Semantics | None = None, **inner: Any
) -> Run:
    flow = job("l", "b(l)", more={"l": loop(inputs, concurrency, **inner)})
    return simulate(flow, does or {}, semantics=semantics)


@pytest.mark.parametrize(("concurrency", "starts"), [(None, [0, 1, 2]), (2, [0, 0, 1]), (20, [0, 0, 0])])
def test_so_many_at_once(concurrency: int | None, starts: list[int]) -> None:
    iterations = run("[1, 2, 3]", concurrency=concurrency)["l"].iterations
    assert [each.started for each in iterations] == [start * MINUTE for start in starts]


def test_the_default_is_a_switch() -> None:
    assert run("[1, 2, 3]", semantics=Semantics(loop_concurrency=20))["l"].duration == MINUTE


def test_by_index_by_input_and_otherwise() -> None:
    does = Iterations(by_index={0: Failed()}, by_input={"b": Cancelled(), '{"k":1}': Skipped()}, otherwise=Failed())
    iterations = run('["a", "b", {"k": 1}, 5]', {"each": does})["l"].iterations
    assert [each.state for each in iterations] == ["FAILED", "CANCELED", "SKIPPED", "FAILED"]
    assert [each.input for each in iterations] == ["a", "b", {"k": 1}, 5]


def test_each_iteration_has_its_own_retries_and_timeout() -> None:
    ended = run('["a", "b"]', {"l": Iterations(by_index={1: Failed(times=1)})}, 2, max_retries=1)
    assert [len(each.attempts) for each in ended["l"].iterations] == [1, 2]
    assert ended["l"].state == "SUCCESS"
    slow = Iterations(by_index={0: Succeeded(duration=MINUTE * 5)})
    assert [each.state for each in run("[1, 2]", {"l": slow}, timeout_seconds=90)["l"].iterations] == [
        "TIMEDOUT",
        "SUCCESS",
    ]


def test_whether_the_others_go_on_after_a_failure_is_a_switch() -> None:
    does = {"l": Iterations(by_index={0: Failed()})}
    assert len(run("[1, 2, 3]", does)["l"].iterations) == 3
    assert len(run("[1, 2, 3]", does, semantics=Semantics(after_failed_iteration="stop"))["l"].iterations) == 1


def test_nothing_to_repeat() -> None:
    assert states(run("[]")) == "b SUCCESS, l SUCCESS"
    assert states(run("[]", semantics=Semantics(empty_loop="SKIPPED"))) == "b EXCLUDED, l SKIPPED"


@pytest.mark.parametrize("inputs", ["", "{{tasks.l.nothing}}", '{"a": 1}', "[1", "5"])
def test_what_is_no_list(inputs: str) -> None:
    assert states(run(inputs)) == "b UPSTREAM_FAILED, l FAILED"


def test_the_whole_loop_can_be_said() -> None:
    assert run("[1]", {"l": Failed()})["l"].iterations == ()
    assert states(run("[1]", {"l": Failed()})) == "b UPSTREAM_FAILED, l FAILED"


def test_a_timeout_of_the_loop_stops_what_goes_on() -> None:
    flow = job("l", more={"l": loop("[1, 2, 3, 4]", 2) | {"timeout_seconds": 90}})
    ended = simulate(flow)
    assert (ended["l"].state, ended["l"].duration) == ("TIMEDOUT", MINUTE * 1.5)
    assert [each.state for each in ended["l"].iterations] == ["SUCCESS", "SUCCESS", "CANCELED", "CANCELED"]


def test_a_cancel_of_the_run_stops_what_goes_on() -> None:
    flow = job("l", more={"l": loop("[1, 2]")})
    ended = simulate(flow, cancel_after=MINUTE / 2)
    assert ended["l"].state == "CANCELED"
    assert [each.state for each in ended["l"].iterations] == ["CANCELED"]


def test_whether_a_loop_is_retried_is_a_switch() -> None:
    flow = job("l", more={"l": loop("[1]") | {"max_retries": 1}})
    assert len(simulate(flow, {"each": Failed()})["l"].attempts) == 1
    assert len(simulate(flow, {"each": Failed()}, semantics=Semantics(loop_retries="yes"))["l"].attempts) == 2


def test_a_repair_repeats_the_loop() -> None:
    broken = run("[1, 2]", {"each": Failed()})
    assert states(repair(broken, rerun_all_failed_tasks=True)) == "b SUCCESS, l SUCCESS"
