"""The search for the next fire, in Quartz's own steps."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from constructs_lib.quartz.fields import LAST_YEAR, WEEKDAYS
from constructs_lib.quartz.wall_time import DAY, SECOND, at_hour, existing, instant, lenient, next_value, to_working_day


@dataclass(frozen=True, kw_only=True)
class FireTimes:
    """The values of the seven fields, sorted, and the marks on the day fields."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    years: tuple[int, ...]
    by_weekday: bool
    before_last: int | None  # 0 of L, 3 of L-3
    nearest_weekday: bool  # W
    last_weekday: bool  # 6L
    nth_weekday: int | None  # 3 of 6#3

    def next_after(self, moment: datetime, timezone: tzinfo) -> datetime | None:
        """Return the first fire after `moment`, in `timezone`, or None; see `Quartz.next_after`."""
        if moment.tzinfo is None:
            raise ValueError(f"{moment} has no time zone")
        after = moment.astimezone(UTC).replace(microsecond=0) + SECOND
        wall = after.astimezone(timezone).replace(tzinfo=None, fold=0)
        seen = set[datetime]()
        # Quartz's own search, for its oddities lie in the order: one field after the other moves on to its next value,
        # and where that moves a larger field or meets a change of the clocks, the search starts again from there.
        while wall.year <= LAST_YEAR:
            second = next_value(self.seconds, wall.second)
            if second is None:
                wall = existing(wall.replace(second=self.seconds[0]) + timedelta(minutes=1), timezone)
            else:
                wall = wall.replace(second=second)
            moved = self._moved(wall, after, timezone)
            if moved is None:
                return instant(wall, timezone).astimezone(timezone)
            if wall in seen:
                return None
            seen.add(wall)
            wall = moved
        return None

    def _moved(self, wall: datetime, after: datetime, timezone: tzinfo) -> datetime | None:
        """Return where to go on from `wall`, its first unfit field moved on; None where every field fits."""
        minute = next_value(self.minutes, wall.minute)
        if minute != wall.minute:
            at = (wall.hour + 1, self.minutes[0]) if minute is None else (wall.hour, minute)
            return at_hour(wall, *at, timezone)
        hour = next_value(self.hours, wall.hour)
        if hour != wall.hour:
            day, hour = (wall + DAY, self.hours[0]) if hour is None else (wall, hour)
            return at_hour(day, hour, 0, timezone)
        date = self._date_from(wall, after, timezone)
        if date != (wall.month, wall.day):
            return existing(lenient(wall.year, *date), timezone)
        month = next_value(self.months, wall.month)
        if month != wall.month:
            month = 12 + self.months[0] if month is None else month
            return existing(lenient(wall.year, month, 1), timezone)
        year = next_value(self.years, wall.year)
        if year == wall.year:
            return None
        return existing(lenient(year or LAST_YEAR + 1, 1, 1), timezone)

    def _date_from(self, wall: datetime, after: datetime, timezone: tzinfo) -> tuple[int, int]:
        """Return month and day that the day fields name at or after `wall`; either may lie past its end, or be 0."""
        length = monthrange(wall.year, wall.month)[1]
        following = wall.month + 1
        if self.by_weekday:
            return self._weekday_from(wall, length)
        if self.nearest_weekday:
            wanted = self.days[0] if self.before_last is None else length - self.before_last
            there = lenient(wall.year, wall.month, wanted)
            wanted += to_working_day(there, first=wanted == 1, last=wanted == length)
            fire = lenient(there.year, wall.month, wanted) + (wall - wall.replace(hour=0, minute=0, second=0))
            if instant(fire, timezone) < after:
                return following, self.days[0] if self.before_last is None else 1
            return wall.month, wanted
        if self.before_last is not None:
            wanted = length - self.before_last
            return (wall.month, wanted) if wall.day <= wanted else (following, 1)
        day = next_value(self.days, wall.day)
        return (following, self.days[0]) if day is None or day > length else (wall.month, day)

    def _weekday_from(self, wall: datetime, length: int) -> tuple[int, int]:
        """Return month and day that the weekday field names at or after `wall`, in a month of `length` days."""
        today = wall.isoweekday() % 7 + 1
        wanted = self.weekdays[0]
        if not (self.last_weekday or self.nth_weekday):
            wanted = next_value(self.weekdays, today) or wanted
        day = wall.day + (wanted - today) % 7
        if self.last_weekday and day <= length:
            day += (length - day) // 7 * 7
        if self.nth_weekday:
            nth = (self.nth_weekday - 1) * 7 + (day - 1) % 7 + 1
            day = nth if nth >= day else length + 1
        return (wall.month, day) if day <= length and wanted <= WEEKDAYS.high else (wall.month + 1, 1)
