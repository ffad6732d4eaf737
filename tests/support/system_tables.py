"""Databricks' job history in memory: rows as the system tables hold them, and the queries over them run by DuckDB.

`run` builds the rows that a run leaves behind: a slice for every hour, an end row for each attempt.
See https://docs.databricks.com/aws/en/admin/system-tables/jobs
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from constructs_lib import sql
from lakeflow.history import tables
from lakeflow.history.duck import Duck
from lakeflow.history.tables import ListPrice, Price, Pricing, ProductFeatures, UsageMetadata, UsageRecord

WORKSPACE = "1001"
JOB = "500"
SKU = "PREMIUM_JOBS_COMPUTE"
HOUR = timedelta(hours=1)
_ASKED = {"workspace_id": WORKSPACE, "job_id": JOB, "window_hours": timedelta(hours=24)}


@dataclass(frozen=True, kw_only=True)
class RunSlice(tables.RunSlice):
    """A row of system.lakeflow.job_run_timeline, of JOB in WORKSPACE."""

    workspace_id: str = WORKSPACE
    job_id: str = JOB
    trigger_type: str | None = "CRON"


@dataclass(frozen=True, kw_only=True)
class JobVersion(tables.JobVersion):
    """A row of system.lakeflow.jobs, of JOB in WORKSPACE."""

    workspace_id: str = WORKSPACE
    job_id: str = JOB


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
        record_id=f"{run_id}-{began}-{record}",
        workspace_id=workspace,
        sku_name=sku,
        usage_start_time=began,
        usage_end_time=began + HOUR,
        usage_date=began.date(),
        usage_quantity=Decimal(str(dbus)),
        record_type=record,
        billing_origin_product=product,
        usage_metadata=UsageMetadata(job_id=job, job_run_id=run_id),
        product_features=ProductFeatures(is_serverless=serverless),
    )


def price(
    amount: str, *, since: datetime, until: datetime | None = None, sku: str = SKU, currency: str = "USD"
) -> ListPrice:
    """Return what a DBU costs during a time."""
    return ListPrice(
        sku_name=sku,
        currency_code=currency,
        price_start_time=since,
        price_end_time=until,
        pricing=Pricing(default=Decimal(99), effective_list=Price(default=Decimal(amount))),
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

    def __init__(self, now: datetime, *rows: tables.Row) -> None:
        self._duck = Duck(now, *rows)

    def ask(self, name: str, **values: object) -> list[dict[str, object]]:
        """Return the rows that a query answers, for JOB in WORKSPACE unless the values say otherwise."""
        return self._duck.ask(sql.query(name), sql.parameters(name, {**_ASKED, **values}))

    def one(self, name: str, **values: object) -> dict[str, object]:
        """Return the one row that a query answers."""
        [row] = self.ask(name, **values)
        return row
