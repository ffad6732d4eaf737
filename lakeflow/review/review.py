"""A review: everything that a report shows of a plan, in the order in which it is read."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from constructs_lib.rules import Severity
from lakeflow.history.facts import JobFacts
from lakeflow.review import beside
from lakeflow.review.fingerprint import does_nothing, fingerprint
from lakeflow.review.history import document, told, told_of_task
from lakeflow.review.jobs import JobChange
from lakeflow.review.lines import ADDED, CHANGED, REMOVED, Detail, Row, details, facts, task_rows
from lakeflow.review.phrases import Phrase, joined, text_of
from lakeflow.review.picture import Picture, picture
from lakeflow.review.plan import Action, Plan
from lakeflow.review.risks import RISKS, Concern, Context, concerns
from lakeflow.review.unknown import Later

_MOST_NAMES = 10


class Verdict(StrEnum):
    """What a reviewer does with a plan."""

    BLOCK = "block"
    """It must not be applied as it is."""
    REVIEW = "review"
    """Something in it needs a person's attention."""
    SAFE = "safe"
    """It changes something, and nothing of that stands out."""
    NOTHING = "no changes"


@dataclass(frozen=True, eq=False)
class JobReview:
    """What happens to one job."""

    job: JobChange
    verb: str
    """`new`, `changed`, `deleted`, `replaced`, `forgotten`, `imported`, `moved`, or `cleaned up` after a failure."""
    sentence: Phrase
    tasks: tuple[Row, ...]
    picture: Picture | None
    """Its graph, where a task is new, gone or changed, or the whole job is new."""
    facts: tuple[tuple[str, Phrase], ...]
    details: tuple[Detail, ...]
    edited_by_place: int
    """How many tasks Terraform's own plan shows as edited, since it compares them by their place."""
    history: Phrase = ()
    """What is known of its earlier runs."""
    figures: Mapping[str, Any] | None = None
    """The same as JSON takes it."""


@dataclass(frozen=True, eq=False)
class Review:
    """A review of one plan."""

    environment: str
    plan: Plan
    now: datetime
    concerns: tuple[Concern, ...]
    """What needs attention, the worst first."""
    accepted: tuple[Concern, ...]
    """What would need it, and a person has accepted."""
    jobs: tuple[JobReview, ...]
    drift: tuple[beside.Drift, ...]
    moves: tuple[Phrase, ...]
    """What only the state learns: imports, moves, forgets."""
    others: tuple[Row, ...]
    """Resources that are neither jobs nor their grants."""
    outputs: tuple[Row, ...]
    unread: tuple[Phrase, ...]
    """What could not be analysed."""
    rewritten: tuple[str, ...]
    """Addresses of what is written again as it is: only the order differs, or how nothing is written."""
    fingerprint: str | None
    commit: str = ""
    link: str = ""
    """The run that made the review, a URL."""

    @property
    def verdict(self) -> Verdict:
        """What a reviewer does with it."""
        worst = max((concern.severity.rank for concern in self.concerns), default=-1)
        if self.plan.errored or worst >= Severity.ERROR.rank:
            return Verdict.BLOCK
        accepted = any(concern.severity is not Severity.INFO for concern in self.accepted)
        if worst >= Severity.WARNING.rank or accepted:
            return Verdict.REVIEW
        return Verdict.NOTHING if does_nothing(self.plan) else Verdict.SAFE

    @property
    def title(self) -> str:
        """What the plan does, in numbers: `prod · 1 job changed, 2 others`."""
        counts = self.counts
        done = [verb for verb in _VERBS_IN_ORDER if counts[verb]]
        said = [f"{counts[verb]} {'job' if counts[verb] == 1 else 'jobs'} {verb}" for verb in done]
        ended = sum(counts[name] for name in _OTHERS_ENDED)
        # What is replaced or deleted is said also where nothing is.
        said += [f"0 {verb}" for verb in ("replaced", "deleted") if self.jobs and not counts[verb] and not ended]
        if count := counts["permissions"]:
            said.append(f"{count} permission{'' if count == 1 else 's'} changed")
        if count := counts["others"]:
            gone = [f"{counts[name]} {name.removeprefix('others_')}" for name in _OTHERS_ENDED if counts[name]]
            said.append(
                f"{count} other resource{'' if count == 1 else 's'}" + (f" ({', '.join(gone)})" if gone else "")
            )
        if count := counts["outputs"]:
            said.append(f"{count} output{'' if count == 1 else 's'}")
        if does_nothing(self.plan) and self.concerns:
            said.append("nothing to apply")
        return " · ".join(filter(None, (self.environment, ", ".join(said))))

    @property
    def noise(self) -> str:
        """How many tasks Terraform's own plan edits and how many really change, where that differs."""
        shown = sum(job.edited_by_place for job in self.jobs)
        real = sum(len(job.tasks) for job in self.jobs)
        if not shown or shown < 2 * real:
            return ""
        return f"Terraform's own plan edits {shown} tasks; {real} really change{'s' if real == 1 else ''}"

    @property
    def counts(self) -> dict[str, int]:
        """How many jobs are created, changed, replaced and deleted, and how much else changes."""
        verbs = Counter(_COUNTED.get(review.verb, review.verb) for review in self.jobs)
        return {
            **{verb: verbs[verb] for verb in _VERBS_IN_ORDER},
            "permissions": sum(bool(review.job.grants) for review in self.jobs),
            "others": len(self.others),
            **{name: sum(row.ended == name.removeprefix("others_") for row in self.others) for name in _OTHERS_ENDED},
            "outputs": len(self.outputs),
        }

    @property
    def grouped(self) -> tuple[Concern, ...]:
        """What needs attention, the same in several jobs said once."""
        return tuple(_grouped(self.concerns))

    def reaches(self, severity: Severity | None) -> bool:
        """Return whether something is at least this severe; a plan that failed always is."""
        worst = max((concern.severity.rank for concern in self.concerns), default=-1)
        return self.plan.errored or (severity is not None and worst >= severity.rank)


