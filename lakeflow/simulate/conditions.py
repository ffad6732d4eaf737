"""What a condition is: EQUAL_TO and NOT_EQUAL compare texts, the ordered operators numbers.

https://docs.databricks.com/aws/en/jobs/tasks/if-else
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from lakeflow.simulate.semantics import Semantics

_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "EQUAL_TO": lambda left, right: left == right,
    "NOT_EQUAL": lambda left, right: left != right,
}
_NUMBERS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "GREATER_THAN": lambda left, right: left > right,
    "GREATER_THAN_OR_EQUAL": lambda left, right: left >= right,
    "LESS_THAN": lambda left, right: left < right,
    "LESS_THAN_OR_EQUAL": lambda left, right: left <= right,
}
OPERATORS = (*_TEXTS, *_NUMBERS)


class NoComparisonError(Exception):
    """What cannot be compared; the condition fails."""


def compare(operator: str, left: str, right: str, semantics: Semantics) -> bool:
    """Return the outcome of a condition whose operands are filled in; raise NoComparisonError where it has none."""
    if operator in _TEXTS:
        return _TEXTS[operator](left, right)
    numbers = [_number(side) for side in (left, right)]
    if numbers[0] is None or numbers[1] is None:
        if semantics.not_a_number == "false":
            return False
        wrong = left if numbers[0] is None else right
        raise NoComparisonError(f"{operator} compares numbers, and {wrong!r} is none")
    return _NUMBERS[operator](numbers[0], numbers[1])


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
