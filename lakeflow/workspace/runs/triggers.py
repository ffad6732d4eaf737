"""What starts a job by itself: when it starts it next, and what the run is told.

Everything that a trigger has to remember is in its row, plain data: `since` when its settings hold, `last` when it
fired last. Nothing that was missed while it was paused is caught up.
https://docs.databricks.com/aws/en/jobs/triggers
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any, Protocol

from constructs_lib.errors import LakeflowError
from constructs_lib.quartz import Quartz, timezone
from lakeflow.simulate import Run
from lakeflow.simulate.states import CANCELED, SUCCESSES
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.runs.moments import instant, milliseconds
from lakeflow.workspace.runs.switches import SWITCHES
from lakeflow.workspace.state import State

SECOND = 1000
MINUTE = 60 * SECOND
_UNITS = {"HOURS": 60 * MINUTE, "DAYS": 24 * 60 * MINUTE, "WEEKS": 7 * 24 * 60 * MINUTE}
_LEAST_GAP = 10 * SECOND
"""Between two runs of a schedule, whatever its seconds say."""


@dataclass(frozen=True)
class Firing:
    """What a run is told of what has started it."""

    trigger: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Trigger(Protocol):
    """One kind of what starts jobs; `said` is its block of the settings, `row` what it remembers of one job."""

    def begin(self, state: State, said: Json, row: Json) -> None:
        """Begin to hold."""

    def look(self, state: State, said: Json, row: Json) -> bool:
        """Take note of what has changed in the workspace; return whether anything has that matters."""

    def next(self, said: Json, row: Json) -> int | None:
        """Return when it fires next, in milliseconds since 1970; None where nothing is to come as things are."""

    def fire(self, said: Json, row: Json, at: int) -> Firing:
        """Take note that it fires."""

    def ended(self, row: Json, run: Run) -> None:
        """Take note that a run of the job has ended, and no other one goes on."""


class _Trigger:
    """What most of them do: nothing but fire in time."""

    def begin(self, state: State, said: Json, row: Json) -> None:
        """Begin to hold."""

    def look(self, state: State, said: Json, row: Json) -> bool:
        """Take note of nothing."""
        return False

    def ended(self, row: Json, run: Run) -> None:
        """Take note of nothing."""


class Schedule(_Trigger):
    """A Quartz expression in a timezone: https://docs.databricks.com/aws/en/jobs/scheduled."""

    def next(self, said: Json, row: Json) -> int | None:
        """Return the next time that the expression names."""
        last = row.get("last")
        after = row["since"] if last is None else max(row["since"], last + _LEAST_GAP - 1)
        found = _fires(said.get("quartz_cron_expression", ""), said.get("timezone_id") or "UTC")
        moment = found[0].next_after(instant(after), found[1]) if found else None
        return None if moment is None else round(moment.timestamp()) * SECOND

    def fire(self, said: Json, row: Json, at: int) -> Firing:
        """Fire."""
        row["last"] = at
        return Firing("PERIODIC")


@cache
def _fires(expression: str, zone: str) -> tuple[Quartz, Any] | None:
    """Return a schedule and its zone; None where there is no such thing, and nothing is started."""
    try:
        return Quartz.parse(expression), timezone(zone)
    except LakeflowError:
        return None


class Periodic(_Trigger):
    """Every so many hours, days or weeks: https://docs.databricks.com/api/workspace/jobs/create."""

    def next(self, said: Json, row: Json) -> int | None:
        """Return the end of the interval that goes on."""
        unit, interval = _UNITS.get(str(said.get("unit"))), said.get("interval")
        if unit is None or not isinstance(interval, int) or interval < 1:
            return None
        last = row.get("last")
        if last is None:
            return int(row["since"] + (0 if SWITCHES.periodic_first == "at-once" else interval * unit))
        return int(last + interval * unit)

    def fire(self, said: Json, row: Json, at: int) -> Firing:
        """Fire."""
        row["last"] = at
        return Firing("PERIODIC")


class Continuous(_Trigger):
    """Another run when one has ended, later and later while they fail.

    https://docs.databricks.com/aws/en/jobs/continuous
    """

    def begin(self, state: State, said: Json, row: Json) -> None:
        """Start the first run."""
        row |= {"next": row["since"], "failures": 0}

    def next(self, said: Json, row: Json) -> int | None:
        """Return when the run after the last one starts."""
        at: int | None = row["next"]
        return at

    def fire(self, said: Json, row: Json, at: int) -> Firing:
        """Fire."""
        row |= {"next": None, "last": at}
        return Firing("CONTINUOUS")

    def ended(self, row: Json, run: Run) -> None:
        """Start the next run, the later the more runs have failed in a row."""
        fine = run.state in SUCCESSES or run.state == CANCELED
        row["failures"] = 0 if fine else row["failures"] + 1
        row["next"] = milliseconds(run.ended) + milliseconds(wait_after(row["failures"]))


def wait_after(failures: int) -> timedelta:
    """Return how long a continuous job waits after so many runs in a row that failed."""
    if SWITCHES.continuous_backoff == "off" or failures < SWITCHES.backoff_after:
        return timedelta(seconds=SWITCHES.continuous_restart_seconds)
    return timedelta(minutes=min(2 ** min(failures - SWITCHES.backoff_after, 20), SWITCHES.backoff_most_minutes))


