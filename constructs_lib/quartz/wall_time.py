"""The calendar, as java.util.GregorianCalendar has it: wall times carry no zone."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def next_value(values: tuple[int, ...], value: int) -> int | None:
    """Return the first of the sorted `values` that is not before `value`."""
    place = bisect_left(values, value)
    return values[place] if place < len(values) else None


def lenient(year: int, month: int, day: int) -> datetime:
    """Return midnight of a date whose month and day may lie outside: the 30th of February is the 2nd of March."""
    return datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1) + timedelta(days=day - 1)  # noqa: DTZ001


def _offsets(wall: datetime, timezone: tzinfo) -> tuple[timedelta, timedelta]:
    """Return the offset before and after the change of the clocks that `wall` meets; otherwise they are the same."""
    there = wall.replace(tzinfo=timezone)
    return there.utcoffset() or timedelta(), there.replace(fold=1).utcoffset() or timedelta()


def existing(wall: datetime, timezone: tzinfo) -> datetime:
    """Return `wall`, moved on by the length of the gap where the clocks leave it out."""
    before, after = _offsets(wall, timezone)
    return wall + (after - before) if after > before else wall


def instant(wall: datetime, timezone: tzinfo) -> datetime:
    """Return the instant of `wall`, the second one where it comes twice."""
    before, after = _offsets(wall, timezone)
    return (wall - min(before, after)).replace(tzinfo=UTC)


def at_hour(day: datetime, hour: int, minute: int, timezone: tzinfo) -> datetime:
    """Return an hour and minute of `day`; an hour that the clocks leave out becomes the one after it."""
    wall = existing(day.replace(hour=0, minute=0, second=0) + timedelta(hours=hour, minutes=minute), timezone)
    if hour in (wall.hour, 24):
        return wall
    return existing(wall.replace(hour=0) + timedelta(hours=hour + 1), timezone)


def to_working_day(day: datetime, *, first: bool, last: bool) -> int:
    """Return the days to the nearest working day, which is sought within the month."""
    match day.isoweekday():
        case 6:
            return 2 if first else -1
        case 7:
            return -2 if last else 1
        case _:
            return 0


def clock_changes(timezone: tzinfo, year: int) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    """Yield every instant of `year` at which the offset changes, with the offset before and after it."""

    def offset(moment: datetime) -> timedelta:
        return moment.astimezone(timezone).utcoffset() or timedelta()

    midnight = datetime(year, 1, 1, tzinfo=UTC)
    while midnight.year == year:
        before, now = offset(midnight), offset(midnight + DAY)
        if before != now:
            seconds = bisect_left(range(86_400), True, key=lambda past: offset(midnight + past * SECOND) != before)
            yield midnight + seconds * SECOND, before, now
        midnight += DAY
