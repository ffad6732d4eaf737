"""What a history is billed: https://docs.databricks.com/aws/en/admin/system-tables/billing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from lakeflow.chance import hex_of
from lakeflow.history.tables import (
    ListPrice,
    Price,
    Pricing,
    ProductFeatures,
    UsageMetadata,
    UsageRecord,
)
from lakeflow.scenario.model import ComputeKind, Correction, Scenario
from lakeflow.scenario.use import Use

_BILLED = {ComputeKind.JOB_CLUSTER: "JOBS", ComputeKind.SERVERLESS: "JOBS", ComputeKind.ALL_PURPOSE: "ALL_PURPOSE"}
_HOUR = timedelta(hours=1)
_DIGITS = Decimal("0.000001")
_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


def usage(scenario: Scenario, use: Use) -> Iterator[UsageRecord]:
    """Yield the records of a use, each within an hour of the clock; corrections follow what they correct.

    SQL warehouses are billed as such and left out.
    """
    if use.compute.kind in _BILLED and use.compute.dbus_per_hour:
        for record in _records(scenario, use):
            yield record
            for correction in use.job.corrections:
                if correction.on == record.usage_date and record.usage_metadata.job_id:
                    yield from _corrected(record, correction)


def _records(scenario: Scenario, use: Use) -> Iterator[UsageRecord]:
    rate = Decimal(str(use.compute.dbus_per_hour)) * Decimal(str(use.run.dbus))
    product = _BILLED[use.compute.kind]
    to_job = product == "JOBS"
    at = use.start
    while at < use.end:
        end = min(use.end, at.replace(minute=0, second=0, microsecond=0) + _HOUR)
        hours = Decimal(round((end - at).total_seconds())) / 3600
        yield UsageRecord(
            record_id=_uuid(use.run.run_id, use.key, use.start, at),
            account_id=scenario.account_id,
            workspace_id=scenario.workspace_id,
            sku_name=use.compute.sku,
            cloud=scenario.cloud,
            usage_start_time=at,
            usage_end_time=end,
            usage_date=at.date(),
            custom_tags=dict(use.job.tags) if to_job else {},
            usage_quantity=(rate * hours).quantize(_DIGITS),
            usage_metadata=UsageMetadata(
                cluster_id=use.cluster_id,
                node_type=use.compute.node_type or None,
                job_id=str(use.run.job_id) if to_job else None,
                job_run_id=str(use.run.run_id) if to_job else None,
                job_name=use.job.name if to_job else None,
            ),
            ingestion_date=at.date(),
            billing_origin_product=product,
            product_features=ProductFeatures(is_serverless=use.compute.kind is ComputeKind.SERVERLESS),
        )
        at = end


def _corrected(record: UsageRecord, correction: Correction) -> Iterator[UsageRecord]:
    later = record.usage_date + timedelta(days=3)
    yield replace(
        record,
        record_id=_uuid(record.record_id, "retraction"),
        record_type="RETRACTION",
        usage_quantity=-record.usage_quantity,
        ingestion_date=later,
    )
    yield replace(
        record,
        record_id=_uuid(record.record_id, "restatement"),
        record_type="RESTATEMENT",
        usage_quantity=(record.usage_quantity * Decimal(str(correction.factor))).quantize(_DIGITS),
        ingestion_date=later,
    )


def list_prices(scenario: Scenario) -> Iterator[ListPrice]:
    """Yield the prices, each until the next of its SKU."""
    for sku in sorted({price.sku for price in scenario.prices}):
        prices = sorted(
            (datetime.combine(price.since, time(), UTC) if price.since else _BEGIN, Decimal(str(price.price)))
            for price in scenario.prices
            if price.sku == sku
        )
        ends = [start for start, _ in prices[1:]]
        for (start, value), end in zip(prices, [*ends, None], strict=True):
            yield ListPrice(
                account_id=scenario.account_id,
                price_start_time=start,
                price_end_time=end,
                sku_name=sku,
                cloud=scenario.cloud,
                currency_code=scenario.currency,
                pricing=Pricing(default=value, promotional=Price(), effective_list=Price(default=value)),
            )


def _uuid(*names: object) -> str:
    digits = hex_of(*names, length=32)
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
