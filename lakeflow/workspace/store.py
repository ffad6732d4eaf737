"""The state of a workspace in one SQLite file: what was committed is there after a crash, what was not never was.

Nobody else writes while it is open: a second workspace on the same file is refused. https://www.sqlite.org/wal.html
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from constructs_lib.errors import LakeflowError
from lakeflow.workspace.state import VOLATILE, State

FORMAT = 1
_OURS = 0x4C4B464C  # application_id of the file: "LKFL"
_SCHEMA = f"""
    CREATE TABLE number (last INTEGER NOT NULL);
    CREATE TABLE rows (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, key)
    );
    CREATE TABLE system_tables (name TEXT PRIMARY KEY);
    CREATE TABLE system_rows (id INTEGER PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL);
    PRAGMA application_id = {_OURS};
    PRAGMA user_version = {FORMAT};
"""
_PUT = "INSERT INTO rows (kind, key, body) VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"


class Store:
    """The file; `:memory:` is none. Raises LakeflowError for a file that cannot be used."""

    def __init__(self, path: Path | str) -> None:
        self._path = str(path)
        self._written: dict[tuple[str, str], int] = {}
        """The hash of each row as it stands in the file, so that a row that was only read is not written."""
        self._last = -1
        with self._told():
            # A worker of the server uses it later, and nobody else then.
            self._file = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=0)
            try:
                self._open()
            except BaseException:
                self._file.close()
                raise

    def _open(self) -> None:
        self._file.execute("PRAGMA locking_mode = EXCLUSIVE")
        ours = self._number("PRAGMA application_id")
        version = self._number("PRAGMA user_version")
        empty = not self._number("SELECT count(*) FROM sqlite_master")
        if not empty and ours != _OURS:
            raise LakeflowError("is a database of something else", place=self._path, fix="name another file")
        if version > FORMAT:
            raise LakeflowError(
                f"was written by a newer lakeflow (format {version}, and this one reads {FORMAT})",
                place=self._path,
                fix="update lakeflow, or name another file",
            )
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        if empty:
            self._file.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
        elif self._file.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("malformed")

    def _number(self, question: str) -> int:
        return int(self._file.execute(question).fetchone()[0])

    def load(self) -> State:
        """Return the state that is in the file."""
        with self._told():
            found = self._file.execute("SELECT last FROM number").fetchone()
            state = State(last=found[0]) if found else State()
            self._last = found[0] if found else -1
            self._written.clear()
            kept: dict[str, dict[str, Any]] = {name: {} for name in state.tables}
            for kind, key, body in self._file.execute("SELECT kind, key, body FROM rows ORDER BY id"):
                kept[kind][key] = json.loads(body)
                self._written[kind, key] = hash(body)
            for name, rows in kept.items():
                state.tables[name].restore(rows)
            state.system.enable(
                *(row[0] for row in self._file.execute("SELECT name FROM system_tables ORDER BY rowid"))
            )
            for name, body in self._file.execute("SELECT name, body FROM system_rows ORDER BY id"):
                state.system[name].append(json.loads(body))
            state.system.settle()
            return state

    def write(self, state: State) -> None:
        """Write what has changed since the last call; it is certain after `commit`, together with what went before."""
        for kind, rows in state.tables.items():
            if rows.touched and kind not in VOLATILE:
                for key in rows.touched:
                    self._write_row(kind, key, rows.current(key), fresh=key in rows.deleted)
            rows.settle()
        self._write_system(state)
        if state.last != self._last:
            self._begin()
            self._file.execute("DELETE FROM number")
            self._file.execute("INSERT INTO number VALUES (?)", (state.last,))
            self._last = state.last

    def _write_row(self, kind: str, key: str, row: Any, *, fresh: bool) -> None:
        body = None if row is None else json.dumps(row)
        known = self._written.get((kind, key))
        if known is not None and (body is None or fresh):
            self._begin()
            self._file.execute("DELETE FROM rows WHERE kind = ? AND key = ?", (kind, key))
            del self._written[kind, key]
            known = None
        if body is not None and hash(body) != known:
            self._begin()
            self._file.execute(_PUT, (kind, key, body))
            self._written[kind, key] = hash(body)

    def _write_system(self, state: State) -> None:
        system = state.system
        if system.dropped or system.added or system.enabled:
            self._begin()
        for name in system.dropped:
            self._file.execute("DELETE FROM system_rows WHERE name = ?", (name,))
            self._file.execute("DELETE FROM system_tables WHERE name = ?", (name,))
        self._file.executemany("INSERT OR IGNORE INTO system_tables VALUES (?)", ((name,) for name in system.enabled))
        self._file.executemany(
            "INSERT INTO system_rows (name, body) VALUES (?, ?)",
            ((name, json.dumps(row)) for name, row in system.added),
        )
        system.settle()

    def take_back(self, state: State) -> None:
        """Make a state again what it was at the last `write`."""
        for kind, rows in state.tables.items():
            if rows.deleted:
                asked = self._file.execute("SELECT key, body FROM rows WHERE kind = ? ORDER BY id", (kind,))
                rows.restore({key: json.loads(body) for key, body in asked})
            for key in rows.touched:
                found = self._file.execute("SELECT body FROM rows WHERE kind = ? AND key = ?", (kind, key)).fetchone()
                # What is never written down is left as it is.
                if kind not in VOLATILE:
                    rows.put_back(key, json.loads(found[0]) if found else None)
            rows.settle()
        state.system.forget()
        if self._last >= 0:
            state.last = self._last

    def commit(self) -> None:
        """Make everything that was written certain."""
        if self._file.in_transaction:
            self._file.execute("COMMIT")

    def give_up(self) -> None:
        """Forget everything that was written since the last commit; `load` gives what there is."""
        if self._file.in_transaction:
            self._file.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self) -> None:
        if not self._file.in_transaction:
            self._file.execute("BEGIN IMMEDIATE")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in one line what is wrong with a file."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise LakeflowError(
                    "another workspace is using it", place=self._path, fix="stop that one, or name another --state"
                ) from None
            raise LakeflowError(f"cannot be used: {error}", place=self._path, fix="name another --state") from None
        except (sqlite3.DatabaseError, ValueError, KeyError):
            raise LakeflowError(
                "is no state of a workspace, or damaged", place=self._path, fix="restore it, or name another --state"
            ) from None
