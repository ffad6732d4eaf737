"""Who is told what about runs, by e-mail and by webhook.

https://docs.databricks.com/aws/en/jobs/notifications
"""

import re
from collections.abc import Sequence
from typing import Any, Self

from constructs_lib.errors import LakeflowError, shortened
from constructs_lib.handles import ExistingDestination, HasDestinationId
from constructs_lib.reading import Given
from constructs_lib.references import Text, text_order
from constructs_lib.values import Value, Via, attribute

Recipient = str | HasDestinationId
"""An e-mail address, or a notification destination."""

_EVENTS = {
    "on_start": "on_start",
    "on_success": "on_success",
    "on_failure": "on_failure",
    "on_duration_warning": "on_duration_warning_threshold_exceeded",
    "on_streaming_backlog": "on_streaming_backlog_exceeded",
    "on_maintenance_start": "on_maintenance_start",
    "on_maintenance_complete": "on_maintenance_complete",
}
_BLOCKS = ("email_notifications", "webhook_notifications")
_MOST_WEBHOOKS = 3
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def _destinations(recipients: Sequence[Recipient]) -> list[Text]:
    """Return the ids of the destinations among recipients, each once, in the provider's order."""
    ids = [recipient.destination_id for recipient in recipients if not isinstance(recipient, str)]
    return sorted(dict.fromkeys(ids), key=text_order)


def _webhooks(notifications: Value) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for event, name in _EVENTS.items():
        destinations = _destinations(getattr(notifications, event))
        if len(destinations) > _MOST_WEBHOOKS:
            raise notifications.error(f"{event}: {len(destinations)} destinations, and the API takes 3")
        if destinations:
            body[name] = [{"id": id_} for id_ in destinations]
    return {"webhook_notifications": body} if body else {}


def _destination(hook: Any) -> ExistingDestination:
    """Return the destination of one entry of a webhook block."""
    if not isinstance(hook, dict) or hook.keys() != {"id"}:
        raise LakeflowError(f"{shortened(hook)} is no destination")
    return ExistingDestination(hook["id"])


class _Told(Value):
    """Who is told of which event, by e-mail and by webhook."""

    on_start: Sequence[Recipient] = attribute(default=())
    on_success: Sequence[Recipient] = attribute(default=())
    on_failure: Sequence[Recipient] = attribute(default=())
    on_duration_warning: Sequence[Recipient] = attribute(default=())
    on_streaming_backlog: Sequence[Recipient] = attribute(default=())
    on_maintenance_start: Sequence[Recipient] = attribute(default=())
    """When the maintenance window of a continuous job begins."""
    on_maintenance_complete: Sequence[Recipient] = attribute(default=())
    no_alert_for_skipped_runs: bool = attribute(
        "notification_settings.no_alert_for_skipped_runs", default=False, omit=False
    )
    """Whether a skipped run is no failure to tell of."""
    no_alert_for_canceled_runs: bool = attribute(
        "notification_settings.no_alert_for_canceled_runs", default=False, omit=False
    )
    """Whether a cancelled run is no failure to tell of."""

    def check(self) -> None:
        """Refuse what is no address, and more destinations than the API takes."""
        _webhooks(self)
        for event in _EVENTS:
            for recipient in getattr(self, event):
                if isinstance(recipient, str) and not _ADDRESS.fullmatch(recipient):
                    raise self.error(f"{event}: {recipient!r} is not an e-mail address")

    @classmethod
    def stands_in(cls, given: Given) -> bool:
        """Return whether a block tells anybody, or says of what nobody is told."""
        told = (given.has((block, name)) for block in _BLOCKS for name in _EVENTS.values())
        return super().stands_in(given) or any(told)

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return who the e-mail and webhook blocks tell."""
        for event, name in _EVENTS.items():
            mails, hooks = (given.take(block, name) or [] for block in _BLOCKS)
            if not isinstance(mails, list) or not isinstance(hooks, list):
                raise LakeflowError(f"{name} is no list")
            told = [*mails, *map(_destination, hooks)]
            if told:
                said[event] = told
        return super().read(given, **said)

    @classmethod
    def blocks_read(cls) -> frozenset[str]:
        """Return the names of a block that it reads: those of who is told too."""
        return super().blocks_read() | {*_BLOCKS}

    @property
    def mailed(self) -> frozenset[str]:
        """The events of which somebody is told by e-mail."""
        return frozenset(
            event for event in _EVENTS if any(isinstance(recipient, str) for recipient in getattr(self, event))
        )

    def render(self) -> dict[str, Any]:
        """Return the e-mail, webhook and settings blocks."""
        emails = {
            name: sorted({recipient for recipient in getattr(self, event) if isinstance(recipient, str)})
            for event, name in _EVENTS.items()
        }
        present = {name: addresses for name, addresses in emails.items() if addresses}
        body = {**super().render(), **_webhooks(self)}
        return {**body, "email_notifications": present} if present else body


class TaskNotifications(_Told):
    """Who is told about a task's runs, by event: e-mail addresses and destinations.

    The provider cannot clear a task's addresses: where one task of a job mails for an event, all of them have to.
    Destinations are free of that.
    """

    alert_on_last_attempt: bool = attribute("notification_settings.alert_on_last_attempt", default=False, omit=False)
    """Whether only the first start and the last failure of a task with retries are told."""


class Notifications(_Told):
    """Who is told about a job's runs: e-mail addresses and destinations, by event.

    A job that tells nobody of its failures fails silently. `on_duration_warning` and `on_streaming_backlog` need a
    `HealthRule` for the same thing.
    """

    def telling(self, event: str, recipients: Sequence[Recipient]) -> "Notifications":
        """Return a copy that also tells `recipients` of `event`, each once."""
        return self.replace(**{event: tuple(dict.fromkeys([*getattr(self, event), *recipients]))})


def _subscribed(recipients: Sequence[Recipient]) -> list[dict[str, Text]]:
    return [
        {"user_name": each} if isinstance(each, str) else {"destination_id": each.destination_id} for each in recipients
    ]


def _subscribers(blocks: Any) -> list[Recipient]:
    if not isinstance(blocks, list):
        raise LakeflowError(f"{shortened(blocks)} is no list of subscribers")
    return [_subscriber(block) for block in blocks]


def _subscriber(block: Any) -> Recipient:
    if isinstance(block, dict) and block.keys() == {"user_name"} and isinstance(block["user_name"], str):
        return block["user_name"]
    if isinstance(block, dict) and block.keys() == {"destination_id"}:
        return ExistingDestination(block["destination_id"])
    raise LakeflowError(f"{shortened(block)} is no subscriber")


SUBSCRIBERS = Via(_subscribed, _subscribers)
"""How alerts and dashboards name who gets their results: a block for each."""
