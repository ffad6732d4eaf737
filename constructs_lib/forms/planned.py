"""What a plan or a state says of a job: its values without those that stand for nothing.

Terraform writes every attribute: null, an empty list, and in a state also `""`, 0 and false where nothing was said.
What is known only after an apply is missing from a plan; beside it stands which attributes those are.
"""

from collections.abc import Mapping
from typing import Any

from constructs_lib.provider import Attribute, Shape, schema

Json = Mapping[str, Any]

LATER = "${known after apply}"
"""Stands for a value that is not known yet."""

_MEANT = frozenset({"max_concurrent_runs", "min_workers"})
"""Where 0 is never written for nothing."""

_NOTIFICATIONS = frozenset({"email_notifications", "notification_settings", "webhook_notifications"})
"""Blocks that a state has where nothing was said."""


def said(values: Json, unknown: object = None, *, stored: bool) -> dict[str, Any]:
    """Return what the values of a `databricks_job` say.

    `unknown` is what a plan calls `after_unknown`; `stored` tells whether the values went through a state, where 0 and
    false may stand for nothing.
    """
    return _block(values, unknown, schema("databricks_job").body, stored=stored)


def undecided(unknown: object) -> bool:
    """Return whether even the tasks of a job are known only after an apply, so that nothing can be said of it."""
    return isinstance(unknown, Mapping) and unknown.get("task") is True


def _block(values: Json, unknown: object, shape: Shape, *, stored: bool) -> dict[str, Any]:
    later = unknown if isinstance(unknown, Mapping) else {}
    block: dict[str, Any] = {}
    for name, value in values.items():
        attribute = shape.attributes.get(name)
        if attribute is None or attribute.read_only or _silent(value, attribute, stored=stored):
            continue
        inside = _value(value, later.get(name), attribute.shape, stored=stored)
        if inside != [{}] or name not in _NOTIFICATIONS:
            block[name] = inside
    for name, whole in later.items():
        attribute = shape.attributes.get(name)
        if whole is True and attribute and _expected(attribute):
            block.setdefault(name, LATER)
    return block


def _silent(value: object, attribute: Attribute, *, stored: bool) -> bool:
    if value is None or value in ([], {}):
        return True
    if attribute.required or attribute.name in _MEANT:
        return False
    return value == "" or (stored and value in (0, False))


def _expected(attribute: Attribute) -> bool:
    """Return whether somebody said something for an unknown attribute; the provider fills in others by itself."""
    return attribute.shape is None and not attribute.computed and not attribute.read_only


def _value(value: Any, unknown: object, shape: Shape | None, *, stored: bool) -> Any:
    if unknown is True:
        return LATER
    if isinstance(value, Mapping):
        if shape is not None:
            return _block(value, unknown, shape, stored=stored)
        later = unknown if isinstance(unknown, Mapping) else {}
        return {**value, **{name: LATER for name, whole in later.items() if whole is True}}
    if isinstance(value, list):
        laters = unknown if isinstance(unknown, list) else []
        return [
            _value(each, laters[index] if index < len(laters) else None, shape, stored=stored)
            for index, each in enumerate(value)
        ]
    return value
