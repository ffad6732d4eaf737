"""What a graph says of a job's settings, right or wrong."""

from typing import Any

import pytest
from hypothesis import given

from lakeflow.graph.compute import ComputeKind
from lakeflow.graph.model import TaskGraph
from tests.lakeflow.graph.samples import CYCLE, DAILY_SALES, DIAMOND, anything, condition, few, job, jobs, task


def of(*tasks: Any, **settings: Any) -> TaskGraph:
    return TaskGraph.of(job(*tasks, **settings))


def edges(graph: TaskGraph) -> list[tuple[str, str, str]]:
    return [(graph.nodes[edge.source].key, graph.nodes[edge.target].key, edge.label) for edge in graph.edges]


def test_a_graph_has_the_tasks_of_the_settings_and_what_waits_for_what() -> None:
    graph = TaskGraph.of(DIAMOND)
    assert [node.key for node in graph.nodes] == ["ingest", "customers", "orders", "model"]
    assert edges(graph) == [
        ("ingest", "customers", ""),
        ("ingest", "orders", ""),
        ("customers", "model", ""),
        ("orders", "model", ""),
    ]
    assert graph.levels == (0, 1, 1, 2)
    assert [graph.nodes[place].key for place in graph.longest] == ["ingest", "customers", "model"]
    assert graph.counted == "4 tasks in 3 steps"
    assert graph.oddities == ()


def test_settings_of_the_jobs_api_and_blocks_in_lists_read_the_same() -> None:
    api = {"name": "sales", "tasks": [{**each, "notebook_task": [each["notebook_task"]]} for each in DIAMOND["task"]]}
    assert TaskGraph.of(api) == TaskGraph.of(DIAMOND)


@pytest.mark.parametrize(
    ("settings", "label", "title", "runs"),
    [
        ({"notebook_task": {"notebook_path": "/jobs/ingest.py"}}, "notebook", "ingest.py", "/jobs/ingest.py"),
        ({"notebook_task": {"notebook_path": "${databricks_notebook.ingest.path}"}}, "notebook", "ingest", "ingest"),
        ({"spark_python_task": {"python_file": "a/b.py"}}, "script", "b.py", "a/b.py"),
        (
            {"python_wheel_task": {"package_name": "sales", "entry_point": "train"}},
            "wheel",
            "sales:train",
            "sales:train",
        ),
        ({"spark_jar_task": {"main_class_name": "com.x.Main"}}, "JAR", "Main", "com.x.Main"),
        ({"sql_task": {"query": {"query_id": "q"}}}, "SQL query", "q", "q"),
        ({"sql_task": {"file": {"path": "sql/r.sql"}}}, "SQL file", "r.sql", "sql/r.sql"),
        ({"sql_task": {}}, "SQL", "", ""),
        ({"dbt_task": {"commands": ["dbt run", "dbt test"]}}, "dbt", "run; dbt test", "dbt run; dbt test"),
        ({"pipeline_task": {"pipeline_id": "${databricks_pipeline.clean.id}"}}, "pipeline", "clean", "clean"),
        (
            {"pipeline_task": {"pipeline_id": "p", "full_refresh": True}},
            "pipeline",
            "p (full refresh)",
            "p (full refresh)",
        ),
        ({"run_job_task": {"job_id": 7}}, "run job", "7", "7"),
        ({"run_job_task": {"job_id": "${tonumber(databricks_job.orders.id)}"}}, "run job", "orders", "orders"),
        ({"alert_task": {"workspace_path": "/Workspace/a/late"}}, "alert", "late", "/Workspace/a/late"),
        ({"power_bi_task": {"power_bi_model": {"model_name": "m"}}}, "Power BI", "m", "m"),
        ({"for_each_task": {"inputs": "{{tasks.t.values.all}}", "task": task("i")}}, "for each of", "t.all", "t.all"),
        ({"for_each_task": {"inputs": "[1, 2]", "task": task("i")}}, "for each of", "2: 1, 2", "[1, 2]"),
        ({"brand_new_task": {"x": 1}}, "brand new", "", ""),
        (
            {"notebook_task": {"notebook_path": "$${not a reference}"}},
            "notebook",
            "${not a reference}",
            "${not a reference}",
        ),
    ],
)
def test_a_task_says_what_it_runs_in_the_words_of_its_type(
    settings: dict[str, Any], label: str, title: str, runs: str
) -> None:
    [node] = of(task("t", **settings)).nodes
    assert (node.kind.label, node.title, node.runs) == (label, title, runs)


