"""Rules of triggers, concurrency, timeouts and retries: what is found where, and what is left alone."""

from typing import Any

import pytest

from constructs_lib.rules import Finding, Severity
from constructs_lib.rules.engine import RuleSet
from constructs_lib.rules.examples import after, job, notebook
from constructs_lib.rules.rule import Form
from constructs_lib.rules.triggers import RULES

SETS = {form: RuleSet.of(RULES, form) for form in Form}
QUEUE = {"enabled": True}
DAILY: dict[str, Any] = {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC", "pause_status": "UNPAUSED"}
PERIOD: dict[str, Any] = {"periodic": {"interval": 6, "unit": "HOURS"}}
FILES: dict[str, Any] = {"file_arrival": {"url": "s3://bucket/folder/"}}
TABLES: dict[str, Any] = {"table_update": {"table_names": ["main.raw.orders"], "condition": "ALL_UPDATED"}}
EXPRESSION = ("schedule", "quartz_cron_expression")


def found(body: dict[str, Any], form: Form = Form.TERRAFORM) -> list[Finding]:
    return list(SETS[form].findings(body))


def codes(form: Form = Form.TERRAFORM, **attributes: Any) -> list[tuple[str, tuple[str | int, ...]]]:
    """Return codes and paths for a job of one notebook with a queue."""
    return [(finding.code, finding.path) for finding in found(job(queue=QUEUE, **attributes), form)]


def of_task(form: Form = Form.TERRAFORM, **attributes: Any) -> list[tuple[str, tuple[str | int, ...]]]:
    """Return codes and paths for a job of one notebook with attributes."""
    return [(finding.code, finding.path) for finding in found(job(notebook("a", **attributes), queue=QUEUE), form)]


def of_schedule(expression: str, zone: str = "UTC") -> list[tuple[str, tuple[str | int, ...]]]:
    return codes(schedule=DAILY | {"quartz_cron_expression": expression, "timezone_id": zone})


@pytest.mark.parametrize(
    "triggers",
    [
        {},
        {"schedule": DAILY},
        {"schedule": [DAILY]},
        {"schedule": DAILY, "trigger": [], "continuous": None},
        {"schedule": DAILY | {"pause_status": "PAUSED"}},
        {"schedule": DAILY | {"pause_status": "${var.pause}", "timezone_id": "${var.zone}"}},
        {"schedule": "${local.schedule}"},
        {"trigger": PERIOD},
        {"trigger": [FILES]},
        {"trigger": FILES | {"periodic": None, "table_update": []}},
        {"trigger": TABLES | {"pause_status": "PAUSED"}},
        {"continuous": {"pause_status": "PAUSED", "task_retry_mode": "NEVER"}},
        {"triggers": [PERIOD, FILES, {"schedule": DAILY}, {"continuous": {"task_retry_mode": "NEVER"}}]},
        {"triggers": [{"periodic": {"interval": 5, "unit": "MINUTES"}}, {"model": {"condition": "MODEL_CREATED"}}]},
        {"triggers": "${local.triggers}"},
    ],
)
def test_one_trigger_is_legal(triggers: dict[str, Any]) -> None:
    assert codes(**triggers) == []


def test_one_trigger_only() -> None:
    assert codes(schedule=DAILY, trigger=FILES) == [("LF501", ("trigger",))]
    assert codes(trigger=FILES, continuous={"task_retry_mode": "NEVER"}) == [("LF501", ("continuous",))]
    assert codes(schedule=DAILY, triggers=[FILES]) == [("LF502", ("triggers",))]
    assert codes(trigger=FILES | PERIOD) == [("LF504", ("trigger", "periodic"))]
    assert codes(triggers=[PERIOD, TABLES | FILES]) == [("LF504", ("triggers", 1, "file_arrival"))]
    (finding,) = found(job(schedule=DAILY, trigger=FILES, queue=QUEUE))
    assert finding.message == "trigger: the job has a schedule too, and one of them starts it"


def test_a_trigger_says_what_it_is() -> None:
    assert codes(trigger={}) == [("LF503", ("trigger",))]
    assert codes(trigger={"pause_status": "UNPAUSED", "periodic": []}) == [("LF503", ("trigger",))]
    assert codes(triggers=[PERIOD, {}]) == [("LF503", ("triggers", 1))]
    assert codes(Form.REST, trigger={"sql_condition": {"sql_query_id": "q", "warehouse_id": "w"}}) == []


def test_what_the_provider_does_not_take_in_a_trigger() -> None:
    model = {"model": {"condition": "MODEL_CREATED"}}
    assert codes(trigger=model) == [("LF505", ("trigger", "model"))]
    assert codes(Form.REST, trigger=model) == []
    minutes = {"periodic": {"interval": 5, "unit": "MINUTES"}}
    assert codes(trigger=minutes) == [("LF517", ("trigger", "periodic", "unit"))]
    assert codes(Form.REST, trigger=minutes) == []


def test_pause_status() -> None:
    assert codes(schedule=DAILY | {"pause_status": "paused"}) == [("LF506", ("schedule", "pause_status"))]
    assert codes(trigger=FILES | {"pause_status": "RUNNING"}) == [("LF506", ("trigger", "pause_status"))]
    assert codes(continuous={"pause_status": "x", "task_retry_mode": "NEVER"}) == [
        ("LF506", ("continuous", "pause_status"))
    ]
    assert codes(triggers=[PERIOD | {"pause_status": ""}]) == [("LF506", ("triggers", 0, "pause_status"))]


@pytest.mark.parametrize(
    "expression",
    ["", "0 6 * * *", "@daily", "0 0 6 1 * MON", "0 0 6 * * *", "0 0 25 * * ?", "0 0 6 1 13 ?", "0 0 6 ? * MON#6"],
)
def test_what_quartz_refuses(expression: str) -> None:
    assert of_schedule(expression) == [("LF507", EXPRESSION)]


def test_what_quartz_refuses_in_the_list_too() -> None:
    (finding,) = found(job(triggers=[{"schedule": DAILY | {"quartz_cron_expression": "0 6 * * *"}}], queue=QUEUE))
    assert finding.path == ("triggers", 0, "schedule", "quartz_cron_expression")
    assert finding.message == (
        "triggers[0].schedule.quartz_cron_expression: `0 6 * * *`: it has 5 fields, as in Unix cron"
    )
    assert finding.hint == "Quartz starts with seconds: write `0 0 6 * * ?`"


@pytest.mark.parametrize(
    "expression",
    [
        "0 0 6 * * ?",
        "0 0 0 L * ?",
        "0 0 6 ? * 6L",
        "0 0 6 L-3 * ?",
        "0 0 22 ? * FRI-MON",
        "0 0/15 * * * ?",
        "0/10 * * * * ?",
        "0 0 6 29 2 ?",
        "0 0 6 * * ? 2026-2030",
        "0 0 6 ? * MON#5",
        "${var.cron}",
    ],
)
def test_what_quartz_takes(expression: str) -> None:
    assert of_schedule(expression) == []


@pytest.mark.parametrize(
    ("expression", "code", "severity"),
    [
        ("0 0 6 30 2 ?", "LF508", Severity.ERROR),
        ("0 0 6 31 4,6 ?", "LF508", Severity.ERROR),
        ("0 0 6 * * ? 2025", "LF509", Severity.WARNING),
        ("0 0 6 29 2 ? 2024", "LF509", Severity.WARNING),
        ("0 0 6 31W * ?", "LF510", Severity.WARNING),
        ("0 0/45 * * * ?", "LF511", Severity.INFO),
        ("0/5 * * * * ?", "LF512", Severity.WARNING),
        ("0,5 0 6 * * ?", "LF512", Severity.WARNING),
    ],
)
def test_schedules_that_do_not_mean_what_they_say(expression: str, code: str, severity: Severity) -> None:
    (finding,) = found(job(schedule=DAILY | {"quartz_cron_expression": expression}, queue=QUEUE))
    assert (finding.code, finding.severity, finding.path) == (code, severity, EXPRESSION)


def test_every_second_of_a_minute() -> None:
    (finding,) = found(job(schedule=DAILY | {"quartz_cron_expression": "* 0 6 * * ?"}, queue=QUEUE))
    assert finding.message == (
        "schedule.quartz_cron_expression: `* 0 6 * * ?` fires every 1 s, and runs start at least 10 s apart"
    )
    assert finding.hint == "write `0 0 6 * * ?` for the first second of the minute only"


@pytest.mark.parametrize(
    ("expression", "zone", "times"),
    [
        ("0 30 2 * * ?", "Europe/Berlin", 2),
        ("0 30 2 ? * MON", "Europe/Berlin", 0),  # the clocks change on Sundays
        ("0 30 2 * * ?", "Asia/Tokyo", 0),
        ("0 30 2 * * ?", "GMT+02:30", 0),
        ("0 0 4 * * ?", "America/New_York", 0),
        ("0 0 * * * ?", "America/New_York", 1),
    ],
)
def test_changes_of_the_clocks(expression: str, zone: str, times: int) -> None:
    assert of_schedule(expression, zone) == [("LF513", EXPRESSION)] * times


@pytest.mark.parametrize(
    ("zone", "code"),
    [
        ("UTC", None),
        ("Etc/GMT+5", None),
        ("US/Pacific", None),
        ("EST", None),
        ("GMT+1", None),
        ("GMT-03:30", None),
        ("GMT+0530", None),
        ("Asia/Calcutta", None),
        ("PST", "LF515"),
        ("BST", "LF515"),
        ("", "LF514"),
        ("CET+1", "LF514"),
        ("Europe/Berlln", "LF514"),
        ("europe/berlin", "LF514"),
        ("GMT+25", "LF514"),
        ("Berlin", "LF514"),
    ],
)
def test_time_zones(zone: str, code: str | None) -> None:
    assert of_schedule("0 0 6 * * ?", zone) == ([(code, ("schedule", "timezone_id"))] if code else [])


def test_periods() -> None:
    def of(**periodic: Any) -> list[tuple[str, tuple[str | int, ...]]]:
        return codes(trigger={"periodic": periodic})

    assert of(interval=0, unit="DAYS") == [("LF518", ("trigger", "periodic", "interval"))]
    assert of(interval=1.5, unit="DAYS") == [("LF518", ("trigger", "periodic", "interval"))]
    assert of(interval="1", unit="WEEKS") == []
    assert of(interval=1, unit="days") == [("LF516", ("trigger", "periodic", "unit"))]
    assert of(interval=1, unit="MONTHS") == [("LF516", ("trigger", "periodic", "unit"))]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("/Volumes/main/raw/in/", None),
        ("/Volumes/main/raw/in/a/b/", None),
        ("s3://bucket/", None),
        ("abfss://in@account.dfs.core.windows.net/folder/", None),
        ("gs://bucket/folder/", None),
        ("r2://bucket@account.r2.cloudflarestorage.com/folder/", None),
        ("${databricks_volume.raw.volume_path}", None),
        ("/Volumes/${var.catalog}/raw/in", None),
        ("/Volumes/main/raw/in", "LF520"),
        ("s3://bucket/folder", "LF520"),
        ("", "LF519"),
        ("/mnt/raw/", "LF519"),
        ("/mnt/raw", "LF519"),
        ("dbfs:/raw/", "LF519"),
        ("https://example.com/", "LF519"),
        ("bucket/folder/", "LF519"),
        ("s3://", "LF519"),
        ("s3://bucket/x*.csv", "LF519"),
        ("/Volumes/main/raw/", "LF519"),
    ],
)
def test_file_arrival(url: str, code: str | None) -> None:
    path = ("trigger", "file_arrival", "url")
    assert codes(trigger={"file_arrival": {"url": url}}) == ([(code, path)] if code else [])


