"""The content of a file in which every key and value knows its place, and how one file is laid over another."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from environments.errors import Place
from environments.words import Path

UNREADABLE: Any = type("Unreadable", (), {"__repr__": lambda _: "unreadable"})()
"""Stands for a value that could not be read and has been reported, so that nothing else is said about it."""


@dataclass(frozen=True)
class Node(ABC):
    """A value with the place where it starts."""

    place: Place

    @abstractmethod
    def plain(self) -> Any:
        """Return the value as JSON has it."""

    @property
    def steps(self) -> Mapping[str | int, "Node"]:
        """What is inside, by key or position."""
        return {}

    def over(self, base: "Node") -> "Node":
        """Return this value laid over the inherited one: keys are merged at every depth, all else is replaced."""
        del base
        return self

    def under(self, table: "Table") -> "Table":
        """Return keys and values laid over this value. They replace it, and whatever this one would have replaced."""
        return replace(table, alone=True)

    def along(self, path: Path) -> tuple["Node", ...]:
        """Return the values on a path, this one first, as far as they exist."""
        found: list[Node] = [self]
        for step in path:
            below = found[-1].steps.get(step)
            if below is None:
                break
            found.append(below)
        return tuple(found)

    def at(self, path: Path) -> "Node":
        """Return the value at a path, or the last one on the way to it."""
        return self.along(path)[-1]

    def key_of(self, step: str | int) -> Place:
        """Return where a key stands; the items of a list have none, so where the item itself stands."""
        return self.at((step,)).place


@dataclass(frozen=True)
class Leaf(Node):
    """A text, a number, true, false or null."""

    value: str | int | float | bool | None

    def plain(self) -> Any:
        """Return the value itself."""
        return self.value


@dataclass(frozen=True)
class Items(Node):
    """A list."""

    items: tuple[Node, ...]

    def plain(self) -> Any:
        """Return a list."""
        return [item.plain() for item in self.items]

    @property
    def steps(self) -> Mapping[str | int, Node]:
        """The items by position."""
        return dict(enumerate(self.items))


class Entry(NamedTuple):
    """A value, and where its key stands."""

    key: Place
    value: Node


@dataclass(frozen=True)
class Table(Node):
    """Keys and values."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    alone: bool = False
    """Whether this takes the place of anything inherited, because something between the two did."""

    def plain(self) -> Any:
        """Return a dictionary."""
        return {name: entry.value.plain() for name, entry in self.entries.items()}

    @property
    def steps(self) -> Mapping[str | int, Node]:
        """The values by key."""
        return {name: entry.value for name, entry in self.entries.items()}

    def over(self, base: Node) -> Node:
        """Return these keys merged into the inherited ones."""
        return self if self.alone else base.under(self)

    def under(self, table: "Table") -> "Table":
        """Return both tables' keys; where both have one, the other table's value is laid over this one's."""
        merged = dict(self.entries)
        for name, entry in table.entries.items():
            below = merged.get(name)
            merged[name] = Entry(entry.key, entry.value.over(below.value)) if below else entry
        return Table(table.place, merged, alone=self.alone)

    def key_of(self, step: str | int) -> Place:
        """Return where a key stands, or the table where it has no such key."""
        entry = self.entries.get(str(step))
        return entry.key if entry else self.place

    def without(self, *names: str) -> "Table":
        """Return the table without some of its keys."""
        return replace(self, entries={name: entry for name, entry in self.entries.items() if name not in names})
