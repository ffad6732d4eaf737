"""What keeps a job safe, and what it is given: warnings, timeouts, retries, parameters, its code, its history."""

from collections.abc import Iterator

from constructs_lib.rules import Severity
from lakeflow.history.wording import duration
from lakeflow.review.differences import Change
from lakeflow.review.history import too_short
from lakeflow.review.jobs import JobChange, Json
from lakeflow.review.phrases import Phrase, joined, say, shown, strong
from lakeflow.review.plan import Action
from lakeflow.review.risks.risk import Context, Risk, Seen, named
from lakeflow.words import block

_TELLS = ("email_notifications", "webhook_notifications")
_LIMITS = {"timeout_seconds": "timeout", "max_retries": "retries"}
_MOVES = "a branch moves: what runs is not what was reviewed"


def _removed(job: JobChange, _context: Context) -> Iterator[Seen]:
    for change in job.changes:
        last = change.path[-1].name
        if last in _LIMITS and _is_gone(change.after) and not _is_gone(change.before):
            yield Seen(
                say(
                    f"{{}} has no {_LIMITS[last]} any more (was {{}})", _where(job, change), shown(change.before, last)
                ),
                say("a run that hangs is stopped by nobody")
                if last == "timeout_seconds"
                else say("the first failure is the last try"),
            )
        elif change.after is None and "health" in change.names[:2]:
            yield Seen(
                say("{} has fewer health rules", _where(job, change)), say("nobody is told when it is slow or behind")
            )
        elif "health" in change.names[:2] and last == "value" and _raised(change):
            yield Seen(
                say("{} is warned of later: {} → {}", _where(job, change), change.before, strong(change.after)),
                say("its threshold of {} is raised", change.path[-2].key),
            )
    yield from _untold(job)


def _raised(change: Change) -> bool:
    return isinstance(change.before, int) and isinstance(change.after, int) and change.after > change.before


def _untold(job: JobChange) -> Iterator[Seen]:
    if not job.before or not job.after:
        return
    old, new = job.tasks(job.before), job.tasks(job.after)
    sides = [(say("{}", named(job)), job.before, job.after)]
    sides += [(say("task {} of {}", strong(key), named(job)), old[key], new[key]) for key in new if key in old]
    for whose, one, other in sides:
        for event, words in (("on_failure", "failures"), ("on_duration_warning_threshold_exceeded", "slow runs")):
            before, after = _told(one, event), _told(other, event)
            lost = before - after
            if lost and not after:
                yield Seen(say(f"nobody is told of {words} of {{}} any more", whose), say("only users will notice"))
            elif lost:
                who, left = (joined([say("{}", each) for each in sorted(side)]) for side in (lost, after))
                yield Seen(say(f"{{}} no longer told of {words} of {{}}", who, whose), say("{} still told", left))


def _told(settings: Json, event: str) -> set[str]:
    found: set[str] = set()
    for name in _TELLS:
        told = block(settings.get(name)).get(event)
        for each in told if isinstance(told, list) else ():
            # The provider writes one empty address where the last of several is removed.
            who = each.get("id") if isinstance(each, dict) else each
            found |= {str(who)} if who else set()
    return found


def _is_gone(value: object) -> bool:
    return value in (None, 0, "")


def _where(job: JobChange, change: Change) -> Phrase:
    if change.path[0].name == "task" and change.path[0].key is not None:
        return say("task {} of {}", strong(change.path[0].key), named(job))
    return say("{}", named(job))


def _concurrent(job: JobChange, _context: Context) -> Iterator[Seen]:
    queues = [block(settings.get("queue")).get("enabled") is True for settings in (job.before, job.after)]
    if job.before and job.after and queues == [True, False]:
        yield Seen(say("{} has no queue any more", named(job)), say("a run that finds no place is skipped"))
    for change in job.changes:
        if change.names == ("max_concurrent_runs",):
            before, after = change.before or 1, change.after if change.after is not None else 1
            queued = block(job.after.get("queue")).get("enabled") is True
            if isinstance(after, int) and isinstance(before, int) and after > before and not queued:
                yield Seen(
                    say("{} runs {} times at once, and has no queue", named(job), strong(after)),
                    say("was {}; runs beyond that are skipped, and runs beside each other may write the same", before),
                )


