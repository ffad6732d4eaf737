"""From a rendered block back to values.

What a value says is taken out of the block; what none says stays in it, and is kept in the `extra` of the value around.
"""

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from functools import cache
from typing import Any, Generic, Protocol, TypeVar, Union, get_args, get_origin

from constructs_lib.errors import LakeflowError, listed, shortened
from constructs_lib.kinds import kind_of
from constructs_lib.references import Secret

EXTRA = "extra"
"""The attribute that holds what the others of a value do not say."""

Path = tuple[str | int, ...]
T = TypeVar("T")


class _Missing(Enum):
    MISSING = "missing"

    def __bool__(self) -> bool:
        return False


MISSING = _Missing.MISSING
"""What is taken where there is nothing."""


@dataclass(frozen=True)
class Doubt:
    """Why something stays in a block that a value could not say."""

    path: Path
    problem: str


@dataclass
class Notes:
    """What is noticed while a whole is read."""

    doubts: list[Doubt] = field(default_factory=list)
    """Why something could not be said, also where another way was found."""
    kept: list[Path] = field(default_factory=list)
    """Where something stands that is kept in an `extra`."""


Mark = tuple[int, int]


@dataclass(eq=False)
class Given:
    """A block that values are read from."""

    body: dict[str, Any]
    path: Path = ()
    """Where the block stands in the whole."""
    notes: Notes = field(default_factory=Notes)
    _taken: list[tuple[dict[str, Any], str, Any]] = field(default_factory=list)

    def at(self, *names: str) -> "Given | None":
        """Return a block inside this one; None where none stands there."""
        found: Any = self.body
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
        return Given(found, (*self.path, *names), self.notes, self._taken) if isinstance(found, dict) else None

    def has(self, path: Sequence[str]) -> bool:
        """Return whether something stands at a path."""
        block = self.at(*path[:-1])
        return block is not None and block.body.get(path[-1]) is not None

    def take(self, *path: str) -> Any:
        """Take a value out of the block and return it; MISSING where there is none."""
        block = self.at(*path[:-1])
        if block is None or block.body.get(path[-1]) is None:
            return MISSING
        value = block.body.pop(path[-1])
        self._taken.append((block.body, path[-1], value))
        return value

    @property
    def mark(self) -> Mark:
        """How far it has been read, to go back to."""
        return len(self._taken), len(self.notes.kept)

    def back_to(self, mark: Mark) -> None:
        """Put back what was taken since a mark."""
        taken, kept = mark
        while len(self._taken) > taken:
            body, name, value = self._taken.pop()
            body[name] = value
        del self.notes.kept[kept:]

    def put_back(self, since: Mark, until: Mark) -> None:
        """Put back what was taken between two marks."""
        for body, name, value in reversed(self._taken[since[0] : until[0]]):
            body[name] = value

    def doubt(self, path: Sequence[str | int], problem: str) -> None:
        """Remember why what stands at a path is not said by a value."""
        self.notes.doubts.append(Doubt((*self.path, *path), problem))

    def left(self) -> dict[str, Any]:
        """Return what nobody took, without what says nothing."""
        return _pruned(self.body)


