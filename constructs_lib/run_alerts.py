"""What somebody must know about a job's runs.

What the running job can tell itself (late, slow) becomes a health rule with notifications. What only its history tells
(failures over days, no success for long, slower or dearer than before) becomes an alert over the system tables, which
know it hours later.
https://docs.databricks.com/aws/en/admin/system-tables/jobs
"""

from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from math import inf
from typing import ClassVar
from zoneinfo import ZoneInfo

from constructs_lib.quartz import Quartz
from constructs_lib.triggers import Schedule, Trigger
from constructs_lib.values import Value, attribute

_HOUR = timedelta(hours=1)
_WEEK = timedelta(days=7)
_BEFORE = datetime(2026, 1, 11, 12, tzinfo=UTC)
"""Whence the starts of a schedule are counted, far from a change of the clock: the threshold is the usual one."""


class RunAlert(Value):
    """Something about a job's runs that somebody must know; `RunAlert.` names the choices."""

    @staticmethod
    def late(*, after: time) -> "Late":
        """Return a warning when a scheduled run is not done at a time of day, in the schedule's timezone."""
        return Late(after)

    @staticmethod
    def slow(*, longer_than: timedelta) -> "Slow":
        """Return a warning when a run takes longer than `longer_than`."""
        return Slow(longer_than)

    @staticmethod
    def failures(*, more_than: int, within: timedelta = _WEEK) -> "Failures":
        """Return an alert when more than so many runs failed within a window; hours late, as its tables are."""
        return Failures(more_than, within=within)

    @staticmethod
    def no_success(*, within: timedelta) -> "NoSuccess":
        """Return an alert when no run succeeded within a window: it also sees runs that never started."""
        return NoSuccess(within)

    @staticmethod
    def slower(*, than_before: float, within: timedelta = _WEEK) -> "Slower":
        """Return an alert when runs take more than so many times as long as in the window before, by the median."""
        return Slower(than_before, within=within)

    @staticmethod
    def cost(*, list_price: float | None = None, dbus: float | None = None, within: timedelta = _WEEK) -> "Cost":
        """Return an alert when the runs of a window used more than an amount: US dollars by list price, or DBU."""
        return Cost(list_price=list_price, dbus=dbus, within=within)

    @staticmethod
    def cost_jump(*, times: float, within: timedelta = _WEEK) -> "CostJump":
        """Return an alert when a run costs more than so many times what it did in the window before, by the mean."""
        return CostJump(times, within=within)


class LiveAlert(RunAlert):
    """A warning that the running job gives itself."""

    def longest(self, trigger: Trigger) -> timedelta:
        """Return how long a run may take before the warning."""
        raise NotImplementedError


class Late(LiveAlert):
    """A scheduled run is not done at a time of day."""

    after: time = attribute(kw_only=False)

    def check(self) -> None:
        """Refuse a time in another zone than the schedule's."""
        if self.after.tzinfo is not None:
            raise self.error(f"{self.after} has a time zone of its own", fix="write it in the schedule's")

    def longest(self, trigger: Trigger) -> timedelta:
        """Return the time from the latest start of a day's runs to `after`."""
        if not isinstance(trigger, Schedule):
            raise self.error("only a schedule can be late", fix="write RunAlert.slow(longer_than=…)")
        zone = ZoneInfo(trigger.timezone)
        starts = Quartz.parse(trigger.expression).fires(_BEFORE, zone)
        first = next(starts, None)
        if first is None:
            raise self.error(f"the schedule {trigger.expression!r} never fires")
        same_day = takewhile(lambda start: start.date() == first.date(), starts)
        latest = max((start.time() for start in same_day), default=first.time())
        longest = datetime.combine(first, self.after) - datetime.combine(first, max(latest, first.time()))
        if longest <= timedelta(0):
            raise self.error(f"{self.after} is not after the start at {latest:%H:%M}")
        return longest


class Slow(LiveAlert):
    """A run takes too long."""

    longer_than: timedelta = attribute(kw_only=False)

    def check(self) -> None:
        """Refuse a duration that every run has."""
        if self.longer_than <= timedelta(0) or self.longer_than % timedelta(seconds=1):
            raise self.error(f"{self.longer_than} is no time that a run takes", fix="write whole seconds, above 0")

    def longest(self, trigger: Trigger) -> timedelta:
        """Return the duration given."""
        return self.longer_than


