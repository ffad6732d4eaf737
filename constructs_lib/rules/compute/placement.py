"""Rules of where a task runs: on one cluster, in an environment, or elsewhere."""

from collections.abc import Iterator

from constructs_lib.errors import shortened
from constructs_lib.rules.compute.examples import DEFAULT, ETL, EXISTING, JOBS_API, SCRIPT, on_etl, sql
from constructs_lib.rules.compute.runs_on import (
    CODE,
    ELSEWHERE,
    JUDGED,
    SCRIPTS,
    cluster_of,
    clusters_of,
    on_warehouse,
    runtime_of,
)
from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.given import given
from constructs_lib.rules.job import Body, Job, JobTask
from constructs_lib.rules.rule import Rule


def _two_clusters(task: JobTask) -> Iterator[Hit]:
    names = clusters_of(task)
    if len(names) > 1:
        names.sort(key=list(task.body).index)
    for name in names[1:]:
        yield task.hit(
            name,
            message=f"has a {names[0]} and a {name}",
            hint="keep one: a task runs on one cluster",
        )


def _classic_environment(task: JobTask) -> Iterator[Hit]:
    if task.type in CODE and clusters_of(task) and given(task.body.get("environment_key")):
        cluster = cluster_of(task)
        if cluster is not None and _legacy_dependencies(cluster):
            yield _with_environment(task, "has an environment_key, which its cluster does not use")


def _perhaps_environment(task: JobTask) -> Iterator[Hit]:
    if task.type in CODE and clusters_of(task) and given(task.body.get("environment_key")):
        cluster = cluster_of(task)
        if cluster is None or not (_legacy_dependencies(cluster) or cluster.get("dependency_mode")):
            yield _with_environment(task, "has an environment_key beside a cluster, which may not use it")


def _with_environment(task: JobTask, what: str) -> Hit:
    return task.hit(
        "environment_key",
        message=f"{what} ({shortened(task.body['environment_key'])} and {clusters_of(task)[0]})",
        hint="leave the cluster out for serverless compute, or the environment and write libraries",
    )


def _legacy_dependencies(cluster: Body) -> bool:
    mode = cluster.get("dependency_mode")
    if given(mode) and mode != "DEPENDENCY_MODE_AUTO":
        return mode == "DEPENDENCY_MODE_CLUSTER_LIBRARIES"
    runtime = runtime_of(cluster)
    return runtime is not None and runtime < 19


def _no_compute(task: JobTask) -> Iterator[Hit]:
    if task.type in SCRIPTS and not clusters_of(task) and not given(task.body.get("environment_key")):
        yield task.hit(
            message=f"a {task.type} has no cluster and no environment to run in",
            hint="write an environment_key for serverless compute, or a job_cluster_key",
        )


def _submit(task: JobTask) -> Iterator[Hit]:
    names = clusters_of(task)
    if "existing_cluster_id" in names and len(names) == 1:
        yield task.hit(
            "existing_cluster_id",
            message="a spark_submit_task runs only on a new cluster, not on an existing one",
            hint="write a new_cluster, or a spark_jar_task",
        )
    elif not names and task.type:
        yield task.hit(
            message="a spark_submit_task has no cluster",
            hint="write a new_cluster",
        )


def _needless_cluster(task: JobTask) -> Iterator[Hit]:
    if task.type in JUDGED:
        for name in clusters_of(task):
            where = ELSEWHERE.get(task.type, "it runs on a SQL warehouse")
            yield task.hit(
                name,
                message=f"a {task.type} takes no {name}: {where}",
                hint="leave it out",
            )


def _needless_environment(task: JobTask) -> Iterator[Hit]:
    if given(task.body.get("environment_key")) and (task.type in JUDGED or on_warehouse(task)):
        where = ELSEWHERE.get(task.type or "", "it runs on a SQL warehouse")
        yield task.hit(
            "environment_key",
            message=f"a {task.type} does not use its environment_key: {where}",
            hint="leave it out",
        )


