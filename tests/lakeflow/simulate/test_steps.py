"""Time that goes on in steps, as a workspace on the laptop needs it."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from constructs_lib.errors import LakeflowError
from lakeflow.simulate import Failed, Run, Simulation, Start, play
from tests.lakeflow.simulate.test_laws import Flow, flows
from tests.support.control_flow import job, loop, states

MINUTE = timedelta(minutes=1)


def seen(simulation: Simulation, number: int = 0) -> Run:
    run = simulation.run(number)
    assert run is not None
    return run


@given(flows(), st.lists(st.integers(0, 500), max_size=6))
def test_steps_change_nothing(flow: Flow, seconds: list[int]) -> None:
    attributes, does = flow
    starts = [Start(does=does), Start(does=does, at=MINUTE)]
    simulation = Simulation({"flow": attributes})
    numbers = [simulation.ask(start) for start in starts]
    for second in sorted(seconds):
        simulation.advance(timedelta(seconds=second))
        for number in numbers:
            simulation.run(number)
    simulation.advance()
    assert tuple(seen(simulation, number) for number in numbers) == play({"flow": attributes}, starts)


def test_a_run_as_it_is() -> None:
    flow = job(
        "a", "b(a)", "l(a)", more={"l": loop("[1, 2]"), "b": {"max_retries": 1, "min_retry_interval_millis": 90_000}}
    )
    simulation = Simulation({"flow": flow})
    assert simulation.run(simulation.ask(Start(does={"b": Failed()}))) is None
    simulation.advance(MINUTE / 2)
    assert (seen(simulation).state, states(seen(simulation))) == ("RUNNING", "a RUNNING, b BLOCKED, l BLOCKED")
    assert seen(simulation).phase(simulation.now) == "RUNNING"
    assert simulation.next == MINUTE
    simulation.advance(MINUTE * 2.2)
    assert states(seen(simulation)) == "a SUCCESS, b WAITING_FOR_RETRY, l RUNNING"
    assert [each.state for each in seen(simulation)["l"].iterations] == ["SUCCESS", "RUNNING"]
    simulation.advance()
    assert (seen(simulation).state, seen(simulation).ended_already) == ("FAILED", True)
    assert simulation.next is None


def test_a_run_in_the_queue() -> None:
    simulation = Simulation({"flow": job("a")})
    numbers = [simulation.ask(Start()), simulation.ask(Start())]
    simulation.advance(MINUTE / 2)
    assert [seen(simulation, number).state for number in numbers] == ["RUNNING", "QUEUED"]
    simulation.cancel(numbers[0])
    simulation.advance()
    assert [seen(simulation, number).state for number in numbers] == ["CANCELED", "SUCCESS"]
    assert seen(simulation, 1).started == MINUTE / 2


def test_one_task_is_canceled() -> None:
    simulation = Simulation({"flow": job("a", "b(a)", "h(a):AT_LEAST_ONE_FAILED")})
    simulation.ask(Start())
    simulation.advance(MINUTE / 2)
    simulation.cancel(0, "a")
    simulation.advance()
    assert states(seen(simulation)) == "a CANCELED, b UPSTREAM_CANCELED, h SUCCESS"


def test_a_child_as_it_is() -> None:
    call: dict[str, Any] = {"call": {"run_job_task": {"job_id": 5}}}
    simulation = Simulation({"parent": job("call", more=call), "5": job("x", "y(x)")})
    simulation.ask(Start(job="parent"))
    simulation.advance(MINUTE * 1.5)
    child = seen(simulation)["call"].run
    assert child is not None
    assert states(child) == "x SUCCESS, y RUNNING"


def test_settings_change_for_later_runs() -> None:
    simulation = Simulation({"flow": job("a")})
    simulation.ask(Start())
    simulation.advance(MINUTE / 2)
    simulation.change("flow", job("a", "b(a)"))
    simulation.ask(Start())
    simulation.advance()
    assert [len(seen(simulation, number).tasks) for number in (0, 1)] == [1, 2]


def test_a_repair_in_time() -> None:
    simulation = Simulation({"flow": job("a", "b(a)")})
    number = simulation.ask(Start(does={"a": Failed()}))
    with pytest.raises(LakeflowError, match="run 0 has not ended"):
        simulation.repair(number, rerun_all_failed_tasks=True)
    simulation.advance(MINUTE * 10)
    simulation.repair(number, rerun_all_failed_tasks=True)
    simulation.advance(MINUTE * 10.5)
    assert states(seen(simulation)) == "a RUNNING, b BLOCKED"
    simulation.advance()
    repaired = seen(simulation)
    assert (repaired.state, repaired.ended, len(repaired.repairs)) == ("SUCCESS", MINUTE * 12, 2)
    assert repaired["b"].started == MINUTE * 11


def test_a_repair_takes_the_settings_as_they_are_now() -> None:
    simulation = Simulation({"flow": job("a", "b(a)")})
    simulation.ask(Start(does={"a": Failed()}))
    simulation.advance()
    simulation.change("flow", job("a", "c(a)"))
    simulation.repair(0, rerun_all_failed_tasks=True)
    simulation.advance()
    assert states(seen(simulation)) == "a SUCCESS, c SUCCESS"
