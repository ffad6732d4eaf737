"""The dashboard of an environment's runs: what its widgets show of a history whose numbers are known."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlglot

from constructs_lib import (
    ExistingJob,
    ExistingWarehouse,
    HasJobId,
    LakeflowJob,
    LakeflowStack,
    NotebookTask,
    Principal,
    RunsDashboard,
    Trigger,
    WorkspaceGrant,
    WorkspacePath,
    sql,
)
from constructs_lib.lakeview import Bars, Board, Counter, Dataset, Field, Page, TextBox
from constructs_lib.provider import problems
from constructs_lib.runs_board import runs_board
from lakeflow.history.collecting import collect
from lakeflow.history.duck import Duck, DuckEngine
from tests.support.history import stack as stack_of_jobs
from tests.support.refusal import refusal
from tests.support.report_history import HISTORY, INTAKE, NEVER, NOW, SALES
from tests.support.resources import only
from tests.support.system_tables import WORKSPACE

Synth = Callable[[Any], dict[str, Any]]
BOARD: dict[str, Any] = runs_board(workspace_id=WORKSPACE, job_ids=[SALES, INTAKE, NEVER], days=7).render()
STATEMENTS = {dataset["name"]: "".join(dataset["queryLines"]) for dataset in BOARD["datasets"]}
TABLES = Duck(NOW, *HISTORY)


def widgets(board: Mapping[str, Any] = BOARD) -> dict[str, dict[str, Any]]:
    """Return every widget, by its name."""
    return {each["widget"]["name"]: each["widget"] for page in board["pages"] for each in page["layout"]}


CHARTS = {name: widget for name, widget in widgets().items() if "spec" in widget}


def shown(name: str) -> list[dict[str, object]]:
    """Return what a widget shows: its query over its dataset, as a dashboard puts them together."""
    (asked,) = CHARTS[name]["queries"]
    query = asked["query"]
    columns = ", ".join(f"{field['expression']} AS `{field['name']}`" for field in query["fields"])
    plain = [field["expression"] for field in query["fields"] if "(" not in field["expression"]]
    groups = f" GROUP BY {', '.join(plain)}" if plain and not query["disaggregated"] else ""
    return TABLES.ask(f"SELECT {columns} FROM ({STATEMENTS[query['datasetName']]}) AS dataset{groups}")


def names_drawn(encodings: object) -> Iterator[str]:
    """Yield every field that encodings name, wherever in them."""
    if isinstance(encodings, Mapping):
        if "fieldName" in encodings:
            yield str(encodings["fieldName"])
        for value in encodings.values():
            yield from names_drawn(value)
    elif isinstance(encodings, list):
        for value in encodings:
            yield from names_drawn(value)


# What it shows


@pytest.mark.parametrize(
    ("counter", "value"),
    [("runs", 11), ("success-rate", pytest.approx(7 / 9)), ("failed", 2), ("list-price", 11.0)],
)
def test_the_numbers_at_the_top(counter: str, value: object) -> None:
    [row] = shown(counter)
    assert list(row.values()) == [value]


def test_runs_by_day_and_outcome() -> None:
    today = {row["outcome"]: row["count(run_id)"] for row in shown("runs-by-day") if row["day"] == NOW.date()}
    assert today == {"SUCCEEDED": 2, "FAILED": 1, "TIMED_OUT": 1, "SKIPPED": 1, "RUNNING": 1}


def test_the_success_rate_of_a_day() -> None:
    by_day = {row["day"]: row["avg(success)"] for row in shown("success-by-day")}
    assert by_day[NOW.date()] == 0.5
    assert {rate for day, rate in by_day.items() if day != NOW.date()} == {1.0}


def test_durations_and_reasons_and_costs() -> None:
    assert {row["measure"]: row["sum(minutes)"] for row in shown("durations") if row["job"] == "daily-sales"} == {
        "p50": 30.0,
        "p95": pytest.approx(38.0),
    }
    assert {row["code"]: row["sum(runs)"] for row in shown("failures-by-code")} == {
        "CLUSTER_ERROR": 1,
        "MAX_CONCURRENT_RUNS_EXCEEDED": 1,
        "CANCELED": 1,
    }
    assert {row["series"]: row["sum(list_cost)"] for row in shown("cost-by-day") if row["day"] == NOW.date()} == {
        "daily-sales": 2.0,
        "intake": 0.5,
    }


def test_a_job_that_never_ran_is_in_the_table() -> None:
    assert [(row["job"], row["runs"]) for row in shown("jobs")] == [("daily-sales", 8), ("intake", 3), ("job 502", 0)]


def test_the_report_of_lakeflow_monitor_says_the_same() -> None:
    facts = collect(
        DuckEngine(TABLES),
        stack=stack_of_jobs(daily_sales="daily-sales", intake="intake"),
        host="https://adb-1001.1.azuredatabricks.net",
        workspace_id=WORKSPACE,
        source="system-tables",
        days=7,
        now=NOW,
    )
    table = {row["job"]: row for row in shown("jobs")}
    reported = {job.name: job for job in facts.jobs if job.key}
    assert set(reported) == {"daily-sales", "intake"}
    for name, job in reported.items():
        row, durations = table[name], job.current.durations
        assert (row["runs"], row["skipped"]) == (job.current.outcomes.total, job.current.outcomes.skipped)
        assert row["success_rate"] == pytest.approx(job.current.outcomes.success_rate)
        assert durations
        assert (row["p50_minutes"], row["p95_minutes"]) == (
            pytest.approx(durations.p50 / 60),
            pytest.approx(durations.p95 / 60),
        )
        assert job.cost
        assert row["list_cost"] == job.cost.list_cost
        costs = {each["day"]: each["sum(list_cost)"] for each in shown("cost-by-day") if each["series"] == name}
        week = NOW.date() - timedelta(days=7)
        assert costs == {day.day: day.list_cost for day in job.days if day.list_cost and day.day > week}


# Whether it holds together


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_a_dataset_is_the_canonical_query_with_its_values(name: str) -> None:
    values = {"workspace_id": WORKSPACE, "job_id": None, "job_ids": f"{SALES},{INTAKE},{NEVER}", "window_hours": 168}
    needed = {item: value for item, value in values.items() if item in sql.takes(name)}
    assert TABLES.ask(STATEMENTS[name]) == TABLES.ask(sql.query(name), sql.parameters(name, needed))
    assert len(sqlglot.parse(STATEMENTS[name], read="databricks")) == 1
    assert ":" not in "".join(line for line in STATEMENTS[name].splitlines() if not line.lstrip().startswith("--"))


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_what_a_widget_draws_it_asks_for_and_its_dataset_has(name: str) -> None:
    spec = CHARTS[name]["spec"]
    asked = {field["name"] for query in CHARTS[name]["queries"] for field in query["query"]["fields"]}
    assert set(names_drawn(spec["encodings"])) == asked
    for query in CHARTS[name]["queries"]:
        columns = TABLES.answer(STATEMENTS[query["query"]["datasetName"]]).columns
        for field in query["query"]["fields"]:
            assert field["expression"].split("`")[1] in dict(columns)
    queries = {query["name"] for query in CHARTS[name]["queries"]}
    assert {field["queryName"] for field in spec["encodings"].get("fields", [])} <= queries


def test_the_versions_are_those_of_the_kinds() -> None:
    """A widget of another version shows nothing but an error."""
    versions = {(widget["spec"]["widgetType"], widget["spec"]["version"]) for widget in CHARTS.values()}
    assert versions == {("counter", 2), ("bar", 3), ("line", 3), ("table", 2), ("filter-multi-select", 2)}


def test_outcomes_have_the_colours_that_they_mean_and_the_worst_stands_first() -> None:
    colours = CHARTS["runs-by-day"]["spec"]["encodings"]["color"]["scale"]
    assert colours["type"] == "categorical"
    assert [each["value"] for each in colours["mappings"]][:2] == ["SUCCEEDED", "FAILED"]
    for chart in ("durations", "failures-by-code"):
        assert CHARTS[chart]["spec"]["encodings"]["x"]["scale"]["sort"] == {"by": "y-reversed"}


def test_widgets_lie_side_by_side_without_a_gap() -> None:
    for page in BOARD["pages"]:
        taken = [
            (x, y)
            for position in (each["position"] for each in page["layout"])
            for x in range(position["x"], position["x"] + position["width"])
            for y in range(position["y"], position["y"] + position["height"])
        ]
        height = max(y for _, y in taken) + 1
        assert sorted(taken) == [(x, y) for x in range(12) for y in range(height)]


def test_the_filter_of_a_page_reaches_every_dataset_that_the_page_shows() -> None:
    for page in BOARD["pages"]:
        reached: dict[bool, set[str]] = {True: set(), False: set()}
        for each in page["layout"]:
            spec = each["widget"].get("spec", {})
            for query in each["widget"].get("queries", []):
                reached[spec["widgetType"].startswith("filter")].add(query["query"]["datasetName"])
        assert reached[True] == reached[False]


def test_the_order_of_the_jobs_in_the_code_makes_no_difference() -> None:
    again = runs_board(workspace_id=WORKSPACE, job_ids=[NEVER, SALES, INTAKE], days=7).render()
    assert json.dumps(again) == json.dumps(BOARD)


def test_a_row_with_a_gap_and_two_widgets_of_one_name_are_refused() -> None:
    half = TextBox("a", text="Hello.", width=6)
    assert "is not 12 columns wide and of one height" in refusal(lambda: Page("p", title="P", rows=[[half]]))
    tall = TextBox("b", text="Hello.", width=6, height=7)
    assert "of one height" in refusal(lambda: Page("p", title="P", rows=[[half, tall]]))
    whole = TextBox("a", text="Hello.")
    assert refusal(lambda: Page("p", title="P", rows=[[whole], [whole]])).endswith(
        "two widgets are called 'a'; rename one"
    )


def test_a_board_of_one_s_own() -> None:
    orders = Dataset("orders", title="Orders", lines=["SELECT 1 AS amount, 'a' AS shop"])
    amount = Field("amount", "Amount", aggregate="SUM", scale="quantitative")
    board = Board(
        [orders],
        [
            Page(
                "p",
                title="Orders",
                rows=[
                    [Counter("total", title="Total", dataset=orders, value=Field("amount", "Amount", aggregate="SUM"))],
                    [Bars("shops", title="Shops", dataset=orders, x=Field("shop", "Shop"), y=amount)],
                ],
            )
        ],
    ).render()
    assert board["datasets"] == [
        {"name": "orders", "displayName": "Orders", "queryLines": ["SELECT 1 AS amount, 'a' AS shop\n"]}
    ]
    assert widgets(board)["total"] == {
        "name": "total",
        "queries": [
            {
                "name": "main_query",
                "query": {
                    "datasetName": "orders",
                    "disaggregated": False,
                    "fields": [{"name": "sum(amount)", "expression": "SUM(`amount`)"}],
                },
            }
        ],
        "spec": {
            "version": 2,
            "widgetType": "counter",
            "frame": {"showTitle": True, "title": "Total"},
            "encodings": {"value": {"fieldName": "sum(amount)", "displayName": "Amount"}},
        },
    }


# What is deployed


def job(stack: LakeflowStack, id_: str) -> LakeflowJob:
    task = NotebookTask("a", WorkspacePath("/Shared/a"))
    return LakeflowJob(stack, id_, goal="Something.", tasks=[task], trigger=Trigger.manual())


def test_a_dashboard_of_jobs_that_are_deployed_with_it(stack: LakeflowStack, synth: Synth) -> None:
    jobs: list[HasJobId] = [job(stack, "nightly"), job(stack, "daily-sales"), ExistingJob("42")]
    RunsDashboard(
        stack,
        "runs",
        jobs=jobs,
        folder="/Shared/lakeflow/dev",
        warehouse=ExistingWarehouse("4f2d"),
        permissions=[WorkspaceGrant(Principal.group("analysts"), "CAN_READ")],
    )
    document = synth(stack)
    body = only(document, "databricks_dashboard")
    assert problems("databricks_dashboard", body) == []
    assert {name: body[name] for name in body if name != "serialized_dashboard"} == {
        "display_name": "runs",
        "parent_path": "/Shared/lakeflow/dev",
        "warehouse_id": "4f2d",
        "embed_credentials": True,
    }
    ids = {"${databricks_job.nightly.id}": "7", "${databricks_job.daily_sales.id}": "6"}
    text = body["serialized_dashboard"]
    for reference, id_ in ids.items():
        text = text.replace(reference, id_)
    assert "${" not in text
    deployed = json.loads(text)
    assert {"".join(dataset["queryLines"]).count("'6,7,42'") for dataset in deployed["datasets"]} == {1}
    assert list(widgets(deployed)) == list(widgets())
    (grant,) = only(document, "databricks_permissions")["access_control"]
    assert grant == {"group_name": "analysts", "permission_level": "CAN_READ"}


def dashboard(stack: LakeflowStack, **said: Any) -> RunsDashboard:
    needed = {"jobs": [ExistingJob("42")], "folder": "/Shared/x", "warehouse": ExistingWarehouse("4f2d")}
    return RunsDashboard(stack, "runs", **{**needed, **said})


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"jobs": []}, "a dashboard of no jobs shows nothing; give it jobs=[…]"),
        ({"days": 0}, "days: 0, and the system tables hold a year; write 1 to 180, and as many before are read"),
        ({"days": 365}, "days: 365, and the system tables hold a year; write 1 to 180, and as many before are read"),
        ({"days": "30"}, "days: expected a whole number, got str '30'"),
    ],
)
def test_what_is_no_dashboard_of_runs(stack: LakeflowStack, said: dict[str, Any], message: str) -> None:
    assert refusal(lambda: dashboard(stack, **said)) == message


def test_it_needs_the_workspace_by_its_number(stack: LakeflowStack) -> None:
    stack.workspace_id = None
    assert "give the stack a workspace_id" in refusal(lambda: dashboard(stack))