def reviewed(
    context: Context,
    *,
    environment: str = "",
    accept: Sequence[str] = (),
    commit: str = "",
    link: str = "",
) -> Review:
    """Return the review of a plan; `accept` are codes that a person accepts here."""
    plan, jobs = context.plan, context.jobs
    fixed = {risk.code for risk in RISKS if risk.fixed}
    found = sorted(
        concerns(RISKS, context),
        # A plan that is not whole first: nothing else of it can be trusted.
        key=lambda each: (each.code not in fixed, -each.severity.rank, each.code, each.address),
    )
    taken = [each for each in found if each.code in accept and each.code not in fixed]
    worried = {each.address: -each.severity.rank for each in reversed(found)}
    shown = sorted(
        (job for job in jobs if job.matters),
        key=lambda job: (_ORDER.get(job.action, len(_ORDER)), worried.get(job.address, 1), job.address),
    )
    return Review(
        environment=environment,
        plan=plan,
        now=context.now,
        concerns=tuple(each for each in found if each not in taken),
        accepted=tuple(taken),
        jobs=tuple(_job(job, context) for job in shown),
        drift=tuple(beside.drift(plan)),
        moves=tuple(beside.moves(plan)),
        others=tuple(beside.others(plan, jobs)),
        outputs=tuple(beside.outputs(plan)),
        unread=tuple(beside.unread(plan, jobs, context.now)),
        rewritten=tuple(sorted(each.address for each in plan.resources if each.does_something and not each.matters)),
        fingerprint=fingerprint(plan),
        commit=commit,
        link=link,
    )


_ORDER = {Action.DELETE: 0, Action.REPLACE: 1}
"""What ends first; then what needs attention."""
_VERBS_IN_ORDER = ("created", "changed", "imported", "moved", "forgotten", "replaced", "deleted")
_OTHERS_ENDED = ("others_replaced", "others_deleted")
_COUNTED = {"new": "created"}
_VERBS = {
    Action.CREATE: "new",
    Action.REPLACE: "replaced",
    Action.DELETE: "deleted",
    Action.FORGET: "forgotten",
}


