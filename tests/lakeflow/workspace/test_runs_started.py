"""What starts by itself, in order of time, however far the clock is moved at once."""

from itertools import pairwise

import pytest

from tests.lakeflow.workspace.conftest import AT
from tests.lakeflow.workspace.runs_support import DAY, HOUR, MINUTE, NOTEBOOK, SECOND, Moved, state_of

DAILY = {"quartz_cron_expression": "0 0 4 * * ?", "timezone_id": "Europe/Berlin"}
FIRST = AT + 42_400 * SECOND  # AT is 14:13:20 UTC; 04:00 in Berlin is 02:00 UTC


def test_a_schedule_fires_and_nothing_is_caught_up_after_a_pause() -> None:
    moved = Moved()
    job_id = moved.job("daily", {"a": {}}, schedule=DAILY)
    moved.pass_by(3 * DAY)
    for paused in ("PAUSED", "UNPAUSED"):
        moved.post("/jobs/update", job_id=job_id, new_settings={"schedule": {**DAILY, "pause_status": paused}})
        moved.pass_by((3 if paused == "PAUSED" else 1) * DAY)
    runs = moved.runs(job_id)
    assert [run["start_time"] for run in runs] == [FIRST + day * DAY for day in (0, 1, 2, 6)]
    assert {run["trigger"] for run in runs} == {"PERIODIC"}


def test_ninety_days_at_once_are_the_days_one_by_one() -> None:
    leaps = [90 * DAY], [DAY] * 90
    found = []
    for steps in leaps:
        moved = Moved()
        moved.job("daily", {"a": {}, "b": {"after": ["a"]}}, schedule=DAILY)
        for step in steps:
            moved.pass_by(step)
        found.append([(run["run_id"], run["start_time"], run["end_time"]) for run in moved.runs()])
    assert found[0] == found[1]
    assert len(found[0]) == 60  # what is older is forgotten


def test_every_so_many_hours() -> None:
    moved = Moved()
    job_id = moved.job("often", {"a": {}}, trigger={"periodic": {"interval": 2, "unit": "HOURS"}})
    moved.pass_by(5 * HOUR)
    assert [run["start_time"] - AT for run in moved.runs(job_id)] == [2 * HOUR, 4 * HOUR]


def test_a_continuous_job_starts_again_later_and_later_while_it_fails() -> None:
    moved = Moved()
    event = {"when": {"every": 1}, "attempts": {"a": "RUN_EXECUTION_ERROR"}}
    moved.says({"jobs": {"c": {"name": "c", "tasks": {"a": {"takes": "1m"}}, "events": [event]}}})
    job_id = moved.job("c", {"a": {}}, continuous={"pause_status": "UNPAUSED"})
    moved.pass_by(40 * MINUTE)
    runs = moved.runs(job_id)
    gaps = [(after["start_time"] - before["end_time"]) // SECOND for before, after in pairwise(runs)]
    assert gaps == [30, 30, 60, 120, 240, 480, 960]
    moved.post("/jobs/update", job_id=job_id, new_settings={"continuous": {"pause_status": "PAUSED"}})
    moved.pass_by(HOUR)
    assert len(moved.runs(job_id)) == len(runs)


def test_new_files_start_a_run_and_what_is_written_anew_does_not() -> None:
    moved = Moved()
    arrival = {"url": "/Volumes/m/s/v/in/", "min_time_between_triggers_seconds": 600}
    job_id = moved.job("files", {"a": {}}, trigger={"file_arrival": arrival})
    for path, wait in (("in/x/1", 2 * MINUTE), ("in/2", HOUR), ("other/3", HOUR), ("in/2", HOUR)):
        moved.state.tables["files"][f"Volumes/m/s/v/{path}"] = {"content": "", "modified": moved.at}
        moved.pass_by(wait)
    # Looked for at the full minute, 40 seconds later; ten minutes after that for what has come meanwhile.
    assert [(run["start_time"] - AT) // SECOND for run in moved.runs(job_id)] == [40, 640]


def test_all_tables_have_to_be_updated_and_quiet() -> None:
    moved = Moved()
    update = {"table_names": ["m.s.a", "m.s.b"], "condition": "ALL_UPDATED", "wait_after_last_change_seconds": 60}
    code = {"notebook_task": {**NOTEBOOK, "base_parameters": {"v": "{{job.trigger.table_update.m.s.b.version}}"}}}
    job_id = moved.job("tables", {"a": code}, trigger={"table_update": update})
    for name, wait in (("m.s.a", HOUR), ("m.s.b", 30 * SECOND), ("m.s.b", HOUR)):
        moved.post("/lakeflow/table-updates", table_names=[name])
        moved.pass_by(wait)
    [run] = moved.runs(job_id)
    assert (run["start_time"] - AT, run["trigger"], state_of(run)) == (HOUR + 90 * SECOND, "TABLE", "SUCCESS")
    [task] = moved.run(run["run_id"], include_resolved_values="true")["tasks"]
    assert task["resolved_values"] == {"notebook_task": {"base_parameters": {"v": "2"}}}


@pytest.mark.slow
def test_a_quarter_of_a_year_every_fifteen_minutes() -> None:
    moved = Moved()
    often = {"quartz_cron_expression": "0 0/15 * * * ?", "timezone_id": "UTC"}
    moved.job("often", {"a": {}}, schedule=often)
    moved.pass_by(90 * DAY)
    assert len(moved.state.tables["runs"]) == 60 * 24 * 4
