"""What conditions compare."""

from typing import Any

import pytest

from lakeflow.simulate import Semantics, Succeeded, simulate
from lakeflow.simulate.conditions import NoComparisonError, compare
from lakeflow.simulate.semantics import DEFAULT
from tests.support.control_flow import condition, job


@pytest.mark.parametrize(
    ("operator", "left", "right", "outcome"),
    [
        ("EQUAL_TO", "abc", "abc", True),
        ("EQUAL_TO", "abc", "ABC", False),
        ("EQUAL_TO", "", "", True),
        ("EQUAL_TO", "12.0", "12", False),
        ("NOT_EQUAL", "12.0", "12", True),
        ("GREATER_THAN", "10", "9", True),  # as texts it would not be
        ("GREATER_THAN", "12.0", "12", False),
        ("GREATER_THAN_OR_EQUAL", "12.0", "12", True),
        ("LESS_THAN", "-1", "0.5", True),
        ("LESS_THAN_OR_EQUAL", "1e3", "1000", True),
        ("GREATER_THAN", "9007199254740993", "9007199254740992", True),
    ],
)
def test_outcomes(operator: str, left: str, right: str, outcome: bool) -> None:
    assert compare(operator, left, right, DEFAULT) is outcome


@pytest.mark.parametrize(("left", "right"), [("abc", "1"), ("1", ""), ("nan", "1"), ("1", "infinity"), ("true", "0")])
def test_no_number(left: str, right: str) -> None:
    with pytest.raises(NoComparisonError, match="compares numbers, and"):
        compare("GREATER_THAN", left, right, DEFAULT)
    assert compare("GREATER_THAN", left, right, Semantics(not_a_number="false")) is False


@pytest.mark.parametrize(
    ("value", "right", "outcome"), [(7, "7", "true"), (7.0, "7", "false"), ("7", "7", "true"), (False, "false", "true")]
)
def test_task_values_are_compared_as_their_text(value: Any, right: str, outcome: str) -> None:
    flow = job("a", "i(a)", more={"i": condition("EQUAL_TO", "{{tasks.a.values.v}}", right)})
    assert simulate(flow, {"a": Succeeded(values={"v": value})})["i"].outcome == outcome


def test_a_condition_has_neither_time_nor_retries() -> None:
    flow = job("i", more={"i": condition("GREATER_THAN", "x", "1") | {"max_retries": 3}})
    run = simulate(flow)
    assert len(run["i"].attempts) == 1
    assert run["i"].duration.total_seconds() == 0
    assert run["i"].reason == "failed: GREATER_THAN compares numbers, and 'x' is none"


def test_an_outcome_can_be_said() -> None:
    flow = job("x", "i(x)", "t(i=true)", more={"i": condition("GREATER_THAN", "{{tasks.x.values.y}}", "1")})
    assert simulate(flow, {"i": Succeeded(result=True)})["t"].state == "SUCCESS"


def test_a_dependant_without_an_outcome_runs_on_both() -> None:
    flow = job("i", "b(i)", more={"i": condition("EQUAL_TO", "1", "2")})
    assert simulate(flow)["b"].state == "SUCCESS"


def test_a_task_may_wait_for_either_outcome() -> None:
    flow = job("i", "b(i=true,i=false)", more={"i": condition("EQUAL_TO", "1", "2")})
    assert simulate(flow)["b"].state == "SUCCESS"
