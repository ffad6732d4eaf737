"""YAML read from text, with the place of every key and value.

Anchors, aliases and merge keys are resolved, as bundles use them; what an alias stands for is shared and not copied,
and a text whose aliases would make too much of it is refused.

https://yaml.org/spec/1.2.2/
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    MappingStartEvent,
    ScalarEvent,
)
from ruamel.yaml.reader import ReaderError

from constructs_lib.errors import LakeflowError
from constructs_lib.rules.finding import Path
from lakeflow.documents.texts import Lines, Position

LARGEST = 10_000_000
"""Characters; more would take minutes."""
_DEEPEST = 100
_MOST = 1_000_000
"""Values that aliases may make of a text."""

_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]{1,300}")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_MERGE = "<<"


def _plain(text: str) -> Any:
    """Return what an unquoted word is."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text) and isfinite(float(text)):
        return float(text)
    return text


_START = Position(1, 1)


@dataclass(eq=False)
class _Open:
    """A list, or keys and values, that is being read."""

    value: dict[str, Any] | list[Any]
    start: Position
    anchor: str | None
    marks: dict[str | int, Position] = field(default_factory=dict)
    key: str | None = None
    key_at: Position = _START
    merging: bool = False
    """Whether the next value is that of `<<`."""
    merged: list[Any] = field(default_factory=list)
    size: int = 1


class YamlText:
    """The documents of a text: usually one, several between lines of `---`."""

    def __init__(self, label: str, text: str) -> None:
        self._label = label
        self.values: list[Any] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, Any] = {}
        self._marks: dict[int, Mapping[str | int, Position]] = {}
        self._sizes: dict[int, int] = {}
        self._starts: list[Position] = []
        if len(text) > LARGEST:
            problem = f"too much YAML: {len(text):,} characters, where {LARGEST:,} are read"
            raise LakeflowError(problem, place=label, fix="write it as JSON, or in several files")
        self._read(text)

    def _read(self, text: str) -> None:
        last = _START
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                last = _position(event.start_mark)
                self._take(event, last)
        except ReaderError as error:
            place = Lines(text).position(error.position)
            raise self._unreadable(f"the control character U+{error.character:04X} cannot stand here", place) from None
        except MarkedYAMLError as error:
            raise self._explained(error, text) from None
        except (YAMLError, ValueError, OverflowError, RecursionError):
            raise self._unreadable("not readable as YAML", last) from None

    def _explained(self, error: MarkedYAMLError, text: str) -> LakeflowError:
        from environments.files.yaml_errors import explained

        message, mark = explained(error, text)
        return self._unreadable(message, _position(mark) if mark else _START)

    def _take(self, event: Any, at: Position) -> None:
        match event:
            case AliasEvent():
                if event.anchor not in self._anchors:
                    raise self._unreadable(f"nothing that *{event.anchor} could stand for is complete before it", at)
                self._add(self._anchors[event.anchor], at)
            case ScalarEvent():
                is_plain = not event.style and event.tag is None
                value = _plain(event.value) if is_plain else event.value
                if event.anchor:
                    self._anchors[event.anchor] = value
                blank = is_plain and not event.value
                self._add(value, at, key=event.value, blank=blank, merge=is_plain and event.value == _MERGE)
            case CollectionStartEvent():
                if len(self._open) == _DEEPEST:
                    raise self._unreadable("nested too deeply", at)
                empty: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
                self._open.append(_Open(empty, at, event.anchor))
            case CollectionEndEvent():
                self._close(self._open.pop())

    def _close(self, done: _Open) -> None:
        for source in done.merged:
            self._merge(done, source)
        self._marks[id(done.value)] = done.marks
        self._sizes[id(done.value)] = done.size
        if done.anchor:
            self._anchors[done.anchor] = done.value
        self._add(done.value, done.start)

    def _merge(self, into: _Open, source: Any) -> None:
        """Add the keys of `<<` that are not said."""
        if isinstance(source, list):
            for each in source:
                self._merge(into, each)
        elif isinstance(source, dict) and isinstance(into.value, dict):
            for key, value in source.items():
                if key not in into.value:
                    into.value[key] = value
                    into.marks[key] = self._marks[id(source)][key]
                    into.size += self._size(value)

    def _size(self, value: Any) -> int:
        return self._sizes.get(id(value), 1) if isinstance(value, dict | list) else 1

    def _add(
        self, value: Any, at: Position, *, key: str | None = None, blank: bool = False, merge: bool = False
    ) -> None:
        """Add a value to what is open, or begin one with `key`, the text of a scalar; `merge` is the key `<<`."""
        inside = self._open[-1] if self._open else None
        if inside is None:
            self.values.append(value)
            self._starts.append(at)
        elif isinstance(inside.value, list):
            inside.marks[len(inside.value)] = at
            inside.value.append(value)
        elif inside.merging:
            inside.merging = False
            inside.merged.append(value)
        elif inside.key is None:
            self._begin(inside, key, at, merge=merge)
        else:
            inside.marks[inside.key] = inside.key_at if key is None or blank else at
            inside.value[inside.key] = value
            inside.key = None
        if inside is not None and inside.key is None:
            inside.size += self._size(value)
            if inside.size > _MOST:
                raise self._unreadable(f"its aliases make more than {_MOST:,} values of it", at)

    def _begin(self, inside: _Open, key: str | None, at: Position, *, merge: bool) -> None:
        if key is None:
            raise self._unreadable("a key has to be a text", at)
        if key in inside.value:
            raise self._unreadable(f"the key {key!r} stands twice", at)
        inside.merging = merge
        inside.key, inside.key_at = None if merge else key, at

    def _unreadable(self, problem: str, at: Position) -> LakeflowError:
        return LakeflowError(problem, place=f"{self._label}:{at.line}:{at.column}")

    def positions(self, paths: Iterable[Path]) -> Mapping[Path, Position]:
        """Return where values start, and lists, keys and values where their key does."""
        return {path: self._position(path) for path in paths}

    def _position(self, path: Path) -> Position:
        value: Any = self.values if len(self.values) > 1 else self.values[0]
        at = self._starts[0]
        for step in path:
            if value is self.values and isinstance(step, int):
                at = self._starts[step]
            else:
                marks = self._marks.get(id(value), {})
                if step not in marks:
                    break
                at = marks[step]
            value = value[step]
        return at


def _position(mark: Any) -> Position:
    return Position(mark.line + 1, mark.column + 1)
