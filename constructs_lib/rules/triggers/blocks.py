"""Where triggers stand in a job, and how messages speak of them."""

from collections.abc import Iterator, Mapping, Sequence

from constructs_lib.errors import listed, nearest
from constructs_lib.rules.finding import Hit, Path
from constructs_lib.rules.job import Body, Job, mapping, mappings, text
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.rule import Hits

Found = Iterator[tuple[Path, Body]]


def trigger_blocks(job: Job) -> Found:
    """Yield the blocks of `triggers`, each of which has one kind."""
    given = job.body.get("triggers")
    if isinstance(given, dict):
        yield ("triggers",), given
    for index, block in mappings(given):
        yield ("triggers", index), block


def of_kind(job: Job, kind: str) -> Found:
    """Yield the blocks of one kind with their paths, wherever they stand."""
    if kind in ("schedule", "continuous"):
        if isinstance(job.body.get(kind), list | Mapping) and job.body[kind] != []:
            yield (kind,), job.block(kind)
    elif "trigger" in job.body and (block := job.block("trigger")).get(kind) is not None:
        yield ("trigger", kind), mapping(block.get(kind))
    if "triggers" in job.body:
        for path, block in trigger_blocks(job):
            if block.get(kind) is not None:
                yield (*path, kind), mapping(block.get(kind))


def _place(path: Path) -> str:
    """Return a path as messages write it."""
    shown = ""
    for part in path:
        shown += f"[{part}]" if isinstance(part, int) else f".{part}" if shown else part
    return shown


def hit_at(path: Path, message: str, hint: str) -> Hit:
    """Return a hit whose message starts with its place."""
    return Hit(path, f"{_place(path)}: {message}", hint)


def wrong_choice(path: Path, value: object, names: Sequence[str]) -> Hits:
    """Yield a hit where a text that is known is none of the names."""
    given = text(value)
    if given is not None and given not in names:
        near = nearest(given.upper(), names)
        yield hit_at(path, f"{shown(given)} is no such value", f"write {near!r}" if near else f"write {listed(names)}")


def is_continuous(job: Job) -> bool:
    """Return whether the job is kept running."""
    if isinstance(job.body.get("continuous"), list | Mapping) and job.body["continuous"] != []:
        return True
    return "triggers" in job.body and any(block.get("continuous") is not None for _, block in trigger_blocks(job))
