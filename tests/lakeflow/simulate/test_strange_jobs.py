"""Whatever stands in a job, it is played, or refused in one line."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib.errors import LakeflowError
from constructs_lib.provider import schema
from lakeflow.simulate import Failed, Simulation, Start, simulate
from tests.support.strange import GARBAGE, strange


@settings(max_examples=50)
@given(strange(schema("databricks_job").body))
def test_what_has_the_names_of_a_job(attributes: Any) -> None:
    with contextlib.suppress(LakeflowError):
        simulate(attributes)


@st.composite
def tasks(draw: st.DrawFn) -> dict[str, Any]:
    """A task that is nearly one."""
    task: dict[str, Any] = {"task_key": draw(st.sampled_from(["a", "b", "c", "\ud800"]))}
    for name in ("depends_on", "run_if", "max_retries", "timeout_seconds", "disabled", "health", "email_notifications"):
        if draw(st.integers(0, 5)) == 0:
            task[name] = draw(GARBAGE)
    kind = draw(st.sampled_from(["notebook_task", "condition_task", "for_each_task", "run_job_task", "sql_task"]))
    task[kind] = draw(GARBAGE) if draw(st.integers(0, 2)) == 0 else {
        "op": "EQUAL_TO",
        "left": draw(GARBAGE),
        "right": draw(GARBAGE),
        "inputs": draw(GARBAGE | st.just("[1, 2]")),
        "task": {"task_key": "inner", "notebook_task": {"base_parameters": draw(GARBAGE)}},
        "base_parameters": draw(GARBAGE),
        "parameters": draw(GARBAGE),
        "job_parameters": draw(GARBAGE),
        "job_id": draw(GARBAGE),
    }  # fmt: skip
    return task


@pytest.mark.slow
@settings(max_examples=80)
@given(st.lists(tasks(), max_size=3), GARBAGE)
def test_what_is_nearly_a_job(found: list[dict[str, Any]], parameter: Any) -> None:
    attributes = {"name": "n", "task": found, "parameter": [{"name": "p", "default": parameter}]}
    with contextlib.suppress(LakeflowError):
        simulation = Simulation({"n": attributes})
        simulation.ask(Start(does={"a": Failed()} if any(each["task_key"] == "a" for each in found) else {}))
        simulation.advance(timedelta(seconds=30))
        simulation.run(0)
        simulation.advance()
