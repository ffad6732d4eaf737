"""Whom jobs and alerts tell: notification destinations.

https://docs.databricks.com/aws/en/admin/workspace-settings/notification-destinations
"""

import re
from collections.abc import Sequence

from constructs_lib._terraform import Construct, DatabricksResource, lakeflow_stack
from constructs_lib.errors import LakeflowError, caller
from constructs_lib.references import Reference, Text
from constructs_lib.resources.arguments import Arguments
from constructs_lib.values import Value, attribute

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Channel(Value):
    """How a notification destination reaches people; `Channel.` names the choices.

    Slack's and Teams' URLs, PagerDuty's key and a webhook's password are secrets: they come from a `secret_variable`
    of the stack.
    """

    @staticmethod
    def email(*addresses: str) -> "Channel":
        """Return e-mail to addresses."""
        return _Email(addresses=addresses)

    @staticmethod
    def webhook(url: Text, *, username: Text | None = None, password: Reference | None = None) -> "Channel":
        """Return an HTTPS endpoint that takes Databricks' JSON, with basic authentication where it asks for it."""
        return _Webhook(url=url, username=username, password=password and _secret("password", password))

    @staticmethod
    def slack(url: Reference) -> "Channel":
        """Return a Slack incoming webhook."""
        return _Slack(url=_secret("url", url))

    @staticmethod
    def teams(url: Reference) -> "Channel":
        """Return a Microsoft Teams workflow's webhook."""
        return _Teams(url=_secret("url", url))

    @staticmethod
    def pagerduty(integration_key: Reference) -> "Channel":
        """Return a PagerDuty service."""
        return _PagerDuty(integration_key=_secret("integration_key", integration_key))


def _secret(name: str, value: Reference) -> Reference:
    """Return a reference to a secret; an error for a literal, which is not repeated in it."""
    if not isinstance(value, Reference):
        raise LakeflowError(
            f"{name}: a secret is not written in code", place=caller(), fix="write stack.secret_variable('NAME')"
        )
    return value


class _Email(Channel, block="email"):
    addresses: Sequence[str] = attribute("addresses")

    def check(self) -> None:
        if not self.addresses:
            raise self.error("has no address")
        for address in self.addresses:
            if not _ADDRESS.fullmatch(address):
                raise self.error(f"{address!r} is not an e-mail address")


class _Webhook(Channel, block="generic_webhook"):
    url: Text = attribute("url")
    username: Text | None = attribute("username", default=None)
    password: Reference | None = attribute("password", default=None)

    def check(self) -> None:
        if isinstance(self.url, str) and not self.url.startswith("https://"):
            raise self.error("a webhook is an HTTPS endpoint", fix="write https://…")
        if self.password is not None and self.username is None:
            raise self.error("has a password and no user", fix="give a username")

    def __repr__(self) -> str:
        return "Channel.webhook(…)"


class _Slack(Channel, block="slack"):
    url: Reference = attribute("url")


class _Teams(Channel, block="microsoft_teams"):
    url: Reference = attribute("url")


class _PagerDuty(Channel, block="pagerduty"):
    integration_key: Reference = attribute("integration_key")


class NotificationDestination(DatabricksResource):
    """A destination that jobs and alerts tell: e-mail, webhook, Slack, Teams or PagerDuty.

    Changing the kind of its channel replaces it, and every job that names it changes too.
    https://docs.databricks.com/aws/en/admin/workspace-settings/notification-destinations
    """

    def __init__(self, scope: Construct, id_: str, *, channel: Channel, name: str | None = None) -> None:
        Arguments(NotificationDestination, locals())
        body = {
            "display_name": lakeflow_stack(scope).name_prefix + (name or id_),
            "config": channel.render(),
        }
        super().__init__(scope, id_, "databricks_notification_destination", body, kind="destination")

    @property
    def destination_id(self) -> Reference:
        """The destination's id."""
        return self.attribute("id")
