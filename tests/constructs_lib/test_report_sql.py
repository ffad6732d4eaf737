"""What the queries of the report answer over a history of three jobs, one of which never ran."""

from datetime import timedelta

import pytest

from constructs_lib.errors import LakeflowError
from constructs_lib.references import Reference
from constructs_lib.sql import literals
from tests.support.report_history import DAY, HISTORY, INTAKE, LISTED, NEVER, NOW, SALES
from tests.support.system_tables import HOUR, SystemTables, price, run, usage

WEEK = {"job_id": None, "job_ids": LISTED, "window_hours": 7 * DAY}


def tables() -> SystemTables:
    return SystemTables(NOW, *HISTORY)


def test_a_job_has_its_newest_name_and_one_that_is_not_known_yet_its_id() -> None:
    assert [(row["job_id"], row["job"]) for row in tables().ask("report_jobs", **WEEK)] == [
        (SALES, "daily-sales"),
        (INTAKE, "intake"),
        (NEVER, "job 502"),
    ]


def test_the_runs_of_the_listed_jobs_within_the_window() -> None:
    rows = tables().ask("report_runs", **WEEK)
    counted = [(row["job"], row["outcome"]) for row in rows]
    assert {each: counted.count(each) for each in counted} == {
        ("daily-sales", "SUCCEEDED"): 5,
        ("daily-sales", "FAILED"): 1,
        ("daily-sales", "TIMED_OUT"): 1,
        ("daily-sales", "SKIPPED"): 1,
        ("intake", "SUCCEEDED"): 2,
        ("intake", "RUNNING"): 1,
    }
    told = {row["run_id"]: (row["success"], row["failed"]) for row in rows}
    assert (told["down"], told["hung"], told["full"], told["going"]) == ((0, 1), (0, 1), (None, 0), (None, 0))


def test_one_job_of_the_list() -> None:
    assert {row["job"] for row in tables().ask("report_runs", **{**WEEK, "job_id": INTAKE})} == {"intake"}


def test_why_runs_ended_badly() -> None:
    rows = tables().ask("report_failures", **WEEK)
    assert [(row["code"], row["outcome"], row["runs"], row["last_run_id"]) for row in rows] == [
        ("CLUSTER_ERROR", "FAILED", 1, "down"),
        ("MAX_CONCURRENT_RUNS_EXCEEDED", "SKIPPED", 1, "full"),
        ("CANCELED", "TIMED_OUT", 1, "hung"),
    ]


def test_a_failure_without_a_reason_has_none() -> None:
    [row] = SystemTables(NOW, *run("1", ended=NOW, state="FAILED")).ask("report_failures", **WEEK)
    assert (row["job"], row["code"]) == ("job 500", "UNKNOWN")


def test_how_long_runs_take() -> None:
    rows = tables().ask("report_durations", **WEEK)
    assert [(row["job"], row["measure"], row["minutes"], row["runs"]) for row in rows] == [
        ("daily-sales", "p50", 30.0, 5),
        ("daily-sales", "p95", pytest.approx(38.0), 5),
        ("intake", "p50", 5.0, 2),
        ("intake", "p95", 5.0, 2),
    ]


def test_of_many_jobs_the_longest_are_timed() -> None:
    jobs = [str(number) for number in range(100, 120)]
    rows = [row for n, job in enumerate(jobs) for row in run(job, ended=NOW, took=timedelta(minutes=n + 1), job=job)]
    asked = {**WEEK, "job_ids": ",".join(jobs)}
    timed = {row["job_id"] for row in SystemTables(NOW, *rows).ask("report_durations", **asked)}
    assert timed == set(jobs[5:])


def test_what_jobs_cost_by_day() -> None:
    rows = tables().ask("report_costs", **WEEK)
    assert sum(float(str(row["list_cost"])) for row in rows if row["job"] == "daily-sales") == 10.0
    assert sum(float(str(row["dbus"])) for row in rows if row["job"] == "intake") == 2.0
    assert {row["series"] for row in rows} == {"daily-sales", "intake"}


def test_of_many_jobs_the_dearest_have_a_colour() -> None:
    jobs = [str(number) for number in range(100, 112)]
    rows = [usage(job, began=NOW - HOUR, dbus=n + 1, job=job) for n, job in enumerate(jobs)]
    known = run("known", ended=NOW, job=jobs[0])
    asked = {**WEEK, "job_ids": ",".join(jobs)}
    answered = SystemTables(NOW, price("0.5", since=NOW - 300 * DAY), *known, *rows).ask("report_costs", **asked)
    assert {row["job_id"] for row in answered if row["series"] == "others"} == set(jobs[:4])
    assert sum(float(str(row["list_cost"])) for row in answered) == sum(range(1, 13)) / 2


def test_every_job_of_the_list_has_a_row() -> None:
    sales, intake, never = tables().ask("report_jobs", **WEEK)
    assert sales == {
        "job": "daily-sales",
        "job_id": SALES,
        "runs": 8,
        "success_rate": pytest.approx(5 / 7),
        "failed": 2,
        "skipped": 1,
        "p50_minutes": 30.0,
        "p95_minutes": pytest.approx(38.0),
        "p50_change": 0.5,
        "setup_share": None,
        "list_cost": 10.0,
        "previous_list_cost": 5.0,
        "dbus": 20.0,
    }
    assert (intake["runs"], intake["success_rate"], intake["p50_change"]) == (3, 1.0, None)
    assert never == {
        "job": "job 502",
        "job_id": NEVER,
        **dict.fromkeys(("runs", "failed", "skipped"), 0),
        **dict.fromkeys(("success_rate", "p50_minutes", "p95_minutes", "p50_change", "setup_share"), None),
        **dict.fromkeys(("list_cost", "previous_list_cost", "dbus"), None),
    }


# Values in the text


def test_a_query_with_its_values_in_it() -> None:
    text = literals.lines("known", {"workspace_id": "1001"})
    assert text[0] == "-- How far system.lakeflow.job_run_timeline is known for a workspace: one row."
    assert "WHERE workspace_id = '1001'" in text
    assert "  AND period_end_time > dateadd(HOUR, -6, current_timestamp())" in text
    assert not [line for line in text if ":" in str(line).removeprefix(str(text[0]))]


def test_nothing_is_null_and_text_stays_text() -> None:
    asked = {**WEEK, "workspace_id": "it's \\ here"}
    text = literals.lines("report_runs", asked)
    assert "        AND job_id = coalesce(CAST(NULL AS STRING), job_id)" in text
    assert "      WHERE workspace_id = 'it\\'s \\\\ here'" in text


def test_an_id_that_is_not_known_yet_is_a_reference() -> None:
    text = literals.lines("listed_jobs", {"workspace_id": "1", "job_ids": Reference.to("databricks_job.a.id")})
    [line] = [line for line in text if isinstance(line, Reference)]
    assert line.terraform == "FROM (SELECT explode(split('${databricks_job.a.id}', ',')) AS job_id) AS listed"


def test_a_value_that_a_query_does_not_take_is_refused() -> None:
    with pytest.raises(LakeflowError, match="needs a value for 'workspace_id'"):
        literals.lines("known", {})
