"""The two tasks of a loop, its own and the one inside."""

from collections.abc import Iterator

from constructs_lib.rules.job import Body, Job, JobTask, mapping


def inner_tasks(job: Job) -> Iterator[tuple[JobTask, str]]:
    """Yield the tasks inside loops, each with its loop's key."""
    if len(job.tasks) > len(job.top):
        for task in job.tasks:
            if task.loop:
                yield task, task.loop.key


def inner_of(task: JobTask) -> Body:
    """Return the task inside a loop, as it is written."""
    return mapping(task.block("for_each_task").get("task"))
