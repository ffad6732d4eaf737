"""Points in time, distances and frequencies in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from lakeflow.words import spoken


def moment(at: datetime) -> str:
    """Return a point in time: `Mon 23 Nov 05:30 CET`."""
    return f"{at:%a} {at.day} {at:%b %H:%M %Z}".strip()


def moments(times: Sequence[datetime]) -> str:
    """Return points in time, what they share said once: `Mon 23, Tue 24, Wed 25 Nov 05:30 CET`."""
    clocks = {f"{at:%H:%M %Z}".strip() for at in times}
    if len(clocks) > 1:
        return ", ".join(map(moment, times))
    days = []
    for place, at in enumerate(times):
        last = place == len(times) - 1 or times[place + 1].month != at.month
        days.append(f"{at:%a} {at.day}" + (f" {at:%b}" if last else ""))
    return f"{', '.join(days)} {clocks.pop()}"


def ahead(distance: timedelta) -> str:
    """Return how long after the plan something is: `10h after this plan`."""
    minutes = max(0, round(distance.total_seconds() / 60))
    return f"{spoken(timedelta(minutes=minutes)) if minutes else 'less than a minute'} after this plan"


def often(per_week: float | None, *, like: float | None = None) -> str:
    """Return how often: `5 per week`, `24 per day`, `2 per year`; in the unit of `like` where that is given."""
    if not per_week:
        return "never"
    measure = like or per_week
    if measure >= 14:
        return f"{per_week / 7:.2g} per day"
    if measure >= 0.9:
        return f"{per_week:.3g} per week"
    return f"{per_week * 52:.2g} per year"
