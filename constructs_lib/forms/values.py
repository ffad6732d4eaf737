"""Jobs of any form as values: the same that a stack is written in, with what could not be said exactly.

https://docs.databricks.com/api/workspace/jobs/create
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from constructs_lib.definition import JobDefinition
from constructs_lib.errors import LakeflowError, shortened
from constructs_lib.forms.attributes import JobRead, read_job
from constructs_lib.forms.difference import lost
from constructs_lib.forms.found import RESOURCE, FoundJob, found_jobs
from constructs_lib.forms.names import normalised, origin, unknown
from constructs_lib.forms.planned import LATER
from constructs_lib.forms.rest import beside
from constructs_lib.forms.scalars import meant, typed
from constructs_lib.principals import Grant, Identity, looks_like_application_id
from constructs_lib.provider import Shape, schema
from constructs_lib.reading import Given, Path
from constructs_lib.references import terraform_json
from constructs_lib.rules.rule import Form
from constructs_lib.values import plain

_CODE = ("notebook_task", "spark_python_task", "dbt_task", "sql_task.file")
"""Blocks that name code, which is looked for in Git or in the workspace."""
_OWNER = "IS_OWNER"
_GRANTS = {Form.REST: "access_control_list", Form.BUNDLE: "permissions"}
"""Where the grants stand in a job; Terraform has them beside it."""
_FILLED = ("format", "id", "url")
"""What the provider fills in."""
_NOTHING: Mapping[tuple[str, str], object] = {
    ("", "always_running"): False,
    ("", "control_run_state"): False,
    ("email_notifications", "no_alert_for_skipped_runs"): False,
    ("gcp_attributes", "use_preemptible_executors"): False,
    ("new_cluster", "apply_policy_default_values"): False,
    ("new_cluster", "cluster_name"): "",
    **{
        (kind, wait): 0
        for kind in ("file_arrival", "model", "table_update")
        for wait in ("min_time_between_triggers_seconds", "wait_after_last_change_seconds")
    },
}
"""What the API answers where nobody said anything: block and attribute → what means nothing there."""
_SETTINGS_BESIDE = frozenset({"lifecycle"})
"""What stands beside a job's settings and is a setting all the same."""


class Exactness(StrEnum):
    """How exactly something was said."""

    KEPT = "kept"
    """As it was, in an `extra`: no typed value says it, or the one that would does not take it."""
    LOST = "lost"
    """Not at all, or not as it was."""


@dataclass(frozen=True)
class Remark:
    """Something of a job that no typed value says."""

    exactness: Exactness
    path: Path
    """Where in the document it stands."""
    text: str


@dataclass(frozen=True)
class ReadJob:
    """A job of a document as values."""

    found: FoundJob
    definition: JobDefinition
    remarks: tuple[Remark, ...]
    _rendered: Mapping[str, Any]

    def render(self) -> dict[str, Any]:
        """Return the attributes of `databricks_job` as Terraform JSON; they belong to who asked."""
        rendered: dict[str, Any] = plain(self._rendered)
        return rendered


def read_jobs(document: object) -> tuple[ReadJob, ...]:
    """Return the jobs of a document: REST JSON, Terraform JSON, a plan or state, a bundle, or lists of these.

    `document` is what JSON or YAML was parsed to. Nothing is lost silently: `remarks` say what no typed value says.
    Raises LakeflowError for a job that has nothing that could be one.
    """
    return tuple(read(found) for found in found_jobs(document, named=True, lenient=True))


def read(found: FoundJob) -> ReadJob:
    """Return a job that was found in a document as values."""
    return _Job(found).read()


