"""What the monitoring queries answer over the histories that real workspaces have."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import sqlglot
from hypothesis import given, settings, strategies as st

from constructs_lib import sql
from constructs_lib.errors import LakeflowError, listed
from lakeflow.history.tables import ListPrice, UsageRecord
from tests.support.system_tables import (
    HOUR,
    JOB,
    WORKSPACE,
    JobVersion,
    RunSlice,
    SystemTables,
    price,
    run,
    usage,
)

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(hours=24)

# A job's last day, as the table holds it at NOW.
HISTORY = (
    *run("sliced", ended=NOW - 10 * HOUR, took=timedelta(hours=3, minutes=30), code="SUCCESS"),
    *run("repaired", ended=NOW - 9 * HOUR, state="FAILED", code="CLUSTER_ERROR"),
    *run("repaired", ended=NOW - 8 * HOUR, state="SUCCEEDED", code="SUCCESS"),
    *run("in-vain", ended=NOW - 7 * HOUR, state="FAILED", code="DRIVER_ERROR"),
    *run("in-vain", ended=NOW - 6 * HOUR, state="FAILED", code="RUN_EXECUTION_ERROR"),
    *run("skipped", ended=NOW - 5 * HOUR, took=timedelta(0), state="SKIPPED", code="MAX_CONCURRENT_RUNS_EXCEEDED"),
    *run("cancelled", ended=NOW - 4 * HOUR, state="CANCELLED", code="USER_CANCELED"),
    *run("timed-out", ended=NOW - 3 * HOUR, took=2 * HOUR, state="TIMED_OUT", code="CANCELED"),
    *run("never-started", ended=NOW - 2 * HOUR, took=timedelta(0), state="ERROR", code="INVALID_CLUSTER_REQUEST"),
    *run("running", ended=NOW - HOUR, took=timedelta(hours=1, minutes=30), state=None),
)
# What is none of its business.
OTHERS = (
    *run("sliced", ended=NOW - 3 * HOUR, state="FAILED", code="UNAUTHORIZED_ERROR", workspace="2002"),
    *run("other-job", ended=NOW - 3 * HOUR, state="FAILED", job="501"),
    *run("notebook", ended=NOW - 3 * HOUR, state="FAILED", run_type="WORKFLOW_RUN"),
)


def outcomes(tables: SystemTables, **values: object) -> dict[object, object]:
    return {row["run_id"]: row["outcome"] for row in tables.ask("runs", **values)}


class TestRuns:
    def test_a_run_is_one_row_with_the_state_of_its_last_row(self) -> None:
        assert outcomes(SystemTables(NOW, *HISTORY, *OTHERS)) == {
            "sliced": "SUCCEEDED",
            "repaired": "SUCCEEDED",
            "in-vain": "FAILED",
            "skipped": "SKIPPED",
            "cancelled": "CANCELLED",
            "timed-out": "TIMED_OUT",
            "never-started": "FAILED",
            "running": "RUNNING",
        }

    def test_the_slices_of_a_run_add_up(self) -> None:
        rows = run("long", ended=NOW, took=timedelta(hours=3, minutes=30), code="SUCCESS")
        assert len(rows) == 4
        assert SystemTables(NOW, *rows).one("runs") == {
            "workspace_id": WORKSPACE,
            "job_id": JOB,
            "run_id": "long",
            "trigger_type": "CRON",
            "started_at": NOW - timedelta(hours=3, minutes=30),
            "first_ended_at": NOW,
            "ended_at": NOW,
            "day": NOW.date(),
            "final_state": "SUCCEEDED",
            "termination_code": "SUCCESS",
            "outcome": "SUCCEEDED",
            "failed": False,
            "repairs": 0,
            "duration_seconds": 12_600,
            "queue_seconds": None,
            "setup_seconds": None,
            "execution_seconds": None,
            "cleanup_seconds": None,
        }

    def test_the_durations_that_the_table_names_are_taken_from_it(self) -> None:
        row = RunSlice(
            run_id="1",
            period_start_time=NOW - HOUR,
            period_end_time=NOW,
            result_state="SUCCEEDED",
            run_duration_seconds=4_000,
            queue_duration_seconds=400,
            setup_duration_seconds=300,
            execution_duration_seconds=3_200,
            cleanup_duration_seconds=100,
        )
        answer = SystemTables(NOW, row).one("runs")
        assert answer["duration_seconds"] == 4_000
        assert [answer[f"{part}_seconds"] for part in ("queue", "setup", "execution", "cleanup")] == [
            400,
            300,
            3_200,
            100,
        ]

    def test_a_repair_is_another_attempt_of_the_same_run(self) -> None:
        [row] = [row for row in SystemTables(NOW, *HISTORY).ask("runs") if row["run_id"] == "in-vain"]
        assert (row["repairs"], row["termination_code"], row["duration_seconds"]) == (1, "RUN_EXECUTION_ERROR", 1_200)

    def test_a_run_under_repair_is_running_again(self) -> None:
        first = run("1", ended=NOW - 2 * HOUR, state="FAILED")
        assert outcomes(SystemTables(NOW, *first, *run("1", ended=NOW, state=None))) == {"1": "RUNNING"}

    def test_retries_of_tasks_stay_inside_the_run(self) -> None:
        retried = run("1", ended=NOW, took=40 * MINUTE)
        assert SystemTables(NOW, *retried).one("runs")["repairs"] == 0

    def test_a_run_that_ends_on_the_hour_has_its_end_row_beside_the_last_slice(self) -> None:
        slices = run("1", ended=NOW, took=2 * HOUR, state=None)
        end = RunSlice(run_id="1", period_start_time=NOW, period_end_time=NOW, result_state="SUCCEEDED")
        assert outcomes(SystemTables(NOW, end, *slices)) == {"1": "SUCCEEDED"}

    @pytest.mark.parametrize(
        ("state", "outcome"),
        [
            ("SUCCESS", "SUCCEEDED"),
            ("SUCCESS_WITH_FAILURES", "SUCCEEDED"),
            ("TIMEDOUT", "TIMED_OUT"),
            ("CANCELED", "CANCELLED"),
            ("MAXIMUM_CONCURRENT_RUNS_REACHED", "SKIPPED"),
            ("BLOCKED", "SKIPPED"),
            ("SOMETHING_NEW", "SOMETHING_NEW"),
        ],
    )
    def test_the_jobs_api_has_other_words_for_the_same(self, state: str, outcome: str) -> None:
        assert outcomes(SystemTables(NOW, *run("1", ended=NOW, state=state))) == {"1": outcome}

    def test_without_a_job_every_job_of_the_workspace_is_read(self) -> None:
        assert outcomes(SystemTables(NOW, *OTHERS), job_id=None) == {"other-job": "FAILED"}

    def test_two_windows_and_two_days_are_read(self) -> None:
        reach = 2 * DAY + sql.ALLOWANCE + 2 * DAY
        rows = (*run("read", ended=NOW - reach + MINUTE), *run("too-old", ended=NOW - reach))
        assert outcomes(SystemTables(NOW, *rows)) == {"read": "SUCCEEDED"}

    @pytest.mark.slow
    @settings(max_examples=25, deadline=None)
    @given(cuts=st.sets(st.integers(1, 239), max_size=6), state=st.sampled_from(["SUCCEEDED", "FAILED", None]))
    def test_how_a_run_is_sliced_makes_no_difference(self, cuts: set[int], state: str | None) -> None:
        start = NOW - 240 * MINUTE
        pieces = pairwise([0, *sorted(cuts), 240])
        slices = [
            RunSlice(run_id="1", period_start_time=start + a * MINUTE, period_end_time=start + b * MINUTE)
            for a, b in pieces
        ]
        end = RunSlice(run_id="1", period_start_time=NOW, period_end_time=NOW, result_state=state)
        whole = run("1", ended=NOW, took=240 * MINUTE, state=state)
        assert SystemTables(NOW, *slices, end).one("runs") == SystemTables(NOW, *whole).one("runs")


class TestFailures:
    def test_runs_are_counted_once_and_by_how_they_ended(self) -> None:
        assert SystemTables(NOW, *HISTORY, *OTHERS).one("failures") == {
            "failures": 3,
            "finished": 7,
            "last_failed_at": NOW - 2 * HOUR,
            "last_failed_run_id": "never-started",
            "last_termination_code": "INVALID_CLUSTER_REQUEST",
            "known_until": NOW - HOUR,
        }

    def test_the_same_job_id_in_another_workspace_is_another_job(self) -> None:
        answer = SystemTables(NOW, *HISTORY, *OTHERS).one("failures", workspace_id="2002")
        assert (answer["failures"], answer["last_termination_code"]) == (1, "UNAUTHORIZED_ERROR")

    def test_a_job_without_runs_has_no_failures(self) -> None:
        answer = SystemTables(NOW).one("failures")
        assert (answer["failures"], answer["finished"], answer["last_failed_at"]) == (0, 0, None)

    def test_the_window_ends_where_the_table_does(self) -> None:
        """The table is four hours behind: yesterday's failure at 06:00 is within the last 24 hours that it knows."""
        failure = run("1", ended=datetime(2026, 3, 9, 6, tzinfo=UTC), state="FAILED")
        newest = run("2", ended=datetime(2026, 3, 10, 5, tzinfo=UTC), job="501")
        assert SystemTables(NOW, *failure, *newest).one("failures")["failures"] == 1

    def test_a_failure_leaves_the_window(self) -> None:
        failure = run("1", ended=NOW - DAY, state="FAILED")
        newest = run("2", ended=NOW, job="501")
        assert SystemTables(NOW, *failure, *newest).one("failures")["failures"] == 0

    def test_in_a_quiet_workspace_too(self) -> None:
        failure = run("1", ended=NOW - DAY - sql.ALLOWANCE, state="FAILED")
        assert SystemTables(NOW, *failure).one("failures")["failures"] == 0

    def test_a_failure_whose_row_came_late_is_counted_by_the_next_evaluation(self) -> None:
        newest = run("2", ended=NOW, job="501")
        late = run("1", ended=NOW - 3 * HOUR, state="FAILED")
        assert SystemTables(NOW, *newest).one("failures")["failures"] == 0
        assert SystemTables(NOW + HOUR, *newest, *late).one("failures")["failures"] == 1


