"""Rules of a cluster's size: a fixed one, a range, a single node.

https://docs.databricks.com/aws/en/compute/configure
"""

from collections.abc import Iterator

from constructs_lib.rules.clusters.examples import CLUSTERS_API, GOOD, MEASURED, on
from constructs_lib.rules.clusters.values import flag, has, is_unknown
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.given import truth
from constructs_lib.rules.job import Cluster, mapping, number, said
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.rule import IN_TERRAFORM, Form, Rule

_PROFILE = "spark.databricks.cluster.profile"


def sizeless(cluster: Cluster) -> bool:
    """Return whether a cluster says nothing about its size."""
    return not said(cluster.body.get("num_workers")) and not said(cluster.body.get("autoscale"))


def _lacks(cluster: Cluster) -> str | None:
    """Return what a cluster lacks to run without workers; None where it lacks nothing, or nobody can know."""
    conf = cluster.body.get("spark_conf")
    if flag(cluster, "is_single_node") or has(cluster, "policy_id") or is_unknown(conf):
        return None
    settings = mapping(conf)
    profile, master = settings.get(_PROFILE), settings.get("spark.master")
    if profile != "singleNode" and not is_unknown(profile):
        return f"spark_conf does not say {_PROFILE} = singleNode"
    if not (is_unknown(master) or (isinstance(master, str) and master.startswith("local"))):
        return "spark_conf does not say spark.master = local[*]"
    return None


_SINGLE_NODE_HINT = (
    "write num_workers of at least 1, or a single node: spark_conf {spark.databricks.cluster.profile: singleNode, "
    "spark.master: local[*]} and custom_tags {ResourceClass: SingleNode}"
)


def _no_size(cluster: Cluster) -> Iterator[Hit]:
    if sizeless(cluster) and not flag(cluster, "is_single_node") and not has(cluster, "policy_id"):
        yield cluster.hit(message="neither num_workers nor autoscale", hint="write num_workers, or autoscale")


def _no_size_in_terraform(cluster: Cluster) -> Iterator[Hit]:
    lack = _lacks(cluster) if sizeless(cluster) else None
    if lack:
        yield cluster.hit(
            message=f"neither num_workers nor autoscale, so that the provider sends num_workers = 0, and {lack}",
            hint=_SINGLE_NODE_HINT,
        )


def _no_workers(cluster: Cluster) -> Iterator[Hit]:
    if number(cluster.body.get("num_workers")) == 0 and not said(cluster.body.get("autoscale")):
        lack = _lacks(cluster)
        if lack:
            yield cluster.hit("num_workers", message=f"num_workers is 0, but {lack}", hint=_SINGLE_NODE_HINT)


def _no_single_node_tag(cluster: Cluster) -> Iterator[Hit]:
    profile = mapping(cluster.body.get("spark_conf")).get(_PROFILE)
    tags = cluster.body.get("custom_tags")
    if profile != "singleNode" or is_unknown(tags) or has(cluster, "policy_id") or _lacks(cluster):
        return
    found = mapping(tags).get("ResourceClass")
    if found != "SingleNode" and not is_unknown(found):
        yield cluster.hit(
            *(("custom_tags", "ResourceClass") if found is not None else ()),
            message="a single node whose custom_tags do not say ResourceClass = SingleNode",
            hint="write custom_tags {ResourceClass: SingleNode}",
        )


def _workers(cluster: Cluster) -> Iterator[Hit]:
    given = cluster.body.get("num_workers")
    count = number(given)
    if count is not None and (count < 0 or count % 1 != 0):
        yield cluster.hit(
            "num_workers", message=f"num_workers {shown(given)} is no count of workers", hint="write a whole number"
        )


def _two_sizes(cluster: Cluster) -> Iterator[Hit]:
    given = cluster.body.get("num_workers")
    count = number(given)
    if count is not None and count > 0 and said(cluster.body.get("autoscale")):
        yield cluster.hit(
            "num_workers",
            message=f"num_workers {shown(given)} and autoscale exclude each other",
            hint="keep num_workers for a fixed size, or autoscale for a range",
        )


def _autoscale(cluster: Cluster) -> Iterator[Hit]:
    scale = cluster.block("autoscale")
    if not scale:
        return
    low, high = (number(scale.get(name)) for name in ("min_workers", "max_workers"))
    for name, count in (("min_workers", low), ("max_workers", high)):
        given = scale.get(name)
        if given is None and not has(cluster, "policy_id"):
            yield cluster.hit(
                "autoscale", message=f"autoscale has no {name}", hint="write both min_workers and max_workers"
            )
        elif count is not None and (count < (0 if name == "min_workers" else 1) or count % 1 != 0):
            yield cluster.hit(
                "autoscale",
                name,
                message=f"autoscale: {name} {shown(given)} is no count of workers",
                hint="write a whole number of at least 1",
            )
    if low is not None and high is not None and 0 < high < low:
        yield cluster.hit(
            "autoscale",
            "max_workers",
            message=f"autoscale: max_workers {shown(scale['max_workers'])} is less than "
            f"min_workers {shown(scale['min_workers'])}",
            hint="write a max_workers greater than min_workers",
        )


