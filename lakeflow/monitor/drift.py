"""Where a job in the workspace is not what the code says, as far as the workspace's side is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from lakeflow.history.facts import Deployed
from lakeflow.stack_map import JobEntry
from lakeflow.words import block, paused, spoken


@dataclass(frozen=True)
class Drift:
    """One setting that differs."""

    setting: str
    what: str
    """In words: `the timeout`."""
    code: str
    """The code's value in words."""
    deployed: str
    """The workspace's."""
    value: object
    """The code's value as Terraform has it."""


def drifts(entry: JobEntry, deployed: Deployed) -> Iterator[Drift]:
    """Yield what differs; what is not known of the workspace, or a reference in the code, does not."""
    settings = entry.resolved
    schedule = block(settings.get("schedule"))
    if deployed.quartz is not None:
        code = (schedule.get("quartz_cron_expression"), schedule.get("timezone_id"))
        there = (" ".join(deployed.quartz.split()), deployed.timezone or code[1])
        if not schedule:
            yield Drift("schedule", "the schedule", "none", "{}, {}".format(*there), None)
        elif code != there and not any("${" in str(each) for each in code):
            setting = "schedule.quartz_cron_expression" if code[0] != there[0] else "schedule.timezone_id"
            yield Drift(setting, "the schedule", "{}, {}".format(*code), "{}, {}".format(*there), code[0])
    starter = next((name for name in ("schedule", "trigger", "continuous") if settings.get(name)), None)
    if starter and deployed.paused is not None and deployed.paused != paused(settings):
        yield Drift(
            f"{starter}.pause_status",
            "the trigger",
            _activity(paused(settings)),
            _activity(deployed.paused),
            block(settings[starter]).get("pause_status"),
        )
    timeout = settings.get("timeout_seconds") or 0
    if deployed.timeout_seconds is not None and isinstance(timeout, int) and deployed.timeout_seconds != timeout:
        yield Drift(
            "timeout_seconds", "the timeout", _limit(timeout), _limit(deployed.timeout_seconds), timeout or None
        )
    most = settings.get("max_concurrent_runs") or 1
    if deployed.max_concurrent_runs is not None and isinstance(most, int) and deployed.max_concurrent_runs != most:
        yield Drift(
            "max_concurrent_runs",
            "the number of runs at once",
            str(most),
            str(deployed.max_concurrent_runs),
            settings.get("max_concurrent_runs"),
        )
    yield from _run_as(entry, deployed)


def _activity(stopped: bool) -> str:
    return "paused" if stopped else "active"


def _limit(seconds: int) -> str:
    return spoken(timedelta(seconds=seconds)) if seconds else "none"


def _run_as(entry: JobEntry, deployed: Deployed) -> Iterator[Drift]:
    """Yield another identity, where both sides say it in the same form: system tables may say a number instead."""
    said = block(entry.resolved.get("run_as"))
    for name in ("service_principal_name", "user_name"):
        code, there = said.get(name), deployed.run_as
        if code and there and not there.isdigit() and "${" not in code and code.casefold() != there.casefold():
            yield Drift(f"run_as.{name}", "who it runs as", code, there, code)
