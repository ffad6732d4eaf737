"""The canonical queries through databricks-sdk and the statement API of a workspace on this machine."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from constructs_lib.errors import LakeflowError
from lakeflow.history.collecting import collect
from lakeflow.history.duck import Duck, DuckEngine
from lakeflow.history.engines import Engine, UnreadableError
from lakeflow.history.facts import Facts
from lakeflow.history.values import Schema
from lakeflow.history.warehouse import LONGEST_SECONDS, Warehouse
from lakeflow.run.connection import connect
from tests.lakeflow.history.test_collecting import SALES, WEEK
from tests.support.clean import nothing_of_the_machine
from tests.support.history import HOST, HOUR, NOW, WORKSPACE, attempt, job, runs, stack
from tests.support.statement_api import StatementApi, failed, refused, schema
from tests.support.system_tables import price, usage

ROWS = (
    SALES,
    *WEEK,
    *runs("500", "of-tasks", ("SUCCEEDED", "SUCCESS"), ended=NOW, queue=7, setup=0, whole=True),
    attempt("500", "of-tasks", "load", ended=NOW, setup=77),
    price("0.15", since=NOW - timedelta(days=300)),
    usage("ok-1", began=NOW - 2 * HOUR, dbus=3.7),
)
VALUES = {"workspace_id": WORKSPACE, "job_id": None, "window_hours": 168}


class Hourglass:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def now(self) -> float:
        return sum(self.pauses)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.meanwhile()


@pytest.fixture
def clock() -> Hourglass:
    return Hourglass()


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[StatementApi]:
    """A workspace, and an environment with its credentials and nothing of the machine's own."""
    nothing_of_the_machine(monkeypatch, token="dapi-of-nobody")
    monkeypatch.setenv("PATH", str(tmp_path / "no-programs"))
    monkeypatch.setattr("databricks.sdk.clock.RealClock.sleep", lambda _, seconds: None)
    with StatementApi(Duck(NOW, *ROWS)) as api:
        yield api


@pytest.fixture
def warehouse(api: StatementApi, clock: Hourglass) -> Warehouse:
    return Warehouse(connect(api.host, "prod"), "abc123", clock=clock)


def found(engine: Engine) -> Facts:
    return collect(engine, stack=stack(), host=HOST, workspace_id=WORKSPACE, source="system-tables", days=7, now=NOW)


