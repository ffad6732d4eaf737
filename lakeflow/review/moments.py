"""Points in time, distances and frequencies in words."""

from datetime import datetime, timedelta

from lakeflow.words import spoken


def moment(at: datetime) -> str:
    """Return a point in time: `Mon 23 Nov 05:30 CET`."""
    return f"{at:%a} {at.day} {at:%b %H:%M %Z}".strip()


def ahead(distance: timedelta) -> str:
    """Return how long after the plan something is: `10h after this plan`."""
    minutes = max(0, round(distance.total_seconds() / 60))
    return f"{spoken(timedelta(minutes=minutes)) if minutes else 'less than a minute'} after this plan"


def often(per_week: float | None) -> str:
    """Return how often: `5 per week`, `24 per day`, `2 per year`."""
    if not per_week:
        return "never"
    if per_week >= 14:
        return f"{per_week / 7:.2g} per day"
    if per_week >= 0.9:
        return f"{per_week:.3g} per week"
    return f"{per_week * 52:.2g} per year"
