"""The one error that a user of the library sees."""

import sys
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from types import FrameType
from typing import ClassVar

_LIBRARY = str(Path(__file__).parent)


class LakeflowError(Exception):
    """A mistake in what was written, said so that it can be mended without reading our code.

    `place` is where (a construct path, or `file:line:column`), `problem` what is wrong with which value, `fix` what to
    write instead. `str(error)` is `place: problem; fix`.
    """

    for_users: ClassVar[bool] = True
    """The text is meant for users: no traceback is needed."""

    def __init__(self, problem: str, *, place: str | None = None, fix: str | None = None) -> None:
        self.problem = problem
        self.place = place
        self.fix = fix
        super().__init__(problem)

    def __str__(self) -> str:
        located = f"{self.place}: {self.problem}" if self.place else self.problem
        return f"{located}; {self.fix}" if self.fix else located

    def at(self, place: str) -> "LakeflowError":
        """Return the same error with its place, unless it already has one."""
        return self if self.place else type(self)(self.problem, place=place, fix=self.fix)


def nearest(value: str, names: Iterable[str]) -> str | None:
    """Return the name that `value` was probably meant to be, or None where none is close."""
    matches = get_close_matches(value, list(names), n=1, cutoff=0.6)
    return matches[0] if matches else None


def listed(names: Iterable[str], most: int = 8) -> str:
    """Return names as a sentence can hold them: sorted, at most `most` of them, the rest counted."""
    ordered = sorted(names)
    shown = ", ".join(ordered[:most])
    return shown if len(ordered) <= most else f"{shown} and {len(ordered) - most} more"


def shortened(value: object, most: int = 60) -> str:
    """Return a value's repr, cut to at most `most` characters."""
    shown = repr(value)
    return shown if len(shown) <= most else f"{shown[: most - 3]}…"


def caller() -> str | None:
    """Return `file:line` of the innermost code outside this library and below the working directory."""
    here = Path.cwd()
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 (the standard library's own way)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(here) and not path.is_relative_to(_LIBRARY) and "site-packages" not in path.parts:
            return f"{path.relative_to(here).as_posix()}:{frame.f_lineno}"
        frame = frame.f_back
    return None
