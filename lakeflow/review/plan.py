"""A plan as `terraform show -json` prints it, masked: what it changes, what drifted, and how far it can be trusted.

https://developer.hashicorp.com/terraform/internals/json-format. `variables`, `prior_state` and `planned_values` are
never read: they repeat the values of the changes, secrets in clear.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from constructs_lib.errors import LakeflowError
from lakeflow.review.differences import Change, changes
from lakeflow.review.masking import MASK, Masking, Secret, sensitive_values
from lakeflow.review.shapes import shaped
from lakeflow.review.unknown import References, configured, with_unknown

Json = Mapping[str, Any]

_TYPE = re.compile(r"[a-z][a-z0-9_]{0,80}")
_CODE = re.compile(r"[a-z0-9_]+(?:\.[A-Za-z0-9_-]+)+")
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}(?:-[0-9A-Za-z.]{1,20})?")


REASONS = {
    "delete_because_count_index": "`count` is smaller",
    "delete_because_each_key": "`for_each` no longer has its key",
    "delete_because_no_module": "its module is gone from the code",
    "delete_because_no_move_target": "what it was moved to is not in the code",
    "delete_because_no_resource_config": "it is gone from the code",
    "delete_because_wrong_repetition": "`count` or `for_each` was added or removed",
    "replace_because_cannot_update": "it cannot be changed in place",
    "replace_because_tainted": "it is tainted: an earlier apply failed on it",
    "replace_by_request": "-replace asks for it",
    "replace_by_triggers": "`replace_triggered_by` asks for it",
}
"""Terraform's word for why it does something → ours."""


class Action(StrEnum):
    """What a plan does with a resource."""

    NOTHING = "no-op"
    READ = "read"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    FORGET = "forget"
    UNKNOWN = "unknown"
    """An action that this version does not know."""

    @classmethod
    def of(cls, actions: object) -> "Action":
        """Return the action that a plan's list of actions stands for."""
        words = {str(each) for each in actions} if isinstance(actions, list) else set()
        if words == {"no-op"}:
            return cls.NOTHING
        if "create" in words and words & {"delete", "forget"}:
            return cls.REPLACE
        if len(words) == 1 and (word := words.pop()) in set(cls):
            return cls(word)
        return cls.UNKNOWN

    @property
    def ends_it(self) -> bool:
        """Whether what is there now is gone afterwards."""
        return self in {Action.REPLACE, Action.DELETE}


@dataclass(frozen=True, eq=False)
class Resource:
    """What a plan does with one resource; `before` and `after` are empty where there is nothing."""

    address: str
    type: str
    name: str
    is_data: bool
    module: str
    action: Action
    before: Json
    after: Json
    reason: str = ""
    """Why Terraform does it, in its own word: `replace_because_cannot_update`."""
    replaced_by: tuple[str, ...] = ()
    """The attributes that force a replacement."""
    previous_address: str = ""
    imported: str | None = None
    """The id that it is imported by; None where it is not imported."""
    actions: tuple[str, ...] = ()
    """What Terraform calls it: `("delete", "create")`."""
    deposed: bool = False
    """Whether it is what an earlier, failed replacement left behind."""

    @property
    def is_moved(self) -> bool:
        """Whether it had another address."""
        return bool(self.previous_address) and self.previous_address != self.address

    @property
    def does_something(self) -> bool:
        """Whether an apply does anything with it, in the workspace or in the state."""
        return self.action not in {Action.NOTHING, Action.READ} or self.is_moved or self.imported is not None

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What differs between what is there and what will be; everything of what is new."""
        if self.action in {Action.CREATE, Action.UPDATE, Action.REPLACE}:
            return changes(self.type, self.before, self.after)
        return ()

    @property
    def matters(self) -> bool:
        """Whether anything happens that a person would call a change."""
        if not self.does_something:
            return False
        unchanged = self.action in {Action.UPDATE, Action.NOTHING, Action.READ} and not self.changes
        return not unchanged or self.is_moved or self.imported is not None

    @property
    def values(self) -> Json:
        """Its values after the plan, or those before where nothing is left."""
        return self.after or self.before


@dataclass(frozen=True, eq=False)
class Deferred:
    """A change that has to wait for another apply, and why."""

    address: str
    reason: str


@dataclass(frozen=True, eq=False)
class Check:
    """A condition of the configuration that does not hold."""

    address: str
    stops: bool
    """Whether it stops Terraform: a condition of a resource does, a `check` block does not."""
    message: str


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan."""

    resources: tuple[Resource, ...]
    drift: tuple[Resource, ...]
    deferred: tuple[Deferred, ...]
    outputs: Mapping[str, Action]
    errored: bool
    complete: bool | None
    """Whether nothing is left for another plan; None where it does not say."""
    applyable: bool | None
    time: datetime | None
    terraform: str
    """The version that made it, empty where it does not say."""
    failed_checks: tuple[Check, ...] = ()
    """What the configuration's own checks say that is not as it should be."""
    unread: tuple[str, ...] = ()
    """What stands in it and is not understood."""
    misshapen: tuple[str, ...] = ()
    """Addresses of resources of which something does not have the provider's shape, and is left out."""

    @classmethod
    def of(cls, document: Json, label: str = "plan") -> "Plan":
        """Return the plan in a document; raise LakeflowError with the place of what is not as in a plan."""
        return _Reader(document, label).plan()

    @property
    def is_understood(self) -> bool:
        """Whether everything in it is understood."""
        unknown = any(each.action is Action.UNKNOWN for each in self.resources)
        return not (self.unread or self.misshapen or unknown)

    @cached_property
    def addresses(self) -> Mapping[str, str]:
        """Id of a resource → its address, for each id that only one has."""
        found: dict[str, str] = {}
        twice: set[str] = set()
        for resource in self.resources:
            identity = resource.values.get("id")
            if isinstance(identity, str) and found.setdefault(identity, resource.address) != resource.address:
                twice.add(identity)
        return {identity: address for identity, address in found.items() if identity not in twice}


