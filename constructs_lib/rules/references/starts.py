"""References to what has started the run, and when."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from constructs_lib.errors import LakeflowError, listed, nearest
from constructs_lib.quartz import Quartz, timezone
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.job import Job, mapping, text
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.references.examples import reading
from constructs_lib.rules.references.names import is_table_update
from constructs_lib.rules.references.value_references import TIMES, Seen, each
from constructs_lib.rules.rule import Hits, Rule

_REFERENCES = "https://docs.databricks.com/aws/en/jobs/dynamic-value-references"
_BACKFILL = "https://docs.databricks.com/aws/en/jobs/backfill-jobs"
_TABLE_UPDATE = "https://docs.databricks.com/aws/en/jobs/trigger-table-update"


def _trigger_blocks(job: Job, kind: str) -> list[Mapping[str, Any]] | None:
    """Return the triggers of a kind; None where that is not known."""
    if isinstance(job.body.get("trigger"), str) or isinstance(job.body.get("triggers"), str):
        return None
    found = [job.block("trigger").get(kind), *(block.get(kind) for _, block in job.blocks("triggers"))]
    return [mapping(block) for block in found if block is not None]


def _without_trigger(seen: Seen) -> Hits:
    said = seen.said
    if said[1:2] != ("trigger",) or said[2:3] not in (("file_arrival",), ("table_update",)):
        return
    if _trigger_blocks(seen.job, said[2]) == []:
        yield seen.hit(
            f"{shown(seen.text)}: the job has no {said[2]} trigger that would tell it",
            f"add a trigger with {said[2]}, or leave the reference out",
        )


def _unwatched_table(seen: Seen) -> Hits:
    said = seen.said
    if said[1:3] != ("trigger", "table_update") or not is_table_update(said[3:]) or said[3] == "updated_tables":
        return
    names: list[str] = []
    for block in _trigger_blocks(seen.job, "table_update") or ():
        given = block.get("table_names")
        if not isinstance(given, list) or any(text(name) is None for name in given):
            return
        names += [name.replace("`", "") for name in given]
    end = next(place for place, name in enumerate(said) if place > 3 and name in ("version", "commit_timestamp"))
    table = ".".join(said[3:end])
    if names and table not in names:
        near = nearest(table, names)
        yield seen.hit(
            f"{shown(seen.text)}: the trigger does not watch {table!r}",
            f"write {near!r}" if near else f"it watches {listed(names)}",
        )


def _backfill(seen: Seen) -> Hits:
    if seen.said[1] in TIMES:
        yield seen.hit(
            f"{shown(seen.text)} has a value in backfill runs only",
            "write {{job.trigger.time.iso_date}} in the job, and give the reference when you start the backfill",
        )


@lru_cache(maxsize=1024)
def _another_day_in_utc(expression: str, zone: str) -> bool:
    """Return whether a schedule fires at times at which UTC has another date."""
    try:
        quartz, there = Quartz.parse(expression), timezone(zone)
    except LakeflowError:
        return False
    fires = 1 if expression.split()[2].isdecimal() else 30  # one fire a day is like the others
    return any(
        fire.date() != fire.astimezone(UTC).date()
        for month in (1, 7)
        for fire in islice(quartz.fires(datetime(2026, month, 1, tzinfo=UTC), there), fires)
    )


def _utc(seen: Seen, arguments: tuple[str, ...]) -> bool:
    said = seen.said
    if said[-1] not in arguments or said[1] not in ("start_time", "trigger"):
        return False
    schedule = seen.job.block("schedule")
    expression, zone = text(schedule.get("quartz_cron_expression")), text(schedule.get("timezone_id"))
    return bool(expression and zone and _another_day_in_utc(expression, zone))


def _utc_weekday(seen: Seen) -> Hits:
    if _utc(seen, ("is_weekday", "iso_weekday")):
        zone = seen.job.block("schedule").get("timezone_id")
        yield seen.hit(
            f"{shown(seen.text)} is the weekday in UTC, another one than in {zone} at that time",
            "write the days into the schedule, such as MON-FRI, or compute the weekday in the task",
        )


def _utc_date(seen: Seen) -> Hits:
    if _utc(seen, ("iso_date", "iso_datetime", "day", "month", "year")):
        zone = seen.job.block("schedule").get("timezone_id")
        yield seen.hit(
            f"{shown(seen.text)} is the date in UTC, another one than in {zone} at that time",
            "compute the local date in the task, where that is meant",
        )


_EARLY = {"quartz_cron_expression": "0 30 0 * * ?", "timezone_id": "Europe/Berlin", "pause_status": "UNPAUSED"}
_MORNING = {**_EARLY, "quartz_cron_expression": "0 0 6 * * ?"}
_FILES = {"file_arrival": {"url": "/Volumes/main/raw/in/"}, "pause_status": "UNPAUSED"}
_TABLES = {"table_update": {"table_names": ["main.raw.orders"], "condition": "ANY_UPDATED"}, "pause_status": "UNPAUSED"}

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF419",
        severity=Severity.WARNING,
        title="A value reference is about a trigger that the job does not have",
        why="Only a run that this kind of trigger has started has the value.",
        source=_REFERENCES,
        bad=reading("{{job.trigger.file_arrival.location}}", schedule=_MORNING),
        good=reading("{{job.trigger.file_arrival.location}}", trigger=_FILES),
        job=each("job", check=_without_trigger),
    ),
    Rule(
        code="LF420",
        severity=Severity.WARNING,
        title="A value reference is about a table that the trigger does not watch",
        why="The trigger tells of its own tables only.",
        source=_TABLE_UPDATE,
        bad=reading("{{job.trigger.table_update.main.raw.order.version}}", trigger=_TABLES),
        good=reading("{{job.trigger.table_update.main.raw.orders.version}}", trigger=_TABLES),
        job=each("job", check=_unwatched_table),
    ),
    Rule(
        code="LF421",
        severity=Severity.INFO,
        title="A value reference has a value in backfill runs only",
        why="It is meant for the parameters that are given when a backfill is started.",
        source=_BACKFILL,
        bad=reading("{{backfill.iso_date}}"),
        good=reading("{{job.trigger.time.iso_date}}"),
        job=each("backfill", check=_backfill),
    ),
    Rule(
        code="LF426",
        severity=Severity.WARNING,
        title="A weekday is asked for in UTC, where the schedule fires on another one",
        why="Times of references are in UTC, those of the schedule in its own time zone.",
        source=_REFERENCES,
        bad=reading("{{job.start_time.is_weekday}}", schedule=_EARLY),
        good=reading("{{job.start_time.is_weekday}}", schedule=_MORNING),
        job=each("job", check=_utc_weekday),
    ),
    Rule(
        code="LF427",
        severity=Severity.INFO,
        title="A date is asked for in UTC, where the schedule fires on another one",
        why="Times of references are in UTC, those of the schedule in its own time zone.",
        source=_REFERENCES,
        bad=reading("{{job.start_time.iso_date}}", schedule=_EARLY),
        good=reading("{{job.start_time.iso_date}}", schedule=_MORNING),
        job=each("job", check=_utc_date),
    ),
)
