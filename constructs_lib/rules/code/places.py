"""Where the code of a job's tasks is."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from constructs_lib.rules.finding import Hit, Path
from constructs_lib.rules.job import Body, Job, JobTask, mapping, said, text

BLOCKS = {
    "notebook_task": ((), "notebook_path"),
    "spark_python_task": ((), "python_file"),
    "sql_task": (("file",), "path"),
    "dbt_task": ((), "project_directory"),
    "gen_ai_compute_task": ((), "training_script_path"),
}
"""The task types with code of their own: the block inside, and the attribute that says where."""


class Code(NamedTuple):
    """Where a task's code is."""

    task: JobTask
    body: Body
    at: Path
    """Of the block, in the task."""
    attribute: str
    path: str | None
    """None where it is missing, or unknown yet."""
    source: str | None
    """None where it is not said, an empty string where it is unknown yet."""
    in_git: bool
    """Whether the path is one of the job's Git repository; only Python files are in the workspace by default."""
    in_workspace: bool
    """Whether the path is one of the workspace, or a URI."""
    is_python: bool
    """Whether it is a Python file."""

    def hit(self, name: str, message: str, hint: str) -> Hit:
        """Return a hit at an attribute of the block."""
        return self.task.hit(*self.at, name, message=message, hint=hint)


def has_git(job: Job) -> bool:
    """Return whether a job has a git_source."""
    return said(job.body.get("git_source"))


@lru_cache(maxsize=8)
def codes_of(job: Job) -> tuple[Code, ...]:
    """Return where the code of a job's tasks is; one rule after the other asks this of a job."""
    with_git = has_git(job)
    return tuple(code for task in job.tasks for code in _read(task, with_git))


def _read(task: JobTask, with_git: bool) -> Iterator[Code]:
    for name, (inside, attribute) in BLOCKS.items():
        if name not in task.body:
            continue
        body = mapping(task.body[name])
        for part in inside:
            body = mapping(body.get(part))
        if body:
            source = body.get("source")
            if source is not None:
                source = text(source) or (None if source == "" else "")
            is_python = attribute == "python_file"
            in_git = source == "GIT" or (source is None and with_git and not is_python)
            in_workspace = source == "WORKSPACE" or (source is None and not in_git)
            path = text(body.get(attribute))
            yield Code(task, body, (name, *inside), attribute, path, source, in_git, in_workspace, is_python)


def scheme_of(path: str) -> str | None:
    """Return the scheme of a URI, or None for a path."""
    head, colon, rest = path.partition(":")
    return head.lower() if colon and rest.startswith("/") and head.isalnum() and len(head) > 1 else None