class TestAnswers:
    def test_facts_are_the_same_as_over_the_tables_themselves(self, warehouse: Warehouse) -> None:
        known = found(DuckEngine(Duck(NOW, *ROWS)))
        assert found(warehouse) == known
        assert known.jobs[0].cost is not None
        assert known.jobs[0].cost.list_cost == 0.555

    def test_every_value_is_bound(self, warehouse: Warehouse, api: StatementApi) -> None:
        warehouse.ask("known", {"workspace_id": "1'; DROP TABLE jobs --"})
        [body] = api.submitted
        assert "DROP" not in body["statement"]
        assert body["parameters"] == [
            {"name": "delay_hours", "type": "INT", "value": "6"},
            {"name": "workspace_id", "type": "STRING", "value": "1'; DROP TABLE jobs --"},
        ]
        assert (body["warehouse_id"], body["format"], body["disposition"]) == ("abc123", "JSON_ARRAY", "INLINE")

    def test_values_have_the_type_that_the_manifest_says(self, warehouse: Warehouse) -> None:
        [row] = warehouse.ask("known", {"workspace_id": WORKSPACE})
        assert row == {"known_until": NOW}

    @pytest.mark.parametrize("linked", [True, False])
    def test_chunks_are_read_one_after_the_other(self, api: StatementApi, clock: Hourglass, linked: bool) -> None:
        api.rows_of_a_chunk, api.linked = 4, linked
        told: list[tuple[int, int, str]] = []
        connection = connect(api.host, "prod")
        warehouse = Warehouse(connection, "abc123", clock=clock, progress=lambda *words: told.append(words))
        assert len(warehouse.ask("runs", VALUES)) == 19
        assert api.asked[1:] == [("GET", f"/statement-1/result/chunks/{n}") for n in range(1, 5)]
        assert told == [(n, 5, "reads runs") for n in range(1, 5)]

    def test_a_result_that_is_too_large_for_the_answers_is_taken_from_its_storage(
        self, warehouse: Warehouse, api: StatementApi
    ) -> None:
        expected = warehouse.ask("runs", VALUES)
        api.most_rows, api.rows_of_a_chunk = 10, 8
        assert warehouse.ask("runs", VALUES) == expected
        assert [body["disposition"] for body in api.submitted] == ["INLINE", "INLINE", "EXTERNAL_LINKS"]

    def test_an_empty_table_is_no_rows(self, warehouse: Warehouse, api: StatementApi) -> None:
        api.duck = Duck(NOW)
        assert warehouse.ask("job_stats", VALUES) == []
        assert found(warehouse).jobs == ()

    def test_a_slow_statement_is_looked_after_ever_less_often(
        self, warehouse: Warehouse, api: StatementApi, clock: Hourglass
    ) -> None:
        api.looks = 9
        assert warehouse.ask("known", {"workspace_id": WORKSPACE})
        assert clock.pauses == [1.0, 1.5, 2.25, 3.375, 5.0625, 7.59375, 10.0, 10.0, 10.0]

    def test_a_look_that_goes_unanswered_is_repeated(
        self, warehouse: Warehouse, api: StatementApi, clock: Hourglass
    ) -> None:
        api.looks = 3
        broken = refused(500, "INTERNAL_ERROR", "try again")
        clock.meanwhile = lambda: api.refusals.extend([broken] * 2 if len(clock.pauses) == 2 else [])
        assert warehouse.ask("known", {"workspace_id": WORKSPACE})
        assert len(clock.pauses) == 5

    def test_who_waits_is_told_what_for(self, api: StatementApi, clock: Hourglass) -> None:
        api.looks = 2
        told: list[tuple[int, int, str]] = []
        connection = connect(api.host, "prod")
        warehouse = Warehouse(connection, "abc123", clock=clock, progress=lambda *words: told.append(words))
        warehouse.ask("known", {"workspace_id": WORKSPACE})
        assert told == [(0, 0, "known waits for the SQL warehouse"), (0, 0, "known runs")]

    def test_too_many_requests_are_repeated_when_told_to(self, warehouse: Warehouse, api: StatementApi) -> None:
        api.refusals = [refused(429, "REQUEST_LIMIT_EXCEEDED", "Too many requests", Retry_After="1")] * 2
        assert warehouse.ask("known", {"workspace_id": WORKSPACE})
        assert [method for method, _ in api.asked] == ["POST", "POST", "POST"]

    def test_the_workspace_tells_its_id(self, api: StatementApi) -> None:
        assert connect(api.host, "prod").workspace_id() == "1001"

    def test_or_it_does_not(self, api: StatementApi) -> None:
        api.headers = {}
        with pytest.raises(LakeflowError, match=r"does not tell its id; set DATABRICKS_WORKSPACE_ID"):
            connect(api.host, "prod").workspace_id()


SYSTEM_SCHEMA = "[INSUFFICIENT_PERMISSIONS] Insufficient privileges:\nUser does not have USE SCHEMA on Schema "


