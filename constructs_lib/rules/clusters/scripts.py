"""Rules of a cluster's init scripts, logs and image."""

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.rules.clusters.examples import AS_DEPLOYED, AWS, CLUSTERS_API, on
from constructs_lib.rules.clusters.values import filled, word_of
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.given import truth
from constructs_lib.rules.job import Cluster, mapping, mappings, said, text
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.rule import IN_TERRAFORM, Rule

INIT_SCRIPTS = {
    "workspace": ("/", "workspace:/"),
    "volumes": ("/Volumes/", "dbfs:/Volumes/"),
    "s3": ("s3://", "s3a://", "s3n://"),
    "abfss": ("abfss://",),
    "gcs": ("gs://",),
    "dbfs": ("dbfs:/",),
    "file": ("file:/", "/"),
}
LOGS = {"volumes": INIT_SCRIPTS["volumes"], "s3": INIT_SCRIPTS["s3"], "dbfs": INIT_SCRIPTS["dbfs"]}


def _storage(
    cluster: Cluster, at: Path, body: Mapping[str, Any], kinds: Mapping[str, tuple[str, ...]]
) -> Iterator[Hit]:
    where = at[0]
    given = [name for name in body if name in kinds and body.get(name) not in (None, [])]
    if not given and not body.keys() - kinds.keys():
        yield cluster.hit(*at, message=f"{where}: no place", hint=f"write one of {', '.join(kinds)}")
    for name in given[1:]:
        yield cluster.hit(
            *at, name, message=f"{where}: {name} beside {given[0]}; one block holds one place", hint="keep one of them"
        )


def _destination(
    cluster: Cluster, at: Path, body: Mapping[str, Any], kinds: Mapping[str, tuple[str, ...]]
) -> Iterator[Hit]:
    for name, starts in kinds.items():
        destination = text(mapping(body.get(name)).get("destination"))
        if destination is not None and not destination.startswith(starts):
            yield cluster.hit(
                *at,
                name,
                "destination",
                message=f"{at[0]}: the {name} destination {shown(destination)} does not start with {starts[0]}",
                hint=f"write a path that starts with {starts[0]}",
            )


def _init_script_kinds(cluster: Cluster) -> Iterator[Hit]:
    for index, script in mappings(cluster.body.get("init_scripts")):
        yield from _storage(cluster, ("init_scripts", index), script, INIT_SCRIPTS)


def _init_script_places(cluster: Cluster) -> Iterator[Hit]:
    for index, script in mappings(cluster.body.get("init_scripts")):
        yield from _destination(cluster, ("init_scripts", index), script, INIT_SCRIPTS)


def _init_scripts_on_dbfs(cluster: Cluster) -> Iterator[Hit]:
    for index, script in mappings(cluster.body.get("init_scripts")):
        if said(script.get("dbfs")):
            yield cluster.hit(
                "init_scripts",
                index,
                "dbfs",
                message="init_scripts: init scripts on DBFS are deprecated",
                hint="put the script into workspace files or a volume",
            )


def _many_init_scripts(cluster: Cluster) -> Iterator[Hit]:
    scripts = cluster.body.get("init_scripts")
    if isinstance(scripts, list) and len(scripts) > 10:
        yield cluster.hit(
            "init_scripts",
            message=f"{len(scripts)} init_scripts; the provider takes at most 10",
            hint="join some of the scripts",
        )


def _s3_region(cluster: Cluster) -> Iterator[Hit]:
    places: list[tuple[Path, Mapping[str, Any]]] = [(("cluster_log_conf",), cluster.block("cluster_log_conf"))]
    for index, script in mappings(cluster.body.get("init_scripts")):
        places.append((("init_scripts", index), script))
    for at, body in places:
        place = mapping(body.get("s3"))
        if place and not filled(place.get("region")) and not filled(place.get("endpoint")):
            yield cluster.hit(
                *at, "s3", message=f"{at[0]}: s3 needs region or endpoint", hint="write region, such as eu-central-1"
            )


def _log_kinds(cluster: Cluster) -> Iterator[Hit]:
    logs = cluster.block("cluster_log_conf")
    if logs:
        yield from _storage(cluster, ("cluster_log_conf",), logs, LOGS)


def _log_places(cluster: Cluster) -> Iterator[Hit]:
    logs = cluster.block("cluster_log_conf")
    if logs:
        yield from _destination(cluster, ("cluster_log_conf",), logs, LOGS)


def _image_url(cluster: Cluster) -> Iterator[Hit]:
    if cluster.block("docker_image").get("url") == "":
        yield cluster.hit("docker_image", "url", message="docker_image: url is empty", hint="write the image's URL")


