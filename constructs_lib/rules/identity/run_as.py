"""Who a job runs as."""

import re

from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.identity.principals import PRINCIPALS, given_names, is_address, named
from constructs_lib.rules.job import Job, mapping
from constructs_lib.rules.rule import IN_TERRAFORM, Hits, Rule

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SERVICE_PRINCIPAL = "11111111-2222-4333-8444-555555555555"


def _run_as_several(job: Job) -> Hits:
    given = given_names(job.block("run_as"))
    if len(given) > 1:
        yield Hit(("run_as", given[1]), f"run_as: names {' and '.join(given)}", f"keep one, {given[0]} for instance")


def _run_as_nobody(job: Job) -> Hits:
    written = job.body.get("run_as")
    if isinstance(written, list) and len(written) == 1:
        written = written[0]
    body = mapping(written)
    if body is not written or given_names(body) or any(name not in PRINCIPALS for name in body):
        return
    empty = next((name for name in body if body[name] == ""), None)
    path: Path = ("run_as", empty) if empty else ("run_as",)
    what = f"{empty} is empty" if empty else "names nobody"
    yield Hit(path, f"run_as: {what}", "write user_name or service_principal_name, or leave run_as out")


def _run_as_group(job: Job) -> Hits:
    if given_names(job.block("run_as")) == ["group_name"]:
        yield Hit(
            ("run_as", "group_name"),
            "run_as: the provider takes user_name or service_principal_name, not group_name",
            "run the job as a service principal that is in the group",
        )


def _looks_wrong_for_service_principal(value: str) -> bool:
    return "@" in value or any(letter.isspace() for letter in value)


def _service_principal_address(job: Job) -> Hits:
    for path, place, value in named(job, "service_principal_name"):
        if _looks_wrong_for_service_principal(value):
            what = "an e-mail address" if "@" in value else "a display name"
            yield Hit(
                path,
                f"{place}: the service principal {value!r} is {what}",
                "write user_name for a user" if "@" in value else "write its application id, a UUID",
            )


def _service_principal_id(job: Job) -> Hits:
    for path, place, value in named(job, "service_principal_name"):
        if not _UUID.fullmatch(value) and not _looks_wrong_for_service_principal(value):
            yield Hit(
                path,
                f"{place}: the service principal {value!r} is no application id",
                f"write its application id, a UUID such as {_SERVICE_PRINCIPAL}, not its name",
            )


def _user_is_service_principal(job: Job) -> Hits:
    for path, place, value in named(job, "user_name"):
        if _UUID.fullmatch(value):
            yield Hit(
                path,
                f"{place}: the user {value!r} is the application id of a service principal",
                "write service_principal_name for it",
            )


def _user_address(job: Job) -> Hits:
    for path, place, value in named(job, "user_name"):
        if "@" not in value and not _UUID.fullmatch(value):
            yield Hit(path, f"{place}: the user {value!r} is no e-mail address", "write the user's e-mail address")


def _user_broken_address(job: Job) -> Hits:
    for path, place, value in named(job, "user_name"):
        if "@" in value and not is_address(value):
            yield Hit(path, f"{place}: the user {value!r} is no e-mail address", "write the user's e-mail address")


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF801",
        severity=Severity.ERROR,
        title="A job runs as several identities",
        why="A run has one identity; the API and `terraform validate` refuse a `run_as` that names two.",
        source=_API,
        bad=job(run_as={"user_name": "ann@example.com", "service_principal_name": _SERVICE_PRINCIPAL}),
        good=job(run_as={"service_principal_name": _SERVICE_PRINCIPAL}),
        job=_run_as_several,
        blocks=("run_as",),
    ),
    Rule(
        code="LF802",
        severity=Severity.ERROR,
        title="A job runs as nobody",
        why="A `run_as` that names no identity is refused; without `run_as` the job runs as whoever creates it.",
        source=_API,
        bad=job(run_as={}),
        good=job(run_as={"user_name": "ann@example.com"}),
        job=_run_as_nobody,
        blocks=("run_as",),
    ),
    Rule(
        code="LF803",
        severity=Severity.ERROR,
        title="A job of Terraform runs as a group",
        why="The API can run a job as a group; the provider wants a user or a service principal, and validation fails.",
        source="measured with provider 1.128.0",
        bad=job(run_as={"group_name": "etl"}),
        good=job(run_as={"service_principal_name": _SERVICE_PRINCIPAL}),
        job=_run_as_group,
        blocks=("run_as",),
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF804",
        severity=Severity.WARNING,
        title="A service principal is named by an address or a display name",
        why="Service principals are known by their application ids; any other name is not found.",
        source=_API,
        bad=job(run_as={"service_principal_name": "etl@example.com"}),
        good=job(run_as={"service_principal_name": _SERVICE_PRINCIPAL}),
        job=_service_principal_address,
    ),
    Rule(
        code="LF805",
        severity=Severity.INFO,
        title="A service principal's name is no application id",
        why="Application ids are UUIDs; a display name is not found when the job is deployed.",
        source=_API,
        bad=job(run_as={"service_principal_name": "etl-sp"}),
        good=job(run_as={"service_principal_name": _SERVICE_PRINCIPAL}),
        job=_service_principal_id,
    ),
    Rule(
        code="LF806",
        severity=Severity.WARNING,
        title="A user is named by a service principal's id",
        why=(
            "No user has a UUID for a name. The provider reads it back as a service principal,"
            " and plans the change again after every apply."
        ),
        source="measured with provider 1.128.0",
        bad=job(run_as={"user_name": _SERVICE_PRINCIPAL}),
        good=job(run_as={"service_principal_name": _SERVICE_PRINCIPAL}),
        job=_user_is_service_principal,
    ),
    Rule(
        code="LF807",
        severity=Severity.INFO,
        title="A user's name is no e-mail address",
        why="Users are known by their e-mail addresses; another name is not found when the job is deployed.",
        source=_API,
        bad=job(run_as={"user_name": "ann"}),
        good=job(run_as={"user_name": "ann@example.com"}),
        job=_user_address,
    ),
    Rule(
        code="LF808",
        severity=Severity.WARNING,
        title="A user's e-mail address is broken",
        why="An address with a space, two `@` or no domain belongs to no user of the workspace.",
        source=_API,
        bad=job(run_as={"user_name": "ann@"}),
        good=job(run_as={"user_name": "ann@example.com"}),
        job=_user_broken_address,
    ),
)
