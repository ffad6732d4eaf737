"""What is found out about the jobs of a workspace, over the histories that real workspaces have."""

from datetime import date, timedelta
from functools import partial

import pytest

from lakeflow.history.collecting import collect
from lakeflow.history.engines import UnreadableError
from lakeflow.history.facts import (
    AllPurposeCluster,
    Cost,
    Durations,
    Facts,
    FailureKind,
    JobFacts,
    Outcomes,
    TaskDay,
    TaskStats,
    Usage,
)
from lakeflow.history.tables import JobVersion, Row
from tests.support.history import (
    DAY,
    HOST,
    HOUR,
    MINUTE,
    NOW,
    WORKSPACE,
    Asked,
    attempt,
    cluster,
    job,
    minutes,
    runs,
    stack,
)
from tests.support.system_tables import price, usage as used

SALES = job("500", "daily-sales")
NIGHTLY = job("600", "nightly")
GOOD = ("SUCCEEDED", "SUCCESS")
BAD = ("FAILED", "RUN_EXECUTION_ERROR")


def facts(*rows: Row, days: int = 7, **names: str) -> Facts:
    return collect(
        Asked(*rows),
        stack=stack(**names),
        host=HOST,
        workspace_id=WORKSPACE,
        source="system-tables",
        days=days,
        now=NOW,
    )


def sales(*rows: Row, days: int = 7) -> JobFacts:
    """Return what is found out about daily-sales, in a history that is known up to NOW."""
    newest = runs("999", "newest", GOOD, ended=NOW)
    [found] = [each for each in facts(SALES, *newest, *rows, days=days).jobs if each.key == "daily-sales"]
    return found


# A week of a job, and of what can happen to its runs.
WEEK = (
    *(row for n in range(10) for row in runs("500", f"ok-{n}", GOOD, ended=NOW - n * HOUR, took=(10 + n) * MINUTE)),
    *runs("500", "sliced", BAD, ended=NOW - 26 * HOUR, took=timedelta(hours=3, minutes=30)),
    *runs("500", "repaired", ("FAILED", "CLUSTER_ERROR"), GOOD, ended=NOW - 30 * HOUR, took=90 * MINUTE),
    *runs("500", "in-vain", ("FAILED", "DRIVER_ERROR"), BAD, ended=NOW - 50 * HOUR),
    *runs("500", "skipped", ("SKIPPED", "MAX_CONCURRENT_RUNS_EXCEEDED"), ended=NOW - 51 * HOUR, took=0 * MINUTE),
    *runs("500", "cancelled", ("CANCELLED", "USER_CANCELED"), ended=NOW - 52 * HOUR),
    *runs("500", "timed-out", ("TIMED_OUT", "CANCELED"), ended=NOW - 53 * HOUR, took=2 * HOUR),
    *runs("500", "going-on", (None, None), ended=NOW, took=95 * MINUTE),
    *runs("500", "week-before", GOOD, ended=NOW - 8 * DAY, took=5 * MINUTE),
)


