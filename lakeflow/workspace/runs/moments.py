"""Times as the API says them, milliseconds since 1970, and as the engine counts them, from the same instant."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""What the engine's times count from."""
_LEAST = timedelta(milliseconds=1)


def since_epoch(at: int) -> timedelta:
    """Return a time as the engine counts it."""
    return timedelta(milliseconds=at)


def milliseconds(time: timedelta | None) -> int:
    """Return a time as the API says it; 0 for none."""
    return 0 if time is None else time // _LEAST


def instant(at: int) -> datetime:
    """Return a time as an instant, UTC."""
    return EPOCH + timedelta(milliseconds=at)
