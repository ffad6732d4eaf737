"""What is left out of a folder: patterns as `.gitignore` has them.

https://git-scm.com/docs/gitignore#_pattern_format
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Pattern:
    """One line of a `.gitignore`, and the folder that it stands in."""

    base: str
    """That folder, relative to the project's root and with a slash at its end; an empty string for the root."""
    regex: re.Pattern[str]
    again: bool
    """Whether it takes back in what another left out: `!keep.md`."""
    folders_only: bool

    @classmethod
    def of(cls, line: str, base: str = "") -> Self | None:
        """Return the pattern of a line; None for a comment, an empty line, and what no pattern is."""
        text = _without_trailing_blanks(line.rstrip("\r\n"))
        again = text.startswith("!")
        text = text.removeprefix("!")
        folders_only = text.endswith("/")
        text = text.removesuffix("/")
        if not text or (not again and text.startswith("#")):
            return None
        anchored = "/" in text
        try:
            regex = re.compile(
                ("" if anchored else "(?:.*/)?") + "".join(_translated(text.removeprefix("/"))), re.DOTALL
            )
        except re.error:
            return None
        return cls(base=base, regex=regex, again=again, folders_only=folders_only)

    def matches(self, path: str, *, is_folder: bool) -> bool:
        """Return whether it is about a path, relative to the project's root."""
        if (self.folders_only and not is_folder) or not path.startswith(self.base):
            return False
        return self.regex.fullmatch(path, len(self.base)) is not None


def patterns(lines: Iterable[str], base: str = "") -> tuple[Pattern, ...]:
    """Return the patterns of the lines of a `.gitignore`."""
    return tuple(pattern for line in lines if (pattern := Pattern.of(line, base)))


def ignored(path: str, known: Sequence[Pattern], *, is_folder: bool) -> bool:
    """Return whether a path is left out: what the last pattern about it says. Its folders have been asked before."""
    for pattern in reversed(known):
        if pattern.matches(path, is_folder=is_folder):
            return not pattern.again
    return False


def _without_trailing_blanks(text: str) -> str:
    while text.endswith(" ") and not text.endswith("\\ "):
        text = text[:-1]
    return text


def _translated(text: str) -> Iterator[str]:
    """Yield a pattern as parts of a regular expression."""
    at = 0
    while at < len(text):
        if text.startswith("**/", at) and (at == 0 or text[at - 1] == "/"):
            yield "(?:.*/)?"
            at += 3
        elif text[at:] == "**" and at > 0 and text[at - 1] == "/":
            yield ".+"
            at += 2
        elif text[at] == "*":
            yield "[^/]*"
            at += 1
        elif text[at] == "?":
            yield "[^/]"
            at += 1
        elif text[at] == "[" and (end := _end_of_class(text, at)) > 0:
            yield _class(text[at + 1 : end])
            at = end + 1
        elif text[at] == "\\" and at + 1 < len(text):
            yield re.escape(text[at + 1])
            at += 2
        else:
            yield re.escape(text[at])
            at += 1


def _end_of_class(text: str, start: int) -> int:
    at = start + 1
    if text[at : at + 1] in {"!", "^"}:
        at += 1
    return text.find("]", at + 1)


def _class(inside: str) -> str:
    negated = inside[:1] in {"!", "^"}
    characters = inside[1:] if negated else inside
    safe = "".join(f"\\{each}" if each in "[]^&~|" else each for each in characters)
    return f"(?!/)[{'^' if negated else ''}{safe}]"
