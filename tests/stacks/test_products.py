"""The three sample workflows in every environment, as they are synthesised."""

import json
from functools import cache
from typing import Any

import pytest

ENVIRONMENTS = ("dev", "test", "prod")
ADDRESSES = {
    "databricks_alert_v2.daily_sales_job_cost",
    "databricks_alert_v2.daily_sales_job_failures",
    "databricks_alert_v2.daily_sales_job_no_success",
    "databricks_dashboard.runs",
    "databricks_grant.daily_sales_schema_grant",
    "databricks_grant.document_intake_schema_grant",
    "databricks_grant.live_orders_schema_grant",
    "databricks_job.daily_sales",
    "databricks_job.document_intake",
    "databricks_job.live_orders",
    "databricks_notification_destination.data_platform",
    "databricks_notification_destination.on_call",
    "databricks_permissions.daily_sales_job",
    "databricks_permissions.document_intake_job",
    "databricks_permissions.live_orders_job",
    "databricks_permissions.runs",
    "databricks_pipeline.daily_sales",
    "databricks_schema.daily_sales",
    "databricks_schema.document_intake",
    "databricks_schema.live_orders",
    "databricks_sql_endpoint.warehouse",
    "databricks_volume.document_intake_landing_volume",
    "databricks_volume.document_intake_quarantine_volume",
    "databricks_volume.live_orders_checkpoints_volume",
    "databricks_workspace_file.daily_sales_transform",
}
"""The addresses of prod: state is kept by them, so that changing one replaces what is deployed."""

CODE = {
    "databricks_notebook.daily_sales_explain_gap",
    "databricks_notebook.daily_sales_ingest",
    "databricks_notebook.daily_sales_publish",
    "databricks_notebook.document_intake_list_documents",
    "databricks_notebook.document_intake_parse_document",
    "databricks_notebook.document_intake_quarantine",
    "databricks_notebook.live_orders_stream_orders",
    "databricks_workspace_file.daily_sales_report",
    "databricks_workspace_file.daily_sales_train",
    "databricks_workspace_file.document_intake_summarise",
}
"""What is deployed where code does not come from Git."""


@cache
def document(environment: str, developer: str | None = None) -> dict[str, Any]:
    """Return the final document of an environment's stack."""
    import cdktf

    from constructs_lib import LakeflowApp
    from environments import load
    from stacks import build
    from tests.support.project import without_comments

    stack = build(LakeflowApp(), load(environment, developer=developer))
    text = cdktf.Testing.synth(stack)
    assert stack.record.check(json.loads(text)) == []
    found: dict[str, Any] = without_comments(json.loads(text))
    return found


def resources(environment: str, developer: str | None = None) -> dict[str, Any]:
    """Return address → body."""
    return {
        f"{resource_type}.{name}": body
        for resource_type, bodies in document(environment, developer)["resource"].items()
        for name, body in bodies.items()
    }


def job(environment: str, name: str) -> dict[str, Any]:
    """Return one job."""
    found: dict[str, Any] = document(environment)["resource"]["databricks_job"][name]
    return found


def tasks(environment: str, name: str) -> dict[str, Any]:
    """Return the tasks of a job by their keys."""
    return {task["task_key"]: task for task in job(environment, name)["task"]}


def test_addresses_are_pinned() -> None:
    assert set(resources("prod")) == ADDRESSES


def test_dev_deploys_the_code_that_prod_takes_from_git() -> None:
    dev, prod = set(resources("dev")), set(resources("prod"))
    assert dev - prod == CODE
    assert job("prod", "daily_sales")["git_source"]["tag"] == "v1.0.0"
    assert "git_source" not in job("dev", "daily_sales")
    assert tasks("prod", "daily_sales")["ingest"]["notebook_task"] == {
        "notebook_path": "assets/daily-sales/ingest",
        "source": "GIT",
    }
    assert tasks("dev", "daily_sales")["ingest"]["notebook_task"] == {
        "notebook_path": "/Workspace${databricks_notebook.daily_sales_ingest.path}",
        "source": "WORKSPACE",
    }


def test_daily_sales_is_the_model_of_the_six_steps() -> None:
    edges = {key: task.get("depends_on", []) for key, task in tasks("prod", "daily_sales").items()}
    assert edges == {
        "ingest": [],
        "transform": [{"task_key": "ingest"}],
        "enough-rows": [{"task_key": "transform"}],
        "explain-gap": [{"task_key": "enough-rows", "outcome": "false"}],
        "train": [{"task_key": "enough-rows", "outcome": "true"}],
        "report": [{"task_key": "train"}],
        "publish": [{"task_key": "report"}],
    }
    computes = {
        key: task.get("job_cluster_key") or task.get("environment_key")
        for key, task in tasks("prod", "daily_sales").items()
    }
    assert computes["ingest"] == computes["publish"] == "etl"
    assert computes["train"] == "forecast"
    assert job("prod", "daily_sales")["schedule"] == {
        "quartz_cron_expression": "0 30 5 * * ?",
        "timezone_id": "Europe/Berlin",
        "pause_status": "UNPAUSED",
    }


def test_document_intake_loops_over_what_arrived_and_handles_failure() -> None:
    intake = tasks("prod", "document_intake")
    loop = intake["parse-all"]["for_each_task"]
    assert loop["inputs"] == "{{tasks.list.values.documents}}"
    assert loop["concurrency"] == 20
    assert loop["task"]["notebook_task"]["base_parameters"] == {
        "path": "{{input.path}}",
        "kind": "{{input.kind}}",
        "run_id": "{{job.run_id}}",
    }
    assert intake["parse-all"]["depends_on"] == [{"task_key": "any-new", "outcome": "true"}]
    assert intake["quarantine"]["run_if"] == "AT_LEAST_ONE_FAILED"
    assert job("prod", "document_intake")["trigger"]["file_arrival"]["url"] == (
        "/Volumes/sales_prod/${databricks_schema.document_intake.name}"
        "/${databricks_volume.document_intake_landing_volume.name}/"
    )


