"""From the bytes of a YAML file to its content, every key and value with its place.

Files that people edit and review need a small part of YAML: keys and values, lists, texts, comments. What hides where a
value comes from (anchors, aliases, merge keys, tags, several documents) is refused, with one line that says so.
"""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)
from ruamel.yaml.reader import ReaderError

from environments.errors import Place, Problem
from environments.files.growing import OpenList, OpenTable
from environments.files.scalars import scalar
from environments.files.tree import UNREADABLE, Leaf, Node, Table
from environments.files.yaml_errors import explained
from environments.words import Path, dotted, printable, quoted, shown

DEEPEST = 20
"""How many levels of lists and keys a file may have; ours have five, and a parser's memory is finite."""


class _Unusable(Exception):  # noqa: N818 - it never leaves this module
    """The rest of the file cannot be read."""

    def __init__(self, message: str, place: Place) -> None:
        self.problem = Problem(message, place)
        super().__init__(message)


def read(file: str, data: bytes) -> tuple[Table | None, tuple[Problem, ...]]:
    """Return what a file holds and what is wrong with how it is written; nothing where it cannot be read at all."""
    composer = _Composer(file)
    try:
        return composer.table(composer.text(data)), tuple(composer.problems)
    except _Unusable as error:
        return None, (*composer.problems, error.problem)


class _Composer:
    """Builds the tree of one file from the parser's events, and keeps what is wrong on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.open: list[OpenList] = []
        self.documents: list[Node] = []
        self.last: Any = None
        """Where the last event ended."""

    def text(self, data: bytes) -> str:
        """Return the file's text, which has to be UTF-8 without a byte order mark."""
        if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            raise _Unusable("the file is UTF-16; save it as UTF-8", Place(self.file))
        if data.startswith(BOM_UTF8):
            self.problems.append(Problem("a byte order mark; save the file as UTF-8 without one", Place(self.file)))
        try:
            return data.removeprefix(BOM_UTF8).decode("utf-8")
        except UnicodeDecodeError as error:
            before, byte = error.object[: error.start].decode("utf-8"), error.object[error.start]
            message = f"byte 0x{byte:02x} is not UTF-8; save the file as UTF-8"
            raise _Unusable(message, self._after(before)) from None

    def table(self, text: str) -> Table | None:
        """Return the keys and values of the one document in a text; None where they have been refused."""
        yaml = YAML(typ="safe", pure=True)
        try:
            for event in yaml.parse(text):
                self._take(event)
                self.last = event.end_mark
        except ReaderError as error:
            message = f"the control character U+{error.character:04X} cannot stand in a file; delete it"
            raise _Unusable(message, self._after(text[: error.position])) from None
        except MarkedYAMLError as error:
            message, mark = explained(error, text)
            raise _Unusable(message, self._place(mark)) from None
        except (ValueError, OverflowError):  # chr() of "\UFFFFFFFF"
            raise _Unusable("an escape for a character that does not exist", self._place(self.last)) from None
        if not self.documents or self.documents[0].plain() is None:
            raise _Unusable("the file is empty; it needs keys and values, such as `extends: base`", Place(self.file))
        first = self.documents[0]
        if first.plain() is UNREADABLE:
            return None
        if not isinstance(first, Table):
            raise _Unusable(f"expected keys and values at the top of the file, got {shown(first.plain())}", first.place)
        return first

    def _take(self, event: Any) -> None:
        match event:
            case DocumentStartEvent():
                self._begin(event)
            case AliasEvent():
                self._refuse(event, f"*{printable(event.anchor)} is an alias; write the value out, or inherit it")
                self._add(Leaf(self._place(event.start_mark), UNREADABLE))
            case ScalarEvent():
                self._check(event)
                self._add(Leaf(self._place(self._start(event)), self._value(event)))
            case CollectionStartEvent():
                self._check(event)
                self._descend(event)
            case CollectionEndEvent():
                self._add(self.open.pop().closed())

    def _start(self, event: ScalarEvent) -> Any:
        """Return where a scalar starts; for a key without a value that is at its colon, and not at the next key."""
        empty = event.start_mark.index == event.end_mark.index
        after_key = bool(self.open) and isinstance(self.open[-1].step, str)
        return self.last if empty and after_key else event.start_mark

    def _begin(self, event: DocumentStartEvent) -> None:
        place = self._place(event.start_mark)
        if self.documents:
            raise _Unusable("a second document (---); one file is one environment", place)
        if event.version or event.tags:
            raise _Unusable("directives (%YAML, %TAG) are not used here; delete the line", Place(self.file))

    def _check(self, event: Any) -> None:
        if event.anchor:
            self._refuse(
                event, f"&{printable(event.anchor)} is an anchor; write the value where it is needed, or inherit it"
            )
        if event.tag is not None:
            tag = printable(event.tag.replace("tag:yaml.org,2002:", "!!"))
            self._refuse(event, f"the tag {tag} is not used here; write the plain value")

    def _value(self, event: ScalarEvent) -> Any:
        if event.tag is not None:
            return UNREADABLE
        if any("\ud800" <= character <= "\udfff" for character in event.value):
            self._refuse(event, f"{quoted(event.value)} holds half a character; write the whole one")
            return UNREADABLE
        return event.value if event.style else scalar(event.value)

    def _descend(self, event: CollectionStartEvent) -> None:
        place = self._place(event.start_mark)
        if len(self.open) == DEEPEST:
            raise _Unusable(f"more than {DEEPEST} levels of lists and keys", place)
        kind = OpenTable if isinstance(event, MappingStartEvent) else OpenList
        self.open.append(kind(place, self._path()))

    def _add(self, node: Node) -> None:
        if self.open:
            self.problems.extend(self.open[-1].add(node))
        else:
            self.documents.append(node)

    def _refuse(self, event: NodeEvent, message: str) -> None:
        path = dotted(self._path())
        self.problems.append(Problem(f"{path}: {message}" if path else message, self._place(event.start_mark)))

    def _path(self) -> Path:
        """Return the path of the value that is being read; of its table, while a key is being read."""
        if not self.open:
            return ()
        step = self.open[-1].step
        return self.open[-1].path if step is None else (*self.open[-1].path, step)

    def _place(self, mark: Any) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1)

    def _after(self, text: str) -> Place:
        return Place(self.file, text.count("\n") + 1, len(text) - (text.rfind("\n") + 1) + 1)
