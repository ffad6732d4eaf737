"""Step 2: the task types that show, tell, train and call others' code, as the provider gets them; what is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from constructs_lib import (
    AiDeployment,
    AiRuntimeTask,
    AlertTask,
    CleanRoomNotebookTask,
    ClusterSpec,
    Compute,
    DashboardSubscription,
    DashboardTask,
    DbtPlatformTask,
    DbtTask,
    EnvironmentVariables,
    ExistingAlert,
    ExistingDashboard,
    ExistingDestination,
    ExistingJob,
    ExistingPipeline,
    ExistingWarehouse,
    GitFile,
    GitSource,
    Goal,
    JarTask,
    JobDefinition,
    Library,
    NotebookTask,
    Operations,
    PipelineTask,
    PowerBiTable,
    PowerBiTask,
    PythonOperatorTask,
    Refresh,
    RunJobTask,
    SparkSubmitTask,
    SqlAlertTask,
    SqlDashboardTask,
    Subscriptions,
    Task,
    TaskNotifications,
    Trigger,
    WorkspacePath,
)
from constructs_lib.provider import problems
from constructs_lib.references import terraform_json
from tests.support.refusal import refusal

WAREHOUSE = ExistingWarehouse("w1")
CODE = WorkspacePath("/sales/code")
CLUSTER = Compute.existing_cluster("0101-1")
ON_CALL = ExistingDestination("d1")
IN_GIT = Operations(git=GitSource("https://github.com/example/sales", provider="gitHub", branch="main"))


def job(*tasks: Task, **said: Any) -> Any:
    """Return a job that the provider takes."""
    definition = JobDefinition("job", goal=Goal("Order."), tasks=tasks, trigger=Trigger.manual(), **said)
    body = terraform_json(definition.render())
    assert problems("databricks_job", body) == []
    return body


def block(task: Task, name: str, **said: Any) -> Any:
    """Return the block of a task's type."""
    (body,) = job(task, **said)["task"]
    return body[name]


# Code


def test_a_jar() -> None:
    task = JarTask("a", "org.example.Main", arguments=["--day", "1"], libraries=[Library.jar("/Volumes/a/b/c/a.jar")])
    (body,) = job(task, compute=CLUSTER)["task"]
    assert body["spark_jar_task"] == {"main_class_name": "org.example.Main", "parameters": ["--day", "1"]}
    assert body["library"] == [{"jar": "/Volumes/a/b/c/a.jar"}]


def test_spark_submit_has_a_cluster_of_its_own() -> None:
    own = Compute.new_cluster(ClusterSpec(node_type="n"))
    task = SparkSubmitTask("a", ["--class", "org.example.Main", "dbfs:/a.jar"], compute=own)
    assert block(task, "spark_submit_task") == {"parameters": ["--class", "org.example.Main", "dbfs:/a.jar"]}


def test_a_python_operator() -> None:
    task = PythonOperatorTask("a", "operators.load.main", parameters={"to": "b", "from": "a"})
    assert block(task, "python_operator_task", compute=Compute.serverless()) == {
        "main": "operators.load.main",
        "parameters": [{"name": "from", "value": "a"}, {"name": "to", "value": "b"}],
    }


def test_a_notebook_of_a_clean_room() -> None:
    task = CleanRoomNotebookTask("a", "campaign", "overlap", etag="v3", parameters={"day": "1"})
    assert block(task, "clean_rooms_notebook_task") == {
        "clean_room_name": "campaign",
        "notebook_name": "overlap",
        "etag": "v3",
        "notebook_base_parameters": {"day": "1"},
    }


def test_tasks_share_environment_variables() -> None:
    common = EnvironmentVariables("common", variables={"MODE": "fast"}, files=["/Volumes/a/b/c/.env"])
    body = job(*(NotebookTask(key, CODE, environment_variables=common) for key in ("a", "b")))
    assert [task["environment_variables_key"] for task in body["task"]] == ["common", "common"]
    assert body["environment_variables"] == [
        {
            "environment_variables_key": "common",
            "spec": {"variables": {"MODE": "fast"}, "files": ["/Volumes/a/b/c/.env"]},
        }
    ]


def test_two_kinds_of_environment_variables_have_two_keys() -> None:
    one, other = (EnvironmentVariables("common", variables={"MODE": mode}) for mode in ("fast", "slow"))
    tasks = [NotebookTask("a", CODE, environment_variables=one), NotebookTask("b", CODE, environment_variables=other)]
    assert refusal(lambda: job(*tasks)) == (
        "JobDefinition('job'): two different environment_variables blocks have the key 'common': "
        "spec.variables.MODE is 'fast' and 'slow'; give the same object to the tasks that share it, or another key"
    )


def test_serverless_may_be_kept_from_trying_again_by_itself() -> None:
    (body,) = job(NotebookTask("a", CODE, auto_optimization=False))["task"]
    assert body["disable_auto_optimization"] is True


# dbt


