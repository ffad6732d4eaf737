"""Rules of environments: their version and their dependencies."""

from collections.abc import Iterator
from typing import Any

from constructs_lib.errors import shortened
from constructs_lib.rules.compute.examples import JOBS_API, SERVERLESS_PAGE, with_spec
from constructs_lib.rules.compute.runs_on import clusters_of, environment_of
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.given import each, given, only, strings, unknown
from constructs_lib.rules.job import Body, Job, JobTask, text
from constructs_lib.rules.rule import Rule


def _specs(job_: Job) -> Iterator[tuple[str, Path, Body]]:
    for below, block in each(job_.body.get("environment")):
        spec = only(block.get("spec"))
        if spec is not None or not given(block.get("spec")):
            yield f"environment {shortened(block.get('environment_key'))}", ("environment", *below), spec or {}


def _no_version(job_: Job) -> Iterator[Hit]:
    for name, path, spec in _specs(job_):
        if not any(given(spec.get(each_)) for each_ in _BASES):
            yield Hit(
                (*path, "spec") if spec else path,
                f"{name}: it has neither environment_version nor base_environment",
                "write environment_version = '4'",
            )


_BASES = ("environment_version", "base_environment", "client", "project_environment")


def _two_versions(job_: Job) -> Iterator[Hit]:
    for name, path, spec in _specs(job_):
        if given(spec.get("environment_version")) and given(spec.get("base_environment")):
            yield Hit(
                (*path, "spec", "base_environment"),
                f"{name}: it has an environment_version and a base_environment",
                "keep one: a base environment says its version itself",
            )


def _client(job_: Job) -> Iterator[Hit]:
    for name, path, spec in _specs(job_):
        if given(spec.get("client")):
            yield Hit(
                (*path, "spec", "client"),
                f"{name}: client is deprecated",
                f"write environment_version = {shortened(spec['client'])}",
            )


def _version(job_: Job) -> Iterator[Hit]:
    for name, path, spec in _specs(job_):
        version = spec.get("environment_version")
        # Previews have names such as 4-scala-preview.
        wrong = text(version) if isinstance(version, str) else str(version) if isinstance(version, float) else None
        if wrong and not unknown(wrong) and not wrong.partition("-")[0].isdecimal():
            yield Hit(
                (*path, "spec", "environment_version"),
                f"{name}: environment_version is {wrong!r}, which is no whole number",
                "write a version such as '4'",
            )


def _dependencies(job_: Job) -> Iterator[Hit]:
    for name, path, spec in _specs(job_):
        for index, line in strings(spec.get("dependencies")):
            if unknown(line):
                continue
            place = (*path, "spec", "dependencies", index)
            package, equals, version = line.partition("=")
            plain = package.strip().replace("-", "").replace("_", "").replace(".", "").replace("[", "").replace("]", "")
            if not line.strip():
                yield Hit(place, f"{name}: a dependency is empty", "write a line of a pip requirements file")
            elif equals and line[0].isalnum() and plain.isalnum() and not version.startswith("="):
                yield Hit(
                    place,
                    f"{name}: {line!r} is no line of a pip requirements file",
                    f"write '{package.strip()}=={version.strip()}'",
                )


def _no_jar(task: JobTask) -> Iterator[Hit]:
    if task.type != "spark_jar_task" or clusters_of(task):
        return
    found = environment_of(task)
    if found:
        _, spec = found
        if not given(spec.get("java_dependencies")) and not given(spec.get("base_environment")):
            yield task.hit(
                "environment_key",
                message=f"its environment {shortened(task.body['environment_key'])} has no java_dependencies",
                hint="write the JAR as a java_dependency of the environment",
            )


def _jar(**spec: Any) -> dict[str, Any]:
    task = {"task_key": "a", "spark_jar_task": {"main_class_name": "com.acme.Main"}, "environment_key": "default"}
    return job(task, environment=[{"environment_key": "default", "spec": {"environment_version": "4", **spec}}])


_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF373",
        severity=_ERROR,
        title="An environment has no version",
        why="The API refuses it: either base environment or version must be provided for environment.",
        source=JOBS_API,
        bad=with_spec(dependencies=["requests"]),
        good=with_spec(environment_version="4", dependencies=["requests"]),
        job=_no_version,
    ),
    Rule(
        code="LF374",
        severity=_WARNING,
        title="An environment has a version and a base environment",
        why="Either can be given: a base environment defines the version, and the other one is not what runs.",
        source=JOBS_API,
        bad=with_spec(environment_version="4", base_environment="/Workspace/Shared/env.yaml"),
        good=with_spec(base_environment="/Workspace/Shared/env.yaml"),
        job=_two_versions,
    ),
    Rule(
        code="LF375",
        severity=_INFO,
        title="An environment says client",
        why="client is the former name of environment_version.",
        source="https://github.com/databricks/terraform-provider-databricks/issues/4862",
        bad=with_spec(client="2"),
        good=with_spec(environment_version="4"),
        job=_client,
    ),
    Rule(
        code="LF376",
        severity=_ERROR,
        title="An environment's version is no whole number",
        why="Versions are strings that hold a whole number: '1', '2', '3', '4' and so on.",
        source="https://docs.databricks.com/aws/en/release-notes/serverless/environment-version",
        bad=with_spec(environment_version="latest"),
        good=with_spec(environment_version="4"),
        job=_version,
    ),
    Rule(
        code="LF377",
        severity=_ERROR,
        title="A dependency that pip does not understand",
        why="pip cannot read the line, so the environment cannot be made and the task fails.",
        source="https://pip.pypa.io/en/stable/reference/requirements-file-format/",
        bad=with_spec(environment_version="4", dependencies=["requests=2.32"]),
        good=with_spec(environment_version="4", dependencies=["requests==2.32.3"]),
        job=_dependencies,
    ),
    Rule(
        code="LF378",
        severity=_ERROR,
        title="A serverless JAR task has no JAR",
        why="The API refuses it: a serverless JAR task must have java_dependencies in its environment.",
        source=SERVERLESS_PAGE,
        bad=_jar(),
        good=_jar(java_dependencies=["/Volumes/main/default/jars/main.jar"]),
        task=_no_jar,
        blocks=("spark_jar_task",),
    ),
)
