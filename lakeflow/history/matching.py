"""Which job of a workspace is which job of the code: by its name, and what must be said where that is not plain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from constructs_lib.errors import listed
from lakeflow.stack_map import StackMap

Row = Mapping[str, Any]
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Matched:
    """The keys of the code by the ids of the workspace."""

    keys: Mapping[str, str]
    undeployed: tuple[str, ...]
    said: tuple[str, ...]
    """A sentence for each job that its name alone does not tell."""


def matched(stack: StackMap, inventory: Iterable[Row]) -> Matched:
    """Find each job of a stack among those of `inventory`, which are rows of inventory.sql."""
    jobs = list(inventory)
    names = {entry.name for entry in stack.jobs.values()}
    keys: dict[str, str] = {}
    undeployed: list[str] = []
    said: list[str] = []
    namesakes: dict[str, list[str]] = {}
    for key, entry in sorted(stack.jobs.items()):
        namesakes.setdefault(entry.name, []).append(key)
    for key, entry in sorted(stack.jobs.items()):
        same = [row for row in jobs if row["name"] == entry.name and row["job_id"] not in keys]
        renamed = [row for row in jobs if row["former_name"] == entry.name and row["name"] not in names]
        if same:
            chosen = max(same, key=_freshness)
            if shared := [each for each in namesakes[entry.name] if each != key]:
                said.append(
                    f"{key}: {listed(shared)} has the same name, {entry.name!r}; these are the figures of "
                    f"{chosen['job_id']}, and which job is whose is not known: give each a name of its own."
                )
            elif len(same) > 1:
                others = listed(row["job_id"] for row in same if row is not chosen)
                said.append(
                    f"{key}: {len(same)} jobs of the workspace are called {entry.name!r}; these are the figures of "
                    f"{chosen['job_id']}, which ran last, not of {others}: delete or rename what is not the code's."
                )
        elif len(renamed) == 1:
            [chosen] = renamed
            said.append(
                f"{key}: its job {chosen['job_id']} is called {chosen['name']!r} in the workspace, and was "
                f"{entry.name!r} before: renamed by hand, and renamed back by the next deploy."
            )
        else:
            undeployed.append(key)
            continue
        keys[chosen["job_id"]] = key
    return Matched(keys, tuple(undeployed), tuple(said))


def _freshness(row: Row) -> tuple[datetime, datetime, str]:
    return row["last_run_at"] or _NEVER, row["changed_at"] or _NEVER, row["job_id"]
