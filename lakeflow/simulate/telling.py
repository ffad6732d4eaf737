"""Who is told what of a run: notifications of jobs and tasks, and the health rules that give cause for some.

https://docs.databricks.com/aws/en/jobs/notifications
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lakeflow.graph.reading import block, entries, raw, said
from lakeflow.simulate.states import CANCELED, CANCELS, NEVER_RAN, SUCCESSES

Json = Mapping[str, Any]

START, SUCCESS, FAILURE = "on_start", "on_success", "on_failure"
SLOW, BACKLOG = "on_duration_warning_threshold_exceeded", "on_streaming_backlog_exceeded"
_EVENTS = (START, SUCCESS, FAILURE, SLOW, BACKLOG)
DURATION = "RUN_DURATION_SECONDS"
AVERAGED = timedelta(minutes=10)
"""A backlog is the average of so long."""
AGAIN = timedelta(minutes=30)
"""A backlog that stays is told so often."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One message that somebody would get."""

    at: timedelta
    event: str
    to: str
    """An address, or the destination."""
    task_key: str | None = None
    """None for the job."""
    iteration: int | None = None
    by: str = "email"
    """`email` or `webhook`."""
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A health rule: a metric above a value."""

    metric: str
    value: float


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """Who is told of which event, and what is muted."""

    emails: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    webhooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    no_skipped: bool = False
    no_canceled: bool = False
    last_attempt_only: bool = False
    no_skipped_emails: bool = False
    """The older switch, which mutes e-mails only."""

    def told(self, event: str) -> Iterator[tuple[str, str]]:
        """Yield who is told of an event, and by what."""
        yield from (("email", to) for to in self.emails.get(event, ()))
        yield from (("webhook", to) for to in self.webhooks.get(event, ()))

    def of_end(self, state: str) -> Iterator[tuple[str, str, str]]:
        """Yield the event, and who is told by what, of a run that ends so."""
        if state in SUCCESSES:
            yield from ((SUCCESS, by, to) for by, to in self.told(SUCCESS))
            return
        skipped = state in NEVER_RAN
        if (self.no_canceled and state in CANCELS) or (self.no_skipped and skipped):
            return
        for by, to in self.told(FAILURE):
            if not (by == "email" and self.no_skipped_emails and skipped and state != CANCELED):
                yield FAILURE, by, to


NOBODY = Recipients()


def recipients(settings: Json) -> Recipients:
    """Return whom a job or a task tells."""
    emails, webhooks = block(settings, "email_notifications"), block(settings, "webhook_notifications")
    muted = block(settings, "notification_settings")
    return Recipients(
        emails={event: tuple(map(said, _list(emails.get(event)))) for event in _EVENTS if emails.get(event)},
        webhooks={
            event: tuple(said(each.get("id")) for _, each in entries(webhooks, event) if isinstance(each, Mapping))
            for event in _EVENTS
            if webhooks.get(event)
        },
        no_skipped=_is_true(muted.get("no_alert_for_skipped_runs")),
        no_canceled=_is_true(muted.get("no_alert_for_canceled_runs")),
        last_attempt_only=_is_true(muted.get("alert_on_last_attempt")),
        no_skipped_emails=_is_true(emails.get("no_alert_for_skipped_runs")),
    )


def rules(settings: Json) -> tuple[Rule, ...]:
    """Return the health rules of a job or a task that can be read."""
    found = []
    for _, rule in entries(block(settings, "health"), "rules"):
        try:
            found.append(Rule(metric=raw(rule["metric"]), value=float(rule["value"])))
        except (KeyError, TypeError, ValueError):
            continue
    return tuple(found)


def warnings(
    found: tuple[Rule, ...], started: timedelta, ended: timedelta, backlog: Json
) -> Iterator[tuple[timedelta, str, str]]:
    """Yield when a rule is broken between two times, the event, and what is said."""
    for rule in found:
        if rule.metric == DURATION:
            if ended - started > timedelta(seconds=rule.value):
                yield started + timedelta(seconds=rule.value), SLOW, f"it runs for more than {rule.value:g} s"
        elif isinstance(value := backlog.get(rule.metric), int | float) and value > rule.value:
            at = started + AVERAGED
            while at <= ended:
                yield at, BACKLOG, f"{rule.metric} is {value:g}, above {rule.value:g}"
                at += AGAIN


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_true(value: object) -> bool:
    return value is True or value == "true"
