"""What each cloud takes as tags, and which clouds a job can be on."""

import re
from dataclasses import dataclass

from constructs_lib.machine_types import cloud_of
from constructs_lib.rules.job import Job, said, text


@dataclass(frozen=True, slots=True)
class _Cloud:
    """What a cloud takes as tags."""

    name: str
    key: re.Pattern[str]
    key_length: int
    value: re.Pattern[str]
    value_length: int


CLOUDS = {
    "aws": _Cloud("AWS", re.compile(r"[\w +\-=.:/@]*", re.ASCII), 127, re.compile(r"[\w +\-=.:/@]*", re.ASCII), 255),
    "azure": _Cloud("Azure", re.compile(r"[^<>*&%;\\/+?]*"), 512, re.compile(r".*", re.DOTALL), 256),
    "gcp": _Cloud(
        "Google Cloud",
        re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"),
        63,
        re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"),
        63,
    ),
}


def clouds_of(job: Job) -> tuple[_Cloud, ...]:
    """Return the clouds that the job can be on, going by its clusters: one, or all where they do not tell."""
    found: set[str] = set()
    for cluster in job.clusters:
        found.update(name for name in CLOUDS if said(cluster.body.get(f"{name}_attributes")))
        cloud = cloud_of(text(cluster.body.get("node_type_id")) or "")
        if cloud:
            found.add(cloud)
    return (CLOUDS[found.pop()],) if len(found) == 1 else tuple(CLOUDS.values())


def where(clouds: tuple[_Cloud, ...]) -> str:
    """Return how messages name some clouds."""
    return clouds[0].name if len(clouds) == 1 else "any cloud"
