"""Values that several rules of conditions know."""

OUTCOMES = ("true", "false")


def is_true(value: object) -> bool:
    """Return whether a value is true, also as text."""
    return value is True or value == "true"
