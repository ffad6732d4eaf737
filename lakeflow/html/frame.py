"""What plots share: a frame that is as wide as the page, an axis of days, a scale with round numbers.

Across, everything is placed in per cent of the width, and down in pixels: so a plot fills a phone and a screen alike
and its letters keep their size. Curves stand in a frame of their own that is stretched, with lines that are not.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from math import ceil, floor, log10

_DAY_MARKS = 4
"""As many dates below a plot as fit on a phone."""
AXIS = 20
"""Pixels below a plot for its dates."""
_STEPS = (1, 2, 5, 10)
_TIMES = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)


@dataclass(frozen=True)
class Days:
    """Days from left to right."""

    all: Sequence[date]

    @property
    def step(self) -> float:
        """The width of one, in per cent."""
        return 100 / len(self.all)

    def left(self, day: date) -> float:
        """Return where a day begins, in per cent."""
        return (day - self.all[0]).days * self.step

    def middle(self, day: date) -> float:
        """Return where a day has its middle."""
        return self.left(day) + self.step / 2

    def has(self, day: date) -> bool:
        """Return whether a day is shown."""
        return self.all[0] <= day <= self.all[-1]

    def axis(self, height: float) -> Iterator[str]:
        """Yield the dates below a plot."""
        every = max(1, round(len(self.all) / _DAY_MARKS))
        for place in range(0, len(self.all), every):
            if len(self.all) - place < every * 0.6:
                break
            day = self.all[place]
            yield text(self.left(day), height + 15, f"{day.day} {day:%b}", "tick")


def number(value: float) -> str:
    """Write a number as short as it is exact enough for a drawing."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def text(x: float, y: float, said: str, look: str, anchor: str = "start") -> str:
    """Return letters; `x` in per cent, `y` in pixels."""
    return f'<text class="{look}" x="{number(x)}%" y="{number(y)}" text-anchor="{anchor}">{escape(said)}</text>'


def bar(x: float, width: float, y: float, height: float, look: str, said: str = "") -> str:  # noqa: PLR0917
    """Return a rectangle; across in per cent, down in pixels; `said` is what it says to who points at it."""
    told = f"<title>{escape(said)}</title>" if said else ""
    return (
        f'<rect class="{look}" x="{number(x)}%" y="{number(y)}" width="{number(width)}%" height="{number(height)}"'
        + (f">{told}</rect>" if told else "/>")
    )


def across(y: float, look: str) -> str:
    """Return a line from left to right."""
    return f'<line class="{look}" x1="0" x2="100%" y1="{number(y)}" y2="{number(y)}"/>'


def down(x: float, height: float, look: str) -> str:
    """Return a line from top to bottom."""
    return f'<line class="{look}" x1="{number(x)}%" x2="{number(x)}%" y1="0" y2="{number(height)}"/>'


def ticks(most: float, count: int = 3) -> list[float]:
    """Return round numbers from 0 that reach at least `most`."""
    if most <= 0:
        return [0.0, 1.0]
    rough = most / count
    size = 10 ** floor(log10(rough))
    step = next(each * size for each in _STEPS if each * size >= rough * 0.999)
    return [step * n for n in range(ceil(most / step * 0.999) + 1)]


def time_ticks(most: float, count: int = 3) -> list[float]:
    """Return round durations in seconds from 0 that reach at least `most`."""
    rough = most / count
    step = float(next((each for each in _TIMES if each >= rough * 0.999), 86400 * ceil(rough / 86400)))
    return [step * n for n in range(ceil(most / step * 0.999) + 1)]


def scale(most: float, height: float, top: float = 6) -> Callable[[float], float]:
    """Return what places a value between the bottom, which is 0, and the top."""
    return lambda value: height - (height - top) * value / most


def curve(points: Iterable[tuple[float, float]], look: str) -> str:
    """Return a line through points, across in per cent and down in pixels; it needs `stretched` around it."""
    path = " ".join(f"{'L' if place else 'M'}{number(x)} {number(y)}" for place, (x, y) in enumerate(points))
    return f'<path class="{look}" vector-effect="non-scaling-stroke" d="{path}"/>' if path else ""


def stretched(body: Iterable[str], height: float) -> str:
    """Return a frame in which 100 across is the whole width."""
    return (
        f'<svg x="0" y="0" width="100%" height="{number(height)}" viewBox="0 0 100 {number(height)}" '
        f'preserveAspectRatio="none" aria-hidden="true">{"".join(body)}</svg>'
    )


def plot(identity: str, title: str, told: str, height: float, body: Iterable[str], look: str = "") -> str:  # noqa: PLR0917
    """Return a plot: what it is and shows is said to who does not see it."""
    name = escape(identity)
    return (
        f'<svg class="plot{f" {look}" if look else ""}" role="img" aria-labelledby="{name}-t {name}-d" width="100%" '
        f'height="{number(height)}"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(told)}</desc>{"".join(body)}</svg>'
    )
