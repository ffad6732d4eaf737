"""What starts a job, before and after: in words, how often, and when next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from constructs_lib.errors import LakeflowError
from constructs_lib.quartz import Quartz, timezone
from lakeflow.review.masking import Secret
from lakeflow.review.unknown import Later
from lakeflow.words import block, paused, trigger_words

Json = Mapping[str, Any]

_WEEK = timedelta(days=7)
_MOST_FIRES = 400
_LONGEST_PERIOD = 100_000
_PERIODS = {"HOURS": timedelta(hours=1), "DAYS": timedelta(days=1), "WEEKS": _WEEK}
_STARTERS = ("schedule", "trigger", "continuous", "triggers")


@dataclass(frozen=True)
class Starts:
    """How a job starts by itself."""

    words: str
    """`at 05:30, Monday through Friday, Europe/Berlin`; `manual` where only people start it."""
    paused: bool
    next: tuple[datetime, ...] = ()
    """The next three starts of a schedule, as if it were not paused, in its own timezone."""
    per_week: float | None = None
    """Starts in a week, where that can be known."""
    never: bool = False
    """Whether the schedule has no more starts."""
    skipped: datetime | None = None
    """A wall time within a year at which it does not start, since the clocks leave it out."""
    unreadable: str = ""
    """Why nothing more is known."""
    later: bool = False
    """Whether even that is known only after the apply."""

    @property
    def by_itself(self) -> bool:
        """Whether it starts without a person."""
        return self.words != "manual"

    @property
    def is_live(self) -> bool:
        """Whether it starts without a person, now."""
        return self.by_itself and not self.paused and not self.later

    @classmethod
    def of(cls, settings: Json, now: datetime) -> "Starts":
        """Return how the job of these settings starts, counted from `now`."""
        if not any(settings.get(name) for name in _STARTERS):
            return cls("manual", paused=False)
        for name in _STARTERS:
            if isinstance(settings.get(name), Later | Secret):
                return cls(str(settings[name]), paused=False, later=True)
        try:
            words, stopped = trigger_words(settings), paused(settings)
        except (KeyError, TypeError, ValueError, AttributeError):
            return cls("by a trigger", paused=False, unreadable="its trigger is not as the provider writes it")
        schedule = block(settings.get("schedule"))
        hidden = [value for value in schedule.values() if isinstance(value, Later | Secret)]
        if hidden:
            return cls(str(hidden[0]), paused=stopped, later=True)
        if schedule:
            expression, zone = schedule.get("quartz_cron_expression"), schedule.get("timezone_id")
            fires = _fires(str(expression), str(zone), now)
            # Words for what Quartz refuses would be made up.
            return cls(f"{expression}, {zone}" if "unreadable" in fires else words, stopped, **fires)
        periodic = block(block(settings.get("trigger")).get("periodic"))
        if periodic:
            unit, interval = _PERIODS.get(str(periodic.get("unit"))), periodic.get("interval")
            if unit and isinstance(interval, int) and 0 < interval < _LONGEST_PERIOD:
                return cls(words, stopped, per_week=_WEEK / (unit * interval))
        return cls(words if words != "manual" else "by a trigger", stopped)


@lru_cache(maxsize=4096)
def _fires(expression: str, zone: str, now: datetime) -> dict[str, Any]:
    """Return what a schedule says of its starts; the same for every job that has it."""
    try:
        quartz, place = Quartz.parse(expression), timezone(zone)
    except LakeflowError as error:
        return {"unreadable": error.problem}
    fires = list(islice(quartz.fires(now, place), _MOST_FIRES))
    if not fires:
        return {"never": True, "per_week": 0.0}
    surprises = [each for year in (now.year, now.year + 1) for each in quartz.dst_surprises(place, year)]
    until = (now + timedelta(days=365)).replace(tzinfo=None)
    skipped = [each.at for each in surprises if each.effect == "skipped" and now.replace(tzinfo=None) < each.at < until]
    return {"next": tuple(fires[:3]), "per_week": _per_week(fires, now), "skipped": min(skipped, default=None)}


def _per_week(fires: list[datetime], now: datetime) -> float:
    """Return how many of the fires there are in a week, counted in the shortest time that has a few of them."""
    for weeks in (1, 4, 52):
        within = sum(fire - now <= weeks * _WEEK for fire in fires)
        if within == len(fires) == _MOST_FIRES:
            return _MOST_FIRES / ((fires[-1] - now) / _WEEK)
        if within > 1:
            return within / weeks
    return 1 / 52
