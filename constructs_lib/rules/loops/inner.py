"""The task inside a loop."""

from collections.abc import Iterator

from constructs_lib.rules.examples import after, job, notebook
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Cluster, Job, JobTask, mapping, number, said, text
from constructs_lib.rules.loops.examples import inner_task, loop_task
from constructs_lib.rules.loops.tasks import inner_of, inner_tasks
from constructs_lib.rules.rule import IN_TERRAFORM, Rule

_FOR_EACH = "https://docs.databricks.com/aws/en/jobs/tasks/for-each"
_API = "https://docs.databricks.com/api/workspace/jobs/create"
_PROVIDER = "measured with provider 1.128.0"

_SINGLE_NODE = "spark.databricks.cluster.profile"
_SOURCES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("notebook_task", ()),
    ("spark_python_task", ()),
    ("dbt_task", ()),
    ("sql_task", ("file",)),
)


def inner_dependencies(job: Job) -> Iterator[Hit]:
    """Find dependencies of the task inside a loop."""
    for task, loop in inner_tasks(job):
        if said(task.body.get("depends_on")):
            message = f"depends_on does nothing inside the loop {loop!r}"
            yield task.hit("depends_on", message=message, hint=f"move depends_on to {loop!r}")


def inner_run_if(job: Job) -> Iterator[Hit]:
    """Find a `run_if` of the task inside a loop."""
    for task, loop in inner_tasks(job):
        if text(task.body.get("run_if")) not in (None, "", "ALL_SUCCESS"):
            message = f"run_if does nothing inside the loop {loop!r}"
            yield task.hit("run_if", message=message, hint=f"move run_if to {loop!r}")


def inner_key_of_another(job: Job) -> Iterator[Hit]:
    """Find a task inside a loop that has the key of another task."""
    if len(job.tasks) == len(job.top):
        return
    seen: dict[str, JobTask] = {}
    for task in job.tasks:
        if task.loop and task.key:
            other = job.by_key.get(task.key) or seen.get(task.key)
            if other and other is not task.loop:
                where = f"the task inside {other.loop.key!r}" if other.loop else f"task {other.path[-1]} of the job"
                message = f"{where} has this task_key already"
                yield task.hit("task_key", message=message, hint=f"write {task.loop.key + '_each'!r}")
            seen.setdefault(task.key, task)


def inner_key_of_the_loop(task: JobTask) -> Iterator[Hit]:
    """Find a task inside a loop that has the key of the loop."""
    inner = inner_of(task)
    if task.key and inner.get("task_key") == task.key and not task.loop:
        message = "the task inside has the task_key of the loop"
        hint = f"write {task.key + '_each'!r}, so that runs and logs tell them apart"
        yield task.hit("for_each_task", "task", "task_key", message=message, hint=hint)


def inner_single_node(cluster: Cluster) -> Iterator[Hit]:
    """Find a cluster of one node inside a loop."""
    if not cluster.task or not cluster.task.loop or number(cluster.body.get("num_workers")):
        return
    profile = cluster.block("spark_conf").get(_SINGLE_NODE)
    if profile == "singleNode" and not any(said(cluster.body.get(name)) for name in ("autoscale", "policy_id")):
        message = "the provider does not send num_workers = 0 of a cluster inside a loop"
        path = ("num_workers",) if "num_workers" in cluster.body else ()
        yield cluster.hit(
            *path, message=message, hint="make it a job_cluster, and name its job_cluster_key inside the loop"
        )


def inner_source_unsaid(job: Job) -> Iterator[Hit]:
    """Find code inside a loop that does not say where it comes from."""
    for task, _ in inner_tasks(job):
        for name, deeper in _SOURCES:
            block = task.block(name)
            for step in deeper:
                block = mapping(block.get(step))
            if block and block.get("source") is None:
                message = "source is not said: inside a loop, each plan then shows WORKSPACE -> null"
                hint = "write source = 'WORKSPACE', or 'GIT' with a git_source"
                yield task.hit(name, *deeper, message=message, hint=hint)


