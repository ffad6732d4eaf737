"""Facts from the canonical queries, whatever answers them: asks each once for all jobs, and puts the rows together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from constructs_lib import sql
from lakeflow.history import figures
from lakeflow.history.engines import Engine, Progress, UnreadableError, quiet
from lakeflow.history.facts import Change, Facts, JobFacts
from lakeflow.history.matching import matched
from lakeflow.stack_map import StackMap

Rows = list[dict[str, Any]]

_NEEDED = {
    "known": "up to when the history is known",
    "inventory": "the jobs of the workspace",
    "job_stats": "their runs",
    "job_days": "their days",
    "job_failures": "their failures",
    "task_stats": "their tasks",
    "task_days": "the days of their tasks",
    "task_failures": "the failures of their tasks",
    "changes": "their changes",
}
"""The queries that there is no report without, with what they ask for."""
_MORE = {
    "job_costs": "what they cost",
    "cost_days": "what they cost by day",
    "all_purpose": "the all-purpose clusters that they run on",
    "job_usage": "how busy their workers are",
    "known_costs": "up to when costs are known",
}
"""Those that need grants on other schemas."""
_OF_NO_JOB = {"known", "known_costs"}


def collect(
    engine: Engine,
    *,
    stack: StackMap,
    host: str,
    workspace_id: str,
    source: str,
    days: int,
    now: datetime,
    not_known: Sequence[str] = (),
    known_since: datetime | None = None,
    progress: Progress = quiet,
) -> Facts:
    """Return what is known of the jobs of a workspace, of `days` days and as many before.

    Where the period before begins earlier than `known_since`, nothing is told of it. A table of costs or usage that
    cannot be read is named in `not_known`; any other is an UnreadableError.
    """
    values = {"workspace_id": workspace_id, "job_id": None, "window_hours": timedelta(days=days)}
    answers: dict[str, Rows] = {}
    unread: dict[str, list[str]] = {}
    for name, what in (_NEEDED | _MORE).items():
        progress(len(answers), len(_NEEDED | _MORE), what)
        try:
            answers[name] = engine.ask(name, {each: values[each] for each in sql.takes(name) if each in values})
        except UnreadableError as error:
            if name in _NEEDED:
                raise
            answers[name] = []
            unread.setdefault(str(error), []).append(what)
    known_until = answers["known"][0]["known_until"]
    inventory = answers["inventory"]
    found = matched(stack, inventory)
    history = _History(answers, known_until, timedelta(days=days), known_since)
    jobs = [_job(row, found.keys.get(row["job_id"]), stack, history) for row in inventory]
    return Facts(
        source=source,
        environment=stack.stack,
        host=host,
        workspace_id=workspace_id,
        asked_at=now,
        known_until=known_until,
        days=days,
        jobs=tuple(sorted(jobs, key=lambda job: (job.key is None, job.name, job.job_id))),
        undeployed=found.undeployed,
        not_known=(*not_known, *_unread(unread), *_said(answers, known_until), *found.said),
    )


class _History:
    """The answers, by job."""

    def __init__(
        self, answers: Mapping[str, Rows], until: datetime, window: timedelta, known_since: datetime | None
    ) -> None:
        self.until = until
        self.between = until - window
        self.since = until - 2 * window
        self.knows_previous = known_since is None or known_since <= self.since
        self._answers = {name: _grouped(rows) for name, rows in answers.items() if name not in _OF_NO_JOB}

    def rows(self, name: str, job: str) -> Rows:
        return self._answers[name].get(job, [])

    def part(self, name: str, job: str, part: str) -> dict[str, Any] | None:
        return next((row for row in self.rows(name, job) if row["part"] == part), None)


def _grouped(rows: Iterable[dict[str, Any]]) -> dict[str, Rows]:
    groups: dict[str, Rows] = {}
    for row in rows:
        groups.setdefault(row["job_id"], []).append(row)
    return groups


def _job(row: Mapping[str, Any], key: str | None, stack: StackMap, history: _History) -> JobFacts:
    job = row["job_id"]
    return JobFacts(
        job_id=job,
        name=row["name"] or job,
        key=key,
        address=stack.jobs[key].address if key else None,
        deployed=figures.deployed(row),
        current=figures.run_stats(history.part("job_stats", job, "current"), history.between, history.until),
        previous=(
            figures.run_stats(history.part("job_stats", job, "previous"), history.since, history.between)
            if history.knows_previous
            else None
        ),
        last_run_at=row["last_run_at"],
        last_outcome=row["last_outcome"],
        days=tuple(figures.days(history.rows("job_days", job), history.rows("cost_days", job))),
        failures=figures.failures(history.rows("job_failures", job)),
        tasks=tuple(
            figures.task_stats(
                task,
                _of_task(history.rows("task_failures", job), task["task_key"]),
                _of_task(history.rows("task_days", job), task["task_key"]),
            )
            for task in sorted(history.rows("task_stats", job), key=lambda task: task["task_key"])
        ),
        cost=figures.cost(history.part("job_costs", job, "current")),
        previous_cost=figures.cost(history.part("job_costs", job, "previous")),
        usage=figures.usage(next(iter(history.rows("job_usage", job)), None)),
        all_purpose=figures.all_purpose(history.rows("all_purpose", job)),
        change=_change(history, job),
    )


def _of_task(rows: Rows, task_key: str) -> Rows:
    return [row for row in rows if row["task_key"] == task_key]


def _change(history: _History, job: str) -> Change | None:
    before, after = history.part("changes", job, "before"), history.part("changes", job, "after")
    if before is None or after is None:
        return None
    return Change(
        changed_at=after["since"],
        before=figures.run_stats(before, before["since"], before["until"]),
        after=figures.run_stats(after, after["since"], after["until"]),
    )


def _unread(whats: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Say what could not be read, and why."""
    for error, what in whats.items():
        told = ", ".join(what)
        yield f"{told[0].upper()}{told[1:]}: {error}."


def _said(answers: Mapping[str, Rows], known_until: datetime) -> Iterator[str]:
    """Say where runs ended in a way that nobody has a word for yet, and how far costs are behind."""
    runs = sum(int(row["other"]) for row in answers["job_stats"])
    if runs:
        said = "1 run" if runs == 1 else f"{runs} runs"
        yield f"How {said} ended: in a state that is new to this version, and in no figure."
    for row in answers["known_costs"] if answers["job_costs"] else ():
        if row["known_until"] < known_until:
            yield f"What runs cost after {row['known_until']:%d %B %Y, %H:%M} UTC: billing is known up to then."
