"""U1, D1 and K1: jobs that never run, jobs changed in the workspace, and the task that decides."""

from datetime import timedelta

import pytest

from lakeflow.history.facts import Deployed, JobFacts
from tests.lakeflow.monitor.advising import advised, only, words
from tests.support.facts import NONE, NOW, Settings, durations, job, on_cluster, schedule, settings, stats, task

OLD = Deployed(created_at=NOW - timedelta(days=200), changed_at=NOW - timedelta(days=90))


def unused(deployed: Deployed = OLD, last_days_ago: int | None = 60) -> JobFacts:
    last = None if last_days_ago is None else NOW - timedelta(days=last_days_ago)
    return job(current=NONE, last_run_at=last, deployed=deployed)


def test_u1_a_schedule_that_starts_nothing() -> None:
    found = only("U1", None, unused())
    assert words(found) == (
        "never runs",
        "no run in 30 days, at least 30 starts scheduled; the last was on 23 September 2026",
        "Pause it or delete it in the code; if it should run, find out why its schedule starts nothing.",
    )
    assert (found.setting, found.before, found.after) == ("schedule.pause_status", "UNPAUSED", "PAUSED")
    assert only("U1", None, unused(last_days_ago=None)).evidence.text.endswith("; none is known")


def test_u1_counts_the_starts_since_the_last_release() -> None:
    released = Deployed(created_at=OLD.created_at, changed_at=NOW - timedelta(days=9))
    assert "at least 9 starts" in only("U1", None, unused(released)).evidence.text


def test_u1_a_period_that_starts_nothing() -> None:
    daily = {"periodic": {"interval": 1, "unit": "DAYS"}, "pause_status": "UNPAUSED"}
    found = only("U1", settings(trigger=daily, without=("schedule",)), unused())
    assert found.setting == "trigger.pause_status"


FILES = {"file_arrival": {"url": "/Volumes/a/b/c/"}, "pause_status": "UNPAUSED"}
NEW = Deployed(created_at=NOW - timedelta(days=7))


@pytest.mark.parametrize(
    ("body", "history"),
    [
        (settings(schedule=schedule("0 30 5 * * ?", "PAUSED")), unused()),
        (settings(), unused(Deployed(created_at=OLD.created_at, paused=True))),
        (settings(), unused(NEW, last_days_ago=None)),
        (settings(), unused(Deployed(), last_days_ago=None)),
        (settings(), unused(Deployed(created_at=OLD.created_at, changed_at=NOW - timedelta(days=3)))),
        (settings(schedule=schedule("0 0 6 1 1 ?")), unused()),
        (settings(schedule=schedule("0 0 6 1 * ?")), unused()),
        (settings(without=("schedule",)), unused()),
        (settings(trigger=FILES, without=("schedule",)), unused()),
        (settings(continuous={"pause_status": "UNPAUSED"}, without=("schedule",)), unused()),
        (settings(), job(current=stats(durations(n=0), running=1))),
        (settings(), unused(last_days_ago=2)),
    ],
    ids=[
        "paused",
        "paused in the workspace",
        "a week old",
        "of unknown age",
        "changed this week",
        "yearly",
        "monthly",
        "manual",
        "waits for files",
        "continuous",
        "running",
        "ran outside the counted period",
    ],
)
def test_u1_is_silent(body: Settings, history: JobFacts) -> None:
    assert not advised("U1", body, history)


def test_u1_is_silent_on_a_week_of_facts() -> None:
    assert not advised("U1", None, unused(), days=7)


CHANGED = NOW - timedelta(days=3, hours=2)


def drifted(**said: object) -> JobFacts:
    return job(deployed=Deployed(changed_at=CHANGED, **said))  # type: ignore[arg-type]


def test_d1_a_timeout_changed_by_hand() -> None:
    found = only("D1", None, drifted(timeout_seconds=7200))
    assert words(found) == (
        "the timeout in the workspace is not the code's",
        "2h in the workspace, 45m in the code, last changed on 19 November 2026 at 04:00 UTC",
        "Deploy it again; if 2h was meant, write it in the code first.",
    )
    assert (found.setting, found.before, found.after) == ("timeout_seconds", 2700, None)


