"""What keeps a job safe, and what it is given: warnings, timeouts, retries, parameters, its code, its history."""

from collections.abc import Iterator

from constructs_lib.rules import Severity
from lakeflow.review.differences import Change
from lakeflow.review.jobs import JobChange, Json
from lakeflow.review.phrases import Phrase, joined, say, shown, strong
from lakeflow.review.plan import Action
from lakeflow.review.risks.risk import Context, Risk, Seen, named
from lakeflow.words import block

_TELLS = ("email_notifications", "webhook_notifications")
_LIMITS = {"timeout_seconds": "timeout", "max_retries": "retries"}
_FEWEST_RUNS = 10


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
        elif change.after is None and change.below("health"):
            yield Seen(
                say("{} has fewer health rules", _where(job, change)), say("nobody is told when it is slow or behind")
            )
    yield from _untold(job)


def _untold(job: JobChange) -> Iterator[Seen]:
    if not job.before or not job.after:
        return
    for event, words in (("on_failure", "failures"), ("on_duration_warning_threshold_exceeded", "slow runs")):
        before, after = (_told(settings, event) for settings in (job.before, job.after))
        lost = before - after
        if lost and not after:
            what = say(f"nobody is told of {words} of {{}} any more", named(job))
            yield Seen(what, say("on call learns it from users"))
        elif lost:
            who = joined([say("{}", strong(each)) for each in sorted(lost)])
            yield Seen((*who, *say(f" no longer told of {words} of {{}}", named(job))), say("others still are"))


def _told(settings: Json, event: str) -> set[str]:
    found: set[str] = set()
    for name in _TELLS:
        for each in block(settings.get(name)).get(event) or ():
            found.add(str(each.get("id")) if isinstance(each, dict) else str(each))
    return found


def _is_gone(value: object) -> bool:
    return value in (None, 0, "")


def _where(job: JobChange, change: Change) -> Phrase:
    if change.path[0].name == "task" and change.path[0].key is not None:
        return say("task {} of {}", strong(change.path[0].key), named(job))
    return say("{}", named(job))


def _concurrent(job: JobChange, _context: Context) -> Iterator[Seen]:
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
    if not after or (job.before and before == after):
        return
    moves = bool(after.get("branch"))
    if before:
        same = before.get("url") == after.get("url")
        one, other = _pin(before, short=same), _pin(after, short=same)
        if one != other:
            yield Seen(
                say("{} takes its code from {} instead of {}", named(job), strong(other), one),
                say("a branch moves: what runs is not what was reviewed") if moves else say("all its code changes"),
            )
    elif moves:
        yield Seen(
            say("{} takes its code from {}", named(job), strong(_pin(after))),
            say("a branch moves: what runs is not what was reviewed"),
        )


def _pin(source: Json, *, short: bool = False) -> str:
    kinds = ("tag", "commit", "branch")
    said = next((f"{kind} {source[kind]}" for kind in kinds if source.get(kind)), "the default branch")
    return said if short else f"{said} of {source.get('url', '?')}"


def _parameters(job: JobChange, _context: Context) -> Iterator[Seen]:
    for change in job.changes:
        first = change.path[0]
        if first.name == "parameter" and first.key is not None:
            before = block(change.before).get("default") if isinstance(change.before, dict) else change.before
            after = block(change.after).get("default") if isinstance(change.after, dict) else change.after
            yield Seen(
                say("parameter {} of {}: {} → {}", strong(first.key), named(job), before, strong(after)),
                say("every run that does not say otherwise gets it"),
            )


def _too_short(job: JobChange, context: Context) -> Iterator[Seen]:
    history = context.history.get(job.address)
    timeout = job.after.get("timeout_seconds")
    if not history or history.runs < _FEWEST_RUNS or job.action is Action.NOTHING:
        return
    if isinstance(timeout, int) and 0 < timeout < history.p95_seconds and timeout != job.before.get("timeout_seconds"):
        p95 = shown(round(history.p95_seconds), "p95_seconds")
        yield Seen(
            say("{} ends after {}", named(job), strong(shown(timeout, "timeout_seconds"))),
            say(f"one run in twenty takes more than {p95} ({history.runs} runs in {history.days} days)"),
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
        "More runs at once, without a queue",
        "Runs beyond the limit are skipped, and runs beside each other may write the same tables.",
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
        "The default of a parameter changes",
        "Every run that does not say otherwise gets the new value.",
        job=_parameters,
    ),
    Risk(
        "LR115",
        Severity.WARNING,
        "A timeout that earlier runs would not have met",
        "It is shorter than the 95th percentile of at least ten runs (`--facts`).",
        job=_too_short,
    ),
)
