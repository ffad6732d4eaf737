"""Long values, cut for messages."""

from constructs_lib.rules import quoting

_MOST_SHOWN = 40


def shown(value: str) -> str:
    """Return a value, cut where it is long, and never a secret."""
    return quoting.shown(value, _MOST_SHOWN)
