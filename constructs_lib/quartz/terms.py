"""The terms of a field, `5-9/2` or `MON#2`, read as Quartz reads them."""

import re
from typing import NoReturn

from constructs_lib.errors import LakeflowError, nearest
from constructs_lib.quartz.fields import (
    ALL,
    DAYS,
    FIELDS,
    GREATEST_INTEGER,
    HOURS,
    MINUTES,
    NONE,
    SECONDS,
    WEEKDAYS,
    YEARS,
    Field,
    integer,
)
from constructs_lib.quartz.hints import choice

_LARGER = {SECONDS: "minute", MINUTES: "hour", HOURS: "day"}
_MARKS = {
    "L": (WEEKDAYS, "`L` follows a day of the week, as in `6L`; the last day of the month is `L` alone"),
    "W": (DAYS, "`W` follows a day of the month, as in `15W`"),
    "#": (WEEKDAYS, "`#` follows a day of the week, as in `MON#2`"),
}
_LAST = re.compile(r"L|LW|L-[0-9]*W?")
_NUMBERS = re.compile(r"([0-9]+)(?:-([0-9]+))?(?:/([0-9]+))?(.*)", re.DOTALL)


class Terms:
    """What the terms of an expression add up to; what follows a term that is understood, Quartz ignores."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.doubts: list[str] = []
        self.found: dict[Field, set[int]] = {each: set() for each in FIELDS}
        self.before_last: int | None = None
        self.nth_weekday: int | None = None
        self.nearest_weekday = self.last_weekday = False

    def read(self, each: Field, term: str) -> str:
        """Read one term, and return the end of it that Quartz ignores."""
        if "A" <= term[0] <= "Z":
            return self._last(each, term) if _LAST.fullmatch(term) else self._names(each, term)
        if "0" <= term[0] <= "9":
            return self._numbers(each, term)
        if term[0] in "*/":
            return self._every(each, term)
        if term[0] != "?":
            self.refuse(each, term, f"starts with `{term[0]}`", f"write {choice(each)}")
        if each not in (DAYS, WEEKDAYS):
            self.refuse(each, term, "is for day-of-month and day-of-week only", "write `*`")
        if len(term) > 2:
            self.refuse(each, term, "goes on after `?`", "let `?` stand alone")
        self.found[each].add(NONE)
        return term[1:]

    def _every(self, each: Field, term: str) -> str:
        """Read `*`, `*/5` or `/5`."""
        rest = term.removeprefix("*")
        if not rest.startswith("/"):
            self._add(each, term, ALL, None, 1)
            return rest
        self._add(each, term, ALL, None, max(self._step(each, term, rest[1:]), 1))
        return ""

    def _last(self, each: Field, term: str) -> str:
        """Read `L`, `L-3`, `LW` or `L-3W`."""
        if each is WEEKDAYS:  # the last day of the week, every week
            self.found[each].add(WEEKDAYS.high)
            return term[1:]
        if each is not DAYS:
            return term
        before = integer(term[1:].removesuffix("W").removeprefix("-") or "0")
        if term == "L-" or before is None or before > 30:
            self.refuse(each, term, "does not say how many days before the last", "write `L-1` to `L-30`")
        self.before_last = before
        self.nearest_weekday = term.endswith("W")
        return ""

    def _names(self, each: Field, term: str) -> str:
        """Read `MON`, `MON-FRI`, `MONL` or `MON#2`."""
        start, rest = self._named(each, term, term[:3]), term[3:]
        if rest.startswith("-"):
            self._add(each, term, start, self._named(each, term, rest[1:4]), 1)
            return rest[4:]
        self._add(each, term, start, None, 0)
        return self._marked(each, term, rest) if each is WEEKDAYS and rest[:1] in ("L", "#") else rest

    def _named(self, each: Field, term: str, name: str) -> int:
        if name not in each.names:
            near = nearest(name, each.names)
            self.refuse(
                each, term, f"holds the unknown name `{name}`", f"write `{near}`" if near else f"write {choice(each)}"
            )
        return each.names.index(name) + each.low

    def _numbers(self, each: Field, term: str) -> str:
        """Read `5`, `5-9`, `5-9/2`, `5/2`, `5L`, `5W` or `5#2`."""
        parts: tuple[str, str, str, str] = _NUMBERS.findall(term)[0]
        digits, end, step, rest = parts
        start = self._number(each, term, digits)
        if not step and (rest[:1] == "/" or (rest[:1] == "-" and not end)):
            self.refuse(each, term, f"has no number after `{rest[0]}`", f"write {choice(each)}")
        if end:
            self._add(each, term, start, self._number(each, term, end), self._number(each, term, step or "1"))
        elif step:
            # Quartz looks at what follows a step of one digit, and ignores what follows a longer one.
            self._add(each, term, start, None, self._step(each, term, step + rest if len(step) == 1 else step))
        elif rest[:1] in _MARKS:
            marked, fix = _MARKS[rest[0]]
            if each is not marked:
                self.refuse(each, term, f"has `{rest[0]}`", fix)
            # Quartz looks at no number before `#`, and at none that is too small before `W`.
            if (start > each.high and rest[0] in "LW") or (start < each.low and rest[0] == "L"):
                self.refuse(each, term, f"has {start}", f"write {choice(each)} before `{rest[0]}`")
            self.found[each].add(start)
            return self._marked(each, term, rest)
        else:
            self._add(each, term, start, None, 0)
        return rest

    def _marked(self, each: Field, term: str, rest: str) -> str:
        """Read the mark after a day: `L`, `W` or `#2`."""
        if rest[0] == "#":
            self.nth_weekday = integer(rest[1:])
            if self.nth_weekday not in range(1, 6):
                self.refuse(each, term, "does not say which one of the month", "write `#1` to `#5` after the day")
            return ""
        self.last_weekday |= rest[0] == "L"
        self.nearest_weekday |= rest[0] == "W"
        return rest[1:]

    def _number(self, each: Field, term: str, digits: str) -> int:
        number = integer(digits)
        if number is None:
            self.refuse(each, term, "is too great", f"write {choice(each)}")
        return number

    def _step(self, each: Field, term: str, digits: str) -> int:
        step = integer(digits)
        most = GREATEST_INTEGER if each is YEARS else each.high
        if step is None or step > most:
            self.refuse(each, term, f"has the step `{digits}`", f"write `/1` to `/{most}`")
        return step

    def _add(self, each: Field, term: str, start: int, end: int | None, step: int) -> None:
        """Add every `step`th value from `start` to `end` (the highest without it); without a step `start` alone."""
        special = start == ALL or (start == NONE and each in (DAYS, WEEKDAYS))
        if each is not YEARS and not special and not (each.low <= start <= each.high and (end or 0) <= each.high):
            self.refuse(each, term, f"is outside {each.low} to {each.high}", f"write {choice(each)}")
        if special and term[0].isdigit():
            self.doubt(each, term, f"Quartz takes {start} for `{'*' if start == ALL else '?'}`")
        if start != ALL and not step:
            self.found[each].add(start)
            return
        start, stop, step = each.low if start == ALL else start, each.high if end is None else end, max(step, 1)
        if each is YEARS and stop < start:
            self.refuse(each, term, "ends before it starts", "write the earlier year first")
        values = each.values(start, stop, step)
        self.found[each] |= values
        around = min(values) + each.high + 1 - max(values) if values else step
        if end is None and each in _LARGER and min(values) < step != around < each.high + 1:
            last = f"{max(values)} is followed by {min(values)} after {around}, not after {step}"
            self.doubt(each, term, f"it starts anew every {_LARGER[each]}, so {last}")

    def doubt(self, each: Field, term: str, why: str) -> None:
        """Note what Quartz accepts in a field but hardly does as meant."""
        self.doubts.append(f"{each.name} `{term}`: {why}")

    def refuse(self, each: Field, term: str, why: str, fix: str) -> NoReturn:
        """Refuse a text of a field: raise a LakeflowError that names both."""
        raise self.error(f"{each.name} `{term}` {why}", fix)

    def error(self, why: str, fix: str) -> LakeflowError:
        """Return the error that refuses the expression."""
        return LakeflowError(f"schedule `{self.expression}`: {why}", fix=fix)
