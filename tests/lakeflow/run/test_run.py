"""`lakeflow run`: what a user sees of a run, from its start to its end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lakeflow.run.conftest import NAME, NOTEBOOK, Deployed
from tests.support.workspace_exchange import broken, lost, refused, saying, throttled
from tests.support.workspace_spelling import Step

FAILED = Step(
    word="FAILED",
    error="ZeroDivisionError: [bold]division by zero[/bold]",
    trace="\x1b[0;31m----------\x1b[0m\nTraceback (most recent call last)\n\n<cell line: 1>()\n----> 1 1/0\n",
)
WAITS_AND_IS_SKIPPED = ["BLOCKED", "BLOCKED", "UPSTREAM_FAILED"]


def after_the_clock(out: str) -> list[str]:
    """The lines of progress without the time that has passed."""
    return [line.partition("  ")[2] for line in out.splitlines() if line.startswith("0:00:")]


def test_a_run_is_started_and_followed_to_its_success(dev: Deployed) -> None:
    dev.workspace.will_run(
        NAME,
        {
            "ingest": ["PENDING", "RUNNING", "SUCCESS"],
            "clean": ["BLOCKED", "BLOCKED", "BLOCKED", "RUNNING", "SUCCESS"],
            "report": ["BLOCKED", "BLOCKED", "BLOCKED", "BLOCKED", "SUCCESS"],
        },
    )

    said = dev.run()

    page = f"{dev.workspace.host}/?o=1#job/{dev.ids[0]}/run/{dev.workspace.runs.started[0]}"
    assert said.status == 0
    assert after_the_clock(said.out) == [
        page,
        "run 550315892394120: RUNNING",
        "  ingest: PENDING",
        "  ingest: RUNNING",
        "  ingest: SUCCESS",
        "  clean: RUNNING",
        "  clean: SUCCESS",
        "  report: SUCCESS",
        "run 550315892394120: SUCCESS",
    ]
    assert said.out.splitlines()[-2:] == ["daily-sales: SUCCESS after 5s", f"  {page}"]
    assert said.err == ""


def test_why_a_run_failed_is_told_with_the_error_of_its_code(dev: Deployed) -> None:
    dev.workspace.will_run(
        NAME, {"ingest": ["RUNNING", FAILED], "clean": WAITS_AND_IS_SKIPPED, "report": WAITS_AND_IS_SKIPPED}
    )

    said = dev.run()

    assert said.status == 1
    told = said.out.splitlines()
    assert told[told.index("daily-sales: FAILED after 3s") :] == [
        "daily-sales: FAILED after 3s",
        "  RUN_EXECUTION_ERROR (CLIENT_ERROR)",
        "  Task ingest failed with message: Workload failed, see run output for details.",
        f"  {dev.workspace.host}/?o=1#job/{dev.ids[0]}/run/550315892394120",
        "ingest: FAILED",
        "  RUN_EXECUTION_ERROR (CLIENT_ERROR)",
        "  Workload failed, see run output for details",
        "  ZeroDivisionError: [bold]division by zero[/bold]",
        "    ----------",
        "    Traceback (most recent call last)",
        "    <cell line: 1>()",
        "    ----> 1 1/0",
        f"  {dev.workspace.host}/?o=1#job/{dev.ids[0]}/run/550315892394121",
        "clean: UPSTREAM_FAILED: ingest did not succeed",
        "report: UPSTREAM_FAILED: clean did not succeed",
        "to run again only what did not succeed: databricks jobs repair-run 550315892394120 --rerun-all-failed-tasks",
    ]


def test_every_attempt_is_told_and_the_last_one_counts(dev: Deployed) -> None:
    dev.deploy({"task_key": "ingest", "notebook_task": NOTEBOOK, "max_retries": 2}, name="[dev] other")
    dev.write_map(dev.workspace.host, "[dev] other")
    dev.workspace.will_run(
        "[dev] other",
        {"ingest": ["RUNNING", Step(word="FAILED", message="the first"), "RUNNING", "TIMEDOUT", "RUNNING", FAILED]},
    )

    said = dev.run()

    assert "  ingest: FAILED (attempt 3)" in after_the_clock(said.out)
    assert "  attempt 1 of 3: FAILED RUN_EXECUTION_ERROR (CLIENT_ERROR) the first\n" in said.out
    assert "  attempt 2 of 3: TIMEDOUT CANCELED (CLIENT_ERROR) Run timed out.\n" in said.out
    assert len(dev.workspace.asked("GET /jobs/runs/get-output")) == 1


def test_a_task_that_a_retry_has_saved_is_a_success(dev: Deployed) -> None:
    dev.workspace.will_run(NAME, {"ingest": ["FAILED", "RUNNING", "SUCCESS"]})

    said = dev.run("--format", "json")

    assert said.status == 0
    assert [(task["task_key"], task["result"], task["attempts"]) for task in said.document["tasks"]] == [
        ("ingest", "SUCCESS", 2),
        ("clean", "SUCCESS", 1),
        ("report", "SUCCESS", 1),
    ]


def test_iterations_are_summed_up_with_the_first_that_failed(dev: Deployed) -> None:
    each = {"inputs": "[1, 2, 3]", "task": {"task_key": "load_iteration", "notebook_task": NOTEBOOK}}
    dev.deploy({"task_key": "load", "for_each_task": each}, name="[dev] loop")
    dev.write_map(dev.workspace.host, "[dev] loop")
    bad = Step(word="FAILED", error="no such table: b", trace="Traceback\nAnalysisException: no such table: b")
    iterations = (Step(word="SUCCESS"), bad, Step(word="FAILED", error="no such table: c"))
    dev.workspace.will_run("[dev] loop", {"load": ["RUNNING", Step(word="FAILED", iterations=iterations)]})

    said = dev.run()

    assert said.status == 1
    assert "  load: FAILED (3 of 3 iterations, 2 failed)" in after_the_clock(said.out)
    told = said.out.splitlines()
    assert "  2 of 3 iterations failed" in told
    assert "  1x no such table: b" in told
    assert "  1x no such table: c" in told
    assert told[told.index("  no such table: b") + 1 :][:2] == [
        "    Traceback",
        "    AnalysisException: no such table: b",
    ]


def test_the_run_of_another_job_that_failed_is_named(dev: Deployed) -> None:
    dev.deploy({"task_key": "orders", "run_job_task": {"job_id": 1}}, name="[dev] caller")
    dev.write_map(dev.workspace.host, "[dev] caller")
    dev.workspace.will_run("[dev] caller", {"orders": ["RUNNING", Step(word="FAILED", starts_run=550315892394120)]})

    said = dev.run()

    assert "  it started run 550315892394120 of another job, " in said.out


def test_success_with_failures_is_a_success_that_tells_its_failures(dev: Deployed) -> None:
    dev.workspace.will_run(NAME, {"ingest": ["FAILED"], "clean": ["RUNNING", "SUCCESS"]})

    said = dev.run()

    assert said.status == 0
    assert "daily-sales: SUCCESS_WITH_FAILURES" in said.out
    assert "\ningest: FAILED\n" in said.out


def test_a_branch_that_was_not_taken_says_which_condition_decided(dev: Deployed) -> None:
    gate = {"task_key": "gate", "condition_task": {"op": "GREATER_THAN", "left": "0", "right": "1"}}
    waits = {"notebook_task": NOTEBOOK}
    dev.deploy(
        gate,
        {"task_key": "load", **waits, "depends_on": [{"task_key": "gate", "outcome": "true"}]},
        {"task_key": "tell", **waits, "depends_on": [{"task_key": "load"}]},
        {"task_key": "mend", **waits, "depends_on": [{"task_key": "gate"}], "run_if": "AT_LEAST_ONE_FAILED"},
        {"task_key": "off", **waits},
        name="[dev] branch",
    )
    dev.write_map(dev.workspace.host, "[dev] branch")
    excluded = ["BLOCKED", "EXCLUDED"]
    ended = {"load": excluded, "tell": excluded, "mend": excluded, "off": ["DISABLED"]}
    dev.workspace.will_run("[dev] branch", {"gate": [Step(word="SUCCESS", outcome="false")], **ended})

    said = dev.run()

    assert said.status == 0
    assert "  gate: SUCCESS (false)" in after_the_clock(said.out)
    assert "load: EXCLUDED: gate came out false, not true\n" in said.out
    assert "tell: EXCLUDED: excluded together with load\n" in said.out
    assert "mend: EXCLUDED: run_if AT_LEAST_ONE_FAILED was not met\n" in said.out
    assert "off: DISABLED: disabled in the job, or waits for a task that is\n" in said.out


@pytest.mark.parametrize("result", ["FAILED", "TIMEDOUT", "CANCELED"])
def test_whatever_is_no_success_is_status_1(dev: Deployed, result: str) -> None:
    dev.workspace.will_run(NAME, {}, result=result)

    said = dev.run()

    assert said.status == 1
    assert f"daily-sales: {result} after" in said.out


def test_a_queued_run_is_waited_for_and_says_why(dev: Deployed) -> None:
    why = "Queued due to reaching maximum concurrent runs of 1."
    queued = Step(word="QUEUED", code="MAX_CONCURRENT_RUNS_REACHED", message=why)
    dev.workspace.will_run(NAME, {}, before=[queued, queued])

    said = dev.run()

    assert said.status == 0
    assert f"run 550315892394120: QUEUED ({why})" in after_the_clock(said.out)
    assert "queue" not in dev.workspace.asked("POST /jobs/run-now")[0].body


def test_a_run_that_is_skipped_because_another_is_active_says_what_to_do(dev: Deployed) -> None:
    dev.workspace.will_run(NAME, {}, before=["MAXIMUM_CONCURRENT_RUNS_REACHED"])

    said = dev.run()

    assert said.status == 1
    assert "daily-sales: MAXIMUM_CONCURRENT_RUNS_REACHED\n" in said.out
    assert "wait for that run, or switch the queue on" in said.out


def test_states_that_are_new_to_us_are_shown_and_end_the_run(dev: Deployed) -> None:
    over = {
        "end_time": 1_795_331_110_000,
        "status": {"state": "EVAPORATED"},
        "state": {"life_cycle_state": "EVAPORATED"},
    }
    dev.workspace.will_run(
        NAME, {"ingest": ["WARMING_UP", "SUCCESS"]}, before=["CONSIDERED", Step(word="EVAPORATED", wire=over)]
    )

    said = dev.run()

    assert said.status == 1
    assert "run 550315892394120: CONSIDERED" in after_the_clock(said.out)
    assert "daily-sales: UNKNOWN" in said.out


def test_a_new_state_of_a_task_goes_by(dev: Deployed) -> None:
    dev.workspace.will_run(NAME, {"ingest": ["WARMING_UP", "SUCCESS"]})

    said = dev.run()

    assert said.status == 0
    assert "  ingest: WARMING_UP" in after_the_clock(said.out)


def test_more_than_a_hundred_tasks_come_in_pages(dev: Deployed) -> None:
    tasks = [{"task_key": f"t{number:03}", "notebook_task": NOTEBOOK} for number in range(250)]
    dev.deploy(*tasks, name="[dev] wide")
    dev.write_map(dev.workspace.host, "[dev] wide")
    dev.workspace.will_run("[dev] wide", {"t200": [FAILED]})

    said = dev.run("--format", "json")

    assert said.status == 1
    assert [task["task_key"] for task in said.document["tasks"]] == [str(task["task_key"]) for task in tasks]
    assert [task["error"] for task in said.document["tasks"] if task["error"]] == [FAILED.error]


def test_the_document_has_every_field(dev: Deployed) -> None:
    dev.workspace.will_run(NAME, {"ingest": [FAILED], "clean": ["UPSTREAM_FAILED"], "report": ["UPSTREAM_FAILED"]})

    said = dev.run("--format", "json")

    ingest, clean, _ = said.document["tasks"]
    assert {key: value for key, value in said.document.items() if key != "tasks"} == {
        "job": "daily-sales",
        "environment": "dev",
        "job_id": dev.ids[0],
        "name": NAME,
        "run_id": 550315892394120,
        "url": f"{dev.workspace.host}/?o=1#job/{dev.ids[0]}/run/550315892394120",
        "ended": "finished",
        "cancel_requested": False,
        "phase": "TERMINATED",
        "result": "FAILED",
        "code": "RUN_EXECUTION_ERROR",
        "type": "CLIENT_ERROR",
        "message": "Task ingest failed with message: Workload failed, see run output for details.",
        "duration_seconds": 1.0,
    }
    assert ingest["trace"][-1] == "----> 1 1/0"
    assert clean == {
        "task_key": "clean",
        "run_id": 550315892394122,
        "url": f"{dev.workspace.host}/?o=1#job/{dev.ids[0]}/run/550315892394122",
        "phase": "TERMINATED",
        "result": "UPSTREAM_FAILED",
        "code": "SKIPPED",
        "type": "CLIENT_ERROR",
        "message": "An upstream task failed.",
        "duration_seconds": None,
        "attempts": 1,
        "reason": "ingest did not succeed",
        "error": None,
        "trace": [],
        "notes": [],
    }
    assert "  ingest: FAILED" in after_the_clock(said.err)


def test_no_wait_starts_the_run_and_leaves(dev: Deployed) -> None:
    dev.workspace.will_run(NAME, {"ingest": ["RUNNING"] * 9})

    said = dev.run("--no-wait")

    assert said.status == 0
    assert said.out.splitlines() == [
        "daily-sales: run 550315892394120 is started",
        f"  {dev.workspace.host}/?o=1#job/{dev.ids[0]}/run/550315892394120",
    ]


def test_no_wait_needs_no_permission_to_see_the_run(dev: Deployed) -> None:
    dev.workspace.fail("GET /jobs/runs/get", refused("no"), times=None)

    said = dev.run("--no-wait", "--format", "json")

    assert said.status == 0
    assert (said.document["run_id"], said.document["url"]) == (550315892394120, None)


def test_the_time_to_wait_ends_and_the_run_goes_on(dev: Deployed) -> None:
    dev.workspace.will_run(NAME, {"ingest": ["RUNNING"] * 9})

    said = dev.run("--timeout", "0s")

    assert said.status == 1
    assert "daily-sales: the time to wait is over; run 550315892394120 goes on (RUNNING)\n" in said.out
    assert said.out.endswith("to cancel it: databricks jobs cancel-run 550315892394120\n")
    assert not dev.workspace.asked("POST /jobs/runs/cancel")


def test_parameters_and_tasks_are_sent(dev: Deployed) -> None:
    said = dev.run(
        "--param", "date=2026-01-31", "--param", "catalog=a=b", "--only", "+clean, report", "--only", "clean+"
    )

    assert said.status == 0
    sent = dict(dev.workspace.asked("POST /jobs/run-now")[0].body)
    assert len(sent.pop("idempotency_token")) <= 64
    assert sent == {
        "job_id": dev.ids[0],
        "job_parameters": {"catalog": "a=b", "date": "2026-01-31"},
        "only": ["+clean", "report", "clean+"],
    }


def test_a_lost_answer_starts_no_second_run(dev: Deployed, pauses: list[float]) -> None:
    dev.workspace.fail("POST /jobs/run-now", lost())
    dev.workspace.fail("POST /jobs/run-now", broken())

    said = dev.run()

    assert said.status == 0
    assert len({request.body["idempotency_token"] for request in dev.workspace.asked("POST /jobs/run-now")}) == 1
    assert len(dev.workspace.asked("POST /jobs/run-now")) == 3
    assert len(dev.workspace.runs.started) == 1


def test_the_same_token_follows_the_same_run(dev: Deployed) -> None:
    first = dev.run("--idempotency-token", "build-17", "--format", "json")
    second = dev.run("--idempotency-token", "build-17", "--format", "json")

    assert first.document["run_id"] == second.document["run_id"]
    assert len(dev.workspace.runs.started) == 1


def test_a_workspace_that_does_not_answer_to_run_now_leaves_a_way_back(dev: Deployed) -> None:
    dev.workspace.fail("POST /jobs/run-now", broken(), times=None)

    said = dev.run("--idempotency-token", "build-17")

    assert said.status == 2
    assert "An internal error has occurred; it may have been started all the same" in said.err
    assert "--idempotency-token build-17 follows that run and starts no second one" in said.err


def test_throttling_and_broken_answers_are_waited_out(dev: Deployed, pauses: list[float]) -> None:
    dev.workspace.will_run(NAME, {"ingest": ["RUNNING"] * 3 + ["SUCCESS"]})
    dev.workspace.fail("GET /jobs/runs/get", throttled(7))
    dev.workspace.fail("GET /jobs/runs/get", broken(), after=1, times=3)
    dev.workspace.fail("GET /jobs/runs/get", saying("<html>Sign in</html>"), after=1)

    said = dev.run()

    assert said.status == 0
    assert any(7 <= pause < 9 for pause in pauses)  # what Retry-After asks for
    assert "cannot look at run 550315892394120: An internal error has occurred; still trying" in said.out


def test_a_workspace_that_stops_answering_ends_the_waiting_and_not_the_run(dev: Deployed) -> None:
    dev.workspace.will_run(NAME, {"ingest": ["RUNNING"] * 9})
    dev.workspace.fail("GET /jobs/runs/get", broken(), after=1, times=None)

    said = dev.run()

    assert said.status == 1
    assert "daily-sales: the workspace has stopped answering; run 550315892394120 goes on\n" in said.out
    assert len(dev.workspace.asked("GET /jobs/runs/get")) == 11


def test_credentials_that_expire_on_the_way_say_that_the_run_goes_on(dev: Deployed) -> None:
    dev.workspace.will_run(NAME, {"ingest": ["RUNNING"] * 9})
    dev.workspace.fail(
        "GET /jobs/runs/get", saying('{"error_code": "UNAUTHORIZED", "message": "expired"}', 401), after=1
    )

    said = dev.run()

    assert said.status == 2
    assert "does not accept the credentials (pat): expired; run 550315892394120 goes on" in said.err


def test_an_output_that_cannot_be_read_hides_nothing_else(dev: Deployed) -> None:
    dev.workspace.will_run(NAME, {"ingest": [FAILED]}, result="FAILED")
    dev.workspace.fail("GET /jobs/runs/get-output", refused("Run output is not available."))

    said = dev.run()

    assert said.status == 1
    assert "  cannot read the output of 550315892394121: Run output is not available\n" in said.out


def test_a_workspace_that_is_gone_at_the_end_is_not_asked_again(dev: Deployed) -> None:
    dev.workspace.will_run(NAME, {"ingest": [FAILED], "clean": [FAILED], "report": [FAILED]})
    dev.workspace.fail("GET /jobs/runs/get-output", broken(), times=None)

    said = dev.run()

    assert said.status == 1
    assert len(dev.workspace.asked("GET /jobs/runs/get-output")) == 1
    assert "\nreport: FAILED\n" in said.out


def test_ctrl_c_leaves_the_run_going(dev: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakeflow.run.running.SystemClock.pause", _interrupted)
    dev.workspace.will_run(NAME, {"ingest": ["RUNNING"] * 9})

    said = dev.run(interval="1s")

    assert said.status == 130
    assert "daily-sales: interrupted; run 550315892394120 goes on (RUNNING)\n" in said.out
    assert "to cancel it: databricks jobs cancel-run 550315892394120\n" in said.out
    assert not dev.workspace.asked("POST /jobs/runs/cancel")


def test_ctrl_c_cancels_the_run_where_that_is_wanted(dev: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lakeflow.run.running.SystemClock.pause", _interrupted)
    dev.workspace.will_run(NAME, {"ingest": ["RUNNING"] * 9})

    said = dev.run("--cancel-on-interrupt", "--format", "json", interval="1s")

    assert said.status == 130
    assert (said.document["ended"], said.document["cancel_requested"]) == ("interrupted", True)
    assert dev.workspace.asked("POST /jobs/runs/cancel")[0].body == {"run_id": 550315892394120}


def test_a_token_in_an_error_is_masked(dev: Deployed) -> None:
    secret = "dapi" + "0123456789abcdef" * 2
    dev.workspace.will_run(
        NAME, {"ingest": [Step(word="FAILED", message=secret, error=secret, trace=f"Bearer {secret}")]}
    )

    for form in ("text", "json"):
        said = dev.run("--format", form)
        assert "dapi" not in said.out + said.err


@pytest.mark.slow
def test_the_command_in_a_process_of_its_own(dev: Deployed, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lakeflow", "run", "daily-sales", "--env", "dev", "--interval", "0s"]

    ended = subprocess.run(command, cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "daily-sales: SUCCESS after 2s\n" in ended.stdout


def _interrupted(clock: object, seconds: float) -> None:
    if seconds:
        raise KeyboardInterrupt
