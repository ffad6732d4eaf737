"""Long values, cut for messages."""

from constructs_lib.errors import shortened

_MOST_SHOWN = 40


def shown(value: str) -> str:
    """Return a value, cut where it is long."""
    return shortened(value, _MOST_SHOWN)