class TestRuns:
    def test_a_run_counts_once_by_how_it_ended(self) -> None:
        found = sales(*WEEK)
        assert found.current.outcomes == Outcomes(
            succeeded=11, failed=2, timed_out=1, cancelled=1, skipped=1, running=1
        )
        assert found.previous is not None
        assert found.previous.outcomes == Outcomes(succeeded=1)

    def test_only_what_succeeded_at_once_is_timed_and_percentiles_interpolate(self) -> None:
        """Ten runs of 10 to 19 minutes; the 95th percentile lies 0.55 of the way from the ninth to the tenth."""
        assert sales(*WEEK).current.durations == Durations(n=10, p50=870, p95=1113, p99=1134.6, max=1140)

    def test_repairs_are_counted_and_those_that_helped(self) -> None:
        current = sales(*WEEK).current
        assert (current.repaired, current.saved_by_repair) == (2, 1)

    def test_the_periods_end_where_the_table_does(self) -> None:
        found = facts(SALES, *runs("500", "1", GOOD, ended=NOW - 3 * HOUR))
        [known] = found.jobs
        assert found.known_until == NOW - 3 * HOUR
        assert (known.current.since, known.current.until) == (NOW - 3 * HOUR - 7 * DAY, NOW - 3 * HOUR)
        assert known.previous is not None
        assert (known.previous.since, known.previous.until) == (NOW - 3 * HOUR - 14 * DAY, known.current.since)

    def test_days_have_the_runs_that_ended_on_them(self) -> None:
        days = {each.day: (each.outcomes.total, each.p50) for each in sales(*WEEK).days}
        assert days == {
            date(2026, 3, 2): (1, 300),
            date(2026, 3, 8): (4, None),
            date(2026, 3, 9): (2, None),
            date(2026, 3, 10): (11, 870),
        }

    def test_failures_are_told_by_reason_and_kind_the_most_frequent_first(self) -> None:
        told = [(each.code, each.kind, each.runs, each.last_run_id) for each in sales(*WEEK).failures]
        assert told == [
            ("RUN_EXECUTION_ERROR", FailureKind.CODE, 2, "sliced"),
            ("CANCELED", FailureKind.TIMEOUT, 1, "timed-out"),
            ("MAX_CONCURRENT_RUNS_EXCEEDED", FailureKind.CAPACITY, 1, "skipped"),
        ]

    def test_rows_from_before_december_2025_do_not_say_how_long_they_waited(self) -> None:
        current = sales(*WEEK).current
        assert (current.queue_mean, current.queue_p95, current.setup_share) == (None, None, None)

    def test_newer_ones_do(self) -> None:
        rows = [
            row
            for n, queue in enumerate((0, 100))
            for row in runs(
                "500", str(n), GOOD, ended=NOW - n * HOUR, took=20 * MINUTE, queue=queue, setup=300, whole=True
            )
        ]
        current = sales(*rows).current
        assert (current.queue_mean, current.queue_p95, current.setup_share) == (50, 95, 0.25)

    def test_a_run_of_several_tasks_has_the_setup_of_its_tasks(self) -> None:
        rows = (
            *runs("500", "1", GOOD, ended=NOW, took=10 * MINUTE, setup=0, whole=True),
            attempt("500", "1", "a", ended=NOW - 5 * MINUTE, setup=120),
            attempt("500", "1", "b", ended=NOW, setup=0),
        )
        assert sales(*rows).current.setup_share == 0.2

    def test_a_state_that_is_new_is_said(self) -> None:
        found = facts(SALES, *runs("500", "1", ("EVAPORATED", None), ended=NOW))
        assert found.not_known == ("How 1 run ended: in a state that is new to this version, and in no figure.",)
        assert found.jobs[0].current.outcomes.total == 0

    def test_a_failure_without_a_code_is_unknown(self) -> None:
        [failure] = sales(*runs("500", "1", ("FAILED", None), ended=NOW)).failures
        assert (failure.code, failure.kind) == ("UNKNOWN", FailureKind.OTHER)

    def test_nothing_is_known_of_an_empty_workspace(self) -> None:
        found = facts()
        assert (found.jobs, found.undeployed) == ((), ("daily-sales", "nightly"))
        assert found.known_until == NOW - 6 * HOUR


