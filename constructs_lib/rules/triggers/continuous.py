"""Continuous jobs, and jobs that are kept running."""

from constructs_lib.rules.examples import after, job, notebook
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.job import Job, JobTask, number
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.rule import IN_TERRAFORM, Hits, Rule
from constructs_lib.rules.triggers.blocks import hit_at, is_continuous, of_kind, wrong_choice
from constructs_lib.rules.triggers.examples import always_on

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_CONTINUOUS = "https://docs.databricks.com/aws/en/jobs/continuous"
_PROVIDER = "https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/job"
_MEASURED = "measured with provider 1.128.0"


def _continuous_runs(job: Job) -> Hits:
    runs = number(job.body.get("max_concurrent_runs"))
    if runs is not None and runs > 1 and is_continuous(job):
        yield hit_at(
            ("max_concurrent_runs",),
            f"{shown(job.body['max_concurrent_runs'])}, and a continuous job has one run at a time",
            "write 1, or leave it out",
        )


def _continuous_retries(task: JobTask) -> Hits:
    retries = number(task.body.get("max_retries"))
    if retries and retries >= -1 and is_continuous(task.job):
        yield task.hit(
            "max_retries",
            message=f"max_retries is {shown(task.body['max_retries'])}, and continuous jobs try again in their own way",
            hint="leave it out, and write task_retry_mode ON_FAILURE in `continuous`",
        )


def _continuous_edges(task: JobTask) -> Hits:
    if task.parents and task.loop is None and is_continuous(task.job):
        yield task.hit(
            "depends_on",
            message="a continuous job has no dependencies between tasks",
            hint="run the tasks side by side, or give the job a schedule",
        )


def _retry_mode(job: Job) -> Hits:
    for path, block in of_kind(job, "continuous"):
        yield from wrong_choice((*path, "task_retry_mode"), block.get("task_retry_mode"), ("NEVER", "ON_FAILURE"))


def _no_retry_mode(job: Job) -> Hits:
    for path, block in of_kind(job, "continuous"):
        if block.get("task_retry_mode") is None:
            yield hit_at(
                path,
                "it does not say task_retry_mode, and a failed task is not tried again within the run",
                "write task_retry_mode 'ON_FAILURE', or 'NEVER' where that is meant",
            )


def _controlled(job: Job) -> Hits:
    if job.body.get("control_run_state") is not True:
        return
    if not is_continuous(job) and not isinstance(job.body.get("continuous"), str):
        yield hit_at(
            ("control_run_state",),
            "the provider takes it for continuous jobs only",
            "add `continuous`, or leave it out",
        )


def _always_running(job: Job) -> Hits:
    if job.body.get("always_running") is not True:
        return
    others = [name for name in ("control_run_state", "continuous") if job.body.get(name) not in (None, [], False)]
    runs = number(job.body.get("max_concurrent_runs"))
    if others:
        yield hit_at(
            ("always_running",), f"the job has {others[0]} too", f"leave out always_running, and keep {others[0]}"
        )
    elif runs is not None and runs > 1:
        yield hit_at(("max_concurrent_runs",), "a job that is always_running has one run at a time", "write 1")


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF530",
        severity=Severity.ERROR,
        title="A continuous job has several runs at a time",
        why="A continuous job keeps exactly one run going.",
        source=_CONTINUOUS,
        bad=always_on(max_concurrent_runs=5),
        good=always_on(max_concurrent_runs=1),
        job=_continuous_runs,
    ),
    Rule(
        code="LF531",
        severity=Severity.WARNING,
        title="A task of a continuous job has retries",
        why="Retry policies are not used in continuous jobs; `task_retry_mode` says what happens.",
        source=_CONTINUOUS,
        bad=always_on(notebook("a", max_retries=3)),
        good=always_on(notebook("a")),
        task=_continuous_retries,
        blocks=("max_retries",),
    ),
    Rule(
        code="LF532",
        severity=Severity.WARNING,
        title="A task of a continuous job depends on another",
        why="The documentation rules out dependencies between the tasks of a continuous job.",
        source=_CONTINUOUS,
        bad=always_on(notebook("a"), notebook("b", depends_on=after("a"))),
        good=always_on(notebook("a"), notebook("b")),
        task=_continuous_edges,
        blocks=("depends_on",),
    ),
    Rule(
        code="LF533",
        severity=Severity.ERROR,
        title="A continuous job has an unknown retry mode",
        why="Another value is refused.",
        source=_API,
        bad=job(continuous={"pause_status": "UNPAUSED", "task_retry_mode": "ALWAYS"}),
        good=always_on(),
        job=_retry_mode,
    ),
    Rule(
        code="LF534",
        severity=Severity.INFO,
        title="A continuous job does not say whether failed tasks are tried again",
        why="Silence means NEVER in the API and ON_FAILURE in the user interface.",
        source=_CONTINUOUS,
        bad=job(continuous={"pause_status": "UNPAUSED"}),
        good=always_on(),
        job=_no_retry_mode,
    ),
    Rule(
        code="LF535",
        severity=Severity.ERROR,
        title="control_run_state is set on a job that is not continuous",
        why="The provider refuses it in the plan.",
        source=_MEASURED,
        bad=job(control_run_state=True),
        good=always_on(control_run_state=True),
        job=_controlled,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF536",
        severity=Severity.ERROR,
        title="always_running stands beside what excludes it",
        why="The provider takes it neither with `continuous` and control_run_state nor with several runs at a time.",
        source=_PROVIDER,
        bad=always_on(always_running=True),
        good=always_on(),
        job=_always_running,
        forms=IN_TERRAFORM,
    ),
)
