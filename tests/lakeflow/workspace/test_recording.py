"""What a workspace writes into its system tables, as it happens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lakeflow.history.tables import TABLES
from lakeflow.scenario.playback import history
from lakeflow.scenario.reading import of_document
from lakeflow.simulate import Setting, Simulation
from lakeflow.workspace.doing import doing
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.past import give_past
from lakeflow.workspace.recording import Recorder
from lakeflow.workspace.state import State
from lakeflow.workspace.system_tables import SystemTables
from tests.support.scenarios import document

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BEGAN = datetime(2026, 11, 14, 4, tzinfo=UTC)
AT = int(BEGAN.timestamp()) * 1000
COMPUTE = {"etl": {"kind": "job_cluster", "setup": "5m", "dbus_per_hour": 6, "sku": "JOBS", "node_type": "D4"}}


def job_row(*tasks: Json, **settings: Any) -> Json:
    """Return the row of a job of the workspace."""
    return {
        "job_id": 7,
        "creator_user_name": "jane@example.com",
        "created_time": AT,
        "run_as": {"service_principal_name": "runner"},
        "settings": {"name": "[dev] daily sales", "tasks": list(tasks), **settings},
    }


def task(key: str, *parents: str, **said: Any) -> Json:
    depends_on = [{"task_key": parent} for parent in parents]
    return {"task_key": key, "depends_on": depends_on, "notebook_task": {"notebook_path": "/n"}, **said}


def runs_of(recorder: Recorder, row: Json, scenario: Any = None, *, repairs: int = 0) -> None:
    """Let one run of a job happen, with its repairs an hour after its end, each told when it has ended."""
    settings, began = row["settings"], BEGAN - EPOCH
    simulation = Simulation({"7": settings}, setting=Setting(began=EPOCH))
    number = simulation.ask(doing(scenario, settings, at=BEGAN, number=0).start(job="7", at=began, trigger="PERIODIC"))
    for repair in range(repairs + 1):
        simulation.advance()
        run = simulation.run(number)
        assert run is not None
        recorder.run_ended(row, run, EPOCH)
        if repair < repairs:
            simulation.advance(run.ended + timedelta(hours=1))
            done = doing(scenario, settings, at=BEGAN, number=0, repair=repair + 1)
            simulation.repair(number, done.does, durations=done.durations, rerun_all_failed_tasks=True)


def rows(state: State, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Return columns of a table, such as `job_run_timeline`."""
    [name] = [each for each in state.system if each.endswith(f".{table}")]
    return [tuple(row[column] for column in columns) for row in state.system[name]]


def test_a_run_that_has_ended_is_in_the_tables() -> None:
    state = State()
    scenario = of_document(
        document(
            compute=COMPUTE,
            tasks={"load": {"takes": "90m", "compute": "etl"}, "report": {"takes": "20m", "after": "load"}},
        )
    )
    row = job_row(task("load"), task("report", "load"), schedule={"quartz_cron_expression": "0 0 4 * * ?"})
    runs_of(Recorder(state, lambda: scenario), row, scenario)
    assert set(state.system) == {table.TABLE for table in TABLES}
    assert rows(state, "job_run_timeline", "period_start_time", "result_state", "trigger_type", "run_name") == [
        ("2026-11-14T04:00:00", None, "CRON", "[dev] daily sales"),
        ("2026-11-14T05:00:00", "SUCCEEDED", "CRON", "[dev] daily sales"),
    ]
    assert rows(state, "job_task_run_timeline", "task_key", "result_state", "setup_duration_seconds") == [
        ("load", None, None),
        ("load", "SUCCEEDED", 300),
        ("report", "SUCCEEDED", 0),
    ]
    assert rows(state, "usage", "usage_quantity") == [("6.000000",), ("3.500000",)]
    assert rows(state, "clusters", "cluster_source", "owned_by") == [("JOB", "jane@example.com")]


def test_a_repaired_run_has_an_end_row_for_each_repair() -> None:
    state = State()
    event = {"attempts": {"report": "DRIVER_ERROR"}, "repairs": [{"after": "1h"}]}
    scenario = of_document(document(event))
    runs_of(Recorder(state, lambda: scenario), job_row(task("load"), task("report", "load")), scenario, repairs=1)
    found = rows(state, "job_run_timeline", "result_state", "termination_code", "run_duration_seconds")
    assert found == [("FAILED", "DRIVER_ERROR", 1200), ("SUCCEEDED", "SUCCESS", 2400)]
    assert rows(state, "job_task_run_timeline", "task_key") == [("load",), ("report",), ("report",)]
    assert len(set(rows(state, "job_run_timeline", "run_id"))) == 1


