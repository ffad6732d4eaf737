"""Who a job runs as, and who may do what with it."""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.rules import Severity
from lakeflow.review.jobs import IDENTITIES, LEVELS, PERMISSIONS, JobChange, rank
from lakeflow.review.masking import Secret
from lakeflow.review.phrases import Phrase, say, strong
from lakeflow.review.risks.risk import Context, Risk, Seen, named
from lakeflow.review.unknown import Later
from lakeflow.words import block

_EVERYBODY = frozenset({"users", "account users"})
_MEANS = {
    "CAN_VIEW": "can now see its runs and results",
    "CAN_MANAGE_RUN": "can now start, cancel and repair its runs",
    "CAN_MANAGE": "can now change the job and what it runs as",
    "IS_OWNER": "now owns the job",
}
_OTHER_LEVELS = (
    "CAN_USE",
    "CAN_MONITOR",
    "CAN_READ",
    "CAN_RUN",
    "CAN_ATTACH_TO",
    "CAN_RESTART",
    "CAN_EDIT",
    "CAN_MANAGE",
)


def identity(settings: object) -> tuple[str, str] | None:
    """Return who a job runs as: kind and name; None where it says nothing, which is its owner."""
    run_as = block(settings)
    return next(((kind, run_as[name]) for name, kind in IDENTITIES.items() if run_as.get(name)), None)


def _run_as(job: JobChange, _context: Context) -> Iterator[Seen]:
    if not job.after:
        return
    sides = job.before.get("run_as"), job.after.get("run_as")
    if any(isinstance(each, Later | Secret) for each in sides):
        if sides[0] != sides[1]:
            yield Seen(say("{} runs as somebody else", named(job)), say("who that is cannot be shown"))
        return
    before, after = identity(sides[0]), identity(sides[1])
    if before == after:
        return
    to_user = after is not None and after[0] == "user"
    if job.before:
        from_principal = before is not None and before[0] == "service principal"
        yield Seen(
            say("{} runs as {} instead of {}", named(job), _who(after), _who(before)),
            say("when this person leaves, the job stops") if to_user else say("it reads and writes with other rights"),
            Severity.ERROR if to_user and from_principal else None,
        )
    elif to_user:
        yield Seen(say("{} runs as {}", named(job), _who(after)), say("when this person leaves, the job stops"))


def _who(who: tuple[str, str] | None) -> Phrase:
    return say(f"{who[0]} {{}}", strong(who[1])) if who else ("its owner",)


def _widened(job: JobChange, _context: Context) -> Iterator[Seen]:
    for grant in job.grants:
        if not grant.kind:
            yield Seen(
                say("who may use {} changes, and cannot be shown", named(job)),
                say("{} → {}", grant.before or "nothing", grant.after or "nothing"),
            )
            continue
        before, after = rank(grant.before), rank(grant.after)
        if before == len(LEVELS) and grant.after is None:
            yield Seen(
                say("nobody is said to own {} any more", named(job)), say("whoever deploys it does"), Severity.INFO
            )
        if after <= before:
            continue
        everybody = grant.who in _EVERYBODY and after >= rank("CAN_MANAGE_RUN")
        if job.is_new and not everybody:
            continue
        change = say("{} → {}", grant.before or "nothing", strong(grant.after))
        yield Seen(
            (*say(f"{grant.kind} {{}} on {{}}: ", strong(grant.who), named(job)), *change),
            say("everybody {}", (_MEANS.get(str(grant.after), "can do more"),))
            if grant.who in _EVERYBODY
            else (_MEANS.get(str(grant.after), "can do more"),),
            Severity.ERROR if everybody else Severity.INFO if grant.after == "CAN_VIEW" else None,
        )


def _opened(context: Context) -> Iterator[Seen]:
    """Yield what everybody may do more with things that are no jobs."""
    with_jobs = {each.address for job in context.jobs for each in job.permissions}
    for resource in context.plan.resources:
        if resource.type != PERMISSIONS or resource.address in with_jobs or not resource.matters:
            continue
        levels = [_levels(body) for body in (resource.before, resource.after)]
        for who in sorted(_EVERYBODY & levels[1].keys()):
            one, other = levels[0].get(who), levels[1][who]
            if other in _OTHER_LEVELS[5:] and one != other:
                yield Seen(
                    say(
                        "group {} on {}: {} → {}",
                        strong(who),
                        strong(resource.address),
                        one or "nothing",
                        strong(other),
                    ),
                    say("everybody can do more with it"),
                    Severity.ERROR if other == "CAN_MANAGE" else None,
                    subject=resource.address,
                )


def _privileges(context: Context) -> Iterator[Seen]:
    """Yield what everybody may do more with what Unity Catalog holds."""
    for resource in context.plan.resources:
        if resource.type not in {"databricks_grant", "databricks_grants"} or not resource.matters:
            continue
        before, after = (_granted(body) for body in (resource.before, resource.after))
        for who in sorted(_EVERYBODY & after.keys()):
            gained = sorted(after[who] - before.get(who, set()))
            if gained:
                yield Seen(
                    say("group {} on {} gains {}", strong(who), strong(resource.address), ", ".join(gained)),
                    say("everybody has it"),
                    Severity.ERROR if {"ALL_PRIVILEGES", "MANAGE"} & set(gained) else None,
                    subject=resource.address,
                )


def _granted(body: Mapping[str, Any]) -> dict[str, set[str]]:
    grants = body.get("grant") if isinstance(body.get("grant"), list) else [body]
    found: dict[str, set[str]] = {}
    for each in grants or []:
        privileges = each.get("privileges") if isinstance(each, Mapping) else None
        if isinstance(privileges, list):
            found.setdefault(str(each.get("principal")), set()).update(map(str, privileges))
    return found


def _everybody(context: Context) -> Iterator[Seen]:
    yield from _opened(context)
    yield from _privileges(context)


def _levels(body: Mapping[str, Any]) -> dict[str, str]:
    grants = body.get("access_control")
    blocks = grants if isinstance(grants, list) else []
    return {
        str(each.get("group_name")): str(each.get("permission_level")) for each in blocks if isinstance(each, Mapping)
    }


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
        "CAN_MANAGE_RUN and more is an error; CAN_VIEW for one group is info.",
        job=_widened,
        plan=_everybody,
    ),
)
