"""When a schedule fires: Quartz expressions and time zones, read once each.

Whether fires are ahead is judged from 1 January 2026 on, whatever the date is.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone as fixed_offset, tzinfo
from functools import lru_cache

from constructs_lib.errors import LakeflowError
from constructs_lib.quartz import DstSurprise, Quartz, timezone
from constructs_lib.quartz.wall_time import SECOND, clock_changes
from constructs_lib.rules.finding import Path
from constructs_lib.rules.job import Job, text
from constructs_lib.rules.triggers.blocks import of_kind

_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=4096)
def read_quartz(expression: str) -> Quartz | LakeflowError:
    """Return a Quartz expression, or what is wrong with it."""
    try:
        return Quartz.parse(expression)
    except LakeflowError as error:
        return error


@lru_cache(maxsize=1024)
def read_zone(name: str) -> tzinfo | LakeflowError:
    """Return a time zone by a name that Java knows, its three-letter names and offsets with minutes too."""
    offset = re.fullmatch(r"GMT([+-])(\d{1,2})(?::?([0-5]\d))?", name, re.ASCII)
    if offset and int(offset[2]) < 24:
        away = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return fixed_offset(-away if offset[1] == "-" else away)
    try:
        return timezone(name)
    except LakeflowError as error:
        return error


@lru_cache(maxsize=4096)
def last_fire(expression: str) -> str:
    """Return `ahead` for a schedule that fires from 2026 on, `past` for one that only did before, otherwise `never`."""
    quartz = read_quartz(expression)
    if isinstance(quartz, LakeflowError) or quartz.next_after(_NOW, UTC):
        return "ahead"
    return "past" if quartz.next_after(datetime(1970, 1, 1, tzinfo=UTC), UTC) else "never"


@lru_cache(maxsize=4096)
def shortest_gap(expression: str) -> timedelta | None:
    """Return the shortest time between two fires; None where the expression cannot be read."""
    quartz = read_quartz(expression)
    return None if isinstance(quartz, LakeflowError) else quartz.shortest_gap(_NOW)


@lru_cache(maxsize=1024)
def _changes(zone: str) -> tuple[tuple[datetime, datetime], ...]:
    """Return the wall times that the changes of the clocks in 2026 touch."""
    there = read_zone(zone)
    if isinstance(there, LakeflowError | fixed_offset):
        return ()
    return tuple(
        (min(moment + before, moment + now), max(moment + before, moment + now))
        for moment, before, now in clock_changes(there, _NOW.year)
    )


@lru_cache(maxsize=4096)
def surprises(expression: str, zone: str) -> tuple[DstSurprise, ...]:
    """Return what the changes of the clocks in 2026 do to a schedule."""
    quartz, there = read_quartz(expression), read_zone(zone)
    if isinstance(quartz, LakeflowError) or isinstance(there, LakeflowError):
        return ()
    for start, end in _changes(zone):
        at = quartz.next_after(start - SECOND, UTC)
        if at is not None and at < end:
            return tuple(quartz.dst_surprises(there, _NOW.year))
    return ()


def schedules(job: Job) -> Iterator[tuple[Path, str, str | None]]:
    """Yield the schedules of a job: where the expression stands, the expression, and the time zone if it is known."""
    if "schedule" in job.body or "triggers" in job.body:
        for path, block in of_kind(job, "schedule"):
            expression = text(block.get("quartz_cron_expression"))
            if expression is not None:
                yield (*path, "quartz_cron_expression"), expression, text(block.get("timezone_id"))