@pytest.mark.parametrize(
    ("operands", "words"),
    [
        (("{{tasks.a.values.rows}}", "GREATER_THAN", "1000"), "a.rows > 1000"),
        (("{{job.parameters.mode}}", "EQUAL_TO", "full"), 'job.parameters.mode == "full"'),
        (("{{tasks.a.values.`n`}}", "NOT_EQUAL", ""), 'a.n != ""'),
        (("1", "BETWEEN", "x"), '1 BETWEEN "x"'),
    ],
)
def test_a_condition_reads_as_an_expression(operands: tuple[str, str, str], words: str) -> None:
    assert of(task("t", condition_task=condition(*operands))).nodes[0].title == words


@pytest.mark.parametrize(
    ("settings", "kind", "label"),
    [
        ({"job_cluster_key": "etl"}, ComputeKind.JOB_CLUSTER, "etl"),
        ({"new_cluster": {"num_workers": 2, "node_type_id": "m"}}, ComputeKind.NEW_CLUSTER, "own cluster"),
        ({"existing_cluster_id": "0923-x"}, ComputeKind.EXISTING_CLUSTER, "cluster 0923-x"),
        ({"environment_key": "ml"}, ComputeKind.SERVERLESS, "serverless ml"),
        ({"environment_key": "default"}, ComputeKind.SERVERLESS, "serverless"),
        ({}, ComputeKind.SERVERLESS, "serverless"),
        ({"compute": {"hardware_accelerator": "GPU_1xA10"}}, ComputeKind.SERVERLESS, "serverless GPU_1xA10"),
        (
            {"sql_task": {"file": {"path": "x"}, "warehouse_id": "${databricks_sql_endpoint.main.id}"}},
            ComputeKind.WAREHOUSE,
            "warehouse main",
        ),
        ({"sql_task": {"warehouse_id": "sales_warehouse"}}, ComputeKind.WAREHOUSE, "sales_warehouse"),
    ],
)
def test_a_task_says_what_it_runs_on(settings: dict[str, Any], kind: ComputeKind, label: str) -> None:
    compute = of(task("t", **settings)).nodes[0].compute
    assert compute
    assert (compute.kind, compute.label) == (kind, label)


@pytest.mark.parametrize(
    ("cluster", "size"),
    [
        (
            {"autoscale": {"min_workers": 1, "max_workers": 8}, "node_type_id": "m"},
            "1\N{EN DASH}8 \N{MULTIPLICATION SIGN} m",
        ),
        ({"num_workers": 2, "spark_version": "16.4"}, "2 \N{MULTIPLICATION SIGN} worker, 16.4"),
        ({"num_workers": 0, "node_type_id": "m"}, "single m"),
        ({"is_single_node": True}, "single node"),
        ({}, ""),
    ],
)
def test_a_cluster_says_its_size(cluster: dict[str, Any], size: str) -> None:
    graph = of(task("t", job_cluster_key="c"), job_cluster=[{"job_cluster_key": "c", "new_cluster": cluster}])
    assert graph.clusters[0].size == size
    assert graph.nodes[0].compute == graph.clusters[0]


def test_a_pipeline_a_branch_and_another_job_need_no_compute() -> None:
    others: tuple[dict[str, Any], ...] = ({"pipeline_task": {}}, {"condition_task": {}}, {"run_job_task": {}})
    assert [of(task("t", **settings)).nodes[0].compute for settings in others] == [None, None, None]


def test_true_stands_before_false() -> None:
    graph = TaskGraph.of(DAILY_SALES)
    assert [edge for edge in edges(graph) if edge[2]] == [
        ("enough-rows", "per-country", "true"),
        ("enough-rows", "alarm", "false"),
    ]


def test_a_loop_holds_the_task_that_it_repeats() -> None:
    [node] = of(task("each", for_each_task={"inputs": "[1]", "concurrency": 4, "task": [task("one")]})).nodes
    assert node.loop
    assert node.loop.task
    assert (node.loop.pace, node.loop.task.key) == ("4 at a time", "one")


