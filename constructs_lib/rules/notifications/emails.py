"""E-mail notifications: addresses, and the older switch for skipped runs."""

from collections.abc import Iterator

from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.identity.principals import is_address
from constructs_lib.rules.job import text
from constructs_lib.rules.notifications.examples import TO_ANN
from constructs_lib.rules.notifications.places import EVENTS, Place, each_place
from constructs_lib.rules.rule import Hits, Rule

_API = "https://docs.databricks.com/api/workspace/jobs/create"


def _addresses(place: Place) -> Iterator[tuple[str, int, str]]:
    """Yield the e-mail addresses that are known now: event, position and address."""
    block = place.block("email_notifications")
    for event in EVENTS:
        given = block.get(event)
        if isinstance(given, list):
            for index, value in enumerate(given):
                address = text(value)
                if address is not None:
                    yield event, index, address


def _address_broken(place: Place) -> Hits:
    for event, index, address in _addresses(place):
        if address.strip() and not is_address(address):
            yield place.hit(
                "email_notifications",
                event,
                index,
                message=f"{event}: {address!r} is no e-mail address",
                hint=(
                    "references are not resolved here: write the address itself"
                    if "{{" in address
                    else "write one address; a Slack channel or a webhook is a notification destination"
                ),
            )


def _address_empty(place: Place) -> Hits:
    for event, index, address in _addresses(place):
        if not address.strip():
            yield place.hit(
                "email_notifications",
                event,
                index,
                message=f"{event} has an empty address",
                hint="leave it out",
            )


def _address_twice(place: Place) -> Hits:
    seen: set[tuple[str, str]] = set()
    for event, index, address in _addresses(place):
        known = (event, address.lower())
        if address.strip() and known in seen:
            yield place.hit(
                "email_notifications", event, index, message=f"{event} has {address!r} twice", hint="keep one"
            )
        seen.add(known)


def _old_skipped(place: Place) -> Hits:
    if place.block("email_notifications").get("no_alert_for_skipped_runs") is not None:
        yield place.hit(
            "email_notifications",
            "no_alert_for_skipped_runs",
            message="no_alert_for_skipped_runs is deprecated in email_notifications",
            hint="write it in notification_settings, where it holds for webhooks too",
        )


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF841",
        severity=Severity.WARNING,
        title="A recipient is no e-mail address",
        why="Nothing can be sent to a name, a channel or a reference; it is dropped without a word, or refused.",
        source="https://github.com/databricks/cli/issues/4934",
        bad=job(email_notifications={"on_failure": ["team"]}),
        good=job(email_notifications={"on_failure": TO_ANN}),
        job=each_place(_address_broken, "email_notifications"),
    ),
    Rule(
        code="LF842",
        severity=Severity.WARNING,
        title="A recipient is an empty string",
        why="An empty string among addresses tells nobody, and is often what remains of a variable without a value.",
        source="measured with provider 1.128.0",
        bad=job(email_notifications={"on_failure": [""]}),
        good=job(email_notifications={"on_failure": TO_ANN}),
        job=each_place(_address_empty, "email_notifications"),
    ),
    Rule(
        code="LF843",
        severity=Severity.INFO,
        title="A recipient stands twice",
        why="One mail is sent to each address; the second entry does nothing.",
        source=_API,
        bad=job(email_notifications={"on_failure": TO_ANN * 2}),
        good=job(email_notifications={"on_failure": TO_ANN}),
        job=each_place(_address_twice, "email_notifications"),
    ),
    Rule(
        code="LF844",
        severity=Severity.INFO,
        title="Skipped runs are silenced in the deprecated place",
        why="`email_notifications.no_alert_for_skipped_runs` holds for e-mails only, and is deprecated.",
        source=_API,
        bad=job(email_notifications={"on_failure": TO_ANN, "no_alert_for_skipped_runs": True}),
        good=job(email_notifications={"on_failure": TO_ANN}, notification_settings={"no_alert_for_skipped_runs": True}),
        job=each_place(_old_skipped, "email_notifications"),
    ),
)
