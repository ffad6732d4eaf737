"""The dashboard of an environment's runs, as values: what became of its jobs, how long they take, and what they cost.

Its datasets are the canonical queries that reports and alerts are made of.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import islice

from constructs_lib.lakeview import (
    COUNT,
    DOLLARS,
    MINUTES,
    SHARE,
    Bars,
    Board,
    Choice,
    Counter,
    Dataset,
    Field,
    Lines,
    Page,
    Table,
    TextBox,
)
from constructs_lib.references import Text, concat, text_order
from constructs_lib.sql.literals import lines

_TITLES = {
    "report_runs": "Runs",
    "report_jobs": "Jobs",
    "report_durations": "Durations",
    "report_failures": "Failures",
    "report_costs": "Costs",
}
_OUTCOMES = {
    "SUCCEEDED": "#2E9E5B",
    "FAILED": "#D6403A",
    "TIMED_OUT": "#E08A1E",
    "CANCELLED": "#8C8C8C",
    "SKIPPED": "#C3C7CC",
    "RUNNING": "#3B82C4",
}
_LATE = "System tables are hours late: the newest runs are missing."
_LIST_PRICE = (
    "List price of the jobs' own compute, without discounts, without virtual machines that the cloud bills itself, and "
    "without SQL warehouses, all-purpose clusters and pipelines."
)


def runs_board(*, workspace_id: Text, job_ids: Sequence[Text], days: int) -> Board:
    """Return the dashboard of some jobs of a workspace over the last days."""
    values = {
        "workspace_id": workspace_id,
        "job_id": None,
        "job_ids": _list(job_ids),
        "window_hours": timedelta(days=days),
    }
    asked = {name: Dataset(name, title=title, lines=lines(name, values)) for name, title in _TITLES.items()}
    return Board(tuple(asked.values()), [_overview(asked, days), _failures(asked, days)])


def _list(ids: Sequence[Text]) -> Text:
    """Return ids with commas between them, in an order of their own: a job that moves in the code changes nothing."""
    ordered = sorted(ids, key=text_order)
    parts: list[Text] = [part for each in ordered for part in (",", each)]
    texts = [part for part in parts if isinstance(part, str)]
    return "".join(texts)[1:] if len(texts) == len(parts) else concat(*islice(parts, 1, None))


def _overview(asked: Mapping[str, Dataset], days: int) -> Page:
    runs, jobs, costs = asked["report_runs"], asked["report_jobs"], asked["report_costs"]
    day = Field("day", "Day", scale="temporal")
    heading = TextBox("heading", text=f"**The last {days} days.** {_LATE}", width=8, height=2)
    choice = Choice("job", title="Job", column="job", datasets=list(asked.values()), width=4, height=2)
    return Page(
        "overview",
        title="Runs",
        rows=[
            [heading, choice],
            [
                Counter(
                    "runs",
                    title="Runs",
                    dataset=runs,
                    value=Field("run_id", "Runs", aggregate="COUNT", number=COUNT),
                    width=3,
                    height=3,
                ),
                Counter(
                    "success-rate",
                    title="Success rate",
                    description="Of runs that ended by themselves.",
                    dataset=runs,
                    value=Field("success", "Success rate", aggregate="AVG", number=SHARE),
                    width=3,
                    height=3,
                ),
                Counter(
                    "failed",
                    title="Failed or timed out",
                    dataset=runs,
                    value=Field("failed", "Failed or timed out", aggregate="SUM", number=COUNT),
                    width=3,
                    height=3,
                ),
                Counter(
                    "list-price",
                    title="List price",
                    description=_LIST_PRICE,
                    dataset=jobs,
                    value=Field("list_cost", "List price", aggregate="SUM", number=DOLLARS),
                    width=3,
                    height=3,
                ),
            ],
            [
                Bars(
                    "runs-by-day",
                    title="Runs by day and outcome",
                    dataset=runs,
                    x=day,
                    y=Field("run_id", "Runs", aggregate="COUNT", scale="quantitative", number=COUNT),
                    colour=Field("outcome", "Outcome", scale="categorical", colours=_OUTCOMES),
                    width=6,
                ),
                Lines(
                    "success-by-day",
                    title="Success rate by day",
                    dataset=runs,
                    x=day,
                    y=Field("success", "Success rate", aggregate="AVG", scale="quantitative", number=SHARE),
                    width=6,
                ),
            ],
            [
                Bars(
                    "durations",
                    title="Minutes of a run, p50 and p95",
                    description="Runs that succeeded at the first attempt; the 15 jobs that take longest.",
                    dataset=asked["report_durations"],
                    x=Field("job", "Job", scale="categorical", sort="y-reversed"),
                    y=Field("minutes", "Minutes", aggregate="SUM", scale="quantitative", number=MINUTES),
                    colour=Field("measure", "Percentile", scale="categorical"),
                    layout="group",
                    width=6,
                ),
                _reasons(asked),
            ],
            [
                Bars(
                    "cost-by-day",
                    title="List price by day and job",
                    description=_LIST_PRICE,
                    dataset=costs,
                    x=day,
                    y=Field("list_cost", "US dollars", aggregate="SUM", scale="quantitative", number=DOLLARS),
                    colour=Field("series", "Job", scale="categorical"),
                )
            ],
            [
                Table(
                    "jobs",
                    title="Jobs",
                    description="The change of the median is against as many days before.",
                    dataset=jobs,
                    columns=[
                        Field("job", "Job"),
                        Field("runs", "Runs", number=COUNT),
                        Field("success_rate", "Success rate", number=SHARE),
                        Field("failed", "Failed", number=COUNT),
                        Field("skipped", "Skipped", number=COUNT),
                        Field("p50_minutes", "p50, minutes", number=MINUTES),
                        Field("p95_minutes", "p95, minutes", number=MINUTES),
                        Field("p50_change", "Change of p50", number=SHARE),
                        Field("setup_share", "Setup", number=SHARE),
                        Field("list_cost", "List price", number=DOLLARS),
                        Field("previous_list_cost", "Before", number=DOLLARS),
                    ],
                    height=8,
                )
            ],
        ],
    )


def _reasons(asked: Mapping[str, Dataset]) -> Bars:
    return Bars(
        "failures-by-code",
        title="Failures by code",
        dataset=asked["report_failures"],
        x=Field("code", "Termination code", scale="categorical", sort="y-reversed"),
        y=Field("runs", "Runs", aggregate="SUM", scale="quantitative", number=COUNT),
        colour=Field("outcome", "Outcome", scale="categorical", colours=_OUTCOMES),
        width=6,
    )


def _failures(asked: Mapping[str, Dataset], days: int) -> Page:
    failures = asked["report_failures"]
    return Page(
        "failures",
        title="Failures",
        rows=[
            [
                TextBox("failures-heading", text=f"**The last {days} days.** {_LATE}", width=8, height=2),
                Choice("failures-job", title="Job", column="job", datasets=[failures], width=4, height=2),
            ],
            [
                Table(
                    "reasons",
                    title="Why runs failed, timed out or were skipped",
                    dataset=failures,
                    columns=[
                        Field("job", "Job"),
                        Field("outcome", "Outcome"),
                        Field("code", "Termination code"),
                        Field("runs", "Runs", number=COUNT),
                        Field("last_at", "Last, UTC"),
                        Field("last_run_id", "Last run"),
                    ],
                    height=10,
                )
            ],
        ],
    )
