"""Who may see, run and manage a job."""

from constructs_lib.errors import listed, nearest
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.identity.principals import LEVEL_NAMES, PRINCIPALS, Grant, given_names, grants_of
from constructs_lib.rules.job import Job
from constructs_lib.rules.rule import Form, Hits, Rule

_PAGE = "https://docs.databricks.com/aws/en/jobs/privileges"
_PERMISSIONS_API = "https://docs.databricks.com/api/workspace/jobs/setpermissions"
_LEVELS = ("CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE", "IS_OWNER")
_WITH_GRANTS = frozenset({Form.REST, Form.BUNDLE})


def _grant_nobody(job: Job) -> Hits:
    for grant in grants_of(job):
        if not given_names(grant.body) and not any(name not in LEVEL_NAMES.values() for name in grant.strange):
            yield grant.hit(
                message="it names no principal", hint="write one of user_name, service_principal_name or group_name"
            )


def _grant_several(job: Job) -> Hits:
    for grant in grants_of(job):
        given = given_names(grant.body)
        if len(given) > 1:
            yield grant.hit(given[1], message=f"it names {' and '.join(given)}", hint="write one grant for each")


def _grant_level_missing(job: Job) -> Hits:
    for grant in grants_of(job):
        value = grant.body.get(grant.level_name)
        if (value is None or value == "") and not any(name not in PRINCIPALS for name in grant.strange):
            path = (grant.level_name,) if grant.level_name in grant.body else ()
            yield grant.hit(*path, message="it says no level", hint=f"write {grant.level_name}: {listed(_LEVELS)}")


def _grant_level(job: Job) -> Hits:
    for grant in grants_of(job):
        level = grant.level
        if level and level not in _LEVELS:
            near = nearest(level.upper(), _LEVELS)
            yield grant.hit(
                grant.level_name,
                message=f"{level!r} is no level of a job",
                hint=f"did you mean {near!r}?" if near else f"a job has {listed(_LEVELS)}",
            )


def _grant_strange(job: Job) -> Hits:
    for grant in grants_of(job):
        known = (grant.level_name, *PRINCIPALS)
        for name in grant.strange:
            if name in LEVEL_NAMES.values():
                near: str | None = grant.level_name
            else:
                near = nearest(name, known) or next((each for each in known if each.startswith(name)), None)
            yield grant.hit(
                name,
                message=f"a grant has no {name!r}",
                hint=f"did you mean {near!r}?" if near else f"a grant has {listed(known)}",
            )


def _group_owner(job: Job) -> Hits:
    for grant in grants_of(job):
        if grant.level == "IS_OWNER" and given_names(grant.body) == ["group_name"]:
            yield grant.hit(
                "group_name",
                message="a group cannot own a job",
                hint="give the group CAN_MANAGE, and IS_OWNER to a user or a service principal",
            )


def _two_owners(job: Job) -> Hits:
    owners = [grant for grant in grants_of(job) if grant.level == "IS_OWNER"]
    for grant in owners[1:]:
        if not (grant.principal and grant.principal == owners[0].principal):
            yield grant.hit(
                grant.level_name,
                message=f"the job has an owner already, in {owners[0].name}",
                hint="keep one IS_OWNER, and give the others CAN_MANAGE",
            )


def _admins(job: Job) -> Hits:
    for grant in grants_of(job):
        if grant.principal == ("group_name", "admins"):
            yield grant.hit(
                "group_name",
                message="what admins may do cannot be changed: they manage every job",
                hint="leave this grant out",
            )


def _twice(job: Job) -> Hits:
    seen: dict[tuple[str, str], Grant] = {}
    for grant in grants_of(job):
        principal = grant.principal
        if principal is None:
            continue
        first = seen.setdefault(principal, grant)
        if first is not grant:
            yield grant.hit(
                principal[0],
                message=f"{principal[1]!r} has a grant already, in {first.name}",
                hint="keep the one with the higher level",
            )


def _everybody(job: Job) -> Hits:
    for grant in grants_of(job):
        if grant.principal and grant.principal in _EVERYBODY and grant.level == "CAN_MANAGE":
            yield grant.hit(
                grant.level_name,
                message=f"everybody of the group {grant.principal[1]!r} may change the job",
                hint="CAN_VIEW or CAN_MANAGE_RUN is enough for watching and starting it",
            )