def test_live_orders_calls_whoever_is_on_call() -> None:
    orders = job("prod", "live_orders")
    on_call = [{"id": "${databricks_notification_destination.on_call.id}"}]
    assert orders["continuous"] == {"pause_status": "UNPAUSED", "task_retry_mode": "ON_FAILURE"}
    assert orders["health"]["rules"][0]["metric"] == "STREAMING_BACKLOG_SECONDS"
    assert orders["webhook_notifications"] == {"on_failure": on_call, "on_streaming_backlog_exceeded": on_call}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_only_prod_starts_by_itself(environment: str) -> None:
    status = "UNPAUSED" if environment == "prod" else "PAUSED"
    assert job(environment, "daily_sales")["schedule"]["pause_status"] == status
    assert job(environment, "document_intake")["trigger"]["pause_status"] == status
    assert job(environment, "live_orders")["continuous"]["pause_status"] == status


def test_environments_differ_in_size_identity_permissions_and_recipients() -> None:
    def said(environment: str) -> tuple[Any, ...]:
        sales = job(environment, "daily_sales")
        return (
            sales["job_cluster"][0]["new_cluster"]["autoscale"]["max_workers"],
            sales["run_as"]["service_principal_name"],
            sales.get("email_notifications", {}).get("on_failure"),
            [
                grant["permission_level"]
                for grant in resources(environment)["databricks_permissions.daily_sales_job"]["access_control"]
            ],
        )

    assert len({repr(said(environment)) for environment in ENVIRONMENTS}) == len(ENVIRONMENTS)


@pytest.mark.parametrize("environment", ["test", "prod"])
def test_where_somebody_is_told_everybody_who_may_see_jobs_sees_what_became_of_them(environment: str) -> None:
    body = resources(environment)["databricks_dashboard.runs"]
    assert body["display_name"] == ("[test] runs" if environment == "test" else "runs")
    assert body["parent_path"] == f"/Shared/lakeflow/{environment}"
    assert body["warehouse_id"] == "${databricks_sql_endpoint.warehouse.id}"
    board = json.loads(body["serialized_dashboard"])
    ids = ",".join(f"${{databricks_job.{name}.id}}" for name in ("daily_sales", "document_intake", "live_orders"))
    for dataset in board["datasets"]:
        assert f"'{ids}'" in "".join(dataset["queryLines"])
    readers = resources(environment)["databricks_permissions.runs"]
    assert readers["dashboard_id"] == "${databricks_dashboard.runs.id}"
    assert {grant["permission_level"] for grant in readers["access_control"]} == {"CAN_READ"}
    see_jobs = resources(environment)["databricks_permissions.daily_sales_job"]["access_control"]
    assert {grant["group_name"] for grant in readers["access_control"]} == {
        grant["group_name"] for grant in see_jobs if "group_name" in grant
    }


def test_prod_has_a_budget() -> None:
    alert = resources("prod")["databricks_alert_v2.daily_sales_job_cost"]
    assert alert["evaluation"]["source"] == {"name": "list_cost"}
    assert alert["evaluation"]["threshold"] == {"value": {"double_value": 100}}
    assert alert["evaluation"]["notification"]["subscriptions"] == [{"user_email": "data-oncall@example.com"}]
    assert {each["name"]: each["value"] for each in alert["parameters"]}["window_hours"] == "168"
    assert [address for address in resources("test") if address.endswith("_cost")] == []


def test_where_nobody_is_told_there_is_no_dashboard() -> None:
    for developer in (None, "jd"):
        assert not [address for address in resources("dev", developer) if "dashboard" in address]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_the_provider_would_let_leak_is_always_written(environment: str) -> None:
    for body in document(environment)["resource"]["databricks_job"].values():
        assert body["queue"] == {"enabled": True}
        assert body["max_concurrent_runs"] == 1
        assert body["run_as"]
        keys = [task["task_key"] for task in body["task"]]
        assert keys == sorted(keys, key=str.encode)
        for task in body["task"]:
            assert {"run_if", "retry_on_timeout"} <= set(task)


def test_a_developer_copy_touches_nothing_shared() -> None:
    shared, copy = resources("dev"), resources("dev", "jd")
    for address, body in copy.items():
        if address.startswith("databricks_job."):
            assert body["name"].startswith("[dev jd] ")
            assert body["tags"]["developer"] == "jd"
            assert "run_as" not in body
        if address.startswith("databricks_schema."):
            assert body["name"].startswith("jd_")
        if "path" in body:
            assert body["path"].startswith("/Shared/lakeflow/dev-jd/")
    names = [{body.get("name") or body.get("path") for body in each.values()} - {None} for each in (shared, copy)]
    volumes = {"landing", "quarantine", "checkpoints"}  # each below a schema of its own
    assert names[0] & names[1] == volumes
    backend = document("dev", "jd")["terraform"]["backend"]
    assert backend == {"local": {"path": "../../../.lakeflow/state/dev-jd.tfstate"}}
    assert "azurerm" in document("dev")["terraform"]["backend"]
    assert {
        job["schedule"]["pause_status"]
        for job in document("dev", "jd")["resource"]["databricks_job"].values()
        if "schedule" in job
    } == {"PAUSED"}


def test_two_developers_do_not_meet() -> None:
    def named(developer: str) -> set[str]:
        return {
            str(body[key])
            for address, body in resources("dev", developer).items()
            for key in ("name", "path", "display_name")
            if key in body and not address.startswith("databricks_volume.")
        }

    assert named("jd") & named("mk") == set()
