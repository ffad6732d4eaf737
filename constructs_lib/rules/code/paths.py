"""Rules of where a task's code is: its source and its path."""

from collections.abc import Iterator
from typing import Any

from constructs_lib.rules.code.examples import GIT, GIT_PAGE, GOOD, JOBS_API, notebook_at
from constructs_lib.rules.code.places import codes_of, has_git, scheme_of
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Job
from constructs_lib.rules.quoting import choice, shown
from constructs_lib.rules.rule import Form, Rule

SOURCES = ("WORKSPACE", "GIT")
AS_DEPLOYED = frozenset({Form.REST, Form.TERRAFORM})
"""A bundle's paths are those of the files beside it; its tool writes them anew, and the source of tasks with Git."""
_EXTENSIONS = (".py", ".ipynb", ".sql", ".scala", ".r")


def _source(job: Job) -> Iterator[Hit]:
    for code in codes_of(job):
        if code.source and code.source not in SOURCES:
            yield code.hit(
                "source", f"source {shown(code.source)} is none of WORKSPACE, GIT", choice(code.source, SOURCES)
            )


def _git_without_source(job: Job) -> Iterator[Hit]:
    if not has_git(job):
        for code in codes_of(job):
            if code.source == "GIT":
                yield code.hit(
                    "source", "source is GIT, but the job has no git_source", "write git_source, or source = WORKSPACE"
                )


def _relative_in_workspace(job: Job) -> Iterator[Hit]:
    for code in codes_of(job):
        path = code.path
        if not path or not code.in_workspace or path.startswith(("/", "{{")):
            continue
        if code.is_python and (scheme_of(path) or (has_git(job) and code.source is None)):
            continue
        yield code.hit(
            code.attribute,
            f"{code.attribute} {shown(path)} is no absolute path",
            "write the path in the workspace, such as /Workspace/Shared/…"
            + (", or source = GIT" if has_git(job) else ", or give the job a git_source"),
        )


def _python_in_git_job(job: Job) -> Iterator[Hit]:
    if not has_git(job):
        return
    for code in codes_of(job):
        path = code.path
        if not code.is_python or code.source is not None or not path:
            continue
        if not path.startswith(("/", "{{")) and not scheme_of(path):
            yield code.hit(
                "python_file",
                f"python_file {shown(path)} is looked for in the workspace, not in git_source",
                "write source = GIT",
            )


def _absolute_in_git(job: Job) -> Iterator[Hit]:
    for code in codes_of(job):
        if code.source == "GIT" and code.path and (code.path.startswith("/") or scheme_of(code.path)):
            yield code.hit(
                code.attribute,
                f"{code.attribute} {shown(code.path)} is not relative to the Git repository",
                "write the path from the repository's root without a leading /, or source = WORKSPACE",
            )


def _absolute_by_default(job: Job) -> Iterator[Hit]:
    for code in codes_of(job):
        if code.source is None and code.in_git and code.path and code.path.startswith("/"):
            yield code.hit(
                code.attribute,
                f"{code.attribute} {shown(code.path)} is absolute, but without source the job's git_source is meant",
                "write source = WORKSPACE",
            )


def _outside_repository(job: Job) -> Iterator[Hit]:
    for code in codes_of(job):
        if code.in_git and code.path and ".." in code.path:
            depth = 0
            for part in code.path.split("/"):
                depth += -1 if part == ".." else part not in {"", "."}
                if depth < 0:
                    yield code.hit(
                        code.attribute,
                        f"{code.attribute} {shown(code.path)} leaves the Git repository",
                        "write the path from the repository's root",
                    )
                    break


def _empty(job: Job) -> Iterator[Hit]:
    for code in codes_of(job):
        path = code.path
        if path is None or code.attribute in {"project_directory", "training_script_path"}:
            continue
        if path == "" or path != path.strip():
            problem = "is empty" if not path.strip() else f"{shown(path)} has blanks around it"
            yield code.hit(code.attribute, f"{code.attribute} {problem}", f"write {code.attribute} without blanks")


def _python_scheme(job: Job) -> Iterator[Hit]:
    for code in codes_of(job):
        path = code.path
        if code.is_python and path and scheme_of(path) in {"http", "https", "ftp", "git", "ssh"}:
            yield code.hit(
                "python_file",
                f"python_file {shown(path)} is no place that a cluster reads Python files from",
                "write a path in the workspace or in Git, or a cloud URI such as abfss://… or s3://…",
            )


def _python_on_dbfs(job: Job) -> Iterator[Hit]:
    for code in codes_of(job):
        path = code.path
        if not code.is_python or not path:
            continue
        if path.startswith("dbfs:/") and not path.startswith("dbfs:/Volumes/"):
            yield code.hit(
                "python_file",
                f"python_file {shown(path)} is on DBFS, which a workspace may have switched off",
                "put the file into the workspace, a volume or Git",
            )


def _no_workspace_path(job: Job) -> Iterator[Hit]:
    for code in codes_of(job):
        elsewhere = ("/dbfs/",) if code.is_python else ("/Volumes/", "/dbfs/")
        if code.in_workspace and code.path and code.path.startswith(elsewhere):
            yield code.hit(
                code.attribute,
                f"{code.attribute} {shown(code.path)} is no path in the workspace",
                "write a path that starts with /Workspace/",
            )


def _extension(job: Job) -> Iterator[Hit]:
    for code in codes_of(job):
        path = code.path
        if code.attribute != "notebook_path" or not path or not code.in_workspace:
            continue
        if path.startswith("/") and path.lower().endswith(_EXTENSIONS):
            yield code.hit(
                "notebook_path",
                f"notebook_path {shown(path)} ends like a file; an imported notebook has no extension",
                "look at its path in the workspace",
            )


