"""Statements over the system tables, as databricks-sdk asks them; errors as Databricks words them."""

import json
import subprocess
import sys

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, InvalidParameterValue, NotFound
from databricks.sdk.service.sql import (
    ColumnInfoTypeName,
    ExecuteStatementRequestOnWaitTimeout,
    ServiceErrorCode,
    StatementParameterListItem,
    StatementResponse,
    StatementState,
)

from lakeflow.workspace.past import give_past
from lakeflow.workspace.state import State
from tests.support.project import ROOT
from tests.support.scenarios import played

RUNS = "SELECT run_id, result_state FROM system.lakeflow.job_run_timeline ORDER BY period_start_time"


@pytest.fixture
def warehouse(client: WorkspaceClient, state: State) -> str:
    """A warehouse of a workspace with ten days of history."""
    give_past(state, played({"when": {"on": "2026-11-14"}, "attempts": {"load": "CLUSTER_ERROR"}}))
    client.warehouses.create(name="small")
    [created] = client.warehouses.list()
    assert created.id
    return created.id


def state_of(response: StatementResponse) -> StatementState:
    assert response.status
    assert response.status.state
    return response.status.state


def failure(response: StatementResponse) -> tuple[ServiceErrorCode | None, str]:
    assert state_of(response) is StatementState.FAILED
    assert response.status
    assert response.status.error
    return response.status.error.error_code, response.status.error.message or ""


def test_a_query_is_answered_with_its_schema(client: WorkspaceClient, warehouse: str) -> None:
    response = client.statement_execution.execute_statement(RUNS, warehouse)
    assert state_of(response) is StatementState.SUCCEEDED
    assert response.manifest
    assert response.manifest.schema
    assert [column.name for column in response.manifest.schema.columns or ()] == ["run_id", "result_state"]
    assert response.manifest.total_row_count == 10
    assert response.result
    assert [row[1] for row in response.result.data_array or ()] == ["SUCCEEDED", "FAILED", *["SUCCEEDED"] * 8]


def test_values_are_bound_and_come_back_as_texts(client: WorkspaceClient, warehouse: str) -> None:
    statement = (
        "SELECT :word AS word, :number + 1 AS number, true AS truth, NULL AS nothing, DATE '2026-11-22' AS day,"
        " TIMESTAMP '2026-11-22 06:00:00.5' AS instant, array('a', 'b') AS list, CAST(1.5 AS DECIMAL(10, 2)) AS decimal"
    )
    parameters = [
        StatementParameterListItem(name="word", value="it's; DROP", type="STRING"),
        StatementParameterListItem(name="number", value="41", type="INT"),
    ]
    response = client.statement_execution.execute_statement(statement, warehouse, parameters=parameters)
    assert response.result
    assert response.result.data_array == [
        ["it's; DROP", "42", "true", None, "2026-11-22", "2026-11-22T06:00:00.500Z", '["a","b"]', "1.50"]
    ]
    assert response.manifest
    assert response.manifest.schema
    columns = {column.name: column for column in response.manifest.schema.columns or ()}
    assert columns["instant"].type_name is ColumnInfoTypeName.TIMESTAMP
    assert (columns["decimal"].type_precision, columns["decimal"].type_scale) == (10, 2)
    assert columns["list"].type_text == "ARRAY<STRING>"


def test_the_time_is_that_of_the_request(client: WorkspaceClient, warehouse: str) -> None:
    response = client.statement_execution.execute_statement("SELECT current_timestamp() AS now", warehouse)
    assert response.result
    assert response.result.data_array == [["2026-09-21T14:13:20.000Z"]]


def test_a_statement_that_does_not_wait_is_on_its_way_first(client: WorkspaceClient, warehouse: str) -> None:
    response = client.statement_execution.execute_statement(RUNS, warehouse, wait_timeout="0s")
    assert (state_of(response), response.result) == (StatementState.PENDING, None)
    assert response.statement_id
    looks = [client.statement_execution.get_statement(response.statement_id) for _ in range(3)]
    assert [state_of(look) for look in looks] == [StatementState.RUNNING, *[StatementState.SUCCEEDED] * 2]
    assert looks[1].result
    assert looks[1].result.row_count == 10


def test_a_warehouse_that_has_stopped_starts_first(client: WorkspaceClient, warehouse: str) -> None:
    client.warehouses.stop(warehouse)
    response = client.statement_execution.execute_statement(RUNS, warehouse, wait_timeout="30s")
    assert state_of(response) is StatementState.PENDING
    assert state_of(client.statement_execution.execute_statement(RUNS, warehouse)) is StatementState.SUCCEEDED
    client.warehouses.stop(warehouse)
    gives_up = ExecuteStatementRequestOnWaitTimeout.CANCEL
    response = client.statement_execution.execute_statement(RUNS, warehouse, on_wait_timeout=gives_up)
    assert state_of(response) is StatementState.CANCELED


