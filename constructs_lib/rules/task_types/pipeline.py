"""Rules of pipeline tasks, and of the pipelines of another job."""

from collections.abc import Iterator
from typing import Any

from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.given import given, only, strings, truth
from constructs_lib.rules.job import JobTask
from constructs_lib.rules.rule import Rule
from constructs_lib.rules.task_types.examples import task_of

_SELECTIONS = (
    "full_refresh_selection",
    "refresh_selection",
    "refresh_flow_selection",
    "reset_checkpoint_selection",
)


def _refreshes(task: JobTask) -> Iterator[tuple[Path, Any]]:
    if task.type == "pipeline_task":
        yield ("pipeline_task",), task.block("pipeline_task")
    elif task.type == "run_job_task":
        yield ("run_job_task", "pipeline_params"), only(task.block("run_job_task").get("pipeline_params")) or {}


def _full_refresh(task: JobTask) -> Iterator[Hit]:
    for path, block in _refreshes(task):
        if truth(block.get("full_refresh")):
            for name in _SELECTIONS:
                if given(block.get(name)):
                    yield task.hit(
                        *path,
                        name,
                        message=f"{path[-1]} has full_refresh and a {name}: everything, and only some of it",
                        hint=f"keep one: {name} refreshes some, full_refresh all",
                    )


def _refreshed_twice(task: JobTask) -> Iterator[Hit]:
    for path, block in _refreshes(task):
        whole = {name for _, name in strings(block.get("full_refresh_selection"))}
        for index, name in strings(block.get("refresh_selection") if whole else None):
            if name in whole:
                yield task.hit(
                    *path,
                    "refresh_selection",
                    index,
                    message=f"{name!r} is refreshed and fully refreshed",
                    hint="keep it in one of refresh_selection and full_refresh_selection",
                )


_WARNING = Severity.WARNING

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF326",
        severity=_WARNING,
        title="A pipeline is refreshed in full, and in part",
        why="full_refresh resets every table and reads all data again; a selection says the opposite.",
        source="https://docs.databricks.com/api/workspace/pipelines/startupdate",
        bad=job(task_of("pipeline_task", pipeline_id="3c1b", full_refresh=True, refresh_selection=["orders"])),
        good=job(task_of("pipeline_task", pipeline_id="3c1b", full_refresh_selection=["orders"])),
        task=_full_refresh,
        blocks=("pipeline_task", "run_job_task"),
    ),
    Rule(
        code="LF327",
        severity=_WARNING,
        title="A table is refreshed and fully refreshed",
        why="A full refresh resets the table, a refresh does not: one of the two was not meant.",
        source="https://docs.databricks.com/api/workspace/pipelines/startupdate",
        bad=job(
            task_of(
                "pipeline_task", pipeline_id="3c1b", full_refresh_selection=["orders"], refresh_selection=["orders"]
            )
        ),
        good=job(
            task_of("pipeline_task", pipeline_id="3c1b", full_refresh_selection=["orders"], refresh_selection=["items"])
        ),
        task=_refreshed_twice,
        blocks=("pipeline_task", "run_job_task"),
    ),
)
