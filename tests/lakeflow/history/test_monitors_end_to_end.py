"""The monitors that prod deploys, in a workspace that has had ninety days: what they say is what the report says."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.service import dashboards
from databricks.sdk.service.sql import StatementParameterListItem

from constructs_lib import RunAlert, sql
from constructs_lib.run_alerts import HistoryAlert
from lakeflow.history.collecting import collect
from lakeflow.history.duck import Duck, DuckEngine
from lakeflow.history.facts import Facts, JobFacts
from lakeflow.scenario.playback import History
from lakeflow.scenario.rows import rows
from tests.stacks import test_products
from tests.support.history import stack
from tests.support.past import TOKEN, Past
from tests.support.scenarios import ninety_days

pytestmark = pytest.mark.slow

OWNED = {"daily-sales": "daily_sales", "document-intake": "document_intake", "live-orders": "live_orders"}


@pytest.fixture(scope="module")
def made() -> History:
    """The ninety days."""
    return ninety_days()


@pytest.fixture(scope="module")
def engine(made: History) -> DuckEngine:
    """The system tables at their end."""
    return DuckEngine(Duck(made.scenario.until, *rows(made)))


@pytest.fixture(scope="module")
def report(made: History, engine: DuckEngine) -> Facts:
    """What is reported of the thirty days that the dashboard shows."""
    return collect(
        engine,
        stack=stack(**{key.replace("-", "_"): key for key in OWNED}),
        host="https://localhost",
        workspace_id=made.scenario.workspace_id,
        source="system-tables",
        days=30,
        now=made.scenario.until,
    )


@pytest.fixture(scope="module")
def client(made: History) -> Iterator[WorkspaceClient]:
    """The workspace, through databricks-sdk."""
    with pytest.MonkeyPatch.context() as patch, Past(made).served(patch) as host:
        yield WorkspaceClient(host=host, token=TOKEN)


@pytest.fixture(scope="module")
def deployed(report: Facts) -> dict[str, Any]:
    """What prod deploys, with the ids of the jobs of this workspace."""
    text = json.dumps(test_products.document("prod")["resource"])
    for job in report.jobs:
        if job.key:
            text = text.replace(f"${{databricks_job.{OWNED[job.key]}.id}}", job.job_id)
    found: dict[str, Any] = json.loads(text)
    return found


def asked(client: WorkspaceClient, statement: str, parameters: list[dict[str, str]] | None = None) -> list[Any]:
    """Return the rows that the workspace's warehouse answers, by column."""
    warehouse = next(iter(client.warehouses.list())).id or ""
    bound = [StatementParameterListItem.from_dict(each) for each in parameters or []]
    answer = client.statement_execution.execute_statement(statement, warehouse, parameters=bound, wait_timeout="30s")
    assert answer.manifest, answer.status
    assert answer.manifest.schema
    columns = [column.name for column in answer.manifest.schema.columns or []]
    found = (answer.result.data_array if answer.result else None) or []
    return [dict(zip(columns, row, strict=True)) for row in found]


def owned(report: Facts) -> dict[str, JobFacts]:
    return {job.name: job for job in report.jobs if job.key}


