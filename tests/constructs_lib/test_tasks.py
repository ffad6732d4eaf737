"""Step 2: every kind of task as it is written and as the provider gets it, and what is refused."""

import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from constructs_lib import (
    AiDeployment,
    AiRuntimeTask,
    AlertTask,
    CleanRoomNotebookTask,
    ClusterSpec,
    Compute,
    ConditionTask,
    DashboardTask,
    DbtPlatformTask,
    DbtTask,
    ExistingAlert,
    ExistingDashboard,
    ExistingDestination,
    ExistingJob,
    ExistingPipeline,
    ExistingQuery,
    ExistingWarehouse,
    ForEachTask,
    GitFile,
    GitSource,
    Goal,
    HealthRule,
    JarTask,
    JobDefinition,
    Library,
    NotebookTask,
    Operations,
    Outcome,
    PipelineTask,
    PowerBiTable,
    PowerBiTask,
    PythonOperatorTask,
    PythonScriptTask,
    PythonWheelTask,
    Reference,
    Refresh,
    Retries,
    RunIf,
    RunJobTask,
    SparkSubmitTask,
    SqlAlertTask,
    SqlDashboardTask,
    SqlFileTask,
    SqlQueryTask,
    Subscriptions,
    Task,
    TaskNotifications,
    Trigger,
    WorkspacePath,
    loop_input,
    parameter,
)
from constructs_lib.provider import problems
from constructs_lib.references import terraform_json
from tests.support.refusal import refusal

CODE = WorkspacePath("/sales/ingest")
WAREHOUSE = ExistingWarehouse("w1")
IN_GIT = Operations(git=GitSource("https://github.com/example/sales", provider="gitHub", branch="main"))
CLUSTER = Compute.existing_cluster("0101-1")
SILENT = {"retry_on_timeout": False, "run_if": "ALL_SUCCESS"}
"""What every task says, or its neighbour in the provider's list would say it."""


def block(task: Task, *others: Task, **said: Any) -> Any:
    """Return the block of a task in a job that the provider takes."""
    definition = JobDefinition("job", goal=Goal("Order."), tasks=[task, *others], trigger=Trigger.manual(), **said)
    body = terraform_json(definition.render())
    assert problems("databricks_job", body) == []
    return next(each for each in body["task"] if each["task_key"] == task.key)


# Every kind


def test_a_notebook() -> None:
    task = NotebookTask("ingest", CODE, parameters={"day": parameter("day"), "full": ""})
    assert block(task) == {
        **SILENT,
        "task_key": "ingest",
        "notebook_task": {
            "notebook_path": "/sales/ingest",
            "source": "WORKSPACE",
            "base_parameters": {"day": "{{job.parameters.day}}", "full": ""},
        },
    }


def test_a_python_script() -> None:
    task = PythonScriptTask("train", GitFile("jobs/train.py"), arguments=["--day", parameter("day")])
    assert block(task, compute=Compute.serverless(), operations=IN_GIT) == {
        **SILENT,
        "task_key": "train",
        "environment_key": "default",
        "spark_python_task": {
            "python_file": "jobs/train.py",
            "source": "GIT",
            "parameters": ["--day", "{{job.parameters.day}}"],
        },
    }


def test_a_python_wheel() -> None:
    task = PythonWheelTask(
        "train",
        package="sales",
        entry_point="train",
        named_arguments={"day": parameter("day")},
        libraries=[Library.wheel("/Volumes/main/wheels/sales.whl"), Library.pypi("scikit-learn==1.5.2")],
        compute=CLUSTER,
    )
    assert block(task) == {
        **SILENT,
        "task_key": "train",
        "existing_cluster_id": "0101-1",
        "python_wheel_task": {
            "package_name": "sales",
            "entry_point": "train",
            "named_parameters": {"day": "{{job.parameters.day}}"},
        },
        "library": [{"whl": "/Volumes/main/wheels/sales.whl"}, {"pypi": {"package": "scikit-learn==1.5.2"}}],
    }


