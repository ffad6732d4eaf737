"""Rules of serverless compute: accelerators, performance targets, optimization.

https://docs.databricks.com/aws/en/jobs/run-serverless-jobs
"""

from collections.abc import Iterator

from constructs_lib.errors import shortened
from constructs_lib.rules.compute.examples import ETL, JOBS_API, SERVERLESS_PAGE, on_etl
from constructs_lib.rules.compute.runs_on import NO_COMPUTE, clusters_of, on_warehouse
from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.given import given, truth
from constructs_lib.rules.job import Job, JobTask
from constructs_lib.rules.rule import Rule
from constructs_lib.rules.task_types.choices import ACCELERATORS, choose, not_one_of

_TARGETS = ("PERFORMANCE_OPTIMIZED", "STANDARD", "COST_OPTIMIZED")


def _accelerator(task: JobTask) -> Iterator[Hit]:
    value = task.block("compute").get("hardware_accelerator")
    if given(value) and (clusters_of(task) or task.type in NO_COMPUTE):
        where = f"runs on its {clusters_of(task)[0]}" if clusters_of(task) else f"is a {task.type}"
        yield task.hit(
            "compute",
            "hardware_accelerator",
            message=f"has the accelerator {shortened(value)}, which is only for serverless compute, and {where}",
            hint="leave it out; a cluster gets GPUs by its node_type_id",
        )


def _accelerator_type(task: JobTask) -> Iterator[Hit]:
    wrong = not_one_of(task.block("compute").get("hardware_accelerator"), ACCELERATORS)
    if wrong:
        yield task.hit(
            "compute",
            "hardware_accelerator",
            message=f"hardware_accelerator is {wrong!r}",
            hint=choose(wrong, ACCELERATORS),
        )


def _target(job_: Job) -> Iterator[Hit]:
    wrong = not_one_of(job_.body.get("performance_target"), _TARGETS)
    if wrong:
        yield Hit(("performance_target",), f"performance_target is {wrong!r}", choose(wrong, _TARGETS[:2]))


def _cost_target(job_: Job) -> Iterator[Hit]:
    if job_.body.get("performance_target") == "COST_OPTIMIZED" and not given(job_.body.get("duration_target")):
        yield Hit(
            ("performance_target",),
            "performance_target is 'COST_OPTIMIZED' without a duration_target",
            "write 'STANDARD': the provider has no duration_target; with the API write both",
        )


def _no_serverless(job_: Job) -> Iterator[Hit]:
    target = job_.body.get("performance_target")
    if given(target) and job_.top:
        tasks = [task for task in job_.tasks if task.type not in NO_COMPUTE or task.type == "pipeline_task"]
        if tasks and all(clusters_of(task) or on_warehouse(task) for task in tasks):
            yield Hit(
                ("performance_target",),
                f"performance_target is {shortened(target)}, and no task runs on serverless compute",
                "leave it out, or let tasks run serverless",
            )


def _optimization(task: JobTask) -> Iterator[Hit]:
    if truth(task.body.get("disable_auto_optimization")) and clusters_of(task):
        yield task.hit(
            "disable_auto_optimization",
            message=f"disable_auto_optimization is for serverless compute, and it runs on its {clusters_of(task)[0]}",
            hint="leave it out",
        )


_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF380",
        severity=_WARNING,
        title="A task has an accelerator, but does not run serverless",
        why="Accelerators are for serverless GPU compute; a cluster has the GPUs of its nodes.",
        source=JOBS_API,
        bad=job(notebook("a", job_cluster_key="etl", compute={"hardware_accelerator": "GPU_1xA10"}), job_cluster=[ETL]),
        good=job(notebook("a", compute={"hardware_accelerator": "GPU_1xA10"})),
        task=_accelerator,
        blocks=("compute",),
    ),
    Rule(
        code="LF381",
        severity=_ERROR,
        title="An unknown accelerator",
        why="The provider does not check it; the API knows these few.",
        source=JOBS_API,
        bad=job(notebook("a", compute={"hardware_accelerator": "A10"})),
        good=job(notebook("a", compute={"hardware_accelerator": "GPU_1xA10"})),
        task=_accelerator_type,
        blocks=("compute",),
    ),
    Rule(
        code="LF382",
        severity=_ERROR,
        title="An unknown performance target",
        why="The provider does not check it; the API takes PERFORMANCE_OPTIMIZED and STANDARD.",
        source=JOBS_API,
        bad=job(notebook("a"), performance_target="FAST"),
        good=job(notebook("a"), performance_target="STANDARD"),
        job=_target,
        blocks=("performance_target",),
    ),
    Rule(
        code="LF383",
        severity=_ERROR,
        title="A cost-optimized job has no duration target",
        why="COST_OPTIMIZED must come with the time in which the run should end.",
        source=JOBS_API,
        bad=job(notebook("a"), performance_target="COST_OPTIMIZED"),
        good=job(notebook("a"), performance_target="STANDARD"),
        job=_cost_target,
        blocks=("duration_target", "performance_target"),
    ),
    Rule(
        code="LF384",
        severity=_WARNING,
        title="A performance target without serverless tasks",
        why="It only says how serverless compute is used; on clusters it changes nothing.",
        source=SERVERLESS_PAGE,
        bad=job(notebook("a", job_cluster_key="etl"), job_cluster=[ETL], performance_target="STANDARD"),
        good=job(notebook("a"), performance_target="STANDARD"),
        job=_no_serverless,
    ),
    Rule(
        code="LF385",
        severity=_WARNING,
        title="disable_auto_optimization on a cluster",
        why="Only serverless compute retries and optimizes by itself; on a cluster there is nothing to disable.",
        source=SERVERLESS_PAGE,
        bad=on_etl(disable_auto_optimization=True),
        good=job(notebook("a", disable_auto_optimization=True)),
        task=_optimization,
        blocks=("disable_auto_optimization",),
    ),
)
