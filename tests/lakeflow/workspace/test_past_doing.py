"""What a run of a workspace does, by a scenario."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lakeflow.scenario.model import Scenario
from lakeflow.scenario.reading import of_document
from lakeflow.simulate import Run, play
from lakeflow.workspace.doing import doing
from tests.support.scenarios import UNTIL

MINUTE = timedelta(minutes=1)
AT = datetime(2026, 11, 16, 4, tzinfo=UTC)
LOAD = {"task_key": "load", "notebook_task": {"notebook_path": "/load"}}
ENOUGH = {
    "task_key": "enough",
    "depends_on": [{"task_key": "load"}],
    "condition_task": {"op": "GREATER_THAN", "left": "{{tasks.load.values.rows}}", "right": "100"},
}
REPORT = {
    "task_key": "report",
    "depends_on": [{"task_key": "enough", "outcome": "true"}],
    "sql_task": {"query": {"query_id": "1"}},
}
SETTINGS = {"name": "[dev jd] sales", "tasks": [LOAD, ENOUGH, REPORT]}


def scenario(*events: dict[str, Any], **job: Any) -> Scenario:
    tasks = {"load": {"takes": "10m"}, "enough": {"takes": "1s"}, "report": {"takes": "20m"}}
    said = {"name": "sales", "tasks": tasks, "events": list(events), **job}
    return of_document({"until": UNTIL.isoformat(), "jobs": {"sales": said}})


def played(made: Scenario | None, settings: dict[str, Any] = SETTINGS, *, number: int = 0) -> Run:
    """Play a run of a job by a scenario."""
    done = doing(made, settings, at=AT, number=number)
    [run] = play({"1": settings}, [done.start(job="1")])
    return run


def test_without_a_scenario_everything_succeeds_after_a_minute() -> None:
    run = played(None)
    assert run.states == {"load": "SUCCESS", "enough": "SUCCESS", "report": "SUCCESS"}
    assert run.duration == 2 * MINUTE


@pytest.mark.parametrize("name", ["sales", "[dev] sales", "[dev jd] sales"])
def test_a_job_is_known_by_its_name_and_behind_a_prefix(name: str) -> None:
    assert played(scenario(), {**SETTINGS, "name": name}).duration == 30 * MINUTE + timedelta(seconds=1)


@pytest.mark.parametrize("name", ["sales [dev]", "dev sales", "[dev]sales", "[a] [b] sales"])
def test_another_name_is_another_job(name: str) -> None:
    assert played(scenario(), {**SETTINGS, "name": name}).duration == 2 * MINUTE


def test_a_condition_compares_the_values_that_tasks_set() -> None:
    tasks = {"load": {"takes": "10m", "values": {"rows": 7}}, "enough": {"takes": "1s"}, "report": {"takes": "20m"}}
    many = {"when": {"every": 2}, "values": {"load": {"rows": 1200}}}
    said = {"when": {"every": 3}, "outcomes": {"enough": "true"}}
    made = scenario(many, said, tasks=tasks)
    assert [played(made, number=number)["report"].state for number in range(3)] == ["EXCLUDED", "SUCCESS", "SUCCESS"]


def test_a_condition_is_true_where_nobody_knows_what_it_reads() -> None:
    assert played(scenario())["enough"].outcome == "true"


def test_a_condition_compares_the_rows_of_a_query() -> None:
    settings = {
        "name": "sales",
        "tasks": [
            {"task_key": "report", "sql_task": {"query": {"query_id": "1"}}},
            {
                "task_key": "any",
                "depends_on": [{"task_key": "report"}],
                "condition_task": {"op": "EQUAL_TO", "left": "{{tasks.report.output.first_row.n}}", "right": "1"},
            },
        ],
    }
    tasks = {"report": {"takes": "20m", "output": [{"n": 0}]}}
    assert played(scenario(tasks=tasks), settings)["any"].outcome == "false"
    event = {"output": {"report": [{"n": 1}]}}
    assert played(scenario(event, tasks=tasks), settings)["any"].outcome == "true"


LOOP = {
    "task_key": "each",
    "depends_on": [{"task_key": "load"}],
    "for_each_task": {
        "inputs": "{{tasks.load.values.files}}",
        "concurrency": 2,
        "task": {"task_key": "parse", "notebook_task": {"notebook_path": "/parse"}},
    },
}


def test_a_loop_repeats_its_task_for_the_inputs_that_are_known() -> None:
    settings = {"name": "sales", "tasks": [LOAD, LOOP]}
    tasks = {"load": {"takes": "10m", "values": {"files": ["a", "b", "c"]}}, "each": {"takes": "4m"}}
    run = played(scenario(tasks=tasks), settings)
    assert [each.input for each in run["each"].iterations] == ["a", "b", "c"]
    assert run["each"].duration == 8 * MINUTE
    broken = played(scenario({"attempts": {"each": "RUN_EXECUTION_ERROR"}}, tasks=tasks), settings)
    assert (broken["each"].state, broken["each"].duration, broken["each"].iterations) == ("FAILED", 2 * MINUTE, ())
    unknown = played(scenario(tasks={"load": {"takes": "10m"}, "each": {"takes": "4m"}}), settings)
    assert (unknown["each"].state, unknown["each"].duration, unknown["each"].iterations) == ("SUCCESS", 4 * MINUTE, ())


def test_attempts_end_as_an_event_says_and_wait_for_compute() -> None:
    load = {**LOAD, "max_retries": 2, "min_retry_interval_millis": 480_000}
    settings = {"name": "sales", "tasks": [load]}
    event = {"attempts": {"load": ["CLUSTER_ERROR", "DRIVER_ERROR", "SUCCESS"]}, "fails_at": 0.1}
    made = scenario(
        event,
        tasks={"load": {"takes": "10m", "compute": "etl", "max_retries": 2}},
        compute={"etl": {"kind": "job_cluster", "setup": "5m"}},
    )
    attempts = played(made, settings)["load"].attempts
    assert [(each.code, each.started, each.setup, each.duration) for each in attempts] == [
        ("CLUSTER_ERROR", 0 * MINUTE, 5 * MINUTE, 6 * MINUTE),
        ("DRIVER_ERROR", 8 * MINUTE, 0 * MINUTE, 1 * MINUTE),
        ("SUCCESS", 16 * MINUTE, 0 * MINUTE, 10 * MINUTE),
    ]


def test_the_first_task_on_a_shared_cluster_waits_for_it() -> None:
    tasks = [{**LOAD, "task_key": key} for key in ("a", "b")]
    settings = {"name": "sales", "tasks": [*tasks, {**LOAD, "task_key": "c", "depends_on": [{"task_key": "a"}]}]}
    made = scenario(
        tasks={key: {"takes": takes, "compute": "etl"} for key, takes in (("a", "10m"), ("b", "1m"), ("c", "2m"))},
        compute={"etl": {"kind": "job_cluster", "setup": "4m"}},
    )
    run = played(made, settings)
    assert {task.key: task.last.setup for task in run} == {"a": 4 * MINUTE, "b": 4 * MINUTE, "c": 0 * MINUTE}
    assert run.duration == 16 * MINUTE


def test_a_run_waits_is_cancelled_or_never_starts() -> None:
    event = {"queue": "7m", "cancel_after": "4m"}
    run = played(scenario(event))
    assert (run.state, run.queued, run.duration) == ("CANCELED", 7 * MINUTE, 4 * MINUTE)
    assert run.states == {"load": "CANCELED", "enough": "UPSTREAM_CANCELED", "report": "UPSTREAM_CANCELED"}
    skipped = played(scenario({"skip": "MAX_CONCURRENT_RUNS_EXCEEDED"}))
    assert (skipped.state, skipped.started) == ("MAXIMUM_CONCURRENT_RUNS_REACHED", None)
    other = played(scenario({"skip": "WORKSPACE_RUN_LIMIT_EXCEEDED"}))
    assert (other.state, other.code) == ("SKIPPED", "WORKSPACE_RUN_LIMIT_EXCEEDED")


def test_a_repair_does_what_is_said_of_it_and_else_succeeds() -> None:
    event = {"attempts": {"load": "DRIVER_ERROR"}, "repairs": [{"after": "1h", "attempts": {"load": "CLUSTER_ERROR"}}]}
    made = scenario(event)
    repairs = [doing(made, SETTINGS, at=AT, number=0, repair=repair) for repair in range(3)]
    runs = [play({"1": SETTINGS}, [each.start(job="1")])[0] for each in repairs]
    assert [run["load"].last.code for run in runs] == ["DRIVER_ERROR", "CLUSTER_ERROR", "SUCCESS"]


def test_a_job_that_a_task_starts_does_what_is_said_of_that_job() -> None:
    parent = {"name": "all", "tasks": [{"task_key": "call", "run_job_task": {"job_id": 2}}]}
    child = {"name": "sales", "tasks": [LOAD]}
    made = scenario({"attempts": {"load": "DRIVER_ERROR"}})
    done, called = (doing(made, each, at=AT, number=0) for each in (parent, child))
    [run] = play({"1": parent, "2": child}, [done.calling("call", called).start(job="1")])
    assert run["call"].run is not None
    assert run["call"].run["load"].last.code == "DRIVER_ERROR"