def test_a_python_wheel_with_arguments_by_position() -> None:
    task = PythonWheelTask("train", package="sales", entry_point="train", arguments=["a", ""], compute=CLUSTER)
    assert block(task)["python_wheel_task"] == {
        "package_name": "sales",
        "entry_point": "train",
        "parameters": ["a", ""],
    }


def test_a_pipeline() -> None:
    assert block(PipelineTask("clean", ExistingPipeline("p1"))) == {
        **SILENT,
        "task_key": "clean",
        "pipeline_task": {"pipeline_id": "p1"},
    }
    anew = PipelineTask("clean", ExistingPipeline("p1"), refresh=Refresh(full=True))
    assert block(anew)["pipeline_task"] == {"pipeline_id": "p1", "full_refresh": True}


def test_another_job() -> None:
    assert block(RunJobTask("refresh", ExistingJob("77"), parameters={"day": "{{input}}"})) == {
        **SILENT,
        "task_key": "refresh",
        "run_job_task": {"job_id": "77", "job_parameters": {"day": "{{input}}"}},
    }


def test_a_saved_query() -> None:
    assert block(SqlQueryTask("count", ExistingQuery("q1"), warehouse=WAREHOUSE, parameters={"day": "1"})) == {
        **SILENT,
        "task_key": "count",
        "sql_task": {"warehouse_id": "w1", "parameters": {"day": "1"}, "query": {"query_id": "q1"}},
    }


def test_a_sql_file() -> None:
    assert block(SqlFileTask("report", GitFile("report.sql"), warehouse=WAREHOUSE), operations=IN_GIT) == {
        **SILENT,
        "task_key": "report",
        "sql_task": {"warehouse_id": "w1", "file": {"path": "report.sql", "source": "GIT"}},
    }


@pytest.mark.parametrize(
    ("op", "words"),
    [
        ("==", "EQUAL_TO"),
        ("!=", "NOT_EQUAL"),
        (">", "GREATER_THAN"),
        (">=", "GREATER_THAN_OR_EQUAL"),
        ("<", "LESS_THAN"),
        ("<=", "LESS_THAN_OR_EQUAL"),
    ],
)
def test_a_condition(op: Any, words: str) -> None:
    ingest = NotebookTask("ingest", CODE)
    task = ConditionTask("enough", ingest.value("rows"), op, "", depends_on=[ingest])
    assert block(task, ingest) == {
        **SILENT,
        "task_key": "enough",
        "depends_on": [{"task_key": "ingest"}],
        "condition_task": {"left": "{{tasks.ingest.values.rows}}", "op": words, "right": ""},
    }


def test_a_loop_over_values() -> None:
    inner = NotebookTask("parse", CODE, parameters={"path": loop_input("path")})
    task = ForEachTask("parse-all", [{"path": "/a"}, {"path": "/ü"}], inner, concurrency=4)
    rendered = block(task)
    assert json.loads(rendered["for_each_task"].pop("inputs")) == [{"path": "/a"}, {"path": "/ü"}]
    assert rendered == {
        **SILENT,
        "task_key": "parse-all",
        "for_each_task": {
            "concurrency": 4,
            "task": {
                **SILENT,
                "task_key": "parse",
                "webhook_notifications": {},
                "notebook_task": {
                    "notebook_path": "/sales/ingest",
                    "source": "WORKSPACE",
                    "base_parameters": {"path": "{{input.path}}"},
                },
            },
        },
    }


def test_a_loop_over_what_a_task_found() -> None:
    listing = SqlFileTask("list", CODE, warehouse=WAREHOUSE)
    task = ForEachTask("each", listing.rows, NotebookTask("one", CODE), depends_on=[listing])
    assert block(task, listing)["for_each_task"]["inputs"] == "{{tasks.list.output.rows}}"


def test_a_loop_over_a_reference() -> None:
    task = ForEachTask("each", Reference.to("var.countries"), NotebookTask("one", CODE))
    assert block(task)["for_each_task"]["inputs"] == "${var.countries}"


