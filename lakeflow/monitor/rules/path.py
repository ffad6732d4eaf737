"""The critical path: which task decides how long a run takes."""

from collections.abc import Iterator

from lakeflow.monitor.critical_path import critical_path
from lakeflow.monitor.rules.rule import LEAST_RUNS, Found, Rule, Subject, say

_WORTH = 900
_SHARE = 0.6
_LEAST_TASKS = 3


def _one_task(subject: Subject) -> Iterator[Found]:
    """Yield a task that takes most of the critical path; of a chain of equals there is nothing to say."""
    path = critical_path(subject.job, subject.settings)
    timed = {
        stats.task_key: stats.durations
        for stats in subject.job.tasks
        if stats.durations and stats.durations.n >= LEAST_RUNS
    }
    if subject.continuous or path is None or path.seconds < _WORTH or len(timed) < _LEAST_TASKS:
        return
    if any(task not in timed for task in path.tasks if task in subject.tasks and not _takes_no_time(subject, task)):
        return
    slowest = max((task for task in path.tasks if task in timed), key=lambda task: timed[task].p50)
    durations = timed[slowest]
    if durations.p50 < _SHARE * path.seconds:
        return
    idle = sorted((task for task, slack in path.slack.items() if slack >= 60 and task in timed), key=lambda t: t)
    others = f"; {', '.join(idle)} could take longer without any harm" if idle else ""
    yield Found(
        title=f"{durations.p50 / path.seconds:.0%} of a run is this task",
        evidence=subject.evidence(
            durations.n,
            f"p50 {say(durations.p50)} of {say(path.seconds)} on the path {' → '.join(path.tasks)}, "
            f"{subject.over(durations.n)}",
            "p50",
        ),
        change=f"Make this task faster, or split it: no other one shortens the run by much{others}.",
        setting="depends_on",
        before=None,
        task=slowest,
    )


def _takes_no_time(subject: Subject, task: str) -> bool:
    return "condition_task" in subject.tasks[task]


RULES = (Rule("K1", "one task decides", "https://docs.databricks.com/aws/en/jobs/monitor", _one_task),)
