"""How the tasks hang together: what others waited for is gone, what waits for what, on which condition."""

from collections.abc import Iterator, Mapping

from constructs_lib.rules import Severity
from lakeflow.review.jobs import JobChange, Json
from lakeflow.review.phrases import Phrase, joined, say, strong
from lakeflow.review.risks.risk import Context, Risk, Seen, named
from lakeflow.review.unknown import Later

_MOST = 5


def _waits(tasks: Mapping[str, Json]) -> dict[str, set[str]]:
    """Return, per task, what it waits for."""
    return {
        key: {str(each.get("task_key")) for each in task.get("depends_on") or () if isinstance(each, Mapping)}
        for key, task in tasks.items()
    }


def _structure(job: JobChange, _context: Context) -> Iterator[Seen]:
    if not job.before or not job.after:
        return
    old, new = job.tasks(job.before), job.tasks(job.after)
    before, after = _waits(old), _waits(new)
    unknown = any(isinstance(task.get("task_key"), Later) for task in new.values())
    for gone in [] if unknown or isinstance(job.after.get("task"), Later) else sorted(old.keys() - new.keys()):
        needed = sorted(key for key in old if gone in before[key] and key in new)
        if needed:
            yield Seen(
                say("task {} of {} is removed", strong(gone), named(job)),
                say("{} waited for it", _listed(needed)),
            )
    kept = [key for key in new if key in old]
    for key in kept:
        one, other = _condition(old[key]), _condition(new[key])
        if one != other:
            yield Seen(
                say("task {} of {} runs on another condition: {} → {}", strong(key), named(job), one, strong(other)),
                say("it now runs in other cases than before"),
            )
        if new[key].get("disabled") is True and old[key].get("disabled") is not True:
            yield Seen(say("task {} of {} is disabled", strong(key), named(job)), say("it is skipped in every run"))
    yield from _shape(job, before, after, kept)


def _shape(
    job: JobChange, before: Mapping[str, set[str]], after: Mapping[str, set[str]], kept: list[str]
) -> Iterator[Seen]:
    roots = [key for key in kept if before[key] and not after[key]]
    if roots:
        yield Seen(
            say("{} of {} waits for nothing now", _listed(roots), named(job)),
            say("it starts at once with the run"),
            Severity.INFO,
        )
    needed_before, needed = set().union(*before.values()), set().union(*after.values())
    leaves = [key for key in kept if key in needed_before and key not in needed]
    if leaves:
        yield Seen(
            say("nothing waits for {} of {} any more", _listed(leaves), named(job)),
            say("it is a leaf task now: the result of the run depends on it"),
            Severity.INFO,
        )
    fewer = [key for key in kept if len(after[key]) < len(before[key]) and after[key]]
    if fewer:
        yield Seen(
            say("{} of {} waits for fewer tasks", _listed(fewer), named(job)),
            say("it may start before something that it reads is there"),
            Severity.INFO,
        )


def _condition(task: Json) -> str:
    return str(task.get("run_if") or "ALL_SUCCESS")


def _listed(keys: list[str]) -> Phrase:
    shown = joined([say("{}", strong(key)) for key in keys[:_MOST]])
    return (*shown, f" and {len(keys) - _MOST} more") if len(keys) > _MOST else shown


RISKS = (
    Risk(
        "LR108",
        Severity.WARNING,
        "Dependencies or run conditions change",
        "A task that others waited for is gone, or a task is disabled or runs on another condition. That a task has "
        "become a first or last one, or waits for fewer, is info.",
        job=_structure,
    ),
)
