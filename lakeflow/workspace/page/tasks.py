"""The tasks of a run in a table: how each ended, and why it failed or did not run."""

import json
from collections.abc import Mapping
from typing import Any

from lakeflow.html.markup import Child, Html, joined, tag
from lakeflow.run.answers import block_of, number_of, run_of
from lakeflow.run.states import TaskRun
from lakeflow.workspace.page import links
from lakeflow.workspace.page.looks import badge, look
from lakeflow.workspace.page.matrix import anchor
from lakeflow.workspace.page.reading import Workspace
from lakeflow.workspace.page.runs import Attempt, RunFacts
from lakeflow.workspace.page.shell import Column, section, table
from lakeflow.workspace.page.words import NOTHING, counted, lasting, name, text, when

_MOST_ITERATIONS = 200


def tasks(workspace: Workspace, found: RunFacts) -> Html:
    """Return the section."""
    if not found.tasks:
        return section("Tasks", tag("p", "The run has no tasks: it never began.", class_="faint"))
    columns = [
        Column("task"),
        Column("state"),
        Column("started"),
        Column("setup", "n"),
        Column("ran", "n"),
        Column("why"),
    ]
    rows = [_row(workspace, found, attempts) for attempts in found.tasks.values()]
    ids = [anchor(attempts[-1]) for attempts in found.tasks.values()]
    return section("Tasks", table("The tasks of the run", columns, rows, ids=ids))


def _row(workspace: Workspace, found: RunFacts, attempts: tuple[Attempt, ...]) -> list[Child]:
    last = attempts[-1]
    ran = bool(last.task.start_time)
    times = counted(len(attempts), "attempt") if len(attempts) > 1 else None
    return [
        joined([name(last.task.task_key, 80), _kind(last)]),
        joined([badge(last.task.state), tag("small", times) if times else None]),
        when(last.task.start_time) if ran else NOTHING,
        lasting(last.setup) if ran and last.setup else NOTHING,
        lasting((last.until(workspace.now) - last.task.start_time) - last.setup) if ran else NOTHING,
        _more(workspace, found, attempts),
    ]


def _kind(attempt: Attempt) -> Child:
    outcome = attempt.task.outcome
    return tag("small", f"came out {text(outcome, 20)}") if outcome else None


def _more(workspace: Workspace, found: RunFacts, attempts: tuple[Attempt, ...]) -> Html | None:
    said: list[Child] = [found.why(attempts[-1]) or None]
    said += [_before(found, attempts[:-1])]
    said += [_nested(workspace, attempt) for attempt in attempts]
    said += [_iterations(workspace, attempts[-1])]
    lines = [tag("div", each) for each in said if each]
    return joined(lines) if lines else None


def _before(found: RunFacts, attempts: tuple[Attempt, ...]) -> Child:
    if not attempts:
        return None
    told = [f"{look(each.task.state).word}{f' ({why})' if (why := found.why(each)) else ''}" for each in attempts[-5:]]
    return tag("small", f"before: {'; '.join(told)}")


def _nested(workspace: Workspace, attempt: Attempt) -> Html | None:
    output = number_of(block_of(attempt.entry, "run_job_output"), "run_id")
    child = workspace.any_run(output) if output else workspace.started_by.get(attempt.run_id)
    if child is None:
        return None
    job = workspace.jobs.get(child.job_id)
    link = tag(
        "a",
        name(job.name if job else child.name, 60),
        f" run {child.run_id}",
        href=links.run(child.job_id, child.run_id),
    )
    return joined([link, " ", badge(child.state)])


def _iterations(workspace: Workspace, attempt: Attempt) -> Html | None:
    known = attempt.task.iterations
    kept = workspace.iterations(attempt.entry)
    by_place: dict[str, list[tuple[Mapping[str, Any], TaskRun]]] = {}
    for place, entry in enumerate(kept):
        read = run_of({"tasks": [entry]}).attempts[0]
        by_place.setdefault(str(number_of(entry, "original_attempt_run_id") or place), []).append((entry, read))
    total = known.total if known and known.total else len(by_place)
    if not total:
        return None
    failed = known.failed if known else sum(its[-1][1].state.failed for its in by_place.values())
    said = f"{counted(total, 'iteration')}, {f'{failed:,} failed' if failed else 'none failed'}"
    common = [f"{times}× {text(message, 160)}" for times, message in known.messages[:3]] if known else []
    if not by_place:
        return joined([said, *(tag("small", each) for each in common)], " ")
    rows = [_iteration(place, its) for place, its in enumerate(list(by_place.values())[:_MOST_ITERATIONS])]
    columns = [Column("", "n"), Column("input"), Column("state"), Column("took", "n"), Column("why")]
    more = f"and {len(by_place) - _MOST_ITERATIONS:,} more" if len(by_place) > _MOST_ITERATIONS else None
    return tag("details", tag("summary", said), table("Iterations", columns, rows, look="pairs"), more)


def _iteration(place: int, attempts: list[tuple[Mapping[str, Any], TaskRun]]) -> list[Child]:
    entry, last = attempts[-1]
    took = last.duration
    times = counted(len(attempts), "attempt") if len(attempts) > 1 else None
    given = entry.get("input")
    return [
        str(place),
        tag("code", text(given if isinstance(given, str) else json.dumps(given), 120))
        if given is not None
        else NOTHING,
        joined([badge(last.state), tag("small", times) if times else None]),
        lasting(took.total_seconds() * 1000) if took is not None else NOTHING,
        None if last.state.succeeded else text(last.state.message),
    ]
