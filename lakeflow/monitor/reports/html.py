"""The report as one page that needs nothing else: no script, no font, no picture from elsewhere."""

from collections.abc import Iterator
from functools import partial
from html import escape

from lakeflow.history.facts import Outcomes
from lakeflow.history.wording import amount, money, percent
from lakeflow.html.document import document
from lakeflow.html.parts import figure, figures
from lakeflow.monitor.report import NOT_IN_COST, Report, Standing
from lakeflow.monitor.reports.page.advice import advice_table
from lakeflow.monitor.reports.page.job import job_section
from lakeflow.monitor.reports.page.table import jobs_table
from lakeflow.monitor.reports.page.trends import trend
from lakeflow.monitor.reports.plots import cost, runs
from lakeflow.monitor.reports.style import sheet
from lakeflow.monitor.reports.words import headline, odd_words, origin, shown
from lakeflow.words import counted

MOST_JOBS = 60
"""Jobs that have a section of their own; the others stand in the table."""


def render(report: Report, _view: str = "report") -> str:
    """Return the page, which shows everything."""
    title = f"{shown(report.facts.environment)} · {headline(report)}"
    return document(title, _body(report), style=sheet())


def _body(report: Report) -> Iterator[str]:
    shown_ = {place for place, job in enumerate(report.jobs) if place < MOST_JOBS or job.advice}
    yield "<main>"
    yield from _header(report)
    yield from _overview(report)
    if len(report.jobs) > 1:
        yield from jobs_table(report, shown_)
    if report.advice:
        yield f"<section><h2>What to change <span>{counted(len(report.advice), 'suggestion')}</span></h2>"
        yield from advice_table(report.advice)
        yield "</section>"
    for place, job in enumerate(report.jobs):
        if place in shown_:
            yield from job_section(report, job, place)
    yield from _workspace(report)
    yield from _not_known(report, len(report.jobs) - len(shown_))
    yield "</main>"


def _header(report: Report) -> Iterator[str]:
    worst = next((each for each in Standing if report.count(each)), Standing.WELL)
    look = worst.value.replace(" ", "-")
    yield f'<header class="{look}"><h1>{escape(shown(report.facts.environment))} · {escape(headline(report))}</h1>'
    yield f"<p>{escape(origin(report))} · {escape(shown(report.facts.host))}</p>"
    yield "</header>"


def _overview(report: Report) -> Iterator[str]:
    outcomes, facts = report.outcomes, report.facts
    priced = partial(money, currency=report.currency)
    yield "<section><h2>Overview</h2>"
    yield from figures(
        [
            ("jobs", str(len(report.jobs)), headline(report)),
            ("runs", f"{outcomes.total:,}", _broken(outcomes)),
            ("succeeded", percent(outcomes.success_rate), trend(report.success, percent)),
            (
                "list price",
                money(report.cost.now, report.currency),
                trend(report.cost, priced),
            ),
            ("DBU", amount(report.dbus.now), trend(report.dbus, amount)),
            ("suggestions", str(len(report.advice)), ""),
        ],
        "large",
    )
    yield '<div class="plots">'
    yield figure(
        "Runs by day and result",
        runs.runs("all-runs", report.days, report.calendar, report.this_period[0], 190),
        runs.legend([day.outcomes for day in report.days]),
        axis=True,
    )
    yield figure(f"Cost by job, {counted(facts.days, 'day')}", cost.cost("all-cost", report.jobs), cost.legend())
    yield "</div></section>"


def _broken(outcomes: Outcomes) -> str:
    said = [(outcomes.failed, "failed"), (outcomes.timed_out, "timed out")]
    return ", ".join(f"{count:,} {word}" for count, word in said if count) or "none failed"


def _workspace(report: Report) -> Iterator[str]:
    if not report.oddities:
        return
    yield f"<section><h2>The workspace <span>{odd_words(report)}</span></h2>"
    yield '<div class="scroll"><table class="stacked"><thead><tr><th>job</th><th></th><th>what to do</th></tr></thead>'
    yield "<tbody>"
    for each in report.oddities:
        yield (
            f"<tr><td>{escape(shown(each.name))}<br><small>{escape(each.kind)}</small></td>"
            f"<td>{escape(shown(each.text))}</td><td>{escape(shown(each.hint))}</td></tr>"
        )
    yield "</tbody></table></div></section>"


def _not_known(report: Report, left_out: int) -> Iterator[str]:
    yield '<section><h2>What is not known</h2><ul class="plain">'
    for each in report.facts.not_known:
        yield f"<li>{escape(shown(each))}</li>"
    if left_out:
        yield f"<li>{counted(left_out, 'job')} that do better have no section of their own.</li>"
    yield f"<li>Cost: {escape(NOT_IN_COST)}</li></ul></section>"
