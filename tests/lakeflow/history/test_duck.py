"""Databricks SQL in DuckDB means what it means in Databricks."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from constructs_lib import sql
from constructs_lib.errors import LakeflowError
from lakeflow.history.dialect import type_in_databricks
from lakeflow.history.duck import Duck
from lakeflow.history.tables import (
    TABLES,
    Compute,
    CronSchedule,
    Deployment,
    JobVersion,
    NodeMinute,
    Price,
    Pricing,
    Row,
    RunSlice,
    TriggerSettings,
    columns_of,
    ddl,
)
from tests.support.system_tables import price, run, usage

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
VALUES = "FROM (VALUES (1, 'a'), (2, NULL), (4, 'c'), (NULL, 'd')) AS t (n, s)"


def asked(statement: str, *rows: Row, **parameters: tuple[str, str | None]) -> object:
    """Return the one value that a query answers; parameters are types and values."""
    bound = [
        {"name": name, "type": kind, **({} if value is None else {"value": value})}
        for name, (kind, value) in parameters.items()
    ]
    [row] = Duck(NOW, *rows).ask(statement, bound)
    [value] = row.values()
    return value


class TestMeaning:
    @pytest.mark.parametrize(
        ("expression", "value"),
        [
            ("max_by(s, n)", "c"),
            ("max_by(s, n) FILTER (WHERE n < 3)", None),
            ("min_by(n, s)", 1),
            ("max_by(n, struct(s, n))", None),
            ("max_by(s, struct(n, s))", "c"),
            ("min_by(n, struct(s, n))", 2),
            ("percentile(n, 0.5)", 2.0),
            ("percentile(n, 0.95)", pytest.approx(3.8)),
            ("percentile(n, array(0.5, 0.75))", [2.0, 3.0]),
            ("percentile(n, 0.5) FILTER (WHERE n > 1)", 3.0),
            ("median(n)", 2.0),
            ("percentile_approx(n, 0.5)", 2),
            ("count_if(n > 1)", 2),
            ("count_if(n > 9)", 0),
            ("count_if(CAST(NULL AS BOOLEAN))", 0),
            ("collect_list(s)", ["a", "c", "d"]),
            ("sum(n) / count(n)", pytest.approx(7 / 3)),
            ("max(n) FILTER (WHERE s = 'a')", 1),
        ],
    )
    def test_aggregates(self, expression: str, value: object) -> None:
        assert asked(f"SELECT {expression} {VALUES}") == value

    @pytest.mark.parametrize(
        ("expression", "value"),
        [
            ("current_timestamp()", NOW),
            ("now()", NOW),
            ("current_date()", date(2026, 3, 10)),
            ("timestampdiff(SECOND, TIMESTAMP '2026-01-01 00:00:00.9', TIMESTAMP '2026-01-01 00:00:02.8')", 1),
            ("timestampdiff(HOUR, TIMESTAMP '2026-01-01 00:59:00', TIMESTAMP '2026-01-01 02:00:00')", 1),
            ("datediff(DATE '2026-01-03', TIMESTAMP '2026-01-01 23:59:00')", 2),
            ("dateadd(HOUR, -(2 * 24 + 1), current_timestamp())", NOW - timedelta(hours=49)),
            ("date_add(current_date(), 3)", date(2026, 3, 13)),
            ("unix_seconds(TIMESTAMP '2026-03-10 23:59:59.9')", 1773187199),
            ("date_from_unix_date(CAST(floor(unix_seconds(current_timestamp()) / 86400) AS INT))", date(2026, 3, 10)),
            ("current_timestamp() - INTERVAL 30 DAYS", NOW - timedelta(days=30)),
            ("greatest(1, NULL, 3)", 3),
            ("coalesce(NULL, 5) / 2", 2.5),
            ("7 div 2", 3),
            ("concat('a', NULL)", None),
            ("struct(1, 2) < struct(1, 3)", True),
        ],
    )
    def test_functions(self, expression: str, value: object) -> None:
        assert asked(f"SELECT {expression}") == value

    def test_the_latest_version_by_qualify(self) -> None:
        versions = [
            JobVersion(workspace_id="1", job_id="5", name=name, change_time=NOW + n * timedelta(hours=1))
            for n, name in enumerate(("first", "last", "middle"))
        ]
        late = JobVersion(workspace_id="1", job_id="5", name="latest", change_time=NOW + timedelta(days=1))
        query = """SELECT name FROM system.lakeflow.jobs
            QUALIFY row_number() OVER (PARTITION BY job_id ORDER BY change_time DESC) = 1"""
        assert asked(query, late, *versions) == "latest"

    def test_explode_leaves_an_empty_array_out_and_outer_keeps_it(self) -> None:
        rows = [
            RunSlice(workspace_id="1", job_id="1", run_id=run_id, period_start_time=NOW, period_end_time=NOW, **some)
            for run_id, some in (
                ("two", {"compute_ids": ("x", "y")}),
                ("none", {"compute_ids": ()}),
                ("null", {}),
            )
        ]
        query = (
            "SELECT count(*) AS n FROM system.lakeflow.job_run_timeline LATERAL VIEW {} explode(compute_ids) t AS id"
        )
        assert asked(query.format(""), *rows) == 2
        assert asked(query.format("OUTER"), *rows) == 4

    def test_structs_and_maps_are_reached_into(self) -> None:
        version = JobVersion(
            workspace_id="1",
            job_id="5",
            change_time=NOW,
            tags={"team": "sales"},
            trigger=TriggerSettings(schedule=CronSchedule(quartz_cron_expression="0 0 5 * * ?")),
            deployment=Deployment(kind="BUNDLE"),
        )
        query = "SELECT concat(tags['team'], trigger.schedule.quartz_cron_expression, deployment.kind) AS x"
        assert asked(f"{query} FROM system.lakeflow.jobs", version) == "sales0 0 5 * * ?BUNDLE"

    def test_a_price_times_a_quantity_keeps_its_digits(self) -> None:
        rows = (price("0.15", since=NOW - timedelta(days=9)), usage("1", began=NOW, dbus=-3.7))
        query = """SELECT u.usage_quantity * p.pricing.effective_list.default AS x
            FROM system.billing.usage AS u JOIN system.billing.list_prices AS p ON p.sku_name = u.sku_name"""
        assert asked(query, *rows) == Decimal("-0.555")


class TestParameters:
    def test_they_are_values_of_their_type(self) -> None:
        assert asked("SELECT :n + 1", n=("INT", "41")) == 42
        assert asked("SELECT :s", s=("STRING", "it's 'quoted' -- :n")) == "it's 'quoted' -- :n"
        assert asked("SELECT :t", t=("TIMESTAMP", "2026-03-10T10:30:00+01:00")) == NOW
        assert asked("SELECT coalesce(:s, 'none')", s=("STRING", None)) == "none"
        assert asked("SELECT :a || :a", a=("STRING", "x")) == "xx"

    def test_one_that_is_not_taken_does_not_matter(self) -> None:
        assert asked("SELECT 1", n=("INT", "41")) == 1


class TestErrors:
    @pytest.mark.parametrize(
        ("statement", "told"),
        [
            (
                "SELECT * FROM system.lakeflow.jobz",
                "[TABLE_OR_VIEW_NOT_FOUND] there is no table system.lakeflow.jobz; did",
            ),
            ("SELECT * FROM main.sales.orders", "[TABLE_OR_VIEW_NOT_FOUND] there is no table main.sales.orders"),
            ("SELECT * FROM orders", "[TABLE_OR_VIEW_NOT_FOUND] Table with name orders does not exist"),
            ("SELECT colour FROM system.lakeflow.jobs", '[UNRESOLVED_COLUMN] Referenced column "colour" not found'),
            ("SELECT colour(1)", "[UNRESOLVED_ROUTINE] Scalar Function with name colour does not exist"),
            ("SELECT :n", "[UNBOUND_SQL_PARAMETER] the parameter n has no value; bind :n"),
            ("SELECT CAST('x' AS INT)", "[CAST_INVALID_INPUT] Could not convert string 'x' to INT32"),
            ("SELECT 1 WHERE", "[PARSE_SYNTAX_ERROR] "),
            ("SELECT 'x", "[PARSE_SYNTAX_ERROR] "),
            ("SELECT 1; SELECT 2", "[PARSE_SYNTAX_ERROR] there must be one statement, and no more"),
            ("", "[UNSUPPORTED_STATEMENT] only queries are answered here; write SELECT …"),
            ("DROP TABLE system.lakeflow.jobs", "[UNSUPPORTED_STATEMENT] only queries are answered here"),
            ("SELECT * FROM read_csv('/etc/passwd')", "[INVALID_STATEMENT] Cannot access file"),
        ],
    )
    def test_they_are_one_line_with_databricks_name(self, statement: str, told: str) -> None:
        with pytest.raises(LakeflowError) as caught:
            Duck(NOW).ask(statement)
        assert str(caught.value).startswith(told)
        assert "\n" not in str(caught.value)

    def test_a_time_that_is_none(self) -> None:
        with pytest.raises(LakeflowError, match=r"\[CAST_INVALID_INPUT\] 'soon' is no time"):
            asked("SELECT :t", t=("TIMESTAMP", "soon"))


class TestTables:
    @pytest.mark.parametrize("row", TABLES, ids=lambda row: row.TABLE)
    def test_the_statement_that_makes_them_is_databricks_sql(self, row: type[Row]) -> None:
        [made] = sqlglot.parse(ddl(row), read="databricks")
        assert made is not None
        assert len(made.this.expressions) == len(columns_of(row))

    def test_types_are_those_of_the_reference(self) -> None:
        assert columns_of(NodeMinute)["disk_free_bytes_per_mount_point"] == "MAP<STRING, BIGINT>"
        assert (
            columns_of(RunSlice)["compute"] == "ARRAY<STRUCT<type: STRING, cluster_id: STRING, warehouse_id: STRING>>"
        )
        assert columns_of(RunSlice)["job_parameters"] == "MAP<STRING, MAP<STRING, STRING>>"
        assert columns_of(type(price("1", since=NOW)))["pricing"] == (
            "STRUCT<default: DECIMAL(38, 18), promotional: STRUCT<default: DECIMAL(38, 18)>, "
            "effective_list: STRUCT<default: DECIMAL(38, 18)>>"
        )

    def test_what_is_added_comes_back(self) -> None:
        row = RunSlice(
            workspace_id="1",
            job_id="5",
            run_id="9",
            period_start_time=NOW.astimezone(),
            period_end_time=NOW,
            compute=(Compute(type="CLUSTER", cluster_id="c"),),
            compute_ids=("c",),
            job_parameters={"catalog": {"value": "main"}},
        )
        duck = Duck(NOW)
        duck.add([row, *run("1", ended=NOW)])
        [back] = duck.ask("SELECT * FROM system.lakeflow.job_run_timeline WHERE run_id = '9'")
        assert back["period_start_time"] == back["period_end_time"] == NOW
        assert back["compute"] == [{"type": "CLUSTER", "cluster_id": "c", "warehouse_id": None}]
        assert back["job_parameters"] == {"catalog": {"value": "main"}}
        assert back["termination_type"] is None

    def test_tables_of_a_connection_are_kept(self) -> None:
        connection = duckdb.connect()
        Duck(NOW, *run("1", ended=NOW), connection=connection)
        again = Duck(NOW, *run("2", ended=NOW), connection=connection)
        assert again.ask("SELECT count(*) AS n FROM system.lakeflow.job_run_timeline") == [{"n": 2}]

    def test_columns_have_databricks_types(self) -> None:
        answer = Duck(NOW).answer(
            "SELECT sum(run_duration_seconds) AS a, max(period_end_time) AS b, collect_list(run_id) AS c, NULL AS d, "
            "avg(1) AS e, current_date() AS f, TRUE AS g FROM system.lakeflow.job_run_timeline"
        )
        kinds = ["BIGINT", "TIMESTAMP", "ARRAY<STRING>", "VOID", "DOUBLE", "DATE", "BOOLEAN"]
        assert [kind for _, kind in answer.columns] == kinds
        assert type_in_databricks("STRUCT(a VARCHAR)[]") == "ARRAY<STRUCT<a: STRING>>"

    def test_an_effective_price_is_below_its_struct(self) -> None:
        assert Pricing(effective_list=Price(default=Decimal(1))).effective_list == Price(default=Decimal(1))


@pytest.mark.parametrize("name", sorted(set(sql.names()) - {"stats"}))
def test_every_query_answers_over_empty_tables(name: str) -> None:
    values = {"workspace_id": "1", "job_id": "5", "window_hours": 24, "job_ids": "5"}
    bound = sql.parameters(name, {each: values[each] for each in sql.takes(name) if each in values})
    columns = [column for column, _ in Duck(NOW).answer(sql.query(name), bound).columns]
    heading = sql.query(name).split("\nWITH ")[0].split("\nSELECT")[0]
    told = heading.split("-- Columns")[1]
    assert columns
    if "as in stats.sql" not in told:
        assert [column for column in columns if not re.search(rf"\b{column}\b", told)] == []


@pytest.mark.parametrize("name", sql.names())
def test_no_query_within_another_gives_a_name_a_second_meaning(name: str) -> None:
    """Databricks may refuse it: https://spark.apache.org/docs/latest/sql-migration-guide.html, ctePrecedencePolicy."""
    [query] = sqlglot.parse(sql.query(name), read="databricks")
    assert query is not None
    for inner in query.find_all(exp.With):
        outer: exp.Expr | None = inner.parent
        names = {each.alias for each in inner.expressions}
        while outer is not None:
            around = outer.args.get("with_")
            if around is not None and around is not inner:
                assert not names & {each.alias for each in around.expressions}
            outer = outer.parent