def _grouped(concerns: Sequence[Concern]) -> Iterator[Concern]:
    groups: dict[tuple[str, Severity, Phrase, Phrase], list[Concern]] = {}
    for each in concerns:
        without_name = tuple("" if part == each.job else part for part in each.what)
        key = (
            (each.code, each.severity, without_name, each.why)
            if each.job
            else (each.code, each.severity, each.what, ())
        )
        groups.setdefault(key, []).append(each)
    for found in groups.values():
        first = found[0]
        if len(found) == 1 or first.job is None:
            yield from found
            continue
        names: list[Phrase] = [(each.job,) for each in found[:_MOST_NAMES] if each.job]
        more = len(found) - len(names)
        listed = (*joined(names), f" and {more} more") if more else (*joined(names[:-1]), " and ", *names[-1])
        what = (part for each in first.what for part in (("each of ", *listed) if each == first.job else (each,)))
        yield replace(first, what=tuple(what), source=None)


def _job(job: JobChange, context: Context) -> JobReview:
    known, days = context.history.job(job), context.history.days
    rows = tuple(_with_history(row, job, known) for row in task_rows(job)) if known else task_rows(job)
    said = told(job, known, context.history) if known else ()
    verb = _VERBS.get(job.action, "changed") if not job.resource.deposed else "cleaned up"
    if job.resource.imported is not None and job.action is not Action.REPLACE:
        verb = "imported"
    elif job.resource.is_moved and not job.changes and not job.grants:
        verb = "moved"
    drawn = job.is_new or any(row.sign != CHANGED for row in rows) or (bool(rows) and _has_edges(job))
    lines = tuple(facts(job, context.now))
    return JobReview(
        job=job,
        verb=verb,
        sentence=joined(_sentence(job, verb, rows, lines), "; "),
        tasks=rows,
        picture=picture(job, [row.key for row in rows]) if drawn else None,
        facts=lines,
        details=details(job.resource.changes, job.addresses),
        edited_by_place=_edited_by_place(job, rows),
        history=said,
        figures=document(known, days, text_of(said)) if known else None,
    )


def _with_history(row: Row, job: JobChange, known: JobFacts) -> Row:
    """Return a row that says of a task with another timeout or other retries what earlier runs did with them."""
    said = told_of_task(row.key, job, known)
    return replace(row, what=(*row.what, " (", *said, ")")) if said else row


def _sentence(
    job: JobChange, verb: str, rows: tuple[Row, ...], lines: tuple[tuple[str, Phrase], ...]
) -> Iterator[Phrase]:
    if job.is_new:
        count = len(job.tasks(job.after))
        unknown = isinstance(job.after.get("task"), Later)
        yield ("new, tasks known after apply",) if unknown else (f"new, {count} task{'' if count == 1 else 's'}",)
    elif verb != "changed":
        yield (verb,)
    words = {ADDED: "added", CHANGED: "changed", REMOVED: "removed"}
    counts = {sign: sum(row.sign == sign for row in rows) for sign in words}
    if rows:
        said = [f"{counts[sign]} {word}" for sign, word in words.items() if counts[sign]]
        first, *rest = said
        number, _, word = first.partition(" ")
        yield (", ".join([f"{number} task{'' if number == '1' else 's'} {word}", *rest]),)
    topics = dict.fromkeys(topic for topic, _ in lines)
    if not job.is_new:
        yield from ((f"{topic} changed" if topic != "setting" else "settings changed",) for topic in topics)


def _has_edges(job: JobChange) -> bool:
    return any(graph is not None and graph.edges for graph in job.graphs)


def _edited_by_place(job: JobChange, rows: Sequence[Row]) -> int:
    """Return how many tasks differ from what stood at their place."""
    if not job.before or not job.after:
        return 0
    before, after = job.before.get("task") or [], job.after.get("task") or []
    if not isinstance(before, list) or not isinstance(after, list):
        return 0
    keys = [[str(task.get("task_key")) for task in side if isinstance(task, Mapping)] for side in (before, after)]
    touched = {row.key for row in rows}
    same = sum(one == other and one not in touched for one, other in zip(*keys, strict=False))
    return int(max(map(len, keys)) - same)
