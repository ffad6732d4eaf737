"""Tags of a job, as its clusters carry them."""

from collections.abc import Iterator
from typing import Any

from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Job, text
from constructs_lib.rules.names.clouds import CLOUDS, clouds_of, where
from constructs_lib.rules.names.shortening import shown
from constructs_lib.rules.rule import Hits, Rule

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_TAGS = "https://docs.databricks.com/aws/en/admin/account-settings/usage-detail-tags"
_CLI_TAGS = "https://github.com/databricks/cli/tree/main/libs/tags"

_MOST_TAGS = 25
_DEFAULT_TAGS = frozenset({"Vendor", "Creator", "ClusterId", "ClusterName", "RunName", "JobId"})


def _tags(job: Job) -> Iterator[tuple[str, str]]:
    """Yield the tags whose keys and values are known now."""
    for key, value in job.block("tags").items():
        known = text(key)
        content = text(value) if isinstance(value, str) else ""  # what numbers become is fine everywhere
        if known is not None and content is not None and "{{" not in content:
            yield known, content


def _latin(value: str) -> bool:
    return value.isascii() or all(ord(letter) < 256 for letter in value)


def _tag_hit(key: str, message: str, hint: str) -> Hit:
    return Hit(("tags", key), f"tags: {message}", hint)


def _too_many_tags(job: Job) -> Hits:
    tags = job.block("tags")
    if len(tags) > _MOST_TAGS:
        yield Hit(("tags",), f"tags: {len(tags)} tags, and a job takes {_MOST_TAGS}", "leave some out")


def _empty_tag(job: Job) -> Hits:
    if "" in job.block("tags"):
        yield _tag_hit("", "a tag has an empty key", "write a key; a label is a key with an empty value")


def _tag_key(job: Job) -> Hits:
    for key, _ in _tags(job):
        if key.isalnum() and key.isascii():
            continue
        clouds = clouds_of(job)
        if key and _latin(key) and not any(cloud.key.fullmatch(key) for cloud in clouds):
            yield _tag_hit(
                key,
                f"the key {shown(key)} has a character that tags on {where(clouds)} do not take",
                "keep to letters, digits and '-', '_' or '.' between them",
            )


def _tag_key_length(job: Job) -> Hits:
    for key, _ in _tags(job):
        if len(key) > min(cloud.key_length for cloud in CLOUDS.values()):
            clouds = clouds_of(job)
            most = max(cloud.key_length for cloud in clouds)
            if len(key) > most:
                yield _tag_hit(
                    key,
                    f"the key {shown(key)} has {len(key)} characters, and tags on {where(clouds)} take {most}",
                    "shorten it",
                )


def _tag_value(job: Job) -> Hits:
    for key, value in _tags(job):
        if not value or (value.isalnum() and value.isascii()):
            continue
        clouds = clouds_of(job)
        if _latin(value) and not any(cloud.value.fullmatch(value) for cloud in clouds):
            yield _tag_hit(
                key,
                f"the value {shown(value)} of {shown(key)} has a character that tags on {where(clouds)} do not take",
                "keep to letters, digits and '-', '_' or '.' between them",
            )


def _tag_value_length(job: Job) -> Hits:
    for key, value in _tags(job):
        if len(value) > min(cloud.value_length for cloud in CLOUDS.values()):
            clouds = clouds_of(job)
            most = max(cloud.value_length for cloud in clouds)
            if len(value) > most:
                yield _tag_hit(
                    key,
                    f"the value of {shown(key)} has {len(value)} characters, and tags on {where(clouds)} take {most}",
                    "shorten it",
                )


def _tag_letters(job: Job) -> Hits:
    for key, value in _tags(job):
        if not _latin(key) or not _latin(value):
            wrong = key if not _latin(key) else value
            yield _tag_hit(
                key,
                f"{shown(wrong)} has letters outside of Latin-1, which tags do not take",
                "keep to letters and digits without accents",
            )


def _reserved_tag(job: Job) -> Hits:
    tags = job.block("tags")
    if not job.clusters:
        return
    for key in tags:
        if key == "Name":
            yield _tag_hit(
                key, "'Name' is what Databricks finds its clusters by, and not to be set", "choose another key"
            )
        elif key in _DEFAULT_TAGS:
            yield _tag_hit(key, f"{key!r} is a tag that Databricks gives every cluster itself", "choose another key")


