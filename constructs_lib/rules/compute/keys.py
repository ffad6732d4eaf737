"""Rules of the job's clusters, environments and variables, and of the keys that tasks name them by."""

from collections.abc import Iterator

from constructs_lib.errors import listed, nearest, shortened
from constructs_lib.rules.compute.examples import DEFAULT, ETL, JOBS_API, SCRIPT, on_etl
from constructs_lib.rules.compute.runs_on import NO_COMPUTE
from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.given import each, given, unknown
from constructs_lib.rules.job import Job
from constructs_lib.rules.rule import Form, Rule


def _keys(value: object, name: str) -> list[tuple[Path, str]]:
    return [(below, block[name]) for below, block in each(value) if isinstance(block.get(name), str) and block[name]]


def _undefined_clusters(job_: Job) -> Iterator[Hit]:
    yield from _undefined(job_, "job_cluster", "job_cluster_key")


def _undefined_environments(job_: Job) -> Iterator[Hit]:
    yield from _undefined(job_, "environment", "environment_key")


def _undefined_variables(job_: Job) -> Iterator[Hit]:
    yield from _undefined(job_, "environment_variables", "environment_variables_key")


def _undefined(job_: Job, block: str, name: str) -> Iterator[Hit]:
    used = [(task, task.body[name]) for task in job_.tasks if isinstance(task.body.get(name), str)]
    if not used or "dynamic" in job_.body or unknown(job_.body.get(block)):
        return
    keys = {key for _, key in _keys(job_.body.get(block), name)}
    if any("${" in key for key in keys):
        return
    for task, key in used:
        if key and key not in keys and "${" not in key and task.type not in NO_COMPUTE:
            meant = nearest(key, keys)
            hint = (
                f"write {meant!r}" if meant else f"there is {listed(keys)}" if keys else f"define it: {block} {key!r}"
            )
            yield task.hit(name, message=f"{name} {key!r} is no {block} of the job", hint=hint)


def _same_clusters(job_: Job) -> Iterator[Hit]:
    yield from _same(job_, "job_cluster", "job_cluster_key")


def _same_environments(job_: Job) -> Iterator[Hit]:
    yield from _same(job_, "environment", "environment_key")


def _same(job_: Job, block: str, name: str) -> Iterator[Hit]:
    seen: set[str] = set()
    for below, key in _keys(job_.body.get(block), name):
        if key in seen:
            yield Hit((block, *below, name), f"there are two {block}s {key!r}", "give each its own key")
        seen.add(key)


def _empty_cluster(job_: Job) -> Iterator[Hit]:
    for below, block in each(job_.body.get("job_cluster")):
        if not given(block.get("new_cluster")) and not given(block.get("serverless_compute_id")):
            key = shortened(block.get("job_cluster_key"))
            yield Hit(("job_cluster", *below), f"job cluster {key}: it has no new_cluster", "write its new_cluster")


def _two_serverless(job_: Job) -> Iterator[Hit]:
    seen = False
    for below, block in each(job_.body.get("job_cluster")):
        if given(block.get("serverless_compute_id")):
            if seen:
                key = shortened(block.get("job_cluster_key"))
                yield Hit(
                    ("job_cluster", *below, "serverless_compute_id"),
                    f"job cluster {key}: it is the second with a serverless_compute_id",
                    "keep it in one job cluster: a job has at most one",
                )
            seen = True


def _empty_key(job_: Job) -> Iterator[Hit]:
    for block, name in (("job_cluster", "job_cluster_key"), ("environment", "environment_key")):
        for below, entry in each(job_.body.get(block)):
            if entry.get(name) == "":
                yield Hit((block, *below, name), f"the key of a {block} is empty", "write a key, such as 'default'")


def _unused_clusters(job_: Job) -> Iterator[Hit]:
    yield from _unused(job_, "job_cluster", "job_cluster_key")


def _unused_environments(job_: Job) -> Iterator[Hit]:
    yield from _unused(job_, "environment", "environment_key")


def _unused(job_: Job, block: str, name: str) -> Iterator[Hit]:
    keys = _keys(job_.body.get(block), name)
    if not keys or not job_.top or "dynamic" in job_.body:
        return
    used = {key for key in (task.body.get(name) for task in job_.tasks) if isinstance(key, str)}
    if any("${" in key for key in used):
        return
    for below, key in keys:
        if key not in used and "${" not in key:
            yield Hit(
                (block, *below, name), f"no task uses the {block} {key!r}", "leave it out, or give a task its key"
            )