ONE_OF_EACH: tuple[Task, ...] = (
    NotebookTask("notebook", CODE),
    PythonScriptTask("script", CODE, compute=CLUSTER),
    PythonWheelTask("wheel", package="p", entry_point="e", compute=CLUSTER),
    PipelineTask("pipeline", ExistingPipeline("p1")),
    RunJobTask("job", ExistingJob("77")),
    SqlQueryTask("query", ExistingQuery("q1"), warehouse=WAREHOUSE),
    SqlFileTask("file", CODE, warehouse=WAREHOUSE),
    SqlAlertTask("old-alert", "a1", warehouse=WAREHOUSE, subscriptions=Subscriptions(["me@example.com"])),
    SqlDashboardTask("old-dashboard", "d1", warehouse=WAREHOUSE),
    DashboardTask("dashboard", ExistingDashboard("d1")),
    AlertTask("alert", ExistingAlert("a1"), warehouse=WAREHOUSE),
    PowerBiTask(
        "power-bi",
        "connection",
        warehouse=WAREHOUSE,
        model="Sales",
        power_bi_workspace="Finance",
        tables=[PowerBiTable("orders", catalog="sales", schema="gold")],
    ),
    JarTask("jar", "org.example.Main", compute=CLUSTER),
    SparkSubmitTask("submit", ["--class", "org.example.Main"], compute=Compute.new_cluster(ClusterSpec(node_type="n"))),
    PythonOperatorTask("operator", "operators.main", compute=Compute.serverless(dependencies=["operators"])),
    CleanRoomNotebookTask("room", "the-room", "the-notebook"),
    DbtTask("dbt", commands=["dbt build"], project=CODE, warehouse=WAREHOUSE, compute=CLUSTER),
    DbtPlatformTask("platform", "connection", "job-1"),
    AiRuntimeTask("train", "/Shared/x", deployment=AiDeployment("/train.sh", accelerator="GPU_8xH100", accelerators=8)),
    ConditionTask("condition", "1", "==", "1"),
    ForEachTask("loop", [1], NotebookTask("inner", CODE)),
)


def test_there_is_one_of_each() -> None:
    kinds: list[type[Task]] = [Task]
    for kind in kinds:
        kinds += kind.__subclasses__()
    abstract = {"Task", "WorkTask", "ComputeTask", "SqlTask"}
    assert {kind.__name__ for kind in kinds} - abstract == {type(task).__name__ for task in ONE_OF_EACH}


@pytest.mark.parametrize("task", ONE_OF_EACH, ids=lambda task: task.key)
def test_every_task_says_what_would_leak_from_its_neighbour(task: Task) -> None:
    body = block(task)
    for said in (body, body["for_each_task"]["task"]) if "for_each_task" in body else (body,):
        assert said["run_if"] == "ALL_SUCCESS"
        assert said["retry_on_timeout"] is False
        assert "email_notifications" not in said
        for kind in ("notebook_task", "spark_python_task"):
            assert said.get(kind, {}).get("source", "WORKSPACE") == "WORKSPACE"
            assert (kind in said) == ("source" in said.get(kind, {}))


@pytest.mark.parametrize("inner", [task for task in ONE_OF_EACH if not task.inner()], ids=lambda task: task.key)
def test_every_task_can_be_looped(inner: Task) -> None:
    nested = block(ForEachTask("each", [1], inner))["for_each_task"]["task"]
    assert nested == {"webhook_notifications": {}, **block(inner)}


# What tasks have in common


def test_what_every_task_can_say() -> None:
    task = NotebookTask(
        "a",
        CODE,
        description="Reads what came.",
        disabled=True,
        run_if=RunIf.ALL_DONE,
        retries=Retries(3, wait=timedelta(minutes=5), on_timeout=True),
        timeout=timedelta(hours=1),
        health=[HealthRule.runs_longer_than(timedelta(minutes=30))],
        notifications=TaskNotifications(on_failure=[ExistingDestination("d1")]),
    )
    assert block(task) == {
        "task_key": "a",
        "description": "Reads what came.",
        "disabled": True,
        "run_if": "ALL_DONE",
        "max_retries": 3,
        "min_retry_interval_millis": 300_000,
        "retry_on_timeout": True,
        "timeout_seconds": 3600,
        "health": {"rules": [{"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": 1800}]},
        "webhook_notifications": {"on_failure": [{"id": "d1"}]},
        "notebook_task": {"notebook_path": "/sales/ingest", "source": "WORKSPACE"},
    }