def _python(path: str, source: str | None = None) -> dict[str, Any]:
    body = {"python_file": path, **({"source": source} if source else {})}
    return {"task_key": "a", "existing_cluster_id": "0923-164208-abcdefgh", "spark_python_task": body}


_GOOD_PATH = job(notebook_at("/Workspace/Shared/ingest", "WORKSPACE"))

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF701",
        severity=Severity.ERROR,
        title="No such source",
        why="Code is in the WORKSPACE or in GIT; the API refuses any other word.",
        source=JOBS_API,
        bad=job(notebook_at("/Workspace/Shared/ingest", "REPO")),
        good=_GOOD_PATH,
        job=_source,
    ),
    Rule(
        code="LF702",
        severity=Severity.ERROR,
        title="Code from Git, but no Git source",
        why="source = GIT takes the code from the job's git_source; there is none.",
        source="https://github.com/databricks/cli/issues/2561",
        bad=job(notebook_at("jobs/ingest", "GIT")),
        good=GOOD,
        job=_git_without_source,
    ),
    Rule(
        code="LF703",
        severity=Severity.ERROR,
        title="A relative path in the workspace",
        why="\"Only absolute paths are currently supported. Paths must begin with '/'.\"",
        source="https://github.com/databrickslabs/dbx/issues/819",
        bad=job(notebook_at("ingest", "WORKSPACE")),
        good=_GOOD_PATH,
        job=_relative_in_workspace,
        forms=AS_DEPLOYED,
    ),
    Rule(
        code="LF704",
        severity=Severity.ERROR,
        title="An absolute path in Git",
        why="\"Only relative paths are currently supported for remote repositories. Paths must not begin with '/'.\"",
        source="https://github.com/databricks/cli/issues/402",
        bad=job(notebook_at("/jobs/ingest", "GIT"), git_source=GIT),
        good=GOOD,
        job=_absolute_in_git,
    ),
    Rule(
        code="LF705",
        severity=Severity.ERROR,
        title="An absolute path, and Git by default",
        why="Where a job has a git_source, tasks that do not say their source take their code from it.",
        source="https://github.com/databricks/terraform-provider-databricks/pull/3120",
        bad=job(notebook_at("/Workspace/Shared/ingest"), git_source=GIT),
        good=job(
            notebook_at("/Workspace/Shared/ingest", "WORKSPACE"),
            {"task_key": "b", "notebook_task": {"notebook_path": "jobs/b", "source": "GIT"}},
            git_source=GIT,
        ),
        job=_absolute_by_default,
    ),
    Rule(
        code="LF706",
        severity=Severity.ERROR,
        title="A Python file of Git without source",
        why='Python files are in the workspace unless source says GIT: "Invalid python file reference".',
        source="https://github.com/databricks/cli/pull/6751",
        bad=job(_python("jobs/ingest.py"), git_source=GIT),
        good=job(_python("jobs/ingest.py", "GIT"), git_source=GIT),
        job=_python_in_git_job,
        forms=AS_DEPLOYED,
    ),
    Rule(
        code="LF707",
        severity=Severity.WARNING,
        title="A path out of the repository",
        why="Only the repository is checked out; there is nothing above its root.",
        source=GIT_PAGE,
        bad=job(notebook_at("../ingest", "GIT"), git_source=GIT),
        good=GOOD,
        job=_outside_repository,
        forms=AS_DEPLOYED,
    ),
    Rule(
        code="LF708",
        severity=Severity.ERROR,
        title="An empty path",
        why="The API refuses a task that does not say where its code is.",
        source=JOBS_API,
        bad=job(notebook_at("", "WORKSPACE")),
        good=_GOOD_PATH,
        job=_empty,
    ),
    Rule(
        code="LF709",
        severity=Severity.ERROR,
        title="A Python file of the web",
        why="Python files are read from the workspace, from Git and from cloud storage.",
        source=JOBS_API,
        bad=job(_python("https://example.com/ingest.py")),
        good=job(_python("abfss://code@acme.dfs.core.windows.net/ingest.py")),
        job=_python_scheme,
    ),
    Rule(
        code="LF710",
        severity=Severity.INFO,
        title="A Python file on DBFS",
        why="Access to the DBFS root and to mounts can be switched off for a workspace.",
        source="https://docs.databricks.com/aws/en/dbfs/disable-dbfs-root-mounts",
        bad=job(_python("dbfs:/jobs/ingest.py")),
        good=job(_python("/Workspace/Shared/ingest.py")),
        job=_python_on_dbfs,
    ),
    Rule(
        code="LF711",
        severity=Severity.WARNING,
        title="A path of another file system",
        why="Volumes and DBFS are not in the workspace; what is run from it is looked for in vain.",
        source=JOBS_API,
        bad=job(notebook_at("/dbfs/jobs/ingest", "WORKSPACE")),
        good=_GOOD_PATH,
        job=_no_workspace_path,
    ),
    Rule(
        code="LF712",
        severity=Severity.INFO,
        title="A notebook that is named like a file",
        why="A notebook that was imported has no extension in its path.",
        source="https://docs.databricks.com/aws/en/jobs/notebook",
        bad=job(notebook_at("/Workspace/Shared/ingest.py", "WORKSPACE")),
        good=_GOOD_PATH,
        job=_extension,
        forms=AS_DEPLOYED,
    ),
)
