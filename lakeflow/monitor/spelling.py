"""How a value of Terraform is written in this project: as Python, and as a value of an environment file."""

import re
from collections.abc import Mapping

UNITS: Mapping[str, int] = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
"""The units that durations are written in; the ends of keys such as `timeout_minutes`."""
_DAILY = re.compile(r"0 (\d{1,2}) (\d{1,2}) (\* \* \?|\? \* \S+)")


def duration(seconds: int) -> str:
    """Return a duration in Python, in the largest unit that it is whole in: `timedelta(minutes=26)`."""
    unit = max((unit for unit, size in UNITS.items() if not seconds % size), key=lambda unit: UNITS[unit])
    return f"timedelta({unit}={seconds // UNITS[unit]})"


def time_of_day(quartz: object) -> str | None:
    """Return the time of a daily schedule, `05:30`; None for other ones."""
    found = _DAILY.fullmatch(str(quartz))
    return f"{int(found[2]):02}:{int(found[1]):02}" if found else None


def python_time(quartz: object) -> str | None:
    """Return the time of a daily schedule in Python, `time(5, 30)`; None for other ones."""
    found = _DAILY.fullmatch(str(quartz))
    return f"time({int(found[2])}, {int(found[1])})" if found else None


def retries(count: object) -> str:
    """Return retries in Python: a minute apart, where there are any."""
    return f"retries=Retries({count}, wait=timedelta(minutes=1))" if count else "retries=Retries(0)"
