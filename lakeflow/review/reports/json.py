"""A review as JSON; its shape is told in docs/review.md."""

import json
from collections.abc import Iterable
from typing import Any

from lakeflow.review.lines import Detail, Row
from lakeflow.review.phrases import text_of
from lakeflow.review.review import JobReview, Review
from lakeflow.review.risks import Concern

FORMAT = 1


def render(review: Review) -> str:
    """Return the report."""
    return json.dumps(document(review), indent=2, ensure_ascii=False) + "\n"


def document(review: Review) -> dict[str, Any]:
    """Return the report as JSON takes it."""
    return {
        "format": FORMAT,
        "verdict": review.verdict.value,
        "environment": review.environment,
        "fingerprint": review.fingerprint,
        "plan": {
            "time": review.plan.time.isoformat() if review.plan.time else None,
            "terraform": review.plan.terraform or None,
            "errored": review.plan.errored,
            "complete": review.plan.complete,
            "applyable": review.plan.applyable,
        },
        "summary": review.counts,
        "findings": [_concern(each) for each in review.concerns],
        "accepted": [_concern(each) for each in review.accepted],
        "jobs": [_job(each) for each in review.jobs],
        "drift": [
            {"address": each.address, "change": text_of(each.what), "reverted": each.reverted} for each in review.drift
        ],
        "moves": [text_of(each) for each in review.moves],
        "others": [{**_row(each, "address"), "changes": _changes(each.details)} for each in review.others],
        "outputs": [_row(each, "name") for each in review.outputs],
        "rewritten": list(review.rewritten),
        "unread": [text_of(each) for each in review.unread],
    }


def _concern(each: Concern) -> dict[str, Any]:
    return {
        "code": each.code,
        "severity": each.severity.value,
        "address": each.address,
        "message": text_of(each.what),
        "why": text_of(each.why),
        "source": each.source,
    }


def _job(each: JobReview) -> dict[str, Any]:
    return {
        "address": each.job.address,
        "name": each.job.name,
        "source": each.job.source,
        "action": each.job.action.value,
        "what": each.verb,
        "tasks": [_row(row, "task") for row in each.tasks],
        "facts": [{"about": topic, "change": text_of(line)} for topic, line in each.facts],
        "changes": _changes(each.details),
        "history": each.figures,
    }


def _changes(details: Iterable[Detail]) -> list[dict[str, str | None]]:
    return [{"path": each.path, "before": each.before or None, "after": each.after or None} for each in details]


def _row(row: Row, name: str) -> dict[str, str]:
    words = {"+": "added", "~": "changed"}
    return {name: row.label, "what": words.get(row.sign, "removed"), "change": text_of(row.what)}
