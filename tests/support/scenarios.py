"""Scenarios for tests, said briefly."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from lakeflow.scenario.playback import History, history
from lakeflow.scenario.reading import of_document, sample

UNTIL = datetime(2026, 11, 22, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


def document(*events: dict[str, Any], **job: Any) -> dict[str, Any]:
    """Return a scenario of ten days with one job, `daily`: ten minutes and then twenty, at four each morning."""
    usual = {
        "name": "daily sales",
        "starts": {"schedule": "0 0 4 * * ?"},
        "tasks": {"load": {"takes": "10m"}, "report": {"takes": "20m", "after": "load"}},
        "events": list(events),
    }
    return {"until": UNTIL.isoformat(), "days": 10, "jobs": {"daily": {**usual, **job}}}


def played(*events: dict[str, Any], **job: Any) -> History:
    """Return what happened in that scenario."""
    return history(of_document(document(*events, **job)))


def results(made: History, job: str = "daily") -> list[str | None]:
    """Return how the runs of a job ended, the earliest first."""
    return [run.result for run in made.of(job)]


@cache
def ninety_days() -> History:
    """Return the history of the sample, played once."""
    return history(sample("ninety-days"))
