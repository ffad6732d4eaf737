"""Webhooks: how many, to which destinations."""

import re
from collections.abc import Iterator
from typing import Any

from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.job import mappings, text
from constructs_lib.rules.notifications.places import EVENTS, Place, each_place
from constructs_lib.rules.rule import Hits, Rule

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_MOST_WEBHOOKS = 3
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def _webhooks(place: Place) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Yield each event with the ids of its webhooks that are known now, and their positions."""
    block = place.block("webhook_notifications")
    for event in EVENTS:
        if event in block:
            entries = mappings(block[event])
            ids = [(index, text(entry.get("id"))) for index, entry in entries]
            yield event, [(index, id_) for index, id_ in ids if id_ is not None]


def _too_many(place: Place) -> Hits:
    block = place.block("webhook_notifications")
    for event in EVENTS:
        given = block.get(event)
        if isinstance(given, list) and len(given) > _MOST_WEBHOOKS:
            yield place.hit(
                "webhook_notifications",
                event,
                message=f"{event} has {len(given)} webhooks, and the API takes {_MOST_WEBHOOKS}",
                hint="tell one destination that passes it on, such as a channel",
            )


def _webhook_twice(place: Place) -> Hits:
    for event, ids in _webhooks(place):
        seen: set[str] = set()
        for index, id_ in ids:
            if id_ and id_ in seen:
                yield place.hit(
                    "webhook_notifications",
                    event,
                    index,
                    "id",
                    message=f"{event} has the destination {id_!r} twice",
                    hint="keep one",
                )
            seen.add(id_)


def _webhook_empty(place: Place) -> Hits:
    for event, ids in _webhooks(place):
        for index, id_ in ids:
            if not id_.strip():
                yield place.hit(
                    "webhook_notifications",
                    event,
                    index,
                    "id",
                    message=f"{event} has a webhook with an empty id",
                    hint="write the id of a notification destination, or leave the webhook out",
                )


def _is_no_id(id_: str) -> bool:
    return "/" in id_ or "@" in id_ or "#" in id_ or any(letter.isspace() for letter in id_)


def _webhook_address(place: Place) -> Hits:
    for event, ids in _webhooks(place):
        for index, id_ in ids:
            if id_.strip() and _is_no_id(id_):
                yield place.hit(
                    "webhook_notifications",
                    event,
                    index,
                    "id",
                    message=f"{event}: {id_!r} is no id of a notification destination",
                    hint=(
                        "an e-mail address belongs into email_notifications"
                        if "@" in id_ and "/" not in id_
                        else "make a notification destination of it, and write that one's id"
                    ),
                )


def _webhook_name(place: Place) -> Hits:
    for event, ids in _webhooks(place):
        for index, id_ in ids:
            if id_.strip() and not _is_no_id(id_) and not _UUID.fullmatch(id_):
                yield place.hit(
                    "webhook_notifications",
                    event,
                    index,
                    "id",
                    message=f"{event}: {id_!r} does not look like the id of a notification destination",
                    hint="write the destination's id, a UUID, not its name",
                )


_ONE = "11111111-2222-4333-8444-555555555555"
_TWO = "22222222-2222-4333-8444-555555555555"


def _ids(*ids: str) -> dict[str, Any]:
    return {"on_failure": [{"id": id_} for id_ in ids]}


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF831",
        severity=Severity.ERROR,
        title="An event has more than three webhooks",
        why="The API takes at most three destinations for each event.",
        source=_API,
        bad=job(webhook_notifications=_ids(*(f"{n}1111111-2222-4333-8444-555555555555" for n in range(1, 5)))),
        good=job(webhook_notifications=_ids(_ONE, _TWO)),
        job=each_place(_too_many, "webhook_notifications"),
    ),
    Rule(
        code="LF832",
        severity=Severity.WARNING,
        title="An event has a webhook twice",
        why="The destination is told once, or the request is refused; the second entry does nothing good.",
        source=_API,
        bad=job(webhook_notifications=_ids(_ONE, _ONE)),
        good=job(webhook_notifications=_ids(_ONE, _TWO)),
        job=each_place(_webhook_twice, "webhook_notifications"),
    ),
    Rule(
        code="LF833",
        severity=Severity.ERROR,
        title="A webhook has an empty id",
        why="The API looks for a destination with that id: `Webhook with id '' was not found`.",
        source="https://github.com/databricks/terraform-provider-databricks/issues/1989",
        bad=job(webhook_notifications=_ids("")),
        good=job(webhook_notifications=_ids(_ONE)),
        job=each_place(_webhook_empty, "webhook_notifications"),
    ),
    Rule(
        code="LF834",
        severity=Severity.ERROR,
        title="A webhook's id is an address",
        why="The id is that of a notification destination of the workspace, which holds the URL itself.",
        source=_API,
        bad=job(webhook_notifications=_ids("https://hooks.slack.com/services/T/B/x")),
        good=job(webhook_notifications=_ids(_ONE)),
        job=each_place(_webhook_address, "webhook_notifications"),
    ),
    Rule(
        code="LF835",
        severity=Severity.INFO,
        title="A webhook's id looks like a name",
        why="Notification destinations are known by their ids, which are UUIDs; a name is not found.",
        source=_API,
        bad=job(webhook_notifications=_ids("slack")),
        good=job(webhook_notifications=_ids(_ONE)),
        job=each_place(_webhook_name, "webhook_notifications"),
    ),
)