def test_dbt_on_a_warehouse() -> None:
    task = DbtTask("a", commands=["dbt deps", "dbt build"], project=CODE, warehouse=WAREHOUSE, catalog="sales")
    assert block(task, "dbt_task", compute=Compute.serverless(dependencies=["dbt-databricks"])) == {
        "commands": ["dbt deps", "dbt build"],
        "project_directory": "/sales/code",
        "warehouse_id": "w1",
        "catalog": "sales",
        "schema": "default",
        "source": "WORKSPACE",
    }


def test_dbt_with_profiles_of_its_own_from_git() -> None:
    task = DbtTask("a", commands=["dbt build"], project=GitFile("transform"), profiles="profiles", compute=CLUSTER)
    assert block(task, "dbt_task", operations=IN_GIT) == {
        "commands": ["dbt build"],
        "project_directory": "transform",
        "profiles_directory": "profiles",
        "schema": "",
        "source": "GIT",
    }


def test_a_dbt_project_is_the_root_of_the_git_source_unless_said() -> None:
    task = DbtTask("a", commands=["dbt build"], warehouse=WAREHOUSE, compute=CLUSTER)
    assert "project_directory" not in block(task, "dbt_task", operations=IN_GIT)
    assert refusal(lambda: job(task)).startswith("JobDefinition('job'): task 'a' takes its code from Git")


def test_the_dbt_platform() -> None:
    assert block(DbtPlatformTask("a", "dbt-cloud", "4711"), "dbt_platform_task") == {
        "connection_resource_name": "dbt-cloud",
        "dbt_platform_job_id": "4711",
    }


# What shows and tells


def test_a_dashboard_and_its_subscribers() -> None:
    task = DashboardTask(
        "a",
        ExistingDashboard("01ef"),
        warehouse=WAREHOUSE,
        filters={"country": "DE"},
        subscription=DashboardSubscription(["head@example.com", ON_CALL], subject="Sales of the day"),
    )
    assert block(task, "dashboard_task") == {
        "dashboard_id": "01ef",
        "warehouse_id": "w1",
        "filters": {"country": "DE"},
        "subscription": {
            "custom_subject": "Sales of the day",
            "subscribers": [{"user_name": "head@example.com"}, {"destination_id": "d1"}],
        },
    }


def test_an_alert_by_its_id_and_by_its_path() -> None:
    task = AlertTask("a", ExistingAlert("al1"), warehouse=WAREHOUSE, recipients=[ON_CALL], parameters={"day": "1"})
    assert block(task, "alert_task") == {
        "alert_id": "al1",
        "warehouse_id": "w1",
        "parameters": {"day": "1"},
        "subscribers": [{"destination_id": "d1"}],
    }
    assert block(AlertTask("a", path="/Workspace/Shared/late", warehouse=WAREHOUSE), "alert_task") == {
        "workspace_path": "/Workspace/Shared/late",
        "warehouse_id": "w1",
    }
    assert task.state == "{{tasks.a.output.alert_state}}"


def test_a_model_of_power_bi() -> None:
    task = PowerBiTask(
        "a",
        "power-bi",
        warehouse=WAREHOUSE,
        model="Sales",
        power_bi_workspace="Finance",
        tables=[PowerBiTable("orders", catalog="sales", schema="gold", storage="IMPORT")],
        overwrite=True,
        refresh=True,
    )
    assert block(task, "power_bi_task") == {
        "connection_resource_name": "power-bi",
        "warehouse_id": "w1",
        "power_bi_model": {"model_name": "Sales", "workspace_name": "Finance", "overwrite_existing": True},
        "tables": [{"name": "orders", "catalog": "sales", "schema": "gold", "storage_mode": "IMPORT"}],
        "refresh_after_update": True,
    }


def test_alerts_and_dashboards_of_the_older_kind() -> None:
    told = Subscriptions(["head@example.com", ON_CALL], paused=True)
    said = {
        "pause_subscriptions": True,
        "subscriptions": [{"user_name": "head@example.com"}, {"destination_id": "d1"}],
    }
    assert block(SqlAlertTask("a", "al1", warehouse=WAREHOUSE, subscriptions=told), "sql_task") == {
        "warehouse_id": "w1",
        "alert": {"alert_id": "al1", **said},
    }
    assert block(SqlDashboardTask("a", "da1", warehouse=WAREHOUSE, subject="Hi", subscriptions=told), "sql_task") == {
        "warehouse_id": "w1",
        "dashboard": {"dashboard_id": "da1", "custom_subject": "Hi", **said},
    }


# What trains


def test_a_script_on_many_gpus() -> None:
    task = AiRuntimeTask(
        "a",
        "/Shared/forecast",
        deployment=AiDeployment("/Workspace/Shared/train.sh", accelerator="GPU_8xH100", accelerators=16),
        code="/Workspace/Shared/code",
        run="first",
    )
    assert block(task, "ai_runtime_task") == {
        "experiment": "/Shared/forecast",
        "deployments": [
            {
                "command_path": "/Workspace/Shared/train.sh",
                "compute": {"accelerator_type": "GPU_8xH100", "accelerator_count": 16},
            }
        ],
        "code_source_path": "/Workspace/Shared/code",
        "mlflow_run": "first",
    }