def _tag_of_cluster(job: Job) -> Hits:
    tags = job.block("tags")
    if not tags:
        return
    for cluster in job.clusters:
        for key, value in cluster.block("custom_tags").items():
            if key in tags and text(value) is not None and text(tags[key]) is not None and value != tags[key]:
                yield cluster.hit(
                    "custom_tags",
                    key,
                    message=f"the tag {shown(key)} is {shown(value)} here and {shown(tags[key])} on the job",
                    hint="a cluster has one value for each key: write it in one place",
                )


_TASK = {
    "task_key": "a",
    "job_cluster_key": "etl",
    "notebook_task": {"notebook_path": "/Shared/a", "source": "WORKSPACE"},
}


def _clustered(tags: dict[str, str], **more: Any) -> dict[str, Any]:
    """Return a job with tags and a cluster on AWS."""
    cluster = {"spark_version": "16.4.x-scala2.12", "node_type_id": "i3.xlarge", "num_workers": 2, **more}
    return job(_TASK, job_cluster=[{"job_cluster_key": "etl", "new_cluster": cluster}], tags=tags)


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF901",
        severity=Severity.ERROR,
        title="A job has more than 25 tags",
        why="The API takes at most 25 tags for a job.",
        source=_API,
        bad=job(tags={f"tag{number}": "x" for number in range(26)}),
        good=job(tags={f"tag{number}": "x" for number in range(25)}),
        job=_too_many_tags,
        blocks=("tags",),
    ),
    Rule(
        code="LF902",
        severity=Severity.ERROR,
        title="A tag has an empty key",
        why="No cloud takes a tag without a key. A label is a key with an empty value.",
        source=_CLI_TAGS,
        bad=job(tags={"": "sales"}),
        good=job(tags={"sales": ""}),
        job=_empty_tag,
        blocks=("tags",),
    ),
    Rule(
        code="LF903",
        severity=Severity.ERROR,
        title="A tag's key has a character that the cloud does not take",
        why="Tags of a job become tags of its clusters' machines, and the API holds them against the cloud's rules.",
        source=_CLI_TAGS,
        bad=_clustered({"cost;centre": "7"}),
        good=_clustered({"cost-centre": "7"}),
        job=_tag_key,
    ),
    Rule(
        code="LF904",
        severity=Severity.ERROR,
        title="A tag's key is too long for the cloud",
        why="AWS takes 127 characters, Azure 512, Google Cloud 63.",
        source=_CLI_TAGS,
        bad=_clustered({"k" * 128: "x"}),
        good=_clustered({"k" * 127: "x"}),
        job=_tag_key_length,
    ),
    Rule(
        code="LF905",
        severity=Severity.ERROR,
        title="A tag's value has a character that the cloud does not take",
        why="Tags of a job become tags of its clusters' machines, and the API holds them against the cloud's rules.",
        source="https://github.com/databricks/cli/issues/809",
        bad=_clustered({"owner": "Ann, Bob"}),
        good=_clustered({"owner": "Ann Bob"}),
        job=_tag_value,
    ),
    Rule(
        code="LF906",
        severity=Severity.ERROR,
        title="A tag's value is too long for the cloud",
        why="AWS takes 255 characters, Azure 256, Google Cloud 63.",
        source=_CLI_TAGS,
        bad=job(tags={"note": "x" * 257}),
        good=job(tags={"note": "x" * 255}),
        job=_tag_value_length,
    ),
    Rule(
        code="LF907",
        severity=Severity.WARNING,
        title="A tag has letters outside of Latin-1",
        why="Keys and values of tags are Latin-1; the bundle tool replaces anything else.",
        source=_CLI_TAGS,
        bad=job(tags={"team": "\N{GREEK SMALL LETTER ALPHA}"}),
        good=job(tags={"team": "alpha"}),
        job=_tag_letters,
    ),
    Rule(
        code="LF908",
        severity=Severity.WARNING,
        title="A tag's key is reserved",
        why="Databricks tags its clusters itself. Such a tag does not arrive, and `Name` makes it lose them.",
        source=_TAGS,
        bad=_clustered({"Name": "etl"}),
        good=_clustered({"project": "etl"}),
        job=_reserved_tag,
    ),
    Rule(
        code="LF909",
        severity=Severity.WARNING,
        title="A tag of the job and one of a cluster differ",
        why="The job's tags are put on its clusters too; of two values for one key one is lost.",
        source=_API,
        bad=_clustered({"team": "a"}, custom_tags={"team": "b"}),
        good=_clustered({"team": "a"}, custom_tags={"stage": "b"}),
        job=_tag_of_cluster,
    ),
)