@pytest.mark.parametrize(
    ("tasks", "oddity"),
    [
        ([], "the job has no tasks"),
        ([task("a"), 7], "task 2 is not an object"),
        ([task("b", "zz")], "b depends on zz, which is not in this job"),
        ([task("a", "a")], "a depends on itself"),
        ([task("a", "b"), task("b", "a")], "a cycle: a → b → a"),
        ([task("a"), task("a")], "2 tasks have the key a"),
        ([task("a"), task("b", "a", "a")], "b depends on a twice"),
        ([task("a"), task("b", ("a", "true"))], "b waits for an outcome of a, which is no condition"),
        ([{"task_key": "a"}], "a has no type"),
        ([{"notebook_task": {}}, task("b", "")], None),
        ([task("a", notebook_task={}, sql_task={})], "a has more than one type: notebook_task and sql_task"),
        ([{**task("a"), "depends_on": ["b"]}], "a has a dependency that is not an object"),
        ([task("a", for_each_task={"inputs": "[1]"})], "a has no task to repeat"),
        (
            [task("a", for_each_task={"inputs": "[1]", "task": task("b", for_each_task={"task": task("c")})})],
            "b is a for-each inside a for-each, which Databricks does not run",
        ),
    ],
)
def test_what_is_odd_is_said_once_and_drawn_all_the_same(tasks: list[Any], oddity: str | None) -> None:
    graph = of(*tasks)
    assert graph.oddities == ((oddity,) if oddity else ())
    assert len([node for node in graph.nodes if not node.missing]) == sum(isinstance(each, dict) for each in tasks)


def test_a_task_that_is_not_there_stands_for_what_waits_for_it() -> None:
    graph = of(task("b", "zz"), task("c", "zz"))
    assert [(node.key, node.missing) for node in graph.nodes] == [("b", False), ("c", False), ("zz", True)]
    assert graph.counted == "2 tasks in 2 steps"


def test_of_a_cycle_one_edge_is_left_out_of_the_levels() -> None:
    graph = TaskGraph.of(CYCLE)
    assert [edge.closes_cycle for edge in graph.edges].count(True) == 1
    assert all(graph.levels[e.source] < graph.levels[e.target] for e in graph.edges if not e.closes_cycle)


def test_a_change_is_one_graph_with_what_was_and_what_is() -> None:
    before = of(task("a"), task("b", "a"), task("c", "b"))
    after = of(task("a"), task("c", "a"), task("d", "c", "b"))
    graph = TaskGraph.merged(before, after)
    assert [(node.key, node.missing) for node in graph.nodes] == [
        ("a", False),
        ("c", False),
        ("d", False),
        ("b", False),
    ]
    assert {(source, target) for source, target, _ in edges(graph)} == {
        ("a", "b"),
        ("b", "c"),
        ("a", "c"),
        ("c", "d"),
        ("b", "d"),
    }
    assert graph.oddities == ("d depends on b, which is not in this job",)


def test_a_turned_dependency_makes_a_cycle_only_in_the_merged_graph() -> None:
    graph = TaskGraph.merged(of(task("a"), task("b", "a")), of(task("a", "b"), task("b")))
    assert sorted(edge.closes_cycle for edge in graph.edges) == [False, True]


@few
@given(jobs())
def test_a_valid_job_is_not_odd_and_its_levels_respect_its_edges(settings: dict[str, Any]) -> None:
    graph = TaskGraph.of(settings)
    assert graph.oddities == (() if settings["task"] else ("the job has no tasks",))
    assert all(graph.levels[edge.source] < graph.levels[edge.target] for edge in graph.edges)
    assert all(level == 0 or graph.before[place] for place, level in enumerate(graph.levels))
    assert len(graph.longest) == max(graph.levels, default=-1) + 1


@few
@given(jobs(), jobs())
def test_a_merged_graph_has_each_task_once(before: dict[str, Any], after: dict[str, Any]) -> None:
    merged = TaskGraph.merged(TaskGraph.of(before), TaskGraph.of(after))
    keys = [each["task_key"] for each in before["task"] + after["task"]]
    assert sorted(node.key for node in merged.nodes) == sorted(set(keys))


@pytest.mark.slow
@few
@given(anything(), anything(), anything())
def test_any_settings_make_a_graph(name: Any, tasks: Any, clusters: Any) -> None:
    graph = TaskGraph.of({"name": name, "task": tasks, "job_cluster": clusters})
    assert len(graph.levels) == len(graph.nodes)
    assert all(graph.levels[edge.source] < graph.levels[edge.target] for edge in graph.edges if not edge.closes_cycle)
