"""Rules about who a job runs as, and who may use it."""

from typing import Any

import pytest

from constructs_lib.rules.engine import RuleSet
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Finding, Path
from constructs_lib.rules.identity import RULES
from constructs_lib.rules.identity.principals import is_address
from constructs_lib.rules.rule import Form

ROBOT = "11111111-2222-4333-8444-555555555555"
OWNER = {"user_name": "ann@example.com", "level": "IS_OWNER"}


def found(body: dict[str, Any], form: Form = Form.REST) -> list[Finding]:
    return list(RuleSet.of(RULES, form).findings(body))


def places(body: dict[str, Any], form: Form = Form.REST) -> list[tuple[str, Path]]:
    return [(finding.code, finding.path) for finding in found(body, form)]


@pytest.mark.parametrize(
    ("run_as", "code", "attribute"),
    [
        ({"user_name": "a@b.com", "service_principal_name": "6f1c-..."}, "LF801", "service_principal_name"),
        ({"service_principal_name": ROBOT, "user_name": "a@b.com"}, "LF801", "user_name"),
        ({"user_name": "a@b.com", "group_name": "etl"}, "LF801", "group_name"),
        ([{"user_name": "a@b.com", "group_name": "etl"}], "LF801", "group_name"),
        ({}, "LF802", None),
        ([{}], "LF802", None),
        ({"user_name": None}, "LF802", None),
        ({"user_name": ""}, "LF802", "user_name"),
        ({"service_principal_name": "etl@example.com"}, "LF804", "service_principal_name"),
        ({"service_principal_name": "The robot"}, "LF804", "service_principal_name"),
        ({"service_principal_name": "etl-sp"}, "LF805", "service_principal_name"),
        ({"user_name": ROBOT}, "LF806", "user_name"),
        ({"user_name": "ann"}, "LF807", "user_name"),
        ({"user_name": "ann@"}, "LF808", "user_name"),
        ({"user_name": "ann@example.com, bob@example.com"}, "LF808", "user_name"),
    ],
)
def test_run_as(run_as: object, code: str, attribute: str | None) -> None:
    path = ("run_as", attribute) if attribute else ("run_as",)
    assert places(job(run_as=run_as)) == [(code, path)]


@pytest.mark.parametrize(
    "run_as",
    [
        {"user_name": "ann@example.com"},
        {"user_name": "${var.user}"},
        {"service_principal_name": ROBOT},
        {"service_principal_name": ROBOT, "user_name": None},
        {"service_principal_name": "${databricks_service_principal.etl.application_id}"},
        {"group_name": "etl"},
        {"users_name": "ann@example.com"},
        None,
        "ann",
        [],
    ],
)
def test_run_as_that_is_fine_or_the_business_of_the_schema(run_as: object) -> None:
    assert not found(job(run_as=run_as))


def test_a_group_is_for_requests_only() -> None:
    assert places(job(run_as={"group_name": "etl"}), Form.TERRAFORM) == [("LF803", ("run_as", "group_name"))]


def test_messages() -> None:
    (finding,) = found(job(run_as={"user_name": ROBOT}))
    assert finding.message == f"run_as: the user {ROBOT!r} is the application id of a service principal"
    assert finding.hint == "write service_principal_name for it"
    (finding,) = found(job(permissions=[{"group_name": "a", "level": "can_view"}]), Form.BUNDLE)
    assert finding.message == "permissions[0]: 'can_view' is no level of a job"
    assert finding.hint == "did you mean 'CAN_VIEW'?"


@pytest.mark.parametrize(
    ("grants", "code", "path"),
    [
        ([{"level": "CAN_VIEW"}], "LF811", (0,)),
        ([{"level": "CAN_VIEW", "user_name": ""}], "LF811", (0,)),
        ([{"level": "CAN_VIEW", "group_name": "x", "user_name": "a@b.com"}], "LF812", (0, "user_name")),
        ([{"group_name": "x"}], "LF813", (0,)),
        ([{"group_name": "x", "level": None}], "LF813", (0, "level")),
        ([{"group_name": "x", "level": "CAN_EDIT"}], "LF814", (0, "level")),
        ([{"group": "x", "level": "CAN_VIEW"}], "LF815", (0, "group")),
        ([{"group_name": "x", "permission_level": "CAN_VIEW"}], "LF815", (0, "permission_level")),
        ([{"group_name": "x", "level": "IS_OWNER"}], "LF816", (0, "group_name")),
        ([OWNER, {"service_principal_name": ROBOT, "level": "IS_OWNER"}], "LF817", (1, "level")),
        ([OWNER, {"group_name": "admins", "level": "CAN_VIEW"}], "LF818", (1, "group_name")),
        ([OWNER, {"user_name": "ann@example.com", "level": "CAN_VIEW"}], "LF820", (1, "user_name")),
        ([{"group_name": "users", "level": "CAN_MANAGE"}], "LF821", (0, "level")),
        ([{"service_principal_name": "robot", "level": "CAN_VIEW"}], "LF805", (0, "service_principal_name")),
    ],
)
def test_grants(grants: list[dict[str, Any]], code: str, path: Path) -> None:
    assert places(job(permissions=grants), Form.BUNDLE) == [(code, ("permissions", *path))]


def test_grants_of_a_request() -> None:
    grants = [{"group_name": "x", "permission_level": "CAN_VIEW"}] * 2
    assert places(job(access_control_list=grants)) == [("LF819", ("access_control_list", 1, "group_name"))]
    (finding,) = found(job(access_control_list=[{"group_name": "x", "level": "CAN_VIEW"}]))
    assert (finding.code, finding.hint) == ("LF815", "did you mean 'permission_level'?")


@pytest.mark.parametrize(
    "grants",
    [
        [],
        [OWNER, {"group_name": "users", "level": "CAN_VIEW"}, {"service_principal_name": ROBOT, "level": "CAN_MANAGE"}],
        [{"group_name": "${var.group}", "level": "${var.level}"}] * 2,
        [None, 3, "x"],
        "nobody",
        {"level": "CAN_VIEW"},
    ],
)
def test_grants_that_are_fine(grants: object) -> None:
    assert not found(job(permissions=grants), Form.BUNDLE)


@pytest.mark.parametrize("value", ["a@b.com", "first.last+x@mail.example.co.uk"])
def test_addresses(value: str) -> None:
    assert is_address(value)


@pytest.mark.parametrize("value", ["", "a", "@b.com", "a@", "a@b", "a@b..com", "a@.com", "a@b@c.com", "A <a@b.com>"])
def test_what_is_no_address(value: str) -> None:
    assert not is_address(value)
