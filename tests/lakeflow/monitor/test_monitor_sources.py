"""Where the facts come from: a workspace that is asked through databricks-sdk, by system tables or by the Jobs API."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lakeflow.monitor.sources import warehouse_name
from lakeflow.run.connection import connect
from lakeflow.scenario.playback import History
from lakeflow.stack_map import StackMap
from tests.lakeflow.monitor.conftest import Monitor, write_map
from tests.support import facts
from tests.support.past import Past
from tests.support.scenarios import ninety_days
from tests.support.workspace_exchange import forbidden

NAMES = ("daily-sales", "document-intake", "live-orders")


@pytest.fixture(scope="module")
def made() -> History:
    """Ninety days."""
    return ninety_days()


@pytest.fixture(scope="module")
def served(made: History) -> Iterator[tuple[Past, str]]:
    """The workspace and where it is served."""
    found = Past(made)
    with pytest.MonkeyPatch.context() as patch, found.served(patch) as host:
        patch.setenv("DATABRICKS_WORKSPACE_ID", made.scenario.workspace_id)
        yield found, host


@pytest.fixture
def past(served: tuple[Past, str], tmp_path: Path) -> Past:
    """The workspace, and the map of a stack that is deployed to it."""
    found, host = served
    write_map(stack(host), tmp_path)
    return found


def stack(host: str) -> StackMap:
    return replace(facts.stack({name: facts.settings() for name in NAMES}), host=host)


def deploy_warehouse(folder: Path, name: str = "lakeflow") -> str:
    """Make a SQL warehouse in the workspace, as the stack says; return its id."""
    beside = folder / "cdktf.out" / "stacks" / "prod"
    document = {"resource": {"databricks_sql_endpoint": {"warehouse": {"name": name}}}}
    (beside / "cdk.tf.json").write_text(json.dumps(document), encoding="utf-8")
    host = json.loads((beside / "lakeflow.json").read_text(encoding="utf-8"))["host"]
    made = connect(host, "prod").call("POST", "/api/2.0/sql/warehouses", doing="make it", body={"name": name})
    return str(made["id"])


def report(monitor: Monitor, made: History, *words: str) -> tuple[dict[str, Any], str]:
    """Return the report as a document, and what standard error said."""
    now = made.scenario.until.isoformat()
    ended = monitor("report", "--env", "prod", "--format", "json", "--now", now, *words)
    assert ended.status in {0, 1}, ended.err
    return ended.document, ended.err


def job(document: dict[str, Any], name: str = "daily-sales") -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in document["jobs"] if each["job"] == name)
    return found


def test_system_tables_and_what_is_recorded_of_them(
    monitor: Monitor, made: History, past: Past, tmp_path: Path
) -> None:
    warehouse = deploy_warehouse(tmp_path)
    now = made.scenario.until.isoformat()
    recorded = monitor("record", "--env", "prod", "--now", now, "--output", "facts.json")
    assert (recorded.status, recorded.out) == (0, "")
    assert recorded.err == f"note: asking system tables, on the SQL warehouse {warehouse}\n"

    document, said = report(monitor, made, "--source", "facts.json")
    assert said == ""
    assert document["source"] == "system-tables"
    assert {each["job"] for each in document["jobs"]} == {*NAMES, None}
    assert job(document)["runs"]["total"] == 28
    assert job(document)["cost"]["dbus"] > 0


def test_without_a_warehouse_the_jobs_api_is_asked(monitor: Monitor, made: History, past: Past) -> None:
    document, said = report(monitor, made)
    assert said == "note: asking the Jobs API\n"
    assert document["source"] == "api"
    assert job(document)["runs"]["total"] == 28
    assert job(document)["cost"] is None
    assert any("the Jobs API does not tell it" in each for each in document["not_known"])


def test_a_stack_without_a_warehouse_has_no_system_tables(monitor: Monitor, past: Past) -> None:
    ended = monitor("report", "--env", "prod", "--source", "system-tables")
    assert ended.status == 2
    assert ended.err == "error: prod has no SQL warehouse that is deployed; say which with --warehouse ID\n"


def test_no_permission_is_one_line(monitor: Monitor, past: Past) -> None:
    past.troubles.append(("GET /jobs/list", forbidden()))
    ended = monitor("report", "--env", "prod", "--source", "api")
    assert ended.status == 2
    assert ended.err.startswith("error: ")
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"resource": {"databricks_sql_endpoint": {"w": {"name": "lakeflow"}}}}', "lakeflow"),
        ('{"resource": {"databricks_sql_endpoint": {"w": {"name": "${var.name}"}}}}', None),
        ('{"resource": {"databricks_sql_endpoint": {"a": {"name": "a"}, "b": {"name": "b"}}}}', None),
        ('{"resource": {}}', None),
        ('{"resource": []}', None),
        ("[]", None),
        ("no JSON", None),
    ],
)
def test_the_warehouse_of_a_stack(tmp_path: Path, text: str, name: str | None) -> None:
    assert warehouse_name(tmp_path) is None
    (tmp_path / "cdk.tf.json").write_text(text, encoding="utf-8")
    assert warehouse_name(tmp_path) == name