_ERROR, _INFO = Severity.ERROR, Severity.INFO

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF354",
        severity=_ERROR,
        title="A job_cluster_key that the job does not define",
        why="The API refuses the job; nothing checks it before.",
        source=JOBS_API,
        bad=job(notebook("a", job_cluster_key="elt"), notebook("b", job_cluster_key="etl"), job_cluster=[ETL]),
        good=on_etl(),
        job=_undefined_clusters,
    ),
    Rule(
        code="LF355",
        severity=_ERROR,
        title="An environment_key that the job does not define",
        why="The API refuses the job: the environment used by the task is not defined in field 'environments'.",
        source="https://github.com/databricks/dbt-databricks/issues/1055",
        bad=job({**SCRIPT, "environment_key": "default"}),
        good=job({**SCRIPT, "environment_key": "default"}, environment=[DEFAULT]),
        job=_undefined_environments,
    ),
    Rule(
        code="LF367",
        severity=_ERROR,
        title="Two job clusters have one key",
        why="A task could not say which of them it means. The provider takes it; the API refuses the job.",
        source=JOBS_API,
        bad=job(notebook("a", job_cluster_key="etl"), job_cluster=[ETL, ETL]),
        good=on_etl(),
        job=_same_clusters,
        forms=frozenset({Form.TERRAFORM, Form.REST}),  # A bundle merges them.
    ),
    Rule(
        code="LF368",
        severity=_ERROR,
        title="Two environments have one key",
        why="A task could not say which of them it means. The provider takes it; the API refuses the job.",
        source=JOBS_API,
        bad=job(notebook("a", environment_key="default"), environment=[DEFAULT, DEFAULT]),
        good=job(notebook("a", environment_key="default"), environment=[DEFAULT]),
        job=_same_environments,
    ),
    Rule(
        code="LF369",
        severity=_ERROR,
        title="A job cluster has no new_cluster",
        why="It is only a key: there is nothing to start. The provider takes it; the API refuses the job.",
        source=JOBS_API,
        bad=job(notebook("a", job_cluster_key="etl"), job_cluster=[{"job_cluster_key": "etl"}]),
        good=on_etl(),
        job=_empty_cluster,
        blocks=("job_cluster",),
    ),
    Rule(
        code="LF370",
        severity=_ERROR,
        title="Two job clusters have a serverless_compute_id",
        why="At most one job cluster of a job may have one.",
        source=JOBS_API,
        bad=job(
            notebook("a", job_cluster_key="b"),
            notebook("b", job_cluster_key="c"),
            job_cluster=[
                {"job_cluster_key": "b", "serverless_compute_id": "1"},
                {"job_cluster_key": "c", "serverless_compute_id": "2"},
            ],
        ),
        good=job(
            notebook("a", job_cluster_key="b"),
            job_cluster=[{"job_cluster_key": "b", "serverless_compute_id": "1"}],
        ),
        job=_two_serverless,
        blocks=("job_cluster",),
    ),
    Rule(
        code="LF371",
        severity=_INFO,
        title="A job cluster that no task uses",
        why="It costs nothing and is never started, but who reads the job has to find that out.",
        source=JOBS_API,
        bad=job(notebook("a"), job_cluster=[ETL]),
        good=on_etl(),
        job=_unused_clusters,
    ),
    Rule(
        code="LF372",
        severity=_INFO,
        title="An environment that no task uses",
        why="Nothing runs in it, but who reads the job has to find that out.",
        source=JOBS_API,
        bad=job(notebook("a"), environment=[DEFAULT]),
        good=job(notebook("a", environment_key="default"), environment=[DEFAULT]),
        job=_unused_environments,
    ),
    Rule(
        code="LF388",
        severity=_ERROR,
        title="An environment_variables_key that the job does not define",
        why="The task's variables would come from an entry that is not there.",
        source=JOBS_API,
        bad=job(notebook("a", environment_variables_key="etl")),
        good=job(
            notebook("a", environment_variables_key="etl"),
            environment_variables=[{"environment_variables_key": "etl", "spec": {"variables": {"A": "1"}}}],
        ),
        job=_undefined_variables,
    ),
    Rule(
        code="LF389",
        severity=_ERROR,
        title="A job cluster or an environment has an empty key",
        why="No task can name it. The provider only wants the attribute to be there; the API refuses it empty.",
        source=JOBS_API,
        bad=job(notebook("a"), job_cluster=[{**ETL, "job_cluster_key": ""}]),
        good=on_etl(),
        job=_empty_key,
    ),
)
