"""S1, S2 and S3: clusters that mostly start, are of the wrong size, or are meant for people."""

from typing import Any

import pytest

from lakeflow.history.facts import AllPurposeCluster, JobFacts, Usage
from tests.lakeflow.monitor.advising import advised, only, words
from tests.support.facts import Settings, durations, job, on_cluster, settings, stats

SHORT = durations(p50=6, p95=8, longest=9)


def starting(share: float = 0.45) -> JobFacts:
    return job(current=stats(SHORT, setup_share=share))


def test_s1_a_cluster_that_mostly_starts() -> None:
    found = only("S1", None, starting())
    assert words(found) == (
        "45% of the time its clusters are starting",
        "p50 6m over 28 runs in 30 days, 45% of it setup",
        "Run it on serverless compute, or take its machines from an instance pool.",
    )
    assert (found.setting, found.after) == ("job_cluster.etl.new_cluster", None)


def test_s1_tasks_with_a_cluster_each_share_one() -> None:
    own = {"new_cluster": {"node_type_id": "Standard_D8ds_v5", "num_workers": 2}, "notebook_task": {}}
    body = settings({"task_key": "load", **own}, {"task_key": "clean", **own}, without=("job_cluster",))
    found = only("S1", body, starting())
    assert found.change == "Let its tasks share one job cluster, or run them on serverless compute."
    assert (found.task, found.setting) == ("load", "new_cluster")


def pooled() -> Settings:
    return settings(
        job_cluster=[{"job_cluster_key": "etl", "new_cluster": {"instance_pool_id": "p", "num_workers": 4}}]
    )


@pytest.mark.parametrize(
    ("body", "history"),
    [
        (settings(), starting(0.2)),
        (settings(), job(current=stats(setup_share=0.45))),
        (settings(), job(current=stats(SHORT))),
        (settings(), job(current=stats(durations(n=9, p50=6, p95=8, longest=9), setup_share=0.45))),
        (pooled(), starting()),
        (settings({"task_key": "load", "notebook_task": {}}, without=("job_cluster",)), starting()),
        (settings(continuous={"pause_status": "UNPAUSED"}, without=("schedule",)), starting()),
    ],
    ids=["little setup", "long runs", "not known", "nine runs", "from a pool", "serverless", "a stream"],
)
def test_s1_is_silent(body: Settings, history: JobFacts) -> None:
    assert not advised("S1", body, history)


def used(**said: Any) -> JobFacts:
    ordinary: dict[str, Any] = {
        "runs": 28,
        "node_type": "Standard_D8ds_v5",
        "most_workers": 4,
        "cpu_mean": 50,
        "cpu_p95": 80,
        "io_wait_mean": 2,
        "memory_max": 70,
        "swap_max": 0,
    }
    return job(usage=Usage(**{**ordinary, **said}))


IDLE = {"cpu_mean": 11.0, "cpu_p95": 21.0, "memory_max": 38.0}


def test_s2_hardly_used() -> None:
    found = only("S2", None, used(**IDLE))
    assert words(found) == (
        "cluster etl is hardly used",
        "95% of the time below 21% of CPU, at most 38% of memory in use, on 4 workers, of 28 runs in 30 days",
        "Halve its workers to 2, and compare the durations of the runs after it.",
    )
    assert (found.setting, found.before, found.after) == ("job_cluster.etl.new_cluster.num_workers", 4, 2)
    assert found.evidence.confidence == "medium"


def autoscaled(least: int, most: int) -> Settings:
    cluster = {"node_type_id": "Standard_D8ds_v5", "autoscale": {"min_workers": least, "max_workers": most}}
    return settings(job_cluster=[{"job_cluster_key": "etl", "new_cluster": cluster}])


def test_s2_an_autoscaler_that_went_to_its_limit_or_could_not_go_below_it() -> None:
    found = only("S2", autoscaled(1, 12), used(**IDLE, most_workers=12))
    assert (found.setting, found.after) == ("job_cluster.etl.new_cluster.autoscale.max_workers", 6)
    assert only("S2", autoscaled(4, 12), used(**IDLE, most_workers=12)).after == 6
    found = only("S2", autoscaled(4, 12), used(**IDLE, most_workers=4))
    assert (found.setting, found.after) == ("job_cluster.etl.new_cluster.autoscale.min_workers", 2)


def test_s2_out_of_memory() -> None:
    found = only("S2", None, used(memory_max=97.0, swap_max=12.0))
    assert words(found) == (
        "cluster etl runs out of memory",
        "up to 97% of memory, 12% of swap in use, of 28 runs in 30 days",
        "Use Standard_E8ds_v5, which has twice the memory.",
    )
    assert (found.setting, found.after) == ("job_cluster.etl.new_cluster.node_type_id", "Standard_E8ds_v5")


def test_s2_at_its_limit() -> None:
    found = only("S2", None, used(cpu_mean=91.0, cpu_p95=99.0))
    assert (found.title, found.after) == ("cluster etl is at its limit", None)


@pytest.mark.parametrize(
    ("body", "history"),
    [
        (settings(), used()),
        (settings(), used(runs=9, **IDLE)),
        (settings(), used(node_type="Standard_D16ds_v5", **IDLE)),
        (settings(), used(most_workers=8, **IDLE)),
        (settings(), used(cpu_mean=11.0, cpu_p95=21.0, memory_max=75.0)),
        (autoscaled(1, 12), used(most_workers=3, **IDLE)),
        (autoscaled(1, 12), used(most_workers=1, **IDLE)),
        (settings(without=("job_cluster",)), used(**IDLE)),
    ],
    ids=["well used", "nine runs", "changed since", "resized since", "needs the memory", "autoscaled", "small", "none"],
)
def test_s2_is_silent(body: Settings, history: JobFacts) -> None:
    assert not advised("S2", body, history)


SHARED = (AllPurposeCluster(cluster_id="0101-1", name="analysts", runs=12),)


def test_s3_on_an_all_purpose_cluster() -> None:
    body = settings(
        {"task_key": "load", "existing_cluster_id": "0101-1", "notebook_task": {}}, without=("job_cluster",)
    )
    found = only("S3", body, job(all_purpose=SHARED))
    assert words(found) == (
        "runs on an all-purpose cluster",
        "12 runs in 30 days on analysts",
        "Run it on a job cluster or on serverless compute: all-purpose compute is billed at a higher rate.",
    )
    assert (found.task, found.setting, found.before) == ("load", "existing_cluster_id", "0101-1")


def test_s3_is_silent_where_the_code_has_left_it_and_on_two_runs() -> None:
    assert not advised("S3", settings(on_cluster()), job(all_purpose=SHARED))
    body = settings({"task_key": "load", "existing_cluster_id": "0101-1", "notebook_task": {}})
    assert not advised("S3", body, job(all_purpose=(AllPurposeCluster(cluster_id="0101-1", name="a", runs=2),)))
    assert not advised("S3", body)