def test_retries() -> None:
    assert Retries(0).render() == {"max_retries": 0, "retry_on_timeout": False}
    assert Retries(-1, wait=timedelta(seconds=2)).render() == {
        "max_retries": -1,
        "min_retry_interval_millis": 2000,
        "retry_on_timeout": False,
    }


def test_a_task_waits_for_tasks_and_outcomes_in_byte_order_of_their_keys() -> None:
    gate = ConditionTask("b_gate", "1", "==", "1")
    others = [NotebookTask(key, CODE) for key in ("a", "Z", "b-1", "b_", "B")]
    task = NotebookTask("last", CODE, depends_on=[gate.when_false, *others], run_if=RunIf.NONE_FAILED)
    assert block(task, gate, *others)["depends_on"] == [
        {"task_key": "B"},
        {"task_key": "Z"},
        {"task_key": "a"},
        {"task_key": "b-1"},
        {"task_key": "b_"},
        {"task_key": "b_gate", "outcome": "false"},
    ]


def test_a_branch_has_two_edges() -> None:
    gate = ConditionTask("gate", "1", "==", "1")
    assert gate.when_true.edge == {"task_key": "gate", "outcome": "true"}
    assert gate.when_false.edge == {"task_key": "gate", "outcome": "false"}
    assert repr(gate.when_true) == "ConditionTask('gate', '1', '==', '1').when_true"
    assert block(NotebookTask("a", CODE, depends_on=[gate]), gate)["depends_on"] == [{"task_key": "gate"}]


def test_what_the_library_does_not_name_is_said_by_the_provider_s_name() -> None:
    task = NotebookTask("a", CODE, extra={"notebook_task": {"warehouse_id": "w1"}, "disable_auto_optimization": True})
    body = block(task)
    assert body["disable_auto_optimization"] is True
    assert body["notebook_task"] == {
        "notebook_path": "/sales/ingest",
        "source": "WORKSPACE",
        "warehouse_id": "w1",
    }


def test_what_is_said_by_the_provider_s_name_comes_last() -> None:
    task = NotebookTask("a", CODE, compute=CLUSTER, extra={"max_retries": 5, "existing_cluster_id": "0202-2"})
    body = block(task, operations=Operations(retries=Retries(1)))
    assert (body["max_retries"], body["existing_cluster_id"]) == (5, "0202-2")


def test_a_task_on_other_compute_is_another_task() -> None:
    task = NotebookTask("a", CODE)
    moved = task.on(CLUSTER)
    assert moved is not task
    assert block(moved)["existing_cluster_id"] == "0101-1"
    assert "existing_cluster_id" not in block(task)


# Compute


def test_a_task_s_own_compute_wins_over_the_job_s() -> None:
    own = PythonScriptTask("own", CODE, compute=CLUSTER)
    other = PythonScriptTask("other", CODE)
    assert block(own, other, compute=Compute.serverless())["existing_cluster_id"] == "0101-1"
    assert "environment_key" not in block(own, other, compute=Compute.serverless())
    assert block(other, own, compute=Compute.serverless())["environment_key"] == "default"


def test_a_notebook_without_compute_is_serverless_in_its_own_environment() -> None:
    assert block(NotebookTask("a", CODE)).keys() == {"task_key", "run_if", "retry_on_timeout", "notebook_task"}


@pytest.mark.parametrize(
    "task",
    [
        PipelineTask("a", ExistingPipeline("p1")),
        RunJobTask("a", ExistingJob("77")),
        SqlFileTask("a", CODE, warehouse=WAREHOUSE),
        ConditionTask("a", "1", "==", "1"),
    ],
    ids=lambda task: type(task).__name__,
)
def test_what_brings_its_own_compute_takes_none(task: Task) -> None:
    cluster = Compute.job_cluster("c", ClusterSpec(node_type="n"))
    assert block(task, compute=cluster) == block(task)
    definition = JobDefinition("j", goal=Goal("x"), tasks=[task], trigger=Trigger.manual(), compute=cluster)
    assert "job_cluster" not in definition.render()
    assert not hasattr(task, "compute")


# What is refused