def test_a_statement_is_cancelled(client: WorkspaceClient, warehouse: str) -> None:
    execution = client.statement_execution
    response = execution.execute_statement(RUNS, warehouse, wait_timeout="0s")
    assert response.statement_id
    execution.cancel_execution(response.statement_id)
    assert state_of(execution.get_statement(response.statement_id)) is StatementState.CANCELED
    done = execution.execute_statement(RUNS, warehouse)
    assert done.statement_id
    execution.cancel_execution(done.statement_id)
    assert state_of(execution.get_statement(done.statement_id)) is StatementState.SUCCEEDED


def test_a_long_result_comes_in_chunks(client: WorkspaceClient, warehouse: str) -> None:
    statement = "SELECT explode(sequence(1, 2500)) AS n"
    response = client.statement_execution.execute_statement(statement, warehouse)
    assert response.manifest
    assert response.manifest.total_chunk_count == 3
    chunk, values = response.result, []
    while chunk is not None:
        values += [row[0] for row in chunk.data_array or ()]
        following = chunk.next_chunk_index
        assert response.statement_id
        chunk = (
            None
            if following is None
            else client.statement_execution.get_statement_result_chunk_n(response.statement_id, following)
        )
    assert values == [str(number) for number in range(1, 2501)]
    with pytest.raises(NotFound, match="has no chunk 3"):
        client.statement_execution.get_statement_result_chunk_n(response.statement_id or "", 3)


def test_an_empty_result_has_its_schema_too(client: WorkspaceClient, warehouse: str) -> None:
    response = client.statement_execution.execute_statement(f"SELECT * FROM ({RUNS}) WHERE run_id = 'x'", warehouse)
    assert response.manifest
    assert (response.manifest.total_row_count, response.manifest.total_chunk_count) == (0, 1)
    assert response.result
    assert not response.result.data_array


def test_a_wrong_query_fails_as_a_statement(client: WorkspaceClient, warehouse: str) -> None:
    code, message = failure(client.statement_execution.execute_statement("SELEC 1", warehouse))
    assert code is ServiceErrorCode.BAD_REQUEST
    assert message.startswith("[PARSE_SYNTAX_ERROR]")
    unbound = client.statement_execution.execute_statement("SELECT :what", warehouse)
    assert failure(unbound)[1].startswith("[UNBOUND_SQL_PARAMETER]")


def test_a_schema_that_nobody_enabled_is_not_found(client: WorkspaceClient, state: State, warehouse: str) -> None:
    state.system.drop("lakeflow.job_run_timeline")
    code, message = failure(client.statement_execution.execute_statement(RUNS, warehouse))
    assert code is ServiceErrorCode.BAD_REQUEST
    assert message.startswith(
        "[TABLE_OR_VIEW_NOT_FOUND] The table or view `system`.`lakeflow`.`job_run_timeline` cannot be found."
    )


def test_a_schema_that_somebody_may_not_read_is_refused(client: WorkspaceClient, state: State, warehouse: str) -> None:
    state.tables["system_schemas"]["lakeflow"] = {"users": ["somebody-else@example.com"]}
    _, message = failure(client.statement_execution.execute_statement(RUNS, warehouse))
    assert message.startswith("[INSUFFICIENT_PERMISSIONS] Insufficient privileges:")
    state.tables["system_schemas"]["lakeflow"]["users"].append("jd@example.com")
    assert state_of(client.statement_execution.execute_statement(RUNS, warehouse)) is StatementState.SUCCEEDED


def test_what_is_no_statement_is_refused(client: WorkspaceClient, warehouse: str) -> None:
    execution = client.statement_execution
    with pytest.raises(NotFound, match="SQL warehouse nowhere does not exist"):
        execution.execute_statement(RUNS, "nowhere")
    with pytest.raises(InvalidParameterValue, match="wait_timeout must be 0s, or between 5s and 50s"):
        execution.execute_statement(RUNS, warehouse, wait_timeout="2m")
    with pytest.raises(NotFound, match="The statement x was not found"):
        execution.get_statement("x")
    failed = execution.execute_statement("SELEC 1", warehouse)
    with pytest.raises(BadRequest, match="is FAILED and has no result"):
        execution.get_statement_result_chunk_n(failed.statement_id or "", 0)


def test_a_workspace_without_queries_needs_no_duckdb() -> None:
    program = (
        "import sys\n"
        "from lakeflow.workspace.core import Core, every_service\n"
        "from lakeflow.workspace.state import State\n"
        "Core({}, every_service(State()))\n"
        "assert not {'duckdb', 'sqlglot'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


def test_what_a_workspace_keeps_can_be_written_down(client: WorkspaceClient, state: State, warehouse: str) -> None:
    client.statement_execution.execute_statement(RUNS, warehouse)
    client.statement_execution.execute_statement("SELEC 1", warehouse, wait_timeout="0s")
    kept = {name: dict(rows) for name, rows in state.tables.items()}
    assert json.loads(json.dumps(kept)) == kept
