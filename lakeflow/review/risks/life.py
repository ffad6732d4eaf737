"""Jobs that go, are taken over, or are let go."""

from collections.abc import Iterator

from constructs_lib.rules import Severity
from lakeflow.review.jobs import JobChange
from lakeflow.review.phrases import Phrase, Value, joined, say, strong
from lakeflow.review.plan import REASONS, Action
from lakeflow.review.risks.risk import Context, Risk, Seen, named


def _ends(job: JobChange, _context: Context) -> Iterator[Seen]:
    if not job.action.ends_it:
        return
    if job.resource.deposed:
        what = say("what a failed replacement of {} left behind is deleted", named(job))
        yield Seen(what, say("nothing refers to it any more"), Severity.INFO)
    elif job.action is Action.DELETE:
        yield Seen(
            (*say("{} is deleted", named(job)), *_because(job)),
            say("its run history and permissions go, and whatever starts it by its id fails"),
        )
    else:
        by = joined([say("{}", strong(path)) for path in job.resource.replaced_by], " and ")
        why = (say(", as {} cannot be changed in place", by),) if by else ()
        yield Seen(
            (*say("{} is replaced", named(job)), *(joined(why, "") or _because(job))),
            say("the old one stays and goes on running, and no code describes it")
            if "forget" in job.resource.actions
            else say("it gets a new id: its run history goes, and whatever starts it by its id fails"),
        )


def _because(job: JobChange) -> Phrase:
    words = REASONS.get(job.resource.reason)
    return (f", since {words}",) if words else ()


def _forgotten(job: JobChange, _context: Context) -> Iterator[Seen]:
    if job.action is Action.FORGET:
        yield Seen(
            say("{} is forgotten", named(job)),
            say("it stays in the workspace and goes on running, and no code describes it any more"),
        )


def _adopted(job: JobChange, _context: Context) -> Iterator[Seen]:
    if job.resource.imported is None:
        return
    gone = [key for key in job.tasks(job.before) if key not in job.tasks(job.after)]
    where = say("{} is imported from id {}", named(job), Value(job.resource.imported or "?"))
    if gone:
        listed = joined([say("{}", strong(key)) for key in gone[:5]])
        more = say(" and {} more", len(gone) - 5) if len(gone) > 5 else ()
        yield Seen((*where, *say(" and loses {}", (*listed, *more))), say("the code does not have what runs there now"))
    elif job.changes:
        yield Seen(
            (*where, " and changed"),
            say("the deploy overwrites what was set up there by hand"),
            Severity.WARNING,
        )


RISKS = (
    Risk(
        "LR101",
        Severity.ERROR,
        "A job is deleted or replaced",
        "The run history, the id by which others start the job, and its permissions are lost.",
        job=_ends,
    ),
    Risk(
        "LR102",
        Severity.INFO,
        "A job is forgotten",
        "It leaves the state and stays in the workspace, where it goes on running and no code describes it.",
        job=_forgotten,
    ),
    Risk(
        "LR116",
        Severity.ERROR,
        "An import overwrites a job",
        "Taking a job over makes it what the code says: tasks that the code lacks are gone. Without lost tasks it is a "
        "warning.",
        job=_adopted,
    ),
)