def _pruned(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a block without nulls and containers that hold nothing."""
    pruned = {name: _inner(value) for name, value in body.items()}
    return {name: value for name, value in pruned.items() if value is not None and value not in ({}, [])}


def _inner(value: Any) -> Any:
    if isinstance(value, list):
        return [_inner(entry) for entry in value]
    return _pruned(value) if isinstance(value, dict) else value


def surplus(left: Mapping[str, Any], rendered: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is left of a block and is not what its value renders by itself."""
    found: dict[str, Any] = {}
    for name, value in left.items():
        said = rendered.get(name)
        if isinstance(value, dict) and isinstance(said, dict):
            beyond = surplus(value, said)
            if beyond:
                found[name] = beyond
        elif value != said:
            found[name] = value
    return found


def _leaves(extra: Mapping[str, Any], rendered: Mapping[str, Any]) -> Iterator[Path]:
    """Yield what stands in an `extra`, below the blocks that the value has by itself."""
    for name, value in extra.items():
        said = rendered.get(name)
        if isinstance(value, Mapping) and isinstance(said, Mapping):
            yield from ((name, *leaf) for leaf in _leaves(value, said))
        else:
            yield (name,)


def _inside(value: Any, path: Sequence[str]) -> Mapping[str, Any]:
    """Return what a value renders at a path."""
    rendered: Mapping[str, Any] = value.render()
    for name in path:
        rendered = rendered.get(name, {})
    return rendered


Reader = Callable[[Any, timedelta], Any]
"""From a rendered value to what was passed for it; the unit is what durations count in."""


@cache
def reader_of(annotation: Any) -> Reader:
    """Return how what an annotation accepts is read back; it raises LakeflowError for what it does not accept."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in {Union, types.UnionType}:
        if set(get_args(Secret)) == {*arguments} - {type(None)}:
            return _secret
        return _union([reader_of(argument) for argument in arguments if argument is not type(None)])
    if isinstance(origin, type) and issubclass(origin, Sequence) and origin is not tuple:
        return _sequence(reader_of(arguments[0]))
    if isinstance(annotation, type):
        if hasattr(annotation, "stands_in"):
            return _block(annotation)
        if issubclass(annotation, Enum):
            return _member(annotation)
        if annotation is timedelta:
            return _duration
    return _plain(annotation)


def _union(readers: Sequence[Reader]) -> Reader:
    def read(raw: Any, unit: timedelta) -> Any:
        problems: list[LakeflowError] = []
        for reader in readers:
            try:
                return reader(raw, unit)
            except LakeflowError as error:
                problems.append(error)
        raise problems[0]

    return read


def _secret(raw: Any, _: timedelta) -> Any:
    if not isinstance(raw, get_args(Secret)):
        raise LakeflowError("a secret is not written in code")
    return raw


def _sequence(entry: Reader) -> Reader:
    def read(raw: Any, unit: timedelta) -> Any:
        if not isinstance(raw, list):
            raise LakeflowError(f"{shortened(raw)} is no list")
        return [entry(each, unit) for each in raw]

    return read


def _block(class_: Any) -> Reader:
    def read(raw: Any, _: timedelta) -> Any:
        if not isinstance(raw, dict):
            raise LakeflowError(f"{shortened(raw)} is no block")
        given = Given(deepcopy(raw))
        value = class_.read(given)
        if given.left():
            raise LakeflowError(f"{value!r} does not say {listed(given.left())}")
        return value

    return read


def _member(class_: type[Enum]) -> Reader:
    def read(raw: Any, _: timedelta) -> Any:
        try:
            return class_(raw)
        except ValueError:
            raise LakeflowError(f"{shortened(raw)} is no {class_.__name__}") from None

    return read


def _duration(raw: Any, unit: timedelta) -> Any:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise LakeflowError(f"{shortened(raw)} is no whole number")
    try:
        return raw * unit
    except OverflowError:
        raise LakeflowError(f"{raw} is no duration") from None


def _plain(annotation: Any) -> Reader:
    kind = kind_of(annotation)

    def read(raw: Any, _: timedelta) -> Any:
        if not kind.accepts(raw):
            raise LakeflowError(f"expected {kind.words}, got {kind.describe(raw)}")
        return raw

    return read


class Declared(Protocol):
    """An attribute of a value, as reading needs it."""

    name: str
    path: tuple[str, ...]
    unit: timedelta
    spread: bool
    required: bool
    back: Callable[[Any], Any] | None


class Reading(Generic[T]):
    """The attributes of one value, read from a block one after the other."""

    def __init__(self, class_: Any, given: Given, said: Mapping[str, Any]) -> None:
        self._class = class_
        self._given = given
        self._found = dict(said)
        self._taken: dict[str, tuple[Mark, Mark]] = {}
        self._failed: dict[str, str] = {}
        declared: Sequence[Declared] = self._class.attributes
        self._attributes = {known.name: known for known in declared}
        for known in self._attributes.values():
            if known.name not in said and known.name != EXTRA and (known.path or known.spread):
                self._read(known)
        for known in self._attributes.values():
            if known.required and known.name not in self._found:
                raise LakeflowError(self._failed.get(known.name) or f"has no {'.'.join(known.path) or known.name}")

    def value(self) -> T:
        """Return the value; raise LakeflowError where what was read is none."""
        made: T = self._class(**self._found)
        return made

    def with_extra(self) -> T:
        """Return the value with all that it does not say in its `extra`."""
        value: Any = self._most()
        path = self._attributes[EXTRA].path
        block = self._given.at(*path)
        left = block.left() if block else {}
        for name in left:
            if block:
                block.take(name)
        rendered = _inside(value, path)
        extra = surplus(left, rendered)
        made: T = value.replace(extra=extra) if extra else value
        if extra and surplus(left, _inside(made, path)):
            # Beside an extra the value does not render all that it does by itself.
            extra = left
            made = value.replace(extra=extra)
        self._given.notes.kept += [(*self._given.path, *path, *leaf) for leaf in _leaves(extra, rendered)]
        return made

    def _read(self, known: Declared) -> None:
        before = self._given.mark
        try:
            value = self._spread(known) if known.spread else self._one(known)
        except LakeflowError as error:
            self._given.back_to(before)
            self._doubt(known, error.problem)
            self._failed[known.name] = error.problem
            return
        if value is not MISSING:
            self._found[known.name] = value
            self._taken[known.name] = (before, self._given.mark)

    def _spread(self, known: Declared) -> Any:
        class_, block = self._class_of(known), self._given.at(*known.path)
        return class_.read(block) if class_ and block and class_.stands_in(block) else MISSING

    def _one(self, known: Declared) -> Any:
        class_ = self._class_of(known) if known.back is None else None
        block = self._given.at(*known.path) if class_ else None
        if class_ and block:
            return class_.read(block)
        raw = self._given.take(*known.path)
        if raw is MISSING:
            return raw
        return known.back(raw) if known.back else reader_of(self._class.hints()[known.name])(raw, known.unit)

    def _class_of(self, known: Declared) -> Any:
        """Return the class of an attribute that is one value, None for all other attributes."""
        hint = self._class.hints()[known.name]
        choices = get_args(hint) if get_origin(hint) in {Union, types.UnionType} else (hint,)
        return next((each for each in choices if hasattr(each, "stands_in")), None)

    def _most(self) -> T:
        """Return the value with all that was read of it, or with as much of it as it takes."""
        try:
            return self.value()
        except LakeflowError as error:
            taken = {name: self._found[name] for name in self._taken if not self._attributes[name].required}
            problem = error.problem
        for name in reversed(taken):
            value = self._without(name)
            if value is not None:
                self._keep(name, problem)
                return value
        for name in taken:
            del self._found[name]
        value = self.value()
        for name, found in taken.items():
            self._found[name] = found
            try:
                value = self.value()
            except LakeflowError as error:
                self._keep(name, error.problem)
        return value

    def _without(self, name: str) -> T | None:
        """Return the value without one of its attributes; None where it takes that no better."""
        found = self._found.pop(name)
        try:
            return self.value()
        except LakeflowError:
            self._found[name] = found
            return None

    def _keep(self, name: str, problem: str) -> None:
        """Leave an attribute in the block, as the value does not take it."""
        self._found.pop(name, None)
        self._given.put_back(*self._taken[name])
        self._doubt(self._attributes[name], problem)

    def _doubt(self, known: Declared, problem: str) -> None:
        """Remember why an attribute is not read: where it stands, or all that it is made of."""
        paths = [(name,) for name in sorted(self._class_of(known).blocks_read())] if not known.path else [known.path]
        for path in paths:
            self._given.doubt(path, problem)