# What starts something else


def test_what_an_update_of_a_pipeline_computes() -> None:
    some = Refresh(tables=["orders"], full_tables=["items"], flows=["clean"], reset_checkpoints=["raw"])
    assert block(PipelineTask("a", ExistingPipeline("p1"), refresh=some), "pipeline_task") == {
        "pipeline_id": "p1",
        "refresh_selection": ["orders"],
        "full_refresh_selection": ["items"],
        "refresh_flow_selection": ["clean"],
        "reset_checkpoint_selection": ["raw"],
    }
    task = PipelineTask("a", ExistingPipeline("p1"), refresh=Refresh(full=True), parameters={"day": "1"})
    assert block(task, "pipeline_task") == {"pipeline_id": "p1", "full_refresh": True, "parameters": {"day": "1"}}


def test_what_the_pipelines_of_another_job_compute() -> None:
    task = RunJobTask("a", ExistingJob("7"), pipelines=Refresh(full=True))
    assert block(task, "run_job_task") == {"job_id": "7", "pipeline_params": {"full_refresh": True}}


# Who is told of a task's runs


def test_a_task_tells_addresses_and_destinations() -> None:
    told = TaskNotifications(on_failure=["on-call@example.com", ON_CALL], no_alert_for_canceled_runs=True)
    (body,) = job(NotebookTask("a", CODE, notifications=told))["task"]
    assert body["email_notifications"] == {"on_failure": ["on-call@example.com"]}
    assert body["webhook_notifications"] == {"on_failure": [{"id": "d1"}]}
    assert body["notification_settings"] == {"no_alert_for_canceled_runs": True}


def test_addresses_are_on_all_tasks_of_a_job_or_on_none() -> None:
    told = TaskNotifications(on_failure=["on-call@example.com"])
    message = refusal(lambda: job(NotebookTask("a", CODE, notifications=told), NotebookTask("b", CODE)))
    assert message == (
        "JobDefinition('job'): some tasks e-mail on_failure, but not b: the provider cannot clear a task's addresses; "
        "tell the whole job, a destination, or an address in every task"
    )


# Refusals

TOO_MANY = [f"{number}@example.com" for number in range(101)]


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (
            lambda: SparkSubmitTask("a", ["x"], compute=CLUSTER),
            "runs on ExistingCluster('0101-1'); give it compute=Compute.new_cluster(…)",
        ),
        (
            lambda: SparkSubmitTask("a", ["x"], libraries=[Library.pypi("p")]),
            "has libraries, which spark-submit does not install; name them in its arguments",
        ),
        (lambda: DbtTask("a", commands=[]), "0 commands, and the API takes 1 to 10"),
        (lambda: DbtTask("a", commands=["dbt build"] * 11), "11 commands, and the API takes 1 to 10"),
        (lambda: DbtTask("a", commands=["rm"]), "'rm' is no command of dbt; begin it with dbt"),
        (
            lambda: DbtTask("a", commands=["dbt build"], catalog="c"),
            "catalog and schema are of a warehouse; give warehouse=, or say them in profiles.yml",
        ),
        (
            lambda: DbtTask("a", commands=["dbt build"], warehouse=WAREHOUSE, profiles="p"),
            "has a warehouse and profiles of its own; give one of them",
        ),
        (lambda: AlertTask("a", warehouse=WAREHOUSE), "names no alert, or two; give the alert, or path="),
        (
            lambda: AlertTask("a", ExistingAlert("x"), path="/y", warehouse=WAREHOUSE),
            "names no alert, or two; give the alert, or path=",
        ),
        (
            lambda: AlertTask("a", ExistingAlert("x"), warehouse=WAREHOUSE, recipients=TOO_MANY),
            "recipients: 101, and the API takes 100",
        ),
        (
            lambda: AiRuntimeTask(
                "a",
                "x",
                deployment=AiDeployment("/t", accelerator="GPU_8xH100", accelerators=8),
                docker_image="d",
                image="i",
            ),
            "has two images; give docker_image or image",
        ),
        (
            lambda: PowerBiTask("a", "c", warehouse=WAREHOUSE, model="m", power_bi_workspace="w", tables=[]),
            "publishes no table; name its tables",
        ),
        (
            lambda: Refresh(full=True, tables=["a"]),
            "refreshes everything, and names some of it; leave out full=, or the names",
        ),
        (lambda: EnvironmentVariables("a b", variables={"A": "1"}), "'a b' is not a key; use letters, digits, '-' and"),
        (lambda: EnvironmentVariables("a"), "has no variables; give variables={…}, or files=[…]"),
        (lambda: TaskNotifications(on_failure=["on-call"]), "on_failure: 'on-call' is not an e-mail address"),
    ],
)
def test_what_is_refused(make: Callable[[], object], problem: str) -> None:
    assert problem in refusal(make)
