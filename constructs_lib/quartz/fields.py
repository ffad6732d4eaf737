"""The seven fields of an expression and the values that they take."""

import re
from dataclasses import dataclass

# Quartz gives up a hundred years after its JVM has started; one fixed year keeps the answers free of the clock.
LAST_YEAR = 2126

ALL, NONE = 99, 98  # what `*` and `?` are to Quartz: a literal 99 or 98 means the same
GREATEST_INTEGER = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Field:
    """One of the seven fields: what it is called, its lowest and highest value, and the names of its values."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    def values(self, start: int, stop: int, step: int) -> set[int]:
        """Return every `step`th value from `start` to `stop`, around the highest one where `stop` is before `start`."""
        if stop >= start:
            return set(range(start, min(stop, max(self.high, ALL)) + 1, step))
        turn = self.high - self.low + 1
        return {value - turn if value > self.high else value for value in range(start, stop + turn + 1, step)}


SECONDS, MINUTES, HOURS = Field("second", 0, 59), Field("minute", 0, 59), Field("hour", 0, 23)
DAYS = Field("day-of-month", 1, 31)
MONTHS = Field("month", 1, 12, ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"))
WEEKDAYS = Field("day-of-week", 1, 7, ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"))
YEARS = Field("year", 1970, LAST_YEAR)
FIELDS = (SECONDS, MINUTES, HOURS, DAYS, MONTHS, WEEKDAYS, YEARS)


def integer(text: str) -> int | None:
    """Return a number as Java's Integer.parseInt reads it, or None."""
    parts = re.fullmatch(r"([+-]?)0*([0-9]{1,10})", text)
    number = int(parts[1] + parts[2]) if parts else GREATEST_INTEGER + 1
    return number if abs(number) <= GREATEST_INTEGER else None
