"""A plan that cannot be trusted, and what else it ends."""

from collections.abc import Iterator

from constructs_lib.rules import Severity
from lakeflow.review.jobs import JOB, PERMISSIONS
from lakeflow.review.phrases import say, strong
from lakeflow.review.plan import REASONS, Action
from lakeflow.review.risks.risk import Context, Risk, Seen
from lakeflow.review.unknown import Later

_HOLDS_DATA = frozenset(
    {
        "databricks_catalog",
        "databricks_database_instance",
        "databricks_metastore",
        "databricks_pipeline",
        "databricks_schema",
        "databricks_secret_scope",
        "databricks_sql_table",
        "databricks_volume",
    }
)
"""What takes tables, files or secrets along when it goes."""
_LOST = {
    "databricks_alert_v2": "nobody is alerted by it any more",
    "databricks_grant": "nobody has these privileges until they are granted again",
    "databricks_grants": "nobody has these privileges until they are granted again",
    "databricks_notebook": "a run that starts meanwhile does not find its code",
    "databricks_notification_destination": "nobody is notified through it any more",
    "databricks_workspace_file": "a run that starts meanwhile does not find its code",
}
_WHOLE = ("task", "schedule", "trigger", "continuous", "run_as")
_WORDS = {
    "unknown": "something it depends on is not known yet",
    "instance_count_unknown": "how many there will be is not known yet",
    "resource_config_unknown": "its settings are not known yet",
    "provider_config_unknown": "the provider's settings are not known yet",
    "deferred_prereq": "it waits for another deferred change",
    "absent_prereq": "what it needs is not there yet",
    "excluded": "it was left out of the plan",
    "not_included": "it was left out of the plan",
}


def _incomplete(context: Context) -> Iterator[Seen]:
    plan = context.plan
    if plan.errored:
        yield Seen(
            say("Terraform failed while it planned"),
            say("what is shown is only what it came to; what is missing is unknown"),
        )
    for deferred in plan.deferred:
        yield Seen(
            say("{} is deferred to another plan", strong(deferred.address)),
            (_WORDS.get(deferred.reason, "Terraform does not say why"),),
            subject=deferred.address,
        )
    if plan.complete is False and not plan.errored and not plan.deferred:
        yield Seen(
            say("the plan leaves something out"),
            say("after its apply another plan finds more, as with -target"),
        )
    for text in plan.unread:
        yield Seen(
            (f"the plan has {text}, which this lakeflow does not know",), say("review it in Terraform's own words")
        )
    for address in plan.misshapen:
        yield Seen(
            say("a part of {} is not as the provider writes it", strong(address)),
            say("what stands there is not shown"),
            subject=address,
        )
    for resource in plan.resources:
        if resource.action is Action.UNKNOWN:
            yield Seen(
                say("{}: an action that this lakeflow does not know", strong(resource.address)),
                say("review it in Terraform's own words"),
                subject=resource.address,
            )


def _failed_checks(context: Context) -> Iterator[Seen]:
    for check in context.plan.failed_checks:
        what = say("{} does not hold", strong(check.address))
        yield Seen(
            (*what, *say(": {}", check.message)) if check.message else what,
            say("it stops Terraform") if check.stops else say("a check block stops nothing"),
            Severity.ERROR if check.stops else None,
            subject=check.address,
        )


def _later(context: Context) -> Iterator[Seen]:
    for job in context.jobs:
        unknown = [name for name in _WHOLE if isinstance(job.after.get(name), Later)]
        if unknown:
            yield Seen(
                say(f"{' and '.join(unknown)} of {{}}: known only after the apply", strong(job.name)),
                say("nobody can review it before"),
                subject=job.address,
            )


def _by_hand(context: Context) -> Iterator[Seen]:
    planned = {each.address for each in context.plan.resources if each.matters}
    for drifted in context.plan.drift:
        if (
            drifted.address not in planned
            and drifted.type in {JOB, PERMISSIONS}
            and (drifted.changes or drifted.action.ends_it)
        ):
            yield Seen(
                say("{} was changed by hand", strong(drifted.address)),
                say("and stays so: this plan does not touch it"),
                subject=drifted.address,
            )


def _ends_other(context: Context) -> Iterator[Seen]:
    for resource in context.plan.resources:
        if resource.type in {JOB, PERMISSIONS} or resource.is_data or not resource.action.ends_it:
            continue
        holds = resource.type in _HOLDS_DATA
        verb = "deleted" if resource.action is Action.DELETE else "replaced"
        words = REASONS.get(resource.reason)
        why = "the data in it may go with it" if holds else _LOST.get(resource.type, "what uses it by its id fails")
        yield Seen(
            say(f"{{}} is {verb}" + (f", since {words}" if words else ""), strong(resource.address)),
            (why,),
            Severity.ERROR if holds else None,
            subject=resource.address,
        )


RISKS = (
    Risk(
        "LR114",
        Severity.ERROR,
        "The plan is not whole",
        "It failed, leaves changes for another plan, or has what is not understood: that is not reviewed. It cannot be "
        "turned off or accepted.",
        plan=_incomplete,
        fixed=True,
    ),
    Risk(
        "LR117",
        Severity.WARNING,
        "Another resource is deleted or replaced",
        "Its id is gone. For what holds tables, files or secrets (pipelines, schemas, volumes, scopes) it is an error.",
        plan=_ends_other,
    ),
    Risk(
        "LR118",
        Severity.WARNING,
        "A check of the configuration fails",
        "Somebody wrote it to be told. A condition of a resource, which stops Terraform, is an error.",
        plan=_failed_checks,
    ),
    Risk(
        "LR119",
        Severity.WARNING,
        "What a job does is known only after the apply",
        "Its tasks, trigger or run-as come from something that is not there yet: nobody can review them before.",
        plan=_later,
    ),
    Risk(
        "LR120",
        Severity.INFO,
        "A job was changed by hand, and stays so",
        "The plan does not touch it: the code does not say what is different.",
        plan=_by_hand,
    ),
)
