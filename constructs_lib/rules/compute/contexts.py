"""Rules of how many tasks a cluster runs at once."""

from collections import Counter
from collections.abc import Iterator

from constructs_lib.rules.compute.examples import ETL
from constructs_lib.rules.compute.runs_on import NO_COMPUTE
from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Job, JobTask, number
from constructs_lib.rules.rule import Rule

_CONTEXTS = 145
"""How many tasks a cluster runs at once: https://kb.databricks.com/en_US/execution/maximum-execution-context."""


def _crowd(job_: Job) -> Iterator[Hit]:
    inside = len(job_.tasks) - len(job_.top)
    if len(job_.top) + 100 * inside <= _CONTEXTS:
        return
    weights: Counter[tuple[str, str]] = Counter()
    for task in job_.tasks:
        for cluster in _share(task):
            weights[cluster] += _weight(task)
    crowded = {cluster for cluster, weight in weights.items() if weight > _CONTEXTS}
    if not crowded:
        return
    depths = _depths(job_)
    # Tasks of one depth do not depend on each other, so they may all run at once.
    levels: Counter[tuple[tuple[str, str], int]] = Counter()
    for task in job_.tasks:
        for cluster in _share(task):
            depth = depths.get((task.loop or task).key)
            if cluster in crowded and depth is not None:
                before = levels[cluster, depth]
                levels[cluster, depth] += _weight(task)
                if before <= _CONTEXTS < levels[cluster, depth]:
                    yield task.hit(
                        cluster[0],
                        message=f"more than {_CONTEXTS} tasks may run at once on {cluster[1]!r}",
                        hint="spread them over several job clusters, or let some wait for others",
                    )


def _share(task: JobTask) -> Iterator[tuple[str, str]]:
    for name in ("job_cluster_key", "existing_cluster_id"):
        value = task.body.get(name)
        if isinstance(value, str) and value and task.type not in NO_COMPUTE:
            yield name, value


def _weight(task: JobTask) -> int:
    many = number(task.loop.block("for_each_task").get("concurrency")) if task.loop else None
    return int(many) if many is not None and 1 <= many <= 100 else 1


def _depths(job_: Job) -> dict[str, int]:
    waiting = {key: {parent for parent in task.parents if parent in job_.by_key} for key, task in job_.by_key.items()}
    depths: dict[str, int] = {}
    ready = [key for key, parents in waiting.items() if not parents]
    depth = 0
    while ready:
        depths.update(dict.fromkeys(ready, depth))
        following: list[str] = []
        for key in ready:
            for child in job_.children.get(key, ()):
                parents = waiting.get(child.key)
                if parents and key in parents:
                    parents.discard(key)
                    if not parents:
                        following.append(child.key)
        ready, depth = following, depth + 1
    return depths


_WARNING = Severity.WARNING

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF386",
        severity=_WARNING,
        title="More tasks at once than a cluster takes",
        why='A cluster has at most 145 execution contexts; further tasks fail with "too many execution contexts".',
        source="https://kb.databricks.com/en_US/execution/maximum-execution-context",
        bad=job(*(notebook(f"t{n:03}", job_cluster_key="etl") for n in range(146)), job_cluster=[ETL]),
        good=job(*(notebook(f"t{n:03}", job_cluster_key="etl") for n in range(3)), job_cluster=[ETL]),
        job=_crowd,
    ),
)
