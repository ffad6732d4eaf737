"""Step 5: how a job is operated, as it is written and as the provider gets it, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from constructs_lib import (
    ExistingWarehouse,
    ForEachTask,
    GitFile,
    GitSource,
    Goal,
    HealthRule,
    JobDefinition,
    NotebookTask,
    Notifications,
    Operations,
    Principal,
    Reference,
    Retries,
    SqlFileTask,
    Task,
    Trigger,
    WorkspacePath,
)
from constructs_lib.provider import problems
from constructs_lib.references import terraform_json
from tests.support.refusal import refusal

URL = "https://github.com/example/sales"
ROBOT = "11111111-2222-3333-4444-555555555555"


def operated(operations: Operations) -> dict[str, Any]:
    """Return what a job that the provider takes says of its operations."""
    definition = JobDefinition(
        "job",
        goal=Goal("Order."),
        tasks=[NotebookTask("a", WorkspacePath("/a"))],
        trigger=Trigger.manual(),
        operations=operations,
    )
    body = terraform_json(definition.render())
    assert problems("databricks_job", body) == []
    return {name: value for name, value in body.items() if name not in {"name", "description", "task"}}


def test_a_job_runs_once_at_a_time_and_queues_unless_it_is_said() -> None:
    """The provider would switch the queue off that is not mentioned, and the next run would be skipped."""
    assert operated(Operations()) == {"max_concurrent_runs": 1, "queue": {"enabled": True}}
    assert operated(Operations(max_concurrent_runs=1000, queue=False)) == {
        "max_concurrent_runs": 1000,
        "queue": {"enabled": False},
    }


def test_everything_that_operations_can_say() -> None:
    operations = Operations(
        max_concurrent_runs=3,
        timeout=timedelta(hours=2),
        health=[HealthRule.runs_longer_than(timedelta(hours=1))],
        notifications=Notifications(on_failure=["a@example.com"]),
        parameters={"day": "", "catalog": Reference.to("databricks_catalog.sales.name")},
        git=GitSource(URL, provider="gitHub", branch="main"),
        tags={"team": "sales"},
        run_as=Principal.service_principal(ROBOT),
        performance_target="STANDARD",
        extra={"edit_mode": "UI_LOCKED"},
    )
    assert operated(operations) == {
        "max_concurrent_runs": 3,
        "queue": {"enabled": True},
        "timeout_seconds": 7200,
        "health": {"rules": [{"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": 3600}]},
        "email_notifications": {"on_failure": ["a@example.com"]},
        "parameter": [
            {"name": "catalog", "default": "${databricks_catalog.sales.name}"},
            {"name": "day", "default": ""},
        ],
        "git_source": {"url": URL, "provider": "gitHub", "branch": "main"},
        "tags": {"team": "sales"},
        "run_as": {"service_principal_name": ROBOT},
        "performance_target": "STANDARD",
        "edit_mode": "UI_LOCKED",
    }


def test_parameters_stand_in_byte_order_of_their_names() -> None:
    names = ("b", "a", "_", "B", "a-", "a_", "a.", "a0")
    parameters = operated(Operations(parameters=dict.fromkeys(names, "")))["parameter"]
    assert [parameter["name"] for parameter in parameters] == ["B", "_", "a", "a-", "a.", "a0", "a_", "b"]


def test_retries_are_no_attribute_of_the_job_where_they_mean_nothing() -> None:
    assert operated(Operations(retries=Retries(3))) == operated(Operations())


@pytest.mark.parametrize("state", [{"branch": "main"}, {"tag": "v1"}, {"commit": "abc123"}])
def test_code_comes_from_one_state_of_a_repository(state: dict[str, Any]) -> None:
    git = GitSource(URL, provider="azureDevOpsServices", **state)
    assert operated(Operations(git=git))["git_source"] == {"url": URL, "provider": "azureDevOpsServices", **state}


def test_what_is_said_by_the_provider_s_name_comes_last() -> None:
    operations = Operations(tags={"team": "sales"}, extra={"max_concurrent_runs": 7, "tags": {"cost": "1"}})
    body = operated(operations)
    assert (body["max_concurrent_runs"], body["tags"]) == (7, {"team": "sales", "cost": "1"})


# What is refused

untyped: Any = Operations
untyped_git: Any = GitSource
GIT = f"GitSource({URL!r})"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Operations(max_concurrent_runs=0),
            "Operations(max_concurrent_runs=0): max_concurrent_runs: 0 is not between 1 and 1,000; "
            "pause the trigger where no run is meant to start",
        ),
        (
            lambda: Operations(max_concurrent_runs=1001),
            "Operations(max_concurrent_runs=1001): max_concurrent_runs: 1001 is not between 1 and 1,000; "
            "pause the trigger where no run is meant to start",
        ),
        (
            lambda: Operations(parameters={"my day": ""}),
            "Operations(): parameters: 'my day' is no name; use letters, digits, '_', '-' and '.'",
        ),
        (
            lambda: Operations(parameters={"": ""}),
            "Operations(): parameters: '' is no name; use letters, digits, '_', '-' and '.'",
        ),
        (
            lambda: Operations(tags={f"t{number}": "" for number in range(26)}),
            "Operations(): tags: 26, and the API takes 25",
        ),
        (
            lambda: untyped(parameters={"rows": 1}),
            "Operations(): parameters: expected a dict of a string to a string or Reference, got 'rows': int 1",
        ),
        (
            lambda: untyped(timeout=3600),
            "Operations(timeout=3600): timeout: expected a timedelta such as timedelta(minutes=30), got int 3600",
        ),
        (
            lambda: untyped(performance_target="COST_OPTIMIZED"),
            "Operations(performance_target='COST_OPTIMIZED'): performance_target: "
            "expected one of 'PERFORMANCE_OPTIMIZED', 'STANDARD', got str 'COST_OPTIMIZED'",
        ),
        (
            lambda: GitSource(URL, provider="gitHub"),
            f"{GIT}: names no state; give one of branch, tag and commit",
        ),
        (
            lambda: GitSource(URL, provider="gitHub", branch="main", tag="v1"),
            f"{GIT}: names branch and tag; give one of branch, tag and commit",
        ),
        (
            lambda: GitSource("git@github.com:example/sales", provider="gitHub", branch="main"),
            "GitSource('git@github.com:example/sales'): url: 'git@github.com:example/sales' is not HTTPS; "
            "write https://…",
        ),
        (
            lambda: untyped_git(URL, provider="github", branch="main"),
            f"{GIT}: provider: expected one of 'gitHub', 'gitHubEnterprise', 'gitLab', 'gitLabEnterpriseEdition', "
            "'bitbucketCloud', 'bitbucketServer', 'azureDevOpsServices', 'awsCodeCommit', got str 'github'",
        ),
    ],
)
def test_what_are_no_operations(make: Callable[[], object], message: str) -> None:
    assert refusal(make) == message


def test_a_timeout_is_whole_seconds() -> None:
    assert refusal(lambda: Operations(timeout=timedelta(seconds=0.5)).render()).endswith(
        "timeout: 0:00:00.500000 is not a whole number of seconds"
    )


@pytest.mark.parametrize(
    "task",
    [
        NotebookTask("a", GitFile("a")),
        SqlFileTask("a", GitFile("a.sql"), warehouse=ExistingWarehouse("w1")),
        ForEachTask("each", [1], NotebookTask("a", GitFile("a"))),
    ],
    ids=["notebook", "sql", "loop"],
)
def test_code_in_git_needs_a_repository(task: Task) -> None:
    job = JobDefinition("job", goal=Goal("Order."), tasks=[task], trigger=Trigger.manual())
    assert refusal(job.render) == (
        "JobDefinition('job'): task 'a' takes its code from Git, and the job has no repository; "
        "give its Operations git=GitSource(…)"
    )
    git = Operations(git=GitSource(URL, provider="gitHub", branch="main"))
    assert job.replace(operations=git).render()["git_source"]["branch"] == "main"


def test_a_repository_may_be_said_by_the_provider_s_name() -> None:
    git = {
        "git_source": {"url": URL, "provider": "gitHub", "branch": "main", "sparse_checkout": {"patterns": ["jobs"]}}
    }
    job = JobDefinition(
        "job",
        goal=Goal("Order."),
        tasks=[NotebookTask("a", GitFile("a"))],
        trigger=Trigger.manual(),
        operations=Operations(extra=git),
    )
    assert job.render()["git_source"] == git["git_source"]


def test_an_empty_state_of_a_repository_is_refused_or_not_written() -> None:
    """As it comes from a setting that nobody filled in: the provider takes no branch beside a tag, not even ''."""
    assert (
        "branch" not in operated(Operations(git=GitSource(URL, provider="gitHub", branch=None, tag="v1")))["git_source"]
    )
    assert "branch" in refusal(lambda: GitSource(URL, provider="gitHub", branch="", tag="v1"))