def inner_webhooks_unsaid(job: Job) -> Iterator[Hit]:
    """Find a task inside a loop that says nothing of webhooks."""
    for task, _ in inner_tasks(job):
        if task.body.get("webhook_notifications") is None:
            message = "webhook_notifications is not said: inside a loop, each plan may then show {} -> null"
            yield task.hit(message=message, hint="write webhook_notifications = {}")


_ALONE = {
    "spark_version": "15.4.x-scala2.12",
    "node_type_id": "Standard_D4ds_v5",
    "num_workers": 0,
    "spark_conf": {_SINGLE_NODE: "singleNode", "spark.master": "local[*]"},
    "custom_tags": {"ResourceClass": "SingleNode"},
}

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF207",
        severity=Severity.WARNING,
        title="Dependencies of the task inside a loop",
        why="It runs once for each input, when the loop runs; there is nothing in the loop that it could wait for.",
        source=_FOR_EACH,
        bad=job(loop_task(inner=inner_task(depends_on=after("list"))), notebook("list")),
        good=job(loop_task(depends_on=after("list")), notebook("list")),
        job=inner_dependencies,
    ),
    Rule(
        code="LF208",
        severity=Severity.WARNING,
        title="A run_if of the task inside a loop",
        why="It depends on nothing that run_if could look at.",
        source=_FOR_EACH,
        bad=job(loop_task(inner=inner_task(run_if="ALL_DONE"), depends_on=after("list")), notebook("list")),
        good=job(loop_task(run_if="NONE_FAILED", depends_on=after("list")), notebook("list")),
        job=inner_run_if,
    ),
    Rule(
        code="LF214",
        severity=Severity.WARNING,
        title="A task inside a loop with the key of another task",
        why="Task keys must be unique in their job, also inside loops.",
        source=_API,
        bad=job(loop_task(), notebook("one")),
        good=job(loop_task(), notebook("other")),
        job=inner_key_of_another,
    ),
    Rule(
        code="LF215",
        severity=Severity.INFO,
        title="A task inside a loop with the key of the loop",
        why="Runs, logs and metrics of the two are hard to tell apart.",
        source=_FOR_EACH,
        bad=job(loop_task(inner=inner_task(task_key="each"))),
        good=job(loop_task()),
        task=inner_key_of_the_loop,
        blocks=("for_each_task",),
    ),
    Rule(
        code="LF216",
        severity=Severity.WARNING,
        title="A cluster of one node inside a loop, deployed by Terraform",
        why="The provider sends num_workers = 0 of other clusters, but not of those inside loops; then the size of the "
        "cluster is missing.",
        source=_PROVIDER,
        bad=job(loop_task(inner=inner_task(new_cluster=_ALONE))),
        good=job(
            loop_task(inner=inner_task(job_cluster_key="alone")),
            job_cluster=[{"job_cluster_key": "alone", "new_cluster": _ALONE}],
        ),
        cluster=inner_single_node,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF217",
        severity=Severity.INFO,
        title="Code inside a loop without its source, deployed by Terraform",
        why="The workspace fills it in, and the provider then shows a change in every plan.",
        source=_PROVIDER,
        bad=job(
            loop_task(inner=inner_task(notebook_task={"notebook_path": "/a", "base_parameters": {"item": "{{input}}"}}))
        ),
        good=job(loop_task()),
        job=inner_source_unsaid,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF218",
        severity=Severity.INFO,
        title="A task inside a loop that says nothing of webhooks, deployed by Terraform",
        why="Where the workspace answers with an empty block, the provider shows a change in every plan.",
        source=_PROVIDER,
        bad=job(loop_task(inner={key: value for key, value in inner_task().items() if key != "webhook_notifications"})),
        good=job(loop_task()),
        job=inner_webhooks_unsaid,
        forms=IN_TERRAFORM,
    ),
)
