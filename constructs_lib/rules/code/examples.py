"""What the rules of code are documented with: their sources, and jobs to show them on."""

from typing import Any

from constructs_lib.rules.examples import job, notebook

JOBS_API = "https://docs.databricks.com/api/workspace/jobs/create"
GIT_PAGE = "https://docs.databricks.com/aws/en/jobs/git"
GIT = {"url": "https://github.com/acme/sales", "provider": "gitHub", "branch": "main"}


def notebook_at(path: str, source: str | None = None) -> dict[str, Any]:
    """Return a task with the notebook at a path."""
    task = notebook("a")
    task["notebook_task"] = {"notebook_path": path, **({"source": source} if source else {})}
    return task


def git_job(**changes: Any) -> dict[str, Any]:
    """Return a job with a notebook from Git, and with these changes of its git_source; None takes one away."""
    git = {name: value for name, value in {**GIT, **changes}.items() if value is not None}
    return job(notebook_at("jobs/ingest", "GIT"), git_source=git)


GOOD = git_job()
