"""Clusters: slow to start, of the wrong size, or meant for people and dear for jobs."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lakeflow.history.facts import Usage
from lakeflow.monitor.rules.rule import LEAST_RUNS, Found, Rule, Subject, say, times
from lakeflow.words import block

_SETUP_SHARE = 0.3
_SHORT = 600
_GENERAL = re.compile(r"Standard_D(\d+)(a?)(d?)s_v([3-6])")
"""Azure's machines for general purposes; the E series has the same cores with twice their memory."""


class Cluster(NamedTuple):
    """A cluster that the job makes for itself."""

    path: str
    """Of its settings below the job, or below its task."""
    task: str | None
    settings: Mapping[str, Any]

    @property
    def called(self) -> str:
        """What it is called: `cluster etl`, `the cluster of stream`."""
        return f"the cluster of {self.task}" if self.task else f"cluster {self.path.split('.')[1]}"


def clusters(settings: Mapping[str, Any], tasks: Mapping[str, Mapping[str, Any]]) -> list[Cluster]:
    """Return the clusters that a job makes for itself, shared ones first."""
    shared = [
        Cluster(f"job_cluster.{each['job_cluster_key']}.new_cluster", None, block(each.get("new_cluster")))
        for each in settings.get("job_cluster", ())
    ]
    own = [
        Cluster("new_cluster", key, block(task["new_cluster"])) for key, task in tasks.items() if "new_cluster" in task
    ]
    return shared + own


def _setup(subject: Subject) -> Iterator[Found]:
    durations, share = subject.durations, subject.job.current.setup_share
    found = clusters(subject.settings, subject.tasks)
    if subject.continuous or not durations or share is None or share <= _SETUP_SHARE or durations.p50 >= _SHORT:
        return
    if not found or any(each.settings.get("instance_pool_id") for each in found):
        return
    own = [each for each in found if each.task]
    change = (
        "Let its tasks share one job cluster, or run them on serverless compute."
        if len(own) > 1
        else "Run it on serverless compute, or take its machines from an instance pool."
    )
    yield Found(
        title=f"{share:.0%} of the time its clusters are starting",
        evidence=subject.evidence(
            durations.n, f"p50 {say(durations.p50)} {subject.over(durations.n)}, {share:.0%} of it setup", "p50"
        ),
        change=change,
        setting=found[0].path,
        before=found[0].settings.get("node_type_id"),
        task=found[0].task,
    )


def _size(subject: Subject) -> Iterator[Found]:
    usage = subject.job.usage
    if usage is None or usage.runs < LEAST_RUNS:
        return
    same = [
        each
        for each in clusters(subject.settings, subject.tasks)
        if each.settings.get("node_type_id") == usage.node_type
    ]
    if len(same) != 1:  # which of several it was is not known; of none, it has been changed since
        return
    if usage.swap_max > 1 or usage.memory_max > 90:
        yield from _memory(subject, usage, same[0])
    elif usage.cpu_p95 < 30 and usage.memory_max < 60:
        yield from _idle(subject, usage, same[0])
    elif usage.cpu_mean > 85:
        yield from _busy(subject, usage, same[0])


def _memory(subject: Subject, usage: Usage, cluster: Cluster) -> Iterator[Found]:
    general = _GENERAL.fullmatch(usage.node_type)
    larger = "Standard_E{}{}{}s_v{}".format(*general.groups()) if general else None
    swapped = f", {usage.swap_max:.0f}% of swap" if usage.swap_max > 1 else ""
    yield Found(
        title=f"{cluster.called} runs out of memory",
        evidence=_used(subject, usage, f"up to {usage.memory_max:.0f}% of memory{swapped} in use"),
        change=f"Use {larger}, which has twice the memory." if larger else "Use a node type with more memory.",
        setting=f"{cluster.path}.node_type_id",
        before=usage.node_type,
        after=larger,
        task=cluster.task,
    )


def _idle(subject: Subject, usage: Usage, cluster: Cluster) -> Iterator[Found]:
    """Yield a cluster with too many workers; not one that an autoscaler has kept small already."""
    workers = _workers(cluster)
    count = workers.get(usage.most_workers)
    if count is None or usage.most_workers < 2:
        return
    half = max((usage.most_workers + 1) // 2, workers.least if count == "autoscale.max_workers" else 1)
    if half >= usage.most_workers:
        return
    yield Found(
        title=f"{cluster.called} is hardly used",
        evidence=_used(
            subject,
            usage,
            f"95% of the time below {usage.cpu_p95:.0f}% of CPU, at most {usage.memory_max:.0f}% of memory in use, "
            f"on {usage.most_workers} workers",
            "p95",
        ),
        change=f"Halve its workers to {half}, and compare the durations of the runs after it.",
        setting=f"{cluster.path}.{count}",
        before=usage.most_workers,
        after=half,
        task=cluster.task,
    )


def _busy(subject: Subject, usage: Usage, cluster: Cluster) -> Iterator[Found]:
    count = _workers(cluster).get(usage.most_workers)
    if count not in {"num_workers", "autoscale.max_workers"}:
        return
    yield Found(
        title=f"{cluster.called} is at its limit",
        evidence=_used(subject, usage, f"{usage.cpu_mean:.0f}% of CPU in use on average"),
        change="Give it more workers if the runs should be shorter, and compare the cost per run after it.",
        setting=f"{cluster.path}.{count}",
        before=usage.most_workers,
        task=cluster.task,
    )


class _Workers(NamedTuple):
    least: int
    most: int | None
    fixed: int | None

    def get(self, count: int) -> str | None:
        """Return the setting that made it so many workers; None where none did, or where autoscaling chose."""
        if self.most is None:
            return "num_workers" if self.fixed == count else None
        if count == self.most > self.least:
            return "autoscale.max_workers"
        return "autoscale.min_workers" if count == self.least < self.most else None


def _workers(cluster: Cluster) -> _Workers:
    scale = block(cluster.settings.get("autoscale"))
    return _Workers(scale.get("min_workers", 1), scale.get("max_workers"), cluster.settings.get("num_workers"))


def _used(subject: Subject, usage: Usage, figures: str, percentile: str | None = None) -> Any:
    text = f"{figures}, of {times(usage.runs, 'run')} in {subject.facts.days} days"
    return subject.evidence(usage.runs, text, percentile, confidence="medium")


def _all_purpose(subject: Subject) -> Iterator[Found]:
    runs = sum(cluster.runs for cluster in subject.job.all_purpose)
    on = [key for key, task in subject.tasks.items() if "existing_cluster_id" in task]
    if runs < LEAST_RUNS or not on:
        return
    names = ", ".join(sorted(cluster.name for cluster in subject.job.all_purpose))
    for key in on:
        yield Found(
            title="runs on an all-purpose cluster",
            evidence=subject.evidence(runs, f"{times(runs, 'run')} in {subject.facts.days} days on {names}"),
            change="Run it on a job cluster or on serverless compute: all-purpose compute is billed at a higher rate.",
            setting="existing_cluster_id",
            before=subject.tasks[key]["existing_cluster_id"],
            task=key,
        )


RULES = (
    Rule("S1", "clusters that mostly start", "https://docs.databricks.com/aws/en/jobs/compute", _setup),
    Rule(
        "S2",
        "clusters of the wrong size",
        "https://docs.databricks.com/aws/en/admin/system-tables/compute#node-timeline-table-schema",
        _size,
    ),
    Rule("S3", "jobs on all-purpose clusters", "https://docs.databricks.com/aws/en/jobs/compute", _all_purpose),
)