class _Reader:
    def __init__(self, document: Json, label: str) -> None:
        self._document = document
        self._label = label
        self._changes = self._entries("resource_changes")
        self._drift = self._entries("resource_drift")
        self._outputs = self._object(document.get("output_changes"), "output_changes")
        self._references = References(document.get("configuration"))
        self._mask = Masking(self._sensitive())
        self._misshapen: dict[str, None] = {}

    def plan(self) -> Plan:
        document = self._document
        resources = tuple(self._resource(entry, place) for place, entry in self._changes)
        drift = tuple(self._resource(entry, place) for place, entry in self._drift if _is_real(entry))
        unread = [
            f"{len(self._entries(name))} {name.replace('_', ' ')}"
            for name in ("action_invocations", "deferred_action_invocations")
            if document.get(name)
        ]
        return Plan(
            resources=resources,
            drift=drift,
            deferred=tuple(self._deferred()),
            outputs={
                self._mask.text(name): Action.of(self._object(change, "an output change").get("actions"))
                for name, change in self._outputs.items()
            },
            errored=document.get("errored") is True,
            complete=_flag(document.get("complete")),
            applyable=_flag(document.get("applyable")),
            time=_time(document.get("timestamp")),
            terraform=_version(document.get("terraform_version")),
            failed_checks=tuple(self._failed_checks()),
            unread=tuple(unread),
            misshapen=tuple(self._misshapen),
        )

    def _sensitive(self) -> Iterator[Any]:
        """Yield every value that the plan calls sensitive anywhere."""
        changes = [entry.get("change") for _, entry in (*self._changes, *self._drift)]
        deferred = (entry.get("resource_change") for _, entry in self._entries("deferred_changes"))
        changes += [each.get("change") for each in deferred if isinstance(each, Mapping)]
        for change in [*changes, *self._outputs.values()]:
            if isinstance(change, Mapping):
                marks = [change.get("before_sensitive"), change.get("after_sensitive")]
                for sensitive in marks[:1] if marks[0] == marks[1] else marks:
                    if sensitive:
                        for side in ("before", "after"):
                            yield from sensitive_values(change.get(side), sensitive)

    def _resource(self, entry: Json, place: str) -> Resource:
        change = self._object(entry.get("change"), f"{place}.change")
        action = Action.of(change.get("actions"))
        before, after = change.get("before"), change.get("after")
        address = str(entry.get("address", ""))
        if not address or not isinstance(entry.get("type"), str):
            raise self._wrong(place, "has no address or no type")
        if action is Action.NOTHING:
            # Who it is, for what refers to it; nothing of it changes.
            before = after = _identity(before)
        kept = self._mask.value(before if isinstance(before, Mapping) else {}, change.get("before_sensitive"))
        made = self._mask.value(after if isinstance(after, Mapping) else {}, change.get("after_sensitive"))
        unknown = self._mask.value(change.get("after_unknown"))
        made = with_unknown(made or {}, unknown, self._references.of(address), self._mask.text)
        importing = change.get("importing")
        return Resource(
            address=self._address(address),
            type=entry["type"] if _TYPE.fullmatch(entry["type"]) else self._mask.text(entry["type"]),
            name=self._mask.text(str(entry.get("name", ""))),
            is_data=entry.get("mode") == "data",
            module=self._mask.text(str(entry.get("module_address", ""))),
            action=action,
            before=self._shaped(address, entry["type"], kept),
            after=self._shaped(address, entry["type"], made),
            reason=_word(entry.get("action_reason")),
            actions=tuple(self._mask.text(str(each)) for each in change.get("actions") or ()),
            replaced_by=tuple(
                self._mask.text(_path(path)) for path in change.get("replace_paths") or () if isinstance(path, list)
            ),
            previous_address=self._mask.text(str(entry.get("previous_address") or "")),
            imported=self._mask.text(str(importing.get("id") or "")) if isinstance(importing, Mapping) else None,
            deposed="deposed" in entry,
        )

    def _address(self, address: str) -> str:
        """Return an address, the key of an instance hidden where that is a secret."""
        shown = self._mask.text(address)
        if not isinstance(shown, Secret):
            return shown
        code = configured(address)
        return f"{code}[{MASK}]" if code != address and _CODE.fullmatch(code) else shown

    def _shaped(self, address: str, resource_type: str, body: Any) -> Json:
        found, whole = shaped(resource_type, body) if isinstance(body, dict) else ({}, body is None)
        if not whole:
            self._misshapen[self._mask.text(address)] = None
        return found

    def _deferred(self) -> Iterator[Deferred]:
        for place, entry in self._entries("deferred_changes"):
            inner = self._object(entry.get("resource_change"), f"{place}.resource_change")
            yield Deferred(self._mask.text(str(inner.get("address", "?"))), _word(entry.get("reason")))

    def _failed_checks(self) -> Iterator[Check]:
        for _, check in self._entries("checks"):
            if check.get("status") not in {"fail", "error"}:
                continue
            address = check.get("address")
            about = address if isinstance(address, Mapping) else {}
            named = self._mask.text(str(about.get("to_display", "?")))
            messages = [self._mask.text(message) for message in _messages(check.get("instances"))]
            yield Check(named, about.get("kind") != "check", "; ".join(messages))

    def _entries(self, name: str) -> list[tuple[str, Json]]:
        found = self._document.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            raise self._wrong(name, "is no list")
        return [(f"{name}[{place}]", self._object(entry, f"{name}[{place}]")) for place, entry in enumerate(found)]

    def _object(self, value: object, place: str) -> Json:
        if value is None and place == "output_changes":
            return {}
        if not isinstance(value, dict):
            raise self._wrong(place, "is no object")
        return value

    def _wrong(self, place: str, problem: str) -> LakeflowError:
        return LakeflowError(
            f"is not a Terraform plan: {place} {problem}", place=self._label, fix="take it from terraform show -json"
        )


