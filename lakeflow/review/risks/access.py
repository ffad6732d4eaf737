"""Who a job runs as, and who may do what with it."""

from collections.abc import Iterator

from constructs_lib.rules import Severity
from lakeflow.review.jobs import JobChange
from lakeflow.review.phrases import Phrase, say, strong
from lakeflow.review.risks.risk import Context, Risk, Seen, named
from lakeflow.words import block

_LEVELS = ("CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE", "IS_OWNER")
_EVERYBODY = frozenset({"users", "account users"})
_MEANS = {
    "CAN_VIEW": "can now see its runs and results",
    "CAN_MANAGE_RUN": "can now start, cancel and repair its runs",
    "CAN_MANAGE": "can now change the job and what it runs as",
    "IS_OWNER": "now owns the job",
}
_IDENTITIES = {"service_principal_name": "service principal", "user_name": "user", "group_name": "group"}


def identity(settings: object) -> tuple[str, str] | None:
    """Return who a job runs as: kind and name; None where it says nothing, which is its owner."""
    run_as = block(settings)
    return next(((kind, run_as[name]) for name, kind in _IDENTITIES.items() if run_as.get(name)), None)


def _run_as(job: JobChange, _context: Context) -> Iterator[Seen]:
    if not job.after:
        return
    before, after = identity(job.before.get("run_as")), identity(job.after.get("run_as"))
    if before == after:
        return
    to_user = after is not None and after[0] == "user"
    if job.before:
        from_principal = before is not None and before[0] == "service principal"
        yield Seen(
            say("{} runs as {} instead of {}", named(job), _who(after), _who(before)),
            say("a person leaves, and the job stops") if to_user else say("it reads and writes with other rights"),
            Severity.ERROR if to_user and from_principal else None,
        )
    elif to_user:
        yield Seen(say("{} runs as {}", named(job), _who(after)), say("a person leaves, and the job stops"))


def _who(who: tuple[str, str] | None) -> Phrase:
    return say(f"{who[0]} {{}}", strong(who[1])) if who else ("its owner",)


def _widened(job: JobChange, _context: Context) -> Iterator[Seen]:
    for grant in job.grants:
        before, after = _rank(grant.before), _rank(grant.after)
        if after <= before or (job.is_new and grant.who not in _EVERYBODY):
            continue
        everybody = grant.who in _EVERYBODY and after >= _rank("CAN_MANAGE_RUN")
        if job.is_new and not everybody:
            continue
        change = say("{} → {}", grant.before or "nothing", strong(grant.after))
        yield Seen(
            (*say(f"{grant.kind} {{}} on {{}}: ", strong(grant.who), named(job)), *change),
            say("everybody {}", (_MEANS.get(str(grant.after), "can do more"),))
            if grant.who in _EVERYBODY
            else (_MEANS.get(str(grant.after), "can do more"),),
            Severity.ERROR if everybody else None,
        )


def _rank(level: str | None) -> int:
    # A level that nobody knows may be any.
    return 0 if level is None else _LEVELS.index(level) + 1 if level in _LEVELS else len(_LEVELS) + 1


RISKS = (
    Risk(
        "LR106",
        Severity.WARNING,
        "A job runs as somebody else, or as a person",
        "What it may read and write changes with it; a job of a person ends with the person's account. From a service "
        "principal to a person it is an error.",
        job=_run_as,
    ),
    Risk(
        "LR107",
        Severity.WARNING,
        "Somebody may do more with a job",
        "CAN_MANAGE_RUN starts and stops runs, CAN_MANAGE changes the job. For everybody (`users`, `account users`) "
        "CAN_MANAGE_RUN and more is an error.",
        job=_widened,
    ),
)
