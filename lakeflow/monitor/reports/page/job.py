"""The section of a job."""

import re
from collections.abc import Iterator
from html import escape

from lakeflow.history.wording import NOTHING, amount, duration, moment, money, percent
from lakeflow.html.parts import Figure, figure, figures
from lakeflow.monitor.report import JobReport, Report, TaskReport
from lakeflow.monitor.reports.page.advice import advice_list
from lakeflow.monitor.reports.page.trends import trend
from lakeflow.monitor.reports.plots import durations, runs, tasks
from lakeflow.monitor.reports.words import change_words, path_words, shown, usage_words
from lakeflow.words import counted

_HOST = re.compile(r"https://[A-Za-z0-9.-]+")
_ID = re.compile(r"[0-9]+")


def job_section(report: Report, job: JobReport, place: int) -> Iterator[str]:
    """Yield the section; `place` makes its ids differ from those of others."""
    look = job.standing.value.replace(" ", "-")
    yield f'<section class="job" id="job-{place}"><h2>{escape(shown(job.name))}'
    yield f'<span class="badge {look}">{job.standing}</span></h2>'
    yield f'<p class="about">{" · ".join(_about(report, job))}</p>'
    if job.facts.current.outcomes.total or job.facts.days:
        yield from figures(_figures(job))
        yield from _plots(report, job, place)
    elif job.facts.last_run_at:
        yield f'<p class="none">No run in this period; the last was {escape(moment(job.facts.last_run_at))}.</p>'
    else:
        yield '<p class="none">No run is known.</p>'
    for label, said in (
        ("Last change", change_words(job).removeprefix("changed ")),
        ("Critical path", path_words(job)),
        ("Workers", usage_words(job)),
    ):
        if said:
            yield f'<p class="verdict-line"><strong>{label}</strong> {escape(said)}</p>'
    if job.advice:
        yield "<h3>What to change</h3>"
        yield from advice_list(job.advice)
    yield from _failures(report, job)
    yield from _tasks(job)
    yield "</section>"


def _about(report: Report, job: JobReport) -> Iterator[str]:
    if job.goal:
        yield escape(shown(job.goal))
    if job.entry and job.entry.owner:
        yield escape(shown(job.entry.owner))
    if job.source:
        yield f"<code>{escape(job.source)}</code>"
    if job.entry is None:
        yield "not in the code"
    yield _link(report, "id " + shown(job.facts.job_id), f"/jobs/{job.facts.job_id}", job.facts.job_id)


def _link(report: Report, said: str, path: str, *ids: str) -> str:
    """Return a link into the workspace, where its host and the ids are such."""
    host = report.facts.host.rstrip("/")
    if not _HOST.fullmatch(host) or not all(_ID.fullmatch(each) for each in ids):
        return escape(said)
    return f'<a href="{escape(host + path)}" rel="noreferrer">{escape(said)}</a>'


def _figures(job: JobReport) -> Iterator[Figure]:
    now, before, cost = job.facts.current, job.facts.previous, job.facts.cost
    yield "runs", f"{now.outcomes.total:,}", f"was {before.outcomes.total:,}" if before else ""
    yield "succeeded", percent(now.outcomes.success_rate), trend(job.success, percent)
    yield "p50", duration(job.p50.now), trend(job.p50, duration)
    yield "p95", duration(job.p95.now), trend(job.p95, duration)
    n = counted(now.durations.n, "clean run") if now.durations else ""
    yield "longest", duration(now.durations.max if now.durations else None), n
    yield "queue p95", duration(now.queue_p95), f"mean {duration(now.queue_mean)}" if now.queue_mean else ""
    yield "setup share", percent(now.setup_share), "of the runs' time" if now.setup_share else ""
    if job.retries_helped or job.retries_wasted:
        yield "retries helped", f"{job.retries_helped:,}", f"{job.retries_wasted:,} did not"
    if now.repaired:
        yield "repaired", f"{now.repaired:,}", f"{now.saved_by_repair:,} succeeded by it"
    if cost is not None and cost.runs:
        price = money(cost.list_cost, cost.currency) if cost.list_cost is not None else ""
        yield "DBU", amount(cost.dbus), f"{escape(price)} list price" if price else ""
        yield "DBU a run", amount(cost.per_run_mean), trend(job.cost_per_run, amount) or _most(cost.per_run_max)


def _most(value: float | None) -> str:
    return f"at most {amount(value)}" if value is not None else ""


def _plots(report: Report, job: JobReport, place: int) -> Iterator[str]:
    since = report.this_period[0]
    yield '<div class="plots">'
    its = [day.outcomes for day in job.facts.days]
    drawn = runs.runs(f"runs-{place}", job.facts.days, report.calendar, since)
    yield figure("Runs by day and result", drawn, runs.legend(its), axis=True)
    drawn = durations.durations(f"time-{place}", job, report.calendar, since)
    bands = "<span>dots p50, bars up to p95; bands p50 to p95 of each period</span>"
    yield figure("Duration of successful runs", drawn, bands, axis=True)
    yield "</div>"
    heat = tasks.tasks(f"tasks-{place}", job, report.this_period)
    if heat:
        yield f'<div class="broad">{figure("Tasks by day", heat, tasks.legend())}</div>'


def _failures(report: Report, job: JobReport) -> Iterator[str]:
    if not job.facts.failures:
        return
    yield '<h3>Failures</h3><div class="scroll"><table><thead><tr><th>kind</th><th>code</th><th class="n">runs</th>'
    yield "<th>last</th></tr></thead><tbody>"
    for each in job.facts.failures:
        path = f"/jobs/{job.facts.job_id}/runs/{each.last_run_id}"
        link = _link(report, moment(each.last_at), path, job.facts.job_id, each.last_run_id)
        yield (
            f"<tr><td>{escape(each.kind)}</td><td><code>{escape(shown(each.code))}</code></td>"
            f'<td class="n">{each.runs:,}</td><td>{link}</td></tr>'
        )
    yield "</tbody></table></div>"


_HEADS = ("executions", "failed", "p50", "p95", "longest", "timeout", "retries helped", "did not", "slack")


def _tasks(job: JobReport) -> Iterator[str]:
    if not any(task.stats.outcomes.finished for task in job.tasks):
        return
    heads = "".join(f'<th class="n">{head}</th>' for head in _HEADS)
    yield f'<h3>Tasks</h3><div class="scroll"><table><thead><tr><th>task</th>{heads}</tr></thead><tbody>'
    for task in job.tasks:
        cells = "".join(f'<td class="n">{escape(cell)}</td>' for cell in _task(task))
        mark = ' class="path" title="on the critical path"' if task.on_path else ""
        yield f"<tr><td{mark}>{escape(shown(task.key))}</td>{cells}</tr>"
    yield "</tbody></table></div>"


def _task(task: TaskReport) -> Iterator[str]:
    stats = task.stats
    found = stats.durations
    yield f"{stats.outcomes.finished:,}"
    yield f"{task.broken:,}" if task.broken else ""
    yield duration(found.p50 if found else None)
    yield duration(found.p95 if found else None)
    yield duration(found.max if found else None)
    yield duration(task.timeout) if task.timeout else NOTHING
    yield f"{stats.saved_by_retry:,}" if stats.extra_attempts else ""
    yield f"{stats.wasted_retries:,}" if stats.extra_attempts else ""
    yield "critical" if task.on_path else duration(task.slack)
