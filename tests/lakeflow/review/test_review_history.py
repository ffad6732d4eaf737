"""What earlier runs say of a plan: beside each job, beside each task, and as a finding."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lakeflow.history import recorded
from lakeflow.history.facts import Cost, JobFacts
from lakeflow.review.history import History
from lakeflow.review.phrases import text_of
from tests.lakeflow.review.support import Json, Run, change, codes, job, plan, review_of, task, updated
from tests.support import facts

ADDRESS = "databricks_job.orders"
COST = Cost(dbus=89.6, list_cost=26.88, runs=28, per_run_mean=3.2)
TASK = facts.task("load", 28, p50=15, p95=20)
KNOWN = facts.job(
    "orders",
    facts.stats(facts.durations(28, p50=35, p95=41, longest=50), failed=2),
    job_id="100",
    cost=COST,
    tasks=(TASK,),
)
SHORTER = updated(job(timeout_seconds=3600), job(timeout_seconds=1800))


def history(*jobs: JobFacts) -> History:
    return History.of(facts.facts(*jobs or (KNOWN,)))


def beside(document: Json, *jobs: JobFacts) -> str:
    """Return what stands beside the one job of a plan."""
    [found] = review_of(document, history=history(*jobs)).jobs
    return text_of(found.history)


def of_task(before: Json, after: Json, *jobs: JobFacts) -> str:
    """Return the line of the task `load` in a plan that changes it."""
    document = updated(job(task("load", **before)), job(task("load", **after)))
    [found] = review_of(document, history=history(*jobs)).jobs
    [row] = found.tasks
    return text_of(row.what)


def test_a_job_has_its_history_beside_it() -> None:
    renamed = updated(job(), job(description="Orders of the day"))
    assert beside(renamed) == (
        "30 runs in 30 days until 22 Nov 2026, 93% succeeded; p50 35m, p95 41m; 3.20 DBU ($0.96 list price) a run"
    )


@pytest.mark.parametrize(
    ("minutes", "where"), [(30, "below p95"), (45, "below the longest run"), (90, "above them all")]
)
def test_a_new_timeout_is_held_against_earlier_runs(minutes: int, where: str) -> None:
    changed = updated(job(timeout_seconds=3600), job(timeout_seconds=minutes * 60))
    assert f"p95 41m; the new timeout of {'1h 30m' if minutes == 90 else f'{minutes}m'} is {where}" in beside(changed)


def test_a_job_is_found_by_its_id_where_its_address_is_another() -> None:
    moved = replace(KNOWN, address="module.old.databricks_job.orders")
    assert beside(SHORTER, moved).startswith("30 runs in 30 days")


def test_a_job_that_did_not_run() -> None:
    assert beside(SHORTER, replace(KNOWN, current=facts.NONE, cost=None)) == "no run in 30 days until 22 Nov 2026"


def test_a_job_without_history_has_none_beside_it() -> None:
    assert beside(SHORTER, replace(KNOWN, address=None, job_id="999")) == ""
    assert beside(plan(change(None, job()))) == ""  # a new one


def test_a_task_with_another_timeout_has_its_own_history() -> None:
    assert of_task({"timeout_seconds": 3600}, {"timeout_seconds": 900}) == (
        "timeout_seconds 1h → 15m (p95 20m over 28 runs; the new timeout of 15m is below p95)"
    )


def test_a_task_with_other_retries_has_what_they_did() -> None:
    helped = replace(KNOWN, tasks=(replace(TASK, extra_attempts=9, saved_by_retry=6, wasted_retries=3),))
    assert of_task({"max_retries": 1}, {"max_retries": 3}, helped) == (
        "max_retries 1 → 3 (retries helped 6 runs, 3 attempts did not help)"
    )
    assert of_task({"max_retries": 1}, {"max_retries": 3}) == "max_retries 1 → 3 (no retry in 28 runs)"


def test_a_task_with_another_setting_has_none() -> None:
    assert of_task({}, {"description": "Loads"}) == "description set to Loads"


def found(known: JobFacts, document: Json = SHORTER) -> list[tuple[str, str]]:
    return codes(document, history=history(known))


def test_a_timeout_that_earlier_runs_would_not_have_met() -> None:
    quick, few = facts.durations(28, p50=15, p95=20), facts.durations(9, p50=35, p95=41)
    assert found(KNOWN) == [("LR115", "warning")]
    assert found(replace(KNOWN, current=facts.stats(quick))) == []
    assert found(replace(KNOWN, current=facts.stats(few))) == []  # too few to say anything
    assert found(KNOWN, updated(job(timeout_seconds=1800), job(timeout_seconds=1800, description="x"))) == []


def test_a_timeout_of_a_task_that_its_earlier_runs_would_not_have_met() -> None:
    changed = updated(job(task("load")), job(task("load", timeout_seconds=900)))
    assert found(KNOWN, changed) == [("LR115", "warning")]
    assert found(KNOWN, updated(job(task("load")), job(task("load", timeout_seconds=1500)))) == []
    [concern] = review_of(changed, history=history()).concerns
    assert text_of(concern.what) == "task load of orders ends after 15m"
    assert text_of(concern.why) == "one run in twenty takes more than 20m (28 runs in 30 days)"


@pytest.fixture
def recording(tmp_path: Path) -> str:
    (tmp_path / "facts.json").write_text(recorded.write(facts.facts(KNOWN)), encoding="utf-8")
    return "facts.json"


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_every_report_has_it(run: Run, recording: str, form: str) -> None:
    out = run(SHORTER, "--facts", recording, "--format", form).out
    assert "ends after" in out
    assert "one run in twenty takes more than 41m (28 runs in 30 days)" in out
    assert "30 runs in 30 days until 22 Nov 2026, 93% succeeded; p50 35m, p95 41m; the new timeout of" in out


def test_json_has_it_as_numbers(run: Run, recording: str) -> None:
    [shown] = run(SHORTER, "--facts", recording, "--format", "json").document["jobs"]
    said = shown["history"].pop("said")
    assert said.startswith("30 runs in 30 days")
    assert shown["history"] == {
        "days": 30,
        "runs": 30,
        "success_rate": pytest.approx(28 / 30),
        "p50": 2100.0,
        "p95": 2460.0,
        "dbus_per_run": 3.2,
    }
    [shown] = run(SHORTER, "--format", "json").document["jobs"]
    assert shown["history"] is None


def test_history_changes_no_fingerprint(run: Run, recording: str) -> None:
    one, other = (run(SHORTER, *words, "--format", "json").document for words in ((), ("--facts", recording)))
    assert one["fingerprint"] == other["fingerprint"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"format": 1, "jobs": {"databricks_job.orders": {"runs": 28}}}', '{"format": 2, "jobs": 7}'],
)
def test_a_file_without_facts(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "facts.json").write_text(text)
    ended = run(plan(), "--facts", "facts.json")
    assert ended.status == 2
    assert ended.err.startswith("error: facts.json")
    assert len(ended.err.splitlines()) == 1


def test_a_file_that_is_not_there(run: Run) -> None:
    ended = run(plan(), "--facts", "nowhere.json")
    assert ended.status == 2
    assert ended.err.startswith("error: nowhere.json: cannot be read")


def test_names_of_a_recorded_history_are_only_text(run: Run, tmp_path: Path) -> None:
    hostile: dict[str, Any] = json.loads(recorded.write(facts.facts(KNOWN)))
    hostile["jobs"][0]["cost"]["currency"] = "<script>alert(1)</script>"
    (tmp_path / "facts.json").write_text(json.dumps(hostile))
    ended = run(SHORTER, "--facts", "facts.json", "--format", "html")
    assert "<script>" not in ended.out


def test_facts_of_another_environment_are_refused(run: Run, recording: str) -> None:
    ended = run(SHORTER, "--facts", recording, "--env", "test")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == (
        "error: facts.json: holds facts of prod, and the plan is of test; record those of test, or leave out --facts\n"
    )
