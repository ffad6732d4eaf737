"""Rules of a cluster's runtime: its version, its engine, its kind."""

import re
from collections.abc import Iterator

from constructs_lib.rules.clusters.access import STANDARD_MODES
from constructs_lib.rules.clusters.examples import AS_DEPLOYED, AWS, CLUSTERS_API, GOOD, on
from constructs_lib.rules.clusters.values import has, word_of
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.given import truth
from constructs_lib.rules.job import Cluster, text
from constructs_lib.rules.quoting import choice, shown
from constructs_lib.rules.rule import Rule

_BROKEN_VERSION = re.compile(
    r"\d+\.(?:\d+|x)(?:\.x|\.\d+)?(?:-(?!.*scala\d).*)?|\d+\.\d+-.*|.*\s.*|[^:]*\blts\b[^:]*|latest",
    re.IGNORECASE | re.DOTALL,
)


def _no_version(cluster: Cluster) -> Iterator[Hit]:
    if not has(cluster, "spark_version") and not has(cluster, "policy_id"):
        at = () if cluster.body.get("spark_version") is None else ("spark_version",)
        yield cluster.hit(*at, message="no spark_version", hint="write spark_version, such as 15.4.x-scala2.12")


def _version(cluster: Cluster) -> Iterator[Hit]:
    version = word_of(cluster, "spark_version")
    if version and _BROKEN_VERSION.fullmatch(version):
        yield cluster.hit(
            "spark_version",
            message=f"spark_version {shown(version)} is no version of the runtime",
            hint="write one that `databricks clusters spark-versions` lists, such as 15.4.x-scala2.12",
        )


_ENGINES = ("PHOTON", "STANDARD")


def _engine(cluster: Cluster) -> Iterator[Hit]:
    engine = word_of(cluster, "runtime_engine")
    if engine and engine not in (*_ENGINES, "NULL"):
        yield cluster.hit(
            "runtime_engine",
            message=f"runtime_engine {shown(engine)} is none of {', '.join(_ENGINES)}",
            hint=choice(engine, _ENGINES),
        )


def _photon_twice(cluster: Cluster) -> Iterator[Hit]:
    engine, version = word_of(cluster, "runtime_engine"), word_of(cluster, "spark_version")
    if engine in _ENGINES and "-photon-" in version:
        yield cluster.hit(
            "spark_version",
            message=f"spark_version {shown(version)} cannot stand with runtime_engine {engine}",
            hint=f"write spark_version {shown(version.replace('-photon-', '-'))} and runtime_engine PHOTON",
        )


def _photon_on_gpu(cluster: Cluster) -> Iterator[Hit]:
    version = word_of(cluster, "spark_version")
    if word_of(cluster, "runtime_engine") == "PHOTON" and "-gpu-" in version:
        yield cluster.hit(
            "runtime_engine",
            message=f"runtime_engine PHOTON on the GPU runtime {shown(version)}",
            hint="write runtime_engine STANDARD",
        )


def _kind(cluster: Cluster) -> Iterator[Hit]:
    kind = word_of(cluster, "kind")
    if kind and kind != "CLASSIC_PREVIEW":
        yield cluster.hit(
            "kind", message=f"kind {shown(kind)} is no kind of cluster", hint="write CLASSIC_PREVIEW, or leave it out"
        )


def _needs_kind(cluster: Cluster) -> Iterator[Hit]:
    if has(cluster, "kind"):
        return
    for name in ("is_single_node", "use_ml_runtime"):
        if truth(cluster.body.get(name)):
            yield cluster.hit(
                name, message=f"{name} needs kind = CLASSIC_PREVIEW", hint="write kind = CLASSIC_PREVIEW beside it"
            )


_DEPENDENCY_MODES = ("DEPENDENCY_MODE_AUTO", "DEPENDENCY_MODE_ENVIRONMENTS", "DEPENDENCY_MODE_CLUSTER_LIBRARIES")


def _unknown_words(cluster: Cluster) -> Iterator[Hit]:
    for path, names in (
        (("dependency_mode",), _DEPENDENCY_MODES),
        (("aws_attributes", "ebs_volume_type"), ("GENERAL_PURPOSE_SSD", "THROUGHPUT_OPTIMIZED_HDD")),
        (("gcp_attributes", "confidential_compute_type"), ("SEV_SNP", "CONFIDENTIAL_COMPUTE_TYPE_NONE")),
    ):
        body = cluster.block(path[0]) if len(path) > 1 else cluster.body
        word = text(body.get(path[-1]))
        if word and word not in names:
            yield cluster.hit(
                *path, message=f"{path[-1]} {shown(word)} is none of {', '.join(names)}", hint=choice(word, names)
            )