def _git(job: JobChange, _context: Context) -> Iterator[Seen]:
    before, after = block(job.before.get("git_source")), block(job.after.get("git_source"))
    if before == after or not job.after:
        return
    if not after:
        yield Seen(
            say("{} takes its code from the workspace instead of {}", named(job), _pin(before)),
            say("what runs there is what was put there last"),
        )
        return
    moves = bool(after.get("branch"))
    if before:
        same = before.get("url") == after.get("url")
        one, other = _pin(before, short=same), _pin(after, short=same)
        if one != other or before.get("url") != after.get("url"):
            yield Seen(
                say("{} takes its code from {} instead of {}", named(job), strong(other), one),
                say("a branch moves: what runs is not what was reviewed")
                if moves
                else say("every task may run other code"),
            )
    elif moves:
        yield Seen(
            say("{} takes its code from {}", named(job), strong(_pin(after))),
            say(_MOVES),
        )


def _pin(source: Json, *, short: bool = False) -> str:
    kinds = ("tag", "commit", "branch")
    said = next((f"{kind} {source[kind]}" for kind in kinds if source.get(kind)), "the default branch")
    return said if short else f"{said} of {source.get('url', '?')}"


def _parameters(job: JobChange, _context: Context) -> Iterator[Seen]:
    for change in job.changes:
        first = change.path[0]
        if first.name != "parameter" or first.key is None:
            continue
        whose = say("parameter {} of {}", strong(first.key), named(job))
        if change.after is None and len(change.path) == 1:
            was = block(change.before).get("default")
            yield Seen(say("{} is removed (was {})", whose, was), say("a task that reads it fails"), Severity.WARNING)
        elif change.before is None and len(change.path) == 1:
            yield Seen(
                say("{} is new: {}", whose, strong(block(change.after).get("default"))),
                say("tasks can read it from now on"),
            )
        else:
            yield Seen(
                say("{}: {} → {}", whose, change.before, strong(change.after)),
                say("every run that does not say otherwise gets it"),
            )


def _too_short(job: JobChange, context: Context) -> Iterator[Seen]:
    known = context.history.job(job)
    if known is None or job.action is Action.NOTHING:
        return
    for each in too_short(job, known):
        whose = say("task {} of {}", strong(each.task), named(job)) if each.task else (named(job),)
        n, p95 = each.durations.n, duration(each.durations.p95)
        yield Seen(
            say("{} ends after {}", whose, strong(duration(each.timeout))),
            say(f"one run in twenty takes more than {p95} ({n} runs in {context.history.days} days)"),
        )


RISKS = (
    Risk(
        "LR110",
        Severity.WARNING,
        "A notification, health rule, timeout or retry is removed",
        "What kept a failing or hanging job from going unnoticed is gone.",
        job=_removed,
    ),
    Risk(
        "LR111",
        Severity.INFO,
        "More runs at once, or no queue",
        "Runs that find no place are skipped, and runs beside each other may write the same tables.",
        job=_concurrent,
    ),
    Risk(
        "LR112",
        Severity.WARNING,
        "Code comes from another place, or from a branch",
        "Another tag or commit is another program; a branch moves without a deploy.",
        job=_git,
    ),
    Risk(
        "LR113",
        Severity.INFO,
        "A job parameter changes",
        "Every run that does not say otherwise gets the new value; a task that reads a removed one fails, which is a "
        "warning.",
        job=_parameters,
    ),
    Risk(
        "LR115",
        Severity.WARNING,
        "A timeout that earlier runs would not have met",
        "It is shorter than the 95th percentile of at least ten runs of the job or the task (`--facts`).",
        job=_too_short,
    ),
)
