"""Who runs, owns and may use things.

https://docs.databricks.com/aws/en/jobs/privileges
"""

import re
from collections.abc import Sequence
from typing import Any, Literal

from constructs_lib.references import Text
from constructs_lib.values import Value, attribute

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def looks_like_application_id(name: str) -> bool:
    """Return whether a name is that of a service principal: a UUID."""
    return _UUID.fullmatch(name) is not None


class Principal(Value):
    """A user, service principal or group; `Principal.` names the choices."""

    @staticmethod
    def user(name: Text) -> "User":
        """Return a user, by e-mail address."""
        return User(name)

    @staticmethod
    def service_principal(application_id: Text) -> "ServicePrincipal":
        """Return a service principal, by its application id (a UUID, not its display name)."""
        return ServicePrincipal(application_id)

    @staticmethod
    def group(name: Text) -> "Group":
        """Return a group, by name."""
        return Group(name)


class Identity(Principal):
    """Who a job can run as and be owned by: a user or a service principal, not a group."""


class User(Identity):
    """A user, by e-mail address."""

    name: Text = attribute("user_name", kw_only=False)

    def check(self) -> None:
        """Refuse what is no address, a service principal's id above all: the provider would plan a change for ever."""
        if isinstance(self.name, str) and looks_like_application_id(self.name):
            raise self.error("this is a service principal's id", fix="write Principal.service_principal(…)")
        if isinstance(self.name, str) and "@" not in self.name:
            raise self.error("a user is named by an e-mail address")


class ServicePrincipal(Identity):
    """A service principal, by its application id."""

    application_id: Text = attribute("service_principal_name", kw_only=False)

    def check(self) -> None:
        """Refuse a display name: the API wants the UUID."""
        if isinstance(self.application_id, str) and not looks_like_application_id(self.application_id):
            raise self.error("a service principal is named by its application id", fix="write its UUID")


class Group(Principal):
    """A group, by name."""

    name: Text = attribute("group_name", kw_only=False)

    def check(self) -> None:
        """Refuse `admins`, whose rights nobody can change."""
        if self.name == "admins":
            raise self.error("the rights of admins cannot be changed", fix="leave this grant out")


class ObjectGrant(Value):
    """What a principal may do with an object; a class for each kind of object, with the levels that it knows."""

    principal: Principal = attribute(kw_only=False, spread=True)


class Grant(ObjectGrant):
    """What a principal may do with a job: `Grant(Principal.group("analysts"), "CAN_VIEW")`."""

    level: Literal["CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE"] = attribute("permission_level", kw_only=False)


class PipelineGrant(ObjectGrant):
    """What a principal may do with a pipeline."""

    level: Literal["CAN_VIEW", "CAN_RUN", "CAN_MANAGE"] = attribute("permission_level", kw_only=False)


class SqlWarehouseGrant(ObjectGrant):
    """What a principal may do with a SQL warehouse."""

    level: Literal["CAN_VIEW", "CAN_MONITOR", "CAN_USE", "CAN_MANAGE"] = attribute("permission_level", kw_only=False)


class ClusterGrant(ObjectGrant):
    """What a principal may do with an all-purpose cluster."""

    level: Literal["CAN_ATTACH_TO", "CAN_RESTART", "CAN_MANAGE"] = attribute("permission_level", kw_only=False)


class PoolGrant(ObjectGrant):
    """What a principal may do with an instance pool."""

    level: Literal["CAN_ATTACH_TO", "CAN_MANAGE"] = attribute("permission_level", kw_only=False)


class ClusterPolicyGrant(ObjectGrant):
    """That a principal may make clusters by a cluster policy."""

    level: Literal["CAN_USE"] = attribute("permission_level", default="CAN_USE", kw_only=False)


class WorkspaceGrant(ObjectGrant):
    """What a principal may do with something of the workspace: notebook, file, directory, query, alert, dashboard."""

    level: Literal["CAN_READ", "CAN_RUN", "CAN_EDIT", "CAN_MANAGE"] = attribute("permission_level", kw_only=False)


class SecretScopeGrant(ObjectGrant):
    """What a principal may do with the secrets of a scope."""

    level: Literal["READ", "WRITE", "MANAGE"] = attribute("permission", kw_only=False)


def name_of(principal: Principal) -> Text:
    """Return a principal as one text: an address, an application id or a group's name."""
    (name,) = principal.render().values()
    named: Text = name
    return named


def access_control(grants: Sequence[ObjectGrant], owner: Identity | None) -> list[dict[str, Any]]:
    """Return the `access_control` blocks, the owner's first; one for each principal.

    Without an owner the provider makes whoever deploys the owner.
    """
    blocks = [{**owner.render(), "permission_level": "IS_OWNER"}] if owner else []
    for grant in grants:
        block = grant.render()
        if any({**known, "permission_level": None} == {**block, "permission_level": None} for known in blocks):
            raise grant.error(
                f"{grant.principal!r} is granted twice, or owns it already", fix="keep the grant with the highest level"
            )
        blocks.append(block)
    return blocks
