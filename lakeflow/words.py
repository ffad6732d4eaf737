"""What a job's settings say, in words for people."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from constructs_lib.quartz import Quartz, timezone

Json = Mapping[str, Any]

UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
"""The units of a duration, the largest first."""


def block(value: Any) -> Json:
    """Return a block that stands once, written as one object or as a list of one; empty where there is none."""
    if isinstance(value, list):
        value = value[0] if value else {}
    return value if isinstance(value, Mapping) else {}


def trigger_words(settings: Json) -> str:
    """Return what starts a job: `at 05:30, Monday through Friday, Europe/Berlin`, `on file arrival in /Volumes/…`."""
    schedule, trigger = block(settings.get("schedule")), block(settings.get("trigger"))
    if schedule:
        return f"{cron_words(schedule['quartz_cron_expression'])}, {schedule['timezone_id']}"
    if "continuous" in settings:
        return "continuous"
    if "periodic" in trigger:
        periodic = block(trigger["periodic"])
        unit = str(periodic["unit"]).lower()
        return (
            f"every {unit.removesuffix('s')}" if periodic["interval"] == 1 else f"every {periodic['interval']} {unit}"
        )
    if "file_arrival" in trigger:
        return f"on files in {block(trigger['file_arrival'])['url']}"
    if "table_update" in trigger:
        update = block(trigger["table_update"])
        word = " and " if update.get("condition") == "ALL_UPDATED" else " or "
        return f"on an update of {word.join(update['table_names'])}"
    return "manual"


@lru_cache(maxsize=1024)
def cron_words(expression: str) -> str:
    """Return a Quartz expression in words; the expression itself where there are none for it."""
    from cron_descriptor import CasingTypeEnum, Options, get_description

    options = Options()
    options.day_of_week_start_index_zero = False
    options.use_24hour_time_format = True
    options.casing_type = CasingTypeEnum.Sentence
    options.locale_code = "en_US"
    try:
        said = str(get_description(expression, options))
        return said[:1].lower() + said[1:]
    except Exception:  # the library raises several kinds, and the words are a comfort only
        return expression


def paused(settings: Json) -> bool:
    """Return whether a job is deployed with its trigger paused."""
    return any(
        block(settings.get(name)).get("pause_status") == "PAUSED" for name in ("schedule", "trigger", "continuous")
    )


def next_run(settings: Json, now: datetime) -> datetime | None:
    """Return when a schedule starts the job next, in its timezone; None for other triggers and paused ones."""
    schedule = block(settings.get("schedule"))
    if not schedule or paused(settings):
        return None
    zone = timezone(schedule["timezone_id"])
    return Quartz.parse(schedule["quartz_cron_expression"]).next_after(now, zone)


def tasks(settings: Json) -> Iterator[Json]:
    """Yield a job's tasks, those inside loops too."""
    for task in settings.get("task", ()):
        yield task
        inner = block(block(task.get("for_each_task")).get("task"))
        if inner:
            yield inner


def compute_words(settings: Json) -> str:
    """Return what a job runs on: `etl 1–4 × Standard_D4ds_v5, serverless, SQL warehouse`."""
    found: dict[str, None] = {}
    clusters = {each.get("job_cluster_key"): block(each.get("new_cluster")) for each in settings.get("job_cluster", ())}
    for task in tasks(settings):
        for words in _compute(task, clusters):
            found[words] = None
    return ", ".join(sorted(found)) or "none"


def _compute(task: Json, clusters: Mapping[Any, Json]) -> Iterator[str]:
    if "job_cluster_key" in task:
        yield f"{task['job_cluster_key']} {cluster_words(clusters.get(task['job_cluster_key'], {}))}"
    elif "new_cluster" in task:
        yield f"own cluster {cluster_words(block(task['new_cluster']))}"
    elif "existing_cluster_id" in task:
        yield "existing cluster"
    elif "pipeline_task" in task:
        yield "pipeline"
    elif any("warehouse_id" in block(value) for value in task.values() if isinstance(value, list | Mapping)):
        yield "SQL warehouse"
    elif any(name in task for name in ("notebook_task", "spark_python_task", "python_wheel_task", "dbt_task")):
        yield "serverless"


def cluster_words(cluster: Json) -> str:
    """Return a cluster's size: `1–4 × Standard_D4ds_v5`, `single node Standard_D4ds_v5`, `2 × from a pool`."""
    nodes = cluster.get("node_type_id") or ("from a pool" if cluster.get("instance_pool_id") else "?")
    scale = block(cluster.get("autoscale"))
    if scale:
        return f"{scale.get('min_workers')}–{scale.get('max_workers')} × {nodes}"
    workers = cluster.get("num_workers", 0)
    return f"{workers} × {nodes}" if workers else f"single node {nodes}"


def spoken(duration: timedelta) -> str:
    """Say a duration in its two largest units: `1h 5m`, `12s`."""
    left = round(duration.total_seconds())
    parts = []
    for unit, size in UNITS.items():
        count, left = divmod(left, round(size.total_seconds()))
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"


def counted(count: int, noun: str) -> str:
    """Say how many: `1 run`, `28 runs`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