class _Job:
    """One job on its way into values."""

    def __init__(self, found: FoundJob) -> None:
        self._found = found
        self._remarks: dict[object, Remark] = {}

    def read(self) -> ReadJob:
        """Return the job, with a remark on everything that no typed value says."""
        attributes = self._attributes()
        job = read_job(meant(attributes, written=self._found.written))
        operations = self._granted(job)
        definition = job.definition.replace(operations=operations) if operations else job.definition
        self._kept(job)
        # Grants stand beside the job: what it renders to is the same with them.
        rendered: dict[str, Any] = terraform_json(job.rendered)
        given = attributes if self._found.written else terraform_json(attributes)
        for path, value, other in lost(given, rendered):
            self._lose(path, f"is {shortened(value)}, and comes out as {shortened(other) if other else 'nothing'}")
        return ReadJob(self._found, definition, tuple(self._remarks.values()), rendered)

    def _attributes(self) -> dict[str, Any]:
        """Return the job by the provider's names and types, its code with where that comes from."""
        found = self._found
        for path in unknown(found.body, found.form):
            self._remark(Exactness.LOST, path, f"the provider has no {path[-1]!r} here")
        shape = schema(RESOURCE).body
        body = dict(self._known(normalised(found.body, found.form), shape, ()))
        self._placeholders()
        if found.form is Form.REST and isinstance(run := found.body.get("run_name"), str):
            body.setdefault("name", run)
        if found.run_as and "run_as" not in body:
            kind = "service_principal_name" if looks_like_application_id(found.run_as) else "user_name"
            body["run_as"] = {kind: found.run_as}
        attributes = typed(body, shape)
        for name in _FILLED:
            attributes.pop(name, None)
        for task in attributes.get("task") or ():
            _with_source(task, git="git_source" in attributes, form=found.form)
        return attributes

    def _known(self, body: Mapping[str, Any], shape: Shape, path: Path) -> Iterator[tuple[str, Any]]:
        """Yield what a normalised block says that the provider knows, and remark on the rest."""
        for name, value in body.items():
            attribute = shape.attributes.get(name)
            inside = attribute.shape if attribute else None
            if attribute is None or attribute.read_only:
                if path or not beside(name) or name in _SETTINGS_BESIDE:
                    self._lose((*path, name), "the provider does not know it")
            elif inside is None:
                if value != _NOTHING.get((_block(path), name)) or value is None:
                    yield name, value
            elif isinstance(value, list):
                yield (
                    name,
                    [
                        dict(self._known(each, inside, (*path, name, at))) if isinstance(each, Mapping) else each
                        for at, each in enumerate(value)
                    ],
                )
            else:
                block = dict(self._known(value, inside, (*path, name))) if isinstance(value, Mapping) else value
                yield name, block

    def _granted(self, job: JobRead) -> Any:
        """Return the operations with who may do what, beside the job for Terraform; None where nobody is named."""
        grants, owner = [], None
        block = _GRANTS.get(self._found.form)
        for at, grant in enumerate(self._found.grants or ()):
            given = Given(dict(grant))
            try:
                if given.body.get("permission_level") == _OWNER:
                    owner = Identity.read(given)
                else:
                    grants.append(Grant.read(given))
            except LakeflowError as error:
                named = " ".join(str(value) for name, value in grant.items() if name != "level")
                self._remark(Exactness.LOST, (block, at) if block else (), f"the grant {named}: {error.problem}")
        if not grants and owner is None:
            return None
        return job.definition.operations.replace(permissions=grants, owner=owner)

    def _kept(self, job: JobRead) -> None:
        """Remark on what stands in an `extra`, with the reason."""
        for path, why in job.kept():
            self._remark(Exactness.KEPT, self._origin(path), why)

    def _placeholders(self) -> None:
        """Remark on what only the bundle's own tool, or the apply of a plan, could fill in."""
        for path, text in _texts(self._found.body):
            if self._found.form is Form.BUNDLE and "${" in text:
                problem = f"{shortened(text)} is filled in by the bundle, and is plain text here"
                self._remark(Exactness.LOST, path, problem)
            elif self._found.form is Form.TERRAFORM and not self._found.written and text == LATER:
                self._remark(Exactness.LOST, path, "is known only after the apply, and is a placeholder here")

    def _origin(self, path: Path) -> Path:
        return origin(self._found.body, self._found.form, path)

    def _lose(self, path: Path, text: str) -> None:
        self._remark(Exactness.LOST, self._origin(path), text)

    def _remark(self, exactness: Exactness, path: Path, text: str) -> None:
        """Remark on something once: the first reason is the nearest."""
        remark = Remark(exactness, (*self._found.path, *path), text)
        self._remarks.setdefault(remark.path if path else remark, remark)


def _texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the texts in a value, and where they stand."""
    if isinstance(value, str):
        yield path, value
    inside = value if isinstance(value, Mapping) else dict(enumerate(value)) if isinstance(value, list) else {}
    for step, entry in inside.items():
        yield from _texts(entry, (*path, step))


def _block(path: Path) -> str:
    """Return the name of the block at a path; "" at the top."""
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _with_source(task: Any, *, git: bool, form: Form) -> None:
    """Say where a task's code comes from, as the API and the bundles' own tool do where it is silent."""
    if not isinstance(task, dict):
        return
    for name in _CODE:
        block: Any = task
        for part in name.split("."):
            block = block.get(part) if isinstance(block, dict) else None
        if isinstance(block, dict):
            # A script's silence means the workspace to the API, and Git to bundles.
            from_git = git and (name != "spark_python_task" or form is Form.BUNDLE)
            block.setdefault("source", "GIT" if from_git else "WORKSPACE")
    loop = task.get("for_each_task")
    if isinstance(loop, dict):
        _with_source(loop.get("task"), git=git, form=form)
