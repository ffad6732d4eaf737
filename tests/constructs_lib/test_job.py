"""The construct that deploys a job."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest

from constructs_lib import (
    Compute,
    ExistingWarehouse,
    Goal,
    Grant,
    LakeflowError,
    LakeflowJob,
    LakeflowStack,
    Monitoring,
    NotebookTask,
    Notifications,
    Operations,
    Principal,
    PythonScriptTask,
    RunAlert,
    RunJobTask,
    Task,
    Trigger,
    WorkspacePath,
    sql,
)
from constructs_lib.provider import problems

Synth = Callable[[Any], dict[str, Any]]
ETL = "c3e85b09-d4a1-4672-8f1b-96d07a2ce58f"
NOTEBOOK = WorkspacePath("/Shared/a")


def test_a_job_with_its_permissions(stack: LakeflowStack, synth: Synth) -> None:
    stack.name_prefix = "[dev] "
    job = LakeflowJob(
        stack,
        "nightly",
        goal=Goal("Everything is new in the morning.", owner="data"),
        tasks=[NotebookTask("a", NOTEBOOK)],
        trigger=Trigger.manual(),
        operations=Operations(
            run_as=Principal.service_principal(ETL), permissions=[Grant(Principal.group("analysts"), "CAN_VIEW")]
        ),
    )
    resources = synth(stack)["resource"]
    assert problems("databricks_job", resources["databricks_job"]["nightly"]) == []
    assert resources["databricks_job"]["nightly"] == {
        "name": "[dev] nightly",
        "description": "Everything is new in the morning.\nOwner: data",
        "max_concurrent_runs": 1,
        "queue": {"enabled": True},
        "run_as": {"service_principal_name": ETL},
        "task": [
            {
                "task_key": "a",
                "run_if": "ALL_SUCCESS",
                "retry_on_timeout": False,
                "notebook_task": {"notebook_path": "/Shared/a", "source": "WORKSPACE"},
            }
        ],
    }
    assert resources["databricks_permissions"] == {
        "nightly": {
            "job_id": "${databricks_job.nightly.id}",
            "access_control": [
                {"service_principal_name": ETL, "permission_level": "IS_OWNER"},
                {"group_name": "analysts", "permission_level": "CAN_VIEW"},
            ],
        }
    }
    assert job.job_id.terraform == "${databricks_job.nightly.id}"


def test_one_job_runs_another(stack: LakeflowStack, synth: Synth) -> None:
    first = LakeflowJob(stack, "first", goal="One.", tasks=[NotebookTask("a", NOTEBOOK)], trigger=Trigger.manual())
    LakeflowJob(stack, "second", goal="Two.", tasks=[RunJobTask("run", first)], trigger=Trigger.manual())
    (task,) = synth(stack)["resource"]["databricks_job"]["second"]["task"]
    assert task["run_job_task"] == {"job_id": "${databricks_job.first.id}"}


def test_monitoring_deploys_alerts_over_the_history_of_this_job(stack: LakeflowStack, synth: Synth) -> None:
    LakeflowJob(
        stack,
        "nightly",
        goal="Something.",
        tasks=[NotebookTask("a", NOTEBOOK)],
        trigger=Trigger.daily(time(5, 30), timezone="Europe/Berlin").paused_if(True),
        operations=Operations(notifications=Notifications(on_failure=["a@example.com"])),
        monitoring=Monitoring(
            [
                RunAlert.late(after=time(7)),
                RunAlert.failures(more_than=2),
                RunAlert.no_success(within=timedelta(days=2)),
                RunAlert.slower(than_before=1.5),
                RunAlert.cost(list_price=50),
                RunAlert.cost_jump(times=2, within=timedelta(days=14)),
            ],
            warehouse=ExistingWarehouse("4f2d"),
        ),
    )
    resources = synth(stack)["resource"]
    job = resources["databricks_job"]["nightly"]
    assert job["health"] == {"rules": [{"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": 5400}]}
    assert job["email_notifications"] == {
        "on_failure": ["a@example.com"],
        "on_duration_warning_threshold_exceeded": ["a@example.com"],
    }
    failures = resources["databricks_alert_v2"]["nightly_failures"]
    assert failures["display_name"] == "nightly failures"
    assert failures["schedule"]["pause_status"] == "PAUSED"
    assert {each["name"]: each["value"] for each in failures["parameters"]} == {
        "delay_hours": "6",
        "job_id": "${databricks_job.nightly.id}",
        "window_hours": "168",
        "workspace_id": "1",
    }
    assert failures["evaluation"]["threshold"] == {"value": {"double_value": 2}}
    silence = resources["databricks_alert_v2"]["nightly_no_success"]
    assert silence["evaluation"]["source"] == {"name": "hours_since_success"}
    assert silence["evaluation"]["threshold"] == {"value": {"double_value": 48}}
    slower, cost, jump = (resources["databricks_alert_v2"][f"nightly_{key}"] for key in ("slower", "cost", "cost_jump"))
    assert slower["evaluation"] == {
        "source": {"name": "p50_ratio"},
        "comparison_operator": "GREATER_THAN",
        "threshold": {"value": {"double_value": 1.5}},
        "empty_result_state": "OK",
        "notification": {"notify_on_ok": False, "subscriptions": [{"user_email": "a@example.com"}]},
    }
    assert cost["display_name"] == "nightly cost"
    assert cost["query_text"] == sql.query("spend")
    assert (cost["evaluation"]["source"], cost["evaluation"]["threshold"]) == (
        {"name": "list_cost"},
        {"value": {"double_value": 50}},
    )
    assert jump["display_name"] == "nightly cost jump"
    assert {each["name"]: each["value"] for each in jump["parameters"]} == {
        "delay_hours": "6",
        "job_id": "${databricks_job.nightly.id}",
        "min_runs": "5",
        "window_hours": "336",
        "workspace_id": "1",
    }
    for body in resources["databricks_alert_v2"].values():
        assert problems("databricks_alert_v2", body) == []


def test_history_needs_the_workspace_by_its_number(stack: LakeflowStack) -> None:
    stack.workspace_id = None
    with pytest.raises(
        LakeflowError, match=r"dev/nightly: .* which know a workspace by its id, and the stack has none"
    ):
        LakeflowJob(
            stack,
            "nightly",
            goal="Something.",
            tasks=[NotebookTask("a", NOTEBOOK)],
            trigger=Trigger.manual(),
            operations=Operations(notifications=Notifications(on_failure=["a@example.com"])),
            monitoring=Monitoring([RunAlert.failures(more_than=2)], warehouse=ExistingWarehouse("4f2d")),
        )


def test_the_map_knows_where_the_job_was_made(stack: LakeflowStack) -> None:
    LakeflowJob(stack, "nightly", goal="Something.", tasks=[NotebookTask("a", NOTEBOOK)], trigger=Trigger.manual())
    record = stack.record.jobs["nightly"]
    assert record.source is not None
    assert record.source.startswith("tests/constructs_lib/test_job.py:")
    assert record.address == "databricks_job.nightly"


A, B = NotebookTask("a", NOTEBOOK), NotebookTask("b", NOTEBOOK)


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ([], "a job without tasks does nothing"),
        ([A, NotebookTask("a", NOTEBOOK)], "two tasks have the key 'a'"),
        ([NotebookTask("c", NOTEBOOK, depends_on=[A])], "task 'c' depends on 'a', which is not in tasks=[c]"),
        (
            [PythonScriptTask("s", WorkspacePath("/a.py"))],
            "PythonScriptTask('s', WorkspacePath('/a.py')) has no compute",
        ),
    ],
)
def test_a_wrong_job_is_an_error_with_construct_path_and_line(
    stack: LakeflowStack, tasks: list[Task], message: str
) -> None:
    with pytest.raises(LakeflowError) as raised:
        LakeflowJob(stack, "nightly", goal="Something.", tasks=tasks, trigger=Trigger.manual())
    assert str(raised.value).startswith("dev/nightly (tests/constructs_lib/test_job.py:")
    assert message in str(raised.value)


def test_the_jobs_compute_is_declared_once(stack: LakeflowStack, synth: Synth) -> None:
    LakeflowJob(
        stack,
        "nightly",
        goal="Something.",
        tasks=[PythonScriptTask("a", WorkspacePath("/a.py")), PythonScriptTask("b", WorkspacePath("/b.py"))],
        trigger=Trigger.manual(),
        compute=Compute.serverless(dependencies=["polars==1.9.0"]),
    )
    job = synth(stack)["resource"]["databricks_job"]["nightly"]
    assert job["environment"] == [
        {"environment_key": "default", "spec": {"dependencies": ["polars==1.9.0"], "environment_version": "4"}}
    ]
    assert [task["environment_key"] for task in job["task"]] == ["default", "default"]
