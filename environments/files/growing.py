"""Lists and tables while they are being read: what comes next, and what cannot stand there."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from environments.errors import Place, Problem
from environments.files.tree import UNREADABLE, Entry, Items, Node, Table
from environments.words import Path, dotted, shown


@dataclass
class OpenList:
    """A list whose end has not been read."""

    place: Place
    path: Path
    nodes: list[Node] = field(default_factory=list)

    @property
    def step(self) -> str | int | None:
        """Where the next value will stand in here; None where it will be a key."""
        return len(self.nodes)

    def add(self, node: Node) -> Iterator[Problem]:
        """Take the next value in, and say what is wrong with it."""
        self.nodes.append(node)
        yield from ()

    def closed(self) -> Node:
        """Return the finished list."""
        return Items(self.place, tuple(self.nodes))


@dataclass
class OpenTable(OpenList):
    """Keys and values whose end has not been read."""

    entries: dict[str, Entry] = field(default_factory=dict)
    key: Node | None = None

    @property
    def step(self) -> str | int | None:
        """The key of the next value; None where the next value is a key."""
        return None if self.key is None else str(self.key.plain())

    def add(self, node: Node) -> Iterator[Problem]:
        """Take a key or a value in, and say where the key is one that cannot stand here."""
        if self.key is None:
            self.key = node
            return
        key, name, self.key = self.key, self.key.plain(), None
        if name is UNREADABLE:
            return
        if not isinstance(name, str):
            fix = "; put it in quotes" if isinstance(name, bool | int | float) else ""
            yield self._problem(f"a key has to be text, got {shown(name)}{fix}", key.place)
        elif name == "<<":
            yield self._problem("merge keys (<<) are not used here; write the values out, or inherit them", key.place)
        elif name in self.entries:
            first = self.entries[name].key.line
            lines = f"in line {first} and in line {key.place.line}" if first != key.place.line else "in this line"
            yield Problem(f"{dotted((*self.path, name))}: given twice, {lines}; keep one", key.place)
        else:
            self.entries[name] = Entry(key.place, node)

    def closed(self) -> Node:
        """Return the finished table."""
        return Table(self.place, self.entries)

    def _problem(self, message: str, place: Place) -> Problem:
        return Problem(f"{dotted(self.path)}: {message}" if self.path else message, place)