class TestNoSuccess:
    def test_hours_are_counted_from_the_last_success(self) -> None:
        assert SystemTables(NOW, *HISTORY, *OTHERS).one("no_success") == {
            "hours_since_success": 7.0,
            "last_success_at": NOW - 8 * HOUR,
            "last_success_run_id": "repaired",
            "running": 1,
            "known_until": NOW - HOUR,
        }

    def test_a_late_table_is_no_late_job(self) -> None:
        """By the clock the last success is 27 h 20 min ago; of 23 h 20 min of them the table knows."""
        success = run("1", ended=NOW - timedelta(hours=27, minutes=20))
        newest = run("2", ended=NOW - 4 * HOUR, job="501")
        answer = SystemTables(NOW, *success, *newest).one("no_success")
        assert answer["hours_since_success"] == pytest.approx(23 + 1 / 3)

    def test_rows_of_another_workspace_do_not_make_the_table_known(self) -> None:
        success = run("1", ended=NOW - 5 * HOUR)
        elsewhere = run("2", ended=NOW, workspace="2002")
        assert SystemTables(NOW, *success, *elsewhere).one("no_success")["hours_since_success"] == 0

    def test_a_job_that_no_longer_starts_is_noticed_though_nothing_else_runs(self) -> None:
        success = run("1", ended=NOW - 72 * HOUR)
        answer = SystemTables(NOW, *success).one("no_success")
        assert answer["hours_since_success"] == 66
        assert answer["known_until"] == NOW - sql.ALLOWANCE

    def test_the_allowance_can_be_another(self) -> None:
        success = run("1", ended=NOW - 72 * HOUR)
        assert SystemTables(NOW, *success).one("no_success", delay_hours=12)["hours_since_success"] == 60

    def test_a_success_older_than_what_is_read_is_beyond_the_window(self) -> None:
        rows = (*run("1", ended=NOW - 40 * DAY), *run("2", ended=NOW, state="FAILED"))
        answer = SystemTables(NOW, *rows, JobVersion(change_time=NOW - 90 * DAY)).one("no_success")
        assert answer["hours_since_success"] == 96
        assert answer["last_success_at"] is None

    def test_a_new_job_has_its_time_too(self) -> None:
        rows = run("1", ended=NOW, state="FAILED")
        created = JobVersion(create_time=NOW - 3 * HOUR, change_time=NOW - HOUR)
        assert SystemTables(NOW, *rows, created).one("no_success")["hours_since_success"] == 3

    def test_the_first_change_stands_for_a_creation_that_is_not_recorded(self) -> None:
        rows = run("1", ended=NOW, state="FAILED")
        versions = (JobVersion(change_time=NOW - 30 * HOUR), JobVersion(change_time=NOW - HOUR))
        assert SystemTables(NOW, *rows, *versions).one("no_success")["hours_since_success"] == 30

    def test_the_first_run_stands_for_a_job_that_the_table_does_not_have_yet(self) -> None:
        rows = run("1", ended=NOW, took=2 * HOUR, state="FAILED")
        assert SystemTables(NOW, *rows).one("no_success")["hours_since_success"] == 2

    def test_a_job_of_which_nothing_is_known_is_not_late(self) -> None:
        assert SystemTables(NOW).one("no_success")["hours_since_success"] == 0

    def test_a_job_created_after_what_is_known_is_not_late(self) -> None:
        assert SystemTables(NOW, JobVersion(change_time=NOW)).one("no_success")["hours_since_success"] == 0


