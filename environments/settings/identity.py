"""Who jobs run as, and who else may do what with them.

https://docs.databricks.com/jobs/privileges
"""

from typing import Annotated, Literal

from pydantic import Field

from environments.settings.base import Settings, distinct, exactly_one
from environments.settings.forms import Email, Group, Uuid

Level = Literal["CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE"]


class RunAs(Settings, json_schema_extra=exactly_one("service_principal", "user")):
    """The one identity that jobs run as and that owns them."""

    service_principal: Uuid | None = None
    """The application id of a service principal."""
    user: Email | None = None
    """The e-mail address of a user."""


class Permission(Settings, json_schema_extra=exactly_one("group", "user", "service_principal")):
    """What one group, user or service principal may do with every job. The owner is `run_as` and not said here."""

    group: Group | None = None
    """The name of a group; admins manage every job anyway and cannot be given less."""
    user: Email | None = None
    """The e-mail address of a user."""
    service_principal: Uuid | None = None
    """The application id of a service principal."""
    level: Level
    """CAN_VIEW sees runs and results, CAN_MANAGE_RUN also starts and stops them, CAN_MANAGE also edits the job."""


Permissions = Annotated[tuple[Permission, ...], Field(json_schema_extra=distinct("group", "user", "service_principal"))]
"""At most one level for everyone: what Databricks does with two is not documented."""