@pytest.mark.parametrize("kind", ["file_arrival", "table_update", "model"])
@pytest.mark.parametrize("wait", ["min_time_between_triggers_seconds", "wait_after_last_change_seconds"])
def test_waits(kind: str, wait: str) -> None:
    every: dict[str, Any] = FILES | TABLES | {"model": {"condition": "MODEL_CREATED"}}

    def of(seconds: object) -> list[tuple[str, tuple[str | int, ...]]]:
        return codes(triggers=[{kind: every[kind] | {wait: seconds}}])

    assert of(59) == of(-1) == of("5") == [("LF521", ("triggers", 0, kind, wait))]
    assert of(60) == of(0) == of(None) == of("${var.wait}") == []


def test_tables() -> None:
    def of(*names: str, condition: str = "ANY_UPDATED") -> list[tuple[str, tuple[str | int, ...]]]:
        return codes(trigger={"table_update": {"table_names": list(names), "condition": condition}})

    names = ("trigger", "table_update", "table_names")
    assert of("a.b.c", "`my-catalog`.b.`t.1`", "${databricks_sql_table.x.id}") == []
    assert of("a.b.c", "b.c", "a.b.c.d", "a..c") == [
        ("LF522", (*names, 1)),
        ("LF522", (*names, 2)),
        ("LF522", (*names, 3)),
    ]
    assert of() == [("LF522", names)]
    assert of(*(f"a.b.t{number}" for number in range(10))) == []
    assert of(*(f"a.b.t{number}" for number in range(11))) == [("LF522", names)]
    assert of("a.b.c", condition="ALL") == [("LF523", ("trigger", "table_update", "condition"))]


