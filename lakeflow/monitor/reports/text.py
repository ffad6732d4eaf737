"""The report for a terminal: in colour and as wide as it is, or plain into a file or pipe; the worst first."""

import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator

from lakeflow.documents.texts import encodable
from lakeflow.graph.text import Span, Spans
from lakeflow.history.wording import NOTHING, Trend, amount, duration, moment, money, percent
from lakeflow.monitor.advice import Advice
from lakeflow.monitor.inventory import Oddity
from lakeflow.monitor.report import NOT_IN_COST, JobReport, Report, Standing
from lakeflow.monitor.reports.grid import Column, cut, grid
from lakeflow.monitor.reports.strip import LEGEND, strip
from lakeflow.monitor.reports.words import (
    change_words,
    cost_words,
    duration_words,
    headline,
    inherited_words,
    odd_words,
    path_words,
    place_words,
    retry_words,
    run_words,
    setting_words,
    shown,
    totals,
    usage_words,
)
from lakeflow.review.reports.text import inert
from lakeflow.words import counted

PLAIN_WIDTH = 120
"""Columns where there is no terminal to fit in."""
_NARROWEST, _WIDEST = 60, 200
_STANDINGS = {
    Standing.FAILING: "bold red",
    Standing.WATCH: "yellow",
    Standing.QUIET: "dim",
    Standing.WELL: "green",
}
_VERDICTS = {
    Standing.FAILING: "bold white on red",
    Standing.WATCH: "bold black on yellow",
    Standing.QUIET: "bold",
    Standing.WELL: "bold black on green",
}
_FAINT, _BOLD = "dim", "bold"
_LABEL = 11
_NAME = 30
Lines = Iterator[Spans]


