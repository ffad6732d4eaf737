"""The table of all jobs, the worst first."""

from collections.abc import Callable, Container, Iterator
from html import escape

from lakeflow.history.wording import Trend, amount, duration, money, percent
from lakeflow.monitor.report import JobReport, Report
from lakeflow.monitor.reports.words import shown

_HEADS = ("runs", "succeeded", "p50", "p95", "longest", "queue p95", "setup", "DBU", "list price", "suggestions")
_WIDE = {"p50", "longest", "queue p95", "setup", "DBU"}
"""Left out on a phone; the job's own section has them."""


def jobs_table(report: Report, linked: Container[int]) -> Iterator[str]:
    """Yield the table; the jobs at the places in `linked` lead to their sections."""
    heads = "".join(f'<th class="n{" wide" if head in _WIDE else ""}">{head}</th>' for head in _HEADS)
    yield '<section><h2>Jobs <span>the worst first</span></h2><div class="scroll"><table>'
    yield f"<thead><tr><th>job</th>{heads}</tr></thead><tbody>"
    for place, job in enumerate(report.jobs):
        name = escape(shown(job.name))
        link = f'<a href="#job-{place}">{name}</a>' if place in linked else name
        look = job.standing.value.replace(" ", "-")
        cells = "".join(
            f'<td class="n{" wide" if head in _WIDE else ""}">{cell}</td>'
            for head, cell in zip(_HEADS, _cells(job), strict=True)
        )
        yield f'<tr><td>{link}<br><span class="badge {look}">{job.standing}</span></td>{cells}</tr>'
    yield "</tbody></table></div></section>"


def _cells(job: JobReport) -> Iterator[str]:
    now, cost = job.facts.current, job.facts.cost
    yield f"{now.outcomes.total:,}"
    yield _with(job.success, percent)
    yield _with(job.p50, duration)
    yield _with(job.p95, duration)
    yield escape(duration(now.durations.max if now.durations else None))
    yield escape(duration(now.queue_p95))
    yield escape(percent(now.setup_share))
    yield escape(amount(cost.dbus if cost else None))
    yield escape(money(cost.list_cost, cost.currency) if cost else money(None))
    yield str(len(job.advice) or "")


def _with(trend: Trend, said: Callable[[float | None], str]) -> str:
    if not trend.is_noticed:
        return escape(said(trend.now))
    look = "bad-ink" if trend.is_worse else "good-ink"
    return f'{escape(said(trend.now))}<br><small class="{look}">{escape(trend.words)}</small>'