KEYS = "letters, digits, '-' and '_', at most 100"
untyped: Any = NotebookTask


@pytest.mark.parametrize(
    ("key", "better"),
    [
        ("load.orders", "'load-orders'"),
        ("Käse & Wein", "'K-se-Wein'"),
        ("a/b/", "'a-b'"),
        ("tail\n", "'tail'"),
        ("", "'a name'"),
        ("ü", "'a name'"),
        ("x" * 101, f"'{'x' * 100}'"),
    ],
)
def test_a_key_that_the_api_refuses_is_answered_with_one_that_it_takes(key: str, better: str) -> None:
    message = refusal(lambda: NotebookTask(key, CODE))
    assert message.startswith("NotebookTask('" + key[:3].replace("\n", "\\n"))
    assert message.endswith(f"): {key!r} is not a task key; write {better}: {KEYS}")


@pytest.mark.parametrize("key", ["a", "A-b_9", "-", "x" * 100])
def test_a_key_that_the_api_takes(key: str) -> None:
    assert NotebookTask(key, CODE).edge == {"task_key": key}


GATE = ConditionTask("gate", "1", "==", "1")
INGEST = NotebookTask("ingest", CODE)
NAMED = "NotebookTask('last', WorkspacePath('/sales/ingest')): depends_on names"
EITHER = "which never both hold; depend on one of them, or on the tasks of both branches with run_if=RunIf.NONE_FAILED"


@pytest.mark.parametrize(
    ("depends_on", "message"),
    [
        ([GATE.when_true, GATE.when_false], f"{NAMED} {GATE!r}.when_true and {GATE!r}.when_false, {EITHER}"),
        ([GATE.when_true, GATE.when_true], f"{NAMED} {GATE!r}.when_true twice; name it once"),
        ([INGEST, INGEST], f"{NAMED} {INGEST!r} twice; name it once"),
        ([INGEST, NotebookTask("ingest", CODE)], f"{NAMED} {INGEST!r} twice; name it once"),
    ],
    ids=["both outcomes", "one outcome twice", "one task twice", "two tasks of one key"],
)
def test_edges_that_exclude_or_repeat_each_other(depends_on: Sequence[Task | Outcome], message: str) -> None:
    assert refusal(lambda: NotebookTask("last", CODE, depends_on=depends_on)) == message


def test_a_condition_and_one_of_its_outcomes_is_one_edge_too_many() -> None:
    """They can both hold, so that is not what is wrong."""
    message = refusal(lambda: NotebookTask("last", CODE, depends_on=[GATE, GATE.when_true]))
    assert "never both hold" not in message


def test_only_a_condition_has_outcomes() -> None:
    assert "ingest" in refusal(lambda: NotebookTask("last", CODE, depends_on=[Outcome(INGEST, "true")]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: untyped("a", CODE, depends_on=INGEST),
            f"NotebookTask('a', {CODE!r}): depends_on: expected a list of Task or Outcome, got NotebookTask {INGEST!r}",
        ),
        (
            lambda: untyped("a", CODE, depends_on=["ingest"]),
            f"NotebookTask('a', {CODE!r}): depends_on: expected a list of Task or Outcome, got list ['ingest']",
        ),
        (
            lambda: untyped("a", CODE, run_if="ALL_DONE"),
            f"NotebookTask('a', {CODE!r}): run_if: expected one of RunIf.ALL_SUCCESS, RunIf.AT_LEAST_ONE_SUCCESS, "
            "RunIf.NONE_FAILED, RunIf.ALL_DONE, RunIf.AT_LEAST_ONE_FAILED, RunIf.ALL_FAILED, got str 'ALL_DONE'",
        ),
        (
            lambda: untyped("a", CODE, parameters={"n": 1}),
            f"NotebookTask('a', {CODE!r}): parameters: expected a dict of a string to a string or Reference, "
            "got 'n': int 1",
        ),
        (
            lambda: untyped("a", CODE, compute="etl"),
            f"NotebookTask('a', {CODE!r}): compute: expected Compute, got str 'etl'",
        ),
    ],
)
def test_what_is_no_argument_of_a_task(make: Callable[[], object], message: str) -> None:
    assert refusal(make) == message


