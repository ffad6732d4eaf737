"""The rows that a workspace keeps, which know what has changed since they were written down last."""

from collections.abc import ItemsView, Iterable, Iterator, Mapping, MutableMapping, ValuesView
from typing import Any

from lakeflow.workspace.exchange import Json


class Rows(MutableMapping[str, Any]):
    """One table, the oldest row first.

    `touched` are the keys that were set, deleted or asked for, in this order, and `deleted` those of them that were
    deleted, since both were emptied last: no other row can have changed. `changes` counts how often a row was put in
    place or taken away.
    """

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}
        self.touched: dict[str, None] = {}
        self.deleted: set[str] = set()
        self.changes = 0

    def __getitem__(self, key: str) -> Any:
        row = self._kept[key]
        self.touched[key] = None
        return row

    def __setitem__(self, key: str, row: Any) -> None:
        self.touched[key] = None
        self._kept[key] = row
        self.changes += 1

    def __delitem__(self, key: str) -> None:
        del self._kept[key]
        self.changes += 1
        # Set again, it is the youngest row.
        self.touched.pop(key, None)
        self.touched[key] = None
        self.deleted.add(key)

    def __contains__(self, key: object) -> bool:
        return key in self._kept

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def items(self) -> ItemsView[str, Any]:
        """Return keys and rows, for reading."""
        return self._kept.items()

    def values(self) -> ValuesView[Any]:
        """Return all rows, for reading."""
        return self._kept.values()

    def current(self, key: str) -> Any:
        """Return a row without asking for it; None where there is none."""
        return self._kept.get(key)

    def restore(self, rows: Mapping[str, Any]) -> None:
        """Hold exactly these rows."""
        self._kept = dict(rows)
        self.changes += 1
        self.settle()

    def put_back(self, key: str, row: Any = None) -> None:
        """Make a row what it was; None where it was not there."""
        self.changes += 1
        if row is None:
            self._kept.pop(key, None)
        else:
            self._kept[key] = row

    def settle(self) -> None:
        """Take what is there for what is written down."""
        self.touched.clear()
        self.deleted.clear()


class SystemRows(Mapping[str, list[Json]]):
    """The rows of the catalog `system` by table, such as `lakeflow.jobs`: rows are added and never change.

    A table that is not there is one whose schema nobody has enabled. `dropped`, then `enabled`, then `added` is what
    has happened since they were emptied last.
    """

    def __init__(self) -> None:
        self._rows: dict[str, list[Json]] = {}
        self.added: list[tuple[str, Json]] = []
        self.enabled: list[str] = []
        self.dropped: list[str] = []

    def __getitem__(self, name: str) -> list[Json]:
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def enable(self, *names: str) -> None:
        """Let there be tables, empty where nothing was added yet."""
        for name in names:
            if name not in self._rows:
                self._rows[name] = []
                self.enabled.append(name)

    def add(self, name: str, rows: Iterable[Json]) -> None:
        """Add rows to a table."""
        self.enable(name)
        for row in rows:
            self._rows[name].append(row)
            self.added.append((name, row))

    def drop(self, name: str) -> None:
        """Take a table away, with its rows."""
        del self._rows[name]
        self.added = [(of, row) for of, row in self.added if of != name]
        self.enabled = [each for each in self.enabled if each != name]
        self.dropped.append(name)

    def forget(self) -> None:
        """Take back what was added and enabled since they were emptied last."""
        for name, _ in reversed(self.added):
            self._rows[name].pop()
        for name in self.enabled:
            del self._rows[name]
        self.settle()

    def settle(self) -> None:
        """Take what is there for what is written down."""
        self.added.clear()
        self.enabled.clear()
        self.dropped.clear()
