"""What an annotation accepts at run time, and how to say so: for who writes a stack without a type checker."""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from enum import Enum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from constructs_lib.errors import shortened

_WORDS: dict[object, str] = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    timedelta: "a timedelta such as timedelta(minutes=30)",
    time: "a time such as time(7, 30)",
    object: "anything",
}


@dataclass(frozen=True)
class Kind:
    """What a value must be: a test, and the words for it."""

    accepts: Callable[[Any], bool]
    words: str
    entry: "Kind | None" = None
    """What the values of a mapping must be."""

    def describe(self, value: object) -> str:
        """Return the value and its type in few words; of a mapping only the wrong entry: others may be secrets."""
        if self.entry and isinstance(value, Mapping):
            for key, entry in value.items():
                if not isinstance(key, str) or not self.entry.accepts(entry):
                    return f"{shortened(key)}: {self.entry.describe(entry)}"
        return f"{type(value).__name__} {shortened(value)}"


@cache
def kind_of(annotation: Any) -> Kind:
    """Return the kind that an annotation means; unions, literals, sequences, mappings, classes and protocols."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is Any or annotation is object:
        return Kind(lambda _: True, "anything")
    if annotation is None or annotation is type(None):
        return Kind(lambda value: value is None, "None")
    if origin in {Union, types.UnionType}:
        kinds = [kind_of(argument) for argument in arguments]
        words = [kind.words for kind in kinds if kind.words != "None"]
        return Kind(lambda value: any(kind.accepts(value) for kind in kinds), " or ".join(words))
    if origin is Literal:
        return Kind(lambda value: value in arguments, "one of " + ", ".join(repr(choice) for choice in arguments))
    if origin is not None and issubclass(origin, tuple):
        return _tuple(arguments)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(kind_of(arguments[0]), kind_of(arguments[1]))
    if origin is not None and issubclass(origin, Sequence):
        return _sequence(kind_of(arguments[0]))
    return _class(origin or annotation)


def _class(class_: type) -> Kind:
    if class_ in {int, float}:
        accepted = (int, float) if class_ is float else (int,)
        return Kind(lambda value: isinstance(value, accepted) and not isinstance(value, bool), _WORDS[class_])
    if issubclass(class_, Enum):
        return Kind(
            lambda value: isinstance(value, class_),
            "one of " + ", ".join(f"{class_.__name__}.{member.name}" for member in class_),
        )
    # A protocol's first line says after its colon what has it.
    _, colon, made = (class_.__doc__ or "").partition("\n")[0].partition(": `")
    words = f"`{made.rstrip('.')}" if colon and getattr(class_, "_is_protocol", False) else class_.__name__
    return Kind(lambda value: isinstance(value, class_), _WORDS.get(class_, words))


def _tuple(arguments: tuple[Any, ...]) -> Kind:
    kinds = [kind_of(argument) for argument in arguments]
    words = f"a tuple of {', '.join(kind.words for kind in kinds)}"

    def accepts(value: object) -> bool:
        return (
            isinstance(value, tuple)
            and len(value) == len(kinds)
            and all(kind.accepts(entry) for kind, entry in zip(kinds, value, strict=True))
        )

    return Kind(accepts, words)


def _sequence(entry: Kind) -> Kind:
    def accepts(value: object) -> bool:
        return isinstance(value, list | tuple) and all(entry.accepts(each) for each in value)

    return Kind(accepts, f"a list of {entry.words}")


def _mapping(key: Kind, entry: Kind) -> Kind:
    def accepts(value: object) -> bool:
        return isinstance(value, Mapping) and all(key.accepts(k) and entry.accepts(v) for k, v in value.items())

    return Kind(accepts, f"a dict of {key.words} to {entry.words}", entry)
