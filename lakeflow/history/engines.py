"""What answers the canonical queries of `constructs_lib.sql`, by name."""

from collections.abc import Callable, Mapping
from typing import Protocol

from constructs_lib.errors import LakeflowError

Progress = Callable[[int, int, str], None]
"""Is told how much is done, of how much, and what comes now."""


def quiet(done: int, of: int, what: str) -> None:
    """Tell nobody."""


class UnreadableError(LakeflowError):
    """A system table cannot be read: there is no grant on it, or its schema is not enabled."""


class Engine(Protocol):
    """What answers a canonical query."""

    def ask(self, name: str, values: Mapping[str, object]) -> list[dict[str, object]]:
        """Return the rows that a query answers: text, numbers, truths, dates and aware instants, or None.

        Raises UnreadableError where a table cannot be read, LakeflowError for anything else.
        """
