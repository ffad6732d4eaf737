"""Rules of a cluster's access mode, and of its single user."""

import re
from collections.abc import Iterator

from constructs_lib.rules.clusters.examples import CLUSTERS_API, job_on, new_cluster, on
from constructs_lib.rules.clusters.values import has, word_of
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Cluster, text
from constructs_lib.rules.quoting import choice, shown
from constructs_lib.rules.rule import Rule

STANDARD_MODES = ("USER_ISOLATION", "DATA_SECURITY_MODE_STANDARD")
DEDICATED_MODES = ("SINGLE_USER", "DATA_SECURITY_MODE_DEDICATED")
LEGACY_MODES = ("LEGACY_TABLE_ACL", "LEGACY_PASSTHROUGH", "LEGACY_SINGLE_USER", "LEGACY_SINGLE_USER_STANDARD")
MODES = (*DEDICATED_MODES, *STANDARD_MODES, "DATA_SECURITY_MODE_AUTO", "NONE", *LEGACY_MODES)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _mode(cluster: Cluster) -> Iterator[Hit]:
    mode = word_of(cluster, "data_security_mode")
    if mode and mode not in MODES:
        yield cluster.hit(
            "data_security_mode",
            message=f"data_security_mode {shown(mode)} is no access mode",
            hint=choice(mode, MODES[:6]),
        )


def _legacy_mode(cluster: Cluster) -> Iterator[Hit]:
    mode = word_of(cluster, "data_security_mode")
    if mode == "NONE" or mode in LEGACY_MODES:
        yield cluster.hit(
            "data_security_mode",
            message=f"data_security_mode {mode} has no Unity Catalog"
            + ("" if mode == "NONE" else ", and is deprecated since runtime 15.0"),
            hint="write SINGLE_USER or USER_ISOLATION",
        )


def _user_of_shared(cluster: Cluster) -> Iterator[Hit]:
    mode = word_of(cluster, "data_security_mode")
    if has(cluster, "single_user_name") and mode in (*STANDARD_MODES, "NONE", "LEGACY_TABLE_ACL"):
        yield cluster.hit(
            "single_user_name",
            message=f"single_user_name does nothing with data_security_mode {mode}",
            hint="write data_security_mode = SINGLE_USER, or leave single_user_name out",
        )


def _other_user(cluster: Cluster) -> Iterator[Hit]:
    user, mode = word_of(cluster, "single_user_name"), word_of(cluster, "data_security_mode")
    # A name that is neither an address nor an id may be a group, which run_as can be a member of.
    if not user or (mode and mode not in DEDICATED_MODES) or not ("@" in user or _UUID.fullmatch(user)):
        return
    run_as = cluster.job.block("run_as")
    identity = text(run_as.get("user_name")) or text(run_as.get("service_principal_name"))
    if identity and identity.casefold() != user.casefold():
        yield cluster.hit(
            "single_user_name",
            message=f"single_user_name {shown(user)} is not who the job runs as, {shown(identity)}",
            hint=f"write {shown(identity)}, or leave single_user_name out",
        )


def _runtime_of_standard(cluster: Cluster) -> Iterator[Hit]:
    mode, version = word_of(cluster, "data_security_mode"), word_of(cluster, "spark_version")
    if mode in STANDARD_MODES and ("-ml-" in version or "-gpu-" in version):
        yield cluster.hit(
            "data_security_mode",
            message=f"data_security_mode {mode} does not support the runtime {shown(version)}",
            hint="write data_security_mode = SINGLE_USER, or a runtime without ML and GPU",
        )


_ME, _OTHER = "etl@example.com", "somebody@example.com"

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF636",
        severity=Severity.ERROR,
        title="No such access mode",
        why="The API refuses a data_security_mode that is not in its list.",
        source=CLUSTERS_API,
        bad=on(data_security_mode="SHARED"),
        good=on(data_security_mode="SINGLE_USER"),
        cluster=_mode,
    ),
    Rule(
        code="LF637",
        severity=Severity.INFO,
        title="A legacy access mode",
        why="NONE and the LEGACY modes have no Unity Catalog; the LEGACY ones go away with newer runtimes.",
        source=CLUSTERS_API,
        bad=on(data_security_mode="LEGACY_SINGLE_USER"),
        good=on(data_security_mode="SINGLE_USER"),
        cluster=_legacy_mode,
    ),
    Rule(
        code="LF638",
        severity=Severity.WARNING,
        title="A single user of a shared cluster",
        why="single_user_name is for dedicated access mode; in another mode it protects nothing.",
        source=CLUSTERS_API,
        bad=on(data_security_mode="USER_ISOLATION", single_user_name=_ME),
        good=on(data_security_mode="SINGLE_USER", single_user_name=_ME),
        cluster=_user_of_shared,
    ),
    Rule(
        code="LF639",
        severity=Severity.WARNING,
        title="The cluster belongs to somebody else",
        why="A dedicated cluster can be used only by the one that single_user_name says.",
        source=CLUSTERS_API,
        bad=job_on(
            new_cluster(data_security_mode="SINGLE_USER", single_user_name=_OTHER),
            run_as={"user_name": _ME},
        ),
        good=job_on(new_cluster(data_security_mode="SINGLE_USER", single_user_name=_ME), run_as={"user_name": _ME}),
        cluster=_other_user,
    ),
    Rule(
        code="LF640",
        severity=Severity.WARNING,
        title="A runtime that standard access mode does not support",
        why="Standard access mode supports neither the ML runtimes nor GPUs.",
        source="https://docs.databricks.com/compute/access-mode-limitations.html",
        bad=on(data_security_mode="USER_ISOLATION", spark_version="15.4.x-cpu-ml-scala2.12"),
        good=on(data_security_mode="SINGLE_USER", spark_version="15.4.x-cpu-ml-scala2.12"),
        cluster=_runtime_of_standard,
    ),
)