@pytest.mark.parametrize(
    ("said", "setting", "text"),
    [
        (
            {"quartz": "0 0 6 * * ?", "timezone": "Europe/Berlin"},
            "schedule.quartz_cron_expression",
            "0 0 6 * * ?, Europe/Berlin in the workspace, 0 30 5 * * ?, Europe/Berlin in the code",
        ),
        (
            {"quartz": "0 30 5 * * ?", "timezone": "UTC"},
            "schedule.timezone_id",
            "0 30 5 * * ?, UTC in the workspace, 0 30 5 * * ?, Europe/Berlin in the code",
        ),
        ({"paused": True}, "schedule.pause_status", "paused in the workspace, active in the code"),
        ({"timeout_seconds": 0}, "timeout_seconds", "none in the workspace, 45m in the code"),
        ({"max_concurrent_runs": 3}, "max_concurrent_runs", "3 in the workspace, 1 in the code"),
        (
            {"run_as": "jd@example.com"},
            "run_as.service_principal_name",
            "jd@example.com in the workspace, c3e8 in the code",
        ),
    ],
)
def test_d1_what_else_may_differ(said: dict[str, object], setting: str, text: str) -> None:
    found = only("D1", settings(run_as={"service_principal_name": "c3e8"}), drifted(**said))
    assert found.setting == setting
    assert found.evidence.text == f"{text}, last changed on 19 November 2026 at 04:00 UTC"


def test_d1_is_silent_on_what_is_equal_or_not_known() -> None:
    same = drifted(
        quartz="0  30 5 * * ?",
        timezone="Europe/Berlin",
        paused=False,
        timeout_seconds=2700,
        max_concurrent_runs=1,
        run_as="C3E8",
    )
    body = settings(run_as={"service_principal_name": "c3e8"})
    assert not advised("D1", body, same)
    assert not advised("D1", body, drifted())
    assert not advised("D1", body, drifted(run_as="1234567890"))
    assert not advised("D1", settings(without=("timeout_seconds",)), drifted(timeout_seconds=0))


CHAIN = (
    on_cluster("ingest"),
    on_cluster("train", depends_on=[{"task_key": "ingest"}]),
    on_cluster("check", depends_on=[{"task_key": "ingest"}]),
    on_cluster("report", depends_on=[{"task_key": "train"}, {"task_key": "check"}]),
)


def timed(ingest: float, train: float, check: float, report: float, n: int = 28) -> JobFacts:
    took = {"ingest": ingest, "train": train, "check": check, "report": report}
    return job(tasks=tuple(task(key, n, p50=p50, p95=p50 + 1) for key, p50 in took.items()))


def test_k1_one_task_decides() -> None:
    found = only("K1", settings(*CHAIN), timed(3, 21, 4, 2))
    assert words(found) == (
        "81% of a run is this task",
        "p50 21m of 26m on the path ingest → train → report, over 28 runs in 30 days",
        "Make this task faster, or split it: it decides how long a run takes. If train needs nothing of ingest and "
        "does not wait for it, a run takes 3m less. check could take longer without any harm.",
    )
    assert found.task == "train"


def test_k1_tasks_side_by_side() -> None:
    apart = [on_cluster(key) for key in ("ingest", "train", "check", "report")]
    found = only("K1", settings(*apart), timed(3, 21, 4, 2))
    assert found.evidence.text == "p50 21m of 21m on the path train, over 28 runs in 30 days"


def test_k1_leaves_dependencies_that_are_plainly_needed() -> None:
    ingest, train, check, report = CHAIN
    asked = {**train, "notebook_task": {"base_parameters": {"rows": "{{tasks.ingest.values.rows}}"}}}
    either = {**report, "depends_on": [{"task_key": "train", "outcome": "true"}, {"task_key": "check"}]}
    found = only("K1", settings(ingest, asked, check, either), timed(3, 21, 4, 2))
    assert found.change == (
        "Make this task faster, or split it: it decides how long a run takes. check could take longer without any harm."
    )


@pytest.mark.parametrize(
    ("body", "history"),
    [
        (settings(*CHAIN), timed(9, 10, 4, 8)),
        (settings(*CHAIN), timed(1, 9, 2, 1)),
        (settings(*CHAIN), timed(3, 21, 4, 2, n=9)),
        (settings(on_cluster("train")), job(tasks=(task("train", p50=40, p95=41),))),
        (settings(*CHAIN), job()),
    ],
    ids=["a chain of equals", "a short run", "nine runs", "one task only", "nothing known of tasks"],
)
def test_k1_is_silent(body: Settings, history: JobFacts) -> None:
    assert not advised("K1", body, history)