def _image_of_ml(cluster: Cluster) -> Iterator[Hit]:
    version = word_of(cluster, "spark_version")
    ml = "-ml-" in version
    if said(cluster.body.get("docker_image")) and (ml or truth(cluster.body.get("use_ml_runtime"))):
        yield cluster.hit(
            "docker_image",
            message=f"docker_image with the ML runtime{' ' + shown(version) if ml else ''}",
            hint="take a runtime without ML, and put the libraries into the image",
        )


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF641",
        severity=Severity.ERROR,
        title="An init script at no place, or at two",
        why="Each block of init_scripts holds one place.",
        source=CLUSTERS_API,
        bad=on(init_scripts=[{"workspace": {"destination": "/Shared/a"}, "volumes": {"destination": "/Volumes/a"}}]),
        good=on(init_scripts=[{"workspace": {"destination": "/Shared/a.sh"}}]),
        cluster=_init_script_kinds,
    ),
    Rule(
        code="LF642",
        severity=Severity.ERROR,
        title="An init script's place of another kind",
        why="The kind of storage and the path have to agree, or the cluster does not start.",
        source=CLUSTERS_API,
        bad=on(init_scripts=[{"volumes": {"destination": "/Shared/a.sh"}}]),
        good=on(init_scripts=[{"volumes": {"destination": "/Volumes/main/ops/scripts/a.sh"}}]),
        cluster=_init_script_places,
        forms=AS_DEPLOYED,
    ),
    Rule(
        code="LF643",
        severity=Severity.INFO,
        title="An init script on DBFS",
        why="Databricks asks to move init scripts from DBFS to workspace files or volumes.",
        source="https://docs.databricks.com/aws/en/init-scripts/",
        bad=on(init_scripts=[{"dbfs": {"destination": "dbfs:/scripts/a.sh"}}]),
        good=on(init_scripts=[{"workspace": {"destination": "/Shared/a.sh"}}]),
        cluster=_init_scripts_on_dbfs,
        blocks=("init_scripts",),
    ),
    Rule(
        code="LF644",
        severity=Severity.ERROR,
        title="Too many init scripts",
        why="The provider takes at most 10; the API itself takes any number.",
        source="https://github.com/databricks/terraform-provider-databricks/blob/main/clusters/resource_cluster.go",
        bad=on(init_scripts=[{"workspace": {"destination": f"/Shared/{index}.sh"}} for index in range(11)]),
        good=on(init_scripts=[{"workspace": {"destination": f"/Shared/{index}.sh"}} for index in range(10)]),
        cluster=_many_init_scripts,
        blocks=("init_scripts",),
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF645",
        severity=Severity.ERROR,
        title="S3 without region or endpoint",
        why="For init scripts and logs on S3, either the region or the endpoint has to be set.",
        source=CLUSTERS_API,
        bad=on(**AWS, init_scripts=[{"s3": {"destination": "s3://bucket/a.sh"}}]),
        good=on(**AWS, init_scripts=[{"s3": {"destination": "s3://bucket/a.sh", "region": "eu-central-1"}}]),
        cluster=_s3_region,
        blocks=("cluster_log_conf", "init_scripts"),
    ),
    Rule(
        code="LF646",
        severity=Severity.ERROR,
        title="Logs to no place, or to two",
        why="Only one destination can be specified for one cluster.",
        source=CLUSTERS_API,
        bad=on(
            cluster_log_conf={
                "dbfs": {"destination": "dbfs:/logs"},
                "volumes": {"destination": "/Volumes/main/ops/logs"},
            }
        ),
        good=on(cluster_log_conf={"volumes": {"destination": "/Volumes/main/ops/logs"}}),
        cluster=_log_kinds,
    ),
    Rule(
        code="LF647",
        severity=Severity.ERROR,
        title="The logs' place is of another kind",
        why="The kind of storage and the path have to agree, or no logs are delivered.",
        source=CLUSTERS_API,
        bad=on(cluster_log_conf={"dbfs": {"destination": "/logs"}}),
        good=on(cluster_log_conf={"dbfs": {"destination": "dbfs:/logs"}}),
        cluster=_log_places,
    ),
    Rule(
        code="LF648",
        severity=Severity.ERROR,
        title="An image without URL",
        why="docker_image names the image by its URL.",
        source=CLUSTERS_API,
        bad=on(docker_image={"url": ""}),
        good=on(docker_image={"url": "registry.example.com/etl:1"}),
        cluster=_image_url,
        blocks=("docker_image",),
    ),
    Rule(
        code="LF649",
        severity=Severity.WARNING,
        title="An image with the ML runtime",
        why="Databricks Container Services do not support the ML runtimes.",
        source="https://docs.databricks.com/aws/en/compute/custom-containers#limitations",
        bad=on(docker_image={"url": "registry.example.com/etl:1"}, spark_version="15.4.x-cpu-ml-scala2.12"),
        good=on(docker_image={"url": "registry.example.com/etl:1"}),
        cluster=_image_of_ml,
    ),
)