class HistoryAlert(RunAlert):
    """An alert over the system tables."""

    key: ClassVar[str]
    """The name of the alert's construct below its job's."""
    query: ClassVar[str]
    """The name of the canonical query."""

    within: timedelta = attribute(default=_WEEK)
    """How far back it looks; the queries that compare look at the window before too."""

    def check(self) -> None:
        """Refuse a window that is not hours: the tables are late by hours."""
        if self.within < _HOUR or self.within % _HOUR:
            raise self.error(f"within: {self.within} is not a whole number of hours, 1 or more")

    @property
    def column(self) -> str:
        """The column of the query that the threshold is held against."""
        raise NotImplementedError

    @property
    def threshold(self) -> float:
        """The number above which it tells."""
        raise NotImplementedError


class Failures(HistoryAlert):
    """Too many runs failed within a window."""

    key: ClassVar[str] = "failures"
    query: ClassVar[str] = "failures"

    more_than: int = attribute(kw_only=False)

    def check(self) -> None:
        """Refuse a number and a window that mean nothing."""
        super().check()
        if self.more_than < 0:
            raise self.error(f"more_than: {self.more_than} is negative")

    @property
    def column(self) -> str:
        """How many failed."""
        return "failures"

    @property
    def threshold(self) -> float:
        """The number given."""
        return self.more_than


class NoSuccess(HistoryAlert):
    """No run succeeded for too long."""

    key: ClassVar[str] = "no_success"
    query: ClassVar[str] = "no_success"

    within: timedelta = attribute(kw_only=False)

    @property
    def column(self) -> str:
        """For how long none did."""
        return "hours_since_success"

    @property
    def threshold(self) -> float:
        """The window's hours."""
        return self.within // _HOUR


class Slower(HistoryAlert):
    """Runs take longer than in the window before."""

    key: ClassVar[str] = "slower"
    query: ClassVar[str] = "slow"

    than_before: float = attribute(kw_only=False)

    def check(self) -> None:
        """Refuse a factor that runs as fast as before exceed."""
        super().check()
        _check_factor(self, "than_before", self.than_before)

    @property
    def column(self) -> str:
        """The median over the previous one: of few runs the 95th percentile is little more than the longest."""
        return "p50_ratio"

    @property
    def threshold(self) -> float:
        """The factor given."""
        return self.than_before


class Cost(HistoryAlert):
    """The runs of a window cost too much together."""

    key: ClassVar[str] = "cost"
    query: ClassVar[str] = "spend"

    list_price: float | None = attribute(default=None)
    dbus: float | None = attribute(default=None)

    def check(self) -> None:
        """Refuse no amount, two of them, and one that every run exceeds."""
        super().check()
        if (self.list_price is None) == (self.dbus is None):
            raise self.error("it has one amount", fix="write list_price=… in US dollars, or dbus=…")
        if not 0 < self.threshold < inf:
            raise self.error(f"{self.column}: {self.threshold:g} is no amount above 0")

    @property
    def column(self) -> str:
        """What the amount is in."""
        return "dbus" if self.list_price is None else "list_cost"

    @property
    def threshold(self) -> float:
        """The amount given."""
        return (self.dbus or 0) if self.list_price is None else self.list_price


class CostJump(HistoryAlert):
    """A run costs more than one did in the window before."""

    key: ClassVar[str] = "cost_jump"
    query: ClassVar[str] = "cost_jump"

    times: float = attribute(kw_only=False)

    def check(self) -> None:
        """Refuse a factor that runs as cheap as before exceed."""
        super().check()
        _check_factor(self, "times", self.times)

    @property
    def column(self) -> str:
        """The mean over the previous one."""
        return "ratio"

    @property
    def threshold(self) -> float:
        """The factor given."""
        return self.times


def _check_factor(alert: HistoryAlert, name: str, factor: float) -> None:
    if not 1 < factor < inf:
        raise alert.error(f"{name}: {factor:g} is not above 1", fix="write 1.5 for half as much again")
