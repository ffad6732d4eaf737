"""The report as JSON; its shape is told in docs/monitor.md."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from lakeflow.history.facts import Cost, Durations, Failure, JobFacts, Outcomes, RunStats
from lakeflow.history.wording import Trend
from lakeflow.monitor.advice import Advice
from lakeflow.monitor.inventory import Oddity
from lakeflow.monitor.report import JobReport, Report, Standing, TaskReport

FORMAT = 1


def render(report: Report, view: str = "report") -> str:
    """Return a view of the report."""
    return json.dumps(VIEWS[view](report), indent=2, ensure_ascii=False) + "\n"


def document(report: Report) -> dict[str, Any]:
    """Return the report as JSON takes it."""
    return {
        **_head(report),
        "summary": {
            "jobs": {standing.value: report.count(standing) for standing in Standing},
            "runs": _outcomes(report.outcomes),
            "success_rate": _trend(report.success),
            "dbus": _trend(report.dbus),
            "list_cost": _trend(report.cost),
            "currency": report.currency,
            "suggestions": len(report.advice),
            "oddities": len(report.oddities),
        },
        "jobs": [_job(job) for job in report.jobs],
        "suggestions": suggestions(report.advice),
        "oddities": oddities(report.oddities),
        "undeployed": list(report.facts.undeployed),
        "not_known": list(report.facts.not_known),
    }


def suggested(report: Report) -> dict[str, Any]:
    """Return only what to change."""
    return {**_head(report), "suggestions": suggestions(report.advice)}


def drifted(report: Report) -> dict[str, Any]:
    """Return only what is odd about the workspace."""
    return {**_head(report), "oddities": oddities(report.oddities), "undeployed": list(report.facts.undeployed)}


def _head(report: Report) -> dict[str, Any]:
    facts = report.facts
    return {
        "format": FORMAT,
        "environment": facts.environment,
        "host": facts.host,
        "workspace_id": facts.workspace_id,
        "source": facts.source,
        "asked_at": facts.asked_at.isoformat(),
        "known_until": facts.known_until.isoformat(),
        "days": facts.days,
    }


VIEWS: dict[str, Callable[[Report], dict[str, Any]]] = {
    "report": document,
    "suggest": suggested,
    "drift": drifted,
}


def suggestions(found: Iterable[Advice]) -> list[dict[str, Any]]:
    """Return what to change."""
    return [
        {
            "rule": each.rule,
            "job": each.job,
            "address": each.address,
            "task": each.task,
            "title": each.title,
            "change": each.change,
            "setting": each.setting,
            "before": each.before,
            "after": each.after,
            "evidence": asdict(each.evidence),
            "place": asdict(each.place) if each.place else None,
            "patch": each.edit is not None,
        }
        for each in found
    ]


def oddities(found: Iterable[Oddity]) -> list[dict[str, Any]]:
    """Return what is odd about a workspace."""
    return [asdict(each) for each in found]


def _job(job: JobReport) -> dict[str, Any]:
    facts = job.facts
    return {
        "job": facts.key,
        "job_id": facts.job_id,
        "name": facts.name,
        "address": facts.address,
        "source": job.source,
        "owner": job.entry.owner if job.entry else None,
        "standing": job.standing.value,
        "last_run_at": _time(facts.last_run_at),
        "last_outcome": facts.last_outcome,
        "timeout_seconds": job.timeout,
        "runs": _stats(facts.current),
        "previous": _stats(facts.previous) if facts.previous else None,
        "trend": {
            "success_rate": _trend(job.success),
            "p50": _trend(job.p50),
            "p95": _trend(job.p95),
            "dbus_per_run": _trend(job.cost_per_run),
        },
        "retries": {"helped": job.retries_helped, "wasted": job.retries_wasted},
        "cost": _cost(facts.cost),
        "previous_cost": _cost(facts.previous_cost),
        "failures": [_failure(each) for each in facts.failures],
        "tasks": [_task(task) for task in job.tasks],
        "critical_path": {"tasks": list(job.path.tasks), "seconds": job.path.seconds} if job.path else None,
        "change": _change(job),
        "usage": asdict(facts.usage) if facts.usage else None,
        "all_purpose": [asdict(each) for each in facts.all_purpose],
        "days": _days(facts),
    }


def _stats(stats: RunStats) -> dict[str, Any]:
    return {
        "since": stats.since.isoformat(),
        "until": stats.until.isoformat(),
        **_outcomes(stats.outcomes),
        "success_rate": stats.outcomes.success_rate,
        "durations": _durations(stats.durations),
        "queue_mean": stats.queue_mean,
        "queue_p95": stats.queue_p95,
        "setup_share": stats.setup_share,
        "repaired": stats.repaired,
        "saved_by_repair": stats.saved_by_repair,
    }


def _outcomes(outcomes: Outcomes) -> dict[str, int]:
    return {"total": outcomes.total, **asdict(outcomes)}


def _durations(durations: Durations | None) -> dict[str, Any] | None:
    return asdict(durations) if durations else None


def _cost(cost: Cost | None) -> dict[str, Any] | None:
    return asdict(cost) if cost else None


def _failure(failure: Failure) -> dict[str, Any]:
    return {**asdict(failure), "kind": failure.kind.value, "last_at": failure.last_at.isoformat()}


def _trend(trend: Trend) -> dict[str, Any]:
    return {
        "now": trend.now,
        "before": trend.before,
        "change": None if trend.change is None else round(trend.change, 4),
        "noticed": "worse" if trend.is_worse else "better" if trend.is_better else None,
    }


def _task(task: TaskReport) -> dict[str, Any]:
    stats = task.stats
    return {
        "task": task.key,
        "timeout_seconds": task.timeout,
        "max_retries": task.retries,
        "runs": _outcomes(stats.outcomes),
        "durations": _durations(stats.durations),
        "attempts": stats.attempts,
        "extra_attempts": stats.extra_attempts,
        "saved_by_retry": stats.saved_by_retry,
        "wasted_retries": stats.wasted_retries,
        "transient_failures": stats.transient_failures,
        "code_failures": stats.code_failures,
        "timed_out_attempts": stats.timed_out_attempts,
        "setup_mean": stats.setup_mean,
        "on_critical_path": task.on_path,
        "slack": task.slack,
        "days": [{**asdict(day), "day": day.day.isoformat()} for day in stats.days],
    }


def _change(job: JobReport) -> dict[str, Any] | None:
    change = job.facts.change
    if change is None:
        return None
    return {
        "changed_at": change.changed_at.isoformat(),
        "before": _stats(change.before),
        "after": _stats(change.after),
        "verdict": {"word": job.verdict.word, "text": job.verdict.text} if job.verdict else None,
    }


def _days(facts: JobFacts) -> list[dict[str, Any]]:
    return [
        {
            "day": day.day.isoformat(),
            **_outcomes(day.outcomes),
            "p50": day.p50,
            "p95": day.p95,
            "dbus": day.dbus,
            "list_cost": day.list_cost,
        }
        for day in facts.days
    ]


def _time(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
