"""A history as the system tables hold it, with what breaks naive queries in it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from constructs_lib import sql
from lakeflow.history.duck import Duck
from lakeflow.history.tables import JobVersion, ListPrice, NodeMinute, Row, RunSlice, TaskSlice, UsageRecord
from lakeflow.scenario import expected
from lakeflow.scenario.playback import History, history
from lakeflow.scenario.reading import of_document
from lakeflow.scenario.rows import rows
from tests.support.scenarios import UNTIL, document, ninety_days, played

R = TypeVar("R", bound=Row)
JOB_CLUSTER = {"kind": "job_cluster", "dbus_per_hour": 6, "sku": "JOBS", "node_type": "D4", "workers": 2}


def of(kind: type[R], made: History) -> list[R]:
    """Return the rows of one table."""
    return [row for row in rows(made) if isinstance(row, kind)]


def periods(made: list[RunSlice]) -> list[tuple[str, str, str | None]]:
    return [(f"{row.period_start_time:%H:%M}", f"{row.period_end_time:%H:%M}", row.result_state) for row in made]


def test_a_run_is_cut_at_every_full_hour_and_ends_in_its_last_row() -> None:
    made = played({"when": {"on": "2026-11-15"}, "slow": 5})
    long = [row for row in of(RunSlice, made) if row.period_start_time.day == 15]
    assert periods(long) == [("04:00", "05:00", None), ("05:00", "06:00", None), ("06:00", "06:30", "SUCCEEDED")]
    assert [row.run_duration_seconds for row in long] == [None, None, 9000]
    assert len({row.run_id for row in long}) == 1


def test_until_january_2026_the_hours_are_those_of_the_run() -> None:
    said = document(starts={"at": "2026-01-10T04:20:00Z"}, tasks={"load": {"takes": "90m"}})
    made = history(of_document({**said, "until": "2026-01-12T00:00:00Z"}))
    assert periods(of(RunSlice, made)) == [("04:20", "05:20", None), ("05:20", "05:50", "SUCCEEDED")]


def test_old_rows_have_no_new_columns() -> None:
    made = history(of_document({**document(), "until": "2025-11-20T00:00:00Z"}))
    ended = [row for row in of(RunSlice, made) if row.result_state]
    assert {(row.run_duration_seconds, row.termination_type, row.termination_code) for row in ended} == {
        (None, None, "SUCCESS")
    }
    assert {row.execution_duration_seconds for row in of(TaskSlice, made)} == {None}
    [job] = of(JobVersion, made)
    assert (job.trigger, job.paused, job.timeout_seconds, job.create_time) == (None, None, None, None)


def test_a_job_untouched_since_then_still_has_none_and_a_change_says_all() -> None:
    made = played(timeout="2h", changes={"at": "2026-11-18T12:00:00Z", "timeout": "3h"})
    before, after = of(JobVersion, made)
    assert before.timeout_seconds is None
    assert (after.timeout_seconds, after.trigger_type, after.paused) == (10800, "CRON", False)
    assert after.change_time == datetime(2026, 11, 18, 12, tzinfo=UTC)


def test_a_repaired_run_has_an_end_row_for_each_attempt() -> None:
    event = {"when": {"on": "2026-11-14"}, "attempts": {"report": "RUN_EXECUTION_ERROR"}, "repairs": {"after": "2h"}}
    ends = [row for row in of(RunSlice, played(event)) if row.period_start_time.day == 14 and row.result_state]
    assert [(row.result_state, row.run_duration_seconds) for row in ends] == [("FAILED", 1200), ("SUCCEEDED", 2400)]
    assert len({row.run_id for row in ends}) == 1


def test_the_tables_have_their_own_words() -> None:
    made = played(
        {"when": {"on": "2026-11-14"}, "cancel_after": "1m"},
        {"when": {"on": "2026-11-15"}, "slow": 9},
        {"when": {"on": "2026-11-16"}, "skip": "MAX_CONCURRENT_RUNS_EXCEEDED"},
        timeout="1h",
    )
    found = {row.period_start_time.day: (row.result_state, row.termination_code) for row in of(RunSlice, made)}
    assert found[14] == ("CANCELLED", "USER_CANCELED")
    assert found[15] == ("TIMED_OUT", "CANCELLED")
    assert found[16] == ("SKIPPED", "MAX_CONCURRENT_RUNS_EXCEEDED")
    [skipped] = [row for row in of(RunSlice, made) if row.period_start_time.day == 16]
    assert skipped.period_start_time == skipped.period_end_time


def test_rows_that_arrive_late_are_not_there_yet() -> None:
    said = document(starts={"at": "2026-11-22T03:45:00Z"})
    [row] = of(RunSlice, history(of_document({**said, "tables_behind": "2h"})))
    assert (row.period_end_time, row.result_state) == (UNTIL - timedelta(hours=2), None)
    ended = of(RunSlice, history(of_document(said)))
    assert periods(ended) == [("03:45", "04:00", None), ("04:00", "04:15", "SUCCEEDED")]


def test_usage_is_billed_by_the_hour_and_a_correction_nets() -> None:
    compute = {"etl": JOB_CLUSTER}
    tasks = {"load": {"takes": "90m", "compute": "etl"}}
    made = played(tasks=tasks, compute=compute, corrections={"on": "2026-11-15", "factor": 0.5})
    of_day = [row for row in of(UsageRecord, made) if row.usage_date.day == 15]
    assert [(row.record_type, row.usage_quantity) for row in of_day] == [
        ("ORIGINAL", Decimal(6)),
        ("RETRACTION", Decimal(-6)),
        ("RESTATEMENT", Decimal(3)),
        ("ORIGINAL", Decimal(3)),
        ("RETRACTION", Decimal(-3)),
        ("RESTATEMENT", Decimal("1.5")),
    ]
    total = sum(row.usage_quantity for row in of(UsageRecord, made))
    assert total == Decimal("85.5")  # ten days of nine, one of them halved
    assert expected.dbus(made, "daily", made.scenario.since, UNTIL) == total


def test_a_price_holds_until_the_next() -> None:
    prices = [{"sku": "JOBS", "price": 0.3}, {"sku": "JOBS", "price": 0.4, "since": "2026-11-15"}]
    old, new = of(ListPrice, history(of_document({**document(), "prices": prices})))
    assert old.price_end_time == new.price_start_time == datetime(2026, 11, 15, tzinfo=UTC)
    assert new.price_end_time is None
    assert new.pricing.effective_list is not None
    assert new.pricing.effective_list.default == Decimal("0.4")


def test_all_purpose_clusters_and_warehouses_are_not_billed_to_the_job() -> None:
    compute = {
        "mine": {"kind": "all_purpose", "dbus_per_hour": 2, "name": "mine"},
        "sql": {"kind": "warehouse", "dbus_per_hour": 9},
    }
    tasks = {"a": {"takes": "1h", "compute": "mine"}, "b": {"takes": "1h", "compute": "sql"}}
    made = played(tasks=tasks, compute=compute)
    assert {(row.billing_origin_product, row.usage_metadata.job_id) for row in of(UsageRecord, made)} == {
        ("ALL_PURPOSE", None)
    }
    assert expected.dbus(made, "daily", made.scenario.since, UNTIL) == 0


def test_workers_are_busy_or_idle_every_minute() -> None:
    compute = {"etl": {**JOB_CLUSTER, "busy": {"cpu": 80, "memory": 70, "idle": 1}}}
    made = played(
        tasks={"load": {"takes": "10m", "compute": "etl"}}, compute=compute, starts={"at": "2026-11-20T04:00:00Z"}
    )
    samples = of(NodeMinute, made)
    assert len(samples) == 9 * 3  # the first minute is not whole
    found = {(row.driver, (row.cpu_user_percent or 0) + (row.cpu_system_percent or 0)) for row in samples}
    assert found == {(True, 80), (False, 1), (False, 80)}


def test_the_queries_of_the_alerts_find_what_happened() -> None:
    made = ninety_days()
    duck = Duck(UNTIL, *rows(made))
    for key, job_id in made.job_ids().items():
        values = {"workspace_id": made.scenario.workspace_id, "job_id": job_id, "window_hours": 24 * 30}
        found = duck.ask(sql.query("runs"), sql.parameters("runs", values))
        since = UNTIL - timedelta(days=60)
        told = expected.outcomes(expected.ended(made, key, since, UNTIL))
        counted = [row["outcome"] for row in found if row["outcome"] == "RUNNING" or since < row["ended_at"] <= UNTIL]  # type: ignore[operator]
        for word in ("succeeded", "failed", "timed_out", "cancelled", "skipped", "running"):
            assert counted.count(word.upper()) == getattr(told, word), (key, word)


def test_slow_runs_are_as_slow_as_the_scenario_says() -> None:
    slow = {"when": {"since": "2026-11-16"}, "slow": 3}
    made = history(of_document({**document(slow), "days": 20}))
    duck = Duck(UNTIL, *rows(made))
    [job_id] = made.job_ids().values()
    values = {"workspace_id": "1001", "job_id": job_id, "window_hours": 24 * 7}
    [found] = duck.ask(sql.query("slow"), sql.parameters("slow", values))
    assert (found["p50_seconds"], found["previous_p50_seconds"], found["p50_ratio"]) == (5400, 1800, 3)


def test_costs_of_the_sample_jump_when_the_cluster_doubles() -> None:
    made = ninety_days()
    day = timedelta(days=1)
    after = expected.list_cost(made, "daily-sales", UNTIL - 7 * day, UNTIL)
    before = expected.list_cost(made, "daily-sales", UNTIL - 21 * day, UNTIL - 14 * day)
    assert after > before * 2  # the failed run of the week before cost less
