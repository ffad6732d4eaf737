"""Values of environment files: where one stands, and the edit that changes it for one environment alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakeflow.monitor.advice import Edit

if TYPE_CHECKING:
    from environments.files.document import Document
    from environments.files.tree import Node

FOLDER = "environments"
_QUOTES = "'\""


@dataclass(frozen=True)
class Key:
    """A key of an environment, and where its value stands."""

    path: tuple[str, ...]
    value: object
    file: str
    line: int
    column: int
    own: bool
    """Whether that is the environment's own file, and not one that it extends."""

    @property
    def dotted(self) -> str:
        """The path as people write it."""
        return ".".join(self.path)


@dataclass(frozen=True, eq=False)
class EnvironmentFiles:
    """The files of one environment."""

    environment: str
    root: Path
    _document: "Document"

    @classmethod
    def read(cls, environment: str, root: Path) -> "EnvironmentFiles | None":
        """Return the files of an environment; None where there are none that can be read."""
        from environments.errors import InvalidEnvironment
        from environments.files.document import Document
        from environments.files.family import Family

        try:
            line = Family(root / FOLDER).line(environment)
        except (InvalidEnvironment, IndexError):
            return None
        return cls(environment, root, Document(line)) if line else None

    def key(self, path: Sequence[str]) -> Key | None:
        """Return the key at a path, its value a text or a number; None where there is none."""
        found = self._document.content.along(tuple(path))
        if len(found) != len(path) + 1 or found[-1].steps:
            return None
        place = found[-1].place
        own = place.file == self._document.own.label
        return Key(tuple(path), found[-1].plain(), place.file, place.line, place.column, own)

    def keys(self, path: Sequence[str]) -> list[str]:
        """Return the names of the keys below a path."""
        found = self._document.content.along(tuple(path))
        return [str(step) for step in found[-1].steps] if len(found) == len(path) + 1 else []

    def edit(self, key: Key, value: object) -> Edit | None:
        """Return the edit of the environment's own file that gives a key this value; None where none is certain."""
        edit = self._replaced(key, str(value)) if key.own else self._put_in(key, str(value))
        return edit if edit and self._does(edit, key, value) else None

    def _replaced(self, key: Key, value: str) -> Edit | None:
        line = self._lines(key.file)[key.line - 1]
        text = line[key.column - 1 :]
        old = str(key.value)
        if text[:1] in _QUOTES:
            old, value = text[0] + old + text[0], text[0] + value + text[0]
        return (
            Edit(file=key.file, line=key.line, column=key.column, old=old, new=value) if text.startswith(old) else None
        )

    def _put_in(self, key: Key, value: str) -> Edit | None:
        """Return the key as a new line after the last of its neighbours in the environment's own file.

        Groups that the file does not have yet are put in with it.
        """
        own = self._document.own
        along = own.content.along(key.path) if own.content else ()
        entries = list(getattr(along[-1], "entries", {}).values()) if along else []
        if not entries or len({entry.key.column for entry in entries}) > 1:
            return None
        line = max(entries[-1].key.line, _last_line(entries[-1].value))
        steps = enumerate(key.path[len(along) - 1 :])
        new = "".join(f"\n{' ' * (entries[-1].key.column - 1 + 2 * depth)}{step}:" for depth, step in steps)
        return Edit(
            file=own.label, line=line, column=len(self._lines(own.label)[line - 1]) + 1, old="", new=f"{new} {value}"
        )

    def _does(self, edit: Edit, key: Key, value: object) -> bool:
        """Return whether an edit changes exactly that, by reading the file that it makes."""
        from environments.files.reader import read

        content, problems = read(edit.file, edited(self._text(edit.file), [edit]).encode())
        before, _ = read(edit.file, self._text(edit.file).encode())
        if content is None or before is None or problems:
            return False
        expected: Any = before.plain()
        below = expected
        for step in key.path[:-1]:
            below = below.setdefault(step, {})
        below[key.path[-1]] = value
        return bool(content.plain() == expected)

    def _text(self, file: str) -> str:
        return (self.root / file).read_bytes().decode("utf-8")

    def _lines(self, file: str) -> list[str]:
        return [line.removesuffix("\r") for line in self._text(file).split("\n")]


def _last_line(node: "Node") -> int:
    return max([node.place.line, *(_last_line(each) for each in node.steps.values())])


def edited(text: str, edits: Sequence[Edit]) -> str:
    """Return a file's text with edits made, the last first so that places stay right; its ends of lines are kept."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda each: (each.line, each.column), reverse=True):
        line = lines[edit.line - 1]
        start = edit.column - 1
        ending = "\r" if line.endswith("\r") else ""
        lines[edit.line - 1] = line[:start] + edit.new.replace("\n", f"{ending}\n") + line[start + len(edit.old) :]
    return "\n".join(lines)
