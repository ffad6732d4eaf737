"""What a review says of one job, line by line: its tasks, when it starts, what it runs on, who may do what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lakeflow.graph.model import TaskGraph
from lakeflow.graph.node import TaskNode
from lakeflow.review.compute import SAID, described
from lakeflow.review.differences import Change, Step, says_nothing
from lakeflow.review.jobs import JobChange
from lakeflow.review.moments import moments, often
from lakeflow.review.phrases import Phrase, Value, contrasted, joined, one_line, say, shown, strong
from lakeflow.review.risks.access import identity
from lakeflow.review.schedule import Starts

Json = Mapping[str, Any]

ADDED, REMOVED, CHANGED = "+", "\N{MINUS SIGN}", "~"
_OWN_LINE = frozenset({"task", "schedule", "trigger", "triggers", "continuous", "job_cluster", "run_as"})
_MOST = 6


@dataclass(frozen=True, slots=True)
class Row:
    """What happens to one thing: `+`, `−` or `~`, what it is, and in words."""

    sign: str
    key: str
    what: Phrase
    ended: str = ""
    """`deleted` or `replaced`, where it is."""
    details: tuple["Detail", ...] = ()
    """Every attribute that differs."""

    @property
    def label(self) -> str:
        """Its key, fit to be shown."""
        return one_line(self.key)


@dataclass(frozen=True, slots=True)
class Detail:
    """One attribute: its path, and what stands there on either side."""

    path: str
    before: str
    after: str


def task_rows(job: JobChange) -> tuple[Row, ...]:
    """Return what happens to tasks: added ones, then changed, then removed."""
    if not job.before or not job.after:
        return ()
    changed: dict[str, list[Change]] = {}
    for change in job.changes:
        if change.path[0].name == "task" and change.path[0].key is not None:
            changed.setdefault(change.path[0].key, []).append(change)
    old, new = (_nodes(graph) for graph in job.graphs)
    added, removed, edited = [], [], []
    for key, found in changed.items():
        whole = next((change for change in found if len(change.path) == 1), None)
        if whole is None:
            edited.append(Row(CHANGED, key, _edited(found, _waits(job.tasks(job.before).get(key)))))
        elif whole.before is None:
            added.append(Row(ADDED, key, _whole(whole.after, new.get(key))))
        else:
            removed.append(Row(REMOVED, key, _whole(whole.before, old.get(key))))
    return (*added, *edited, *removed)


def _nodes(graph: TaskGraph | None) -> dict[str, TaskNode]:
    return {node.key: node for node in graph.nodes} if graph else {}


def _whole(task: Json, node: TaskNode | None) -> Phrase:
    """Return a task in words: `notebook audit, cluster main, retries 1, timeout 1h, after ingest`."""
    parts: list[Phrase] = []
    if node:
        parts.append(say(f"{node.kind.label} {{}}", node.title) if node.title else (node.kind.label,))
        if node.compute:
            compute = node.compute
            parts.append(say("on {}", compute.label if compute.is_shared else compute.described))
        if node.waits_specially:
            parts.append(say("run if {}", node.run_if))
        if node.disabled:
            parts.append(("disabled",))
    if task.get("max_retries"):
        parts.append(say("retries {}", task["max_retries"]))
    if task.get("timeout_seconds"):
        parts.append(say("timeout {}", shown(task["timeout_seconds"], "timeout_seconds")))
    waits = _waits(task)
    if waits:
        parts.append(say("after {}", _listed(waits)))
    return joined(parts)


def _waits(task: Json | None) -> list[str]:
    return [_edge(each) for each in (task or {}).get("depends_on") or () if isinstance(each, Mapping)]


def _edge(dependency: Json) -> str:
    outcome = dependency.get("outcome")
    return f"{dependency.get('task_key')} ({outcome})" if outcome else str(dependency.get("task_key"))


def _listed(names: list[str]) -> Phrase:
    shown_ = joined([say("{}", name) for name in names[:_MOST]])
    return (*shown_, f" and {len(names) - _MOST} more") if len(names) > _MOST else shown_


def _edited(found: list[Change], waited: list[str]) -> Phrase:
    """Return what is changed in a task, its dependencies first."""
    edges = [change for change in found if change.path[1].name == "depends_on"]
    others = [change for change in found if change.path[1].name != "depends_on"]
    parts: list[Phrase] = []
    gained = [_edge(change.after) for change in edges if isinstance(change.after, Mapping)]
    lost = [_edge(change.before) for change in edges if isinstance(change.before, Mapping)]
    if gained:
        first = " (waited for nothing)" if not waited else ""
        parts.append((*say("now waits for {}", _listed(gained)), first))
    if lost:
        parts.append(say("no longer waits for {}", _listed(lost)))
    parts += [changed(change, skip=1) for change in others[:_MOST]]
    if len(others) > _MOST:
        parts.append((f"and {len(others) - _MOST} more attributes",))
    return joined(parts, "; ")


def changed(change: Change, skip: int = 0) -> Phrase:
    """Return a change in words: `timeout_seconds 1h → 2h`; `skip` leaves out the first steps of its path."""
    path, name = path_of(change.path[skip:]), change.path[-1].name
    if change.member:
        verb, value = ("gains", change.after) if change.before is None else ("loses", change.before)
        return say(f"{{}} {verb} {{}}", Value(path), strong(shown(value)))
    if change.before is None:
        return say("{} set to {}", Value(path), strong(shown(change.after, name)))
    if change.after is None:
        return say("{} removed (was {})", Value(path), shown(change.before, name))
    before, after = contrasted(change.before, change.after, name)
    return say("{} {} → {}", Value(path), before, strong(after))


def path_of(path: tuple[Step, ...]) -> str:
    """Return a path as people write it: `task[clean].notebook_task.notebook_path`."""
    return one_line(".".join(step.name if step.key is None else f"{step.name}[{step.key}]" for step in path), 200)


def facts(job: JobChange, now: datetime) -> Iterator[tuple[str, Phrase]]:
    """Yield what a review says of a job beside its tasks: a word on what it is about, and the line."""
    if job.after and (line := _starts(job, now)):
        scheduled = job.after.get("schedule") or job.before.get("schedule")
        yield "schedule" if scheduled else "trigger", line
    if job.after:
        yield from (("compute", line) for line in _clusters(job))
        yield from (("run as", line) for line in _run_as(job))
    if job.is_new and job.grants:
        yield "access", joined([say(f"{each.kind} {{}} {{}}", each.who, each.after) for each in job.grants])
    for grant in () if job.is_new else job.grants:
        levels = say("{} → {}", grant.before or "nothing", strong(grant.after or "nothing"))
        yield "access", (*say(f"{grant.kind} {{}}: ", grant.who), *levels)
    for each in job.changes:
        if each.path[0].name not in _OWN_LINE:
            yield "setting", changed(each)


def _starts(job: JobChange, now: datetime) -> Phrase | None:
    before, after = job.starts(now)
    moved = any(change.path[0].name in {"schedule", "trigger", "triggers", "continuous"} for change in job.changes)
    if not job.before:
        return _when(after) if after.by_itself else say("manual")
    if moved and before == after and after.next:
        return (*_when(after), ", as before, by another expression")
    return (*_when(before), " → ", *_when(after, new=True)) if moved else None


def _when(starts: Starts, *, new: bool = False) -> Phrase:
    words = say("{}", strong(starts.words) if new else starts.words)
    rest = [("paused",)] if starts.paused else []
    if starts.per_week and not starts.paused:
        rest.append((often(starts.per_week),))
    if starts.next:
        rest.append((f"{'would start' if starts.paused else 'next'} {moments(starts.next)}",))
    if starts.never:
        rest.append(("no start left",))
    if starts.unreadable:
        rest.append(("not understood",))
    return (*words, " (", *joined(rest, "; "), ")") if rest else words


def _clusters(job: JobChange) -> Iterator[Phrase]:
    old, new = job.clusters(job.before), job.clusters(job.after)
    for key in sorted({*old, *new}):
        one, other = old.get(key), new.get(key)
        if one is None and other is not None:
            template = "{}: {}" if not job.before else "{} added: {}"
            yield say(template, strong(key), described(other))
        elif other is None and one is not None:
            yield say("{} removed (was {})", strong(key), described(one))
        elif one is not None and other is not None and described(one) != described(other):
            yield say("{}: {} → {}", strong(key), described(one), strong(described(other)))
    for change in job.changes:
        first, *rest = change.path
        if first.name == "job_cluster" and len(rest) > 1 and rest[1].name not in SAID:
            yield say("{}: {}", strong(first.key), changed(change, skip=2))


def _run_as(job: JobChange) -> Iterator[Phrase]:
    before, after = identity(job.before.get("run_as")), identity(job.after.get("run_as"))
    if before == after:
        return
    one, other = ("its owner" if who is None else f"{who[0]} {who[1]}" for who in (before, after))
    yield say("{} → {}", one, strong(other)) if job.before else say("{}", other)


def details(job_changes: tuple[Change, ...], addresses: Mapping[str, str]) -> tuple[Detail, ...]:
    """Return every attribute that differs, blocks that are new or gone taken apart."""
    return tuple(
        Detail(one_line(path, 200), *_sides(before, after, path, addresses))
        for change in job_changes
        for path, before, after in _flat(path_of(change.path), change.before, change.after)
    )


def _flat(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    whole = after if before is None else before if after is None else None
    if isinstance(whole, list) and len(whole) == 1 and isinstance(whole[0], Mapping):
        whole = whole[0]
    if not isinstance(whole, Mapping) or not whole:
        yield path, before, after
        return
    for name in sorted(whole):
        below = whole[name]
        if not says_nothing(name, below):
            yield from _flat(f"{path}.{name}", *((None, below) if before is None else (below, None)))


def _sides(before: Any, after: Any, path: str, addresses: Mapping[str, str]) -> tuple[str, str]:
    name = path.rpartition(".")[2]
    said = contrasted(before, after, name, most=400)
    one, other = (_side(value, text, addresses) for value, text in zip((before, after), said, strict=True))
    return one, other


def _side(value: Any, text: str, addresses: Mapping[str, str]) -> str:
    if value is None:
        return ""
    return f"{text} ({addresses[value]})" if isinstance(value, str) and value in addresses else text
