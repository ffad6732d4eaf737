"""What holds jobs, and what does not; and what a plan says of one."""

from typing import Any

import pytest

from constructs_lib.forms.found import FoundJob, found_jobs
from constructs_lib.forms.planned import LATER, said
from constructs_lib.rules import Form, Path
from tests.lakeflow.check.support import notebook, settings

JOB = settings()
BODY = {"name": "daily", "task": [{"task_key": "a", "notebook_task": [{"notebook_path": "/Shared/a"}]}]}


def found(document: Any, *, named: bool = True) -> list[FoundJob]:
    return list(found_jobs(document, named=named))


def resource(values: Any, address: str = "databricks_job.daily", **more: Any) -> dict[str, Any]:
    return {"address": address, "mode": "managed", "type": "databricks_job", "name": "daily", "values": values, **more}


NESTED = {"root_module": {"child_modules": [{"resources": [resource(BODY, "module.a.databricks_job.daily")]}]}}

FORMS: list[tuple[Any, Form, str, Path]] = [
    (JOB, Form.REST, "daily", ()),
    ({"run_name": "once", "tasks": [notebook("a")]}, Form.REST, "once", ()),
    ({"job_id": 7, "settings": JOB, "created_time": 1}, Form.REST, "daily", ("settings",)),
    ({"job_id": 7, "settings": {"tasks": [notebook("a")]}}, Form.REST, "7", ("settings",)),
    ({"job_id": 7, "new_settings": JOB}, Form.REST, "daily", ("new_settings",)),
    ({"jobs": [{"job_id": 7, "settings": JOB}]}, Form.REST, "daily", ("jobs", 0, "settings")),
    ({"jobs": [JOB]}, Form.REST, "daily", ("jobs", 0)),
    ([[JOB]], Form.REST, "daily", (0, 0)),
    ([{"job_id": 7, "settings": JOB}], Form.REST, "daily", (0, "settings")),
    ({"name": "old", "notebook_task": {"notebook_path": "/a"}}, Form.REST, "old", ()),
    ({"resources": {"jobs": {"d": JOB}}}, Form.BUNDLE, "d", ("resources", "jobs", "d")),
    ({"resources": {"jobs": {"d": {}}}}, Form.BUNDLE, "d", ("resources", "jobs", "d")),
    (
        {"resource": {"databricks_job": {"d": BODY}}},
        Form.TERRAFORM,
        "databricks_job.d",
        ("resource", "databricks_job", "d"),
    ),
    (
        {"resource": [{"databricks_job": [{"d": [BODY]}]}]},
        Form.TERRAFORM,
        "databricks_job.d",
        ("resource", 0, "databricks_job", 0, "d", 0),
    ),
    (
        {"planned_values": {"root_module": {"resources": [resource(BODY)]}}},
        Form.TERRAFORM,
        "databricks_job.daily",
        ("planned_values", "root_module", "resources", 0, "values"),
    ),
    (
        {"values": NESTED},
        Form.TERRAFORM,
        "module.a.databricks_job.daily",
        ("values", "root_module", "child_modules", 0, "resources", 0, "values"),
    ),
    (BODY, Form.TERRAFORM, "daily", ()),
]


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(("document", "form", "name", "path"), FORMS)
def test_a_job_is_told_by_what_stands_there(document: Any, form: Form, name: str, path: Path, named: bool) -> None:
    (job,) = found(document, named=named)
    assert (job.form, job.name, job.path) == (form, name, path)


@pytest.mark.parametrize(
    "document",
    [
        None,
        7,
        "tasks",
        [],
        {},
        {"name": "a package", "version": "1.0.0", "dependencies": {}},
        {"version": "2.0.0", "tasks": [{"label": "build", "type": "shell"}]},
        [{"hosts": "all", "name": "a playbook", "tasks": [{"name": "install", "apt": "x"}]}],
        {"on": "push", "jobs": {"build": {"runs-on": "ubuntu"}}},
        {"resource": {"databricks_cluster": {"a": {}}}},
        {"resources": {"pipelines": {"a": {}}}},
        {"resources": [{"type": "databricks_job"}]},
        {"planned_values": {"root_module": {"resources": [resource(BODY, mode="data")]}}},
        {"planned_values": None, "values": [], "resource": "databricks_job", "jobs": 3, "settings": []},
    ],
)
def test_other_documents_hold_no_job(document: Any) -> None:
    assert not found(document, named=False)


@pytest.mark.parametrize(
    "document",
    [
        {"name": "d", "tasks": []},
        {"name": "d"},
        {"max_concurrent_runs": 1},
        {"name": "d", "tsks": [notebook("a")]},
        {"name": "d", "task": [notebook("a")]},
        {"tasks": None},
    ],
)
def test_a_file_that_somebody_names_may_look_less_like_a_job(document: Any) -> None:
    (job,) = found(document)
    assert job.form is Form.REST


def test_nulls_are_silence() -> None:
    (job,) = found({"name": "d", "schedule": None, "tasks": [{**notebook("a"), "max_retries": None}]})
    assert job.body == settings(name="d")
    assert found([JOB])[0].body is JOB


STORED = {
    "id": "1",
    "url": "https://x/#job/1",
    "always_running": False,
    "max_concurrent_runs": 0,
    "email_notifications": [{"no_alert_for_skipped_runs": False, "on_failure": []}],
    "queue": [{"enabled": False}],
    "parameter": [{"name": "p", "default": ""}],
    "schedule": [],
    "tags": None,
    "newer_than_our_schema": [],
    "task": [
        {
            "task_key": "a",
            "max_retries": 0,
            "existing_cluster_id": "",
            "spark_jar_task": [{"jar_uri": "", "parameters": []}],
            "new_cluster": [],
        }
    ],
}


def test_what_a_state_says() -> None:
    assert said(STORED, stored=True) == {
        "id": "1",
        "max_concurrent_runs": 0,
        "queue": [{"enabled": False}],
        "parameter": [{"name": "p", "default": ""}],
        "task": [{"task_key": "a", "spark_jar_task": [{}]}],
    }


def test_what_a_plan_says_of_a_new_job() -> None:
    task = {
        "task_key": "a",
        "max_retries": 0,
        "existing_cluster_id": None,
        "spark_python_task": [{"parameters": [None]}],
    }
    unknown = {
        "id": True,
        "run_as": True,
        "task": [
            {
                "existing_cluster_id": True,
                "retry_on_timeout": True,
                "spark_python_task": [{"parameters": [True], "python_file": True}],
            }
        ],
    }
    assert said({"task": [task]}, unknown, stored=False) == {
        "task": [
            {
                "task_key": "a",
                "max_retries": 0,
                "existing_cluster_id": LATER,
                "spark_python_task": [{"parameters": [LATER], "python_file": LATER}],
            }
        ]
    }
    tags = said({"tags": {"a": "b"}}, {"tags": {"c": True, "a": False}}, stored=False)
    assert tags == {"tags": {"a": "b", "c": LATER}}


def test_a_plan_tells_new_jobs_from_stored_ones() -> None:
    values = {"task": [{"task_key": "a", "max_retries": 0}]}

    def planned(before: Any, **unknown: Any) -> list[FoundJob]:
        change = {"address": "databricks_job.daily", "change": {"before": before, "after_unknown": unknown}}
        module = {"resources": [resource(values)]}
        return found({"planned_values": {"root_module": module}, "resource_changes": [change]})

    assert planned(None)[0].body == values
    assert planned({})[0].body == {"task": [{"task_key": "a"}]}
    assert planned(None, task=True) == []
