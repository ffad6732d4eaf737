"""Constructs of one resource each."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest

from constructs_lib import (
    Alert,
    Channel,
    ExistingDestination,
    ExistingWarehouse,
    GitFile,
    LakeflowError,
    LakeflowStack,
    Notebook,
    NotificationDestination,
    Pipeline,
    Principal,
    SqlWarehouse,
    Trigger,
    WorkspaceFile,
    WorkspacePath,
)
from constructs_lib.provider import problems

Synth = Callable[[Any], dict[str, Any]]
SCRIPT = "assets/daily-sales/train.py"


def only(document: dict[str, Any], resource_type: str) -> dict[str, Any]:
    (body,) = document["resource"][resource_type].values()
    assert problems(resource_type, body) == []
    found: dict[str, Any] = body
    return found


def test_a_warehouse(stack: LakeflowStack, synth: Synth) -> None:
    stack.name_prefix = "[dev] "
    warehouse = SqlWarehouse(
        stack, "warehouse", name="reports", size="Small", max_clusters=2, tags={"b": "2", "a": "1"}
    )
    assert only(synth(stack), "databricks_sql_endpoint") == {
        "name": "[dev] reports",
        "cluster_size": "Small",
        "min_num_clusters": 1,
        "max_num_clusters": 2,
        "auto_stop_mins": 10,
        "warehouse_type": "PRO",
        "enable_serverless_compute": True,
        "tags": {"custom_tags": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]},
    }
    assert warehouse.warehouse_id.terraform == "${databricks_sql_endpoint.warehouse.id}"


def test_a_notebook_and_a_file_ship_beside_the_document(stack: LakeflowStack, synth: Synth) -> None:
    notebook = Notebook(stack, "ingest", file="assets/daily-sales/ingest.py", path="/Shared/x/ingest")
    script = WorkspaceFile(stack, "train", file=SCRIPT, path="/Shared/x/train.py")
    document = synth(stack)
    assert only(document, "databricks_notebook") == {
        "path": "/Shared/x/ingest",
        "source": "assets/daily-sales/ingest.py",
    }
    assert only(document, "databricks_workspace_file") == {"path": "/Shared/x/train.py", "source": SCRIPT}
    assert sorted(stack.record.assets) == ["assets/daily-sales/ingest.py", SCRIPT]
    assert notebook.code_path.terraform == "/Workspace${databricks_notebook.ingest.path}"
    assert script.code_path.terraform == "/Workspace${databricks_workspace_file.train.path}"


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("assets/none.py", "there is no file assets/none.py; write its path relative to the project's root"),
        ("assets", "there is no file assets; write its path relative to the project's root"),
        ("/etc/hostname", "/etc/hostname lies outside the project; put it under assets/"),
        ("../shared.py", "there is no file ../shared.py; write its path relative to the project's root"),
    ],
)
def test_a_missing_asset_is_an_error(stack: LakeflowStack, file: str, message: str) -> None:
    with pytest.raises(LakeflowError) as raised:
        Notebook(stack, "x", file=file, path="/Shared/x")
    assert str(raised.value) == message


def test_a_pipeline(stack: LakeflowStack, synth: Synth) -> None:
    script = WorkspaceFile(stack, "code", file=SCRIPT, path="/Shared/x/train.py")
    pipeline = Pipeline(
        stack,
        "clean",
        code=[script, WorkspacePath("/Workspace/Shared/more.sql")],
        catalog="main",
        schema="sales",
        configuration={"day": "1"},
        notify=["b@example.com", "a@example.com"],
        run_as=Principal.user("etl@example.com"),
        tags={"team": "data"},
    )
    assert only(synth(stack), "databricks_pipeline") == {
        "name": "clean",
        "catalog": "main",
        "schema": "sales",
        "library": [
            {"file": {"path": "/Workspace${databricks_workspace_file.code.path}"}},
            {"file": {"path": "/Workspace/Shared/more.sql"}},
        ],
        "serverless": True,
        "continuous": False,
        "development": False,
        "channel": "CURRENT",
        "configuration": {"day": "1"},
        "notification": [
            {
                "email_recipients": ["a@example.com", "b@example.com"],
                "alerts": ["on-update-failure", "on-update-fatal-failure"],
            }
        ],
        "run_as": {"user_name": "etl@example.com"},
        "tags": {"team": "data"},
    }
    assert pipeline.pipeline_id.terraform == "${databricks_pipeline.clean.id}"


def test_a_pipeline_without_code_or_with_code_from_git_is_an_error(stack: LakeflowStack) -> None:
    with pytest.raises(LakeflowError, match="dev/x: a pipeline without code does nothing"):
        Pipeline(stack, "x", code=[], catalog="main", schema="sales")
    with pytest.raises(LakeflowError, match="dev/y: a pipeline takes no code from a job's Git source"):
        Pipeline(stack, "y", code=[GitFile("a.sql")], catalog="main", schema="sales")


@pytest.mark.parametrize(
    ("channel", "config"),
    [
        (Channel.email("a@example.com"), {"email": {"addresses": ["a@example.com"]}}),
        (Channel.webhook("https://hooks.example.com/x"), {"generic_webhook": {"url": "https://hooks.example.com/x"}}),
    ],
)
def test_a_destination(stack: LakeflowStack, synth: Synth, channel: Channel, config: dict[str, Any]) -> None:
    made = NotificationDestination(stack, "on-call", name="on call", channel=channel)
    assert only(synth(stack), "databricks_notification_destination") == {"display_name": "on call", "config": config}
    assert made.destination_id.terraform == "${databricks_notification_destination.on_call.id}"


@pytest.mark.parametrize(
    ("make", "config"),
    [
        (Channel.slack, {"slack": {"url": "${var.secret}"}}),
        (Channel.teams, {"microsoft_teams": {"url": "${var.secret}"}}),
        (Channel.pagerduty, {"pagerduty": {"integration_key": "${var.secret}"}}),
    ],
)
def test_a_destination_with_a_secret(
    stack: LakeflowStack, synth: Synth, make: Callable[[Any], Channel], config: dict[str, Any]
) -> None:
    NotificationDestination(stack, "on-call", channel=make(stack.secret_variable("secret")))
    assert only(synth(stack), "databricks_notification_destination")["config"] == config


def test_an_alert(stack: LakeflowStack, synth: Synth) -> None:
    Alert(
        stack,
        "no-rows",
        query="SELECT count(*) AS n FROM main.sales.today",
        column="n",
        op="<",
        threshold=1,
        warehouse=ExistingWarehouse("4f2d"),
        schedule=Trigger.daily(time(8), timezone="Europe/Berlin").paused_if(True),
        recipients=["a@example.com", ExistingDestination("2f0d6a52-8c1e-4b57-9a37-1d7c5be0a4f1")],
        summary="no rows today",
    )
    assert only(synth(stack), "databricks_alert_v2") == {
        "display_name": "no-rows",
        "query_text": "SELECT count(*) AS n FROM main.sales.today",
        "warehouse_id": "4f2d",
        "custom_summary": "no rows today",
        "schedule": {
            "quartz_cron_schedule": "0 0 8 * * ?",
            "timezone_id": "Europe/Berlin",
            "pause_status": "PAUSED",
        },
        "evaluation": {
            "source": {"name": "n"},
            "comparison_operator": "LESS_THAN",
            "threshold": {"value": {"double_value": 1}},
            "empty_result_state": "OK",
            "notification": {
                "notify_on_ok": False,
                "subscriptions": [
                    {"user_email": "a@example.com"},
                    {"destination_id": "2f0d6a52-8c1e-4b57-9a37-1d7c5be0a4f1"},
                ],
            },
        },
    }


def test_an_alert_that_tells_nobody_is_an_error(stack: LakeflowStack) -> None:
    with pytest.raises(LakeflowError, match="dev/x: an alert without recipients tells nobody"):
        Alert(
            stack,
            "x",
            query="SELECT 1 AS n",
            column="n",
            threshold=1,
            warehouse=ExistingWarehouse("4f2d"),
            schedule=Trigger.daily(time(8), timezone="UTC"),
            recipients=[],
        )
