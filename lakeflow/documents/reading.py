"""From the bytes of a file to what stands in it, JSON or YAML, one document or several."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from constructs_lib.errors import LakeflowError
from constructs_lib.rules.finding import Path
from lakeflow.documents.json_text import JsonText
from lakeflow.documents.texts import Position, decoded

_SIGNS = ("task_key", "_task", "databricks_job")
"""Without any of these a text holds no job."""

_YAML = (".yml", ".yaml")


class Text(Protocol):
    """A text that has been read."""

    values: list[Any]

    def positions(self, paths: Iterable[Path]) -> Mapping[Path, Position]:
        """Return where values stand."""


class Document:
    """What stands in a file; several documents are a list."""

    def __init__(self, label: str, text: Text) -> None:
        self.label = label
        self._text = text

    @property
    def value(self) -> Any:
        """What stands in it, None where that is nothing."""
        values = self._text.values
        return values if len(values) > 1 else values[0] if values else None

    @property
    def count(self) -> int:
        """How many documents stand in it."""
        return len(self._text.values)

    def positions(self, paths: Iterable[Path]) -> Mapping[Path, Position]:
        """Return where values stand."""
        return self._text.positions(paths)


def read(label: str, data: bytes) -> Document:
    """Return what stands in a file; raise LakeflowError with `file:line:column` where it cannot be read."""
    return Document(label, _text(label, decoded(label, data)))


def read_if_promising(label: str, data: bytes) -> Document | None:
    """Return what stands in a file, or None without reading it where no job can be in it."""
    try:
        text = decoded(label, data)
    except LakeflowError:
        return None
    return Document(label, _text(label, text)) if any(sign in text for sign in _SIGNS) else None


def _text(label: str, text: str) -> Text:
    is_yaml = label.lower().endswith(_YAML)
    if text.lstrip()[:1] in {"{", "["} or label.lower().endswith(".json"):
        try:
            return JsonText(label, text)
        except LakeflowError:
            if not is_yaml:
                raise
    from lakeflow.documents.yaml_text import YamlText

    return YamlText(label, text)