def _legacy_attributes(job_: Job) -> Iterator[Hit]:
    if job_.top:
        for name in ("existing_cluster_id", "new_cluster", "library"):
            if given(job_.body.get(name)):
                yield Hit(
                    (name,), f"the job has a {name} beside its tasks, which none of them uses", "write it in a task"
                )


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF351",
        severity=_ERROR,
        title="A task has two clusters",
        why="A task runs on one cluster. The provider takes several; the API refuses the job.",
        source=JOBS_API,
        bad=job(notebook("a", job_cluster_key="etl", existing_cluster_id=EXISTING), job_cluster=[ETL]),
        good=on_etl(),
        task=_two_clusters,
    ),
    Rule(
        code="LF352",
        severity=_WARNING,
        title="A task on a cluster has an environment that the cluster does not use",
        why="Environments are for serverless compute, and for clusters whose dependency mode is environments (DBR 19).",
        source=JOBS_API,
        bad=job(
            notebook("a", job_cluster_key="etl", environment_key="default"), job_cluster=[ETL], environment=[DEFAULT]
        ),
        good=job(notebook("a", environment_key="default"), environment=[DEFAULT]),
        task=_classic_environment,
        blocks=("environment_key",),
    ),
    Rule(
        code="LF353",
        severity=_INFO,
        title="A task on a cluster has an environment that the cluster may not use",
        why="Whether an existing cluster takes environments cannot be seen in the job: before DBR 19 none does.",
        source=JOBS_API,
        bad=job(
            notebook("a", existing_cluster_id=EXISTING, environment_key="default"),
            environment=[DEFAULT],
        ),
        good=job(notebook("a", existing_cluster_id=EXISTING)),
        task=_perhaps_environment,
        blocks=("environment_key",),
    ),
    Rule(
        code="LF356",
        severity=_ERROR,
        title="A script, wheel, JAR or dbt task has nothing to run on",
        why="Without a cluster such a task is serverless, and needs an environment; only notebooks have their own.",
        source="https://github.com/databricks/databricks-sdk-py/issues/1228",
        bad=job(SCRIPT),
        good=job({**SCRIPT, "environment_key": "default"}, environment=[DEFAULT]),
        task=_no_compute,
        blocks=SCRIPTS,
    ),
    Rule(
        code="LF357",
        severity=_ERROR,
        title="A spark-submit task has no new cluster",
        why="Spark submit runs only on a cluster of the job's own.",
        source="https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/job",
        bad=job({"task_key": "a", "spark_submit_task": {"parameters": ["x.py"]}, "existing_cluster_id": EXISTING}),
        good=job(
            {
                "task_key": "a",
                "spark_jar_task": {"main_class_name": "com.acme.Main"},
                "existing_cluster_id": EXISTING,
                "library": [{"jar": "/Volumes/main/default/jars/main.jar"}],
            }
        ),
        task=_submit,
        blocks=("spark_submit_task",),
    ),
    Rule(
        code="LF358",
        severity=_ERROR,
        title="A task that needs no cluster has one",
        why="SQL, pipelines, dashboards, alerts and other jobs run elsewhere; the API takes no cluster for them.",
        source=JOBS_API,
        bad=job(sql(existing_cluster_id=EXISTING)),
        good=job(sql()),
        task=_needless_cluster,
        blocks=JUDGED,
    ),
    Rule(
        code="LF359",
        severity=_WARNING,
        title="A task that needs no environment has one",
        why="Nothing of the task runs in it.",
        source=JOBS_API,
        bad=job(sql(environment_key="default"), environment=[DEFAULT]),
        good=job(sql()),
        task=_needless_environment,
        blocks=("environment_key",),
    ),
    Rule(
        code="LF387",
        severity=_WARNING,
        title="A job with tasks has compute or libraries of its own",
        why="They are the syntax of Jobs API 2.0; later versions do not know them, and no task inherits them.",
        source="https://docs.databricks.com/aws/en/reference/jobs-api-2-1-updates",
        bad=job(notebook("a"), existing_cluster_id=EXISTING),
        good=job(notebook("a", existing_cluster_id=EXISTING)),
        job=_legacy_attributes,
    ),
)
