"""Rules of new clusters, and of secrets."""

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib.rules.clusters import RULES
from constructs_lib.rules.engine import RuleSet
from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.finding import Finding, Path
from constructs_lib.rules.rule import Form

SETS = {form: RuleSet.of(RULES, form) for form in Form}
AT = ("job_cluster", 0, "new_cluster")
SINGLE = {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"}
TAG = {"ResourceClass": "SingleNode"}
ME, OTHER = "etl@example.com", "somebody@example.com"
UUID = "00000000-0000-4000-8000-000000000001"


def on(attributes: dict[str, Any], **of_job: Any) -> dict[str, Any]:
    """Return a job on a cluster; None takes an attribute away."""
    cluster = {"spark_version": "15.4.x-scala2.12", "node_type_id": "Standard_D4ds_v5", "num_workers": 2, **attributes}
    body = {name: value for name, value in cluster.items() if value is not None}
    return job(
        notebook("a", job_cluster_key="c"), job_cluster=[{"job_cluster_key": "c", "new_cluster": body}], **of_job
    )


def found(body: Any, form: Form = Form.TERRAFORM) -> list[Finding]:
    return list(SETS[form].findings(body))


def places(body: Any, form: Form = Form.TERRAFORM) -> list[tuple[str, Path]]:
    return [(finding.code, finding.path) for finding in found(body, form)]


BROKEN: list[tuple[str, dict[str, Any], Path]] = [
    ("LF602", {"num_workers": 0}, ("num_workers",)),
    ("LF602", {"num_workers": "0"}, ("num_workers",)),
    ("LF602", {"num_workers": 0, "spark_conf": {"spark.master": "local[*]"}}, ("num_workers",)),
    ("LF602", {"num_workers": 0, "spark_conf": SINGLE | {"spark.master": "yarn"}}, ("num_workers",)),
    ("LF603", {"num_workers": None}, ()),
    ("LF603", {"num_workers": None, "autoscale": {}}, ()),
    ("LF604", {"num_workers": 0, "spark_conf": SINGLE}, ()),
    ("LF604", {"num_workers": 0, "spark_conf": SINGLE, "custom_tags": {"ResourceClass": "Single"}}, ("custom_tags", "ResourceClass")),  # noqa: E501
    ("LF605", {"num_workers": -1}, ("num_workers",)),
    ("LF605", {"num_workers": 1.5}, ("num_workers",)),
    ("LF606", {"autoscale": {"min_workers": 1, "max_workers": 4}}, ("num_workers",)),
    ("LF607", {"num_workers": None, "autoscale": {"min_workers": 5, "max_workers": 2}}, ("autoscale", "max_workers")),
    ("LF607", {"num_workers": None, "autoscale": {"min_workers": "5", "max_workers": "2"}}, ("autoscale", "max_workers")),  # noqa: E501
    ("LF607", {"num_workers": None, "autoscale": [{"min_workers": 5, "max_workers": 2}]}, ("autoscale", "max_workers")),
    ("LF607", {"num_workers": None, "autoscale": {"min_workers": 1}}, ("autoscale",)),
    ("LF607", {"num_workers": None, "autoscale": {"max_workers": 1}}, ("autoscale",)),
    ("LF607", {"num_workers": None, "autoscale": {"min_workers": -1, "max_workers": 1}}, ("autoscale", "min_workers")),
    ("LF607", {"num_workers": None, "autoscale": {"min_workers": 0, "max_workers": 0}}, ("autoscale", "max_workers")),
    ("LF608", {"num_workers": None, "autoscale": {"min_workers": 2, "max_workers": 2}}, ("autoscale", "max_workers")),
    ("LF609", {"spark_conf": SINGLE, "custom_tags": TAG}, ("num_workers",)),
    ("LF609", {"is_single_node": True, "kind": "CLASSIC_PREVIEW"}, ("num_workers",)),
    ("LF610", {"num_workers": None, "policy_id": "E1"}, ()),
    ("LF611", {"policy_id": "E1", "apply_policy_default_values": True}, ("apply_policy_default_values",)),
    ("LF612", {"apply_policy_default_values": True}, ("apply_policy_default_values",)),
    ("LF613", {"spark_version": None}, ()),
    ("LF613", {"spark_version": ""}, ("spark_version",)),
    *(
        ("LF614", {"spark_version": version}, ("spark_version",))
        for version in ("15.4", "15.4.x", "15.4 LTS", "15.4-lts", "15.4.x-photon", "15.4-scala2.12", "latest", "3.5.0")
    ),
    ("LF615", {"runtime_engine": "photon"}, ("runtime_engine",)),
    ("LF616", {"runtime_engine": "PHOTON", "spark_version": "11.3.x-photon-scala2.12"}, ("spark_version",)),
    ("LF617", {"runtime_engine": "PHOTON", "spark_version": "15.4.x-gpu-ml-scala2.12"}, ("runtime_engine",)),
    ("LF618", {"kind": "CLASSIC"}, ("kind",)),
    ("LF619", {"is_single_node": True, "num_workers": None}, ("is_single_node",)),
    ("LF619", {"use_ml_runtime": True}, ("use_ml_runtime",)),
    ("LF620", {"dependency_mode": "ENVIRONMENTS"}, ("dependency_mode",)),
    ("LF620", {"aws_attributes": {"ebs_volume_type": "GP3"}}, ("aws_attributes", "ebs_volume_type")),
    ("LF621", {"dependency_mode": "DEPENDENCY_MODE_ENVIRONMENTS"}, ("dependency_mode",)),
    ("LF622", {"node_type_id": None}, ()),
    ("LF622", {"node_type_id": None, "driver_node_type_id": "Standard_D4ds_v5"}, ()),
    ("LF623", {"instance_pool_id": "p"}, ("node_type_id",)),
    ("LF623", {"instance_pool_id": "p", "node_type_id": None, "driver_node_type_id": "d"}, ("driver_node_type_id",)),
    ("LF624", {"driver_instance_pool_id": "p"}, ("driver_instance_pool_id",)),
    ("LF624", {"driver_instance_pool_id": "p", "node_type_id": None}, ("driver_instance_pool_id",)),
    ("LF625", {"instance_pool_id": "p", "node_type_id": None, "aws_attributes": {"availability": "SPOT"}}, ("aws_attributes", "availability")),  # noqa: E501
    ("LF626", {"instance_pool_id": "p", "node_type_id": None, "aws_attributes": {"zone_id": "auto"}}, ("aws_attributes", "zone_id")),  # noqa: E501
    ("LF628", {"aws_attributes": {"zone_id": "auto"}, "azure_attributes": {"first_on_demand": 1}}, ("aws_attributes",)),
    ("LF629", {"azure_attributes": {"availability": "SPOT_WITH_FALLBACK"}}, ("azure_attributes", "availability")),
    ("LF629", {"gcp_attributes": {"availability": "SPOT_GCP"}}, ("gcp_attributes", "availability")),
    ("LF630", {"azure_attributes": {"first_on_demand": 0}}, ("azure_attributes", "first_on_demand")),
    ("LF632", {"azure_attributes": {"spot_bid_max_price": -0.5}}, ("azure_attributes", "spot_bid_max_price")),
    ("LF632", {"aws_attributes": {"spot_bid_price_percent": 10001}}, ("aws_attributes", "spot_bid_price_percent")),
    ("LF632", {"aws_attributes": {"first_on_demand": -1}}, ("aws_attributes", "first_on_demand")),
    ("LF632", {"aws_attributes": {"ebs_volume_count": 11}}, ("aws_attributes", "ebs_volume_count")),
    ("LF632", {"aws_attributes": {"ebs_volume_size": 99}}, ("aws_attributes", "ebs_volume_size")),
    ("LF632", {"aws_attributes": {"ebs_volume_size": 400, "ebs_volume_type": "THROUGHPUT_OPTIMIZED_HDD"}}, ("aws_attributes", "ebs_volume_size")),  # noqa: E501
    ("LF633", {"azure_attributes": {"spot_bid_max_price": 0}}, ("azure_attributes", "spot_bid_max_price")),
    ("LF634", {"gcp_attributes": {"use_preemptible_executors": True}}, ("gcp_attributes", "use_preemptible_executors")),
    ("LF635", {"enable_elastic_disk": False}, ("enable_elastic_disk",)),
    ("LF636", {"data_security_mode": "SHARED"}, ("data_security_mode",)),
    ("LF636", {"data_security_mode": "single_user"}, ("data_security_mode",)),
    ("LF637", {"data_security_mode": "NONE"}, ("data_security_mode",)),
    ("LF638", {"data_security_mode": "USER_ISOLATION", "single_user_name": ME}, ("single_user_name",)),
    ("LF640", {"data_security_mode": "USER_ISOLATION", "spark_version": "15.4.x-cpu-ml-scala2.12"}, ("data_security_mode",)),  # noqa: E501
    ("LF641", {"init_scripts": [{}]}, ("init_scripts", 0)),
    ("LF641", {"init_scripts": [{"workspace": {"destination": "/a"}, "gcs": {"destination": "gs://b"}}]}, ("init_scripts", 0, "gcs")),  # noqa: E501
    ("LF642", {"init_scripts": [{"abfss": {"destination": "/Shared/a.sh"}}]}, ("init_scripts", 0, "abfss", "destination")),  # noqa: E501
    ("LF642", {"init_scripts": [{"workspace": {"destination": "a.sh"}}]}, ("init_scripts", 0, "workspace", "destination")),  # noqa: E501
    ("LF643", {"init_scripts": [{"dbfs": {"destination": "dbfs:/a.sh"}}]}, ("init_scripts", 0, "dbfs")),
    ("LF644", {"init_scripts": [{"workspace": {"destination": "/a"}}] * 11}, ("init_scripts",)),
    ("LF645", {"init_scripts": [{"s3": {"destination": "s3://b/a"}}]}, ("init_scripts", 0, "s3")),
    ("LF645", {"cluster_log_conf": {"s3": {"destination": "s3://b/a"}}}, ("cluster_log_conf", "s3")),
    ("LF646", {"cluster_log_conf": {"dbfs": {"destination": "dbfs:/l"}, "volumes": {"destination": "/Volumes/a/b/c"}}}, ("cluster_log_conf", "volumes")),  # noqa: E501
    ("LF647", {"cluster_log_conf": {"volumes": {"destination": "dbfs:/l"}}}, ("cluster_log_conf", "volumes", "destination")),  # noqa: E501
    ("LF648", {"docker_image": {"url": ""}}, ("docker_image", "url")),
    ("LF649", {"docker_image": {"url": "r/i"}, "spark_version": "15.4.x-cpu-ml-scala2.12"}, ("docker_image",)),
    ("LF650", {"ssh_public_keys": ["ssh-rsa A"] * 11}, ("ssh_public_keys",)),
    ("LF651", {"custom_tags": {f"t{n}": "a" for n in range(46)}}, ("custom_tags",)),
    ("LF652", {"library": [{"whl": "/a.whl"}]}, ("library",)),
    ("LF652", {"libraries": [{"whl": "/a.whl"}]}, ("libraries",)),
    ("LF653", {"cluster_name": "etl"}, ("cluster_name",)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "attributes", "path"), BROKEN)
def test_a_broken_cluster_is_found_where_it_is_broken(code: str, attributes: dict[str, Any], path: Path) -> None:
    assert places(on(attributes)) == [(code, (*AT, *path))]


LEGAL: list[dict[str, Any]] = [
    {},
    {"num_workers": "4"},
    {"num_workers": 0, "spark_conf": SINGLE, "custom_tags": TAG},
    {"num_workers": None, "spark_conf": SINGLE, "custom_tags": TAG},
    {"num_workers": 0, "spark_conf": SINGLE | {"spark.master": "local[*, 4]"}, "custom_tags": TAG},
    {"num_workers": 0, "spark_conf": "${var.conf}", "custom_tags": "${var.tags}"},
    {"num_workers": 0, "policy_id": "E1"},
    {"num_workers": 0, "is_single_node": True, "kind": "CLASSIC_PREVIEW"},
    {"num_workers": None, "is_single_node": True, "kind": "CLASSIC_PREVIEW"},
    {"num_workers": "${var.workers}"},
    {"num_workers": 0, "autoscale": {"min_workers": 0, "max_workers": 4}},
    {"num_workers": None, "autoscale": {"min_workers": "${var.low}", "max_workers": 1}},
    {"policy_id": "E1", "num_workers": None, "autoscale": {"max_workers": 4}},
    {"spark_version": None, "policy_id": "E1"},
    *(
        {"spark_version": version}
        for version in (
            "1234",
            "${data.databricks_spark_version.lts.id}",
            "15.4.x-cpu-ml-scala2.12",
            "15.4.x-photon-scala2.12",
            "15.4.x-aarch64-scala2.12",
            "16.4.x-scala2.13",
            "17.x-snapshot-scala2.13",
            "apache-spark-2.4.x-scala2.11",
            "custom:custom-local__15.4.x-snapshot-scala2.12",
            "auto:latest-lts",
        )
    ),
    {"node_type_id": None, "instance_pool_id": "p"},
    {"node_type_id": "", "driver_node_type_id": None, "instance_pool_id": "p", "driver_instance_pool_id": "q"},
    {"node_type_id": None, "policy_id": "E1"},
    {"node_type_id": None, "kind": "CLASSIC_PREVIEW"},
    {"node_type_id": None, "instance_pool_id": "p", "aws_attributes": {"instance_profile_arn": "arn:aws:iam::1:x"}},
    {"aws_attributes": [], "azure_attributes": [{"availability": "SPOT_AZURE"}], "gcp_attributes": []},
    {"azure_attributes": {"availability": "${var.availability}", "first_on_demand": 1, "spot_bid_max_price": -1}},
    {"azure_attributes": {"spot_bid_max_price": 0.05}},
    {"aws_attributes": {"ebs_volume_count": 0, "ebs_volume_size": 0, "spot_bid_price_percent": 100}},
    {"data_security_mode": "DATA_SECURITY_MODE_DEDICATED", "single_user_name": "data-engineers"},
    {"data_security_mode": "SINGLE_USER"},
    {"apply_policy_default_values": False},
    {"init_scripts": [{"workspace": {"destination": "/Shared/a.sh"}}, {"volumes": {"destination": "/Volumes/a/b/c"}}]},
    {"init_scripts": [{"workspace": [{"destination": "${databricks_workspace_file.init.path}"}], "s3": []}]},
    {"init_scripts": [{"s3": {"destination": "s3://b/a", "endpoint": "https://s3.example.com"}}]},
    {"cluster_log_conf": {}},
    {"cluster_log_conf": {"volumes": {"destination": "/Volumes/main/ops/logs"}, "dbfs": None}},
    {"docker_image": {"url": "r/i", "basic_auth": {"username": "u", "password": "{{secrets/r/p}}"}}},
    {"cluster_name": "", "library": []},
]


@pytest.mark.parametrize("attributes", LEGAL)
@pytest.mark.parametrize("form", [Form.TERRAFORM, Form.BUNDLE])
def test_legal_clusters_are_let_be(attributes: dict[str, Any], form: Form) -> None:
    assert found(on(attributes), form) == []


def test_rest_wants_a_size_even_for_a_single_node() -> None:
    body = on({"num_workers": None, "spark_conf": SINGLE, "custom_tags": TAG})
    assert places(body, Form.REST) == [("LF601", AT)]


def test_a_bundle_may_get_what_is_missing_from_its_targets() -> None:
    missing = {"num_workers": None, "node_type_id": None, "spark_version": None, "custom_tags": {"team": "sales"}}
    assert places(on(missing), Form.BUNDLE) == []
    assert places(on(missing), Form.REST) == [("LF601", AT), ("LF613", AT), ("LF622", AT)]


def test_what_only_terraform_does_is_no_matter_elsewhere() -> None:
    zero = on({"azure_attributes": {"availability": "SPOT_AZURE", "first_on_demand": 0}})
    assert places(zero) == [("LF630", (*AT, "azure_attributes", "first_on_demand"))]
    assert places(zero, Form.REST) == [("LF631", (*AT, "azure_attributes", "first_on_demand"))]
    assert places(on({"policy_id": "E1", "apply_policy_default_values": True}), Form.REST) == []


def test_clusters_of_tasks_and_of_tasks_in_loops_are_looked_at_too() -> None:
    bad = {"spark_version": "15.4.x-scala2.12", "node_type_id": "i3.xlarge", "num_workers": -1}
    loop = {"inputs": "[1]", "task": notebook("in", new_cluster=bad)}
    body = job(notebook("a", new_cluster=bad), {"task_key": "b", "for_each_task": loop})
    assert places(body) == [
        ("LF605", ("task", 0, "new_cluster", "num_workers")),
        ("LF605", ("task", 1, "for_each_task", "task", "new_cluster", "num_workers")),
    ]


def test_messages_name_cluster_and_value_and_hints_the_nearest_word() -> None:
    (finding,) = found(on({"azure_attributes": {"availability": "SPOT_WITH_FALLBACK"}}))
    assert finding.message == (
        "job cluster 'c': azure_attributes: availability 'SPOT_WITH_FALLBACK' is none of ON_DEMAND_AZURE, SPOT_AZURE, "
        "SPOT_WITH_FALLBACK_AZURE"
    )
    assert finding.hint == "write SPOT_WITH_FALLBACK_AZURE"
    (finding,) = found(on({"runtime_engine": "photon"}))
    assert finding.hint == "write PHOTON"


@pytest.mark.parametrize(
    ("user", "run_as", "hit"),
    [
        (OTHER, {"user_name": ME}, True),
        (ME, {"service_principal_name": UUID}, True),
        (UUID, {"user_name": ME}, True),
        (ME.upper(), {"user_name": ME}, False),
        (UUID, {"service_principal_name": UUID}, False),
        ("data-engineers", {"user_name": ME}, False),
        ("${var.user}", {"user_name": ME}, False),
        (OTHER, {"user_name": "${var.user}"}, False),
        (OTHER, None, False),
    ],
)
def test_the_single_user_is_who_the_job_runs_as(user: str, run_as: Any, hit: bool) -> None:
    body = on({"data_security_mode": "SINGLE_USER", "single_user_name": user}, run_as=run_as)
    assert places(body) == ([("LF639", (*AT, "single_user_name"))] if hit else [])


def test_pools_and_node_types_are_not_mixed_in_one_terraform_job() -> None:
    nodes = {"spark_version": "15.4.x-scala2.12", "node_type_id": "i3.xlarge", "num_workers": 1}
    pool = {"spark_version": "15.4.x-scala2.12", "instance_pool_id": "p", "num_workers": 1}
    body = job(notebook("a", new_cluster=nodes), notebook("b", new_cluster=pool), notebook("c", new_cluster=pool))
    assert places(body) == [("LF627", ("task", 1, "new_cluster", "instance_pool_id"))]
    assert found(body)[0].message == "the cluster of task 'b': uses a pool, and the cluster of task 'a' uses node types"
    assert places(body, Form.REST) == []


TOKEN = "dapi" + "0" * 32


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        (
            on({"spark_env_vars": {"TOKEN_OF_X": TOKEN}}),
            (*AT, "spark_env_vars", "TOKEN_OF_X"),
            "job_cluster.0.new_cluster.spark_env_vars.TOKEN_OF_X looks like a Databricks token",
        ),
        (
            on({"spark_conf": {"spark.password": "correct-horse"}}),
            (*AT, "spark_conf", "spark.password"),
            "job_cluster.0.new_cluster.spark_conf.spark.password looks like a secret, by its name",
        ),
        (
            job({"task_key": "a", "notebook_task": {"notebook_path": "/a", "base_parameters": {"t": TOKEN}}}),
            ("task", 0, "notebook_task", "base_parameters", "t"),
            "task 'a': notebook_task.base_parameters.t looks like a Databricks token",
        ),
        (
            job({"task_key": "a", "spark_python_task": {"python_file": "/a", "parameters": ["--x", f"--pwd={TOKEN}"]}}),
            ("task", 0, "spark_python_task", "parameters", 1),
            "task 'a': spark_python_task.parameters.1 looks like a Databricks token",
        ),
        (
            job(parameter=[{"name": "api_key", "default": "abc"}]),
            ("parameter", 0, "default"),
            "parameter.0.default looks like a secret, by its name",
        ),
        (
            job(git_source={"url": "https://me:hunter2@github.com/a/b", "provider": "gitHub", "branch": "main"}),
            ("git_source", "url"),
            "git_source.url looks like a URL with a password",
        ),
        (job(tags={TOKEN: "x"}), ("tags",), "a key of tags looks like a Databricks token"),
    ],
)
def test_a_secret_is_found_anywhere_and_never_repeated(body: Any, path: Path, message: str) -> None:
    (finding,) = found(body)
    assert (finding.code, finding.path, finding.message) == ("LF660", path, message)
    assert not any(secret in str(finding) for secret in (TOKEN, "hunter2", "correct-horse"))