def test_models() -> None:
    def of(**model: Any) -> list[tuple[str, tuple[str | int, ...]]]:
        return codes(triggers=[{"model": model}])

    def at(name: str) -> tuple[str | int, ...]:
        return ("triggers", 0, "model", name)

    assert of(condition="MODEL_ALIAS_SET", aliases=["prod"], securable_name="a.b.c") == []
    assert of(condition="MODEL_VERSION_READY", securable_name="a.b") == []
    assert of(condition="MODEL_READY") == [("LF524", at("condition"))]
    assert of(condition="MODEL_CREATED", aliases=["prod"]) == [("LF525", at("aliases"))]
    assert of(condition="MODEL_CREATED", securable_name="churn") == [("LF526", at("securable_name"))]


def test_sql_conditions() -> None:
    condition = {"sql_query_id": "q", "warehouse_id": "w", "trigger_mode": "ROWS"}
    mode = ("sql_condition", "trigger_mode")
    assert codes(schedule=DAILY | {"sql_condition": condition}) == [("LF527", ("schedule", *mode))]
    assert codes(trigger=PERIOD | {"sql_condition": [condition]}) == [("LF527", ("trigger", *mode))]
    assert codes(triggers=[PERIOD | {"sql_condition": condition}]) == [("LF527", ("triggers", 0, *mode))]


