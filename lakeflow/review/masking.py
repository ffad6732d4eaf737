"""What a plan says, without what must not be shown.

Terraform prints the values that it calls sensitive in clear, and the provider calls almost nothing sensitive: both are
hidden here, once, before anything else sees the plan.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from constructs_lib.secrets import looks_like_secret

MASK = "(secret)"

# The words themselves, and those that are a part of other words and so have to stand alone: `pat` is in `path`.
_WORDS = (
    r"secret|token|passw|passphrase|pwd|credential|authorization|bearer|cookie|signature|connection[_. -]?string"
    r"|(?:api|access|account|client|encryption|master|private|shared|signing|ssh|storage)[_.-]?key"
    r"|(?<![a-z])(?:auth|dsn|pass|pat|pin|sas|sig)(?![a-z])"
)
_NAME = re.compile(rf"(?i){_WORDS}|private")
_FLAG = re.compile(rf"(?i)-{{1,2}}[\w.-]*(?:{_WORDS})[\w.-]*=?")
_ASSIGNED = re.compile(
    rf"(?i)(?:{_WORDS})[\w.-]*"  # a name,
    r"(?:[\"'\\]*\s*(?:=>?|:|%3D)\s*[\"'\\]*|>)"  # the sign between it and its value, both perhaps in quotes,
    r"(?!\{\{[^{}]+\}\}|\$\{[^{}:]+\})[^\s\"'\\,;<]"  # and the value, unless it is a reference
    rf"|(?<![\w-])-{{1,2}}[\w.-]*(?:{_WORDS})[\w.-]*\s+[^\s-]"  # or a flag and its value,
    rf"|\"(?:name|key)\"\s*:\s*\"[^\"]*(?:{_WORDS})"  # a pair that names its value,
    r"|\bbearer\s+\S|(?<!\w)-u\s+\S+:\S"  # what curl takes,
    r"|\b(?!abfss?:|wasbs?:)[a-z][a-z0-9+.-]*://[^/\s@]+@"  # or somebody in a URL; storage has containers there
)
_KNOWN = re.compile(r"\bsk-[A-Za-z0-9_-]{20}|\bAIza[\w-]{35}|\bhf_[A-Za-z]{30}")
_HARMLESS = re.compile(r"(?i)\s*|true|false|null|none|\{\{[^{}]+\}\}|\$\{[^{}]+\}")
_NO_SECRETS = frozenset(
    {
        "authentication_method",
        "credential",
        "credential_name",
        "git_credential_id",
        "idempotency_token",
        "secret_scope",
        "storage_credential",
        "storage_credential_name",
    }
)
"""Attributes of the provider that are called like a secret and only name something."""
_ENVIRONMENT = frozenset({"spark_env_vars", "environment_vars"})
"""Maps whose values are hidden whatever they are called: that is where secrets are put."""
_NAMED = ("name", "key")
_VALUES = frozenset({"default", "value", "string_value"})
_SHORTEST = 8
"""Shorter texts are not looked for inside others: `dev` is everywhere."""
_FEWEST_DIGITS = 4
"""Shorter numbers are not looked for elsewhere: 60 is everywhere."""


class Secret(str):
    """A text that prints as `(secret)`, and is equal to another that hides the same."""

    hidden: Any

    def __new__(cls, hidden: Any) -> "Secret":
        """Return what hides a value."""
        made = super().__new__(cls, MASK)
        made.hidden = hidden.hidden if isinstance(hidden, Secret) else hidden
        return made

    def __eq__(self, other: object) -> bool:
        # Never to a plain text: who compares could tell what it is.
        return isinstance(other, Secret) and bool(self.hidden == other.hidden)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((MASK, self.hidden)) if isinstance(self.hidden, str) else hash(MASK)

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        # What leaves the process leaves as what it prints.
        return str, (MASK,)


class Masking:
    """Hides what one plan calls sensitive, and everything that looks like a secret."""

    def __init__(self, sensitive: Iterable[Any] = ()) -> None:
        """Hide these values wherever they stand, too."""
        texts = {form for value in sensitive for text in _texts(value) for form in _forms(text)}
        self._whole = {text for text in texts if len(text) > 2 and not _HARMLESS.fullmatch(text)}
        self._starts: dict[str, list[str]] = {}
        for text in self._whole:
            if len(text) >= _SHORTEST:
                self._starts.setdefault(text[:_SHORTEST], []).append(text)
        self._keys: dict[str, str] = {}
        self._text = lru_cache(maxsize=65_536)(self._masked_text)

    def text(self, value: str, name: str = "") -> str:
        """Return a text, or what hides it."""
        return self._text(value, name)

    def value(self, value: Any, sensitive: Any = False, name: str = "") -> Any:
        """Return a value without what says nothing (null and what is empty), secrets hidden.

        `sensitive` is what the plan says beside it: true, or a shape that has true where something is.
        """
        if sensitive and not (type(sensitive) is type(value) and isinstance(sensitive, dict | list)):
            # Also where the mark has a shape that the value has not: rather too much is hidden.
            return Secret(value) if value not in (None, "", [], {}) else None
        if isinstance(value, str):
            return self._text(value, name) if value else value
        if isinstance(value, dict):
            return self._object(value, sensitive or {}, name)
        if isinstance(value, list):
            return self._list(value, sensitive or [], name)
        return Secret(value) if self._whole and value is not True and str(value) in self._whole else value

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
                if entry == 0 or entry == "":  # noqa: PLR1714 (a tuple of both takes twice as long)
                    found[self._key(key)] = Secret(entry) if below else entry
                continue
            called = inside + (named if named and key in _VALUES else key)
            if not below and type(entry) is str:
                masked: Any = self._text(entry, called)
            elif entry is True and not below:
                masked = True
            else:
                masked = self.value(entry, below, called)
            if hide_all and isinstance(masked, str) and not _HARMLESS.fullmatch(masked):
                masked = Secret(masked)
            found[self._key(key)] = masked
        return found

    def _key(self, key: str) -> str:
        shown = self._keys.get(key)
        if shown is None:
            shown = self._keys[key] = self._text(key, "")
        return shown

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
        if name and name not in _NO_SECRETS and _NAME.search(name) and not _HARMLESS.fullmatch(value):
            return True
        return bool(_ASSIGNED.search(value) or _KNOWN.search(value)) or self._contains(value)

    def _contains(self, value: str) -> bool:
        """Return whether one of the plan's own secrets is a part of a text."""
        if not self._starts:
            return False
        pieces = {value[place : place + _SHORTEST] for place in range(len(value) - _SHORTEST + 1)}
        return any(text in value for piece in pieces & self._starts.keys() for text in self._starts[piece])


def sensitive_values(value: Any, sensitive: Any) -> list[Any]:
    """Return the values that a plan calls sensitive."""
    found: list[Any] = []
    _collect(value, sensitive, found)
    return found


def _collect(value: Any, sensitive: Any, found: list[Any]) -> None:
    kind = type(sensitive)
    if sensitive is True or kind is not type(value):
        found.append(value)
    elif kind is dict:
        for key, below in sensitive.items():
            if below and key in value:
                _collect(value[key], below, found)
    elif kind is list:
        for entry, below in zip(value, sensitive, strict=False):
            if below:
                _collect(entry, below, found)
    else:
        found.append(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield str(key)
            yield from _texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
    elif isinstance(value, int | float) and not isinstance(value, bool) and value.__sizeof__() < 100:
        yield str(value) if len(str(value)) >= _FEWEST_DIGITS else ""


def _forms(text: str) -> Iterator[str]:
    """Yield the ways in which a text stands in others: as it is, trimmed, and inside JSON."""
    yield from (text, text.strip(), json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1])