class TestTasks:
    def task(self, *rows: Row) -> TaskStats:
        [found] = sales(*rows).tasks
        return found

    def test_attempts_are_told_from_executions(self) -> None:
        code_error = partial(attempt, "500", "wasted", "load", state="FAILED", code="RUN_EXECUTION_ERROR")
        rows = (
            *runs("500", "plain", GOOD, ended=NOW),
            attempt("500", "plain", "load", ended=NOW, took=4 * MINUTE, setup=60),
            *runs("500", "saved", GOOD, ended=NOW - DAY, took=HOUR),
            attempt("500", "saved", "load", 0, ended=NOW - DAY - 30 * MINUTE, state="FAILED", code="CLUSTER_ERROR"),
            attempt("500", "saved", "load", 1, ended=NOW - DAY, took=6 * MINUTE, setup=180),
            *runs("500", "wasted", BAD, ended=NOW - 2 * DAY, took=HOUR),
            code_error(0, ended=NOW - 2 * DAY - 30 * MINUTE),
            attempt("500", "wasted", "load", 1, ended=NOW - 2 * DAY - 15 * MINUTE, state="TIMED_OUT", code="CANCELED"),
            code_error(2, ended=NOW - 2 * DAY),
        )
        assert self.task(*rows) == TaskStats(
            task_key="load",
            outcomes=Outcomes(succeeded=2, failed=1),
            durations=Durations(n=2, p50=180, p95=180, p99=180, max=180),
            attempts=6,
            extra_attempts=3,
            saved_by_retry=1,
            wasted_retries=2,
            transient_failures=1,
            code_failures=2,
            timed_out_attempts=1,
            setup_mean=120,
            days=(
                TaskDay(day=date(2026, 3, 8), runs=1, failed=1),
                TaskDay(day=date(2026, 3, 9), runs=1, failed=0, p50=180),
                TaskDay(day=date(2026, 3, 10), runs=1, failed=0, p50=180),
            ),
        )

    def test_a_repair_is_no_retry(self) -> None:
        rows = (
            *runs("500", "1", BAD, GOOD, ended=NOW, took=20 * MINUTE),
            attempt("500", "1", "load", 0, ended=NOW - 11 * MINUTE, state="FAILED", code="RUN_EXECUTION_ERROR"),
            attempt("500", "1", "load", 1, ended=NOW),
        )
        found = self.task(*rows)
        assert (found.outcomes, found.attempts) == (Outcomes(succeeded=1), 2)
        assert (found.extra_attempts, found.saved_by_retry, found.wasted_retries) == (0, 0, 0)

    def test_the_iterations_of_a_loop_are_no_retries(self) -> None:
        rows = [attempt("500", "1", "each", n, ended=NOW - n * MINUTE, took=MINUTE) for n in range(5)]
        found = self.task(*runs("500", "1", GOOD, ended=NOW), *rows)
        assert (found.attempts, found.extra_attempts, found.saved_by_retry) == (5, 0, 0)

    def test_an_iteration_beside_one_that_fails_is_no_retry(self) -> None:
        rows = (
            attempt("500", "1", "each", 0, ended=NOW - 5 * MINUTE, state="FAILED", code="RUN_EXECUTION_ERROR"),
            attempt("500", "1", "each", 1, ended=NOW, took=9 * MINUTE),
        )
        found = self.task(*runs("500", "1", BAD, ended=NOW), *rows)
        assert (found.attempts, found.extra_attempts, found.saved_by_retry, found.code_failures) == (2, 0, 0, 1)

    def test_a_task_whose_upstream_failed_never_started(self) -> None:
        rows = (
            *runs("500", "1", BAD, ended=NOW),
            attempt("500", "1", "load", ended=NOW, took=0 * MINUTE, state="UPSTREAM_FAILED", code=None),
        )
        found = self.task(*rows)
        assert (found.outcomes, found.days) == (Outcomes(skipped=1), ())

    def test_a_task_that_goes_on_is_running(self) -> None:
        rows = (*runs("500", "1", (None, None), ended=NOW), attempt("500", "1", "load", ended=NOW, state=None))
        assert self.task(*rows).outcomes == Outcomes(running=1)

    def test_tasks_of_the_period_before_are_not_in_it(self) -> None:
        ended = NOW - 8 * DAY
        assert sales(*runs("500", "1", GOOD, ended=ended), attempt("500", "1", "load", ended=ended)).tasks == ()


