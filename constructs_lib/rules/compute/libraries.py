"""Rules of libraries: which kinds there are, and where they can be installed.

https://docs.databricks.com/aws/en/libraries/
"""

from collections.abc import Iterator
from typing import Any

from constructs_lib.errors import shortened
from constructs_lib.rules.compute.examples import EXISTING, JOBS_API, PYPI, SERVERLESS_PAGE, on_etl, sql, with_spec
from constructs_lib.rules.compute.runs_on import (
    CODE,
    ELSEWHERE,
    JUDGED,
    cluster_of,
    clusters_of,
    environment_of,
    on_warehouse,
    runtime_of,
)
from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.given import each, given, only, unknown
from constructs_lib.rules.job import Body, Job, JobTask, text
from constructs_lib.rules.rule import Rule

_LIBRARIES = ("jar", "whl", "egg", "requirements", "pypi", "maven", "cran")


def _serverless_libraries(task: JobTask) -> Iterator[Hit]:
    # A script without a cluster and an environment has another problem: it has nothing to run on.
    serverless = task.type == "notebook_task" or (task.type in CODE and given(task.body.get("environment_key")))
    if serverless and given(task.body.get("library")) and not clusters_of(task) and not on_warehouse(task):
        yield task.hit(
            "library",
            message="has libraries, which serverless compute does not take",
            hint="write them as dependencies of the job's environment",
        )


def _needless_libraries(task: JobTask) -> Iterator[Hit]:
    if given(task.body.get("library")):
        if task.type in JUDGED or on_warehouse(task):
            where = ELSEWHERE.get(task.type or "", "it runs on a SQL warehouse")
            yield task.hit(
                "library",
                message=f"a {task.type} takes no libraries: {where}",
                hint="leave them out",
            )
        elif task.type == "spark_submit_task":
            yield task.hit(
                "library",
                message="a spark_submit_task takes no libraries",
                hint="write --jars and --py-files into its parameters",
            )


def _kinds(library: Body) -> list[str]:
    return [name for name in library if name in _LIBRARIES and library[name] is not None and library[name] != []]


def _library_kinds(task: JobTask) -> Iterator[Hit]:
    for below, library in each(task.body.get("library")):
        kinds = _kinds(library)
        if len(kinds) > 1:
            yield task.hit(
                "library",
                *below,
                kinds[1],
                message=f"a library is a {kinds[0]} and a {kinds[1]}",
                hint="write one library for each",
            )
        elif not kinds and not any(value is not None for value in library.values()):
            yield task.hit(
                "library",
                *below,
                message="a library is empty",
                hint=f"give it exactly one of {', '.join(_LIBRARIES)}",
            )


def _library_names(task: JobTask) -> Iterator[Hit]:
    for below, library in each(task.body.get("library")):
        for kind, name in (("pypi", "package"), ("cran", "package"), ("maven", "coordinates")):
            value = (only(library.get(kind)) or {}).get(name)
            if value == "":
                yield task.hit(
                    "library", *below, kind, name, message=f"{kind}.{name} is empty", hint=f"write the {name}"
                )
            elif kind == "maven" and isinstance(value, str) and value.count(":") < 2 and not unknown(value):
                yield task.hit(
                    "library",
                    *below,
                    kind,
                    name,
                    message=f"the Maven coordinates {value!r} are not group:artifact:version",
                    hint="write all three, such as 'org.jsoup:jsoup:1.7.2'",
                )
        for kind in ("jar", "whl", "egg", "requirements"):
            if library.get(kind) == "":
                yield task.hit("library", *below, kind, message=f"the library's {kind} is empty", hint="write its path")


def _eggs(task: JobTask) -> Iterator[tuple[Path, object]]:
    for below, library in each(task.body.get("library")):
        if given(library.get("egg")):
            yield ("library", *below, "egg"), library["egg"]


def _no_eggs(task: JobTask) -> bool:
    cluster = cluster_of(task)
    return cluster is not None and (runtime_of(cluster) or 0) >= 14


def _egg(task: JobTask) -> Iterator[Hit]:
    for path, egg in _eggs(task):
        if not _no_eggs(task):
            yield task.hit(
                *path, message=f"the egg {shortened(egg)} is deprecated", hint="build a wheel, and write whl"
            )


def _refused_egg(task: JobTask) -> Iterator[Hit]:
    for path, egg in _eggs(task):
        if _no_eggs(task):
            version = (cluster_of(task) or {}).get("spark_version")
            yield task.hit(
                *path,
                message=f"the egg {shortened(egg)} cannot be installed: {version} takes none",
                hint="build a wheel, and write whl",
            )


def _requirements(task: JobTask) -> Iterator[Hit]:
    for below, library in each(task.body.get("library")):
        path = text(library.get("requirements"))
        if path and "://" in path.replace("dbfs:/", "dbfs://") and not path.startswith(("dbfs:/Volumes/", "file:/")):
            yield task.hit(
                "library",
                *below,
                "requirements",
                message=f"the requirements {path!r} are not in the workspace or a volume",
                hint="write a path below /Workspace or /Volumes",
            )


