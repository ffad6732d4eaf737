"""The jobs in a document, recognised by what stands in it.

REST job JSON as the API takes and gives it, Terraform JSON, plans and states of Terraform, bundles, and lists of these.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from constructs_lib.forms.likeness import is_settings, is_terraform
from constructs_lib.forms.planned import said, undecided
from constructs_lib.rules.finding import Path
from constructs_lib.rules.given import each
from constructs_lib.rules.policies import Grants, grants_of
from constructs_lib.rules.rule import Form

Json = Mapping[str, Any]

RESOURCE = "databricks_job"


@dataclass(frozen=True, eq=False)
class FoundJob:
    """A job, and where in the document it stands."""

    name: str
    """Its name in REST, its key in a bundle, its address in Terraform."""
    form: Form
    path: Path
    body: Json
    """What it says, by the names of its form, without what says nothing."""
    grants: Grants | None = None
    """Who may do what with it, by the provider's names; None where the document does not say."""
    run_as: str | None = None
    """Whom an answer of the API names as who it runs as; its settings do not say it."""
    written: bool = False
    """Whether somebody wrote it for Terraform, so that `${…}` is an expression in it."""


@dataclass(frozen=True)
class _Place:
    """A place in a document, and whether somebody named this document as one that holds jobs."""

    named: bool
    path: Path = ()
    listed: bool = False
    """Whether it stands in a list of jobs."""
    lenient: bool = False
    """Whether `task` is Terraform's, and not a misspelled `tasks`."""

    def at(self, *path: str | int, listed: bool | None = None) -> "_Place":
        return replace(self, path=(*self.path, *path), listed=self.listed if listed is None else listed)


def found_jobs(value: object, *, named: bool, lenient: bool = False) -> Iterator[FoundJob]:
    """Yield the jobs in a document, in the order in which they stand there.

    Where nobody `named` the document, as in a folder, a job has to look like nothing else. `task` is a misspelled
    `tasks` where nothing else is Terraform's, unless one is `lenient`.
    """
    return _anything(value, _Place(named, lenient=lenient), deepest=2)


def _anything(value: object, place: _Place, deepest: int) -> Iterator[FoundJob]:
    if isinstance(value, list) and deepest:
        for index, entry in enumerate(value):
            yield from _anything(entry, place.at(index), deepest - 1)
    elif isinstance(value, Mapping):
        for recogniser in _RECOGNISERS:
            found = list(recogniser(value, place))
            if found:
                yield from found
                return


def _terraform(value: Json, place: _Place) -> Iterator[FoundJob]:
    """Yield what `resource` declares; lists may stand at each of its levels."""
    for at, types in each(value.get("resource")):
        for below, named in each(types.get(RESOURCE)):
            for name, bodies in named.items():
                for inner, body in each(bodies):
                    path = place.at("resource", *at, RESOURCE, *below, name, *inner).path
                    address = f"{RESOURCE}.{name}"
                    grants = grants_of(address, value)
                    yield FoundJob(address, Form.TERRAFORM, path, without_nulls(body), grants, written=True)


def _plan(value: Json, place: _Place) -> Iterator[FoundJob]:
    planned = value.get("planned_values")
    if isinstance(planned, Mapping):
        yield from _module(planned.get("root_module"), place.at("planned_values", "root_module"), _changes(value))


def _state(value: Json, place: _Place) -> Iterator[FoundJob]:
    values = value.get("values")
    if isinstance(values, Mapping):
        yield from _module(values.get("root_module"), place.at("values", "root_module"), {})


def _changes(plan: Json) -> dict[str, Json]:
    changes = (change for _, change in each(plan.get("resource_changes")))
    return {
        change["address"]: change["change"]
        for change in changes
        if isinstance(change.get("address"), str) and isinstance(change.get("change"), Mapping)
    }


