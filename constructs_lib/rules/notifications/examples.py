"""Recipients and health rules, for the examples of the rules."""

from typing import Any

TO_ANN = ["ann@example.com"]


def health_rules(*rules: tuple[str, int]) -> dict[str, Any]:
    """Return health rules with metrics and their thresholds."""
    return {"rules": [{"metric": metric, "op": "GREATER_THAN", "value": value} for metric, value in rules]}