def _is_real(drift: Json) -> bool:
    """Return whether anything differs but how nothing is written: most of what Terraform calls drift does not."""
    change = drift.get("change")
    if not isinstance(change, Mapping) or Action.of(change.get("actions")) is not Action.UPDATE:
        return True
    before, after = change.get("before"), change.get("after")
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return True
    return bool(changes(str(drift.get("type")), before, after))


def _messages(instances: object) -> Iterator[str]:
    for instance in instances if isinstance(instances, list) else ():
        problems = instance.get("problems") if isinstance(instance, Mapping) else None
        for problem in problems if isinstance(problems, list) else ():
            if isinstance(problem, Mapping) and isinstance(problem.get("message"), str):
                yield problem["message"]


def _identity(values: object) -> Json:
    if not isinstance(values, Mapping):
        return {}
    return {key: values[key] for key in ("id", "name", "job_id") if values.get(key) is not None}


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _word(value: object) -> str:
    """Return a word of Terraform's own, such as `delete_because_no_resource_config`."""
    return value if isinstance(value, str) and re.fullmatch(r"[a-z_]{1,60}", value) else ""


def _path(steps: list[object]) -> str:
    return ".".join(str(step) for step in steps if isinstance(step, str | int))[:200]


def _time(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment and moment.tzinfo else None


def _version(value: object) -> str:
    return value if isinstance(value, str) and _VERSION.fullmatch(value) else ""