def test_the_dashboard_shows_what_is_reported(client: WorkspaceClient, deployed: dict[str, Any], report: Facts) -> None:
    body = deployed["databricks_dashboard"]["runs"]
    client.workspace.mkdirs(body["parent_path"])
    sent = dashboards.Dashboard(
        display_name=body["display_name"],
        parent_path=body["parent_path"],
        serialized_dashboard=body["serialized_dashboard"],
    )
    key = client.lakeview.create(sent).dashboard_id or ""
    board = json.loads(client.lakeview.get(key).serialized_dashboard or "")
    shown = {each["name"]: asked(client, "".join(each["queryLines"])) for each in board["datasets"]}

    jobs = owned(report)
    assert [row["job"] for row in shown["report_jobs"]] == sorted(OWNED)
    for row in shown["report_jobs"]:
        found = jobs[row["job"]]
        durations, cost, before = found.current.durations, found.cost, found.previous_cost
        assert durations
        assert cost
        assert before
        assert int(row["runs"]) == found.current.outcomes.total
        assert float(row["success_rate"]) == pytest.approx(found.current.outcomes.success_rate)
        assert float(row["p50_minutes"]) * 60 == pytest.approx(durations.p50)
        assert float(row["p95_minutes"]) * 60 == pytest.approx(durations.p95)
        assert float(row["setup_share"]) == pytest.approx(found.current.setup_share, abs=1e-6)
        assert float(row["list_cost"]) == pytest.approx(cost.list_cost, abs=1e-6)
        assert float(row["previous_list_cost"]) == pytest.approx(before.list_cost, abs=1e-6)
    for name, found in jobs.items():
        assert len([row for row in shown["report_runs"] if row["job"] == name]) == found.current.outcomes.total
        reasons = {row["code"]: int(row["runs"]) for row in shown["report_failures"] if row["job"] == name}
        assert reasons == {failure.code: failure.runs for failure in found.failures}
        days = {row["day"]: float(row["list_cost"]) for row in shown["report_costs"] if row["job"] == name}
        assert len(days) >= 29
        reported = {f"{day.day}": day.list_cost for day in found.days}
        assert days == {day: pytest.approx(reported[day], abs=1e-6) for day in days}


def test_the_last_week_is_nobody_s_business(client: WorkspaceClient, deployed: dict[str, Any]) -> None:
    alerts = deployed["databricks_alert_v2"]
    assert set(alerts) == {f"daily_sales_job_{kind}" for kind in ("failures", "no_success", "cost")}
    for body in alerts.values():
        [row] = asked(client, body["query_text"], body["parameters"])
        evaluation = body["evaluation"]
        assert 0 <= float(row[evaluation["source"]["name"]]) <= evaluation["threshold"]["value"]["double_value"]


def exceeds(engine: DuckEngine, report: Facts, alert: HistoryAlert) -> set[str]:
    """Return the jobs of which an alert would tell."""
    found = set()
    for name, job in owned(report).items():
        values = {"workspace_id": report.workspace_id, "job_id": job.job_id, "window_hours": alert.within}
        answer = engine.ask(alert.query, values)
        if answer and float(str(answer[0][alert.column])) > alert.threshold:
            found.add(name)
    return found


@pytest.mark.parametrize(
    ("alert", "jobs"),
    [
        # Since the ninth of November the daily sales have twice the machines.
        (RunAlert.cost_jump(times=1.5, within=timedelta(days=14)), {"daily-sales"}),
        (RunAlert.cost_jump(times=2.5, within=timedelta(days=14)), set()),
        # Both failed three times in four weeks, and not more than once in the last.
        (RunAlert.failures(more_than=2, within=timedelta(days=28)), {"daily-sales", "live-orders"}),
        (RunAlert.failures(more_than=1), set()),
        (RunAlert.slower(than_before=1.3), set()),
        (RunAlert.no_success(within=timedelta(hours=36)), set()),
    ],
    ids=lambda value: repr(sorted(value) if isinstance(value, set) else value),
)
def test_who_is_told_of_what(engine: DuckEngine, report: Facts, alert: HistoryAlert, jobs: set[str]) -> None:
    assert exceeds(engine, report, alert) == jobs


def test_a_cost_is_what_the_runs_of_the_window_cost(engine: DuckEngine, report: Facts) -> None:
    """To the cent of what the days add up to: an alert and a report read the same rows."""
    for job in owned(report).values():
        values = {"workspace_id": report.workspace_id, "job_id": job.job_id, "window_hours": timedelta(days=7)}
        [row] = engine.ask("spend", values)
        last = report.known_until - timedelta(days=7)
        between = [day.list_cost or 0 for day in job.days if day.day > last.date()]
        with_first = [day.list_cost or 0 for day in job.days if day.day >= last.date()]
        assert sum(between) - 0.01 <= float(str(row["list_cost"])) <= sum(with_first) + 0.01
        assert set(sql.takes("spend")) == {"delay_hours", *values}
