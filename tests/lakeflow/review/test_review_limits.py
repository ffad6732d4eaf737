"""A report fits where it goes, and says what it leaves out."""

import json
import re

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib import LakeflowError
from lakeflow.review.reports import markdown
from tests.lakeflow.review.support import Json, Run, change, job, plan, review_of, schedule, task

pytestmark = pytest.mark.slow

COMMENT, SUMMARY = 65_536, 1024 * 1024


def many(jobs: int, tasks: int = 10, *, worry: bool = False, name: str = "job") -> Json:
    """Return a plan that changes one task of each of many jobs."""
    before = [task(f"t{number}", *([f"t{number - 1}"] if number else [])) for number in range(tasks)]
    after = [*before[:-1], task(f"t{tasks - 1}", f"t{tasks - 2}", max_retries=2)]
    stopped = {"schedule": schedule("0 0 6 * * ?")} if worry else {}
    return plan(
        *(
            change(
                job(*before, id=str(number), name=f"{name} {number}", **stopped),
                job(*after, id=str(number), name=f"{name} {number}", timeout_seconds=number),
                f"databricks_job.job_{number}",
            )
            for number in range(jobs)
        )
    )


def left_out(report: str) -> str:
    found = re.search(r"\*\*Left out, for its length: (.*?); ", report)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("jobs", "said"),
    [
        (3, ""),
        (70, "attribute details"),
        (100, "attribute details, and of each graph what does not change"),
        (200, "attribute details and graphs"),
        (700, "everything but one line for each job"),
        (3000, "everything but what is above"),
    ],
)
def test_a_comment_leaves_out_more_the_larger_the_plan_is(jobs: int, said: str) -> None:
    report = markdown.render(review_of(many(jobs)))
    assert len(report.encode()) <= COMMENT
    assert left_out(report) == said
    assert f"{jobs} jobs changed" in report
    assert "fingerprint `sha256:" in report


def test_a_job_summary_has_what_a_comment_leaves_out() -> None:
    review = review_of(many(200))
    assert left_out(markdown.render(review)) == "attribute details and graphs"
    summary = markdown.render(review, SUMMARY)
    assert left_out(summary) == ""
    assert COMMENT < len(summary.encode()) <= SUMMARY


def test_what_needs_attention_comes_first_and_is_counted_where_it_does_not_fit() -> None:
    document = many(2000, 2)
    for number, entry in enumerate(document["resource_changes"]):
        # Each has a timeout of its own, so that nothing can be said once for all.
        entry["change"]["before"]["timeout_seconds"] = 60 * number + 60
        entry["change"]["after"]["timeout_seconds"] = 0
    report = markdown.render(review_of(document))
    assert len(report.encode()) <= COMMENT
    rows = sum(line.startswith("| 🟠") for line in report.splitlines())
    more = re.search(r"… and (\d+) more that need attention\.", report)
    assert rows > 100
    assert more
    assert rows + int(more[1]) == len(review_of(document).grouped)


@settings(deadline=None, max_examples=40)
@given(st.integers(2_000, 70_000), st.integers(0, 12), st.text(max_size=200))
def test_a_report_is_never_longer_than_asked_for(within: int, jobs: int, name: str) -> None:
    report = markdown.render(review_of(many(jobs, 4, worry=True, name=name)), within)
    assert len(report.encode()) <= within
    assert report.count("```") % 2 == 0
    assert report.count("<details>") == report.count("</details>")
    assert report.splitlines()[1].startswith("## ")
    assert "fingerprint" in report


def test_a_report_of_no_length() -> None:
    with pytest.raises(LakeflowError, match=r"--within: 10 bytes hold no report; allow at least 2000"):
        markdown.render(review_of(plan()), 10)


def test_a_graph_that_is_too_large_for_a_picture_is_told(run: Run) -> None:
    before = [task(f"t{number}", *([f"t{number - 1}"] if number else [])) for number in range(200)]
    after = [{**each, "max_retries": 3} for each in before]
    out = run(plan(change(job(*before), job(*after))), "--format", "markdown", "--within", str(SUMMARY)).out
    assert "The graph has more tasks than a picture shows; the table above has what changes in it." in out
    assert "```mermaid" not in out


def test_of_a_large_graph_the_neighbours_of_what_changes_are_drawn(run: Run) -> None:
    before = [task(f"t{number}", *([f"t{number - 1}"] if number else [])) for number in range(200)]
    after = [*before[:100], task("t100", "t99", max_retries=3), *before[101:]]
    out = run(plan(change(job(*before), job(*after))), "--format", "markdown").out
    inside = out.partition("```mermaid\n")[2].partition("```")[0]
    assert re.findall(r"<b>(\w+)</b>", inside) == ["t99", "t100", "t101"]


def test_the_link_says_where_the_rest_is(run: Run) -> None:
    words = ("--format", "markdown", "--link", "https://ci.example/run/1")
    assert "; the [run](https://ci.example/run/1) has the rest.**" in run(many(90), *words).out


def test_long_texts_are_cut(run: Run) -> None:
    long = "x" * 5_000
    out = run(json.dumps(plan(change(job(), job(description=long, name=long)))), "--format", "markdown").out
    assert "x" * 500 not in out
    assert "x…" in out