class TestSlow:
    def daily(self, *minutes: int, name: str, until: datetime) -> tuple[RunSlice, ...]:
        ends = [until - n * HOUR for n in range(len(minutes))]
        return tuple(
            row
            for n, (length, end) in enumerate(zip(minutes, ends, strict=True))
            for row in run(f"{name}-{n}", ended=end, took=length * MINUTE)
        )

    def test_a_window_is_compared_with_the_one_before(self) -> None:
        before = self.daily(10, 10, 10, 10, 20, name="before", until=NOW - DAY)
        now = self.daily(15, 15, 15, 15, 25, name="now", until=NOW)
        assert SystemTables(NOW, *before, *now).ask("slow") == [
            {
                "p50_ratio": 1.5,
                "p95_ratio": pytest.approx(23 / 18),
                "p50_seconds": 900.0,
                "p95_seconds": pytest.approx(23 * 60),
                "runs": 5,
                "previous_p50_seconds": 600.0,
                "previous_p95_seconds": pytest.approx(18 * 60),
                "previous_runs": 5,
                "known_until": NOW,
            }
        ]

    def test_only_runs_that_succeeded_at_once_are_timed(self) -> None:
        good = (
            *self.daily(10, 10, 10, 10, 10, name="before", until=NOW - DAY),
            *self.daily(10, 10, 10, 10, 10, name="now", until=NOW),
        )
        row = SystemTables(NOW, *good, *HISTORY[4:], *OTHERS).one("slow")
        assert (row["p50_ratio"], row["runs"]) == (1.0, 5)

    def test_too_few_runs_are_no_row(self) -> None:
        before = self.daily(10, 10, 10, 10, name="before", until=NOW - DAY)
        tables = SystemTables(NOW, *before, *self.daily(99, 99, 99, 99, 99, name="now", until=NOW))
        assert tables.ask("slow") == []
        assert tables.one("slow", min_runs=4)["p50_ratio"] == 9.9

    def test_runs_without_length_are_no_division_by_zero(self) -> None:
        before = self.daily(0, name="before", until=NOW - DAY)
        now = self.daily(1, name="now", until=NOW)
        assert SystemTables(NOW, *before, *now).one("slow", min_runs=1)["p50_ratio"] == 60