def test_secrets_of_clusters_are_referred_to_by_scope_and_key() -> None:
    (finding,) = found(on({"spark_conf": {"a.password": "correct-horse"}}))
    assert finding.hint == "put it into a secret scope and write {{secrets/scope/key}}"


def test_what_is_no_secret_is_let_be() -> None:
    body = on(
        {"spark_env_vars": {"PASSWORD": "{{secrets/a/b}}", "TOKEN": "${var.token}", "MAX_TOKENS": "100"}},
        parameter=[{"name": "token", "default": ""}, {"name": "day", "default": "{{job.start_time.iso_date}}"}],
    )
    assert found(body) == []


def test_no_other_message_repeats_a_secret_either() -> None:
    assert all(TOKEN not in str(finding) for finding in found(on({"kind": TOKEN, "runtime_engine": TOKEN})))


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(10**400) | st.just("${x}"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = sorted({name for _, attributes, _ in BROKEN for name in attributes} | {"spark_env_vars", "single_user_name"})
PARTS = sorted({part for _, _, path in BROKEN for part in path if isinstance(part, str)} | {"min_workers", "region"})


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), ANY | st.dictionaries(st.sampled_from(PARTS), ANY), max_size=6), ANY)
def test_whatever_is_given_no_rule_breaks(cluster: dict[str, Any], run_as: Any) -> None:
    for form in Form:
        body = job(notebook("a", new_cluster=cluster), job_cluster=[{"new_cluster": cluster}], run_as=run_as)
        for finding in found(body, form):
            assert finding.message
            assert finding.hint