class _Arrivals(_Trigger):
    """What both have that wait for something to come: a time between two firings, and a time of quiet."""

    def _due(self, said: Json, row: Json, ready: int, latest: int) -> int:
        gap, quiet = (
            _seconds(said, "min_time_between_triggers_seconds"),
            _seconds(said, "wait_after_last_change_seconds"),
        )
        last = row.get("ended") if SWITCHES.cooldown_from == "run-end" else row.get("last")
        return max(ready, latest + quiet, 0 if last is None else last + gap)

    def ended(self, row: Json, run: Run) -> None:
        """Take note of when the last run ended."""
        row["ended"] = milliseconds(run.ended)


class FileArrival(_Arrivals):
    """New files in a folder and below, looked for once a minute; a file that is written anew is not new.

    https://docs.databricks.com/aws/en/jobs/file-arrival-triggers
    """

    def begin(self, state: State, said: Json, row: Json) -> None:
        """Take what is there for known."""
        row |= {"seen": [path for path, _ in _files(state, said)], "first": None, "latest": None}

    def look(self, state: State, said: Json, row: Json) -> bool:
        """Take note of new files."""
        there = dict(_files(state, said))
        seen = set(row["seen"])
        if there.keys() == seen:
            return False
        new = [modified for path, modified in there.items() if path not in seen]
        row["seen"] = list(there)
        if new:
            row["first"] = min(new) if row["first"] is None else row["first"]
            row["latest"] = max(new)
        return True

    def next(self, said: Json, row: Json) -> int | None:
        """Return when new files start a run; None where there are none."""
        if row["first"] is None:
            return None
        checked = -(-row["first"] // MINUTE) * MINUTE
        return self._due(said, row, checked, row["latest"])

    def fire(self, said: Json, row: Json, at: int) -> Firing:
        """Fire, for all that is new."""
        row |= {"first": None, "latest": None, "last": at}
        return Firing("FILE_ARRIVAL", {"file_arrival.location": said.get("url", "")})


def _files(state: State, said: Json) -> list[tuple[str, int]]:
    """Return the files below the folder of a trigger, and when each was written."""
    folder = str(said.get("url", "")).strip("/") + "/"
    return [(path, row["modified"]) for path, row in state.tables["files"].items() if path.startswith(folder)]


class TableUpdate(_Arrivals):
    """Changes of tables: https://docs.databricks.com/aws/en/jobs/trigger-table-update."""

    def begin(self, state: State, said: Json, row: Json) -> None:
        """Take what is there for known."""
        row |= {"versions": {name: _table(state, name).get("version", 0) for name in _tables(said)}, "new": {}}

    def look(self, state: State, said: Json, row: Json) -> bool:
        """Take note of new versions."""
        changed = False
        for name in _tables(said):
            table = _table(state, name)
            if table.get("version", 0) > row["versions"].get(name, 0):
                known = row["new"].get(name) or {"first": table["at"]}
                row["new"][name] = {**known, "latest": table["at"], "version": table["version"]}
                row["versions"][name] = table["version"]
                changed = True
        return changed

    def next(self, said: Json, row: Json) -> int | None:
        """Return when the new versions start a run; None where they do not suffice."""
        new = row["new"]
        every = said.get("condition") == "ALL_UPDATED"
        if not new or (every and not all(name in new for name in _tables(said))):
            return None
        firsts = [table["first"] for table in new.values()]
        return self._due(said, row, max(firsts) if every else min(firsts), max(t["latest"] for t in new.values()))

    def fire(self, said: Json, row: Json, at: int) -> Firing:
        """Fire, for all that has changed."""
        facts: dict[str, Any] = {"table_update.updated_tables": json.dumps(sorted(row["new"]))}
        for name, table in row["new"].items():
            facts[f"table_update.{name}.version"] = table["version"]
            committed = instant(table["latest"]).replace(tzinfo=None).isoformat(timespec="seconds")
            facts[f"table_update.{name}.commit_timestamp.iso_datetime"] = committed
        row |= {"new": {}, "last": at}
        return Firing("TABLE", facts)


def _tables(said: Json) -> list[str]:
    return [str(name) for name in said.get("table_names") or []]


def _table(state: State, name: str) -> Json:
    rows = state.tables["table_updates"]
    row: Json = rows.get(name, {})
    return row


def _seconds(said: Json, name: str) -> int:
    value = said.get(name)
    return value * SECOND if isinstance(value, int) and value > 0 else 0


def trigger_of(settings: Json) -> tuple[Trigger, Json] | None:
    """Return what starts a job, with its block; None where nothing does, or it is paused."""
    for block, inner, kind in _KINDS:
        outer = settings.get(block) or {}
        said = outer.get(inner) if inner else outer
        if isinstance(said, dict) and said:
            return None if outer.get("pause_status") == "PAUSED" else (kind, said)
    return None


_KINDS: tuple[tuple[str, str, Trigger], ...] = (
    ("schedule", "", Schedule()),
    ("continuous", "", Continuous()),
    ("trigger", "periodic", Periodic()),
    ("trigger", "file_arrival", FileArrival()),
    ("trigger", "table_update", TableUpdate()),
    ("trigger", "table", TableUpdate()),
)
STARTERS = ("schedule", "continuous", "trigger")
"""The blocks of a job's settings that say what starts it."""