LAST_YEAR = NOW - 300 * DAY
MIDNIGHT = NOW.replace(hour=0)
CHEAP = price("0.5", since=LAST_YEAR)


class TestCosts:
    def test_a_run_costs_what_it_used_at_the_price_of_the_day(self) -> None:
        rows = (usage("1", began=NOW - 3 * HOUR, dbus=4), usage("1", began=NOW - 2 * HOUR, dbus=2))
        assert SystemTables(NOW, CHEAP, *rows).ask("costs") == [
            {
                "workspace_id": WORKSPACE,
                "job_id": JOB,
                "run_id": "1",
                "day": MIDNIGHT.date(),
                "serverless": False,
                "used_since": NOW - 3 * HOUR,
                "used_until": NOW - HOUR,
                "dbus": 6.0,
                "list_cost": 3.0,
                "currency": "USD",
            }
        ]

    def test_a_run_over_midnight_is_a_row_for_each_day(self) -> None:
        rows = [usage("1", began=MIDNIGHT + n * HOUR, dbus=2) for n in range(-2, 1)]
        answer = SystemTables(NOW, CHEAP, *rows).ask("costs")
        assert {row["day"]: row["dbus"] for row in answer} == {
            (MIDNIGHT - DAY).date(): 4.0,
            MIDNIGHT.date(): 2.0,
        }

    def test_what_is_retracted_and_restated_counts_as_restated(self) -> None:
        began = NOW - 5 * HOUR
        rows = (
            usage("1", began=began, dbus=10),
            usage("1", began=began, dbus=-10, record="RETRACTION"),
            usage("1", began=began, dbus=8, record="RESTATEMENT"),
            usage("2", began=began, dbus=1.1),
            usage("2", began=began, dbus=-1.1, record="RETRACTION"),
        )
        answer = SystemTables(NOW, CHEAP, *rows).ask("costs")
        assert {row["run_id"]: (row["dbus"], row["list_cost"]) for row in answer} == {"1": (8.0, 4.0), "2": (0.0, 0.0)}

    def test_usage_has_the_price_of_when_it_began(self) -> None:
        prices = (price("0.5", since=LAST_YEAR, until=MIDNIGHT), price("0.75", since=MIDNIGHT))
        rows = (usage("1", began=MIDNIGHT - HOUR, dbus=4), usage("2", began=MIDNIGHT, dbus=4))
        answer = SystemTables(NOW, *prices, *rows).ask("costs")
        assert {row["run_id"]: row["list_cost"] for row in answer} == {"1": 2.0, "2": 3.0}

    def test_a_price_of_another_currency_is_none(self) -> None:
        rows = (price("9", since=LAST_YEAR, currency="EUR"), usage("1", began=NOW - HOUR, dbus=4))
        assert SystemTables(NOW, CHEAP, *rows).one("costs")["list_cost"] == 2.0

    def test_usage_without_a_price_is_used_all_the_same(self) -> None:
        row = SystemTables(NOW, usage("1", began=NOW - HOUR, dbus=4)).one("costs")
        assert (row["dbus"], row["list_cost"]) == (4.0, None)

    def test_half_a_price_is_no_price(self) -> None:
        rows = (usage("1", began=NOW - HOUR, dbus=4), usage("1", began=NOW - HOUR, dbus=1, sku="SOMETHING_NEW"))
        row = SystemTables(NOW, CHEAP, *rows).one("costs")
        assert (row["dbus"], row["list_cost"]) == (5.0, None)

    def test_serverless_and_classic_tasks_of_a_run_are_told_apart(self) -> None:
        rows = (usage("1", began=NOW - HOUR, dbus=4, serverless=True), usage("1", began=NOW - HOUR, dbus=1))
        answer = SystemTables(NOW, CHEAP, *rows).ask("costs")
        assert {row["serverless"]: row["dbus"] for row in answer} == {True: 4.0, False: 1.0}

    def test_a_record_that_does_not_say_is_classic(self) -> None:
        rows = usage("1", began=NOW - HOUR, dbus=4, serverless=None)
        assert SystemTables(NOW, rows).one("costs")["serverless"] is False

    def test_other_workspaces_jobs_and_products_are_none_of_its_business(self) -> None:
        began = NOW - HOUR
        others = (
            usage("1", began=began, dbus=9, workspace="2002"),
            usage("2", began=began, dbus=9, job="501"),
            usage("1", began=began, dbus=9, product="SQL"),
            usage(None, began=began, dbus=9, job=None),
        )
        tables = SystemTables(NOW, CHEAP, *others, usage("1", began=began, dbus=2))
        assert tables.one("costs")["dbus"] == 2.0
        assert sorted(str(row["job_id"]) for row in tables.ask("costs", job_id=None)) == [JOB, "501"]

    def test_two_windows_and_two_days_are_read(self) -> None:
        rows = [usage(str(days), began=NOW - days * DAY, dbus=1) for days in (1, 4, 5)]
        answer = SystemTables(NOW, CHEAP, *rows).ask("costs")
        assert sorted(str(row["run_id"]) for row in answer) == ["1", "4"]


