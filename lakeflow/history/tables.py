"""The rows of Databricks' system tables that the history of jobs is read from, each column declared once.

A column's Databricks type follows from its annotation (`ddl`). Instants are UTC; what a table does not say is None, as
in rows that are older than their column: most of those of jobs and runs came in November and December 2025.
https://docs.databricks.com/aws/en/admin/system-tables/jobs, …/billing, …/pricing, …/compute
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

_TYPES = {
    str: "STRING",
    bool: "BOOLEAN",
    int: "BIGINT",
    float: "DOUBLE",
    Decimal: "DECIMAL(38, 18)",
    date: "DATE",
    datetime: "TIMESTAMP",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a system table."""

    TABLE: ClassVar[str]
    """Its schema and name below the catalog `system`."""


def ddl(row: type[Row]) -> str:
    """Return the statement of Databricks SQL that makes the table of a row."""
    columns = ", ".join(f"{name} {kind}" for name, kind in columns_of(row).items())
    return f"CREATE TABLE system.{row.TABLE} ({columns})"


def columns_of(row: type[Row]) -> dict[str, str]:
    """Return a table's columns with their Databricks types, in order."""
    hints = get_type_hints(row)
    return {each.name: _type(hints[each.name]) for each in fields(row)}


def _type(hint: Any) -> str:
    """Return the Databricks type of an annotation."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is UnionType:
        [some] = [each for each in arguments if each is not NoneType]
        return _type(some)
    if origin is tuple:
        return f"ARRAY<{_type(arguments[0])}>"
    if origin is Mapping:
        return f"MAP<{_type(arguments[0])}, {_type(arguments[1])}>"
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        inner = ", ".join(f"{each.name}: {_type(hints[each.name])}" for each in fields(hint))
        return f"STRUCT<{inner}>"
    return _TYPES[hint]


@dataclass(frozen=True, kw_only=True)
class FileArrival:
    """`trigger.file_arrival`."""

    url: str | None = None
    min_time_between_triggers_seconds: int | None = None
    wait_after_last_change_seconds: int | None = None


@dataclass(frozen=True, kw_only=True)
class Periodic:
    """`trigger.periodic`."""

    interval: int | None = None
    units: str | None = None


@dataclass(frozen=True, kw_only=True)
class Continuous:
    """`trigger.continuous`."""

    enabled: bool | None = None


@dataclass(frozen=True, kw_only=True)
class TableUpdate:
    """`trigger.table_update`."""

    table_names: tuple[str, ...] | None = None
    min_time_between_triggers_seconds: int | None = None
    wait_after_last_change_seconds: int | None = None
    condition: str | None = None


@dataclass(frozen=True, kw_only=True)
class CronSchedule:
    """`trigger.schedule`."""

    quartz_cron_expression: str | None = None
    timezone_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class TriggerSettings:
    """What starts a job: one of them."""

    file_arrival: FileArrival | None = None
    periodic: Periodic | None = None
    continuous: Continuous | None = None
    table_update: TableUpdate | None = None
    schedule: CronSchedule | None = None


@dataclass(frozen=True, kw_only=True)
class HealthRule:
    """One of `health_rules`."""

    metric: str | None = None
    operator: str | None = None
    value: int | None = None


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """How a job was deployed: `kind` is BUNDLE where a bundle did it."""

    kind: str | None = None
    metadata_file_path: str | None = None


@dataclass(frozen=True, kw_only=True)
class JobVersion(Row):
    """A job as it was from one change to the next; what stands below `description` is None before December 2025."""

    TABLE: ClassVar[str] = "lakeflow.jobs"

    account_id: str | None = None
    workspace_id: str
    job_id: str
    name: str | None = None
    creator_id: str | None = None
    tags: Mapping[str, str] | None = None
    change_time: datetime | None = None
    """None where only the present settings are known, and not since when."""
    delete_time: datetime | None = None
    run_as: str | None = None
    description: str | None = None
    trigger: TriggerSettings | None = None
    trigger_type: str | None = None
    run_as_user_name: str | None = None
    creator_user_name: str | None = None
    paused: bool | None = None
    timeout_seconds: int | None = None
    health_rules: tuple[HealthRule, ...] | None = None
    deployment: Deployment | None = None
    create_time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TaskVersion(Row):
    """A task of a job as it was from one change to the next."""

    TABLE: ClassVar[str] = "lakeflow.job_tasks"

    account_id: str | None = None
    workspace_id: str
    job_id: str
    task_key: str
    depends_on_keys: tuple[str, ...] = ()
    change_time: datetime
    delete_time: datetime | None = None
    timeout_seconds: int | None = None
    health_rules: tuple[HealthRule, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Compute:
    """One of the computes that a run or a task ran on."""

    type: str | None = None
    cluster_id: str | None = None
    warehouse_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class RunSlice(Row):
    """What one hour of the clock has of a run; the state stands on the row that ends it, and on that of each repair.

    The durations and `termination_type` are None before December 2025.
    """

    TABLE: ClassVar[str] = "lakeflow.job_run_timeline"

    account_id: str | None = None
    workspace_id: str
    job_id: str
    run_id: str
    period_start_time: datetime
    period_end_time: datetime
    trigger_type: str | None = None
    run_type: str = "JOB_RUN"
    run_name: str | None = None
    compute_ids: tuple[str, ...] | None = None
    result_state: str | None = None
    termination_code: str | None = None
    job_parameters: Mapping[str, Mapping[str, str]] | None = None
    source_task_run_id: str | None = None
    root_task_run_id: str | None = None
    compute: tuple[Compute, ...] | None = None
    termination_type: str | None = None
    setup_duration_seconds: int | None = None
    queue_duration_seconds: int | None = None
    run_duration_seconds: int | None = None
    cleanup_duration_seconds: int | None = None
    execution_duration_seconds: int | None = None


@dataclass(frozen=True, kw_only=True)
class TaskSlice(Row):
    """What one hour of the clock has of an attempt at a task; each attempt is a run of its own within its job's run."""

    TABLE: ClassVar[str] = "lakeflow.job_task_run_timeline"

    account_id: str | None = None
    workspace_id: str
    job_id: str
    run_id: str
    """Of the attempt."""
    job_run_id: str
    parent_run_id: str | None = None
    period_start_time: datetime
    period_end_time: datetime
    task_key: str
    compute_ids: tuple[str, ...] | None = None
    result_state: str | None = None
    termination_code: str | None = None
    compute: tuple[Compute, ...] | None = None
    termination_type: str | None = None
    task_parameters: Mapping[str, Mapping[str, str]] | None = None
    setup_duration_seconds: int | None = None
    cleanup_duration_seconds: int | None = None
    execution_duration_seconds: int | None = None


