"""What a plan says, without what must not be shown.

Terraform prints the values that it calls sensitive in clear, and the provider calls almost nothing sensitive: both are
hidden here, once, before anything else sees the plan.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from constructs_lib.secrets import looks_like_secret

MASK = "(secret)"

_WORDS = r"secret|token|passw|pwd|api[_.-]?key|access[_.-]?key|account[_.-]?key|credential|connection[_. -]?string"
_NAME = re.compile(rf"(?i){_WORDS}|private|(?:^|[^a-z])sas(?:$|[^a-z])")
_FLAG = re.compile(rf"(?i)-{{1,2}}[\w.-]*(?:{_WORDS}|private[_.-]?key)[\w.-]*")
_ASSIGNED = re.compile(
    rf"(?i)(?:{_WORDS}|private[_.-]?key)[\w.-]*"  # a name,
    r"[\"'\\]*\s?[=:]\s?[\"'\\]*"  # the sign between it and its value, both perhaps in quotes,
    r"(?!\{\{|\$\{)[^\s\"'\\,;]{3}"  # and the value
)
_HARMLESS = re.compile(r"(?i)\s*|true|false|null|none|[0-9.]+|\{\{[^{}]+\}\}|\$\{[^{}]+\}")
_ENVIRONMENT = frozenset({"spark_env_vars", "environment_vars"})
"""Maps whose values are hidden whatever they are called: that is where secrets are put."""
_NAMED = ("name", "key")
_VALUES = frozenset({"default", "value", "string_value"})
_SHORTEST = 8
"""Shorter texts are not looked for inside others: `dev` is everywhere."""


class Secret(str):
    """A text that prints as `(secret)` and is equal to what it hides."""

    hidden: Any

    def __new__(cls, hidden: Any) -> "Secret":
        """Return what hides a value."""
        made = super().__new__(cls, MASK)
        made.hidden = hidden.hidden if isinstance(hidden, Secret) else hidden
        return made

    def __eq__(self, other: object) -> bool:
        return bool(self.hidden == (other.hidden if isinstance(other, Secret) else other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.hidden) if isinstance(self.hidden, str) else hash(MASK)

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        # What leaves the process leaves as what it prints.
        return str, (MASK,)


class Masking:
    """Hides what one plan calls sensitive, and everything that looks like a secret."""

    def __init__(self, sensitive: Iterable[Any] = ()) -> None:
        """Hide these values wherever they stand, too."""
        texts = {text for value in sensitive for text in _texts(value)}
        self._whole = {text for text in texts if len(text) > 2 and not _HARMLESS.fullmatch(text)}
        self._starts: dict[str, list[str]] = {}
        for text in self._whole:
            if len(text) >= _SHORTEST:
                self._starts.setdefault(text[:_SHORTEST], []).append(text)
        self._text = lru_cache(maxsize=65_536)(self._masked_text)

    def text(self, value: str, name: str = "") -> str:
        """Return a text, or what hides it."""
        return self._text(value, name)

    def value(self, value: Any, sensitive: Any = False, name: str = "") -> Any:
        """Return a value without what says nothing (null and what is empty), secrets hidden.

        `sensitive` is what the plan says beside it: true, or a shape that has true where something is.
        """
        if sensitive is True:
            return Secret(value) if value not in (None, "", [], {}) else None
        if isinstance(value, str):
            return self._text(value, name) if value else None
        if isinstance(value, dict):
            return self._object(value, sensitive if isinstance(sensitive, dict) else {}, name)
        if isinstance(value, list):
            return self._list(value, sensitive if isinstance(sensitive, list) else [], name)
        return value

    def _object(self, value: dict[str, Any], sensitive: Mapping[str, Any], name: str) -> dict[str, Any]:
        # A pair such as {"name": "password", "default": "…"} names its value itself.
        named = next((value[key] for key in _NAMED if isinstance(value.get(key), str)), "")
        hide_all = name in _ENVIRONMENT
        inside = f"{name}." if _NAME.search(name) else ""
        found = {}
        # A plan has millions of values, most of them nothing: what is met most often is decided first.
        for key, entry in value.items():
            below = sensitive.get(key, False) if sensitive else False
            if not entry:
                if entry == 0:
                    found[self._text(key, "")] = Secret(entry) if below is True else entry
                continue
            called = inside + (named if named and key in _VALUES else key)
            masked = self.value(entry, below, called)
            if hide_all and isinstance(masked, str) and not _HARMLESS.fullmatch(masked):
                masked = Secret(masked)
            found[self._text(key, "")] = masked
        return found

    def _list(self, value: list[Any], sensitive: list[Any], name: str) -> list[Any]:
        found, after_flag = [], False
        for place, entry in enumerate(value):
            masked = self.value(entry, sensitive[place] if place < len(sensitive) else False, name)
            if after_flag and isinstance(masked, str) and not _HARMLESS.fullmatch(masked):
                masked = Secret(masked)
            after_flag = isinstance(entry, str) and bool(_FLAG.fullmatch(entry))
            found.append(masked)
        return found

    def _masked_text(self, value: str, name: str) -> str:
        return Secret(value) if self._hides(value, name) else value

    def _hides(self, value: str, name: str) -> bool:
        if value in self._whole or looks_like_secret(value, name):
            return True
        if name and _NAME.search(name) and not _HARMLESS.fullmatch(value):
            return True
        return bool(_ASSIGNED.search(value)) or self._contains(value)

    def _contains(self, value: str) -> bool:
        """Return whether one of the plan's own secrets is a part of a text."""
        if not self._starts:
            return False
        return any(
            value.startswith(text, place)
            for place in range(len(value) - _SHORTEST + 1)
            for text in self._starts.get(value[place : place + _SHORTEST], ())
        )


def sensitive_values(value: Any, sensitive: Any) -> Iterator[Any]:
    """Yield the values that a plan calls sensitive."""
    if sensitive is True:
        yield value
    elif type(sensitive) is dict:
        for key, below in sensitive.items():
            if below and type(value) is dict and key in value:
                yield from sensitive_values(value[key], below)
    elif type(sensitive) is list and type(value) is list:
        for entry, below in zip(value, sensitive, strict=False):
            if below:
                yield from sensitive_values(entry, below)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from _texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
