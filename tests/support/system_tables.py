"""Databricks' job history in memory: rows as the system tables hold them, and the queries over them run by DuckDB.

`attempt` and `run` build the rows that a run leaves behind: a slice for every hour, an end row for each attempt.
See https://docs.databricks.com/aws/en/admin/system-tables/jobs
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import ClassVar

import duckdb
import sqlglot
from sqlglot import exp

from constructs_lib import sql

WORKSPACE = "1001"
JOB = "500"
SKU = "PREMIUM_JOBS_COMPUTE"
HOUR = timedelta(hours=1)
_ASKED = {"workspace_id": WORKSPACE, "job_id": JOB, "window_hours": timedelta(hours=24)}


@dataclass(frozen=True, kw_only=True)
class RunSlice:
    """A row of system.lakeflow.job_run_timeline. The durations are NULL in rows from before December 2025."""

    TABLE: ClassVar[str] = "lakeflow.job_run_timeline"
    COLUMNS: ClassVar[str] = """
        workspace_id VARCHAR, job_id VARCHAR, run_id VARCHAR, period_start_time TIMESTAMP, period_end_time TIMESTAMP,
        run_type VARCHAR, trigger_type VARCHAR, result_state VARCHAR, termination_code VARCHAR,
        run_duration_seconds BIGINT, queue_duration_seconds BIGINT, setup_duration_seconds BIGINT,
        execution_duration_seconds BIGINT, cleanup_duration_seconds BIGINT"""

    workspace_id: str = WORKSPACE
    job_id: str = JOB
    run_id: str
    period_start_time: datetime
    period_end_time: datetime
    run_type: str = "JOB_RUN"
    trigger_type: str = "CRON"
    result_state: str | None = None
    termination_code: str | None = None
    run_duration_seconds: int | None = None
    queue_duration_seconds: int | None = None
    setup_duration_seconds: int | None = None
    execution_duration_seconds: int | None = None
    cleanup_duration_seconds: int | None = None


@dataclass(frozen=True, kw_only=True)
class JobVersion:
    """A row of system.lakeflow.jobs, one for every change of a job. `create_time` is NULL before December 2025."""

    TABLE: ClassVar[str] = "lakeflow.jobs"
    COLUMNS: ClassVar[str] = "workspace_id VARCHAR, job_id VARCHAR, change_time TIMESTAMP, create_time TIMESTAMP"

    workspace_id: str = WORKSPACE
    job_id: str = JOB
    change_time: datetime
    create_time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class UsageRecord:
    """A row of system.billing.usage; `usage` makes one."""

    TABLE: ClassVar[str] = "billing.usage"
    COLUMNS: ClassVar[str] = """
        workspace_id VARCHAR, cloud VARCHAR, sku_name VARCHAR, usage_unit VARCHAR, usage_start_time TIMESTAMP,
        usage_end_time TIMESTAMP, usage_date DATE, usage_quantity DECIMAL(38, 18), record_type VARCHAR,
        billing_origin_product VARCHAR, usage_metadata STRUCT(job_id VARCHAR, job_run_id VARCHAR),
        product_features STRUCT(is_serverless BOOLEAN)"""

    workspace_id: str
    cloud: str
    sku_name: str
    usage_unit: str
    usage_start_time: datetime
    usage_end_time: datetime
    usage_date: date
    usage_quantity: float
    record_type: str
    billing_origin_product: str
    usage_metadata: Mapping[str, str | None]
    product_features: Mapping[str, bool | None]


@dataclass(frozen=True, kw_only=True)
class ListPrice:
    """A row of system.billing.list_prices; `price` makes one."""

    TABLE: ClassVar[str] = "billing.list_prices"
    COLUMNS: ClassVar[str] = """
        cloud VARCHAR, sku_name VARCHAR, usage_unit VARCHAR, currency_code VARCHAR, price_start_time TIMESTAMP,
        price_end_time TIMESTAMP, pricing STRUCT("default" VARCHAR, effective_list STRUCT("default" VARCHAR))"""

    cloud: str
    sku_name: str
    usage_unit: str
    currency_code: str
    price_start_time: datetime
    price_end_time: datetime | None
    pricing: Mapping[str, object]


Row = RunSlice | JobVersion | UsageRecord | ListPrice


def usage(
    run_id: str | None,
    *,
    began: datetime,
    dbus: float,
    record: str = "ORIGINAL",
    sku: str = SKU,
    product: str = "JOBS",
    serverless: bool | None = False,
    workspace: str = WORKSPACE,
    job: str | None = JOB,
) -> UsageRecord:
    """Return what a run used in an hour; a retraction takes a number of DBU below zero."""
    return UsageRecord(
        workspace_id=workspace,
        cloud="AZURE",
        sku_name=sku,
        usage_unit="DBU",
        usage_start_time=began,
        usage_end_time=began + HOUR,
        usage_date=began.date(),
        usage_quantity=dbus,
        record_type=record,
        billing_origin_product=product,
        usage_metadata={"job_id": job, "job_run_id": run_id},
        product_features={"is_serverless": serverless},
    )


def price(
    amount: str, *, since: datetime, until: datetime | None = None, sku: str = SKU, currency: str = "USD"
) -> ListPrice:
    """Return what a DBU costs during a time."""
    return ListPrice(
        cloud="AZURE",
        sku_name=sku,
        usage_unit="DBU",
        currency_code=currency,
        price_start_time=since,
        price_end_time=until,
        pricing={"default": "99", "effective_list": {"default": amount}},
    )


def run(
    run_id: str,
    *,
    ended: datetime,
    took: timedelta = timedelta(minutes=10),
    state: str | None = "SUCCEEDED",
    code: str | None = None,
    workspace: str = WORKSPACE,
    job: str = JOB,
    run_type: str = "JOB_RUN",
) -> tuple[RunSlice, ...]:
    """Return the rows of a run, or of one attempt of it: a slice up to every full hour, the state on the last.

    `state=None` is a run that goes on; `took=timedelta(0)` one that never started. A repaired run is two calls with the
    same `run_id`.
    """
    full_hour = (ended - took).replace(minute=0, second=0, microsecond=0)
    hours = [full_hour + n * HOUR for n in range(1, took // HOUR + 2)]
    instants = [ended - took, *(hour for hour in hours if ended - took < hour < ended), ended]
    slices = [
        RunSlice(
            workspace_id=workspace,
            job_id=job,
            run_id=run_id,
            run_type=run_type,
            period_start_time=start,
            period_end_time=end,
        )
        for start, end in pairwise(instants)
    ]
    return (*slices[:-1], replace(slices[-1], result_state=state, termination_code=code))


class SystemTables:
    """The system tables at one instant, read by the queries of constructs_lib.sql."""

    def __init__(self, now: datetime, *rows: Row) -> None:
        self.now = now
        self._connection = duckdb.connect()
        for schema in ("lakeflow", "billing"):
            self._connection.execute(f"CREATE SCHEMA {schema}")
        for table in (RunSlice, JobVersion, UsageRecord, ListPrice):
            self._connection.execute(f"CREATE TABLE {table.TABLE} ({table.COLUMNS})")
        for row in rows:
            values = astuple(row)
            marks = ", ".join("?" * len(values))
            self._connection.execute(f"INSERT INTO {row.TABLE} VALUES ({marks})", values)

    def ask(self, name: str, **values: object) -> list[dict[str, object]]:
        """Return the rows that a query answers, for JOB in WORKSPACE unless the values say otherwise."""
        bound = {str(item["name"]): item for item in sql.parameters(name, {**_ASKED, **values})}
        cursor = self._connection.execute(self._in_duckdb(sql.query(name), bound))
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    def one(self, name: str, **values: object) -> dict[str, object]:
        """Return the one row that a query answers."""
        [row] = self.ask(name, **values)
        return row

    def _in_duckdb(self, statement: str, bound: Mapping[str, Mapping[str, object]]) -> str:
        """Return Databricks SQL as DuckDB understands and means it, with its values and the time in it."""

        def translated(node: exp.Expression) -> exp.Expression:
            match node:
                case exp.Placeholder():
                    item = bound[node.name]
                    value = exp.Literal.string(str(item["value"])) if "value" in item else exp.null()
                    return exp.cast(value, str(item["type"]), dialect="databricks")
                case exp.CurrentTimestamp():
                    return exp.cast(exp.Literal.string(str(self.now)), "TIMESTAMP")
                case exp.Table(catalog="system"):
                    return exp.table_(node.name, db=node.db, alias=node.alias or None)
                case exp.ArgMax():  # DuckDB's arg_max passes over a NULL, Databricks' max_by returns it
                    return exp.Anonymous(this="arg_max_null", expressions=[node.this, node.expression])
                case exp.Quantile():  # Databricks' percentile interpolates
                    return exp.Anonymous(this="quantile_cont", expressions=[node.this, node.args["quantile"]])
                case _:
                    return node

        return sqlglot.parse_one(statement, read="databricks").transform(translated).sql("duckdb")