class TestCosts:
    OLD = NOW - 300 * DAY

    def test_they_are_netted_and_priced_when_they_were_used(self) -> None:
        rows = (
            price("0.5", since=self.OLD, until=NOW - DAY),
            price("1", since=NOW - DAY),
            *runs("500", "1", GOOD, ended=NOW),
            used("1", began=NOW - HOUR, dbus=6),
            *runs("500", "2", GOOD, ended=NOW - 2 * DAY),
            used("2", began=NOW - 2 * DAY - HOUR, dbus=10),
            used("2", began=NOW - 2 * DAY - HOUR, dbus=-10, record="RETRACTION"),
            used("2", began=NOW - 2 * DAY - HOUR, dbus=4, record="RESTATEMENT", serverless=True),
            *runs("500", "3", GOOD, ended=NOW - 8 * DAY),
            used("3", began=NOW - 8 * DAY, dbus=2),
        )
        found = sales(*rows)
        assert found.cost == Cost(
            dbus=10,
            list_cost=8,
            runs=2,
            per_run_mean=5,
            per_run_p90=5.8,
            per_run_max=6,
            serverless_share=0.4,
        )
        assert found.previous_cost is not None
        assert (found.previous_cost.dbus, found.previous_cost.list_cost) == (2, 1)
        assert {each.day: (each.dbus, each.list_cost) for each in found.days} == {
            date(2026, 3, 2): (2, 1),
            date(2026, 3, 8): (4, 2),
            date(2026, 3, 10): (6, 6),
        }

    def test_half_a_price_is_no_price(self) -> None:
        rows = (
            price("0.5", since=self.OLD),
            used("1", began=NOW - HOUR, dbus=4),
            used("2", began=NOW - HOUR, dbus=1, sku="SOMETHING_NEW"),
        )
        cost = sales(*rows).cost
        assert cost is not None
        assert (cost.dbus, cost.list_cost, cost.per_run_mean) == (5, None, 2.5)

    def test_billing_is_further_behind_than_runs(self) -> None:
        rows = (price("0.5", since=self.OLD), used("1", began=NOW - 4 * HOUR, dbus=4))
        newest = runs("500", "newest", GOOD, ended=NOW)
        assert facts(SALES, NIGHTLY, *newest, *rows).not_known == (
            "What runs cost after 10 March 2026, 06:00 UTC: billing is known up to then.",
        )

    def test_a_job_that_is_billed_elsewhere_has_none(self) -> None:
        assert sales(*WEEK).cost is None


class TestCompute:
    RUN = (
        *runs("500", "1", GOOD, ended=NOW),
        attempt("500", "1", "load", ended=NOW - 5 * MINUTE, computes=("c-own",)),
        attempt("500", "1", "save", ended=NOW, computes=("c-own", "c-shared")),
    )
    CLUSTERS = (
        cluster("c-own", source="JOB", name="job-500"),
        cluster("c-shared", source="UI", name="analysts"),
    )

    def test_workers_are_measured_while_the_tasks_run(self) -> None:
        began = NOW - 10 * MINUTE
        rows = (
            *minutes("c-own", "w1", 10, 20, 30, since=began),
            *minutes("c-own", "w2", 40, since=began, memory=70),
            *minutes("c-own", "driver", 99, 99, 99, since=began, driver=True),
            *minutes("c-own", "w1", 99, since=NOW + MINUTE),
            *minutes("c-shared", "w9", 99, 99, 99, since=NOW - 4 * MINUTE),
        )
        assert sales(*self.RUN, *self.CLUSTERS, *rows).usage == Usage(
            runs=1,
            node_type="Standard_D4ds_v5",
            most_workers=2,
            cpu_mean=25,
            cpu_p95=38.5,
            io_wait_mean=2,
            memory_max=70,
            swap_max=0,
        )

    def test_two_samples_are_too_few(self) -> None:
        rows = minutes("c-own", "w1", 10, 20, since=NOW - 10 * MINUTE)
        assert sales(*self.RUN, *self.CLUSTERS, *rows).usage is None

    def test_all_purpose_clusters_are_named(self) -> None:
        renamed = cluster("c-shared", source="UI", name="all", changed=NOW - DAY)
        found = sales(*self.RUN, *self.CLUSTERS, renamed)
        assert found.all_purpose == (AllPurposeCluster(cluster_id="c-shared", name="all", runs=1),)