def paid(run_id: str, *, ended: datetime, dbus: float, state: str = "SUCCEEDED") -> tuple[RunSlice | UsageRecord, ...]:
    """Return a run of an hour, and what it used."""
    return (*run(run_id, ended=ended, took=HOUR, state=state), usage(run_id, began=ended - HOUR, dbus=dbus))


class TestSpend:
    def test_everything_that_runs_used_in_a_window_adds_up(self) -> None:
        rows = (
            *paid("good", ended=NOW - 3 * HOUR, dbus=4),
            *paid("failed", ended=NOW - 2 * HOUR, dbus=6, state="FAILED"),
            *paid("before", ended=NOW - 25 * HOUR, dbus=50),
            usage("good", began=NOW - 3 * HOUR, dbus=1, workspace="2002"),
            usage("other", began=NOW - 3 * HOUR, dbus=1, job="501"),
        )
        assert SystemTables(NOW, CHEAP, *rows).one("spend") == {
            "list_cost": 5.0,
            "dbus": 10.0,
            "dbus_without_price": 0,
            "currency": "USD",
            "runs": 2,
            "dearest_run_id": "failed",
            "known_until": NOW - 2 * HOUR,
        }

    def test_what_was_retracted_was_not_spent(self) -> None:
        began = NOW - 5 * HOUR
        rows = (usage("1", began=began, dbus=100), usage("1", began=began, dbus=-100, record="RETRACTION"))
        assert SystemTables(NOW, CHEAP, *rows).one("spend")["list_cost"] == 0

    def test_a_job_that_used_nothing_cost_nothing(self) -> None:
        row = SystemTables(NOW, CHEAP).one("spend")
        assert (row["list_cost"], row["dbus"], row["runs"], row["dearest_run_id"]) == (0, 0, 0, None)

    def test_what_has_no_price_is_said(self) -> None:
        rows = (usage("1", began=NOW - HOUR, dbus=4), usage("2", began=NOW - HOUR, dbus=3, sku="SOMETHING_NEW"))
        row = SystemTables(NOW, CHEAP, *rows).one("spend")
        assert (row["list_cost"], row["dbus"], row["dbus_without_price"]) == (2.0, 7.0, 3.0)

    def test_a_run_that_goes_on_for_days_counts_by_the_day(self) -> None:
        rows = [usage("1", began=NOW - n * HOUR, dbus=1) for n in range(1, 7 * 24)]
        assert SystemTables(NOW, CHEAP, *rows).one("spend", window_hours=3 * DAY)["dbus"] == 2 * 24 + 9

    def test_the_window_ends_where_the_table_does(self) -> None:
        """The table is five hours behind: a run of 28 hours ago is within the last 24 hours that it knows."""
        rows = (usage("1", began=NOW - 28 * HOUR, dbus=4), usage("2", began=NOW - 6 * HOUR, dbus=1, job="501"))
        assert SystemTables(NOW, CHEAP, *rows).one("spend")["dbus"] == 4.0

    def test_and_in_a_quiet_workspace_at_the_allowance(self) -> None:
        rows = (usage("1", began=NOW - 29 * HOUR, dbus=4), usage("2", began=NOW - 31 * HOUR, dbus=1))
        row = SystemTables(NOW, CHEAP, *rows).one("spend")
        assert (row["dbus"], row["known_until"]) == (4.0, NOW - sql.ALLOWANCE)

    def test_at_night_the_newest_rows_are_yesterday_s(self) -> None:
        night = MIDNIGHT + timedelta(hours=1)
        row = SystemTables(night, CHEAP, usage("1", began=MIDNIGHT - 2 * HOUR, dbus=4)).one("spend")
        assert (row["dbus"], row["known_until"]) == (4.0, MIDNIGHT - HOUR)


