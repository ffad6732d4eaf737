"""When jobs start by the clock: what a schedule says, enumerated."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice, pairwise, takewhile
from typing import Any

from constructs_lib.errors import LakeflowError
from constructs_lib.quartz import Quartz, timezone
from lakeflow.history.facts import Deployed
from lakeflow.words import block, paused

WEEK = timedelta(days=7)
_MOST = 2000
"""Fires that are looked at: a job that starts every five minutes has as many in a week."""
_UNITS = {"HOURS": timedelta(hours=1), "DAYS": timedelta(days=1), "WEEKS": WEEK}


@dataclass(frozen=True)
class Schedule:
    """A schedule that starts runs: a Quartz expression in its timezone."""

    expression: str
    timezone_id: str

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Schedule | None":
        """Return the schedule that a job's settings put into effect; None for other triggers and paused ones."""
        said = block(settings.get("schedule"))
        return None if not said or paused(settings) else cls._readable(said)

    @classmethod
    def deployed(cls, deployed: Deployed) -> "Schedule | None":
        """Return the schedule that is in effect in the workspace; None also where that is not known."""
        if deployed.paused is not False or deployed.quartz is None or deployed.timezone is None:
            return None
        return cls._readable({"quartz_cron_expression": deployed.quartz, "timezone_id": deployed.timezone})

    @classmethod
    def _readable(cls, said: Mapping[str, Any]) -> "Schedule | None":
        found = cls(str(said.get("quartz_cron_expression")), str(said.get("timezone_id")))
        return found if _is_readable(found) else None

    def fires(self, since: datetime, until: datetime) -> tuple[datetime, ...]:
        """Return the starts after `since`, up to `until`, UTC; the first 2,000 of them."""
        return _fires(self, since, until)

    def gap(self, now: datetime) -> timedelta | None:
        """Return the shortest time between two starts within eight days after `now`; None where there are not two."""
        fires = self.fires(now, now + WEEK + timedelta(days=1))
        return min((later - earlier for earlier, later in pairwise(fires)), default=None)

    def share(self, now: datetime) -> timedelta | None:
        """Return how much time there is for each run of a week: what waits by day may be done by night."""
        fires = self.fires(now, now + WEEK)
        if len(fires) == _MOST:
            return (fires[-1] - fires[0]) / (len(fires) - 1)
        return WEEK / len(fires) if fires else None

    def moved(self, minutes: int) -> "Schedule | None":
        """Return the schedule so many minutes later in the same hour; None where its expression does not allow it."""
        fields = self.expression.split()
        if not fields[1].isdigit() or int(fields[1]) + minutes > 59:
            return None
        return Schedule(" ".join([fields[0], str(int(fields[1]) + minutes), *fields[2:]]), self.timezone_id)


@lru_cache(maxsize=4096)
def _is_readable(schedule: Schedule) -> bool:
    """Return whether a schedule is one; each job is held against all others, so that it is asked often."""
    try:
        Quartz.parse(schedule.expression), timezone(schedule.timezone_id)
    except LakeflowError:
        return False
    return True


@lru_cache(maxsize=4096)
def _fires(schedule: Schedule, since: datetime, until: datetime) -> tuple[datetime, ...]:
    fires = Quartz.parse(schedule.expression).fires(since, timezone(schedule.timezone_id))
    return tuple(each.astimezone(UTC) for each in takewhile(lambda each: each <= until, islice(fires, _MOST)))


def period(settings: Mapping[str, Any]) -> timedelta | None:
    """Return how far the starts of a periodic trigger lie apart; None for other triggers and paused ones."""
    said = block(block(settings.get("trigger")).get("periodic"))
    unit, interval = _UNITS.get(str(said.get("unit")).upper()), said.get("interval")
    return None if paused(settings) or unit is None or not isinstance(interval, int) else unit * interval


def minutes(fires: Iterable[datetime]) -> Iterator[datetime]:
    """Yield the minutes in which starts lie."""
    return (each.replace(second=0, microsecond=0) for each in fires)
