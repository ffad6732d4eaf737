"""What a job runs on: larger, on another runtime, or no longer on spot machines."""

from collections.abc import Iterator

from constructs_lib.rules import Severity
from lakeflow.review.compute import LONG_TERM, Size, described, falls_back, is_spot, runtime
from lakeflow.review.jobs import JobChange, Json
from lakeflow.review.phrases import Phrase, say, strong
from lakeflow.review.risks.risk import Context, Risk, Seen, named

_MUCH_LARGER = 2.0


def _clusters(job: JobChange, _context: Context) -> Iterator[Seen]:
    old, new = job.clusters(job.before), job.clusters(job.after)
    for key in sorted(old.keys() & new.keys()):
        before, after = old[key], new[key]
        if before != after:
            on = say("cluster {} of {}", strong(key), named(job))
            yield from _size(job, key, on, before, after)
            yield from _runtime(on, before, after)
            yield from _machines(on, before, after)
            yield from _access(on, before, after)
    yield from _shared(job)


def _machines(on: Phrase, before: Json, after: Json) -> Iterator[Seen]:
    if is_spot(before) and not is_spot(after):
        yield Seen(
            (*on, " is no longer on spot machines"), say("nobody takes them back; they cost more"), Severity.INFO
        )
    elif is_spot(after) and not falls_back(after) and not (is_spot(before) and not falls_back(before)):
        yield Seen((*on, " is on spot machines without fallback"), say("the cloud may take them back in a run"))
    if after.get("runtime_engine") == "PHOTON" != before.get("runtime_engine"):
        yield Seen((*on, " runs on Photon"), say("it is faster, and each hour costs more"), Severity.INFO)


def _access(on: Phrase, before: Json, after: Json) -> Iterator[Seen]:
    one, other = before.get("data_security_mode"), after.get("data_security_mode")
    if one != other and other == "NONE":
        yield Seen(
            (*on, *say(": access mode {} → {}", one or "nothing", strong(other))), say("Unity Catalog is out of reach")
        )


def _shared(job: JobChange) -> Iterator[Seen]:
    old, new = job.tasks(job.before), job.tasks(job.after)
    for key in [key for key in new if key in old]:
        if new[key].get("existing_cluster_id") and not old[key].get("existing_cluster_id"):
            yield Seen(
                say("task {} of {} runs on an all-purpose cluster", strong(key), named(job)),
                say("it costs more than a job's own, and others use it too"),
                Severity.INFO,
            )


def _size(job: JobChange, key: str, on: Phrase, before: Json, after: Json) -> Iterator[Seen]:
    one, other = Size.of(before), Size.of(after)
    if one is None or other is None:
        return
    times, more_workers = other.times(one), other.workers > one.workers
    if times <= 1 and not more_workers:
        return
    much = times >= _MUCH_LARGER or (more_workers and other.workers >= _MUCH_LARGER * one.workers)
    users = sum(task.get("job_cluster_key") == key for task in job.tasks(job.after).values())
    used = f"; {users} task{'s use' if users > 1 else ' uses'} it" if users else ""
    measure = "cores" if one.cores and other.cores else "nodes"
    most = " at most" if before.get("autoscale") or after.get("autoscale") else ""
    counts = (one.cores, other.cores) if measure == "cores" else (one.nodes, other.nodes)
    yield Seen(
        (*on, ": ", *say("{} → {}", _sized(before), strong(_sized(after)))),
        say(f"×{times:.2g} {measure}{most}, driver included ({counts[0]} → {counts[1]}){used}"),
        None if much else Severity.INFO,
    )


def _sized(cluster: Json) -> str:
    return described({name: value for name, value in cluster.items() if name != "spark_version"})


def _runtime(on: Phrase, before: Json, after: Json) -> Iterator[Seen]:
    one, other = runtime(before), runtime(after)
    if one is None or other is None or one == other:
        return
    change = say(": runtime {} → {}", before.get("spark_version"), strong(after.get("spark_version")))
    if one[1] in LONG_TERM and other[1] not in LONG_TERM:
        yield Seen((*on, *change), say("without long-term support: fixes end after six months"), Severity.INFO)
    elif one[0] != other[0]:
        yield Seen((*on, *change), say("another major version: Spark and libraries change"), Severity.INFO)


RISKS = (
    Risk(
        "LR109",
        Severity.WARNING,
        "A cluster grows, is less safe, or has another runtime",
        "At twice the cores or workers, on spot machines without fallback and without Unity Catalog it is a warning; "
        "less, another runtime, Photon, an all-purpose cluster, and machines that are no longer spot are info. Prices "
        "are left out: only the ratio is known.",
        job=_clusters,
    ),
)
