"""Bytes and strings of files that nobody vouches for."""

import json
import unicodedata
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

from constructs_lib.errors import LakeflowError


class Position(NamedTuple):
    """Where something starts in a file: line and column, both from 1."""

    line: int
    column: int


class Lines:
    """The lines of a text, to turn offsets into positions."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [0], self._text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self._text.find("\n", at + 1)
        return starts

    def position(self, offset: int) -> Position:
        """Return the position of a character."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)


def decoded(label: str, data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or UTF-32, with or without a byte order mark."""
    encoding = json.detect_encoding(data)
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        fix = "save the file as UTF-8"
        raise LakeflowError(
            f"byte 0x{data[error.start]:02x} is not {encoding.upper()}", place=f"{label}:{line}:{column}", fix=fix
        ) from None


def visible(text: str) -> str:
    """Return a text in which what would break a line, or control a terminal, is an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(letter: str) -> str:
    hidden = unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and letter not in "\u200c\u200d"
    return letter.encode("unicode_escape").decode() if hidden else letter


def encodable(text: str, encoding: str | None) -> str:
    """Return a text with escapes for what an encoding has no bytes for."""
    name = encoding or "utf-8"
    return text.encode(name, "backslashreplace").decode(name)
