"""Figures as people read them: durations, shares, amounts, and how much they changed."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from lakeflow.words import spoken

NOTHING = "–"
_NOTICED = 0.1
"""A change that is smaller is not marked: runs differ by that much anyway."""
_FEWEST = 10
"""Runs in each period below which a change is not marked."""
_MINUS = "\N{MINUS SIGN}"
_CURRENCY = re.compile(r"[A-Z]{3}")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A figure of this period and of the one before; None is not known."""

    now: float | None
    before: float | None
    runs: int = _FEWEST
    """In the period with fewer."""
    more_is_worse: bool = True

    @property
    def change(self) -> float | None:
        """The change as a share of what it was: 0.5 is half as much again."""
        if self.now is None or self.before is None or self.before <= 0:
            return None
        return self.now / self.before - 1

    @property
    def is_noticed(self) -> bool:
        """Whether the change is large enough, and over enough runs, to be more than chance."""
        return self.change is not None and abs(self.change) >= _NOTICED and self.runs >= _FEWEST

    @property
    def is_worse(self) -> bool:
        """Whether it is noticed, and for the worse."""
        return self.is_noticed and ((self.change or 0) > 0) == self.more_is_worse

    @property
    def is_better(self) -> bool:
        """Whether it is noticed, and for the better."""
        return self.is_noticed and not self.is_worse

    @property
    def words(self) -> str:
        """The change in words: `+16%`; nothing where it is not known."""
        if self.change is None:
            return ""
        size = round(abs(self.change) * 100)
        sign = "+" if self.change > 0 else _MINUS
        return f"{sign}{size}%" if size else "±0%"


def duration(seconds: float | None) -> str:
    """Say a duration: `41m 20s`."""
    return NOTHING if seconds is None else spoken(timedelta(seconds=seconds))


def percent(share: float | None) -> str:
    """Say a share: `82%`; never 100% or 0% unless it is."""
    if share is None:
        return NOTHING
    hundredfold = share * 100
    if 99 <= hundredfold < 100:
        return f"{int(hundredfold * 10) / 10:g}%"
    if 0 < hundredfold < 1:
        return "<1%"
    return f"{hundredfold:.0f}%"


def amount(value: float | None) -> str:
    """Say an amount with as many digits as matter: `1,240`, `18.4`, `0.52`."""
    if value is None:
        return NOTHING
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def money(value: float | None, currency: str = "USD") -> str:
    """Say an amount of money: `$221`, `12.40 CHF`."""
    if value is None:
        return NOTHING
    size = abs(value)
    said = ("-" if value < 0 else "") + "{}" + (f"{size:,.0f}" if size >= 100 else f"{size:.2f}")
    sign = _SIGNS.get(currency)
    said = said.format(sign or "")
    if sign:
        return said
    return f"{said} {currency}" if _CURRENCY.fullmatch(currency) else said


def moment(instant: datetime | None) -> str:
    """Say an instant in UTC: `23 Nov 2026 05:00 UTC`."""
    return NOTHING if instant is None else f"{instant:%d %b %Y %H:%M} UTC".lstrip("0")
