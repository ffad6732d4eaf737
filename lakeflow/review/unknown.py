"""What a plan knows only after its apply, and what the code says that it will be."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

KNOWN_LATER = "known after apply"
_INSTANCE = re.compile(r"\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\]")
_SETS = frozenset({"access_control"})
"""Blocks in another order in a plan than in the code: an expression of the same place belongs to another."""


class Later(str):
    """A value that is known only after the apply; `reference` is what it comes from, such as `databricks_job.a.id`."""

    reference: str

    def __new__(cls, reference: str = "") -> "Later":
        """Return the value that a reference will have."""
        made = super().__new__(cls, KNOWN_LATER)
        made.reference = reference
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Later) and self.reference == other.reference

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((KNOWN_LATER, self.reference))


class References:
    """What the expressions of a configuration refer to; nothing else of it is read, for it has secrets in clear."""

    def __init__(self, configuration: object) -> None:
        root = configuration.get("root_module") if isinstance(configuration, Mapping) else None
        self._resources = dict(_resources(root, ""))

    def of(self, address: str) -> object:
        """Return the expressions of a resource, for `with_unknown`."""
        return self._resources.get(configured(address))


def configured(address: str) -> str:
    """Return the address of what stands in the code: without the keys of `count` and `for_each`."""
    return _INSTANCE.sub("", address)


def _resources(module: object, prefix: str) -> Iterator[tuple[str, object]]:
    if not isinstance(module, Mapping):
        return
    resources = module.get("resources")
    for resource in resources if isinstance(resources, list) else ():
        if isinstance(resource, Mapping):
            yield f"{prefix}{resource.get('address')}", resource.get("expressions")
    calls = module.get("module_calls")
    for name, call in calls.items() if isinstance(calls, Mapping) else ():
        if isinstance(call, Mapping):
            yield from _resources(call.get("module"), f"{prefix}module.{name}.")


def with_unknown(value: Any, unknown: object, expressions: object = None, hide: Callable[[str], str] = str) -> Any:
    """Return a value with a `Later` wherever a plan's `after_unknown` has true; `hide` masks what it comes from."""
    if unknown is True:
        return Later(hide(_reference(expressions)))
    if isinstance(unknown, Mapping):
        found = dict(value) if isinstance(value, Mapping) else {}
        for key, below in unknown.items():
            made = with_unknown(found.get(key), below, _below(expressions, key), hide)
            if made is not None:
                found[key] = made
        return found if found or isinstance(value, Mapping) else None
    if isinstance(unknown, list) and any(unknown):
        entries = list(value) if isinstance(value, list) else []
        entries += [None] * (len(unknown) - len(entries))
        return [
            with_unknown(entry, unknown[place] if place < len(unknown) else None, _below(expressions, place), hide)
            for place, entry in enumerate(entries)
        ]
    return value


def _below(expressions: object, step: object) -> object:
    if isinstance(expressions, Mapping):
        # The expression of a whole map or list says what its entries come from, too.
        return expressions if "references" in expressions else expressions.get(step) if step not in _SETS else None
    if isinstance(expressions, list) and isinstance(step, int) and step < len(expressions):
        return expressions[step]
    return None


def _reference(expressions: object) -> str:
    """Return what a value comes from, as far as the code names it: `databricks_job.a.id`."""
    found = expressions.get("references") if isinstance(expressions, Mapping) else None
    named = [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
    # Terraform names `a.b.id` and then `a.b`, which it is a part of.
    whole = sorted({each for each in named if not any(other.startswith(f"{each}.") for other in named)})
    return ", ".join(whole)
