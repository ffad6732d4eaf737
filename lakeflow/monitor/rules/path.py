"""The critical path: which task decides how long a run takes, and which dependency lengthens it."""

import json
from collections.abc import Iterator
from itertools import pairwise

from lakeflow.monitor.critical_path import CriticalPath, critical_path
from lakeflow.monitor.rules.rule import LEAST_RUNS, Found, Rule, Subject, say

_WORTH = 900
_SHARE = 0.6
_LEAST_TASKS = 3
_LEAST_SAVED = 0.1


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
    if any(task not in timed and "condition_task" not in subject.tasks[task] for task in path.tasks):
        return
    slowest = max((task for task in path.tasks if task in timed), key=lambda task: timed[task].p50)
    durations = timed[slowest]
    if durations.p50 < _SHARE * path.seconds:
        return
    idle = sorted(task for task, slack in path.slack.items() if slack >= 60 and task in timed)
    others = f" {', '.join(idle)} could take longer without any harm." if idle else ""
    yield Found(
        title=f"{durations.p50 / path.seconds:.0%} of a run is this task",
        evidence=subject.evidence(
            durations.n,
            f"p50 {say(durations.p50)} of {say(path.seconds)} on the path {' → '.join(path.tasks)}, "
            f"{subject.over(durations.n)}",
            "p50",
        ),
        change=f"Make this task faster, or split it: it decides how long a run takes.{_apart(subject, path)}{others}",
        setting="depends_on",
        before=None,
        task=slowest,
    )


def _apart(subject: Subject, path: CriticalPath) -> str:
    """Return which wait costs most that no value and no outcome asks for; whether data does is not known."""
    waits = [(_saved(subject, path, source, target), source, target) for source, target in pairwise(path.tasks)]
    seconds, source, target = max(waits, key=lambda each: each[0], default=(0.0, "", ""))
    if seconds < _LEAST_SAVED * path.seconds:
        return ""
    return f" If {target} needs nothing of {source} and does not wait for it, a run takes {say(seconds)} less."


def _saved(subject: Subject, path: CriticalPath, source: str, target: str) -> float:
    """Return how much shorter a run is without a dependency; 0 for one that is plainly needed."""
    task = subject.tasks[target]
    edges = [edge for edge in task["depends_on"] if edge["task_key"] != source]
    if f"{{{{tasks.{source}." in json.dumps(task) or any(
        "outcome" in edge for edge in task["depends_on"] if edge["task_key"] == source
    ):
        return 0
    tasks = [{**each, "depends_on": edges} if each is task else each for each in subject.settings["task"]]
    without = critical_path(subject.job, {**subject.settings, "task": tasks})
    return path.seconds - without.seconds if without else 0


RULES = (Rule("K1", "one task decides", "https://docs.databricks.com/aws/en/jobs/monitor", _one_task),)
