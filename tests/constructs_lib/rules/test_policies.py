"""House rules: what an environment demands of its jobs, and how severe rules are there."""

from typing import Any

import pytest

from constructs_lib import LakeflowError
from constructs_lib.rules import HOUSE_RULES, Finding, Policies, Severity
from constructs_lib.rules.examples import job, notebook

ROBOT = {"service_principal_name": "c3e85b09-d4a1-4672-8f1b-96d07a2ce58f"}
NODE = {"node_type_id": "Standard_D4ds_v5", "driver_node_type_id": "Standard_D4ds_v5"}


def clustered(**cluster: Any) -> dict[str, Any]:
    block = {"job_cluster_key": "etl", "new_cluster": {"spark_version": "16.4.x-scala2.12", **cluster}}
    return job(notebook("a", job_cluster_key="etl"), job_cluster=[block])


@pytest.mark.parametrize(
    ("policy", "bad", "path", "message", "good"),
    [
        (
            {"run_as_service_principal": True},
            job(run_as={"user_name": "a@example.com"}),
            ("run_as",),
            "the job does not run as a service principal",
            job(run_as=ROBOT),
        ),
        (
            {"failure_notification": True},
            job(email_notifications={"on_success": ["a@example.com"]}),
            (),
            "nobody is told when a run fails",
            job(webhook_notifications={"on_failure": [{"id": "x"}]}),
        ),
        (
            {"required_tags": ["cost_center"]},
            job(tags={"team": "x"}),
            ("tags",),
            "the tag 'cost_center' is missing",
            job(tags={"cost_center": "4711"}),
        ),
        ({"timeouts": True}, job(), (), "the job has no timeout", job(timeout_seconds=3600)),
        ({"timeouts": True}, job(timeout_seconds=0), (), "the job has no timeout", job(continuous={})),
        (
            {"no_all_purpose_clusters": True},
            job(notebook("a", existing_cluster_id="0101")),
            ("task", 0, "existing_cluster_id"),
            "task 'a': runs on an all-purpose cluster",
            job(),
        ),
        (
            {"node_types": ["Standard_D4ds_v5"]},
            clustered(node_type_id="Standard_E64ds_v5", num_workers=1),
            ("job_cluster", 0, "new_cluster", "node_type_id"),
            "job cluster 'etl': 'Standard_E64ds_v5' is not allowed here",
            clustered(**NODE, num_workers=1),
        ),
        (
            {"max_workers": 4},
            clustered(**NODE, autoscale={"min_workers": 1, "max_workers": 5}),
            ("job_cluster", 0, "new_cluster", "autoscale", "max_workers"),
            "job cluster 'etl': 5 workers are too many",
            clustered(**NODE, num_workers=4),
        ),
        (
            {"schedules_paused": True},
            job(continuous={}),
            ("continuous",),
            "the job starts by itself",
            job(continuous={"pause_status": "PAUSED"}),
        ),
        (
            {"git_tag": True},
            job(git_source={"url": "https://x", "branch": "main"}),
            ("git_source", "branch"),
            "the branch 'main' moves",
            job(git_source={"url": "https://x", "tag": "v1"}),
        ),
    ],
)
def test_a_house_rule(policy: dict[str, Any], bad: Any, path: tuple[Any, ...], message: str, good: Any) -> None:
    policies = Policies.of(policy)
    (found,) = policies.findings(bad)
    assert (found.path, found.message, found.severity) == (path, message, Severity.ERROR)
    assert list(policies.findings(good)) == []
    assert list(Policies().findings(bad)) == []


def test_a_group_must_be_able_to_manage() -> None:
    policies = Policies.of({"owner_group": "platform"})
    grants = [{"group_name": "platform", "permission_level": "CAN_MANAGE"}]
    assert [found.code for found in policies.findings(job(), [])] == ["LP110"]
    assert list(policies.findings(job())) == []  # nobody knows
    assert list(policies.findings(job(), grants)) == []
    assert len(list(policies.findings(job(), [{**grants[0], "permission_level": "CAN_VIEW"}]))) == 1


def test_every_house_rule_has_a_key_and_a_code_of_its_own() -> None:
    assert [rule.code for rule in HOUSE_RULES] == sorted({rule.code for rule in HOUSE_RULES})
    assert all(hasattr(Policies(), rule.key) for rule in HOUSE_RULES)


def test_an_environment_says_how_severe_a_rule_is() -> None:
    policies = Policies.of({"rules": {"LF5": "info", "LF501": "error", "LF9": "off"}})
    found = [Finding(code, Severity.WARNING, (), "m", "h") for code in ("LF101", "LF501", "LF502", "LF901")]
    judged = [(finding.code, finding.severity.value) for finding in policies.judged(found)]
    assert judged == [("LF101", "warning"), ("LF501", "error"), ("LF502", "info")]


def test_a_policy_that_is_none_is_an_error() -> None:
    with pytest.raises(LakeflowError, match=r"there is no policy 'timeout'; did you mean 'timeouts'\?"):
        Policies.of({"timeout": True})


@pytest.mark.parametrize("workers", [10**400, float("inf"), "1e999"])
def test_a_number_beyond_all_bounds_is_too_many_workers(workers: object) -> None:
    (found,) = Policies.of({"max_workers": 4}).findings(clustered(**NODE, num_workers=workers))
    assert found.code == "LP107"