ON_FAILURE: dict[str, Any] = {"continuous": {"pause_status": "UNPAUSED", "task_retry_mode": "ON_FAILURE"}}


def test_continuous_jobs() -> None:
    assert codes(**ON_FAILURE, max_concurrent_runs=1) == []
    assert codes(**ON_FAILURE, max_concurrent_runs=5) == [("LF530", ("max_concurrent_runs",))]
    assert codes(triggers=[ON_FAILURE], max_concurrent_runs=2) == [("LF530", ("max_concurrent_runs",))]
    assert codes(continuous={}) == [("LF534", ("continuous",))]
    assert codes(continuous={"task_retry_mode": "on_failure"}) == [("LF533", ("continuous", "task_retry_mode"))]
    tasks = [
        notebook("a", max_retries=2),
        notebook("b", max_retries=0, depends_on=after("a"), disable_auto_optimization=True),
    ]
    assert [(each.code, each.path) for each in found(job(*tasks, **ON_FAILURE))] == [
        ("LF531", ("task", 0, "max_retries")),
        ("LF532", ("task", 1, "depends_on")),
    ]


def test_run_control_of_the_provider() -> None:
    assert codes(control_run_state=True) == [("LF535", ("control_run_state",))]
    assert codes(control_run_state=True, **ON_FAILURE) == []
    assert codes(always_running=True) == []
    assert codes(always_running=True, **ON_FAILURE) == [("LF536", ("always_running",))]
    assert codes(always_running=True, max_concurrent_runs=2) == [("LF536", ("max_concurrent_runs",))]
    assert codes(Form.REST, control_run_state=True) == []


@pytest.mark.parametrize(
    ("runs", "code"),
    [(1, None), (1000, None), ("4", None), ("${var.runs}", None), (0, "LF541"), (-1, "LF540"), (1001, "LF540")],
)
def test_concurrent_runs(runs: object, code: str | None) -> None:
    assert codes(max_concurrent_runs=runs) == ([(code, ("max_concurrent_runs",))] if code else [])


def test_the_queue_that_terraform_switches_off() -> None:
    (finding,) = found(job(schedule=DAILY))
    assert (finding.code, finding.severity, finding.path) == ("LF542", Severity.INFO, ())
    assert found(job(schedule=DAILY), Form.REST) == []
    assert found(job()) == found(job(schedule=DAILY | {"pause_status": "PAUSED"})) == []
    assert found(job(schedule=DAILY, queue={"enabled": False})) == []


