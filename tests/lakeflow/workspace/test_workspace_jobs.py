"""Jobs are kept as the Jobs API keeps them."""

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import BadRequest, InvalidParameterValue, ResourceDoesNotExist
from databricks.sdk.service.jobs import JobAccessControlRequest, JobCluster, JobPermissionLevel, JobSettings

from lakeflow.workspace.exchange import Json, RefusedError
from lakeflow.workspace.job_checks import check
from lakeflow.workspace.job_settings import as_kept
from tests.lakeflow.workspace.conftest import notebook

NODES = {"node_type_id": "D4", "spark_version": "16.4.x-scala2.12", "num_workers": 1}
DBT = {"commands": ["dbt run"]}


def kept(**task: object) -> Json:
    """Return a task as it is read back."""
    found: Json = as_kept({"tasks": [{"task_key": "a", **task}]})["tasks"][0]
    return found


def test_a_job_without_anything_has_the_defaults() -> None:
    assert as_kept({}) == {
        "name": "Untitled",
        "email_notifications": {},
        "webhook_notifications": {},
        "timeout_seconds": 0,
        "max_concurrent_runs": 1,
        "queue": {"enabled": True},
        "format": "MULTI_TASK",
    }


def test_tasks_and_dependencies_are_sorted_by_their_keys() -> None:
    tasks: list[Json] = [
        {"task_key": key, "depends_on": [{"task_key": "b"}, {"task_key": "B"}]} for key in ("b", "_", "B", "a")
    ]
    read = as_kept({"tasks": tasks})["tasks"]
    assert [task["task_key"] for task in read] == ["B", "_", "a", "b"]
    assert [parent["task_key"] for parent in read[0]["depends_on"]] == ["B", "b"]
    assert [parent["task_key"] for parent in tasks[0]["depends_on"]] == ["b", "B"]


def test_the_task_of_a_loop_has_the_defaults_too() -> None:
    inner = {"task_key": "i", "notebook_task": {"notebook_path": "/n"}, "new_cluster": NODES}
    read = kept(for_each_task={"inputs": "[1]", "task": inner})["for_each_task"]["task"]
    assert read["notebook_task"]["source"] == "WORKSPACE"
    assert read["webhook_notifications"] == {}
    assert read["new_cluster"]["azure_attributes"]["first_on_demand"] == 1


def test_a_cluster_gets_what_azure_gives_it_and_a_pool_nothing() -> None:
    azure = {"availability": "SPOT_AZURE", "first_on_demand": 1, "spot_bid_max_price": -1.0}
    read = kept(new_cluster={**NODES, "azure_attributes": {"availability": "SPOT_AZURE"}})["new_cluster"]
    assert (read["azure_attributes"], read["enable_elastic_disk"]) == (azure, True)
    pool = kept(new_cluster={"instance_pool_id": "p"})["new_cluster"]
    assert pool == {"instance_pool_id": "p", "data_security_mode": "SINGLE_USER"}
    assert "azure_attributes" not in kept(new_cluster={**NODES, "aws_attributes": {}})["new_cluster"]


def test_what_is_not_kept_is_dropped() -> None:
    assert kept(dbt_task={"schema": "s", **DBT})["dbt_task"] == {"source": "WORKSPACE", **DBT}
    assert kept(dbt_task={"schema": "s", "warehouse_id": "w", **DBT})["dbt_task"]["schema"] == "s"
    assert "apply_policy_default_values" not in kept(new_cluster={"apply_policy_default_values": True})["new_cluster"]
    assert as_kept({"max_concurrent_runs": 0})["max_concurrent_runs"] == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"tasks": [{"task_key": "a"}, {"task_key": "a"}]}, "Duplicate task key 'a'."),
        ({"tasks": [{}]}, "Missing required field: settings.tasks.task_key"),
        ({"tasks": [{"task_key": "a", "depends_on": [{"task_key": "b"}]}]}, "Task 'a' depends on unknown task 'b'."),
        (
            {"tasks": [{"task_key": "a", "job_cluster_key": "e"}]},
            "Job cluster 'e' is not defined in field 'job_clusters'.",
        ),
        (
            {"git_source": {"git_url": "https://u", "git_branch": "main", "git_provider": ""}},
            "git_source.git_provider must be one of: github,gitlab,bitbucketcloud,gitlabenterpriseedition,"
            "bitbucketserver,azuredevopsservices,githubenterprise,awscodecommit",
        ),
        ({"name": "n" * 4097}, "The name of a job can have at most 4096 bytes."),
        (
            {"tasks": [{"task_key": str(number)} for number in range(1001)]},
            "A job can have at most 1000 tasks, and this one has 1001.",
        ),
    ],
)
def test_settings_that_contradict_themselves_are_refused(settings: Json, message: str) -> None:
    with pytest.raises(RefusedError) as raised:
        check(as_kept(settings))
    assert (raised.value.status, raised.value.error_code, raised.value.message) == (
        400,
        "INVALID_PARAMETER_VALUE",
        message,
    )


