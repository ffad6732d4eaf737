"""Step 1: what a workflow is for, as whoever opens the job in the workspace reads it."""

import re

import pytest

from constructs_lib import Goal, JobDefinition, NotebookTask, Trigger, WorkspacePath
from tests.support.refusal import refusal


def description(goal: Goal) -> object:
    tasks = [NotebookTask("a", WorkspacePath("/a"))]
    return JobDefinition("job", goal=goal, tasks=tasks, trigger=Trigger.manual()).render()["description"]


def test_a_goal_is_the_job_s_description() -> None:
    assert description(Goal("Yesterday's sales before 07:00.")) == "Yesterday's sales before 07:00."


def test_a_goal_says_who_answers_for_it_for_whom_it_is_and_where_to_read_on() -> None:
    goal = Goal(
        "Yesterday's sales before 07:00.",
        owner="data-engineering",
        audience="The franchises' managers",
        runbook="https://wiki.example.com/daily-sales",
    )
    assert description(goal) == (
        "Yesterday's sales before 07:00.\n"
        "Owner: data-engineering\n"
        "For: The franchises' managers\n"
        "Runbook: https://wiki.example.com/daily-sales"
    )


def test_only_what_is_said_of_it_is_written() -> None:
    assert description(Goal("Order.", runbook="https://r")) == "Order.\nRunbook: https://r"


@pytest.mark.parametrize("summary", ["", "  ", "\n"])
def test_a_goal_says_something(summary: str) -> None:
    message = f"Goal({summary!r}): a goal says what the job produces; write one sentence"
    assert refusal(lambda: Goal(summary)) == message


def test_a_goal_is_no_longer_than_the_api_takes() -> None:
    assert len(Goal("x" * 27_700).text) == 27_700
    message = refusal(lambda: Goal("x" * 27_693, owner="y"))
    assert re.search("the description has 27,?702 characters, and the API takes 27,700$", message)
    assert len(message) < 300