def test_a_path_is_no_notebook_and_the_answer_says_what_is() -> None:
    message = refusal(lambda: untyped("a", "/sales/ingest"))
    assert message.startswith("NotebookTask('a', '/sales/ingest'): notebook: expected")
    assert "WorkspacePath" in message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Retries(-2),
            "Retries(-2): count: -2 is no number of retries; write 0 or more, or -1 for no end",
        ),
        (
            lambda: PythonWheelTask("w", package="p", entry_point="e", arguments=["a"], named_arguments={"b": "c"}),
            "PythonWheelTask('w'): has arguments and named_arguments; give one of them: the API takes one",
        ),
        (
            lambda: ForEachTask("each", [1], ForEachTask("again", [2], INGEST)),
            "which is a loop itself; let the inner loop be a job of its own and run it with RunJobTask",
        ),
        (
            lambda: ForEachTask("each", [1], NotebookTask("one", CODE, depends_on=[INGEST])),
            f"ForEachTask('each', (1,), NotebookTask('one', {CODE!r})): its inner task NotebookTask('one', {CODE!r}) "
            "depends on others; give depends_on to the for-each task",
        ),
        (
            lambda: ForEachTask("each", [1], INGEST, concurrency=0),
            f"ForEachTask('each', (1,), {INGEST!r}): concurrency: 0 is not between 1 and 100",
        ),
        (
            lambda: ForEachTask("each", [1], INGEST, concurrency=101),
            f"ForEachTask('each', (1,), {INGEST!r}): concurrency: 101 is not between 1 and 100",
        ),
    ],
)
def test_what_no_task_can_be(make: Callable[[], object], message: str) -> None:
    assert refusal(make).endswith(message)


@pytest.mark.parametrize(
    "inputs",
    ["a,b", "", "{}", '{"a": 1}', [date(2026, 1, 1)], [Reference.to("var.country")], [float("nan")]],
    ids=str,
)
def test_a_loop_takes_a_list_or_a_reference_to_one(inputs: Any) -> None:
    assert "inputs" in refusal(lambda: ForEachTask("each", inputs, INGEST).render())


@pytest.mark.parametrize("inputs", ['["a", "b"]', "[]", "{{tasks.list.values.them}}", "{{job.parameters.them}}"])
def test_a_loop_takes_a_list_as_json_and_a_dynamic_value(inputs: str) -> None:
    assert block(ForEachTask("each", inputs, INGEST))["for_each_task"]["inputs"] == inputs


def test_a_loop_s_task_has_no_single_node_of_its_own() -> None:
    """The provider does not send its zero workers; those of a job cluster it does."""
    node = ClusterSpec(node_type="n", workers=0)
    alone = ForEachTask("each", [1], NotebookTask("one", CODE, compute=Compute.new_cluster(node)))
    assert "job_cluster" in refusal(lambda: block(alone))
    shared = ForEachTask("each", [1], NotebookTask("one", CODE, compute=Compute.job_cluster("c", node)))
    assert block(shared)["for_each_task"]["task"]["job_cluster_key"] == "c"


@pytest.mark.parametrize(
    "task",
    [PythonScriptTask("a", CODE), PythonWheelTask("a", package="p", entry_point="e")],
    ids=lambda task: type(task).__name__,
)
def test_code_that_needs_an_environment_needs_compute(task: Task) -> None:
    message = (
        f"{task!r} has no compute; "
        "give it compute=, or the job a compute= for all its tasks; Compute.serverless() is the simplest"
    )
    assert refusal(lambda: block(task)) == message
    assert refusal(lambda: block(ForEachTask("each", [1], task))) == message


@pytest.mark.parametrize("compute", [None, Compute.serverless()], ids=["none", "serverless"])
def test_libraries_are_for_clusters(compute: Compute | None) -> None:
    task = NotebookTask("a", CODE, libraries=[Library.pypi("p")])
    assert refusal(lambda: block(task, compute=compute)) == (
        f"NotebookTask('a', {CODE!r}) has libraries, which serverless compute does not install; "
        "write compute=Compute.serverless(dependencies=[…])"
    )
