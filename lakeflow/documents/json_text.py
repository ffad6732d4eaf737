"""JSON read from text, and where in the text its values stand.

Positions are looked for only when somebody asks: what was found wrong is a small part of a large file.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from json import JSONDecodeError, JSONDecoder
from math import isfinite
from typing import Any

from constructs_lib.errors import LakeflowError
from constructs_lib.rules.finding import Path
from lakeflow.documents.texts import Lines, Position

_BLANK = re.compile(r"[ \t\n\r]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]', re.DOTALL)
_LONGEST_NUMBER = 300
_DEEPEST = 100
"""How far down positions are looked for; what is deeper has the position of what it is in."""


class _TwiceError(Exception):
    """A key stands twice in one object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _TwiceError
    return found


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < _LONGEST_NUMBER else digits


def _float(digits: str) -> float | str:
    number = float(digits)
    return number if isfinite(number) else digits


def _constant(word: str) -> Any:
    raise ValueError(word)


_DECODER = JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant, strict=False
)
_SKIPPER = JSONDecoder(parse_int=str, parse_float=str, strict=False)


class JsonText:
    """The values of a text: usually one, several where one follows another as in JSON lines."""

    def __init__(self, label: str, text: str) -> None:
        self._label = label
        self._text = text
        self._lines = Lines(text)
        self._starts: list[int] = []
        self.values: list[Any] = []
        index = self._blank(0)
        while index < len(text):
            value, end = self._decoded(index)
            self._starts.append(index)
            self.values.append(value)
            index = self._blank(end)

    def _decoded(self, index: int) -> tuple[Any, int]:
        try:
            return _DECODER.raw_decode(self._text, index)
        except JSONDecodeError as error:
            said = error.msg[:1].lower() + error.msg[1:]
            raise self._unreadable(f"not readable as JSON: {said}", error.pos) from None
        except _TwiceError:
            raise self._twice(index) from None
        except ValueError as error:
            raise self._unreadable(f"not readable as JSON: {error} is no number of it", index) from None
        except RecursionError:
            raise self._unreadable("nested too deeply", index) from None

    def _twice(self, start: int) -> LakeflowError:
        """Return where a key stands twice."""
        keys: list[set[str] | None] = []
        last: re.Match[str] | None = None
        for token in _TOKEN.finditer(self._text, start):
            match token[0]:
                case "{":
                    keys.append(set())
                case "[":
                    keys.append(None)
                case "}" | "]":
                    keys.pop()
                case ":" if last is not None and (seen := keys[-1]) is not None:
                    key = str(_SKIPPER.raw_decode(last[0])[0])
                    if key in seen:
                        return self._unreadable(f"the key {key!r} stands twice in one object", last.start())
                    seen.add(key)
            last = token
        return self._unreadable("a key stands twice in one object", start)

    def _unreadable(self, problem: str, offset: int) -> LakeflowError:
        line, column = self._lines.position(offset)
        return LakeflowError(problem, place=f"{self._label}:{line}:{column}")

    def _blank(self, index: int) -> int:
        match = _BLANK.match(self._text, index)
        return match.end() if match else index

    def positions(self, paths: Iterable[Path]) -> Mapping[Path, Position]:
        """Return where values start, and objects and lists where their key does."""
        wanted: dict[str | int, Any] = {}
        asked = list(paths)
        for path in asked:
            node = wanted
            for step in path[:_DEEPEST]:
                node = node.setdefault(step, {})
        offsets: dict[Path, int] = {(): self._starts[0] if self._starts else 0}
        with suppress(RecursionError):
            self._find(wanted, offsets)
        return {path: self._lines.position(_nearest(offsets, path)) for path in asked}

    def _find(self, wanted: Mapping[str | int, Any], offsets: dict[Path, int]) -> None:
        if len(self._starts) == 1:
            self._value(self._starts[0], wanted, (), offsets)
            return
        for number, start in enumerate(self._starts):
            if number in wanted:
                offsets[number,] = start
                self._value(start, wanted[number], (number,), offsets)

    def _value(self, index: int, wanted: Mapping[str | int, Any], path: Path, offsets: dict[Path, int]) -> int:
        """Note where the wanted values inside a value start, and return where it ends."""
        opening = self._text[index]
        if not wanted or opening not in "{[":
            return _SKIPPER.raw_decode(self._text, index)[1]
        index = self._blank(index + 1)
        number = 0
        while self._text[index] not in "}]":
            start, step = index, number
            if opening == "{":
                step, end = _SKIPPER.raw_decode(self._text, index)
                index = self._blank(self._blank(end) + 1)
            if step in wanted:
                below = (*path, step)
                offsets[below] = start if self._text[index] in "{[" else index
                end = self._value(index, wanted[step], below, offsets)
            else:
                end = _SKIPPER.raw_decode(self._text, index)[1]
            index = self._blank(end)
            if self._text[index] == ",":
                index = self._blank(index + 1)
            number += 1
        return index + 1


def _nearest(offsets: Mapping[Path, int], path: Path) -> int:
    while path not in offsets:
        path = path[:-1]
    return offsets[path]