@dataclass(frozen=True, kw_only=True)
class UsageMetadata:
    """What used it. The job is None for all-purpose clusters, SQL warehouses and pipelines."""

    cluster_id: str | None = None
    job_id: str | None = None
    warehouse_id: str | None = None
    instance_pool_id: str | None = None
    node_type: str | None = None
    job_run_id: str | None = None
    notebook_id: str | None = None
    dlt_pipeline_id: str | None = None
    endpoint_name: str | None = None
    endpoint_id: str | None = None
    dlt_update_id: str | None = None
    dlt_maintenance_id: str | None = None
    run_name: str | None = None
    job_name: str | None = None
    notebook_path: str | None = None
    budget_policy_id: str | None = None
    usage_policy_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class IdentityMetadata:
    """Whose usage it was."""

    run_as: str | None = None
    owned_by: str | None = None
    created_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class ProductFeatures:
    """What of the product was used."""

    jobs_tier: str | None = None
    sql_tier: str | None = None
    dlt_tier: str | None = None
    is_serverless: bool | None = None
    is_photon: bool | None = None
    serving_type: str | None = None
    performance_target: str | None = None


@dataclass(frozen=True, kw_only=True)
class UsageRecord(Row):
    """What something used within an hour; a correction is a RETRACTION of a record and a RESTATEMENT of it."""

    TABLE: ClassVar[str] = "billing.usage"

    record_id: str
    account_id: str | None = None
    workspace_id: str
    sku_name: str
    cloud: str = "AZURE"
    usage_start_time: datetime
    usage_end_time: datetime
    usage_date: date
    custom_tags: Mapping[str, str] | None = None
    usage_unit: str = "DBU"
    usage_quantity: Decimal
    """Negative where it is a retraction."""
    usage_metadata: UsageMetadata = UsageMetadata()
    identity_metadata: IdentityMetadata | None = None
    record_type: str = "ORIGINAL"
    ingestion_date: date | None = None
    billing_origin_product: str = "JOBS"
    product_features: ProductFeatures | None = None
    usage_type: str | None = "COMPUTE_TIME"


