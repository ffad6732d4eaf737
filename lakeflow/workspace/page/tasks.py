"""The tasks of a run in a table: how each ended, and why it failed or did not run."""

import json
from collections.abc import Mapping
from typing import Any

from lakeflow.html.markup import Child, Html, joined, tag
from lakeflow.run.answers import block_of, number_of, run_of, text_of
from lakeflow.words import counted
from lakeflow.workspace.page import links
from lakeflow.workspace.page.looks import badge, look
from lakeflow.workspace.page.matrix import anchor
from lakeflow.workspace.page.reading import Workspace
from lakeflow.workspace.page.runs import Attempt, RunFacts
from lakeflow.workspace.page.shell import Column, section, table
from lakeflow.workspace.page.words import lasting, name, sentence, text, when

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
        when(last.task.start_time) if ran else None,
        lasting(last.setup) if ran and last.setup else None,
        lasting((last.until(workspace.now) - last.task.start_time) - last.setup) if ran else None,
        _more(workspace, found, attempts),
    ]


def _kind(attempt: Attempt) -> Child:
    outcome = attempt.task.outcome
    return tag("small", f"came out {text(outcome, 20)}") if outcome else None


def _more(workspace: Workspace, found: RunFacts, attempts: tuple[Attempt, ...]) -> Html | None:
    said: list[Child] = [sentence(found.why(attempts[-1])) or None]
    said += [_before(found, attempts[:-1])]
    said += [_nested(workspace, attempt) for attempt in attempts]
    said += [_iterations(workspace, found, attempts[-1])]
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


def _iterations(workspace: Workspace, found: RunFacts, attempt: Attempt) -> Html | None:
    known = attempt.task.iterations
    groups: list[list[Attempt]] = []
    for entry in workspace.iterations(attempt.entry):
        read = Attempt(entry, run_of({"tasks": [entry]}).attempts[0])
        # The attempts at an iteration follow each other.
        if read.task.attempt and groups:
            groups[-1].append(read)
        else:
            groups.append([read])
    total = known.total if known and known.total else len(groups)
    if not total:
        return None
    failed = known.failed if known else sum(its[-1].task.state.failed for its in groups)
    said = f"{counted(total, 'iteration')}, {f'{failed:,} failed' if failed else 'none failed'}"
    common = [f"{times}× {text(message, 160)}" for times, message in known.messages[:3]] if known else []
    if not groups:
        return joined([said, *(tag("small", each) for each in common)], " ")
    inputs = _inputs(attempt.entry)
    rows = [
        _iteration(place, found, its, inputs[place] if place < len(inputs) else None, workspace.now)
        for place, its in enumerate(groups[:_MOST_ITERATIONS])
    ]
    columns = [Column("#"), Column("input"), Column("state"), Column("took", "n"), Column("why")]
    more = f"and {len(groups) - _MOST_ITERATIONS:,} more" if len(groups) > _MOST_ITERATIONS else None
    return tag("details", tag("summary", said), table("Iterations", columns, rows, look="pairs"), more)


def _inputs(entry: Mapping[str, Any]) -> list[Any]:
    """Return what a loop goes over, where its settings say it; what it got from another task is not kept."""
    try:
        read = json.loads(text_of(block_of(entry, "for_each_task"), "inputs") or "[]")
    except (ValueError, RecursionError):
        return []
    return read if isinstance(read, list) else []


def _iteration(place: int, found: RunFacts, attempts: list[Attempt], given: object, now: int) -> list[Child]:
    last = attempts[-1]
    ran = bool(last.task.start_time)
    times = counted(len(attempts), "attempt") if len(attempts) > 1 else None
    shown = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    return [
        str(place),
        tag("code", text(shown, 120)) if given is not None else None,
        joined([badge(last.task.state), tag("small", times) if times else None]),
        lasting(last.until(now) - last.task.start_time) if ran else None,
        None if last.task.state.succeeded else sentence(found.why(last)),
    ]
