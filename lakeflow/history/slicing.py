"""How the timelines of the system tables cut a run into rows.

https://docs.databricks.com/aws/en/admin/system-tables/jobs: a row for each hour. Until 19 January 2026 the hours were
counted from the start of the run, since then they are those of the clock.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

HOUR = timedelta(hours=1)
CLOCK_ALIGNED = datetime(2026, 1, 19, tzinfo=UTC)
NEW_COLUMNS = datetime(2025, 12, 1, tzinfo=UTC)
"""Rows from before have no durations, no termination type and no trigger settings."""


def periods(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the periods of what ran from one instant to another; what never ran has one without length."""
    aligned = start.replace(minute=0, second=0, microsecond=0) if start >= CLOCK_ALIGNED else start
    border = aligned + HOUR
    while border < end:
        yield start, border
        start, border = border, border + HOUR
    yield start, end