@dataclass(frozen=True, kw_only=True)
class Price:
    """A price below another name, as in `pricing.effective_list.default`."""

    default: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Pricing:
    """What a unit costs: `default` by list, `promotional` for a while, `effective_list` the one that counts."""

    default: Decimal | None = None
    promotional: Price | None = None
    effective_list: Price | None = None


@dataclass(frozen=True, kw_only=True)
class ListPrice(Row):
    """What a SKU cost from one change to the next; the present price has no end."""

    TABLE: ClassVar[str] = "billing.list_prices"

    price_start_time: datetime
    price_end_time: datetime | None = None
    account_id: str | None = None
    sku_name: str
    cloud: str = "AZURE"
    currency_code: str = "USD"
    usage_unit: str = "DBU"
    pricing: Pricing


@dataclass(frozen=True, kw_only=True)
class AzureAttributes:
    """How the nodes of a cluster are bought on Azure."""

    first_on_demand: int | None = None
    availability: str | None = None
    spot_bid_max_price: float | None = None


@dataclass(frozen=True, kw_only=True)
class ClusterVersion(Row):
    """A cluster as it was from one change to the next. `cluster_source` is JOB for a job's own, else UI or API."""

    TABLE: ClassVar[str] = "compute.clusters"

    account_id: str | None = None
    workspace_id: str
    cluster_id: str
    cluster_name: str | None = None
    owned_by: str | None = None
    create_time: datetime | None = None
    delete_time: datetime | None = None
    driver_node_type: str | None = None
    worker_node_type: str | None = None
    worker_count: int | None = None
    min_autoscale_workers: int | None = None
    max_autoscale_workers: int | None = None
    auto_termination_minutes: int | None = None
    enable_elastic_disk: bool | None = None
    tags: Mapping[str, str] | None = None
    cluster_source: str | None = None
    init_scripts: tuple[str, ...] | None = None
    azure_attributes: AzureAttributes | None = None
    driver_instance_pool_id: str | None = None
    worker_instance_pool_id: str | None = None
    dbr_version: str | None = None
    change_time: datetime
    change_date: date | None = None
    data_security_mode: str | None = None
    policy_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class NodeMinute(Row):
    """How busy one node of a cluster was within a minute; kept for ninety days, in per cent."""

    TABLE: ClassVar[str] = "compute.node_timeline"

    account_id: str | None = None
    workspace_id: str
    cluster_id: str
    instance_id: str
    start_time: datetime
    end_time: datetime
    driver: bool = False
    cpu_user_percent: float | None = None
    cpu_system_percent: float | None = None
    cpu_wait_percent: float | None = None
    mem_used_percent: float | None = None
    mem_swap_percent: float | None = None
    network_sent_bytes: int | None = None
    network_received_bytes: int | None = None
    disk_free_bytes_per_mount_point: Mapping[str, int] | None = None
    node_type: str | None = None
    private_ip: str | None = None


TABLES: tuple[type[Row], ...] = (
    JobVersion,
    TaskVersion,
    RunSlice,
    TaskSlice,
    UsageRecord,
    ListPrice,
    ClusterVersion,
    NodeMinute,
)
"""The tables, by the row of each."""
