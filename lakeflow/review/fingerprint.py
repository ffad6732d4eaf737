"""The fingerprint of a plan: the same for two plans that do the same, however Terraform words them.

A secret goes into it as changed or unchanged only: a hash of a short secret gives it away.
"""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from lakeflow.review.differences import Change, canonical
from lakeflow.review.plan import Action, Plan, Resource

_VERSION = 1


def fingerprint(plan: Plan) -> str | None:
    """Return `sha256:…` of what a plan does; None for one that failed, leaves something out, or is not understood."""
    if not _is_whole(plan):
        return None
    return f"sha256:{sha256(_ordered({'version': _VERSION, **effects(plan)}).encode()).hexdigest()}"


def effects(plan: Plan) -> Mapping[str, Any]:
    """Return all that a plan does; of nothing an empty list or object."""
    return {
        "resources": sorted((_effect(each) for each in plan.resources if each.matters), key=_ordered),
        "outputs": {name: action.value for name, action in plan.outputs.items() if action is not Action.NOTHING},
    }


def does_nothing(plan: Plan) -> bool:
    """Return whether an apply of a plan that is whole changes nothing."""
    changed = any(each.matters for each in plan.resources)
    return _is_whole(plan) and not changed and all(action is Action.NOTHING for action in plan.outputs.values())


def _is_whole(plan: Plan) -> bool:
    return not (plan.errored or plan.deferred or plan.complete is False) and plan.is_understood


def _effect(resource: Resource) -> Mapping[str, Any]:
    said = {
        "address": resource.address,
        "deposed": resource.deposed,
        "actions": resource.actions if resource.action is not Action.NOTHING else (),
        "id": str(resource.before.get("id") or ""),
        "moved": resource.previous_address if resource.is_moved else "",
        "imported": resource.imported,
        "replaced_by": sorted(resource.replaced_by),
        "changes": sorted((list(_said(change)) for change in resource.changes), key=_ordered),
    }
    return {key: value for key, value in said.items() if value}


def _said(change: Change) -> Iterator[Any]:
    yield [[step.name, step.key] for step in change.path]
    name = change.path[-1].name
    # In a list of its own, or an entry of an unordered list would be sorted as one.
    yield canonical(change.before) if not isinstance(change.before, list) else canonical(change.before, name)
    yield canonical(change.after) if not isinstance(change.after, list) else canonical(change.after, name)


def _ordered(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
