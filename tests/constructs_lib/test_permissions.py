"""Who may do what with what: a class of grants for each kind of object, with its levels, and one resource for each."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from constructs_lib import (
    ClusterGrant,
    ClusterPolicyGrant,
    Grant,
    LakeflowError,
    LakeflowStack,
    PipelineGrant,
    PoolGrant,
    Principal,
    Reference,
    SecretScopeGrant,
    SqlWarehouse,
    SqlWarehouseGrant,
    WorkspaceGrant,
)
from constructs_lib.principals import Identity, ObjectGrant, access_control, name_of
from tests.support.refusal import refusal

Synth = Callable[[Any], dict[str, Any]]
ROBOT = "c3e85b09-d4a1-4672-8f1b-96d07a2ce58f"
ANALYSTS = Principal.group("analysts")
OPS = Reference.to("databricks_group.ops.display_name")

LEVELS: Mapping[type[ObjectGrant], tuple[str, ...]] = {
    Grant: ("CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE"),
    PipelineGrant: ("CAN_VIEW", "CAN_RUN", "CAN_MANAGE"),
    SqlWarehouseGrant: ("CAN_VIEW", "CAN_MONITOR", "CAN_USE", "CAN_MANAGE"),
    ClusterGrant: ("CAN_ATTACH_TO", "CAN_RESTART", "CAN_MANAGE"),
    PoolGrant: ("CAN_ATTACH_TO", "CAN_MANAGE"),
    ClusterPolicyGrant: ("CAN_USE",),
    WorkspaceGrant: ("CAN_READ", "CAN_RUN", "CAN_EDIT", "CAN_MANAGE"),
    SecretScopeGrant: ("READ", "WRITE", "MANAGE"),
}
"""As `permission_definitions.go` of provider 1.128.0 has them, without the owner, who is an argument of its own."""
EVERY = sorted({level for levels in LEVELS.values() for level in levels} | {"IS_OWNER", "can_manage", ""})


@pytest.mark.parametrize("kind", LEVELS)
def test_a_grant_has_the_levels_of_its_object_and_no_other(kind: type[ObjectGrant]) -> None:
    untyped: Any = kind
    for level in EVERY:
        if level in LEVELS[kind]:
            assert level in untyped(ANALYSTS, level).render().values()
        else:
            message = f"{kind.__name__}(Group('analysts'), {level!r}): level: expected one of "
            choices = ", ".join(map(repr, LEVELS[kind]))
            assert refusal(lambda: untyped(ANALYSTS, level)) == f"{message}{choices}, got str {level!r}"  # noqa: B023


def test_a_policy_can_only_be_used() -> None:
    assert ClusterPolicyGrant(ANALYSTS).render() == {"group_name": "analysts", "permission_level": "CAN_USE"}


@pytest.mark.parametrize(
    ("principal", "name"),
    [
        (Principal.user("a@example.com"), "a@example.com"),
        (Principal.service_principal(ROBOT), ROBOT),
        (ANALYSTS, "analysts"),
        (Principal.group(OPS), OPS),
    ],
)
def test_the_name_of_a_principal(principal: Principal, name: object) -> None:
    assert name_of(principal) == name


def test_nobody_is_granted_twice() -> None:
    owner: Identity = Principal.user("a@example.com")
    grants = [SqlWarehouseGrant(ANALYSTS, "CAN_USE"), SqlWarehouseGrant(Principal.group("analysts"), "CAN_MANAGE")]
    assert "is granted twice" in refusal(lambda: access_control(grants, None))
    assert "owns it already" in refusal(lambda: access_control([SqlWarehouseGrant(owner, "CAN_USE")], owner))


def test_an_object_has_one_permissions_resource_below_it(stack: LakeflowStack, synth: Synth) -> None:
    SqlWarehouse(stack, "a")
    SqlWarehouse(stack, "b", permissions=[SqlWarehouseGrant(ANALYSTS, "CAN_USE")])
    SqlWarehouse(stack, "c", owner=Principal.user("a@example.com"))
    assert synth(stack)["resource"]["databricks_permissions"] == {
        "b": {
            "sql_endpoint_id": "${databricks_sql_endpoint.b.id}",
            "access_control": [{"group_name": "analysts", "permission_level": "CAN_USE"}],
        },
        "c": {
            "sql_endpoint_id": "${databricks_sql_endpoint.c.id}",
            "access_control": [{"user_name": "a@example.com", "permission_level": "IS_OWNER"}],
        },
    }


def test_a_grant_of_another_kind_of_object_is_an_error(stack: LakeflowStack) -> None:
    untyped: Any = SqlWarehouse
    with pytest.raises(LakeflowError, match="dev/x: permissions: expected a list of SqlWarehouseGrant, got list"):
        untyped(stack, "x", permissions=[ClusterGrant(ANALYSTS, "CAN_MANAGE")])


def test_a_type_checker_refuses_another_level_and_another_grant(stack: LakeflowStack) -> None:
    """Under `mypy --strict` an ignored error that is none is an error."""
    assert refusal(lambda: PipelineGrant(ANALYSTS, "CAN_USE"))  # type: ignore[arg-type]
    assert refusal(lambda: WorkspaceGrant(ANALYSTS, "IS_OWNER"))  # type: ignore[arg-type]
    other = ClusterGrant(ANALYSTS, "CAN_MANAGE")
    assert refusal(lambda: SqlWarehouse(stack, "x", permissions=[other]))  # type: ignore[list-item]
    assert refusal(lambda: SqlWarehouse(stack, "y", owner=ANALYSTS))  # type: ignore[arg-type]
