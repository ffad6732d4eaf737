"""The jobs that a plan touches: settings before and after, who may do what with them, and where the code makes them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from lakeflow.graph.model import TaskGraph
from lakeflow.review.differences import Change
from lakeflow.review.drawable import drawable
from lakeflow.review.masking import Secret
from lakeflow.review.phrases import one_line
from lakeflow.review.plan import Action, Plan, Resource
from lakeflow.review.schedule import Starts
from lakeflow.review.unknown import Later
from lakeflow.stack_map import JobEntry, StackMap
from lakeflow.words import block

Json = Mapping[str, Any]

JOB = "databricks_job"
PERMISSIONS = "databricks_permissions"


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody may do with a job before and after; None where that is nothing."""

    kind: str
    """`user`, `group` or `service principal`; empty where it is not known or not shown who."""
    who: str
    before: str | None
    after: str | None


IDENTITIES = {"service_principal_name": "service principal", "user_name": "user", "group_name": "group"}
"""Attribute that names somebody → what that is."""


@dataclass(frozen=True, eq=False)
class JobChange:
    """What a plan does with one job and its grants."""

    resource: Resource
    permissions: tuple[Resource, ...] = ()
    """The resources that say who may do what with it."""
    entry: JobEntry | None = None
    """What the map of the stack says of it."""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Id → address of the plan's resources."""
    _starts: dict[datetime, tuple[Starts, Starts]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Its address."""
        return self.resource.address

    @property
    def action(self) -> Action:
        """What happens to the job itself."""
        return self.resource.action

    @property
    def before(self) -> Json:
        """Its settings before; empty where it is new."""
        return self.resource.before

    @property
    def after(self) -> Json:
        """Its settings after; empty where it is gone."""
        return self.resource.after

    @property
    def name(self) -> str:
        """What people call it: its name, or the last part of its address."""
        named = self.after.get("name") or self.before.get("name")
        if not isinstance(named, str) or isinstance(named, Later | Secret):
            named = self.resource.name
        return one_line(named)

    @property
    def source(self) -> str | None:
        """`file:line` of the code that makes it."""
        return self.entry.source if self.entry else None

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What differs in its settings; nothing for a job that is new or gone."""
        return self.resource.changes if self.before and self.after else ()

    @cached_property
    def graphs(self) -> tuple[TaskGraph | None, TaskGraph | None]:
        """Its graph before and after, None where there is no such job."""
        before, after = (
            TaskGraph.of({"name": self.name, **_drawn(settings, self.addresses)}) if settings else None
            for settings in (self.before, self.after)
        )
        return before, after

    def starts(self, now: datetime) -> tuple[Starts, Starts]:
        """Return what starts it before and after, counted from a time."""
        if now not in self._starts:
            self._starts[now] = Starts.of(self.before, now), Starts.of(self.after, now)
        return self._starts[now]

    @cached_property
    def grants(self) -> tuple["Grant", ...]:
        """Who may do what, before and after, where that changes; sorted by whom."""
        return () if self.is_gone else tuple(self._grants())

    def _grants(self) -> Iterator[Grant]:
        levels: tuple[dict[tuple[str, str], str], ...] = ({}, {})
        for resource in self.permissions:
            before = {} if self.is_new or not self._has(resource.before) else resource.before
            # What is forgotten stays as it is.
            after = before if resource.action is Action.FORGET else resource.after if self._has(resource.after) else {}
            one, other = before.get("access_control"), after.get("access_control")
            if any(isinstance(each, Later | Secret) for each in (one, other)):
                if one != other:
                    yield Grant("", "", str(one) if one else None, str(other) if other else None)
                continue
            for side, blocks in zip(levels, (one, other), strict=True):
                for somebody, level in _levels(blocks):
                    side[somebody] = max(side.get(somebody, level), level, key=rank)
        for kind, who in sorted({*levels[0], *levels[1]}):
            old, new = levels[0].get((kind, who)), levels[1].get((kind, who))
            if old != new:
                yield Grant(kind, who, old, new)

    def _has(self, permissions: Json) -> bool:
        """Return whether grants are for this job, and not for another that they were for before."""
        job = permissions.get("job_id")
        known = {str(side.get("id")) for side in (self.before, self.after) if side.get("id")}
        return not isinstance(job, str) or isinstance(job, Later | Secret) or job in known

    @property
    def is_new(self) -> bool:
        """Whether there was no such job."""
        return self.action is Action.CREATE

    @property
    def is_gone(self) -> bool:
        """Whether there will be no such job."""
        return self.action is Action.DELETE

    @property
    def matters(self) -> bool:
        """Whether anything happens to it that a person would call a change."""
        return self.resource.matters or any(each.matters for each in self.permissions)

    def tasks(self, settings: Json) -> dict[str, Json]:
        """Return tasks by their key, in order."""
        found = settings.get("task")
        return {str(task.get("task_key")): task for task in _blocks(found)}

    def clusters(self, settings: Json) -> dict[str, Json]:
        """Return every cluster that a job makes: the shared ones by their key, a task's own as `task audit`."""
        found = {
            str(each.get("job_cluster_key")): block(each.get("new_cluster"))
            for each in _blocks(settings.get("job_cluster"))
        }
        for key, task in self.tasks(settings).items():
            inner = block(block(task.get("for_each_task")).get("task"))
            for owner in (task, inner):
                if own := block(owner.get("new_cluster")):
                    found[f"task {key}"] = own
        return found


LEVELS = ("CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE", "IS_OWNER")
"""What somebody may do with a job, the least first."""


def rank(level: str | None) -> int:
    """Return a number that is greater the more a level allows; one that nobody knows may allow anything."""
    return 0 if level is None else LEVELS.index(level) + 1 if level in LEVELS else len(LEVELS) + 1


def _levels(blocks: object) -> Iterator[tuple[tuple[str, str], str]]:
    for grant in _blocks(blocks):
        for attribute, kind in IDENTITIES.items():
            if who := grant.get(attribute):
                level = grant.get("permission_level")
                yield (kind, who if isinstance(who, str) else str(who)), level if isinstance(level, str) else "?"


def _blocks(value: object) -> list[Json]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def job_changes(plan: Plan, stack: StackMap | None) -> tuple[JobChange, ...]:
    """Return a change for every job of a plan that something happens to, sorted by address."""
    entries = {entry.address: entry for entry in stack.jobs.values()} if stack else {}
    jobs = [each for each in plan.resources if each.type == JOB and not each.is_data]
    owners = _Owners(jobs)
    grants: dict[str, list[Resource]] = {}
    for resource in plan.resources:
        if resource.type == PERMISSIONS and resource.does_something:
            for owner in owners.of(resource):
                grants.setdefault(owner, []).append(resource)
    found = (
        JobChange(
            resource=job,
            permissions=tuple(grants.get(job.address, ())),
            entry=entries.get(job.address),
            addresses=plan.addresses,
        )
        for job in jobs
        if job.does_something or job.address in grants
    )
    return tuple(sorted(found, key=lambda job: (job.address, job.resource.deposed)))


def _drawn(settings: Json, addresses: Mapping[str, str]) -> dict[str, Any]:
    """Return of settings what a graph shows."""
    return {name: drawable(settings[name], addresses) for name in ("task", "job_cluster") if name in settings}


class _Owners:
    """Finds the job that grants are for: by its id, or by what the code refers to."""

    def __init__(self, jobs: Iterable[Resource]) -> None:
        self._by_id: dict[str, str] = {}
        self._by_name: dict[tuple[str, str], list[Resource]] = {}
        for job in jobs:
            for identity in (job.before.get("id"), job.after.get("id")):
                if isinstance(identity, str) and not isinstance(identity, Later):
                    self._by_id.setdefault(identity, job.address)
            self._by_name.setdefault((job.module, f"{job.type}.{job.name}.id"), []).append(job)

    def of(self, permissions: Resource) -> list[str]:
        """Return the addresses of the jobs, usually one."""
        found: dict[str, None] = {}
        for side in (permissions.after, permissions.before):
            job = side.get("job_id")
            if isinstance(job, Later):
                named = self._by_name.get((permissions.module, job.reference), [])
                # Of several instances it is the one with the same key.
                same = [each for each in named if _instance(each) == _instance(permissions)] or named
                found.update({each.address: None for each in same if len(same) == 1})
            elif isinstance(job, str) and job in self._by_id:
                found[self._by_id[job]] = None
        return list(found)


def _instance(resource: Resource) -> str:
    return resource.address.removeprefix(f"{resource.module}.").removeprefix(f"{resource.type}.{resource.name}")
