"""Jobs with triggers, for the examples of the rules."""

from typing import Any

from constructs_lib.rules.examples import job


def on_schedule(expression: str, zone: str = "UTC", **attributes: Any) -> dict[str, Any]:
    """Return a job with a schedule."""
    schedule = {"quartz_cron_expression": expression, "timezone_id": zone, "pause_status": "UNPAUSED"}
    return job(schedule=schedule, queue={"enabled": True}, **attributes)


def on_trigger(**kinds: Any) -> dict[str, Any]:
    """Return a job with a trigger."""
    return job(trigger={**kinds, "pause_status": "UNPAUSED"}, queue={"enabled": True})


def on_model(**attributes: Any) -> dict[str, Any]:
    """Return a job that runs for a model, in the list that takes it."""
    return job(triggers=[{"model": attributes, "pause_status": "UNPAUSED"}], queue={"enabled": True})


def always_on(*tasks: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """Return a continuous job."""
    return job(*tasks, continuous={"pause_status": "UNPAUSED", "task_retry_mode": "ON_FAILURE"}, **attributes)


DAILY = {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC", "pause_status": "UNPAUSED"}
HOURS = {"interval": 6, "unit": "HOURS"}
FILES = {"url": "/Volumes/main/raw/in/"}
TABLES = {"table_names": ["main.raw.orders"], "condition": "ANY_UPDATED"}
