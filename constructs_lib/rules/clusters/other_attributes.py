"""Rules of a cluster's other attributes: SSH keys, tags, and those that do not belong into a job."""

from collections.abc import Iterator

from constructs_lib.rules.clusters.examples import CLUSTERS_API, GOOD, on
from constructs_lib.rules.clusters.values import has
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Cluster, said
from constructs_lib.rules.rule import Rule


def _ssh_keys(cluster: Cluster) -> Iterator[Hit]:
    keys = cluster.body.get("ssh_public_keys")
    if isinstance(keys, list) and len(keys) > 10:
        yield cluster.hit("ssh_public_keys", message=f"{len(keys)} ssh_public_keys; at most 10", hint="keep 10 of them")


def _tags(cluster: Cluster) -> Iterator[Hit]:
    tags = cluster.body.get("custom_tags")
    if isinstance(tags, dict) and len(tags) > 45:
        yield cluster.hit("custom_tags", message=f"{len(tags)} custom_tags; at most 45", hint="keep 45 of them")


def _libraries(cluster: Cluster) -> Iterator[Hit]:
    for name in ("library", "libraries"):
        if said(cluster.body.get(name)):
            yield cluster.hit(
                name,
                message=f"{name} in a new cluster: the Jobs API does not install them",
                hint="write the libraries in the tasks that need them",
            )


_NO_MEANING = ("cluster_name", "cluster_id", "idempotency_token", "workload_type")


def _meaningless(cluster: Cluster) -> Iterator[Hit]:
    for name in _NO_MEANING:
        if has(cluster, name):
            yield cluster.hit(name, message=f"{name} means nothing in a job's cluster", hint="leave it out")


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF650",
        severity=Severity.ERROR,
        title="Too many SSH keys",
        why="Up to 10 keys can be specified.",
        source=CLUSTERS_API,
        bad=on(ssh_public_keys=[f"ssh-ed25519 AAAA{index}" for index in range(11)]),
        good=on(ssh_public_keys=["ssh-ed25519 AAAA1"]),
        cluster=_ssh_keys,
        blocks=("ssh_public_keys",),
    ),
    Rule(
        code="LF651",
        severity=Severity.ERROR,
        title="Too many custom tags",
        why="Databricks allows at most 45 custom tags.",
        source=CLUSTERS_API,
        bad=on(custom_tags={f"tag{index}": "a" for index in range(46)}),
        good=on(custom_tags={f"tag{index}": "a" for index in range(45)}),
        cluster=_tags,
        blocks=("custom_tags",),
    ),
    Rule(
        code="LF652",
        severity=Severity.ERROR,
        title="Libraries in a new cluster",
        why="Libraries cannot be declared in a job's cluster; the provider breaks off the plan with a panic.",
        source="https://github.com/databricks/terraform-provider-databricks/issues/4457",
        bad=on(library=[{"whl": "/Shared/a.whl"}]),
        good=GOOD,
        cluster=_libraries,
    ),
    Rule(
        code="LF653",
        severity=Severity.INFO,
        title="An attribute of other clusters",
        why="Jobs name and identify their clusters themselves.",
        source=CLUSTERS_API,
        bad=on(cluster_name="etl"),
        good=GOOD,
        cluster=_meaningless,
    ),
)
