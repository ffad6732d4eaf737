"""What is wrong with the files, all of it at once, each mistake with its place."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: `environments/prod.yaml:12:5`; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One mistake: its place, unless it was made outside the files, and one line on what is wrong and what to write."""

    message: str
    place: Place | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class InvalidEnvironment(Exception):  # noqa: N818 - it says what is invalid, as `problems` says why
    """Environments cannot be loaded: `problems` are all mistakes, file by file, and `str()` has a line for each."""

    for_users = True
    """The text is meant for users: no traceback is needed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(
            sorted(set(problems), key=lambda problem: (problem.place or Place("", 0), problem.message))
        )
        super().__init__("\n".join(map(str, self.problems)))
