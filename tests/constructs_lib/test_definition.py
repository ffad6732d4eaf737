"""A whole job: its six steps become one dict, the same on every machine, that the provider takes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from constructs_lib import (
    ClusterSpec,
    Compute,
    ConditionTask,
    ExistingJob,
    ExistingPipeline,
    ExistingPool,
    ExistingWarehouse,
    ForEachTask,
    Goal,
    HealthRule,
    JobDefinition,
    Library,
    Monitoring,
    NotebookTask,
    Notifications,
    Operations,
    Outcome,
    PipelineTask,
    PythonScriptTask,
    PythonWheelTask,
    Retries,
    RunAlert,
    RunIf,
    RunJobTask,
    SqlFileTask,
    Task,
    Trigger,
    WorkspacePath,
    loop_input,
    parameter,
)
from constructs_lib.compute.cluster import DEFAULT_SPARK_VERSION
from constructs_lib.provider import problems
from constructs_lib.references import terraform_json
from tests.support.refusal import refusal

CODE = WorkspacePath("/a")
WAREHOUSE = ExistingWarehouse("w1")
ORDER = Goal("Order.")


def job(*tasks: Task, **said: Any) -> JobDefinition:
    return JobDefinition("job", tasks=tasks, **{"goal": ORDER, "trigger": Trigger.manual(), **said})


def document(definition: JobDefinition) -> dict[str, Any]:
    """Return a job as Terraform JSON, which the provider takes."""
    body: dict[str, Any] = terraform_json(definition.render())
    assert [str(problem) for problem in problems("databricks_job", body)] == []
    return body


def daily_sales() -> JobDefinition:
    """The six steps of a job that uses a little of everything."""
    etl = Compute.job_cluster("etl", ClusterSpec(node_type="Standard_D4ds_v5", workers=(1, 4)))
    ingest = NotebookTask("ingest", CODE, compute=etl, retries=Retries(2, wait=timedelta(minutes=5)))
    enough = ConditionTask("enough", ingest.value("rows"), ">=", "1000", depends_on=[ingest])
    parse = ForEachTask(
        "parse-all",
        ingest.value("files"),
        PythonScriptTask("parse", CODE, arguments=[loop_input()]),
        depends_on=[enough.when_true],
    )
    explain = NotebookTask("explain", CODE, depends_on=[enough.when_false])
    report = SqlFileTask("Report", CODE, warehouse=WAREHOUSE, depends_on=[parse, explain], run_if=RunIf.NONE_FAILED)
    return JobDefinition(
        "daily-sales",
        goal=Goal("Yesterday's sales before 07:00.", owner="sales"),
        tasks=[ingest, enough, parse, explain, report],
        trigger=Trigger.daily(time(5, 30), timezone="Europe/Berlin"),
        compute=Compute.serverless(dependencies=["pandas==2.2.3"]),
        operations=Operations(
            timeout=timedelta(hours=3),
            retries=Retries(1),
            notifications=Notifications(on_failure=["team@example.com"]),
            parameters={"day": "", "catalog": "sales"},
        ),
        monitoring=Monitoring([RunAlert.late(after=time(7))]),
    )


def test_a_whole_job() -> None:
    edge = {"retry_on_timeout": False}
    assert document(daily_sales()) == {
        "name": "daily-sales",
        "description": "Yesterday's sales before 07:00.\nOwner: sales",
        "schedule": {
            "quartz_cron_expression": "0 30 5 * * ?",
            "timezone_id": "Europe/Berlin",
            "pause_status": "UNPAUSED",
        },
        "max_concurrent_runs": 1,
        "queue": {"enabled": True},
        "timeout_seconds": 10_800,
        "health": {"rules": [{"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": 5400}]},
        "email_notifications": {
            "on_failure": ["team@example.com"],
            "on_duration_warning_threshold_exceeded": ["team@example.com"],
        },
        "parameter": [{"name": "catalog", "default": "sales"}, {"name": "day", "default": ""}],
        "task": [
            {
                **edge,
                "task_key": "Report",
                "depends_on": [{"task_key": "explain"}, {"task_key": "parse-all"}],
                "run_if": "NONE_FAILED",
                "max_retries": 1,
                "sql_task": {"warehouse_id": "w1", "file": {"path": "/a", "source": "WORKSPACE"}},
            },
            {
                **edge,
                "task_key": "enough",
                "depends_on": [{"task_key": "ingest"}],
                "run_if": "ALL_SUCCESS",
                "condition_task": {
                    "left": "{{tasks.ingest.values.rows}}",
                    "op": "GREATER_THAN_OR_EQUAL",
                    "right": "1000",
                },
            },
            {
                **edge,
                "task_key": "explain",
                "depends_on": [{"task_key": "enough", "outcome": "false"}],
                "run_if": "ALL_SUCCESS",
                "max_retries": 1,
                "environment_key": "default",
                "notebook_task": {"notebook_path": "/a", "source": "WORKSPACE"},
            },
            {
                **edge,
                "task_key": "ingest",
                "run_if": "ALL_SUCCESS",
                "max_retries": 2,
                "min_retry_interval_millis": 300_000,
                "job_cluster_key": "etl",
                "notebook_task": {"notebook_path": "/a", "source": "WORKSPACE"},
            },
            {
                **edge,
                "task_key": "parse-all",
                "depends_on": [{"task_key": "enough", "outcome": "true"}],
                "run_if": "ALL_SUCCESS",
                "for_each_task": {
                    "inputs": "{{tasks.ingest.values.files}}",
                    "concurrency": 1,
                    "task": {
                        **edge,
                        "task_key": "parse",
                        "run_if": "ALL_SUCCESS",
                        "max_retries": 1,
                        "webhook_notifications": {},
                        "environment_key": "default",
                        "spark_python_task": {
                            "python_file": "/a",
                            "source": "WORKSPACE",
                            "parameters": ["{{input}}"],
                        },
                    },
                },
            },
        ],
        "job_cluster": [
            {
                "job_cluster_key": "etl",
                "new_cluster": {
                    "autoscale": {"min_workers": 1, "max_workers": 4},
                    "node_type_id": "Standard_D4ds_v5",
                    "driver_node_type_id": "Standard_D4ds_v5",
                    "enable_elastic_disk": True,
                    "azure_attributes": {
                        "availability": "ON_DEMAND_AZURE",
                        "first_on_demand": 1,
                        "spot_bid_max_price": -1,
                    },
                    "spark_version": DEFAULT_SPARK_VERSION,
                    "data_security_mode": "SINGLE_USER",
                    "enable_local_disk_encryption": False,
                },
            }
        ],
        "environment": [
            {
                "environment_key": "default",
                "spec": {"dependencies": ["pandas==2.2.3"], "environment_version": "4"},
            }
        ],
    }


# Order


def test_tasks_stand_in_byte_order_of_their_keys() -> None:
    """In any other order every plan has a change, and values leak from one task to the next."""
    keys = ["b", "a", "_", "B", "a-", "a_", "a0", "-"]
    assert [task["task_key"] for task in document(job(*(NotebookTask(key, CODE) for key in keys)))["task"]] == [
        "-",
        "B",
        "_",
        "a",
        "a-",
        "a0",
        "a_",
        "b",
    ]


def test_a_job_is_the_same_however_its_tasks_are_listed() -> None:
    definition = daily_sales()
    listed = definition.replace(tasks=definition.tasks[::-1])
    assert json.dumps(document(listed)) == json.dumps(document(definition))


def test_a_job_renders_to_the_same_bytes_again_and_whatever_happened_to_the_first() -> None:
    definition = daily_sales()
    first = definition.render()
    written = json.dumps(terraform_json(first))
    first["task"][0]["depends_on"].clear()
    first["parameter"].clear()
    first["job_cluster"][0]["new_cluster"].clear()
    assert json.dumps(document(definition)) == written


def test_a_job_is_the_same_bytes_in_another_process_and_another_folder(tmp_path: Path) -> None:
    script = (
        "import json; from tests.constructs_lib.test_definition import daily_sales, document; "
        "print(json.dumps(document(daily_sales())))"
    )
    root = Path(__file__).parents[2]
    printed = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=folder,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for folder, seed in ((root, "1"), (tmp_path, "2"))
    }
    assert printed == {json.dumps(document(daily_sales())) + "\n"}


# What the job says for its tasks


def test_the_job_s_compute_reaches_every_task_that_takes_one_and_says_none() -> None:
    inner = PythonScriptTask("inner", CODE)
    shared = Compute.job_cluster("etl", ClusterSpec(node_type="n"))
    body = document(
        job(
            NotebookTask("notebook", CODE),
            ForEachTask("loop", [1], inner),
            ConditionTask("condition", "1", "==", "1"),
            PipelineTask("pipeline", ExistingPipeline("p1")),
            compute=shared,
        )
    )
    named = {task["task_key"]: task.get("job_cluster_key") for task in body["task"]}
    assert named == {"condition": None, "loop": None, "notebook": "etl", "pipeline": None}
    (loop,) = (task["for_each_task"] for task in body["task"] if "for_each_task" in task)
    assert loop["task"]["job_cluster_key"] == "etl"
    assert [block["job_cluster_key"] for block in body["job_cluster"]] == ["etl"]
    assert inner.compute is None


def test_compute_that_no_task_uses_is_not_declared() -> None:
    own = Compute.existing_cluster("c")
    assert "environment" not in document(job(NotebookTask("a", CODE, compute=own), compute=Compute.serverless()))


def test_the_job_s_retries_reach_every_task_that_can_fail_and_says_none() -> None:
    body = document(
        job(
            NotebookTask("silent", CODE),
            NotebookTask("own", CODE, retries=Retries(0)),
            RunJobTask("other", ExistingJob("77")),
            ConditionTask("condition", "1", "==", "1"),
            ForEachTask("loop", [1], NotebookTask("inner", CODE)),
            ForEachTask("own-loop", [1], NotebookTask("own-inner", CODE, retries=Retries(0))),
            operations=Operations(retries=Retries(3, wait=timedelta(minutes=1), on_timeout=True)),
        )
    )
    spread = {"max_retries": 3, "min_retry_interval_millis": 60_000, "retry_on_timeout": True}
    said: dict[str, dict[str, object]] = {}
    for task in body["task"]:
        nested = [task["for_each_task"]["task"]] if "for_each_task" in task else []
        for each in (task, *nested):
            said[each["task_key"]] = {name: each[name] for name in spread if name in each}
    none, silent = {"max_retries": 0, "retry_on_timeout": False}, {"retry_on_timeout": False}
    assert said == {
        "silent": spread,
        "own": none,
        "other": spread,
        "condition": silent,
        "loop": silent,
        "inner": spread,
        "own-loop": silent,
        "own-inner": none,
    }
    assert not spread.keys() & body.keys()


# What is refused

INGEST = NotebookTask("ingest", CODE)
OTHER = NotebookTask("ingest", WorkspacePath("/b"))
REPORT = NotebookTask("report", CODE, depends_on=[INGEST])
NAME = "JobDefinition('job')"
untyped: Any = JobDefinition


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: job(INGEST, OTHER),
            f"{NAME}: two tasks have the key 'ingest': {INGEST!r} and {OTHER!r}; rename one",
        ),
        (
            lambda: job(INGEST, ForEachTask("loop", [1], OTHER)),
            f"{NAME}: two tasks have the key 'ingest': {INGEST!r} and {OTHER!r}; rename one",
        ),
        (
            lambda: job(ForEachTask("ingest", [1], NotebookTask("ingest", CODE))),
            f"{NAME}: two tasks have the key 'ingest': ForEachTask('ingest', (1,), {INGEST!r}) and {INGEST!r}; "
            "rename one",
        ),
        (lambda: job(INGEST, REPORT, INGEST), f"{NAME}: a task is listed twice; list each task once"),
        (
            lambda: job(REPORT),
            f"{NAME}: task 'report' depends on 'ingest', which is not in tasks=[report]; add it to the list",
        ),
        (
            lambda: job(NotebookTask("ingset", CODE), REPORT),
            f"{NAME}: task 'report' depends on 'ingest', which is not in tasks=[ingset, report]; "
            "add it to the list, or depend on 'ingset'",
        ),
        (
            lambda: job(NotebookTask("a", CODE, depends_on=[ConditionTask("gate", "1", "==", "1").when_true])),
            f"{NAME}: task 'a' depends on 'gate', which is not in tasks=[a]; add it to the list",
        ),
        (
            lambda: job(OTHER, REPORT),
            f"{NAME}: task 'report' depends on another task of the key 'ingest' than the one in tasks; "
            "depend on the same object that is listed",
        ),
        (
            lambda: job(INGEST.on(Compute.serverless()), REPORT),
            f"{NAME}: task 'report' depends on another task of the key 'ingest' than the one in tasks; "
            "depend on the same object that is listed",
        ),
        (
            lambda: untyped("job", goal="Order.", tasks=[INGEST], trigger=Trigger.manual()),
            f"{NAME}: goal: expected Goal, got str 'Order.'",
        ),
        (
            lambda: job(INGEST, trigger=None),
            f"{NAME}: trigger: expected Trigger, got NoneType None",
        ),
        (
            lambda: job("ingest"),  # type: ignore[arg-type]
            f"{NAME}: tasks: expected a list of Task, got tuple ('ingest',)",
        ),
    ],
)
def test_what_is_no_job(make: Callable[[], object], message: str) -> None:
    assert refusal(make) == message


@pytest.mark.parametrize("name", ["", " ", "x" * 4097, "ü" * 2049])
def test_a_job_has_a_name_that_the_api_takes(name: str) -> None:
    message = refusal(lambda: JobDefinition(name, goal=ORDER, tasks=[INGEST], trigger=Trigger.manual()))
    assert message.endswith("a job's name has 1 to 4,096 bytes")
    assert len(message) < 300


def test_who_waits_for_a_loop_s_inner_task_waits_for_the_loop() -> None:
    inner = NotebookTask("inner", CODE)
    loop = ForEachTask("loop", [1], inner)
    message = refusal(lambda: job(loop, NotebookTask("after", CODE, depends_on=[inner])))
    assert "'loop'" in message
    assert "add it to the list" not in message


def test_a_job_has_at_most_a_thousand_tasks() -> None:
    tasks = [NotebookTask(f"t{number}", CODE) for number in range(1001)]
    assert len(document(job(*tasks[1:]))["task"]) == 1000
    assert "1,000" in refusal(lambda: job(*tasks))


# Any job

KEYS = st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True)
TEXTS = st.text(max_size=10)
COMPUTES = st.sampled_from(
    [
        Compute.serverless("light", dependencies=["pandas"]),
        Compute.job_cluster("etl", ClusterSpec(node_type="n", workers=(1, 4))),
        Compute.job_cluster("Pool", ClusterSpec(pool=ExistingPool("p1"), workers=0)),
        Compute.existing_cluster("0101-1"),
        Compute.new_cluster(ClusterSpec(node_type="n", runtime_engine="PHOTON")),
    ]
)
CLUSTER = Compute.job_cluster("libraries", ClusterSpec(node_type="n"))
RETRIES = st.none() | st.builds(
    Retries,
    st.integers(-1, 5),
    wait=st.integers(0, 10**6).map(lambda millis: timedelta(milliseconds=millis)),
    on_timeout=st.booleans(),
)
TIMEOUTS = st.none() | st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds))
TRIGGERS = st.sampled_from(
    [
        Trigger.manual(),
        Trigger.daily(time(5, 30), timezone="Europe/Berlin"),
        Trigger.every(2, "WEEKS"),
        Trigger.file_arrival("/Volumes/a/b/c/"),
        Trigger.table_update("a.b.c", "a.b.d", settle=timedelta(minutes=1)),
        Trigger.continuous(),
    ]
)


@st.composite
def tasks(draw: st.DrawFn) -> list[Task]:
    """Up to eight tasks of any kind, each waiting for some of those before it."""
    made: list[Task] = []
    keys = draw(st.lists(KEYS, min_size=2, max_size=16, unique=True))
    for key, inner_key in zip(keys[::2], keys[1::2], strict=False):
        waited = draw(st.lists(st.sampled_from(made), unique=True, max_size=3)) if made else []
        edges: list[Task | Outcome] = [
            draw(st.sampled_from([task.when_true, task.when_false])) if isinstance(task, ConditionTask) else task
            for task in waited
        ]
        made.append(draw(any_task(key, inner_key, edges)))
    return made


@st.composite
def any_task(draw: st.DrawFn, key: str, inner_key: str, edges: list[Task | Outcome]) -> Task:
    common: dict[str, Any] = {
        "depends_on": edges,
        "run_if": draw(st.sampled_from(RunIf)) if edges else RunIf.ALL_SUCCESS,
        "description": draw(st.none() | TEXTS),
    }
    work: dict[str, Any] = {"retries": draw(RETRIES), "timeout": draw(TIMEOUTS)}
    code: dict[str, Any] = {**work, "compute": draw(COMPUTES)}
    pairs = draw(st.dictionaries(TEXTS, TEXTS, max_size=2))
    words = draw(st.lists(TEXTS, max_size=2))
    kinds: list[Callable[[], Task]] = [
        lambda: NotebookTask(key, CODE, parameters=pairs, **common, **code),
        lambda: PythonScriptTask(key, CODE, arguments=words, **common, **code),
        lambda: PythonWheelTask(
            key,
            package="p",
            entry_point="e",
            named_arguments=pairs,
            libraries=[Library.pypi("p")],
            **common,
            **work,
            compute=CLUSTER,
        ),
        lambda: SqlFileTask(key, CODE, warehouse=WAREHOUSE, parameters=pairs, **common, **work),
        lambda: PipelineTask(key, ExistingPipeline("p1"), **common, **work),
        lambda: RunJobTask(key, ExistingJob("77"), parameters=pairs, **common, **work),
        lambda: ConditionTask(key, draw(TEXTS), draw(st.sampled_from(["==", "!=", ">", "<="])), "1", **common),
        lambda: ForEachTask(key, words, NotebookTask(inner_key, CODE, **code), concurrency=3, **common),
    ]
    return draw(st.sampled_from(kinds))()


OPERATIONS = st.builds(
    Operations,
    queue=st.booleans(),
    timeout=TIMEOUTS,
    retries=RETRIES,
    health=st.sampled_from([[], [HealthRule.backlog_files_over(3)]]),
    parameters=st.dictionaries(KEYS, TEXTS, max_size=3),
    tags=st.dictionaries(TEXTS, TEXTS, max_size=2),
    notifications=st.builds(Notifications, on_failure=st.lists(st.just("a@example.com"), max_size=2)),
)


@pytest.mark.slow
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tasks(), TRIGGERS, OPERATIONS, st.none() | COMPUTES, st.randoms(use_true_random=False))
def test_any_job_is_one_that_the_provider_takes_whatever_the_order(
    made: list[Task], trigger: Trigger, operations: Operations, compute: Compute | None, random: Any
) -> None:
    definition = job(*made, trigger=trigger, operations=operations, compute=compute)
    body = document(definition)
    shuffled = list(made)
    random.shuffle(shuffled)
    assert document(definition.replace(tasks=shuffled)) == body

    keys = [task["task_key"] for task in body["task"]]
    assert keys == sorted((task.key for task in made), key=str.encode)
    for task in body["task"]:
        edges = [edge["task_key"] for edge in task.get("depends_on", [])]
        assert edges == sorted(edges, key=str.encode)
        assert set(edges) <= set(keys)
        for each in (task, *([task["for_each_task"]["task"]] if "for_each_task" in task else [])):
            assert {"run_if", "retry_on_timeout"} <= each.keys()
            assert not (each.keys() & {"condition_task", "for_each_task"} and "max_retries" in each)
            declared = {block["job_cluster_key"] for block in body.get("job_cluster", [])}
            assert each.get("job_cluster_key") in {None, *declared}
            declared = {block["environment_key"] for block in body.get("environment", [])}
            assert each.get("environment_key") in {None, *declared}


def test_parameters_reach_tasks_by_reference() -> None:
    task = NotebookTask("a", CODE, parameters={"day": parameter("day")})
    body = document(job(task, operations=Operations(parameters={"day": "today"})))
    assert body["task"][0]["notebook_task"]["base_parameters"] == {"day": "{{job.parameters.day}}"}
    assert body["parameter"] == [{"name": "day", "default": "today"}]