def _environments_mode(cluster: Cluster) -> Iterator[Hit]:
    if cluster.body.get("dependency_mode") != "DEPENDENCY_MODE_ENVIRONMENTS":
        return
    mode, version = word_of(cluster, "data_security_mode"), word_of(cluster, "spark_version")
    major = re.match(r"\d{1,3}(?=\.)", version)
    if mode and mode not in (*STANDARD_MODES, "DATA_SECURITY_MODE_AUTO"):
        problem = f"data_security_mode is {shown(mode)}"
    elif major and int(major[0]) < 19:
        problem = f"spark_version is {shown(version)}"
    else:
        return
    yield cluster.hit(
        "dependency_mode",
        message=f"dependency_mode DEPENDENCY_MODE_ENVIRONMENTS, but {problem}",
        hint="it needs standard access mode and runtime 19 or newer",
    )


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF613",
        severity=Severity.ERROR,
        title="No spark_version",
        why="The API refuses a cluster without a runtime, unless a policy says it. The provider's schema does not ask.",
        source=CLUSTERS_API,
        bad=on(spark_version=None),
        good=GOOD,
        cluster=_no_version,
        forms=AS_DEPLOYED,
    ),
    Rule(
        code="LF614",
        severity=Severity.ERROR,
        title="No such spark_version",
        why="A runtime's key is 15.4.x-scala2.12, not its number or its name; the API refuses any other.",
        source="https://docs.databricks.com/api/workspace/clusters/sparkversions",
        bad=on(spark_version="15.4"),
        good=GOOD,
        cluster=_version,
    ),
    Rule(
        code="LF615",
        severity=Severity.ERROR,
        title="No such runtime_engine",
        why="There are PHOTON and STANDARD; the provider and the API refuse any other.",
        source=CLUSTERS_API,
        bad=on(runtime_engine="Photon"),
        good=on(runtime_engine="PHOTON"),
        cluster=_engine,
    ),
    Rule(
        code="LF616",
        severity=Severity.ERROR,
        title="Photon said twice",
        why="runtime_engine is not compatible with the old versions that hold -photon-: Invalid spark version.",
        source="https://github.com/databrickslabs/dbx/issues/782",
        bad=on(spark_version="11.3.x-photon-scala2.12", runtime_engine="PHOTON"),
        good=on(runtime_engine="PHOTON"),
        cluster=_photon_twice,
    ),
    Rule(
        code="LF617",
        severity=Severity.WARNING,
        title="Photon on a GPU runtime",
        why="GPU runtimes run without Photon.",
        source="https://github.com/databrickslabs/dolly/issues/9",
        bad=on(spark_version="15.4.x-gpu-ml-scala2.12", runtime_engine="PHOTON"),
        good=on(spark_version="15.4.x-gpu-ml-scala2.12", runtime_engine="STANDARD"),
        cluster=_photon_on_gpu,
    ),
    Rule(
        code="LF618",
        severity=Severity.ERROR,
        title="No such kind",
        why="CLASSIC_PREVIEW is the only kind.",
        source=CLUSTERS_API,
        bad=on(kind="CLASSIC"),
        good=on(kind="CLASSIC_PREVIEW"),
        cluster=_kind,
    ),
    Rule(
        code="LF619",
        severity=Severity.ERROR,
        title="An attribute that needs a kind",
        why="is_single_node and use_ml_runtime can only be used with kind = CLASSIC_PREVIEW.",
        source=CLUSTERS_API,
        bad=on(use_ml_runtime=True),
        good=on(use_ml_runtime=True, kind="CLASSIC_PREVIEW"),
        cluster=_needs_kind,
    ),
    Rule(
        code="LF620",
        severity=Severity.ERROR,
        title="An unknown word",
        why="dependency_mode, ebs_volume_type and confidential_compute_type have fixed values; the API refuses others.",
        source=CLUSTERS_API,
        bad=on(**AWS, aws_attributes={"ebs_volume_type": "GP3"}),
        good=on(**AWS, aws_attributes={"ebs_volume_type": "GENERAL_PURPOSE_SSD"}),
        cluster=_unknown_words,
    ),
    Rule(
        code="LF621",
        severity=Severity.WARNING,
        title="Environments on a cluster that has none",
        why="DEPENDENCY_MODE_ENVIRONMENTS is supported only in standard access mode, with runtime 19 or newer.",
        source=CLUSTERS_API,
        bad=on(dependency_mode="DEPENDENCY_MODE_ENVIRONMENTS", data_security_mode="SINGLE_USER"),
        good=on(
            dependency_mode="DEPENDENCY_MODE_ENVIRONMENTS",
            data_security_mode="USER_ISOLATION",
            spark_version="19.0.x-scala2.13",
        ),
        cluster=_environments_mode,
    ),
)
