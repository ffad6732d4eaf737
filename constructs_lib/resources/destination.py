"""Whom jobs and alerts tell: notification destinations.

https://docs.databricks.com/aws/en/admin/workspace-settings/notification-destinations
"""

from collections.abc import Sequence

from constructs_lib._terraform import Construct, DatabricksResource, lakeflow_stack
from constructs_lib.references import Reference, Text
from constructs_lib.values import Value, attribute


class Channel(Value):
    """How a notification destination reaches people; `Channel.` names the choices.

    Slack's and Teams' URLs and PagerDuty's key are secrets: they come from a `secret_variable` of the stack.
    """

    @staticmethod
    def email(*addresses: str) -> "Channel":
        """Return e-mail to addresses."""
        return _Email(addresses=addresses)

    @staticmethod
    def webhook(url: Text) -> "Channel":
        """Return an HTTPS endpoint that takes Databricks' JSON."""
        return _Webhook(url=url)

    @staticmethod
    def slack(url: Reference) -> "Channel":
        """Return a Slack incoming webhook."""
        return _Slack(url=url)

    @staticmethod
    def teams(url: Reference) -> "Channel":
        """Return a Microsoft Teams workflow's webhook."""
        return _Teams(url=url)

    @staticmethod
    def pagerduty(integration_key: Reference) -> "Channel":
        """Return a PagerDuty service."""
        return _PagerDuty(integration_key=integration_key)


class _Email(Channel, block="email"):
    addresses: Sequence[str] = attribute("addresses")


class _Webhook(Channel, block="generic_webhook"):
    url: Text = attribute("url")


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
        body = {
            "display_name": lakeflow_stack(scope).name_prefix + (name or id_),
            "config": channel.render(),
        }
        super().__init__(scope, id_, "databricks_notification_destination", body, kind="destination")

    @property
    def destination_id(self) -> Reference:
        """The destination's id."""
        return self.attribute("id")
