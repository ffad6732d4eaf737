"""Values that several rules of conditions know."""

OUTCOMES = ("true", "false")