class TestCostJump:
    def week(self, name: str, until: datetime, *dbus: float, state: str = "SUCCEEDED") -> list[RunSlice | UsageRecord]:
        return [
            row
            for n, amount in enumerate(dbus)
            for row in paid(f"{name}-{n}", ended=until - n * DAY, dbus=amount, state=state)
        ]

    def ask(self, *rows: RunSlice | UsageRecord | ListPrice, **values: object) -> list[dict[str, object]]:
        return SystemTables(NOW, *rows).ask("cost_jump", window_hours=7 * DAY, **values)

    def test_a_window_is_compared_with_the_one_before(self) -> None:
        before = self.week("before", NOW - 7 * DAY, 2, 2, 2, 2, 2, 2, 2)
        now = self.week("now", NOW, 5, 5, 5, 5, 5, 5, 5)
        assert self.ask(CHEAP, *before, *now) == [
            {
                "ratio": 2.5,
                "cost_per_run": 2.5,
                "dbus_per_run": 5.0,
                "runs": 7,
                "previous_cost_per_run": 1.0,
                "previous_dbus_per_run": 2.0,
                "previous_runs": 7,
                "known_until": NOW,
            }
        ]

    def test_more_runs_of_the_same_cost_are_no_jump(self) -> None:
        before = self.week("before", NOW - 7 * DAY, 2, 2, 2, 2, 2)
        now = [row for n in range(3) for row in self.week(f"now-{n}", NOW - n * HOUR, 2, 2, 2, 2, 2, 2)]
        [row] = self.ask(CHEAP, *before, *now)
        assert (row["ratio"], row["runs"], row["previous_runs"]) == (1.0, 18, 5)

    def test_a_week_of_early_failures_does_not_make_the_next_one_dear(self) -> None:
        before = self.week("before", NOW - 7 * DAY, 4, 4, 4, 4, 4)
        failed = self.week("failed", NOW - 7 * DAY - HOUR, 0.1, 0.1, 0.1, 0.1, 0.1, state="FAILED")
        [row] = self.ask(CHEAP, *before, *failed, *self.week("now", NOW, 4, 4, 4, 4, 4))
        assert (row["ratio"], row["previous_runs"]) == (1.0, 5)

    def test_a_repaired_run_is_paid_twice_and_not_compared(self) -> None:
        before = self.week("before", NOW - 7 * DAY, 4, 4, 4, 4, 4)
        repaired = (*paid("1", ended=NOW - 5 * HOUR, dbus=40, state="FAILED"), *paid("1", ended=NOW, dbus=40))
        [row] = self.ask(CHEAP, *before, *repaired, *self.week("now", NOW - HOUR, 4, 4, 4, 4, 4))
        assert (row["ratio"], row["runs"]) == (1.0, 5)

    def test_a_run_whose_usage_is_not_known_yet_is_not_counted(self) -> None:
        before = self.week("before", NOW - 7 * DAY, 4, 4, 4, 4, 4)
        late = run("late", ended=NOW)
        [row] = self.ask(CHEAP, *before, *self.week("now", NOW - HOUR, 4, 4, 4, 4, 4), *late)
        assert (row["ratio"], row["runs"]) == (1.0, 5)

    def test_too_few_runs_are_no_row(self) -> None:
        rows = (*self.week("before", NOW - 7 * DAY, 2, 2, 2, 2), *self.week("now", NOW, 9, 9, 9, 9, 9, 9, 9))
        assert self.ask(CHEAP, *rows) == []
        assert [row["ratio"] for row in self.ask(CHEAP, *rows, min_runs=4)] == [4.5]

    def test_runs_that_used_nothing_are_no_division_by_zero(self) -> None:
        rows = (*self.week("before", NOW - 7 * DAY, 0), *self.week("now", NOW, 9))
        assert self.ask(CHEAP, *rows, min_runs=1) == []

    def test_without_prices_units_are_compared(self) -> None:
        before, now = self.week("before", NOW - 7 * DAY, 2), self.week("now", NOW, 3)
        [row] = self.ask(*before, *now, min_runs=1)
        assert (row["ratio"], row["cost_per_run"], row["dbus_per_run"]) == (1.5, None, 3.0)