def _nothing_installed(job_: Job) -> Iterator[Hit]:
    tasks = [task for task in job_.tasks if task.type in {"python_wheel_task", "spark_jar_task", "dbt_task"}]
    if not tasks:
        return
    # The libraries of a task are installed on the cluster that it shares with others.
    shared = {str(task.body.get("job_cluster_key")) for task in job_.tasks if given(task.body.get("library"))}
    for task in tasks:
        cluster, environment = cluster_of(task), environment_of(task)
        if given(task.body.get("library")) or "existing_cluster_id" in clusters_of(task):
            continue
        if clusters_of(task):
            alone = str(task.body.get("job_cluster_key")) not in shared or given(task.body.get("new_cluster"))
            bare = cluster is not None and not any(given(cluster.get(name)) for name in _INSTALLERS) and alone
        else:
            bare = environment is not None and not any(given(environment[1].get(name)) for name in _DEPENDENCIES)
            bare = bare and task.type != "spark_jar_task"
        if bare:
            yield task.hit(
                task.type or "",
                message=f"nothing installs what its {task.type} runs",
                hint="write it as a library of the task" if cluster else "write it as a dependency of the environment",
            )


_INSTALLERS = ("policy_id", "init_scripts", "docker_image", "dependency_mode")
_DEPENDENCIES = ("dependencies", "java_dependencies", "base_environment", "project_environment")


def _wheel(**spec: Any) -> dict[str, Any]:
    task = {"task_key": "a", "python_wheel_task": {"package_name": "sales", "entry_point": "train"}}
    environment = {"environment_key": "default", "spec": {"environment_version": "4", **spec}}
    return job({**task, "environment_key": "default"}, environment=[environment])


_ERROR, _INFO = Severity.ERROR, Severity.INFO

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF360",
        severity=_ERROR,
        title="A serverless task has libraries",
        why="The API refuses it: libraries are not supported for serverless tasks, the environment has dependencies.",
        source=SERVERLESS_PAGE,
        bad=job(notebook("a", library=PYPI)),
        good=with_spec(environment_version="4", dependencies=["requests"]),
        task=_serverless_libraries,
        blocks=("library",),
    ),
    Rule(
        code="LF361",
        severity=_ERROR,
        title="A task without a cluster has libraries",
        why="Libraries are installed on a task's cluster, and this type of task has none.",
        source=JOBS_API,
        bad=job(sql(library=PYPI)),
        good=on_etl(*PYPI),
        task=_needless_libraries,
        blocks=("library",),
    ),
    Rule(
        code="LF362",
        severity=_ERROR,
        title="A library is not exactly one kind",
        why="A library is one of jar, whl, requirements, pypi, maven and cran. The provider sends several, or none.",
        source=JOBS_API,
        bad=on_etl({"jar": "/Volumes/main/default/a.jar", "whl": "/Volumes/main/default/a.whl"}),
        good=on_etl({"jar": "/Volumes/main/default/a.jar"}, {"whl": "/Volumes/main/default/a.whl"}),
        task=_library_kinds,
        blocks=("library",),
    ),
    Rule(
        code="LF363",
        severity=_ERROR,
        title="A library is not named",
        why="The installation fails, and with it the task: Maven coordinates are group:artifact:version.",
        source="https://docs.databricks.com/aws/en/libraries/package-repositories",
        bad=on_etl({"maven": {"coordinates": "org.jsoup:jsoup"}}),
        good=on_etl({"maven": {"coordinates": "org.jsoup:jsoup:1.7.2"}}),
        task=_library_names,
        blocks=("library",),
    ),
    Rule(
        code="LF364",
        severity=_INFO,
        title="A library is an egg",
        why="Eggs are deprecated, and no runtime from 14.0 on installs them.",
        source=JOBS_API,
        bad=job(notebook("a", existing_cluster_id=EXISTING, library=[{"egg": "dbfs:/a.egg"}])),
        good=job(notebook("a", existing_cluster_id=EXISTING, library=[{"whl": "/Volumes/main/default/a.whl"}])),
        task=_egg,
        blocks=("library",),
    ),
    Rule(
        code="LF365",
        severity=_ERROR,
        title="A library is an egg, and the runtime takes none",
        why="Databricks Runtime 14.0 and above do not install eggs: the task fails.",
        source=JOBS_API,
        bad=on_etl({"egg": "dbfs:/a.egg"}),
        good=on_etl({"whl": "/Volumes/main/default/a.whl"}),
        task=_refused_egg,
        blocks=("library",),
    ),
    Rule(
        code="LF366",
        severity=_ERROR,
        title="A requirements file is not in the workspace or a volume",
        why="Requirements are installed only from workspace and volume paths.",
        source=JOBS_API,
        bad=on_etl({"requirements": "s3://bucket/requirements.txt"}),
        good=on_etl({"requirements": "/Workspace/Shared/requirements.txt"}),
        task=_requirements,
        blocks=("library",),
    ),
    Rule(
        code="LF379",
        severity=_INFO,
        title="Nothing installs what a task runs",
        why="A wheel, a JAR or dbt comes with the task's libraries or environment, unless the compute has it already.",
        source=JOBS_API,
        bad=_wheel(),
        good=_wheel(dependencies=["/Volumes/main/default/wheels/sales-1.0-py3-none-any.whl"]),
        job=_nothing_installed,
    ),
)