def test_runs_that_overtake_each_other() -> None:
    often = {"schedule": DAILY | {"quartz_cron_expression": "0 0/5 * * * ?"}, "timeout_seconds": 3600}
    (finding,) = found(job(**often, queue={"enabled": False}))
    assert (finding.code, finding.path) == ("LF543", EXPRESSION)
    assert finding.message == (
        "schedule.quartz_cron_expression: it fires again after 300 s, and a run may take 3600 s: one is skipped"
    )
    assert [each.code for each in found(job(**often))] == ["LF542", "LF544"]
    assert found(job(**often), Form.REST) == []
    assert found(job(**often, queue=QUEUE)) == []
    assert found(job(**often, queue={"enabled": False}, max_concurrent_runs=20)) == []
    hourly = {"trigger": {"periodic": {"interval": 1, "unit": "HOURS"}}, "queue": {"enabled": False}}
    assert [each.path for each in found(job(**hourly, timeout_seconds=7200))] == [("trigger", "periodic")]
    assert found(job(**hourly, timeout_seconds=3600)) == []


def test_timeouts() -> None:
    assert codes(timeout_seconds=-5) == [("LF550", ("timeout_seconds",))]
    assert of_task(timeout_seconds=-5) == [("LF551", ("task", 0, "timeout_seconds"))]
    assert codes(timeout_seconds=0) == of_task(timeout_seconds=0) == []
    body = job(notebook("a", timeout_seconds=7200), timeout_seconds=3600)
    assert [(each.code, each.path) for each in found(body)] == [("LF552", ("task", 0, "timeout_seconds"))]
    assert found(job(notebook("a", timeout_seconds=3600), timeout_seconds=3600)) == []
    assert found(job(notebook("a", timeout_seconds=3600), timeout_seconds=0)) == []
    again = notebook("a", timeout_seconds=3000, retry_on_timeout=True, max_retries=2)
    assert [each.message for each in found(job(again, timeout_seconds=3600))] == [
        "task 'a': 3 attempts of up to 3000 s do not fit in the job's 3600 s"
    ]


def test_timeouts_inside_loops() -> None:
    loop = {"task_key": "l", "for_each_task": {"inputs": "[1]", "task": notebook("each", timeout_seconds=-1)}}
    assert [(each.code, each.path) for each in found(job(loop))] == [
        ("LF551", ("task", 0, "for_each_task", "task", "timeout_seconds"))
    ]


def test_retries() -> None:
    assert of_task(max_retries=3, min_retry_interval_millis=1000) == []
    assert of_task(max_retries=-1, timeout_seconds=600) == []
    assert of_task(max_retries=-2) == [("LF555", ("task", 0, "max_retries"))]
    assert of_task(max_retries=-1) == [("LF556", ("task", 0, "max_retries"))]
    pause = ("task", 0, "min_retry_interval_millis")
    assert of_task(max_retries=1, min_retry_interval_millis=-1) == [("LF557", pause)]
    assert of_task(min_retry_interval_millis=1000) == [("LF558", pause)]
    assert of_task(min_retry_interval_millis=0) == []


def test_retries_after_timeouts() -> None:
    path = ("task", 0, "retry_on_timeout")
    assert of_task(retry_on_timeout=True) == [("LF554", path)]
    assert of_task(retry_on_timeout=True, max_retries=1) == [("LF554", path)]
    assert of_task(retry_on_timeout=True, timeout_seconds=60) == []  # serverless compute tries again by itself
    assert of_task(retry_on_timeout=True, timeout_seconds=60, existing_cluster_id="x") == [("LF554", path)]
    assert of_task(retry_on_timeout=True, timeout_seconds="${var.t}", max_retries=1) == []
    assert of_task(retry_on_timeout=False) == []


def test_serverless_compute_tries_again_by_itself() -> None:
    assert of_task(max_retries=0) == [("LF559", ("task", 0, "max_retries"))]
    assert of_task(max_retries=0, existing_cluster_id="x") == []
    assert of_task(max_retries=0, disable_auto_optimization=True) == []


def test_retries_of_the_job() -> None:
    assert codes(max_retries=3, retry_on_timeout=True, min_retry_interval_millis=1) == [
        ("LF560", ("max_retries",)),
        ("LF560", ("min_retry_interval_millis",)),
        ("LF560", ("retry_on_timeout",)),
    ]
    assert codes(max_retries=0, retry_on_timeout=False) == []
    assert found({"name": "x", "max_retries": 3}) == []