class TestText:
    @pytest.mark.parametrize("name", sql.names())
    def test_a_query_is_one_statement_of_databricks_sql(self, name: str) -> None:
        assert len(sqlglot.parse(sql.query(name), read="databricks")) == 1

    @pytest.mark.parametrize("name", sql.names())
    def test_its_comment_names_the_parameters_it_takes(self, name: str) -> None:
        heading = sql.query(name).split("\nWITH ")[0].split("\nSELECT")[0]
        told = dict(re.findall(r"^--   :(\w+) +(STRING|INT)  ", heading, re.MULTILINE))
        taken = sql.parameters(name, dict.fromkeys(told.keys() - {"delay_hours", "min_runs"}, 1))
        assert told == {item["name"]: item["type"] for item in taken}

    @pytest.mark.parametrize("name", sql.names())
    def test_it_tells_of_the_delay_and_has_nothing_that_terraform_reads(self, name: str) -> None:
        assert "hours late" in sql.query(name) or "behind by hours" in sql.query(name)
        assert "${" not in sql.query(name)
        assert "%{" not in sql.query(name)

    def test_a_query_stands_alone(self) -> None:
        assert "include:" not in sql.query("failures")

    def test_an_unknown_query_says_the_nearest(self) -> None:
        with pytest.raises(LakeflowError, match=r"there is no query 'failure'; did you mean 'failures'\?"):
            sql.query("failure")

    def test_an_unknown_query_without_a_near_one_says_all(self) -> None:
        with pytest.raises(LakeflowError, match=re.escape(f"there are {listed(sql.names())}")):
            sql.query("../errors")


