"""There and back: a job of any form becomes the values that it would have been written in."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from constructs_lib import (
    AwsAttributes,
    ComputeTask,
    ConditionTask,
    ExistingWarehouse,
    ForEachTask,
    GitFile,
    JobDefinition,
    NotebookTask,
    PythonWheelTask,
    RunIf,
    SqlFileTask,
    WorkspacePath,
    WorkTask,
    read_jobs,
)
from constructs_lib.compute import JobCluster, ServerlessEnvironment
from constructs_lib.forms.attributes import read_job
from constructs_lib.forms.values import ReadJob
from constructs_lib.principals import Group, ServicePrincipal, User
from constructs_lib.references import Reference, terraform_json
from constructs_lib.triggers import Manual, Schedule
from tests.support.everything import everything
from tests.support.generated import jobs

# A job takes a while to be drawn; a busy machine is no failure.
LAW = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
NOTEBOOK = {"notebook_path": "/Workspace/a"}
VARIABLE = {"notebook_path": "/${var.a}"}
WHEEL = {"package_name": "p", "entry_point": "e"}


def one(document: object) -> ReadJob:
    """Return the only job of a document."""
    [job] = read_jobs(document)
    return job


def said(**settings: Any) -> JobDefinition:
    """Return the job of REST settings with one notebook, of which everything can be said."""
    job = one({"name": "nightly", "tasks": [{"task_key": "a", "notebook_task": NOTEBOOK}], **settings})
    assert job.remarks == ()
    return job.definition


def remarks(document: object) -> list[str]:
    """Return what no typed value says of the one job of a document."""
    job = one(document)
    return [f"{each.exactness} {'/'.join(map(str, each.path))}: {each.text}" for each in job.remarks]


def test_the_settings_of_an_answer_become_the_six_steps() -> None:
    answer = {
        "job_id": 11,
        "creator_user_name": "me@example.com",
        "run_as_user_name": "c3e85b09-d4a1-4672-8f1b-96d07a2ce58f",
        "settings": {
            "name": "nightly",
            "description": "The sales of yesterday.\nOwner: data",
            "timeout_seconds": 3600,
            "max_concurrent_runs": 1,
            "queue": {"enabled": True},
            "format": "MULTI_TASK",
            "email_notifications": {},
            "webhook_notifications": {"on_failure": [{"id": "d1"}]},
            "schedule": {
                "quartz_cron_expression": "0 30 5 * * ?",
                "timezone_id": "Europe/Berlin",
                "pause_status": "PAUSED",
            },
            "job_clusters": [
                {
                    "job_cluster_key": "etl",
                    "new_cluster": {
                        "spark_version": "16.4.x-scala2.12",
                        "node_type_id": "Standard_D4ds_v5",
                        "data_security_mode": "SINGLE_USER",
                        "autoscale": {"min_workers": 1, "max_workers": 4},
                    },
                }
            ],
            "parameters": [{"name": "day", "default": ""}],
            "tasks": [
                {
                    "task_key": "report",
                    "depends_on": [{"task_key": "enough", "outcome": "true"}],
                    "run_if": "ALL_SUCCESS",
                    "sql_task": {"file": {"path": "/Workspace/report.sql"}, "warehouse_id": "w1"},
                },
                {
                    "task_key": "enough",
                    "depends_on": [{"task_key": "ingest"}],
                    "condition_task": {"left": "{{tasks.ingest.values.rows}}", "op": "GREATER_THAN", "right": "0"},
                },
                {
                    "task_key": "ingest",
                    "job_cluster_key": "etl",
                    "notebook_task": {"notebook_path": "/Workspace/ingest", "source": "WORKSPACE"},
                    "max_retries": 2,
                    "min_retry_interval_millis": 60000,
                    "retry_on_timeout": False,
                },
            ],
        },
    }
    job = one(answer).definition
    assert one(answer).remarks == ()
    report, enough, ingest = job.tasks
    assert job.goal is not None
    assert (job.goal.summary, job.goal.owner) == ("The sales of yesterday.", "data")
    assert isinstance(report, SqlFileTask)
    assert isinstance(report.warehouse, ExistingWarehouse)
    assert isinstance(enough, ConditionTask)
    assert repr(report.depends_on) == "(ConditionTask('enough', {{tasks.ingest.values.rows}}, '>', '0').when_true,)"
    assert isinstance(ingest, NotebookTask)
    assert isinstance(ingest.compute, JobCluster)
    assert ingest.compute.spec.workers == (1, 4)
    assert ingest.retries is not None
    assert ingest.retries.wait == timedelta(minutes=1)
    assert isinstance(job.trigger, Schedule)
    assert job.trigger.paused
    operations = job.operations
    assert (operations.timeout, operations.queue) == (timedelta(hours=1), True)
    assert dict(operations.parameters) == {"day": ""}
    assert isinstance(operations.run_as, ServicePrincipal)
    assert [each.destination_id for each in operations.notifications.on_failure if not isinstance(each, str)] == ["d1"]
    assert [dict(each.extra) for each in job.tasks] == [{}, {}, {}]
    assert dict(operations.extra) == {}


def test_silence_means_what_it_means_to_the_api() -> None:
    job = said(tasks=[{"task_key": "a", "notebook_task": NOTEBOOK}])
    assert isinstance(job.trigger, Manual)
    assert job.goal is None
    assert not job.operations.queue
    assert job.tasks[0].run_if is RunIf.ALL_SUCCESS
    assert said(continuous={}).render()["continuous"] == {"pause_status": "UNPAUSED", "task_retry_mode": "NEVER"}


def test_code_comes_from_git_where_the_job_has_some_and_the_task_does_not_say() -> None:
    git = {"git_url": "https://github.com/example/x", "git_provider": "GITHUB", "git_branch": "main"}
    tasks = [
        {"task_key": "a", "notebook_task": {"notebook_path": "jobs/a"}},
        {"task_key": "b", "notebook_task": {"notebook_path": "/Workspace/b", "source": "WORKSPACE"}},
        {"task_key": "c", "existing_cluster_id": "x", "spark_python_task": {"python_file": "dbfs:/c.py"}},
    ]
    job = said(git_source=git, tasks=tasks)
    first, second, third = job.tasks
    assert isinstance(first, NotebookTask)
    assert isinstance(first.notebook, GitFile)
    assert isinstance(second, NotebookTask)
    assert isinstance(second.notebook, WorkspacePath)
    assert third.render()["spark_python_task"] == {"python_file": "dbfs:/c.py", "source": "WORKSPACE"}
    assert job.render()["git_source"]["provider"] == "gitHub"


def test_a_cluster_of_aws_stays_one() -> None:
    cluster = {"spark_version": "16.4.x-scala2.12", "num_workers": 2, "node_type_id": "i3.xlarge"}
    [task] = said(tasks=[{"task_key": "a", "notebook_task": NOTEBOOK, "new_cluster": cluster}]).tasks
    assert isinstance(task, ComputeTask)
    spec = task.computes(None)[0].render()["new_cluster"]
    # What AWS does with a cluster that does not say it.
    assert spec["aws_attributes"] == AwsAttributes(availability="SPOT_WITH_FALLBACK").render()
    assert "azure_attributes" not in spec


@pytest.mark.parametrize(
    ("conf", "workers"),
    [
        ({"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"}, 0),
        ({"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*, 4]", "a": "b"}, 0),
    ],
)
def test_a_single_node_is_recognised(conf: dict[str, str], workers: int) -> None:
    cluster = {
        "spark_version": "16.4.x-scala2.12",
        "num_workers": 0,
        "node_type_id": "Standard_D4ds_v5",
        "spark_conf": conf,
        "custom_tags": {"ResourceClass": "SingleNode"},
    }
    [task] = said(tasks=[{"task_key": "a", "notebook_task": NOTEBOOK, "new_cluster": cluster}]).tasks
    compute = task.computes(None)[0]
    assert getattr(compute, "spec").workers == workers  # noqa: B009 (of one of several classes)
    assert task.with_defaults(None, None)["new_cluster"]["spark_conf"] == conf


def test_a_bundle_brings_its_grants() -> None:
    bundle = {
        "resources": {
            "jobs": {
                "nightly": {
                    "name": "nightly",
                    "tasks": [{"task_key": "a", "notebook_task": NOTEBOOK}],
                    "permissions": [
                        {"user_name": "me@example.com", "level": "IS_OWNER"},
                        {"group_name": "analysts", "level": "CAN_VIEW"},
                        {"user_name": "you@example.com", "level": "CAN_MANAGE_RUN"},
                        {"group_name": "admins", "level": "CAN_MANAGE"},
                    ],
                }
            }
        }
    }
    job = one(bundle)
    operations = job.definition.operations
    assert isinstance(operations.owner, User)
    analysts, you = operations.permissions
    assert isinstance(analysts.principal, Group)
    assert repr(you) == "Grant(User('you@example.com'), 'CAN_MANAGE_RUN')"
    assert remarks(bundle) == [
        "lost resources/jobs/nightly/permissions/3: "
        "the grant admins CAN_MANAGE: Group('admins'): the rights of admins cannot be changed"
    ]


def test_expressions_of_terraform_stay_expressions_and_escapes_texts() -> None:
    attributes = {
        "name": "nightly",
        "tags": {"literal": "$${x}"},
        "task": [
            {
                "task_key": "a",
                "notebook_task": {
                    "notebook_path": "${databricks_notebook.a.path}",
                    "base_parameters": {"sql": "%%{x}"},
                },
            },
            {"task_key": "b", "run_job_task": {"job_id": "${databricks_job.other.id}"}},
        ],
    }
    job = one({"resource": {"databricks_job": {"nightly": attributes}}})
    first = job.definition.tasks[0]
    assert isinstance(first, NotebookTask)
    assert first.notebook.code_path == Reference.to("databricks_notebook.a.path")
    assert dict(job.definition.operations.tags) == {"literal": "${x}"}
    rendered = job.render()
    assert rendered["tags"] == {"literal": "$${x}"}
    assert rendered["task"][1]["run_job_task"] == {"job_id": "${databricks_job.other.id}"}
    assert rendered["task"][0]["notebook_task"]["base_parameters"] == {"sql": "%%{x}"}


@pytest.mark.parametrize(
    ("task", "class_", "remark"),
    [
        (
            {"notebook_task": {"notebook_path": "./a.py"}},
            WorkTask,
            "kept tasks/0/notebook_task: WorkspacePath('./a.py'): a workspace path is absolute",
        ),
        (
            {"existing_cluster_id": "x", "python_wheel_task": {"package_name": "p"}},
            ComputeTask,
            "kept tasks/0/python_wheel_task: has no python_wheel_task.entry_point",
        ),
        (
            {
                "existing_cluster_id": "x",
                "python_wheel_task": {"package_name": "p", "entry_point": "e"},
                "max_retries": -2,
            },
            PythonWheelTask,
            "kept tasks/0/max_retries: Retries(-2): count: -2 is no number of retries",
        ),
        (
            {"notebook_task": NOTEBOOK, "new_cluster": {"policy_id": "p"}},
            NotebookTask,
            "kept tasks/0/new_cluster: has no spark_version",
        ),
        (
            {"notebook_task": NOTEBOOK, "run_if": "SOMETIMES"},
            NotebookTask,
            "kept tasks/0/run_if: 'SOMETIMES' is no RunIf",
        ),
        (
            {"notebook_task": NOTEBOOK, "depends_on": [{"task_key": "gone"}]},
            NotebookTask,
            "kept tasks/0/depends_on: {'task_key': 'gone'} is no task of the job that could come before",
        ),
        (
            {"spark_jar_task": {"main_class_name": "M", "jar_uri": "dbfs:/x.jar"}, "existing_cluster_id": "x"},
            ComputeTask,
            "kept tasks/0/spark_jar_task/jar_uri: deprecated: a library has it",
        ),
        (
            {"for_each_task": {"inputs": "[1]", "task": {"task_key": "a", "notebook_task": NOTEBOOK}}},
            WorkTask,
            "kept tasks/0/for_each_task: its inner task has the key 'a', which another task has too",
        ),
    ],
)
def test_what_no_typed_value_says_is_kept_as_it_was(task: Any, class_: type[object], remark: str) -> None:
    document = {"name": "nightly", "tasks": [{"task_key": "a", **task}]}
    job = one(document)
    assert remarks(document) == [remark]
    [read] = job.definition.tasks
    assert isinstance(read, class_)
    # Nothing is missing from what comes out.
    rendered = job.render()["task"][0]
    assert json.dumps(task).count("SOMETIMES") == json.dumps(rendered).count("SOMETIMES")
    assert not [each for each in job.remarks if each.exactness == "lost"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"schedule": {"quartz_cron_expression": "0 6 * * *", "timezone_id": "UTC"}}, "it has 5 fields"),
        ({"max_concurrent_runs": 0}, "max_concurrent_runs: 0 is not between 1 and 1,000"),
        ({"run_as": {"group_name": "data"}}, "run_as: is no Identity"),
        ({"description": "x" * 27_701}, "the description has 27701 characters"),
        ({"git_source": {"git_url": "https://git.example.com/x", "git_branch": "main"}}, "is no Git provider"),
        ({"job_clusters": [{"job_cluster_key": "c", "new_cluster": {}}]}, "job_clusters: "),
        (
            {"trigger": {"pause_status": "PAUSED", "periodic": {"interval": 30, "unit": "MINUTES"}}},
            "trigger: Period(30, 'MINUTES'): the provider takes minutes in a list only",
        ),
        (
            {"trigger": {"pause_status": "PAUSED", "model": {"condition": "MODEL_CREATED"}}},
            "trigger: ModelUpdate('MODEL_CREATED'): the provider takes it in a list only",
        ),
        (
            {"trigger": {"pause_status": "PAUSED", "file_arrival": {"url": "/Volumes/a/b/c"}}},
            "trigger: FileArrival('/Volumes/a/b/c'): location: '/Volumes/a/b/c' is no folder",
        ),
        (
            {"triggers": [{"pause_status": "PAUSED", "table_update": {"table_names": ["sales"]}}]},
            "triggers: TableUpdate(paused=True): 'sales' is no table",
        ),
    ],
)
def test_what_a_job_itself_cannot_say_is_kept_too(settings: Any, said: str) -> None:
    document = {"name": "nightly", "tasks": [{"task_key": "a", "notebook_task": NOTEBOOK}], **settings}
    remark = remarks(document)[-1]
    assert remark.startswith("kept ")
    assert said in remark
    for name, value in one(document).render().items():
        if name in settings:
            assert (
                json.loads(json.dumps(value)) == {**_by_provider(settings[name]), **value}
                if isinstance(value, dict)
                else value == _by_provider(settings[name])
            )


def _by_provider(value: Any) -> Any:
    if isinstance(value, dict):
        return {name.removeprefix("git_"): entry for name, entry in value.items()}
    return value


@pytest.mark.parametrize(
    ("document", "lines"),
    [
        (
            {"tasks": [{"task_key": "a", "notebok_task": {}}]},
            ["lost tasks/0/notebok_task: the provider has no 'notebok_task' here"],
        ),
        (
            {"tasks": [{"task_key": "a", "notebook_task": NOTEBOOK}], "duration_target": "1h"},
            ["lost duration_target: the provider does not know it"],
        ),
        (
            {
                "resources": {
                    "jobs": {"x": {"tasks": [{"task_key": "a", "notebook_task": {"notebook_path": "/${var.a}"}}]}}
                }
            },
            [
                "lost resources/jobs/x/tasks/0/notebook_task/notebook_path: '/${var.a}' is filled in by the bundle, "
                "and is plain text here"
            ],
        ),
    ],
)
def test_what_is_lost_is_said_with_its_place(document: Any, lines: list[str]) -> None:
    assert remarks(document) == lines


def test_where_a_task_cannot_be_said_at_all_all_tasks_stay_as_they_are() -> None:
    tasks = [{"task_key": "max(1)", "notebook_task": NOTEBOOK}, {"task_key": "b", "notebook_task": NOTEBOOK}]
    job = one({"name": "nightly", "tasks": tasks})
    assert [task["task_key"] for task in job.render()["task"]] == ["max(1)", "b"]
    assert [(each.path, each.text) for each in job.remarks] == [
        (("tasks",), "NotebookTask('max(1)', WorkspacePath('/Workspace/a')): 'max(1)' is not a task key")
    ]


def test_what_the_api_answers_where_nothing_was_said_is_nothing_to_remark_on() -> None:
    beside = {
        "run_if": "ALL_SUCCESS",
        "timeout_seconds": 0,
        "email_notifications": {"no_alert_for_skipped_runs": False},
        "webhook_notifications": {},
        "notification_settings": {"no_alert_for_skipped_runs": False, "alert_on_last_attempt": False},
        "min_retry_interval_millis": 0,
        "retry_on_timeout": False,
    }
    node = {"spark_version": "16.4.x-scala2.12", "cluster_name": "", "num_workers": 2}
    pool = {"instance_pool_id": "p", "driver_instance_pool_id": "p", "aws_attributes": {}, "spark_conf": {}}
    gcp = {"use_preemptible_executors": False, "availability": "ON_DEMAND_GCP", "zone_id": "HA"}
    inner = {"task_key": "inner", "notebook_task": NOTEBOOK, **beside}
    job = said(
        email_notifications={"no_alert_for_skipped_runs": False},
        trigger={
            "pause_status": "UNPAUSED",
            "table_update": {
                "table_names": ["a.b.c"],
                "min_time_between_triggers_seconds": 0,
                "wait_after_last_change_seconds": 0,
            },
        },
        tasks=[
            {"task_key": "a", "notebook_task": NOTEBOOK, **beside},
            {"task_key": "b", "condition_task": {"left": "1", "op": "EQUAL_TO", "right": "1"}, **beside},
            {"task_key": "c", "for_each_task": {"inputs": "[1]", "task": inner}, **beside},
            {"task_key": "d", "notebook_task": NOTEBOOK, "new_cluster": {**node, **pool}},
            {
                "task_key": "e",
                "notebook_task": NOTEBOOK,
                "new_cluster": {**node, "node_type_id": "n2-standard-4", "gcp_attributes": gcp},
            },
        ],
    )
    assert [dict(task.extra) for task in job.tasks] == [{}, {}, {}, {}, {}]


def test_of_a_cluster_only_what_it_refuses_is_kept() -> None:
    cluster = {
        "spark_version": "16.4.x-scala2.12",
        "num_workers": 2,
        "instance_pool_id": "p",
        "enable_elastic_disk": True,
        "aws_attributes": {"instance_profile_arn": "arn:aws:iam::1:instance-profile/x"},
    }
    document = {"name": "n", "tasks": [{"task_key": "a", "notebook_task": NOTEBOOK, "new_cluster": cluster}]}
    assert remarks(document) == [
        "kept tasks/0/new_cluster/enable_elastic_disk: a cluster from a pool has the pool's disks",
        "kept tasks/0/new_cluster/aws_attributes: ClusterSpec(workers=2): "
        "a cluster from a pool has the pool's AWS attributes",
    ]
    assert one(document).render()["task"][0]["new_cluster"]["aws_attributes"] == cluster["aws_attributes"]


def test_what_is_known_only_after_the_apply_is_lost() -> None:
    values = {"name": "n", "always_running": False, "control_run_state": False, "task": [{"task_key": "a"}]}
    values["task"][0]["sql_task"] = [{"query": [{"query_id": "q"}]}]  # type: ignore[index]
    later = {"name": False, "task": [{"sql_task": [{"warehouse_id": True}]}]}
    address = "databricks_job.x"
    resource = {"address": address, "type": "databricks_job", "mode": "managed", "values": values}
    plan = {
        "planned_values": {"root_module": {"resources": [resource]}},
        "resource_changes": [{"address": address, "change": {"before": None, "after_unknown": later}}],
    }
    assert remarks(plan) == [
        "lost planned_values/root_module/resources/0/values/task/0/sql_task/0/warehouse_id: "
        "is known only after the apply, and is a placeholder here"
    ]


def test_a_pool_with_what_terraform_stores_beside_it_is_a_pool() -> None:
    pool = {"instance_pool_id": "p", "driver_instance_pool_id": "p"}
    stored = {"node_type_id": "Standard_D4ds_v5", "driver_node_type_id": "Standard_D4ds_v5"}
    cluster = {"spark_version": "16.4.x-scala2.12", "num_workers": 2, **pool, **stored}
    document = {"name": "n", "tasks": [{"task_key": "a", "notebook_task": NOTEBOOK, "new_cluster": cluster}]}
    assert remarks(document) == [
        f"kept tasks/0/new_cluster/{name}: a cluster from a pool has the pool's node type" for name in stored
    ]
    said = one(document).render()["task"][0]["new_cluster"]
    assert {name: said[name] for name in {**pool, **stored}} == {**pool, **stored}


def test_the_name_of_a_run_is_that_of_its_job() -> None:
    job = one({"run_name": "once", "idempotency_token": "x", "tasks": [{"task_key": "a", "notebook_task": NOTEBOOK}]})
    assert (job.definition.name, job.remarks) == ("once", ())


def test_comments_of_terraform_are_none_of_the_job() -> None:
    task = {"//": "why", "task_key": "a", "notebook_task": NOTEBOOK}
    body = {"//": {"metadata": {"path": "x/y"}}, "name": "nightly", "task": [task]}
    assert remarks({"resource": {"databricks_job": {"x": body}}}) == []


def test_what_a_variable_fills_in_is_kept_with_its_own_reason() -> None:
    body = {
        "name": "${var.name}",
        "description": "${var.description}",
        "task": [{"task_key": "a", "notebook_task": NOTEBOOK}],
        "email_notifications": {"on_failure": "${var.addresses}"},
    }
    job = one({"resource": {"databricks_job": {"x": body}}})
    assert [(each.path[-1], each.text) for each in job.remarks] == [
        ("name", "expected a string, got Reference Reference(${var.name})"),
        ("description", "expected a string, got Reference Reference(${var.description})"),
        ("email_notifications", "on_failure is no list"),
    ]
    assert {name: job.render()[name] for name in body if name != "task"} == {
        name: value for name, value in body.items() if name != "task"
    }


def test_each_thing_that_is_kept_has_its_own_reason() -> None:
    cluster = {
        "spark_version": "16.4.x-scala2.12",
        "node_type_id": "Standard_D4ds_v5",
        "num_workers": 2,
        "cluster_name": "mine",
        "enable_elastic_disk": False,
    }
    task = {"task_key": "a", "new_cluster": cluster, "python_wheel_task": {"package_name": "p"}}
    schedule = {"quartz_cron_expression": "0 6 * * *", "timezone_id": "UTC", "pause_status": "PAUSED"}
    said = [remark.partition(";")[0] for remark in remarks({"name": "n", "tasks": [task], "schedule": schedule})]
    assert said == [
        "kept tasks/0/new_cluster/cluster_name: of a cluster that exists: a run's cluster is named by the run",
        "kept tasks/0/new_cluster/enable_elastic_disk: the provider does not send false",
        "kept tasks/0/python_wheel_task: has no python_wheel_task.entry_point",
        "kept schedule: schedule `0 6 * * *`: it has 5 fields, as in Unix cron",
    ]


@pytest.mark.parametrize(
    ("node_type", "attributes"),
    [
        ("i3.xlarge", {"aws_attributes": {"availability": "ON_DEMAND", "first_on_demand": 0}}),
        ("Standard_D4ds_v5", {"azure_attributes": {"availability": "ON_DEMAND_AZURE", "first_on_demand": 0}}),
    ],
)
def test_a_block_that_is_kept_is_kept_whole_also_where_it_says_what_is_usual(node_type: str, attributes: Any) -> None:
    cluster = {"spark_version": "16.4.x-scala2.12", "node_type_id": node_type, "num_workers": 2, **attributes}
    document = {"name": "n", "tasks": [{"task_key": "a", "notebook_task": NOTEBOOK, "new_cluster": cluster}]}
    assert all(remark.startswith("kept ") for remark in remarks(document))
    [(name, block)] = attributes.items()
    assert one(document).render()["task"][0]["new_cluster"][name] == block


def test_what_is_said_of_a_secret_does_not_repeat_it() -> None:
    image = {"url": "example.com/x", "basic_auth": {"username": "me", "password": "hunter2"}}
    log = {"log_analytics_info": {"log_analytics_workspace_id": "w", "log_analytics_primary_key": "hunter2"}}
    cluster = {
        "spark_version": "16.4.x-scala2.12",
        "node_type_id": "Standard_D4ds_v5",
        "docker_image": image,
        "azure_attributes": log,
    }
    document = {"name": "n", "tasks": [{"task_key": "a", "notebook_task": NOTEBOOK, "new_cluster": cluster}]}
    assert remarks(document)
    assert "hunter2" not in str(remarks(document))
    assert "a secret is not written in code" in str(remarks(document))


def test_what_is_kept_says_nothing_empty_either() -> None:
    tasks = [{"task_key": "max(1)", "notebook_task": NOTEBOOK, "email_notifications": {}, "libraries": [{"pypi": {}}]}]
    assert one({"name": "nightly", "tasks": tasks}).render()["task"] == [
        {"task_key": "max(1)", "notebook_task": {**NOTEBOOK, "source": "WORKSPACE"}, "library": [{}]}
    ]


def test_mails_of_some_tasks_only_are_kept_out_of_the_values_that_would_refuse_them() -> None:
    tasks = [
        {"task_key": "a", "notebook_task": NOTEBOOK, "email_notifications": {"on_failure": ["me@example.com"]}},
        {"task_key": "b", "notebook_task": NOTEBOOK},
    ]
    job = one({"name": "nightly", "tasks": tasks})
    assert job.render()["task"][0]["email_notifications"] == {"on_failure": ["me@example.com"]}
    [remark] = job.remarks
    assert remark.text == "not every task mails for it, and the provider cannot clear a task's addresses"


def test_compute_that_no_task_uses_is_still_declared() -> None:
    environments = [{"environment_key": key, "spec": {"environment_version": "4"}} for key in ("used", "unused")]
    tasks = [{"task_key": "a", "notebook_task": NOTEBOOK, "environment_key": "used"}]
    job = one({"name": "nightly", "tasks": tasks, "environments": environments})
    [compute] = job.definition.tasks[0].computes(None)
    assert isinstance(compute, ServerlessEnvironment)
    assert [each["environment_key"] for each in job.render()["environment"]] == ["used", "unused"]


def test_numbers_in_quotes_are_numbers() -> None:
    tasks = [{"task_key": "a", "notebook_task": {**NOTEBOOK, "base_parameters": {"n": 1, "on": True}}}]
    job = said(timeout_seconds="60", tasks=tasks)
    assert job.operations.timeout == timedelta(minutes=1)
    assert job.render()["task"][0]["notebook_task"]["base_parameters"] == {"n": "1", "on": "true"}


def test_a_document_without_jobs_has_none() -> None:
    assert read_jobs({"bundle": {"name": "x"}}) == ()
    assert read_jobs(None) == ()


def test_a_loop_is_read_with_what_is_in_it() -> None:
    inner = {"task_key": "parse", "notebook_task": {"notebook_path": "/Workspace/p"}, "max_retries": 1}
    loop = {"inputs": '["a", {"b": 1}]', "concurrency": 3, "task": inner}
    [task] = said(tasks=[{"task_key": "each", "for_each_task": loop}]).tasks
    assert isinstance(task, ForEachTask)
    assert repr(task) == "ForEachTask('each', ('a', {'b': 1}), NotebookTask('parse', WorkspacePath('/Workspace/p')))"
    assert isinstance(task.task, NotebookTask)
    assert task.task.retries is not None


@pytest.mark.parametrize("definition", everything(), ids=lambda definition: definition.name)
def test_everything_that_a_job_can_say_comes_back_as_typed_values(definition: JobDefinition) -> None:
    read = read_job(definition.render())
    assert read.definition.render() == definition.render()
    assert list(read.kept()) == []


@pytest.mark.slow
@LAW
@given(jobs())
def test_render_read_render_is_the_identity(definition: JobDefinition) -> None:
    rendered = definition.render()
    read = read_job(rendered)
    assert read.definition.render() == rendered
    assert list(read.kept()) == []


@pytest.mark.slow
@LAW
@given(jobs())
def test_the_written_terraform_of_a_job_is_read_to_the_same(definition: JobDefinition) -> None:
    document = json.loads(json.dumps(terraform_json(definition.render())))
    job = one({"resource": {"databricks_job": {"x": document}}})
    assert job.render() == document
    assert job.remarks == ()
