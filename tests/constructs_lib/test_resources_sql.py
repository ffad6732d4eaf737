"""Queries, alerts and dashboards."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from constructs_lib import (
    Alert,
    Dashboard,
    ExistingDestination,
    ExistingQuery,
    ExistingSchema,
    ExistingWarehouse,
    LakeflowStack,
    Principal,
    Query,
    QueryParameter,
    ResultColumn,
    SqlQueryTask,
    Trigger,
    WorkspaceGrant,
)
from tests.support.refusal import refusal
from tests.support.resources import granted, only, unsaid

Synth = Callable[[Any], dict[str, Any]]
WAREHOUSE = ExistingWarehouse("4f2d")
ANALYSTS = Principal.group("analysts")
EIGHT = Trigger.daily(dt.time(8), timezone="Europe/Berlin")
PAGES: dict[str, object] = {"datasets": [], "pages": [{"name": "p", "displayName": "Umsätze"}]}
untyped_query: Any = Query
untyped_alert: Any = Alert
untyped_dashboard: Any = Dashboard


# Queries


def test_a_query(stack: LakeflowStack, synth: Synth) -> None:
    query = Query(stack, "sales", text="SELECT 1", warehouse=WAREHOUSE)
    assert only(synth(stack), "databricks_query") == {
        "display_name": "sales",
        "query_text": "SELECT 1",
        "warehouse_id": "4f2d",
        "run_as_mode": "OWNER",
        "apply_auto_limit": False,
    }
    assert query.query_id.terraform == "${databricks_query.sales.id}"
    assert SqlQueryTask("x", query, warehouse=WAREHOUSE).render()


def test_a_query_with_everything(stack: LakeflowStack, synth: Synth) -> None:
    stack.name_prefix = "[dev] "
    Query(
        stack,
        "query",
        name="sales of a day",
        description="For the shop.",
        text="SELECT * FROM sales WHERE day = {{day}}",
        warehouse=WAREHOUSE,
        parameters=[QueryParameter.date("day", "YESTERDAY", title="Day")],
        schema=ExistingSchema("main", "sales"),
        folder="/Shared/queries",
        run_as="VIEWER",
        owner=Principal.user("a@example.com"),
        auto_limit=True,
        tags=["shop"],
        permissions=[WorkspaceGrant(ANALYSTS, "CAN_RUN")],
    )
    document = synth(stack)
    body = only(document, "databricks_query")
    assert body == {
        "display_name": "[dev] sales of a day",
        "description": "For the shop.",
        "query_text": "SELECT * FROM sales WHERE day = {{day}}",
        "warehouse_id": "4f2d",
        "parameter": [
            {
                "name": "day",
                "title": "Day",
                "date_value": {"precision": "DAY_PRECISION", "dynamic_date_value": "YESTERDAY"},
            }
        ],
        "catalog": "main",
        "schema": "sales",
        "parent_path": "/Shared/queries",
        "run_as_mode": "VIEWER",
        "owner_user_name": "a@example.com",
        "apply_auto_limit": True,
        "tags": ["shop"],
    }
    assert unsaid("databricks_query", body) == set()
    assert granted(document, "sql_query_id") == (
        "${databricks_query.query.id}",
        [{"group_name": "analysts", "permission_level": "CAN_RUN"}],
    )


@pytest.mark.parametrize(
    ("parameter", "block"),
    [
        (QueryParameter.text("p", "${x}"), {"text_value": {"value": "$${x}"}}),
        (QueryParameter.number("p", 0), {"numeric_value": {"value": 0}}),
        (QueryParameter.choice("p", "a", "b"), {"enum_value": {"enum_options": "a\nb", "values": ["a"]}}),
        (
            QueryParameter.choice("p", "a", "b", "c", selected=["b", "c"], multiple=True),
            {
                "enum_value": {
                    "enum_options": "a\nb\nc",
                    "values": ["b", "c"],
                    "multi_values_options": {"separator": ","},
                }
            },
        ),
        (QueryParameter.rows_of(ExistingQuery("q"), "p"), {"query_backed_value": {"query_id": "q"}}),
        (
            QueryParameter.rows_of(ExistingQuery("q"), "p", selected=["x", "y"], multiple=True),
            {
                "query_backed_value": {
                    "query_id": "q",
                    "values": ["x", "y"],
                    "multi_values_options": {"separator": ","},
                }
            },
        ),
        (
            QueryParameter.date("p", dt.date(2026, 1, 31)),
            {"date_value": {"precision": "DAY_PRECISION", "date_value": "2026-01-31"}},
        ),
        (
            QueryParameter.date("p", dt.date(2026, 1, 31), precision="MINUTE"),
            {"date_value": {"precision": "MINUTE_PRECISION", "date_value": "2026-01-31 00:00"}},
        ),
        (
            QueryParameter.date_range("p", (dt.datetime(2026, 1, 1, 6), dt.date(2026, 2, 1)), precision="SECOND"),  # noqa: DTZ001
            {
                "date_range_value": {
                    "precision": "SECOND_PRECISION",
                    "date_range_value": {"start": "2026-01-01 06:00:00", "end": "2026-02-01 00:00:00"},
                }
            },
        ),
        (
            QueryParameter.date_range("p", "LAST_7_DAYS"),
            {"date_range_value": {"precision": "DAY_PRECISION", "dynamic_date_range_value": "LAST_7_DAYS"}},
        ),
    ],
)
def test_a_parameter(stack: LakeflowStack, synth: Synth, parameter: QueryParameter, block: dict[str, Any]) -> None:
    Query(stack, "x", text="SELECT {{p}}", warehouse=WAREHOUSE, parameters=[parameter])
    assert only(synth(stack), "databricks_query")["parameter"] == [{"name": "p", **block}]


def test_parameters_keep_their_order(stack: LakeflowStack, synth: Synth) -> None:
    parameters = [QueryParameter.text("b", "1"), QueryParameter.text("a", "2")]
    Query(stack, "x", text="SELECT {{b}}, {{a}}", warehouse=WAREHOUSE, parameters=parameters)
    assert [each["name"] for each in only(synth(stack), "databricks_query")["parameter"]] == ["b", "a"]


untyped_date: Any = QueryParameter.date


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: QueryParameter.text(" ", "x"), "a parameter has a name"),
        (lambda: QueryParameter.choice("p"), "has no options"),
        (lambda: QueryParameter.choice("p", "a\nb"), "'a\\nb' has a line break, which separates options"),
        (lambda: QueryParameter.choice("p", "a", selected=["b"]), "'b' is none of its options"),
        (
            lambda: QueryParameter.choice("p", "a", "b", selected=["a", "b"]),
            "selects 2 of its options; write multiple=True",
        ),
        (
            lambda: QueryParameter.rows_of(ExistingQuery("q"), "p", selected=["a", "b"]),
            "selects 2 texts; write multiple=True",
        ),
        (
            lambda: QueryParameter.date_range("p", (dt.date(2026, 2, 1), dt.date(2026, 1, 1))),
            "ends on 2026-01-01, before it starts on 2026-02-01",
        ),
        (lambda: untyped_date("p", "TODAY"), "value: expected date or one of 'NOW', 'YESTERDAY', got str 'TODAY'"),
    ],
)
def test_what_is_no_parameter(make: Callable[[], object], message: str) -> None:
    assert refusal(make).endswith(message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"parameters": [QueryParameter.text("p", "1"), QueryParameter.number("p", 1)]},
            "parameters: says 'p' twice; keep one of them",
        ),
        ({"folder": "Shared/x"}, "folder: 'Shared/x' is not absolute; write '/Shared/x'"),
        ({"folder": "/Shared/x/"}, "folder: '/Shared/x/' ends with a slash; write '/Shared/x'"),
        (
            {"owner": ANALYSTS},
            "owner: expected User, got Group Group('analysts')",
        ),
        (
            {"warehouse": "4f2d"},
            "warehouse: expected `SqlWarehouse(…)` or `ExistingWarehouse(id)`, got str '4f2d'",
        ),
    ],
)
def test_what_is_no_query(stack: LakeflowStack, arguments: dict[str, Any], message: str) -> None:
    given = {"text": "SELECT 1", "warehouse": WAREHOUSE} | arguments
    assert refusal(lambda: untyped_query(stack, "x", **given)) == message


# Alerts


def test_an_alert(stack: LakeflowStack, synth: Synth) -> None:
    alert = Alert(
        stack,
        "no-rows",
        query="SELECT count(*) AS n FROM main.sales.today",
        column="n",
        op="<",
        threshold=1,
        warehouse=WAREHOUSE,
        schedule=EIGHT,
        recipients=["a@example.com"],
    )
    assert only(synth(stack), "databricks_alert_v2") == {
        "display_name": "no-rows",
        "query_text": "SELECT count(*) AS n FROM main.sales.today",
        "warehouse_id": "4f2d",
        "schedule": {
            "quartz_cron_schedule": "0 0 8 * * ?",
            "timezone_id": "Europe/Berlin",
            "pause_status": "UNPAUSED",
        },
        "evaluation": {
            "source": {"name": "n"},
            "comparison_operator": "LESS_THAN",
            "threshold": {"value": {"double_value": 1}},
            "empty_result_state": "OK",
            "notification": {"notify_on_ok": False, "subscriptions": [{"user_email": "a@example.com"}]},
        },
        "purge_on_delete": False,
    }
    assert alert.alert_id.terraform == "${databricks_alert_v2.no_rows.id}"


def test_an_alert_with_everything(stack: LakeflowStack, synth: Synth) -> None:
    stack.name_prefix = "[dev] "
    Alert(
        stack,
        "alert",
        name="sales fell",
        query="SELECT sales, plan FROM main.sales.by_day WHERE day > :day",
        parameters=[{"name": "day", "type": "DATE", "value": "2026-01-01"}],
        column=ResultColumn("sales", aggregation="SUM", display="Sales"),
        op=">=",
        threshold=ResultColumn("plan", aggregation="MAX"),
        warehouse=WAREHOUSE,
        schedule=EIGHT.paused_if(True),
        recipients=["a@example.com", ExistingDestination("2f0d6a52-8c1e-4b57-9a37-1d7c5be0a4f1")],
        empty_result="TRIGGERED",
        summary="{{ALERT_NAME}}",
        body="{{QUERY_RESULT_TABLE}}",
        notify_on_ok=True,
        retrigger=dt.timedelta(hours=1),
        folder="/Shared/alerts",
        purge_on_delete=True,
        run_as=Principal.user("etl@example.com"),
        permissions=[WorkspaceGrant(ANALYSTS, "CAN_READ")],
    )
    document = synth(stack)
    body = only(document, "databricks_alert_v2")
    assert body == {
        "display_name": "[dev] sales fell",
        "query_text": "SELECT sales, plan FROM main.sales.by_day WHERE day > :day",
        "parameters": [{"name": "day", "type": "DATE", "value": "2026-01-01"}],
        "warehouse_id": "4f2d",
        "schedule": {
            "quartz_cron_schedule": "0 0 8 * * ?",
            "timezone_id": "Europe/Berlin",
            "pause_status": "PAUSED",
        },
        "evaluation": {
            "source": {"name": "sales", "aggregation": "SUM", "display": "Sales"},
            "comparison_operator": "GREATER_THAN_OR_EQUAL",
            "threshold": {"column": {"name": "plan", "aggregation": "MAX"}},
            "empty_result_state": "TRIGGERED",
            "notification": {
                "notify_on_ok": True,
                "retrigger_seconds": 3600,
                "subscriptions": [
                    {"user_email": "a@example.com"},
                    {"destination_id": "2f0d6a52-8c1e-4b57-9a37-1d7c5be0a4f1"},
                ],
            },
        },
        "custom_summary": "{{ALERT_NAME}}",
        "custom_description": "{{QUERY_RESULT_TABLE}}",
        "parent_path": "/Shared/alerts",
        "purge_on_delete": True,
        "run_as": {"user_name": "etl@example.com"},
    }
    assert unsaid("databricks_alert_v2", body) == {"run_as_user_name"}  # deprecated for run_as
    assert granted(document, "alert_v2_id") == (
        "${databricks_alert_v2.alert.id}",
        [{"group_name": "analysts", "permission_level": "CAN_READ"}],
    )


@pytest.mark.parametrize(
    ("op", "threshold", "evaluation"),
    [
        ("==", "late", {"comparison_operator": "EQUAL", "threshold": {"value": {"string_value": "late"}}}),
        ("!=", True, {"comparison_operator": "NOT_EQUAL", "threshold": {"value": {"bool_value": True}}}),
        ("<=", 0.5, {"comparison_operator": "LESS_THAN_OR_EQUAL", "threshold": {"value": {"double_value": 0.5}}}),
        (">", 0, {"comparison_operator": "GREATER_THAN", "threshold": {"value": {"double_value": 0}}}),
        ("is null", None, {"comparison_operator": "IS_NULL"}),
        ("is not null", None, {"comparison_operator": "IS_NOT_NULL"}),
    ],
)
def test_what_an_alert_compares(
    stack: LakeflowStack, synth: Synth, op: Any, threshold: Any, evaluation: dict[str, Any]
) -> None:
    alert(stack, op=op, threshold=threshold)
    found = only(synth(stack), "databricks_alert_v2")["evaluation"]
    assert {name: value for name, value in found.items() if name in {"comparison_operator", "threshold"}} == evaluation


def alert(stack: LakeflowStack, **arguments: Any) -> Any:
    given = {
        "query": "SELECT 1 AS n",
        "column": "n",
        "threshold": 1,
        "warehouse": WAREHOUSE,
        "schedule": EIGHT,
        "recipients": ["a@example.com"],
    }
    return untyped_alert(stack, "x", **given | arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"recipients": []}, "an alert without recipients tells nobody; give it recipients=[…]"),
        ({"threshold": None}, "'>' compares with a threshold; give threshold="),
        ({"op": "is null"}, "'is null' compares with nothing; leave threshold out"),
        ({"retrigger": dt.timedelta(0)}, "retrigger: 0:00:00 is not a whole number of seconds"),
        (
            {"retrigger": dt.timedelta(milliseconds=1500)},
            "retrigger: 0:00:01.500000 is not a whole number of seconds",
        ),
        (
            {"op": "=>"},
            "op: expected one of '>', '>=', '<', '<=', '==', '!=', 'is null', 'is not null', got str '=>'",
        ),
        ({"schedule": "0 0 8 * * ?"}, "schedule: expected Schedule, got str '0 0 8 * * ?'"),
    ],
)
def test_what_is_no_alert(stack: LakeflowStack, arguments: dict[str, Any], message: str) -> None:
    assert refusal(lambda: alert(stack, **arguments)) == message


# Dashboards


def test_a_dashboard(stack: LakeflowStack, synth: Synth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sales.lvdash.json").write_text(json.dumps(PAGES), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    dashboard = Dashboard(stack, "sales", file="sales.lvdash.json", folder="/Shared/dashboards", warehouse=WAREHOUSE)
    assert only(synth(stack), "databricks_dashboard") == {
        "display_name": "sales",
        "file_path": "sales.lvdash.json",
        "parent_path": "/Shared/dashboards",
        "warehouse_id": "4f2d",
        "embed_credentials": True,
    }
    assert list(stack.record.assets) == ["sales.lvdash.json"]
    assert dashboard.dashboard_id.terraform == "${databricks_dashboard.sales.id}"


def test_a_dashboard_with_everything(stack: LakeflowStack, synth: Synth) -> None:
    stack.name_prefix = "[dev] "
    Dashboard(
        stack,
        "dashboard",
        name="Sales",
        definition=PAGES,
        folder="/Workspace/Shared/dashboards",
        warehouse=WAREHOUSE,
        schema=ExistingSchema("main", "sales"),
        embed_credentials=False,
        permissions=[WorkspaceGrant(ANALYSTS, "CAN_EDIT")],
    )
    document = synth(stack)
    body = only(document, "databricks_dashboard")
    assert body == {
        "display_name": "[dev] Sales",
        "serialized_dashboard": '{"datasets":[],"pages":[{"displayName":"Umsätze","name":"p"}]}',
        "parent_path": "/Workspace/Shared/dashboards",
        "warehouse_id": "4f2d",
        "dataset_catalog": "main",
        "dataset_schema": "sales",
        "embed_credentials": False,
    }
    assert unsaid("databricks_dashboard", body) == {
        "file_path",
        # The provider's own.
        "create_time",
        "dashboard_change_detected",
        "dashboard_id",
        "etag",
        "lifecycle_state",
        "md5",
        "path",
        "update_time",
    }
    assert granted(document, "dashboard_id") == (
        "${databricks_dashboard.dashboard.id}",
        [{"group_name": "analysts", "permission_level": "CAN_EDIT"}],
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "a dashboard is a file or a definition; give one of file and definition"),
        (
            {"definition": PAGES, "file": "README.md"},
            "a dashboard is a file or a definition; give one of file and definition",
        ),
        (
            {"file": "README.md"},
            "file: README.md is no dashboard; take an exported one: a JSON object with its pages",
        ),
        (
            {"file": "package.json"},
            "file: package.json is no dashboard; take an exported one: a JSON object with its pages",
        ),
        ({"definition": {}}, "definition is no dashboard; take an exported one: a JSON object with its pages"),
        ({"file": "x.json"}, "there is no file x.json; write its path relative to the project's root"),
        ({"definition": PAGES, "folder": "x"}, "folder: 'x' is not absolute; write '/x'"),
    ],
)
def test_what_is_no_dashboard(stack: LakeflowStack, arguments: dict[str, Any], message: str) -> None:
    given = {"folder": "/Shared", "warehouse": WAREHOUSE} | arguments
    assert refusal(lambda: untyped_dashboard(stack, "x", **given)) == message