def test_a_reset_replaces_everything_but_whom_the_job_runs_as(client: WorkspaceClient) -> None:
    created = client.api_client.do(
        "POST",
        "/api/2.2/jobs/create",
        body={
            "name": "n",
            "tags": {"a": "1"},
            "run_as": {"user_name": "sp@example.com"},
            "tasks": [notebook("a").as_dict()],
        },
    )
    assert isinstance(created, dict)
    client.jobs.reset(created["job_id"], JobSettings(name="m"))
    job = client.jobs.get(created["job_id"])
    assert job.settings is not None
    assert (job.settings.name, job.settings.tags, job.settings.tasks or []) == ("m", None, [])
    assert job.run_as_user_name == "sp@example.com"
    assert job.creator_user_name == "jd@example.com"


def test_an_update_merges_tasks_and_clusters_by_their_keys(client: WorkspaceClient) -> None:
    job_id = client.jobs.create(tasks=[notebook("a"), notebook("b", description="old")]).job_id
    assert job_id is not None
    changed = JobSettings(tasks=[notebook("b", description="new")], timeout_seconds=9)
    client.jobs.update(job_id, new_settings=changed, fields_to_remove=["tasks/a"])
    settings = client.jobs.get(job_id).settings
    assert settings is not None
    assert [(task.task_key, task.description) for task in settings.tasks or []] == [("b", "new")]
    assert settings.timeout_seconds == 9


def test_jobs_are_listed_newest_first_in_pages_and_found_by_name(client: WorkspaceClient) -> None:
    for number in range(45):
        client.jobs.create(name=f"Job-{number % 3}", tasks=[notebook("a")])
    assert len(list(client.jobs.list(limit=20))) == 45
    found = list(client.jobs.list(name="job-1"))
    assert len(found) == 15
    assert found[0].job_id is not None
    assert found[0].job_id > (found[-1].job_id or 0)
    with pytest.raises(BadRequest, match="Invalid limit"):
        list(client.jobs.list(limit=101))


def test_long_jobs_come_in_pages_of_a_hundred_tasks(client: WorkspaceClient) -> None:
    keys = [f"t{number:03}" for number in range(205)]
    clusters = [JobCluster.from_dict({"job_cluster_key": "c", "new_cluster": NODES})]
    job_id = client.jobs.create(tasks=[notebook(key) for key in keys], job_clusters=clusters).job_id
    assert job_id is not None
    page = client.api_client.do("GET", "/api/2.2/jobs/get", query={"job_id": job_id})
    assert isinstance(page, dict)
    assert (len(page["settings"]["tasks"]), page["next_page_token"]) == (100, "100")
    settings = client.jobs.get(job_id).settings
    assert settings is not None
    assert [task.task_key for task in settings.tasks or []] == keys


def test_a_job_that_is_gone_is_an_invalid_parameter(client: WorkspaceClient) -> None:
    with pytest.raises((InvalidParameterValue, ResourceDoesNotExist), match=r"Job 7 does not exist\."):
        client.jobs.get(7)


def test_permissions_can_come_with_the_job_and_go_with_it(client: WorkspaceClient) -> None:
    readers = JobAccessControlRequest(group_name="readers", permission_level=JobPermissionLevel.CAN_VIEW)
    job_id = client.jobs.create(tasks=[notebook("a")], access_control_list=[readers]).job_id
    entries = client.jobs.get_permissions(str(job_id)).access_control_list or []
    assert [entry.group_name or entry.user_name for entry in entries] == ["jd@example.com", "readers", "admins"]
    client.jobs.delete(job_id or 0)
    with pytest.raises(ResourceDoesNotExist):
        client.jobs.get_permissions(str(job_id))
