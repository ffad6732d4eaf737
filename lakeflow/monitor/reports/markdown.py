"""The report as Markdown for GitHub: an issue, a comment or the summary of a job."""

import re
from collections.abc import Callable, Iterable, Iterator

from lakeflow.history.wording import NOTHING, Trend, amount, duration, moment, money, percent
from lakeflow.monitor.advice import Advice
from lakeflow.monitor.inventory import Oddity
from lakeflow.monitor.report import NOT_IN_COST, JobReport, Report, Standing, TaskReport
from lakeflow.monitor.reports.words import (
    change_words,
    cost_words,
    duration_words,
    headline,
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
from lakeflow.review.reports.marking import code, html_code
from lakeflow.words import counted

SIGNS = {Standing.FAILING: "🔴", Standing.WATCH: "🟠", Standing.QUIET: "⚪", Standing.WELL: "🟢"}
# A colon is the beginning of a link or an emoji, unless it stands in a time or ends a word.
_MARKUP = re.compile(r"[&<>\\`*_{}\[\]#|!@~$]|:(?! |$|(?<=\d:)\d)")
MOST_JOBS = 40
"""Jobs of which more is said than their line in the table: an issue holds 65,536 characters."""


def render(report: Report, view: str = "report") -> str:
    """Return a view of the report."""
    return "".join(f"{line}\n" for line in _VIEWS[view](report))


def _lines(report: Report) -> Iterator[str]:
    yield f"<!-- lakeflow-monitor:v1 env={_name(report.facts.environment)} -->"
    worst = next((each for each in Standing if report.count(each)), Standing.WELL)
    yield f"## {SIGNS[worst]} {code(shown(report.facts.environment))}: {headline(report)}"
    yield ""
    yield html_text(totals(report))
    if report.jobs:
        yield from _table(report.jobs)
    if report.advice:
        yield from ("", "### What to change", "")
        yield from suggestions(report.advice)
    shown_ = [job for job in report.jobs if report.only or job.stands_out]
    for job in shown_[:MOST_JOBS]:
        yield from _job(job)
    if len(shown_) > MOST_JOBS:
        yield from ("", f"… and {len(shown_) - MOST_JOBS} more jobs that fail less.")
    if report.oddities:
        yield from ("", "### The workspace", "")
        yield from oddities(report.oddities)
    if report.facts.not_known:
        yield from ("", "### Not known", "")
        yield from (f"- {html_text(each)}" for each in report.facts.not_known)
    yield from ("", f"<sub>{NOT_IN_COST}</sub>")


def _suggested(report: Report) -> Iterator[str]:
    yield f"## {code(shown(report.facts.environment))}: {counted(len(report.advice), 'suggestion')}"
    yield from ("", html_text(totals(report)), "")
    if report.advice:
        yield from suggestions(report.advice)


def _drifted(report: Report) -> Iterator[str]:
    yield f"## {code(shown(report.facts.environment))}: {odd_words(report)}"
    yield from ("", html_text(totals(report)), "")
    if report.oddities:
        yield from oddities(report.oddities)


_VIEWS = {"report": _lines, "suggest": _suggested, "drift": _drifted}


def _name(environment: str) -> str:
    return "".join(letter for letter in environment if letter.isascii() and (letter.isalnum() or letter in "-_"))


def html_text(text: str) -> str:
    """Return a sentence in which nothing is markup, a link or a mention."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", shown(text))


def _table(jobs: Iterable[JobReport]) -> Iterator[str]:
    yield ""
    yield "| | job | runs | succeeded | p50 | p95 | queue p95 | setup | DBU | list price | DBU a run | suggestions |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for job in jobs:
        now, cost = job.facts.current, job.facts.cost
        cells = (
            f"{SIGNS[job.standing]} {job.standing}",
            code(shown(job.name)),
            f"{now.outcomes.total:,}",
            _cell(job.success, percent),
            _cell(job.p50, duration),
            _cell(job.p95, duration),
            duration(now.queue_p95),
            percent(now.setup_share),
            amount(cost.dbus if cost else None),
            html_text(money(cost.list_cost, cost.currency)) if cost else NOTHING,
            _cell(job.cost_per_run, amount),
            str(len(job.advice) or ""),
        )
        yield f"| {' | '.join(cells)} |"


def _cell(trend: Trend, said: Callable[[float | None], str]) -> str:
    value = said(trend.now)
    if trend.is_worse:
        return f"**{value}** ({trend.words})"
    return f"{value} ({trend.words})" if trend.is_better else value


def suggestions(found: Iterable[Advice]) -> Iterator[str]:
    """Yield what to change, as a table."""
    yield "| rule | of | what was found | what to write | where |"
    yield "|---|---|---|---|---|"
    for each in found:
        whose = code(shown(each.job)) + (f"<br>{code(shown(each.task))}" if each.task else "")
        setting = setting_words(each)
        write = html_text(each.change) + (f"<br>{code(setting)}" if setting else "")
        evidence = f"{html_text(each.title)}<br>{html_text(each.evidence.text)} ({each.evidence.confidence} confidence)"
        place = place_words(each)
        yield f"| {each.rule} | {whose} | {evidence} | {write} | {code(place) if place else ''} |"


def oddities(found: Iterable[Oddity]) -> Iterator[str]:
    """Yield what is odd about a workspace, as a table."""
    yield "| | job | | what to do |"
    yield "|---|---|---|---|"
    for each in found:
        ident = f"<br>id {code(shown(each.job_id))}" if each.job_id else ""
        yield f"| {each.kind} | {code(shown(each.name))}{ident} | {html_text(each.text)} | {html_text(each.hint)} |"


def _job(job: JobReport) -> Iterator[str]:
    yield ""
    yield f"<details><summary>{SIGNS[job.standing]} {html_code(shown(job.name))}: {job.standing}</summary>"
    yield ""
    about = [each for each in (html_text(job.goal), code(job.source) if job.source else "") if each]
    yield " · ".join([*about, f"id {code(shown(job.facts.job_id))}"] if job.entry else ["not in the code", *about])
    yield ""
    yield from _figures(job)
    if job.facts.failures:
        yield from ("", "| failures | code | runs | last |", "|---|---|--:|---|")
        for each in job.facts.failures:
            yield (
                f"| {each.kind} | {code(shown(each.code))} | {each.runs:,} | "
                f"{moment(each.last_at)}, run {code(shown(each.last_run_id))} |"
            )
    if job.tasks:
        yield ""
        yield "| task | runs | failed | p50 | p95 | longest | timeout | retries helped | did not | slack |"
        yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
        yield from (f"| {' | '.join(_task(task))} |" for task in job.tasks)
    yield ""
    yield "</details>"


def _figures(job: JobReport) -> Iterator[str]:
    for label, said in (
        ("runs", run_words(job)),
        ("duration", duration_words(job)),
        ("again", retry_words(job)),
        ("cost", cost_words(job)),
        ("workers", usage_words(job)),
        ("changed", change_words(job).removeprefix("changed ")),
        ("path", path_words(job)),
    ):
        if said:
            yield f"- **{label}** {html_text(said)}"


def _task(task: TaskReport) -> Iterator[str]:
    stats, found = task.stats, task.stats.durations
    yield code(shown(task.key))
    yield f"{stats.outcomes.finished:,}"
    yield f"**{task.broken:,}**" if task.broken else ""
    yield duration(found.p50 if found else None)
    yield duration(found.p95 if found else None)
    yield duration(found.max if found else None)
    yield duration(task.timeout) if task.timeout else ""
    yield f"{stats.saved_by_retry:,}" if stats.extra_attempts else ""
    yield f"{stats.wasted_retries:,}" if stats.extra_attempts else ""
    yield "critical" if task.on_path else duration(task.slack)