class TestRefused:
    def refusal(self, warehouse: Warehouse, name: str = "known") -> LakeflowError:
        with pytest.raises(LakeflowError) as caught:
            warehouse.ask(name, {"workspace_id": WORKSPACE} if name == "known" else VALUES)
        assert "\n" not in str(caught.value)
        return caught.value

    def test_without_a_grant(self, warehouse: Warehouse, api: StatementApi) -> None:
        api.outcome = failed(f"{SYSTEM_SCHEMA}'system.billing'. SQLSTATE: 42501")
        error = self.refusal(warehouse, "job_costs")
        assert isinstance(error, UnreadableError)
        assert str(error) == (
            "system.billing cannot be read: [INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have USE "
            "SCHEMA on Schema 'system.billing'. SQLSTATE: 42501; ask an administrator of the metastore for USE SCHEMA "
            "and SELECT on system.billing"
        )

    @pytest.mark.parametrize(
        "said",
        [
            "[TABLE_OR_VIEW_NOT_FOUND] The table or view `system`.`lakeflow`.`job_run_timeline` cannot be found.",
            "[SCHEMA_NOT_FOUND] The schema `system`.`lakeflow` cannot be found.",
        ],
    )
    def test_where_the_schema_is_not_enabled(self, warehouse: Warehouse, api: StatementApi, said: str) -> None:
        api.outcome = failed(said)
        error = self.refusal(warehouse)
        assert isinstance(error, UnreadableError)
        assert str(error) == (
            "the system schema system.lakeflow is not enabled, or not for you; an administrator runs "
            "databricks system-schemas enable METASTORE_ID lakeflow"
        )

    def test_a_report_goes_without_what_costs(self, warehouse: Warehouse, api: StatementApi) -> None:
        answer = api.duck.answer

        def closed(statement: str, parameters: list[dict[str, object]]) -> object:
            api.outcome = failed(f"{SYSTEM_SCHEMA}'system.billing'.") if "system.billing" in statement else None
            return answer(statement, parameters)

        api.duck.answer = closed  # type: ignore[assignment, method-assign]
        facts = found(warehouse)
        assert facts.jobs[0].cost is None
        [sentence] = facts.not_known
        assert sentence.startswith(
            "What they cost, what they cost by day, up to when costs are known: system.billing cannot be read: "
        )

    def test_a_statement_that_fails(self, warehouse: Warehouse, api: StatementApi) -> None:
        api.outcome = failed("[UNRESOLVED_COLUMN] A column with name `setup` cannot be resolved.")
        assert str(self.refusal(warehouse)) == (
            "cannot ask for known: [UNRESOLVED_COLUMN] A column with name `setup` cannot be resolved"
        )

    def test_a_storage_that_does_not_give_the_result_and_its_link_is_not_told(
        self, warehouse: Warehouse, api: StatementApi, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        api.most_rows = 0
        monkeypatch.setattr(api, "_stored", lambda request: refused(403, "FORBIDDEN", "signature expired"))
        assert str(self.refusal(warehouse)) == (
            "cannot ask for known: the storage of its result, 127.0.0.1, does not give it; look whether a proxy or a "
            "firewall is in between, or ask for fewer days with --days"
        )

    def test_a_warehouse_that_does_not_start(self, warehouse: Warehouse, api: StatementApi) -> None:
        api.outcome = failed("The SQL warehouse abc123 is stopped and cannot be started.")
        assert str(self.refusal(warehouse)) == (
            "cannot ask for known: The SQL warehouse abc123 is stopped and cannot be started; start the SQL warehouse "
            "abc123, or name another"
        )

    @pytest.mark.parametrize(("state", "word"), [("CANCELED", "cancelled"), ("CLOSED", "closed")])
    def test_a_statement_that_somebody_ends(
        self, warehouse: Warehouse, api: StatementApi, state: str, word: str
    ) -> None:
        api.outcome = {"state": state}
        assert str(self.refusal(warehouse)) == f"cannot ask for known: somebody {word} the statement; ask again"

    def test_a_result_that_is_cut_off(self, warehouse: Warehouse, api: StatementApi) -> None:
        api.manifest = {"truncated": True}
        assert str(self.refusal(warehouse)) == (
            "cannot ask for known: the warehouse cut the result off; ask for fewer days with --days"
        )

    def test_a_result_that_ends_early(self, warehouse: Warehouse, api: StatementApi) -> None:
        api.manifest = {"total_chunk_count": 3}
        assert str(self.refusal(warehouse)) == "cannot ask for known: its result ends after 1 of 3 chunks"

    def test_a_warehouse_that_never_answers_is_left_and_the_statement_cancelled(
        self, warehouse: Warehouse, api: StatementApi, clock: Hourglass
    ) -> None:
        api.looks = 10_000
        error = self.refusal(warehouse)
        assert error.problem == "cannot ask for known: the warehouse abc123 did not answer within 30 minutes"
        assert LONGEST_SECONDS <= clock.now() < LONGEST_SECONDS + 10
        assert api.asked[-1] == ("POST", "/statement-1/cancel")

    def test_an_interruption_cancels_the_statement(
        self, warehouse: Warehouse, api: StatementApi, clock: Hourglass
    ) -> None:
        api.looks = 5

        def interrupt() -> None:
            raise KeyboardInterrupt

        clock.meanwhile = interrupt
        with pytest.raises(KeyboardInterrupt):
            warehouse.ask("known", {"workspace_id": WORKSPACE})
        assert api.asked[-1] == ("POST", "/statement-1/cancel")

    def test_a_warehouse_that_does_not_exist(self, warehouse: Warehouse, api: StatementApi) -> None:
        api.refusals = [refused(404, "RESOURCE_DOES_NOT_EXIST", "SQL warehouse abc123 does not exist.")]
        assert str(self.refusal(warehouse)) == (
            "cannot ask for known: the workspace has no SQL warehouse abc123; take its id from the page of a SQL "
            "warehouse, or from databricks warehouses list"
        )

    def test_an_id_that_is_none(self, warehouse: Warehouse, api: StatementApi) -> None:
        api.refusals = [refused(400, "INVALID_PARAMETER_VALUE", "x is not a valid endpoint id.")]
        assert "the workspace has no SQL warehouse abc123" in str(self.refusal(warehouse))

    def test_a_warehouse_of_others(self, warehouse: Warehouse, api: StatementApi) -> None:
        api.refusals = [refused(403, "PERMISSION_DENIED", "You do not have permission to use the SQL Warehouse.")]
        assert str(self.refusal(warehouse)) == (
            "cannot ask for known: You do not have permission to use the SQL Warehouse; ask the owner of the SQL "
            "warehouse abc123 for the permission CAN USE"
        )

    def test_credentials_that_are_not_accepted(self, warehouse: Warehouse, api: StatementApi) -> None:
        api.refusals = [refused(401, "UNAUTHENTICATED", "Invalid token")]
        assert str(self.refusal(warehouse)).endswith("(pat): Invalid token; renew them, or sign in again")

    def test_a_page_that_is_no_answer(self, warehouse: Warehouse, api: StatementApi) -> None:
        api.manifest = {"schema": {"columns": schema(("known_until", "LONG"))}}
        assert "a row of the result is not of its schema: ['2026-03-10T09:00:00.000Z']" in str(self.refusal(warehouse))


class TestValues:
    def test_texts_become_what_they_stand_for(self) -> None:
        kinds = ("STRING", "LONG", "DOUBLE", "DECIMAL", "BOOLEAN", "DATE", "TIMESTAMP", "ARRAY", "INTERVAL", "NULL")
        columns = schema(*((kind.lower(), kind) for kind in kinds))
        texts = ("a", "7", "0.5", "1.50", "true", "2026-03-10", "2026-03-10T09:00:00.123Z", '["x"]', "1 day", None)
        [row] = Schema({"schema": {"columns": columns}}).rows([texts])
        assert tuple(row.values()) == (
            "a",
            7,
            0.5,
            Decimal("1.50"),
            True,
            date(2026, 3, 10),
            datetime(2026, 3, 10, 9, 0, 0, 123000, tzinfo=UTC),
            ["x"],
            "1 day",
            None,
        )

    @pytest.mark.parametrize(
        ("kind", "text"), [("LONG", "many"), ("BOOLEAN", "perhaps"), ("DATE", "today"), ("DECIMAL", "x")]
    )
    def test_what_is_not_of_its_type_is_said(self, kind: str, text: str) -> None:
        with pytest.raises(LakeflowError, match=rf"a row of the result is not of its schema: \['{text}'\]"):
            Schema({"schema": {"columns": schema(("a", kind))}}).rows([[text]])

    def test_a_row_that_is_too_short_is_said(self) -> None:
        with pytest.raises(LakeflowError, match=r"not of its schema: \[\]"):
            Schema({"schema": {"columns": schema(("a", "STRING"))}}).rows([[]])


def test_a_job_renamed_is_followed_by_the_warehouse_too(warehouse: Warehouse, api: StatementApi) -> None:
    api.duck.add([job("500", "daily-sales (old)", changed=NOW - HOUR)])
    assert found(warehouse).jobs[0].key == "daily-sales"
