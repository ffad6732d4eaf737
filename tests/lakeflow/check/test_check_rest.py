"""The schema of REST: the provider's, by REST's names, and what only the API has."""

import dataclasses
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from constructs_lib.forms.rest import beside, rest_shape
from constructs_lib.provider import Shape
from tests.lakeflow.check.support import Check, notebook, settings


def fields(type_: Any) -> Iterator[tuple[str, Any]]:
    """Yield the names of a class of the SDK, and the class that each holds, if one."""
    from databricks.sdk.service import compute, jobs

    for field in dataclasses.fields(type_):
        held = eval(field.type, {**vars(compute), **vars(jobs)}) if isinstance(field.type, str) else field.type
        while get_args(held):
            held = get_args(held)[0]
        yield field.name, held if dataclasses.is_dataclass(held) else None


def lacking(type_: Any, shape: Shape, path: str, seen: set[Any]) -> Iterator[str]:
    for name, held in fields(type_):
        attribute = shape.attributes.get(name)
        if attribute is None:
            yield f"{path}{name}"
        elif held and attribute.shape and (held, id(attribute.shape)) not in seen:
            seen.add((held, id(attribute.shape)))
            yield from lacking(held, attribute.shape, f"{path}{name}.", seen)


def test_everything_that_the_sdk_sends_is_known() -> None:
    from databricks.sdk.service import jobs

    shape = rest_shape(single_task=False)
    tasks = shape.attributes["tasks"].shape
    assert tasks
    assert set(lacking(jobs.JobSettings, shape, "", set())) == {
        "job_clusters.new_cluster.autotermination_minutes",  # of interactive clusters
        "tasks.for_each_task.task.for_each_task",  # loops do not nest
        "tasks.for_each_task.task.new_cluster.autotermination_minutes",
    }
    assert {name for name, _ in fields(jobs.SubmitTask)} <= tasks.attributes.keys()
    answer = {field.name for field in dataclasses.fields(jobs.Job)} - {"settings"}
    assert all(map(beside, answer))


def test_what_only_the_api_has_is_no_finding(check: Check) -> None:
    attachment = {"data_attachment": {"widgets": [{"page_id": "p", "widget_id": "w"}], "file_format": "CSV"}}
    dashboard = {"dashboard_id": "d", "subscription": {"attachment": attachment}}
    job = settings(
        {"task_key": "a", "dashboard_task": dashboard},
        format="MULTI_TASK",
        duration_target="PT1H",
        health={},
        access_control_list=[{"group_name": "g", "permission_level": "CAN_VIEW"}],
        _="anchors are kept here",
    )
    ended = check("a.json", "--select", "LF001", "--format", "json", a_json={"job_id": 1, "created_time": 2, **job})
    assert ended.found == []


@pytest.mark.parametrize(
    ("job", "path", "message", "hint"),
    [
        (
            settings({"task_key": "a", "notebok_task": {}}),
            "/tasks/0/notebok_task",
            "tasks has no 'notebok_task'",
            "did you mean 'notebook_task'?",
        ),
        (settings(jobclusters=[]), "/jobclusters", "job has no 'jobclusters'", "did you mean 'job_clusters'?"),
        (settings(task=[]), "/task", "job has no 'task'", "did you mean 'tasks'?"),
        (settings(always_running=True), "/always_running", "job has no 'always_running'", "job has"),
        (settings(timeouts={}), "/timeouts", "job has no 'timeouts'", "did you mean 'timeout_seconds'?"),
        (settings(provider_config={}), "/provider_config", "job has no 'provider_config'", "job has"),
        (settings(max_retries=1), "/max_retries", "job has no 'max_retries'", "it belongs to tasks: move it there"),
        (
            settings(notebook("a", library=[])),
            "/tasks/0/library",
            "tasks has no 'library'",
            "did you mean 'libraries'?",
        ),
        (
            settings(
                git_source={"url": "https://x", "git_url": "https://x", "git_provider": "gitHub", "git_branch": "m"}
            ),
            "/git_source/url",
            "git_source has no 'url'",
            "did you mean 'git_url'?",
        ),
        (settings(git_source={"git_branch": "m"}), "/git_source", "'git_url' is missing", "give a string"),
        (settings({"notebook_task": {"notebook_path": "/a"}}), "/tasks/0", "'task_key' is missing", "give a string"),
        (
            settings({"task_key": "a", "notebook_task": [{"notebook_path": "/a"}]}),
            "/tasks/0/notebook_task",
            "is a list, not an object",
            "take it out of the list",
        ),
        (
            settings(job_clusters=[{"job_cluster_key": "c", "new_cluster": {"autotermination_minutes": 5}}]),
            "/job_clusters/0/new_cluster/autotermination_minutes",
            "new_cluster has no 'autotermination_minutes'",
            "new_cluster has",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("/") else "",
)
def test_what_the_api_does_not_know(check: Check, job: Any, path: str, message: str, hint: str) -> None:
    (finding,) = check("a.json", "--select", "LF001", "--format", "json", a_json=job).document["findings"]
    assert finding["path"] == path
    assert message in finding["message"]
    assert finding["hint"].startswith(hint)


def test_a_single_task_job_has_its_task_at_the_top(check: Check) -> None:
    job = {"name": "old", "notebook_task": {"notebook_path": "/a"}, "max_retries": 1, "libraries": [{"whl": "a.whl"}]}
    assert check("a.json", "--select", "LF001", "--format", "json", a_json=job).found == []


def test_a_bundle_may_say_a_variable_anywhere(check: Check) -> None:
    job = settings(
        notebook("a", new_cluster="${var.cluster}", max_retries="${var.retries}"),
        tags="${var.tags}",
        email_notifications={"on_failure": "${var.people}"},
    )
    bundle = {"resources": {"jobs": {"d": {**job, "tasks": [*job["tasks"], "${var.task}"]}}}}
    assert check("a.json", "--select", "LF001", "--format", "json", a_json=bundle).found == []