class TestChanges:
    def test_runs_are_compared_before_and_after_the_last_change(self) -> None:
        changed = NOW - 3 * DAY
        rows = (
            job("500", "daily-sales", changed=NOW - 5 * DAY),
            job("500", "daily-sales", changed=changed),
            *runs("500", "long-ago", GOOD, ended=changed - 8 * DAY),
            *runs("500", "before", GOOD, ended=changed - DAY, took=40 * MINUTE),
            *runs("500", "across", BAD, ended=changed + 10 * MINUTE, took=20 * MINUTE),
            *runs("500", "after", GOOD, ended=changed + DAY, took=30 * MINUTE),
        )
        change = sales(*rows).change
        assert change is not None
        assert change.changed_at == changed
        assert (change.before.outcomes, change.after.outcomes) == (
            Outcomes(succeeded=1, failed=1),
            Outcomes(succeeded=1),
        )
        assert change.before.durations is not None
        assert change.after.durations is not None
        assert (change.before.durations.p50, change.after.durations.p50) == (2400, 1800)
        assert (change.before.since, change.after.until) == (changed - 7 * DAY, NOW)

    def test_a_new_job_was_not_changed(self) -> None:
        created = NOW - 2 * DAY
        version = JobVersion(
            workspace_id=WORKSPACE, job_id="700", name="new", create_time=created, change_time=created + MINUTE
        )
        newest = runs("700", "1", GOOD, ended=NOW)
        assert [each.change for each in facts(version, *newest).jobs] == [None]

    def test_before_is_not_told_further_than_is_read(self) -> None:
        changed = NOW - 10 * DAY
        rows = (
            job("500", "daily-sales", changed=changed),
            *runs("500", "not-read", GOOD, ended=changed - 6 * DAY),
            *runs("500", "read", GOOD, ended=changed - 3 * DAY),
        )
        change = sales(*rows).change
        assert change is not None
        assert (change.before.since, change.before.outcomes.succeeded) == (NOW - 14 * DAY, 1)

    def test_a_change_without_runs_after_it_is_a_change(self) -> None:
        change = sales(job("500", "daily-sales", changed=NOW - HOUR)).change
        assert change is not None
        assert change.after.outcomes.total == 0


class TestInventory:
    def test_jobs_of_the_code_come_first_each_by_name(self) -> None:
        others = (job("1", "zoo"), job("2", "a-notebook"))
        found = facts(NIGHTLY, *others, SALES)
        assert [(each.name, each.key) for each in found.jobs] == [
            ("daily-sales", "daily-sales"),
            ("nightly", "nightly"),
            ("a-notebook", None),
            ("zoo", None),
        ]
        assert [each.address for each in found.jobs] == [
            "databricks_job.daily_sales",
            "databricks_job.nightly",
            None,
            None,
        ]

    def test_the_names_are_those_of_the_stack_with_their_prefix(self) -> None:
        found = facts(SALES, job("501", "[dev jd] daily-sales"), daily_sales="[dev jd] daily-sales")
        assert [(each.job_id, each.key) for each in found.jobs] == [("501", "daily-sales"), ("500", None)]

    def test_deleted_jobs_are_not_deployed(self) -> None:
        gone = job("600", "nightly", changed=NOW - DAY, deleted=NOW - DAY)
        found = facts(SALES, NIGHTLY, gone)
        assert found.undeployed == ("nightly",)
        assert [each.name for each in found.jobs] == ["daily-sales"]

    def test_a_copy_of_the_same_name_is_said(self) -> None:
        copy = job("501", "daily-sales", changed=NOW - DAY)
        found = facts(SALES, copy, NIGHTLY, *runs("500", "1", GOOD, ended=NOW))
        assert (found.jobs[0].job_id, found.jobs[0].key) == ("500", "daily-sales")
        assert found.not_known == (
            "daily-sales: 2 jobs of the workspace are called 'daily-sales'; these are the figures of 500, which ran "
            "last, not of 501: delete or rename what is not the code's.",
        )

    def test_a_job_renamed_by_hand_is_followed_and_said(self) -> None:
        renamed = job("500", "daily-sales (old)", changed=NOW - DAY)
        found = facts(SALES, renamed, NIGHTLY)
        assert (found.jobs[0].name, found.jobs[0].key) == ("daily-sales (old)", "daily-sales")
        assert found.undeployed == ()
        assert found.not_known == (
            "daily-sales: its job 500 is called 'daily-sales (old)' in the workspace, and was 'daily-sales' before: "
            "renamed by hand, and renamed back by the next deploy.",
        )

    def test_a_name_that_moves_within_the_code_is_not_followed(self) -> None:
        rows = (job("500", "first"), job("500", "second", changed=NOW - DAY))
        found = facts(*rows, one="first", two="second")
        assert ([(each.job_id, each.key) for each in found.jobs], found.undeployed) == ([("500", "two")], ("one",))

    def test_two_jobs_of_the_code_with_one_name_are_both_told(self) -> None:
        one = facts(SALES, a="daily-sales", b="daily-sales")
        assert ([(each.job_id, each.key) for each in one.jobs], one.undeployed) == ([("500", "a")], ("b",))
        both = facts(SALES, job("501", "daily-sales"), a="daily-sales", b="daily-sales")
        assert {each.key for each in both.jobs} == {"a", "b"}
        assert both.not_known[0] == (
            "a: b has the same name, 'daily-sales'; these are the figures of 501, and which job is whose is not known: "
            "give each a name of its own."
        )

    def test_other_workspaces_are_none_of_its_business(self) -> None:
        elsewhere = JobVersion(workspace_id="2002", job_id="500", name="daily-sales", change_time=NOW - DAY)
        assert facts(elsewhere).jobs == ()

    def test_the_last_run_may_be_months_ago(self) -> None:
        found = sales(*runs("500", "1", ("TIMED_OUT", None), ended=NOW - 100 * DAY))
        assert (found.last_run_at, found.last_outcome) == (NOW - 100 * DAY, "TIMED_OUT")
        assert found.current.outcomes.total == 0

    def test_a_job_that_never_ran_has_no_last_run(self) -> None:
        found = sales()
        assert (found.last_run_at, found.last_outcome) == (None, None)


