"""Sentences of ours around values of others: a report escapes the values and trusts the words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lakeflow.graph.letters import printable, shortened
from lakeflow.review.masking import Secret
from lakeflow.review.unknown import Later
from lakeflow.words import UNITS, spoken

_LONGEST = 120
_LEAD = 30
"""Letters shown before the first difference of two long texts."""
_LARGEST = 200
"""Bits of the largest number that is written out."""
_SECONDS, _MILLIS = "_seconds", "_millis"


@dataclass(frozen=True, slots=True)
class Value:
    """Somebody else's text: never more than text, whatever it says."""

    text: str
    strong: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", one_line(self.text))


Phrase = tuple[str | Value, ...]


def say(template: str, *values: object) -> Phrase:
    """Return a sentence with values where the template has `{}`; a phrase among them keeps its own words."""
    parts: list[str | Value] = []
    texts = template.split("{}")
    for place, text in enumerate(texts):
        if text:
            parts.append(text)
        if place < len(texts) - 1:
            value = values[place]
            parts += value if isinstance(value, tuple) else [value if isinstance(value, Value) else Value(shown(value))]
    return tuple(parts)


def one_line(text: str, most: int = _LONGEST) -> str:
    """Return somebody else's text on one line of at most `most` columns, with nothing that hides or controls."""
    if len(text) <= most and text.isascii() and text.isprintable():
        return text
    return shortened(printable(text), most)


def strong(value: object) -> Value:
    """Return a value that stands out."""
    return Value(shown(value), strong=True)


def joined(phrases: Iterable[Phrase], between: str = ", ") -> Phrase:
    """Return phrases as one."""
    parts: list[str | Value] = []
    for phrase in phrases:
        parts += [*([between] if parts else []), *phrase]
    return tuple(parts)


def text_of(phrase: Phrase) -> str:
    """Return a phrase as plain text on one line."""
    return "".join(part if isinstance(part, str) else part.text for part in phrase)


def shown(value: object, name: str = "", most: int = _LONGEST) -> str:
    """Return a value on one line; `name` is its attribute, which tells whether it is a duration."""
    if value is None:
        return "nothing"
    if isinstance(value, Later):
        return f"{value} ({value.reference})" if value.reference else str(value)
    if isinstance(value, Secret):
        return str(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return _number(value, name)
    if isinstance(value, str):
        return one_line(value, most) or "nothing"
    return one_line(_written(value), most)


def contrasted(before: object, after: object, name: str = "", most: int = _LONGEST) -> tuple[str, str]:
    """Return two values on one line each, cut so that where they differ can be seen."""
    if not isinstance(before, str) or not isinstance(after, str) or isinstance(before, Secret | Later):
        return shown(before, name, most), shown(after, name, most)
    if isinstance(after, Secret | Later) or max(len(before), len(after)) <= most:
        return shown(before, name, most), shown(after, name, most)
    same = next((place for place, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
    start = max(0, min(same, len(before), len(after)) - _LEAD)
    lead = "…" if start else ""
    return lead + one_line(before[start:], most), lead + one_line(after[start:], most)


def _number(value: float, name: str) -> str:
    if isinstance(value, int) and value.bit_length() > _LARGEST:
        return "a huge number"
    seconds = value / 1000 if name.endswith(_MILLIS) else value if name.endswith(_SECONDS) else 0
    if 0 < seconds < 1e9 and (name.endswith((_MILLIS, _SECONDS))):
        said = spoken(timedelta(seconds=seconds))
        # Two units say most durations; what they would round is said in the smallest.
        return said if _exactly(said) == seconds else f"{seconds:g}s"
    if isinstance(value, int):
        return str(value)
    return f"{value:g}"


def _exactly(said: str) -> float:
    return sum(int(part[:-1]) * UNITS[part[-1]].total_seconds() for part in said.split())


def _written(value: Any) -> str:
    """Return a list or a block as a person would note it: `a, b` or `on_failure: a, no_alert: true`."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_nested(entry)}" for key, entry in sorted(value.items()))
    if isinstance(value, list):
        return ", ".join(map(_nested, value))
    return shown(value)


def _nested(value: Any) -> str:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, Mapping):
        return f"{{{_written(value)}}}"
    return f"[{_written(value)}]" if isinstance(value, list) else shown(value)