def show(found: Callable[[int], Iterable[Spans]]) -> None:
    """Print lines, given how many columns there are."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    if not console.is_terminal:
        sys.stdout.write(encodable(plain(found(PLAIN_WIDTH)), sys.stdout.encoding))
        return
    for line in found(min(max(console.width, _NARROWEST), _WIDEST)):
        pieces = ((encodable(span.text, sys.stdout.encoding), span.style) for span in line)
        console.print(Text.assemble(*pieces), soft_wrap=False, overflow="fold")


def lines(report: Report, width: int = PLAIN_WIDTH) -> Lines:
    """Yield the report in lines, each in pieces with its style in the words of rich."""
    worst = next((each for each in Standing if report.count(each)), Standing.WELL)
    title = f" {shown(report.facts.environment)} · {headline(report)}"
    yield Span(f" {worst.value.upper()} ", _VERDICTS[worst]), Span(title, _BOLD)
    yield from _wrapped("", totals(report), width, _FAINT)
    if report.jobs:
        yield ()
        yield from grid(_table(report.jobs), width)
    for job in report.jobs:
        if report.only or job.stands_out:
            yield from _job(report, job, width)
    yield from oddities(report.oddities, width)
    if report.facts.not_known:
        yield ()
        yield (Span("Not known", _BOLD),)
        for each in report.facts.not_known:
            yield from _wrapped("  ", shown(each), width)
    if report.jobs:
        yield ()
        yield from _wrapped("", LEGEND, width, _FAINT)
    if any(job.facts.cost for job in report.jobs):
        yield from _wrapped("", NOT_IN_COST, width, _FAINT)


def suggested(report: Report, width: int = PLAIN_WIDTH) -> Lines:
    """Yield what to change, in lines."""
    title = f"{shown(report.facts.environment)} · {counted(len(report.advice), 'suggestion')}"
    yield (Span(title, _BOLD),)
    yield from _wrapped("", totals(report), width, _FAINT)
    for each in report.advice:
        yield ()
        yield from advice(each, width, named=True)


def drifted(report: Report, width: int = PLAIN_WIDTH) -> Lines:
    """Yield what is odd about a workspace, in lines."""
    yield (Span(f"{shown(report.facts.environment)} · {odd_words(report)}", _BOLD),)
    yield from _wrapped("", totals(report), width, _FAINT)
    yield from oddities(report.oddities, width)


LINES = {"report": lines, "suggest": suggested, "drift": drifted}
"""View → its lines, given how many columns there are."""


def plain(found: Iterable[Spans]) -> str:
    """Return lines as text without colour."""
    return "".join(inert("".join(span.text for span in line).rstrip()) + "\n" for line in found)


def _table(jobs: Iterable[JobReport]) -> list[Column]:
    found = list(jobs)

    def cells(say: Callable[[JobReport], str], style: Callable[[JobReport], str] = lambda _: "") -> list[Span]:
        return [Span(say(job), style(job)) for job in found]

    def trend(of: Callable[[JobReport], Trend]) -> list[Span]:
        return cells(lambda job: of(job).words if of(job).is_noticed else "", lambda job: _tone(of(job)))

    return [
        Column("", cells(lambda job: job.standing.value, lambda job: _STANDINGS[job.standing]), right=False),
        Column("job", cells(lambda job: cut(shown(job.name), _NAME), lambda _: _BOLD), right=False),
        Column("runs", cells(lambda job: f"{job.facts.current.outcomes.total:,}")),
        Column("success", cells(lambda job: percent(job.success.now), lambda job: "red" if job.broken else "")),
        Column("", trend(lambda job: job.success), 4),
        Column("p50", cells(lambda job: duration(job.p50.now)), 5),
        Column("p95", cells(lambda job: duration(job.p95.now))),
        Column("", trend(lambda job: job.p95), 3),
        Column("longest", cells(lambda job: duration(_durations(job, "max"))), 8),
        Column("queue p95", cells(lambda job: duration(job.facts.current.queue_p95)), 10),
        Column("setup", cells(lambda job: percent(job.facts.current.setup_share)), 9),
        Column("DBU", cells(lambda job: amount(job.facts.cost.dbus if job.facts.cost else None)), 7),
        Column("price", cells(_price), 1),
        Column("a run", trend(lambda job: job.cost_per_run), 2),
        Column("suggestions", cells(lambda job: str(len(job.advice) or "")), 6),
    ]


def _price(job: JobReport) -> str:
    cost = job.facts.cost
    return money(cost.list_cost, cost.currency) if cost else NOTHING


def _durations(job: JobReport, name: str) -> float | None:
    found = job.facts.current.durations
    return getattr(found, name) if found else None


def _tone(trend: Trend) -> str:
    return "red" if trend.is_worse else "green" if trend.is_better else _FAINT


def _job(report: Report, job: JobReport, width: int) -> Lines:
    now = job.facts.current
    yield ()
    yield Span(shown(job.name), _BOLD), Span(f"  {job.standing}", _STANDINGS[job.standing])
    about = [each for each in (shown(job.goal), job.source or "", f"id {shown(job.facts.job_id)}") if each]
    yield from _wrapped("  ", " · ".join(about if job.entry else ["not in the code", *about]), width, _FAINT)
    if now.outcomes.total:
        calendar = report.this_period[-(width - _LABEL - 4) :]
        yield Span(f"  {'days':<{_LABEL}}", _FAINT), *strip(job.facts.days, calendar)
    for label, said in _figures(job):
        yield from _said(label, said, width)
    if now.outcomes.total and (report.only or any(task.broken or task.stats.extra_attempts for task in job.tasks)):
        yield ()
        yield from grid(_tasks(job), width, 2)
    if job.advice:
        yield ()
        for each in job.advice:
            yield from advice(each, width)


def _figures(job: JobReport) -> Iterator[tuple[str, str]]:
    yield "runs", run_words(job)
    yield "duration", duration_words(job)
    now = job.facts.current
    waits = (
        f"queue p95 {duration(now.queue_p95)}" if now.queue_p95 is not None else "",
        f"setup {percent(now.setup_share)} of the time" if now.setup_share is not None else "",
    )
    yield "waiting", ", ".join(filter(None, waits))
    yield "again", retry_words(job)
    yield "cost", cost_words(job)
    yield "workers", usage_words(job)
    yield "failures", _failures(job)
    yield "changed", change_words(job).removeprefix("changed ")
    yield "path", path_words(job)


def _failures(job: JobReport) -> str:
    return "; ".join(
        f"{each.runs} × {each.kind} {shown(each.code)}, last {moment(each.last_at)} (run {shown(each.last_run_id)})"
        for each in job.facts.failures
    )


def _tasks(job: JobReport) -> list[Column]:
    found = job.tasks

    def cells(said: Iterable[str]) -> list[Span]:
        return [Span(each) for each in said]

    def times(name: str) -> list[Span]:
        return cells(duration(getattr(task.stats.durations, name) if task.stats.durations else None) for task in found)

    return [
        Column(
            "task", [Span(cut(shown(task.key), _NAME), _BOLD if task.on_path else "") for task in found], right=False
        ),
        Column("runs", cells(f"{task.stats.outcomes.finished:,}" for task in found)),
        Column("failed", [Span(str(task.broken or ""), "red") for task in found]),
        Column("p50", times("p50"), 2),
        Column("p95", times("p95")),
        Column("longest", times("max"), 5),
        Column("timeout", cells(duration(task.timeout) if task.timeout else "" for task in found), 3),
        Column("retries helped", cells(str(task.stats.saved_by_retry or "") for task in found), 1),
        Column("did not", cells(str(task.stats.wasted_retries or "") for task in found), 1),
        Column("slack", cells("critical" if task.on_path else duration(task.slack) for task in found), 4),
    ]


def advice(each: Advice, width: int, *, named: bool = False) -> Lines:
    """Yield the lines of a suggestion; `named` says of which job it is."""
    whose = " ".join(shown(name) for name in ((each.job if named else ""), each.task or "") if name)
    yield Span(f"  {each.rule:<4}", "cyan"), Span(f"{whose}: " if whose else "", _BOLD), Span(shown(each.title), _BOLD)
    setting, place = setting_words(each), place_words(each)
    what = " · ".join(filter(None, (shown(each.change), setting)))
    yield from _wrapped(" " * 6, what, width)
    if each.place:
        write = f": {shown(each.place.write)}" if each.place.write else f" ({shown(each.place.what)})"
        source = inherited_words(each)
        yield from _wrapped(" " * 6, f"in {place}{write}" + (f" ({source})" if source else ""), width)
    yield from _wrapped(" " * 6, f"{shown(each.evidence.text)}; {each.evidence.confidence} confidence", width, _FAINT)


def oddities(found: Iterable[Oddity], width: int) -> Lines:
    """Yield what is odd about a workspace."""
    all_ = list(found)
    if not all_:
        return
    yield ()
    yield (Span("The workspace", _BOLD),)
    for each in all_:
        ident = f" (id {shown(each.job_id)})" if each.job_id else ""
        yield Span(f"  {each.kind}  ", "yellow"), Span(shown(each.name), _BOLD), Span(ident, _FAINT)
        yield from _wrapped(" " * 6, shown(each.text), width)
        yield from _wrapped(" " * 6, shown(each.hint), width, _FAINT)


def _said(label: str, text: str, width: int) -> Lines:
    if not text:
        return
    first, *rest = textwrap.wrap(text, max(width - _LABEL - 2, 30), break_on_hyphens=False) or [""]
    yield Span(f"  {label:<{_LABEL}}", _FAINT), Span(first)
    for line in rest:
        yield (Span(f"{'':<{_LABEL + 2}}{line}"),)


def _wrapped(indent: str, text: str, width: int, style: str = "") -> Lines:
    for line in textwrap.wrap(text, max(width - len(indent), 30), break_on_hyphens=False):
        yield (Span(f"{indent}{line}", style),)