class TestAsking:
    def test_tables_of_costs_and_usage_may_be_closed(self) -> None:
        denied = UnreadableError("no SELECT on system.billing", fix="ask an administrator")
        engine = Asked(SALES, *WEEK, refused={"job_costs": denied, "cost_days": denied})
        told: list[tuple[int, int, str]] = []
        found = collect(
            engine,
            stack=stack(),
            host=HOST,
            workspace_id=WORKSPACE,
            source="system-tables",
            days=7,
            now=NOW,
            not_known=("Who is on call.",),
            progress=lambda *words: told.append(words),
        )
        assert found.not_known == (
            "Who is on call.",
            "What they cost, what they cost by day: no SELECT on system.billing; ask an administrator.",
        )
        assert found.jobs[0].current.outcomes.succeeded == 11
        assert told[0] == (0, 14, "up to when the history is known")
        assert len(told) == 14

    def test_a_period_that_is_not_known_is_none(self) -> None:
        found = [
            collect(
                Asked(SALES, *WEEK),
                stack=stack(),
                host=HOST,
                workspace_id=WORKSPACE,
                source="api",
                days=7,
                now=NOW,
                known_since=NOW - days * DAY,
            ).jobs[0]
            for days in (13, 14)
        ]
        assert found[0].previous is None
        assert found[1].previous is not None
        assert found[0].current == found[1].current

    def test_without_the_runs_there_is_no_report(self) -> None:
        engine = Asked(refused={"job_stats": UnreadableError("no SELECT on system.lakeflow")})
        with pytest.raises(UnreadableError, match=r"no SELECT on system\.lakeflow"):
            collect(engine, stack=stack(), host=HOST, workspace_id=WORKSPACE, source="api", days=7, now=NOW)

    def test_each_query_is_asked_once_for_all_jobs(self) -> None:
        engine = Asked(*(job(str(n), f"job-{n}") for n in range(50)))
        collect(engine, stack=stack(), host=HOST, workspace_id=WORKSPACE, source="api", days=7, now=NOW)
        assert len(engine.names) == len(set(engine.names)) == 14