def _autoscale_of_one_size(cluster: Cluster) -> Iterator[Hit]:
    scale = cluster.block("autoscale")
    low, high = number(scale.get("min_workers")), number(scale.get("max_workers"))
    if low is not None and low == high and high > 0:
        yield cluster.hit(
            "autoscale",
            "max_workers",
            message=f"autoscale: min_workers and max_workers are both {shown(scale['max_workers'])}",
            hint="write num_workers for a fixed size; max_workers has to be greater than min_workers",
        )


def _single_node_with_workers(cluster: Cluster) -> Iterator[Hit]:
    profile = mapping(cluster.body.get("spark_conf")).get(_PROFILE)
    if profile != "singleNode" and not truth(cluster.body.get("is_single_node")):
        return
    count = number(cluster.body.get("num_workers"))
    name = "num_workers" if count else "autoscale"
    if count or said(cluster.body.get("autoscale")):
        yield cluster.hit(
            name, message=f"a single node with {name}: its workers get no work", hint="write num_workers = 0"
        )


_SINGLE = {_PROFILE: "singleNode", "spark.master": "local[*]"}
_SINGLE_TAG = {"ResourceClass": "SingleNode"}
_SINGLE_NODE = on(num_workers=0, spark_conf=_SINGLE, custom_tags=_SINGLE_TAG)

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF601",
        severity=Severity.ERROR,
        title="A cluster without a size",
        why='The API refuses it: "Missing required field: settings.cluster_spec.new_cluster.size".',
        source="https://github.com/databricks/databricks-sdk-py/issues/103",
        bad=on(num_workers=None),
        good=GOOD,
        cluster=_no_size,
        forms=frozenset({Form.REST}),
    ),
    Rule(
        code="LF602",
        severity=Severity.ERROR,
        title="No workers, and no single node",
        why="A cluster needs at least one worker to run Spark jobs, unless it has the settings of a single node.",
        source="https://docs.databricks.com/clusters/single-node.html",
        bad=on(num_workers=0),
        good=_SINGLE_NODE,
        cluster=_no_workers,
    ),
    Rule(
        code="LF603",
        severity=Severity.ERROR,
        title="A cluster without a size gets no workers",
        why="The provider sends num_workers = 0 where nothing is said, and without a worker no Spark job can run.",
        source=MEASURED,
        bad=on(num_workers=None),
        good=_SINGLE_NODE,
        cluster=_no_size_in_terraform,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF604",
        severity=Severity.INFO,
        title="A single node without its tag",
        why="Databricks' own tools know a single node by its tag ResourceClass, and warn without it.",
        source="https://github.com/databricks/cli/blob/main/bundle/config/validate/single_node_cluster.go",
        bad=on(num_workers=0, spark_conf=_SINGLE),
        good=_SINGLE_NODE,
        cluster=_no_single_node_tag,
    ),
    Rule(
        code="LF605",
        severity=Severity.ERROR,
        title="num_workers is no count",
        why="The API and the provider take whole numbers from 0 on.",
        source=CLUSTERS_API,
        bad=on(num_workers=-1),
        good=GOOD,
        cluster=_workers,
        blocks=("num_workers",),
    ),
    Rule(
        code="LF606",
        severity=Severity.ERROR,
        title="A fixed size and a range",
        why="A cluster has either num_workers or autoscale.",
        source=CLUSTERS_API,
        bad=on(num_workers=3, autoscale={"min_workers": 1, "max_workers": 4}),
        good=on(num_workers=None, autoscale={"min_workers": 1, "max_workers": 4}),
        cluster=_two_sizes,
        blocks=("autoscale", "num_workers"),
    ),
    Rule(
        code="LF607",
        severity=Severity.ERROR,
        title="A range that is none",
        why="min_workers and max_workers both have to be there, and max_workers has to be the greater one.",
        source=CLUSTERS_API,
        bad=on(num_workers=None, autoscale={"min_workers": 5, "max_workers": 2}),
        good=on(num_workers=None, autoscale={"min_workers": 2, "max_workers": 5}),
        cluster=_autoscale,
    ),
    Rule(
        code="LF608",
        severity=Severity.WARNING,
        title="A range of one size",
        why="The API's reference asks for a max_workers that is strictly greater than min_workers.",
        source=CLUSTERS_API,
        bad=on(num_workers=None, autoscale={"min_workers": 2, "max_workers": 2}),
        good=GOOD,
        cluster=_autoscale_of_one_size,
        blocks=("autoscale",),
    ),
    Rule(
        code="LF609",
        severity=Severity.WARNING,
        title="A single node with workers",
        why="Spark runs on the driver alone; the workers start, cost money and get no work.",
        source="https://github.com/databricks/terraform-provider-databricks/issues/1118",
        bad=on(num_workers=1, spark_conf=_SINGLE, custom_tags=_SINGLE_TAG),
        good=_SINGLE_NODE,
        cluster=_single_node_with_workers,
        blocks=("autoscale", "is_single_node", "num_workers", "spark_conf"),
    ),
)