class TestParameters:
    def test_they_are_what_an_alert_and_a_statement_take(self) -> None:
        job_id = object()
        assert sql.parameters("failures", {"workspace_id": 1001, "job_id": job_id, "window_hours": DAY}) == (
            {"name": "delay_hours", "type": "INT", "value": "6"},
            {"name": "job_id", "type": "STRING", "value": job_id},
            {"name": "window_hours", "type": "INT", "value": "24"},
            {"name": "workspace_id", "type": "STRING", "value": "1001"},
        )

    def test_none_is_null(self) -> None:
        bound = sql.parameters("runs", {"workspace_id": WORKSPACE, "job_id": None, "window_hours": 1})
        assert {"name": "job_id", "type": "STRING"} in bound

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"window_hour": 24}, r"'failures' has no parameter 'window_hour'; did you mean 'window_hours'\?"),
            ({"colour": 1}, r"no parameter 'colour'; it has delay_hours, job_id, window_hours, workspace_id"),
            ({}, r"needs a value for 'job_id'"),
            ({"window_hours": timedelta(minutes=90)}, r"window_hours must be a whole number of hours, at least 1, not"),
            ({"window_hours": 0}, r"at least 1, not 0"),
            ({"window_hours": True}, r"at least 1, not True"),
            ({"window_hours": "24 OR 1"}, r"at least 1, not '24 OR 1'"),
            ({"job_id": ""}, r"job_id is empty"),
        ],
    )
    def test_a_wrong_value_is_an_error_that_says_so(self, values: dict[str, object], message: str) -> None:
        complete = {"workspace_id": WORKSPACE, "job_id": JOB, "window_hours": 24} if values else {}
        with pytest.raises(LakeflowError, match=message):
            sql.parameters("failures", {**complete, **values})

    @settings(max_examples=25, deadline=None)
    @given(text=st.text(min_size=1))
    def test_a_text_is_bound_and_never_part_of_the_statement(self, text: str) -> None:
        bound = sql.parameters("failures", {"workspace_id": text, "job_id": JOB, "window_hours": 24})
        assert {"name": "workspace_id", "type": "STRING", "value": text} in bound
