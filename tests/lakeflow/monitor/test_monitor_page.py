"""The report as a page: it stands alone, it is told to who does not see it, and no name gets out of its place."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from lakeflow.history.facts import Day, JobFacts, Outcomes
from lakeflow.html.frame import ticks, time_ticks
from lakeflow.monitor.report import JobReport, Report
from lakeflow.monitor.reports import html
from lakeflow.monitor.reports.plots import cost, durations, runs, tasks
from tests.lakeflow.monitor.reporting import SALES, TODAY, day, named, report
from tests.support import facts
from tests.support.html_page import Page
from tests.support.team_history import stack, team


def page(found: Report | None = None) -> Page:
    return Page(html.render(found or Report.of(team(), stack())))


def test_it_needs_nothing_else() -> None:
    found = page()
    assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _ in found.elements}
    assert not [attributes for _, attributes in found.elements for name in attributes if name in {"src", "onload"}]
    links = [str(attributes["href"]) for attributes in found.all("a")]
    assert links
    assert all(link.startswith(("#job-", "https://adb-3333333333333333.3.azuredatabricks.net/")) for link in links)
    assert found.all("meta")[2]["content"].startswith("default-src 'none'")  # type: ignore[union-attr]


def test_every_plot_is_told() -> None:
    found = page()
    ids = [str(attributes["id"]) for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    plots = [attributes for attributes in found.all("svg") if attributes.get("role") == "img"]
    assert len(plots) > 10
    for attributes in plots:
        assert all(name in ids for name in str(attributes["aria-labelledby"]).split())
    assert all(attributes["aria-hidden"] == "true" for attributes in found.all("svg") if "role" not in attributes)


@pytest.mark.parametrize(
    "words",
    [
        "1 to watch, 1 without runs, 1 well",
        "was 15m +33%",
        "4",
        "Critical path load (15m)",
        "Last change 10 Nov 2026 09:00 UTC: worse: p95 18m → 24m over 12 runs",
        "Raise the timeout to 1h.\ntimeout_seconds 45m → 1h in environments/prod.yaml:41\np95 24m over 28 runs",
        "adopt it, or delete it",
        "Notifications of the jobs.",
        "Not in them: virtual machines of classic compute on Azure",
    ],
)
def test_it_says_everything(words: str) -> None:
    assert words in page(report()).said


def test_runs_link_into_the_workspace() -> None:
    links = [attributes["href"] for attributes in page(report()).all("a")]
    assert "https://adb-3333333333333333.3.azuredatabricks.net/jobs/101/runs/9001" in links
    elsewhere = page(replace_host(report(), "javascript:alert(1)//"))
    assert all(str(attributes["href"]).startswith("#") for attributes in elsewhere.all("a"))


def replace_host(found: Report, host: str) -> Report:
    return replace(found, facts=replace(found.facts, host=host))


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=80))
def test_no_name_gets_out_of_its_place(name: str) -> None:
    shown, plain = page(named(name)), page(named("plain"))
    assert [tag for tag, _ in shown.elements] == [tag for tag, _ in plain.elements]
    assert [set(attributes) for _, attributes in shown.elements] == [
        set(attributes) for _, attributes in plain.elements
    ]


# Plots


def job(*days: Day, **said: Any) -> JobReport:
    [found] = Report.of(facts.facts(replace(SALES, days=days, **said)), facts.stack()).jobs
    return found


CALENDAR = report().calendar
SINCE = report().this_period[0]


def numbers(drawn: str, tag: str, *names: str) -> list[tuple[float, ...]]:
    found = Page(drawn).all(tag)
    return [tuple(float(str(each[name]).rstrip("%")) for name in names) for each in found]


outcomes = st.builds(
    Outcomes,
    succeeded=st.integers(0, 500),
    failed=st.integers(0, 500),
    timed_out=st.integers(0, 50),
    cancelled=st.integers(0, 9),
    skipped=st.integers(0, 9),
    running=st.integers(0, 1),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(outcomes, max_size=60))
def test_every_bar_of_runs_is_inside(found: list[Outcomes]) -> None:
    days = [Day(day=CALENDAR[place], outcomes=each) for place, each in enumerate(found)]
    drawn = runs.runs("x", days, CALENDAR, SINCE)
    [(height,)] = numbers(drawn, "svg", "height")
    for x, width, y, tall in numbers(drawn, "rect", "x", "width", "y", "height"):
        assert 0 <= x <= x + width <= 100.01
        assert 0 <= y <= y + tall <= height


def test_one_failed_run_among_many_is_seen() -> None:
    drawn = runs.runs("x", [day(3, succeeded=400, failed=1)], CALENDAR, SINCE)
    bars = dict(zip([each["class"] for each in Page(drawn).all("rect")], numbers(drawn, "rect", "height"), strict=True))
    assert bars["failed"][0] >= 4
    assert "Thu 19 Nov: 400 succeeded, 1 failed" in drawn


def test_runs_are_told() -> None:
    drawn = runs.runs("x", SALES.days, CALENDAR, SINCE)
    assert "41 runs on 41 days; on 2 of them a run failed or timed out, most on 20 Nov: 1 failed." in drawn
    assert ">No runs.<" in runs.runs("x", [], CALENDAR, SINCE)


def test_the_timeout_is_a_line_where_runs_come_near_it() -> None:
    near = durations.durations("x", job(day(1, p50=2000.0)), CALENDAR, SINCE)
    far = durations.durations("x", job(day(1, p50=60.0)), CALENDAR, SINCE)
    assert 'class="timeout"' in near
    assert 'class="timeout"' not in far
    assert "timeout 45m, far above" in far
    assert "the timeout is 45m." in far


def test_the_band_of_each_period_and_the_change_are_drawn() -> None:
    drawn = durations.durations("x", job(*SALES.days), CALENDAR, SINCE)
    assert "p50 15m, p95 18m of 30 runs" in drawn
    assert "p50 20m, p95 24m of 28 runs" in drawn
    assert ">changed<" in drawn


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=30))
def test_every_duration_is_inside(seconds: list[float]) -> None:
    days = [day(place, p50=each, p95=each * 1.5) for place, each in enumerate(seconds)]
    drawn = durations.durations("x", job(*days, previous=None), CALENDAR, SINCE)
    for x, y in numbers(drawn, "circle", "cx", "cy"):
        assert 0 <= x <= 100
        assert 0 <= y <= 150


def test_nothing_is_drawn_of_nothing() -> None:
    assert durations.durations("x", job(), CALENDAR, SINCE) == ""
    assert tasks.tasks("x", job(tasks=()), CALENDAR) == ""
    assert cost.cost("x", [job(cost=None)]) == ""


def test_a_task_is_crossed_out_where_it_failed() -> None:
    drawn = tasks.tasks("x", job(), CALENDAR)
    assert [each["class"] for each in Page(drawn).all("rect")] == ["empty", "failed", "heat0"]
    assert "load, Sat 21 Nov: 1 execution, 1 failed" in drawn
    assert "1 task; load failed 2 times." in drawn


def test_the_dearest_job_comes_first() -> None:
    cheap: JobFacts = replace(SALES, key="cheap", cost=replace(SALES.cost, list_cost=1.0))  # type: ignore[type-var]
    drawn = cost.cost("x", Report.of(facts.facts(cheap, SALES)).jobs)
    assert drawn.index(">sales<") < drawn.index(">cheap<")
    assert max(width for (width,) in numbers(drawn, "rect", "width")) == 100
    assert "sales: $33.60, before $18.00" in drawn


@given(st.floats(0.01, 1e9))
def test_an_axis_reaches_what_it_shows(most: float) -> None:
    for marks in (ticks(most), time_ticks(most)):
        assert marks[0] == 0
        assert marks[-1] >= most * 0.99
        assert 2 <= len(marks) <= 6


def test_a_workspace_with_many_jobs_has_a_section_for_the_worst() -> None:
    many = [facts.job(None, job_id=str(n), name=f"job {n}") for n in range(80)]
    found = page(Report.of(facts.facts(*many, SALES)))
    sections = [each for each in found.all("section") if str(each.get("id", "")).startswith("job-")]
    assert len(sections) == html.MOST_JOBS
    assert "21 jobs that do better have no section of their own." in found.said
    assert report().calendar[-1] == TODAY
