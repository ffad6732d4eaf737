"""A plan that cannot be trusted, and what else it ends."""

from collections.abc import Iterator

from constructs_lib.rules import Severity
from lakeflow.review.jobs import JOB, PERMISSIONS
from lakeflow.review.phrases import say, strong
from lakeflow.review.plan import Action
from lakeflow.review.risks.risk import Context, Risk, Seen

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
            say("{} is put off to another plan", strong(deferred.address)),
            (_WORDS.get(deferred.reason, "Terraform does not say why"),),
            subject=deferred.address,
        )
    if plan.complete is False and not plan.errored and not plan.deferred:
        yield Seen(
            say("the plan leaves something out"),
            say("after its apply another plan finds more, as with -target"),
        )
    for resource in plan.resources:
        if resource.action is Action.UNKNOWN:
            yield Seen(
                say("{}: an action that this lakeflow does not know", strong(resource.address)),
                say("review it in Terraform's own words"),
                subject=resource.address,
            )


def _failed_checks(context: Context) -> Iterator[Seen]:
    for name in context.plan.failed_checks:
        yield Seen(say("{} does not hold", strong(name)), say("Terraform goes on all the same"), subject=name)


def _ends_other(context: Context) -> Iterator[Seen]:
    for resource in context.plan.resources:
        if resource.type in {JOB, PERMISSIONS} or resource.is_data or not resource.action.ends_it:
            continue
        holds = resource.type in _HOLDS_DATA
        verb = "deleted" if resource.action is Action.DELETE else "replaced"
        yield Seen(
            say(f"{{}} is {verb}", strong(resource.address)),
            say("the data in it may go with it") if holds else say("whatever refers to it by its id fails"),
            Severity.ERROR if holds else None,
            subject=resource.address,
        )


RISKS = (
    Risk(
        "LR114",
        Severity.ERROR,
        "The plan is not whole",
        "It failed, or leaves changes for another plan: what is missing from it is not reviewed. It cannot be turned "
        "off or accepted.",
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
        "A failed `check` block or condition stops nothing; somebody wrote it to be told.",
        plan=_failed_checks,
    ),
)
