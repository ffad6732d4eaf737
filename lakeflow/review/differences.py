"""What is different between two bodies of a resource, and nothing that is only written differently.

Lists are matched by the key of their entries, as a person would: the order of tasks, dependencies, clusters, job
parameters, grants and libraries means nothing. Null, what is empty and what is the default are the same.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from constructs_lib.errors import LakeflowError
from constructs_lib.provider import Attribute, Shape, schema
from lakeflow.review.masking import Secret
from lakeflow.review.unknown import Later

Json = Mapping[str, Any]

_KEYS: Mapping[str, tuple[str, ...]] = {
    "access_control": ("user_name", "group_name", "service_principal_name"),
    "cluster": ("label",),
    "cluster_mount_info": ("local_mount_dir_path",),
    "depends_on": ("task_key", "outcome"),
    "environment": ("environment_key",),
    "environment_variables": ("environment_variables_key",),
    "job_cluster": ("job_cluster_key",),
    "library": (),
    "parameter": ("name",),
    "parameters": ("name",),
    "rules": ("metric", "op"),
    "subscribers": ("user_name", "destination_id"),
    "subscription": ("user_name", "destination_id"),
    "subscriptions": ("user_name", "destination_id"),
    "tables": ("catalog", "schema", "name"),
    "task": ("task_key",),
}
"""The attributes that tell the entries of a list apart, none where all of them do; elsewhere the first of `_USUAL`."""
_USUAL = ("key", "name", "id", "principal", "label", "path")
_IN_ORDER = frozenset({"column", "init_scripts", "triggers"})
"""Lists of blocks whose order means something."""
_UNORDERED = frozenset(
    {
        "aliases",
        "dependencies",
        "exclusions",
        "full_refresh_selection",
        "java_dependencies",
        "on_duration_warning_threshold_exceeded",
        "on_failure",
        "on_maintenance_complete",
        "on_maintenance_start",
        "on_start",
        "on_streaming_backlog_exceeded",
        "on_success",
        "patterns",
        "privileges",
        "refresh_flow_selection",
        "refresh_selection",
        "reset_checkpoint_selection",
        "ssh_public_keys",
        "table_names",
    }
)
"""Lists of plain values whose order means nothing."""
_DEFAULTS: Mapping[str, Any] = {
    "edit_mode": "UI_LOCKED",
    "format": "MULTI_TASK",
    "max_concurrent_runs": 1,
    "pause_status": "UNPAUSED",
    "run_if": "ALL_SUCCESS",
    "task_retry_mode": "NEVER",
}
"""What the API takes where nothing is said (https://docs.databricks.com/api/workspace/jobs/create)."""
_ZERO_MEANS = frozenset({"max_concurrent_runs", "min_workers", "value"})
"""Where 0 is not the same as nothing."""
_ZERO_IS_DEFAULT = frozenset(
    {
        "alert_on_last_attempt",
        "always_running",
        "apply_policy_default_values",
        "control_run_state",
        "disable_auto_optimization",
        "disabled",
        "enable_elastic_disk",
        "enable_local_disk_encryption",
        "enabled",
        "first_on_demand",
        "full_refresh",
        "is_single_node",
        "max_retries",
        "min_retry_interval_millis",
        "no_alert_for_canceled_runs",
        "no_alert_for_skipped_runs",
        "num_workers",
        "overwrite_existing",
        "pause_subscriptions",
        "paused",
        "refresh_after_update",
        "retry_on_timeout",
        "spot_bid_max_price",
        "timeout_seconds",
        "use_ml_runtime",
    }
)
"""Where 0 and false are what the API takes anyway."""
_EMPTY_MEANS_NOTHING = frozenset(
    {
        "aws_attributes",
        "azure_attributes",
        "deployment",
        "email_notifications",
        "gcp_attributes",
        "health",
        "notification_settings",
        "provider_config",
        "queue",
        "timeouts",
        "webhook_notifications",
        "workload_type",
    }
)
"""Blocks that a state has where nothing was said."""
_FILLED_IN = frozenset({"provider_config"})
"""What the provider fills in by itself where the code says nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step into a body: an attribute, and the key of the entry where it is a list or a map."""

    name: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, and what stands there on either side; None where there is nothing."""

    path: tuple[Step, ...]
    before: Any
    after: Any
    member: bool = False
    """Whether it is a plain value that joins or leaves a list."""

    @property
    def names(self) -> tuple[str, ...]:
        """The attributes on the way, without keys."""
        return tuple(step.name for step in self.path)

    def below(self, *names: str) -> bool:
        """Return whether it is at or below an attribute, or one of its blocks."""
        return self.names[: len(names)] == names


def changes(resource_type: str, before: Json, after: Json) -> tuple[Change, ...]:
    """Return what differs between two bodies of a resource type, by attribute."""
    try:
        shape: Shape | None = schema(resource_type).body
    except LakeflowError:
        shape = None
    return tuple(_Comparison(resource_type, before, after).objects(before, after, shape, ()))


def canonical(value: Any, name: str = "") -> Any:
    """Return a value as JSON takes it, the same however it was written: `name` is its attribute."""
    if isinstance(value, Mapping):
        said = ((str(key), canonical(entry, str(key))) for key, entry in value.items())
        kept = {key: entry for key, entry in said if not says_nothing(key, entry)}
        return {key: entry for key, entry in kept.items() if key not in _FILLED_IN or not _is_filled_in(value.get(key))}
    if isinstance(value, list):
        entries = [canonical(entry) for entry in value]
        return sorted(entries, key=_text) if name in _UNORDERED or name in _KEYS else entries
    return f"{value}: {value.reference}" if isinstance(value, Later) else value


def says_nothing(name: str, value: Any) -> bool:
    """Return whether an attribute says nothing: it is null, empty, zero, or what the API takes anyway."""
    if value is None or value in ("", [], {}) or value == _DEFAULTS.get(name):
        return True
    return not isinstance(value, str) and value in (0, False) and name not in _ZERO_MEANS


class _Comparison:
    def __init__(self, resource_type: str, before: Json, after: Json) -> None:
        # Where code comes from unless it is said: from Git in a job that names a repository.
        from_git = {bool(body.get("git_source")) for body in (before, after) if body}
        known = resource_type == "databricks_job" and len(from_git) == 1
        self._source = {True: "GIT", False: "WORKSPACE"}[from_git.pop()] if known else None

    def objects(self, before: Json, after: Json, shape: Shape | None, path: tuple[Step, ...]) -> Iterator[Change]:
        for name in sorted({*before, *after}):
            one, other = before.get(name), after.get(name)
            if one is other or (name in _FILLED_IN and (not other or _is_filled_in(other))):
                continue
            attribute = shape.attributes.get(name) if shape else None
            if attribute and (attribute.read_only or (attribute.computed and _is_filled_in(other))):
                continue
            if name == "id" and not path:
                continue
            if one == other or self._both_nothing(name, one, other, attribute, path):
                continue
            yield from self._values(name, one, other, attribute, path)

    def _values(
        self, name: str, before: Any, after: Any, attribute: Attribute | None, path: tuple[Step, ...]
    ) -> Iterator[Change]:
        shape = attribute.shape if attribute else None
        if attribute is not None and attribute.type.kind in {"block", "object"}:
            one, other = _single(before), _single(after)
            if one is not None and other is not None:
                yield from self.objects(one, other, shape, (*path, Step(name)))
                return
            if self._nothing(name, before, attribute) or self._nothing(name, after, attribute):
                yield Change((*path, Step(name)), _meant(one, shape), _meant(other, shape))
                return
        if _are(before, after, Mapping):
            yield from self._maps(name, before or {}, after or {}, path)
        elif _are(before, after, list) and _are_lists_of(Mapping, before, after):
            yield from self._lists(name, before or [], after or [], shape, path)
        elif _are(before, after, list) and name in _UNORDERED:
            yield from _members(name, before or [], after or [], path)
        else:
            yield _leaf((*path, Step(name)), before, after)

    def _maps(self, name: str, before: Json, after: Json, path: tuple[Step, ...]) -> Iterator[Change]:
        for key in sorted({*before, *after}):
            one, other = before.get(key), after.get(key)
            if one != other:
                yield _leaf((*path, Step(name, key)), one, other)

    def _lists(
        self, name: str, before: Sequence[Json], after: Sequence[Json], shape: Shape | None, path: tuple[Step, ...]
    ) -> Iterator[Change]:
        ones, others = _keyed(name, before, after)
        for key in dict.fromkeys((*ones, *others)):
            step = (*path, Step(name, f"{key[0]} #{key[1] + 1}" if isinstance(key, tuple) else key))
            one, other = ones.get(key), others.get(key)
            if one is None or other is None:
                yield Change(step, _meant(one, shape), _meant(other, shape))
            elif one != other:
                yield from self.objects(one, other, shape, step)

    def _both_nothing(
        self, name: str, before: Any, after: Any, attribute: Attribute | None, path: tuple[Step, ...]
    ) -> bool:
        if name == "source" and self._source:
            # A script comes from the workspace unless it is said, whatever the job names.
            usual = "WORKSPACE" if path and path[-1].name == "spark_python_task" else self._source
            return {before or usual, after or usual} == {usual}
        if before is None and type(after) in (int, bool, float) and name not in _ZERO_IS_DEFAULT:
            # A state has 0 and false where nothing was said; where it has nothing, they are said now.
            return False
        return self._nothing(name, before, attribute) and self._nothing(name, after, attribute)

    def _nothing(self, name: str, value: Any, attribute: Attribute | None) -> bool:
        if isinstance(value, Later):
            return False
        if says_nothing(name, value):
            return True
        if name not in _EMPTY_MEANS_NOTHING:
            return False
        inner = _single(value)
        shape = attribute.shape if attribute else None
        return inner is not None and all(
            self._nothing(key, entry, shape.attributes.get(key) if shape else None) for key, entry in inner.items()
        )


def _leaf(path: tuple[Step, ...], before: Any, after: Any) -> Change:
    """Return a change of one value; where one side is hidden, so is the other."""
    if isinstance(before, Secret) and after is not None:
        after = Secret(after)
    elif isinstance(after, Secret) and before is not None:
        before = Secret(before)
    return Change(path, before, after)


def _meant(block: Json | None, shape: Shape | None) -> Json | None:
    """Return a block without what the provider fills in."""
    if block is None:
        return None
    found: dict[str, Any] = {}
    for name, value in block.items():
        attribute = shape.attributes.get(name) if shape else None
        computed = attribute is not None and (attribute.read_only or (attribute.computed and _is_filled_in(value)))
        if computed or (name in _FILLED_IN and _is_filled_in(value)):
            continue
        inner = attribute.shape if attribute else None
        if isinstance(value, list) and _are_lists_of(Mapping, value, None):
            found[name] = [_meant(each, inner) for each in value]
        else:
            found[name] = _meant(value, inner) if isinstance(value, Mapping) and inner else value
    return found


def _is_filled_in(value: Any) -> bool:
    """Return whether a value is known later, and not because the code takes it from somewhere."""
    if isinstance(value, Mapping) and value:
        return all(map(_is_filled_in, value.values()))
    if isinstance(value, list) and value:
        return all(map(_is_filled_in, value))
    return isinstance(value, Later) and not value.reference


def _single(value: Any) -> Json | None:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, Mapping) else None


def _are(before: Any, after: Any, kind: type) -> bool:
    return all(isinstance(value, kind) or value is None for value in (before, after))


def _are_lists_of(kind: type, before: Any, after: Any) -> bool:
    return all(isinstance(entry, kind) for entry in (*(before or ()), *(after or ())))


def _members(name: str, before: list[Any], after: list[Any], path: tuple[Step, ...]) -> Iterator[Change]:
    """Yield what is in only one of two lists, as often as it is."""
    # The provider writes one empty text where the last of several is removed.
    before, after = ([value for value in side if value not in (None, "")] for side in (before, after))
    left, right = Counter(map(_text, before)), Counter(map(_text, after))
    values = {_text(value): value for value in (*before, *after)}
    for text in sorted(values):
        value = values[text]
        if left[text] != right[text]:
            gone = left[text] > right[text]
            yield Change((*path, Step(name)), value if gone else None, None if gone else value, member=True)


Key = str | tuple[str, int]


def _keyed(name: str, before: Sequence[Json], after: Sequence[Json]) -> tuple[dict[Key, Json], dict[Key, Json]]:
    """Return both lists by what tells their entries apart; equal keys are counted."""
    if name in _IN_ORDER:
        return {str(place + 1): each for place, each in enumerate(before)}, {
            str(place + 1): each for place, each in enumerate(after)
        }
    names = _KEYS[name] if name in _KEYS else _telling(before, after)
    if not names:
        return _by_content(before, after)
    return _counted(before, names), _counted(after, names)


def _telling(before: Sequence[Json], after: Sequence[Json]) -> tuple[str, ...]:
    for candidate in _USUAL:
        values = [[each.get(candidate) for each in side] for side in (before, after)]
        if all(
            all(isinstance(value, str) and value for value in side) and len(set(side)) == len(side) for side in values
        ):
            return (candidate,)
    return ()


def _key(entry: Json, names: tuple[str, ...]) -> str:
    found = [entry[name] for name in names if entry.get(name) not in (None, "")]
    if len(found) == 1 and isinstance(found[0], str):
        return found[0]
    return " ".join(map(str, found))


def _counted(entries: Sequence[Json], names: tuple[str, ...]) -> dict[Key, Json]:
    seen: Counter[str] = Counter()
    found: dict[Key, Json] = {}
    for entry in entries:
        key = _key(entry, names)
        found[(key, seen[key]) if seen[key] else key] = entry
        seen[key] += 1
    return found


def _by_content(before: Sequence[Json], after: Sequence[Json]) -> tuple[dict[Key, Json], dict[Key, Json]]:
    """Match entries that say the same; what only one side has is gone, or new."""
    sides: list[dict[Key, Json]] = []
    for side in (before, after):
        seen: Counter[str] = Counter()
        found: dict[Key, Json] = {}
        for each in side:
            text = _said(each)
            found[(text, seen[text]) if seen[text] else text] = each
            seen[text] += 1
        sides.append(found)
    return sides[0], sides[1]


def _said(entry: Json) -> str:
    """Return what an entry says, shortly: `pypi package=x==1`."""
    parts = []
    for name, value in sorted(canonical(entry).items()):
        inner = value[0] if isinstance(value, list) and len(value) == 1 else value
        if isinstance(inner, Mapping):
            parts.append(f"{name} {' '.join(f'{key}={_text(inner[key])}' for key in sorted(inner))}")
        else:
            parts.append(f"{name}={_text(inner)}")
    return " ".join(parts)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