def _module(module: object, place: _Place, changes: Mapping[str, Json]) -> Iterator[FoundJob]:
    if not isinstance(module, Mapping):
        return
    for at, resource in each(module.get("resources")):
        values = resource.get("values")
        if resource.get("type") == RESOURCE and resource.get("mode") != "data" and isinstance(values, Mapping):
            address = str(resource.get("address", f"{RESOURCE}.{resource.get('name')}"))
            change = changes.get(address, {})
            unknown = change.get("after_unknown")
            if not undecided(unknown):
                stored = change.get("before") is not None or not changes
                body = said(values, unknown, stored=stored)
                yield FoundJob(address, Form.TERRAFORM, place.at("resources", *at, "values").path, body)
    for at, child in each(module.get("child_modules")):
        yield from _module(child, place.at("child_modules", *at), changes)


def _bundle(value: Json, place: _Place) -> Iterator[FoundJob]:
    """Yield the jobs of a bundle before any target changes them."""
    resources = value.get("resources")
    jobs = resources.get("jobs") if isinstance(resources, Mapping) else None
    for name, body in jobs.items() if isinstance(jobs, Mapping) else ():
        if isinstance(body, Mapping):
            path = place.at("resources", "jobs", name).path
            yield FoundJob(str(name), Form.BUNDLE, path, without_nulls(body), _grants(body, "permissions", "level"))


def _answer(value: Json, place: _Place) -> Iterator[FoundJob]:
    """Yield the job of an answer of the API, or of a request that resets one."""
    for name in ("settings", "new_settings"):
        body = value.get(name)
        if isinstance(body, Mapping) and (place.listed or "job_id" in value or is_settings(body, named=place.named)):
            yield _rest(body, place.at(name), value)


def _answers(value: Json, place: _Place) -> Iterator[FoundJob]:
    jobs = value.get("jobs")
    for index, job in enumerate(jobs if isinstance(jobs, list) else ()):
        yield from _anything(job, place.at("jobs", index, listed=True), 0)


def _settings(value: Json, place: _Place) -> Iterator[FoundJob]:
    if is_terraform(value) or (place.lenient and "tasks" not in value and isinstance(value.get("task"), list | dict)):
        # What Terraform prints has every attribute, many as null; what was written has those that are meant.
        stored = not place.lenient or None in value.values()
        yield FoundJob(_name(value), Form.TERRAFORM, place.path, said(value, stored=stored), written=not stored)
    elif is_settings(value, named=place.named) or (place.listed and not value.keys() <= {"job_id"}):
        yield _rest(value, place, value)


def _rest(body: Json, place: _Place, around: Json) -> FoundJob:
    name = _name(body) or _name(around)
    grants = _grants(body, "access_control_list", "permission_level")
    run_as = around.get("run_as_user_name")
    return FoundJob(
        name, Form.REST, place.path, without_nulls(body), grants, run_as=run_as if isinstance(run_as, str) else None
    )


def _grants(body: Json, name: str, level: str) -> Grants | None:
    """Return the grants that a job carries with it, by the provider's names; None where it carries none."""
    if body.get(name) is None:
        return None
    return [{**grant, "permission_level": grant.get(level)} for _, grant in each(body[name])]


def _name(body: Json) -> str:
    names = (body.get(name) for name in ("name", "run_name", "job_id"))
    return next((str(name) for name in names if isinstance(name, str | int) and name != ""), "")


def without_nulls(value: Any) -> Any:
    """Return a value without the nulls of its objects; the value itself where it has none."""
    if isinstance(value, dict):
        if not any(entry is None or without_nulls(entry) is not entry for entry in value.values()):
            return value
        return {name: without_nulls(entry) for name, entry in value.items() if entry is not None}
    if isinstance(value, list):
        if not any(without_nulls(entry) is not entry for entry in value):
            return value
        return [without_nulls(entry) for entry in value]
    return value


_RECOGNISERS: tuple[Callable[[Json, _Place], Iterator[FoundJob]], ...] = (
    _terraform,
    _plan,
    _state,
    _bundle,
    _answer,
    _answers,
    _settings,
)
