"""What the pages say in words: names, times, durations, what starts a job."""

from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from constructs_lib.errors import LakeflowError
from lakeflow.graph.letters import printable, shortened
from lakeflow.html.markup import Html, joined, tag
from lakeflow.run.states import LATEST
from lakeflow.run.words import plain
from lakeflow.words import block, next_run, paused, spoken, trigger_words

Json = dict[str, Any]

NOTHING = "–"
_LONGEST_NAME, _LONGEST_TEXT = 80, 600
_STARTERS = ("schedule", "trigger", "continuous", "triggers")
_TRIGGERS = {
    "PERIODIC": "by its schedule",
    "ONE_TIME": "by hand",
    "RETRY": "again, after a failure",
    "RUN_JOB_TASK": "by a task of another job",
    "FILE_ARRIVAL": "on the arrival of files",
    "TABLE": "on the update of a table",
    "CONTINUOUS": "continuously",
    "CONTINUOUS_RESTART": "by a restart",
}
_EVENTS = {
    "on_start": "start",
    "on_success": "success",
    "on_failure": "failure",
    "on_duration_warning_threshold_exceeded": "it takes long",
    "on_streaming_backlog_exceeded": "streaming backlog",
}


def text(said: object, most: int = _LONGEST_TEXT) -> str:
    """Return somebody's text on one line and in a length that fits, with nothing hidden in it and no token."""
    return shortened(printable(plain(said if isinstance(said, str) else "")), most)


def sentence(said: object) -> Html:
    """Return somebody's text, with what stands in backticks as code."""
    parts = text(said).split("`")
    if len(parts) % 2 == 0:
        return joined([text(said)])
    return joined(tag("code", part) if place % 2 else part for place, part in enumerate(parts))


def name(said: object, most: int = _LONGEST_NAME, *, otherwise: str = "(no name)") -> Html:
    """Return somebody's name, whatever the direction in which it is written."""
    shown = text(said, most).strip()
    return tag("bdi", shown) if shown else tag("span", otherwise, class_="faint")


def instant(at: int) -> datetime | None:
    """Return a time of the API; None where there is none."""
    return datetime.fromtimestamp(at / 1000, UTC) if 0 < at < LATEST else None


def moment(at: int) -> Html:
    """Return a time of the API: `22 Nov 2026 05:30:12 UTC`."""
    found = instant(at)
    if found is None:
        return Html(NOTHING)
    return tag("time", f"{found.day} {found:%b %Y %H:%M:%S} UTC", datetime=f"{found:%Y-%m-%dT%H:%M:%SZ}")


def when(at: int) -> str:
    """Say a time in short, and where it is: `Sun 22 Nov 05:30 UTC`."""
    found = instant(at)
    return f"{found:%a} {found.day} {found:%b %H:%M} UTC" if found else NOTHING


def lasting(milliseconds: float | None) -> str:
    """Say a duration: `41m 20s`."""
    if milliseconds is None or milliseconds > LATEST:
        return NOTHING
    if 0 < milliseconds < 1000:
        return f"{milliseconds / 1000:.1f}s"
    return spoken(timedelta(milliseconds=max(milliseconds, 0)))


def ago(at: int, now: int) -> str:
    """Say how long something is past: `3h ago`."""
    if not at or at > now:
        return "now" if at else NOTHING
    return f"{lasting(now - at).split()[0]} ago"


def middle(durations: list[int]) -> float | None:
    """Return the median; None where there is nothing."""
    return median(durations) if durations else None


def started(trigger: str | None) -> str:
    """Say what has started a run."""
    return _TRIGGERS.get(trigger or "", text(trigger, 40).lower().replace("_", " ")) or NOTHING


def event(said: str) -> str:
    """Say of what somebody is told."""
    return _EVENTS.get(said, text(said, 60).removeprefix("on_").replace("_", " "))


def starts(settings: Json) -> str:
    """Say what starts a job: `at 05:30, Europe/Berlin`, `manual`."""
    if not any(settings.get(each) for each in _STARTERS):
        return "manual"
    try:
        said = trigger_words(settings)
    except (KeyError, TypeError, ValueError, AttributeError):
        return "by a trigger"
    return "by a trigger" if said == "manual" else text(said, 160)


def is_paused(settings: Json) -> bool:
    """Return whether nothing but a person starts a job, although it has a trigger."""
    return paused(settings)


def starts_itself(settings: Json) -> bool:
    """Return whether a job starts without a person."""
    return any(settings.get(each) for each in _STARTERS) and not paused(settings)


def next_start(settings: Json, now: int) -> str:
    """Say when a schedule starts a job next, in UTC; nothing where that is not known."""
    try:
        found = next_run(settings, datetime.fromtimestamp(now / 1000, UTC))
    except (LakeflowError, KeyError, TypeError, ValueError, AttributeError):
        return ""
    return when(round(found.timestamp() * 1000)) if found else ""


def principal(row: object) -> str:
    """Return who somebody is: the name of a user, a group or a service principal."""
    found = block(row)
    return next(
        (text(found[key], 120) for key in ("user_name", "service_principal_name", "group_name") if found.get(key)), ""
    )
