"""When a job starts by itself: it goes live, it stops, or it starts more often than before."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from constructs_lib.rules import Severity
from lakeflow.review.jobs import JobChange
from lakeflow.review.moments import ahead, moment, often
from lakeflow.review.phrases import Phrase, Value, joined, say
from lakeflow.review.plan import Action
from lakeflow.review.risks.risk import Context, Risk, Seen, named
from lakeflow.review.schedule import Starts

_SOON = timedelta(minutes=15)
_MUCH_OFTENER = 2.0


def _goes_live(job: JobChange, context: Context) -> Iterator[Seen]:
    before, after = job.starts(context.now)
    if not after.is_live or before.is_live or before.later or job.action is Action.NOTHING:
        return
    how = "PAUSED → UNPAUSED" if before.by_itself else "it starts by itself"
    yield Seen((*say("{} goes live", named(job)), f": {how}"), _first(after, context.now))


def _rate(starts: Starts) -> Phrase:
    return (often(starts.per_week),) if starts.per_week else say("{}", starts.words)


def _first(starts: Starts, now: datetime) -> Phrase:
    if starts.next:
        first = say("first run {} ({})", Value(moment(starts.next[0]), strong=True), (ahead(starts.next[0] - now),))
        return joined([first, (f"then {often(starts.per_week)}",)] if starts.per_week else [first])
    if starts.never:
        return say("and its schedule has no more starts")
    return joined([say("{}", starts.words), *([(often(starts.per_week),)] if starts.per_week else [])])


def _stops(job: JobChange, context: Context) -> Iterator[Seen]:
    if job.action.ends_it or not job.after:
        return
    before, after = job.starts(context.now)
    if before.is_live and not after.is_live and not after.later:
        how = "UNPAUSED → PAUSED" if after.by_itself else "nothing starts it any more"
        was = say("it ran {}", _rate(before)) if before.per_week else say("it started {}", before.words)
        yield Seen((*say("{} stops running by itself", named(job)), f": {how}"), was)


def _starts_otherwise(job: JobChange, context: Context) -> Iterator[Seen]:
    if job.action is Action.NOTHING:
        return
    before, after = job.starts(context.now)
    if after.unreadable and after != before:
        yield Seen(
            say("{} has a schedule that is none: {}", named(job), after.words),
            say("{}", after.unreadable),
            Severity.ERROR,
        )
    if not after.is_live or after == before or before.later:
        return
    if after.words == "continuous" and before.is_live:
        yield Seen(
            say("{} runs all the time", named(job)),
            say("it was started {}; now one run follows the other, and so do the costs", _rate(before)),
        )
    if before.is_live and before.per_week and after.per_week and after.per_week >= _MUCH_OFTENER * before.per_week:
        yield Seen(
            say(f"{{}} starts {after.per_week / before.per_week:.2g} times as often", named(job)),
            (f"{often(after.per_week)} instead of {often(before.per_week, like=after.per_week)}",),
        )
    if after.next and after.next[0] - context.now < _SOON:
        yield Seen(
            say("{} starts {}", named(job), (ahead(after.next[0] - context.now),)),
            say("perhaps while the deploy is still going on"),
        )
    if after.never:
        yield Seen(say("{} never starts", named(job)), say("its schedule, {}, has no start left", after.words))
    if after.skipped and after.skipped != before.skipped:
        yield Seen(
            say(
                "{} does not run on {}", named(job), (f"{after.skipped:%a} {after.skipped.day} {after.skipped:%b %Y}",)
            ),
            (f"{after.skipped:%H:%M} does not exist that night: the clocks go forward",),
            Severity.INFO,
        )


RISKS = (
    Risk(
        "LR103",
        Severity.WARNING,
        "A job goes live",
        "From the deploy on it runs without anybody starting it, and costs.",
        job=_goes_live,
    ),
    Risk(
        "LR104",
        Severity.WARNING,
        "A job stops running by itself",
        "Nobody is told of runs that do not happen.",
        job=_stops,
    ),
    Risk(
        "LR105",
        Severity.WARNING,
        "A job starts much more often, all the time, at once, or never",
        "Twice as many runs cost twice as much; a start within 15 minutes of the plan meets the deploy itself. A "
        "schedule that Quartz refuses is an error; one that the clocks skip once a year is info.",
        job=_starts_otherwise,
    ),
)