_EVERYBODY = {("group_name", "users"), ("group_name", "account users")}

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF811",
        severity=Severity.ERROR,
        title="A grant is for nobody",
        why="A grant without user, service principal or group is refused.",
        source=_PERMISSIONS_API,
        bad=job(permissions=[{"level": "CAN_VIEW"}]),
        good=job(permissions=[{"level": "CAN_VIEW", "group_name": "analysts"}]),
        job=_grant_nobody,
        forms=_WITH_GRANTS,
    ),
    Rule(
        code="LF812",
        severity=Severity.ERROR,
        title="A grant is for several principals",
        why="A grant has one principal; a request with two in one entry is refused.",
        source=_PERMISSIONS_API,
        bad=job(permissions=[{"level": "CAN_VIEW", "group_name": "analysts", "user_name": "ann@example.com"}]),
        good=job(
            permissions=[
                {"level": "CAN_VIEW", "group_name": "analysts"},
                {"level": "CAN_VIEW", "user_name": "ann@example.com"},
            ]
        ),
        job=_grant_several,
        forms=_WITH_GRANTS,
    ),
    Rule(
        code="LF813",
        severity=Severity.ERROR,
        title="A grant says no level",
        why="Without a level there is nothing to grant.",
        source=_PERMISSIONS_API,
        bad=job(permissions=[{"group_name": "analysts"}]),
        good=job(permissions=[{"group_name": "analysts", "level": "CAN_VIEW"}]),
        job=_grant_level_missing,
        forms=_WITH_GRANTS,
    ),
    Rule(
        code="LF814",
        severity=Severity.ERROR,
        title="A grant's level is none that jobs have",
        why="Jobs have CAN_VIEW, CAN_MANAGE_RUN, CAN_MANAGE and IS_OWNER; levels of other objects are refused.",
        source=_PAGE,
        bad=job(permissions=[{"group_name": "analysts", "level": "CAN_RUN"}]),
        good=job(permissions=[{"group_name": "analysts", "level": "CAN_MANAGE_RUN"}]),
        job=_grant_level,
        forms=_WITH_GRANTS,
    ),
    Rule(
        code="LF815",
        severity=Severity.ERROR,
        title="A grant has an attribute that grants do not have",
        why="What is misspelled says nothing: the grant then lacks its principal or its level.",
        source=_PERMISSIONS_API,
        bad=job(permissions=[{"group": "analysts", "level": "CAN_VIEW"}]),
        good=job(permissions=[{"group_name": "analysts", "level": "CAN_VIEW"}]),
        job=_grant_strange,
        forms=_WITH_GRANTS,
    ),
    Rule(
        code="LF816",
        severity=Severity.ERROR,
        title="A group owns the job",
        why="The owner of a job is a user or a service principal; the API refuses a group.",
        source=_PAGE,
        bad=job(permissions=[{"group_name": "etl", "level": "IS_OWNER"}]),
        good=job(permissions=[{"user_name": "ann@example.com", "level": "IS_OWNER"}]),
        job=_group_owner,
        forms=_WITH_GRANTS,
    ),
    Rule(
        code="LF817",
        severity=Severity.ERROR,
        title="A job has two owners",
        why="A job has exactly one owner; the API says so and changes nothing.",
        source="https://github.com/databricks/cli/issues/4466",
        bad=job(
            permissions=[
                {"user_name": "ann@example.com", "level": "IS_OWNER"},
                {"user_name": "bob@example.com", "level": "IS_OWNER"},
            ]
        ),
        good=job(
            permissions=[
                {"user_name": "ann@example.com", "level": "IS_OWNER"},
                {"user_name": "bob@example.com", "level": "CAN_MANAGE"},
            ]
        ),
        job=_two_owners,
        forms=_WITH_GRANTS,
    ),
    Rule(
        code="LF818",
        severity=Severity.INFO,
        title="A grant is for admins",
        why="Admins manage every job; a grant for them changes nothing, and Terraform's provider refuses it.",
        source=_PAGE,
        bad=job(permissions=[{"group_name": "admins", "level": "CAN_VIEW"}]),
        good=job(permissions=[{"group_name": "analysts", "level": "CAN_VIEW"}]),
        job=_admins,
        forms=_WITH_GRANTS,
    ),
    Rule(
        code="LF819",
        severity=Severity.WARNING,
        title="A principal has two grants",
        why="The API refuses levels that contradict each other as ambiguous.",
        source="https://github.com/databricks/cli/blob/main/bundle/config/mutator/resourcemutator/fix_permissions.go",
        bad=job(
            access_control_list=[
                {"group_name": "analysts", "permission_level": "CAN_VIEW"},
                {"group_name": "analysts", "permission_level": "CAN_MANAGE_RUN"},
            ]
        ),
        good=job(access_control_list=[{"group_name": "analysts", "permission_level": "CAN_MANAGE_RUN"}]),
        job=_twice,
        forms=frozenset({Form.REST}),
    ),
    Rule(
        code="LF820",
        severity=Severity.INFO,
        title="A principal of a bundle has two grants",
        why="The bundle tool keeps the one with the higher level; the other says something that does not hold.",
        source="https://github.com/databricks/cli/blob/main/bundle/config/mutator/resourcemutator/fix_permissions.go",
        bad=job(
            permissions=[
                {"group_name": "analysts", "level": "CAN_VIEW"},
                {"group_name": "analysts", "level": "CAN_MANAGE_RUN"},
            ]
        ),
        good=job(permissions=[{"group_name": "analysts", "level": "CAN_MANAGE_RUN"}]),
        job=_twice,
        forms=frozenset({Form.BUNDLE}),
    ),
    Rule(
        code="LF821",
        severity=Severity.INFO,
        title="Everybody may change the job",
        why="Who manages a job can make it run any code with the rights of its identity.",
        source=_PAGE,
        bad=job(permissions=[{"group_name": "users", "level": "CAN_MANAGE"}]),
        good=job(permissions=[{"group_name": "users", "level": "CAN_VIEW"}]),
        job=_everybody,
        forms=_WITH_GRANTS,
    ),
)
