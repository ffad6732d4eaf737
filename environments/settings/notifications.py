"""Who is told when a job fails or is slow.

https://docs.databricks.com/jobs/notifications
"""

from typing import Annotated

from pydantic import Field

from environments.settings.base import Named, Settings, exactly_one
from environments.settings.forms import DestinationName, Email, HttpsUrl, Uuid, VariableName

Addresses = Annotated[tuple[Email, ...], Field(json_schema_extra={"uniqueItems": True})]


class SecretVariable(
    Settings,
    json_schema_extra={"errorMessage": "expected `variable: NAME_OF_A_TERRAFORM_VARIABLE`; no secret stands in a file"},
):
    """A secret that never stands in a file: Terraform reads it from a variable."""

    variable: VariableName
    """The name of the variable; its value is given as TF_VAR_<name>."""


class Destination(Settings, json_schema_extra=exactly_one("id", "email", "webhook", "slack", "teams", "pagerduty")):
    """A notification destination: one that exists, or one that is made."""

    id: Uuid | None = None
    """The id of a notification destination that exists in the workspace."""
    email: Annotated[tuple[Email, ...], Field(min_length=1, json_schema_extra={"uniqueItems": True})] | None = None
    """The addresses that one message goes to."""
    webhook: HttpsUrl | None = None
    """The https URL that receives a POST."""
    slack: SecretVariable | None = None
    """The variable with the URL of a Slack incoming webhook."""
    teams: SecretVariable | None = None
    """The variable with the URL of a Microsoft Teams webhook."""
    pagerduty: SecretVariable | None = None
    """The variable with a PagerDuty integration key."""


class Notifications(Settings):
    """Who is told about every job of the environment."""

    on_failure: Addresses = ()
    """The addresses that are told when a run fails."""
    on_slow: Addresses = ()
    """The addresses that are told when a run takes longer than its job says is healthy."""
    destinations: Named[DestinationName, Destination] = Field(default_factory=dict, validate_default=True)
    """Destinations by a name of our own, which products refer to."""
