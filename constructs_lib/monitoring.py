"""Step 6: how a job is watched.

What the running job can tell itself (late, slow) becomes a health rule with notifications. What only its history tells
(failures over days, no success for long) becomes an alert over the system tables, which know it hours later.
https://docs.databricks.com/aws/en/jobs/monitor
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from typing import ClassVar
from zoneinfo import ZoneInfo

from constructs_lib.handles import HasWarehouseId
from constructs_lib.health import HealthRule
from constructs_lib.notifications import Recipient
from constructs_lib.quartz import Quartz
from constructs_lib.triggers import Schedule, Trigger
from constructs_lib.values import Value, attribute

_HOUR = timedelta(hours=1)
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
    def failures(*, more_than: int, within: timedelta = timedelta(days=7)) -> "Failures":
        """Return an alert when more than so many runs failed within a window; hours late, as its tables are."""
        return Failures(more_than, within=within)

    @staticmethod
    def no_success(*, within: timedelta) -> "NoSuccess":
        """Return an alert when no run succeeded within a window: it also sees runs that never started."""
        return NoSuccess(within)


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
    """The name of the canonical query, and of the alert's construct below its job's."""
    column: ClassVar[str]
    """The column of the query that the threshold is held against."""

    def check(self) -> None:
        """Refuse a window that is not hours: the tables are late by hours."""
        if self.window < _HOUR or self.window % _HOUR:
            raise self.error(f"within: {self.window} is not a whole number of hours, 1 or more")

    @property
    def window(self) -> timedelta:
        """How far back it looks."""
        raise NotImplementedError

    @property
    def threshold(self) -> int:
        """The number above which it tells."""
        raise NotImplementedError


class Failures(HistoryAlert):
    """Too many runs failed within a window."""

    key: ClassVar[str] = "failures"
    column: ClassVar[str] = "failures"

    more_than: int = attribute(kw_only=False)
    within: timedelta = attribute(default=timedelta(days=7))

    def check(self) -> None:
        """Refuse a number and a window that mean nothing."""
        super().check()
        if self.more_than < 0:
            raise self.error(f"more_than: {self.more_than} is negative")

    @property
    def window(self) -> timedelta:
        """The window given."""
        return self.within

    @property
    def threshold(self) -> int:
        """The number given."""
        return self.more_than


class NoSuccess(HistoryAlert):
    """No run succeeded for too long."""

    key: ClassVar[str] = "no_success"
    column: ClassVar[str] = "hours_since_success"

    within: timedelta = attribute(kw_only=False)

    @property
    def window(self) -> timedelta:
        """The window given."""
        return self.within

    @property
    def threshold(self) -> int:
        """The window's hours."""
        return self.within // _HOUR


class Monitoring(Value):
    """What somebody must know about a job's runs, who, and the warehouse that its history is asked on.

    `recipients` are told of all of it, and `warn` of late and slow runs in their place; when nobody is named, those
    that `Operations.notifications` tells of failures.
    """

    alerts: Sequence[RunAlert] = attribute(kw_only=False)
    warehouse: HasWarehouseId | None = attribute(default=None)
    recipients: Sequence[Recipient] = attribute(default=())
    warn: Sequence[Recipient] = attribute(default=())
    check_at: str = attribute(default="0 15 * * * ?")
    """When the alerts over history are evaluated: a Quartz expression, UTC."""

    def check(self) -> None:
        """Refuse history without a warehouse to ask it on."""
        kinds = [type(alert) for alert in self.alerts]
        for alert in self.alerts:
            if kinds.count(type(alert)) > 1:
                raise self.error(f"says {type(alert).__name__} twice", fix="keep one of them")
        Quartz.parse(self.check_at)
        if self.history and self.warehouse is None:
            raise self.error(
                f"{self.history[0]!r} looks at the job's history, which is asked on a SQL warehouse",
                fix="give Monitoring a warehouse=",
            )

    @property
    def history(self) -> tuple[HistoryAlert, ...]:
        """The alerts over the system tables."""
        return tuple(alert for alert in self.alerts if isinstance(alert, HistoryAlert))

    def health_rules(self, trigger: Trigger) -> tuple[HealthRule, ...]:
        """Return the health rule that warns of the first of the live alerts; a job can have one threshold."""
        longest = [alert.longest(trigger) for alert in self.alerts if isinstance(alert, LiveAlert)]
        return (HealthRule.runs_longer_than(min(longest)),) if longest else ()
