"""A schedule and its fires: what a Quartz expression means once it is read."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice, pairwise
from typing import Literal

from constructs_lib.quartz.fire_times import FireTimes
from constructs_lib.quartz.reader import read
from constructs_lib.quartz.wall_time import DAY, SECOND, clock_changes


@dataclass(frozen=True)
class DstSurprise:
    """What a change of the clocks does to a schedule; `at` is the first wall time that it touches.

    `skipped`: the wall time does not exist that day, and nothing fires in its place. `second only`: the wall time comes
    twice and fires the second time, later than on other days by as much as the clocks go back.
    """

    at: datetime
    effect: Literal["skipped", "second only"]


@dataclass(frozen=True, kw_only=True)
class Quartz:
    """A Quartz cron expression that has been understood; made by `Quartz.parse`.

    `expression` is the text as given, `doubts` are sentences on what Quartz accepts but hardly does as meant.
    """

    expression: str
    doubts: tuple[str, ...] = field(repr=False, compare=False)
    _fire_times: FireTimes = field(repr=False, compare=False)

    @classmethod
    def parse(cls, expression: str) -> "Quartz":
        """Return the expression understood; a LakeflowError names the field, its value and what to write instead."""
        fire_times, doubts = read(expression)
        return cls(expression=expression, doubts=doubts, _fire_times=fire_times)

    def __str__(self) -> str:
        return self.expression

    def next_after(self, moment: datetime, timezone: tzinfo) -> datetime | None:
        """Return the first fire after `moment`, in `timezone`, or None where there is none up to LAST_YEAR.

        A wall time that the clocks leave out is skipped; of one that comes twice the second fires. None also where
        Quartz itself would search for ever, such as `L-30W`.
        """
        return self._fire_times.next_after(moment, timezone)

    def fires(self, after: datetime, timezone: tzinfo) -> Iterator[datetime]:
        """Yield every fire after `after`, in `timezone`, the earliest first."""
        moment = self.next_after(after, timezone)
        while moment is not None:
            yield moment
            moment = self.next_after(moment, timezone)

    def never_fires(self, after: datetime, timezone: tzinfo = UTC) -> bool:
        """Whether nothing fires after `after`: a day that no month has, or years that are over."""
        return self.next_after(after, timezone) is None

    def shortest_gap(self, after: datetime) -> timedelta | None:
        """Return the smallest distance of two fires in a row after `after`, or None where there are no two.

        Measured on the wall clock, as if clocks were never changed, on the next 400 days that fire.
        """
        times = self._fire_times
        daily = replace(self, _fire_times=replace(times, seconds=(0,), minutes=(0,), hours=(12,)))
        days = list(islice(daily.fires(after - DAY, UTC), 400))
        gaps = [timedelta.max]
        first = last = timedelta()  # of the fires within a minute, then within an hour, then within a day
        for values, unit in ((times.seconds, SECOND), (times.minutes, SECOND * 60), (times.hours, SECOND * 3600)):
            gaps += [(later - earlier) * unit - (last - first) for earlier, later in pairwise(values)]
            first, last = first + values[0] * unit, last + values[-1] * unit
        gaps += [later - earlier - (last - first) for earlier, later in pairwise(days)]
        return min(gaps) if days and len(gaps) > 1 else None

    def dst_surprises(self, timezone: tzinfo, year: int) -> list[DstSurprise]:
        """Return what the changes of the clocks in `year` do to this schedule in `timezone`, at most one for each.

        A wall time left out is no surprise where the schedule fires at that very moment under its new name: what fires
        every hour goes on every hour.
        """
        found = []
        for moment, before, now in clock_changes(timezone, year):
            start, end = sorted((moment + before, moment + now))
            for at in self.fires(start - SECOND, UTC):
                if at >= end:
                    break
                if before > now or self.next_after(at - before - SECOND, timezone) != at - before:
                    found.append(DstSurprise(at.replace(tzinfo=None), "second only" if before > now else "skipped"))
                    break
        return found
