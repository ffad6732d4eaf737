"""Parameters of the job and of its tasks, and the secrets in them."""

from constructs_lib.errors import nearest
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.job import JobTask, mapping
from constructs_lib.rules.mentions import dynamics
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.references.examples import PARAMETER, reading
from constructs_lib.rules.references.value_references import Seen, Sort, each, reference
from constructs_lib.rules.rule import Hits, Rule

_PARAMETERS = "https://docs.databricks.com/aws/en/jobs/job-parameters"
_TASK_PARAMETERS = "https://docs.databricks.com/aws/en/jobs/task-parameters"
_SECRETS = "https://docs.databricks.com/aws/en/security/secrets/secrets-spark-conf-env-var"
_CODE_WITH_LIST = {"spark_python_task", "python_wheel_task", "spark_jar_task", "spark_submit_task"}
_MAPS = {
    "notebook_task": "base_parameters",
    "sql_task": "parameters",
    "python_wheel_task": "named_parameters",
    "run_job_task": "job_parameters",
}


def _undefined_parameter(seen: Seen) -> Hits:
    said = seen.said
    if len(said) < 3 or said[1] != "parameters":
        return
    parameters, name = seen.job.parameters, ".".join(said[2:])
    given = seen.job.body.get("parameter", [])
    if name in parameters or said[2] in parameters or isinstance(given, str):
        return
    if any("${" in known for known in parameters):
        return
    near = nearest(name, parameters)
    yield seen.hit(
        f"{shown(seen.text)}: the job has no parameter {name!r}",
        f"write {reference('job', 'parameters', near)}" if near else f"add a parameter {name!r} to the job",
    )


def _secret(seen: Seen) -> Hits:
    inner = seen.text[2:].lstrip()
    if inner.startswith(("secrets/", "secret/")) and "spark_submit_task" not in seen.path:
        yield seen.hit(
            f"{shown(seen.text)} is filled in for clusters only, and reaches the task as it is written",
            "read it in the code with dbutils.secrets.get, or give it in spark_conf or spark_env_vars of a cluster",
        )


def _shadowed(task: JobTask) -> Hits:
    parameters = task.job.parameters
    if not parameters:
        return
    for name in filter(_MAPS.__contains__, task.body):
        attribute = _MAPS[name]
        given = mapping(task.block(name).get(attribute))
        for key in given:
            if key in parameters and not _passes_on(given[key], key):
                yield task.hit(
                    name,
                    attribute,
                    key,
                    message=f"parameter {key!r} is a job parameter too, and the job's value wins",
                    hint=f"leave it out, write {reference('job', 'parameters', key)}, or give it another name",
                )


def _passes_on(value: object, key: str) -> bool:
    if not isinstance(value, str) or "{{" not in value:
        return False
    said = next(dynamics(value)).parts
    return said[:2] == ("job", "parameters") and ".".join(said[2:]) in (key, f"[{key}]")


def _unseen_parameters(task: JobTask) -> Hits:
    if not task.job.parameters:
        return
    for name in filter(_CODE_WITH_LIST.__contains__, task.body):
        block = task.block(name)
        if not block or (name == "python_wheel_task" and "parameters" not in block):
            continue
        given = block.get("parameters") or []
        if isinstance(given, list) and not any(isinstance(value, str) and "job.parameters" in value for value in given):
            example = reference("job", "parameters", next(iter(task.job.parameters)))
            yield task.hit(
                name,
                message="positional parameters do not get the job's parameters",
                hint=f"write {example} where the task needs one",
            )


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF417",
        severity=Severity.ERROR,
        title="A value reference names a job parameter that does not exist",
        why="The reference cannot be filled in.",
        source=_PARAMETERS,
        bad=reading("{{job.parameters.dya}}", parameter=PARAMETER),
        good=reading("{{job.parameters.day}}", parameter=PARAMETER),
        job=each("job", check=_undefined_parameter),
    ),
    Rule(
        code="LF423",
        severity=Severity.WARNING,
        title="A secret is given as a parameter",
        why="Secrets are filled in for Spark properties and environment variables of clusters; a task gets the text.",
        source=_SECRETS,
        bad=reading("{{secrets/shop/token}}"),
        good=reading("shop/token"),
        job=each(Sort.OTHER, check=_secret),
    ),
    Rule(
        code="LF428",
        severity=Severity.WARNING,
        title="A job parameter overrides a task parameter",
        why="Job parameters reach every task that takes names, and win over its own value.",
        source=_PARAMETERS,
        bad=job(
            {
                "task_key": "a",
                "sql_task": {"warehouse_id": "w", "query": {"query_id": "q"}, "parameters": {"day": "1"}},
            },
            parameter=PARAMETER,
        ),
        good=job(
            {"task_key": "a", "sql_task": {"warehouse_id": "w", "query": {"query_id": "q"}, "parameters": {"n": "1"}}},
            parameter=PARAMETER,
        ),
        task=_shadowed,
    ),
    Rule(
        code="LF429",
        severity=Severity.INFO,
        title="A task with positional parameters never sees the job's parameters",
        why="Job parameters are passed on by name only; a list of arguments has to name them.",
        source=_TASK_PARAMETERS,
        bad=job(
            {
                "task_key": "a",
                "environment_key": "e",
                "spark_python_task": {"python_file": "/a.py", "parameters": ["x"]},
            },
            parameter=PARAMETER,
            environment=[{"environment_key": "e", "spec": {"environment_version": "4"}}],
        ),
        good=job(
            {
                "task_key": "a",
                "environment_key": "e",
                "spark_python_task": {"python_file": "/a.py", "parameters": ["{{job.parameters.day}}"]},
            },
            parameter=PARAMETER,
            environment=[{"environment_key": "e", "spec": {"environment_version": "4"}}],
        ),
        task=_unseen_parameters,
    ),
)
