"""Who runs, owns and may use a job, and the permissions that the provider gets."""

from collections.abc import Callable
from typing import Any

import pytest

from constructs_lib import Grant, Identity, Operations, Principal, Reference
from constructs_lib.principals import access_control
from constructs_lib.provider import problems
from constructs_lib.references import terraform_json
from tests.support.refusal import refusal

ROBOT = "11111111-2222-3333-4444-555555555555"


def permissions(owner: Identity | None, *grants: Grant) -> Any:
    """Return the blocks of a permissions resource that the provider takes."""
    blocks = terraform_json(access_control(grants, owner))
    assert problems("databricks_permissions", {"job_id": "77", "access_control": blocks}) == []
    return blocks


@pytest.mark.parametrize(
    ("principal", "block"),
    [
        (Principal.user("a@example.com"), {"user_name": "a@example.com"}),
        (Principal.service_principal(ROBOT), {"service_principal_name": ROBOT}),
        (Principal.group("analysts"), {"group_name": "analysts"}),
        (
            Principal.service_principal(Reference.to("databricks_service_principal.etl.application_id")),
            {"service_principal_name": "${databricks_service_principal.etl.application_id}"},
        ),
    ],
)
def test_a_principal(principal: Principal, block: dict[str, str]) -> None:
    assert terraform_json(principal.render()) == block


@pytest.mark.parametrize("level", ["CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE"])
def test_a_grant(level: Any) -> None:
    assert permissions(None, Grant(Principal.group("analysts"), level)) == [
        {"group_name": "analysts", "permission_level": level}
    ]


def test_the_owner_comes_first_and_grants_keep_their_order() -> None:
    assert permissions(
        Principal.service_principal(ROBOT),
        Grant(Principal.group("engineers"), "CAN_MANAGE"),
        Grant(Principal.user("a@example.com"), "CAN_VIEW"),
    ) == [
        {"service_principal_name": ROBOT, "permission_level": "IS_OWNER"},
        {"group_name": "engineers", "permission_level": "CAN_MANAGE"},
        {"user_name": "a@example.com", "permission_level": "CAN_VIEW"},
    ]


def test_without_owner_and_grants_there_is_nothing_to_say() -> None:
    assert access_control((), None) == []


def test_a_job_is_owned_by_whom_it_runs_as_unless_it_is_said() -> None:
    robot, human = Principal.service_principal(ROBOT), Principal.user("a@example.com")
    assert Operations().owning is None
    assert Operations(run_as=robot).owning is robot
    assert Operations(run_as=robot, owner=human).owning is human
    assert Operations(run_as=robot, owner=human).render()["run_as"] == {"service_principal_name": ROBOT}


def test_a_user_and_a_group_of_one_name_are_two() -> None:
    blocks = permissions(
        None, Grant(Principal.user("x@example.com"), "CAN_VIEW"), Grant(Principal.group("x@example.com"), "CAN_VIEW")
    )
    assert len(blocks) == 2


ANALYSTS = Principal.group("analysts")
untyped_grant: Any = Grant
untyped: Any = Operations


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: permissions(None, Grant(ANALYSTS, "CAN_VIEW"), Grant(Principal.group("analysts"), "CAN_MANAGE")),
            "Grant(Group('analysts'), 'CAN_MANAGE'): Group('analysts') is granted twice, or owns it already; "
            "keep the grant with the highest level",
        ),
        (
            lambda: access_control([Grant(Principal.user("a@b.c"), "CAN_VIEW")], Principal.user("a@b.c")),
            "Grant(User('a@b.c'), 'CAN_VIEW'): User('a@b.c') is granted twice, or owns it already; "
            "keep the grant with the highest level",
        ),
        (
            lambda: Principal.user(ROBOT),
            f"User('{ROBOT}'): this is a service principal's id; write Principal.service_principal(…)",
        ),
        (
            lambda: Principal.service_principal("etl-robot"),
            "ServicePrincipal('etl-robot'): a service principal is named by its application id; write its UUID",
        ),
        (
            lambda: Principal.group("admins"),
            "Group('admins'): the rights of admins cannot be changed; leave this grant out",
        ),
        (
            lambda: untyped_grant(ANALYSTS, "IS_OWNER"),
            "Grant(Group('analysts'), 'IS_OWNER'): level: "
            "expected one of 'CAN_VIEW', 'CAN_MANAGE_RUN', 'CAN_MANAGE', got str 'IS_OWNER'",
        ),
        (
            lambda: untyped_grant("analysts", "CAN_VIEW"),
            "Grant('analysts', 'CAN_VIEW'): principal: expected Principal, got str 'analysts'",
        ),
        (
            lambda: untyped(owner=ANALYSTS),
            "Operations(): owner: expected Identity, got Group Group('analysts')",
        ),
        (
            lambda: untyped(run_as=ANALYSTS),
            "Operations(): run_as: expected Identity, got Group Group('analysts')",
        ),
    ],
)  # fmt: skip
def test_who_may_not_be_or_do_what(make: Callable[[], object], message: str) -> None:
    assert refusal(make) == message


@pytest.mark.parametrize("name", ["", "  ", "etl"])
def test_a_user_is_named_by_an_address(name: str) -> None:
    assert refusal(lambda: Principal.user(name))
