"""What happens beside the jobs: drift, moves, other resources, outputs; and what could not be analysed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from constructs_lib.errors import LakeflowError
from constructs_lib.provider import schema
from lakeflow.review.differences import Change
from lakeflow.review.jobs import JOB, PERMISSIONS, JobChange
from lakeflow.review.lines import ADDED, CHANGED, REMOVED, Row, changed, details, path_of
from lakeflow.review.phrases import Phrase, Value, joined, say, strong
from lakeflow.review.plan import Action, Plan, Resource
from lakeflow.review.unknown import Later

_MOST_ATTRIBUTES = 6
_DONE = {Action.CREATE: "created", Action.DELETE: "removed"}
_ENDED = {Action.DELETE: "deleted", Action.REPLACE: "replaced"}
_SIGNS = {Action.CREATE: ADDED, Action.DELETE: REMOVED, Action.FORGET: REMOVED}


@dataclass(frozen=True, eq=False)
class Drift:
    """What somebody changed by hand, and what the deploy does about it."""

    address: str
    what: Phrase
    reverted: bool


def outputs(plan: Plan) -> Iterator[Row]:
    """Yield the outputs that change; their values are for nobody here."""
    for name, action in sorted(plan.outputs.items()):
        if action is not Action.NOTHING:
            yield Row(_SIGNS.get(action, CHANGED), name, (_DONE.get(action, "changed"),))


def drift(plan: Plan) -> Iterator[Drift]:
    """Yield what somebody changed by hand, and whether the deploy puts it back."""
    resources = {each.address: each for each in plan.resources if not each.deposed}
    for drifted in sorted(plan.drift, key=lambda each: each.address):
        planned = resources.get(drifted.address)
        if drifted.action is Action.DELETE:
            again = planned is not None and planned.action is Action.CREATE
            yield Drift(drifted.address, say("was deleted"), reverted=again)
            continue
        put_back = {path_of(change.path) for change in planned.changes} if planned else set()
        for change in drifted.changes:
            reverted = path_of(change.path) in put_back
            if reverted or not _fills_in(drifted.type, change):
                yield Drift(drifted.address, _by_hand(change), reverted)


def _by_hand(change: Change) -> Phrase:
    if isinstance(change.before or change.after, Mapping) and (change.before is None or change.after is None):
        return say(f"{{}} {'added' if change.before is None else 'removed'}", strong(path_of(change.path)))
    return changed(change)


def _fills_in(resource_type: str, change: Change) -> bool:
    """Return whether the provider, and not a person, says the value of an attribute."""
    try:
        attribute = schema(resource_type).body.attributes.get(change.path[0].name)
    except LakeflowError:
        return False
    return attribute is not None and attribute.computed


def moves(plan: Plan) -> Iterator[Phrase]:
    """Yield imports, moves and what is forgotten."""
    for resource in sorted(plan.resources, key=lambda each: each.address):
        if resource.imported is not None:
            yield say("{} is imported from id {}", strong(resource.address), Value(resource.imported or "?"))
        if resource.is_moved:
            yield say("{} was {}", strong(resource.address), resource.previous_address)
        if resource.action is Action.FORGET:
            yield say("{} is forgotten: it stays, and no code describes it any more", strong(resource.address))


def others(plan: Plan, jobs: Sequence[JobChange]) -> Iterator[Row]:
    """Yield what happens to resources that are neither jobs nor their grants."""
    with_jobs = {each.address for job in jobs for each in job.permissions}
    for resource in sorted(plan.resources, key=lambda each: each.address):
        ours = resource.type == JOB or resource.address in with_jobs
        if ours or resource.is_data or not resource.matters or resource.action is Action.FORGET:
            continue
        if resource.action is Action.NOTHING:
            continue  # moved or imported as it is: said there
        sign = _SIGNS.get(resource.action, CHANGED)
        said = details(resource.changes, plan.addresses)
        yield Row(sign, resource.address, _other(resource), _ENDED.get(resource.action, ""), said)


def _other(resource: Resource) -> Phrase:
    if resource.action is Action.CREATE:
        return ("created",)
    if resource.action is Action.DELETE:
        return ("deleted",) if not resource.deposed else ("deleted: a failed replacement left it behind",)
    parts = [changed(change) for change in resource.changes[:_MOST_ATTRIBUTES]]
    if len(resource.changes) > _MOST_ATTRIBUTES:
        parts.append((f"and {len(resource.changes) - _MOST_ATTRIBUTES} more attributes",))
    if resource.action is Action.REPLACE:
        by = joined([say("{}", strong(path)) for path in resource.replaced_by], " and ")
        parts.insert(0, ("replaced", *((" because of ", *by) if by else ())))
    if resource.action is Action.UNKNOWN:
        parts.insert(0, ("an unknown action",))
    return joined(parts, "; ")


def unread(plan: Plan, jobs: Sequence[JobChange], now: datetime) -> Iterator[Phrase]:
    """Yield what could not be analysed."""
    if plan.errored:
        yield ("what Terraform had not planned when it failed",)
    foreign = sorted({each.type for each in plan.resources if each.matters and not each.type.startswith("databricks_")})
    if foreign:
        listed = joined([say("{}", name) for name in foreign[:_MOST_ATTRIBUTES]])
        more = f" and {len(foreign) - _MOST_ATTRIBUTES} more" if len(foreign) > _MOST_ATTRIBUTES else ""
        yield (*say("resources of other providers, shown by attribute only: {}", listed), more)
    with_jobs = {each.address for job in jobs for each in job.permissions}
    for each in plan.resources:
        if each.type == PERMISSIONS and each.matters and "job_id" in each.values and each.address not in with_jobs:
            yield say("{}: the job that it is for is not in this plan", strong(each.address))
    for job in jobs:
        if isinstance(job.after.get("task"), Later):
            yield say("the tasks of {}: known after apply", strong(job.name))
        reason = job.starts(now)[1].unreadable
        if reason:
            yield say("the schedule of {}: {}", strong(job.name), reason)
        graph = job.graphs[1]
        if graph and any(node.missing for node in graph.nodes):
            yield say("the graph of {}: tasks wait for tasks that it does not have", strong(job.name))