def test_what_the_scenario_does_not_know_runs_on_what_the_settings_say() -> None:
    state = State()
    cluster = {"node_type_id": "D8", "num_workers": 3, "spark_version": "16.4.x-scala2.12"}
    row = job_row(
        task("shared", job_cluster_key="etl"),
        task("own", new_cluster={**cluster, "num_workers": 1}),
        task("existing", existing_cluster_id="0101-000000-abc"),
        task("nothing"),
        {"task_key": "sql", "sql_task": {"warehouse_id": "w1", "query": {"query_id": "q"}}},
        {"task_key": "compare", "condition_task": {"op": "EQUAL_TO", "left": "1", "right": "1"}},
        job_clusters=[{"job_cluster_key": "etl", "new_cluster": cluster}],
    )
    runs_of(Recorder(state, lambda: None), row)
    found = rows(state, "job_task_run_timeline", "task_key", "compute")
    assert {key: (compute or [{}])[0].get("type") for key, compute in found} == {
        "shared": "JOB_COMPUTE",
        "own": "JOB_COMPUTE",
        "existing": "ALL_PURPOSE_COMPUTE",
        "nothing": "SERVERLESS_JOB",
        "sql": "SQL_WAREHOUSE",
        "compare": None,
    }
    assert sorted(rows(state, "clusters", "worker_node_type", "worker_count")) == [("D8", 1), ("D8", 3)]
    assert rows(state, "usage", "usage_quantity") == []
    assert rows(state, "job_run_timeline", "workspace_id") == [("1",)]


def test_a_job_has_a_version_for_each_change_and_a_task_where_it_changed() -> None:
    state = State()
    recorder = Recorder(state, lambda: None)
    first = job_row(task("load"), task("report", "load"), timeout_seconds=60)
    recorder.job_changed(first, AT)
    second = job_row(task("load"), task("publish", "load"), timeout_seconds=90)
    recorder.job_changed(second, AT + 60_000)
    recorder.job_deleted(second, AT + 120_000)
    times = [f"2026-11-14T04:0{minute}:00" for minute in range(3)]
    assert rows(state, "jobs", "change_time", "delete_time", "timeout_seconds", "run_as_user_name") == [
        (times[0], None, 60, "runner"),
        (times[1], None, 90, "runner"),
        (times[2], times[2], 90, "runner"),
    ]
    assert rows(state, "job_tasks", "task_key", "change_time", "delete_time") == [
        ("load", times[0], None),
        ("report", times[0], None),
        ("publish", times[1], None),
        ("report", times[1], times[1]),
        ("load", times[2], times[2]),
        ("publish", times[2], times[2]),
    ]


def test_rows_that_were_taken_back_are_not_remembered() -> None:
    state = State()
    recorder = Recorder(state, lambda: None)
    recorder.job_changed(job_row(task("load")), AT)
    state.system.settle()
    recorder.job_changed(job_row(task("report")), AT + 1000)
    state.system.forget()
    recorder.job_changed(job_row(task("load"), task("report")), AT + 2000)
    assert rows(state, "job_tasks", "task_key", "delete_time") == [("load", None), ("report", None)]


def test_a_schema_that_is_disabled_gets_no_rows() -> None:
    state = State()
    recorder = Recorder(state, lambda: None)
    recorder.job_changed(job_row(task("load")), AT)
    state.system.drop("lakeflow.job_tasks")
    recorder.job_changed(job_row(task("load"), task("report")), AT + 1000)
    assert "lakeflow.job_tasks" not in state.system
    assert len(rows(state, "jobs", "job_id")) == 2


def test_a_run_of_the_workspace_is_the_run_of_the_history() -> None:
    event = {"when": {"on": "2026-11-14"}, "attempts": {"load": ["CLUSTER_ERROR", "SUCCESS"]}}
    tasks = {"load": {"takes": "80m", "compute": "etl", "max_retries": 1}, "report": {"takes": "20m", "after": "load"}}
    said = document(event, compute=COMPUTE, tasks=tasks, spread=0.3)
    scenario = of_document({**said, "until": "2026-11-15T00:00:00Z", "days": 1})
    past, here = State(), State()
    give_past(past, history(scenario))
    [known] = past.tables["jobs"].values()
    row = {**known, "job_id": history(scenario).job_id("daily")}
    runs_of(Recorder(here, lambda: scenario), row, scenario)
    unlike = {"run_id", "job_run_id", "parent_run_id", "compute_ids", "compute"}
    for table in ("lakeflow.job_run_timeline", "lakeflow.job_task_run_timeline"):
        told = [{name: value for name, value in each.items() if name not in unlike} for each in here.system[table]]
        assert told == [{k: v for k, v in each.items() if k not in unlike} for each in past.system[table]]
    assert rows(here, "usage", "usage_quantity") == rows(past, "usage", "usage_quantity")


def test_the_rows_are_those_of_another_workspace() -> None:
    state = State()
    scenario = replace(of_document(document()), workspace_id="42")
    Recorder(state, lambda: scenario, workspace_id="43").job_changed(job_row(task("load")), AT)
    assert rows(state, "jobs", "workspace_id") == [("43",)]


def test_statements_see_rows_as_they_are_added_and_no_others() -> None:
    state = State()
    tables, count = SystemTables(state), "SELECT count(*) AS n FROM system.lakeflow.jobs"

    def counted() -> object:
        return tables.answer(count, [], caller="jane", at=AT)[1][0][0]

    recorder = Recorder(state, lambda: None)
    recorder.job_changed(job_row(task("load")), AT)
    assert counted() == 1
    state.system.settle()
    recorder.job_changed(job_row(task("load")), AT + 1000)
    assert counted() == 2
    state.system.forget()
    recorder.job_changed({**job_row(task("load")), "job_id": 8}, AT + 2000)
    ids = tables.answer("SELECT job_id FROM system.lakeflow.jobs ORDER BY 1", [], caller="jane", at=AT)[1]
    assert [row[0] for row in ids] == ["7", "8"]
    state.system.drop("lakeflow.jobs")
    state.system.add("lakeflow.jobs", [])
    assert counted() == 0
