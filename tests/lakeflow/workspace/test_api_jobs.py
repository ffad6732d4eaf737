"""Jobs are refused where Databricks refuses them, and everything that this project deploys is accepted."""

import json
import re
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.errors import InvalidParameterValue
from databricks.sdk.service.jobs import JobSettings
from hypothesis import HealthCheck, given, settings

from constructs_lib.definition import JobDefinition
from constructs_lib.rules import RULES
from lakeflow.workspace.core import Core
from lakeflow.workspace.exchange import Json, Request
from lakeflow.workspace.job_checks import REFUSED, check
from lakeflow.workspace.job_settings import as_kept
from lakeflow.workspace.jobs import Jobs
from lakeflow.workspace.state import State
from tests.lakeflow.workspace.conftest import notebook
from tests.support.everything import everything
from tests.support.generated import jobs
from tests.support.project import Project
from tests.support.rest_form import rest_of

NOTEBOOK: Json = {"notebook_task": {"notebook_path": "/Shared/n"}}
CLUSTER: Json = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_D4ds_v5"}
GIT: Json = {"git_url": "https://git.example.com/r.git", "git_provider": "gitHub", "git_branch": "main"}


def job(*tasks: Json, **said: Any) -> Json:
    """Return settings whose tasks have the keys a, b, …"""
    keyed = [{"task_key": "abc"[number], **NOTEBOOK, **task} for number, task in enumerate(tasks or ({},))]
    return {"name": "j", "tasks": keyed, **said}


def only(**said: Any) -> Json:
    """Return settings with one task that is nothing else than what is said."""
    return {"tasks": [{"task_key": "a", **said}]}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            job({"depends_on": [{"task_key": "a"}]}),
            "Invalid dependency graph, task 'a' can not reference itself in field 'depends_on'",
        ),
        (
            job({"depends_on": [{"task_key": "b"}]}, {"depends_on": [{"task_key": "a"}]}),
            "the tasks wait for each other",
        ),
        (job({"environment_key": "e"}), "Job environment 'e' used by task a is not defined in field 'environments'."),
        (only(spark_python_task={"python_file": "/a.py"}), "An environment is required for serverless task a."),
        (
            job({"new_cluster": CLUSTER}),
            "Cluster validation error: Missing required field: settings.cluster_spec.new_cluster.size",
        ),
        (
            job({"new_cluster": {**CLUSTER, "num_workers": 0}}),
            "Cluster validation error: NumWorkers could be 0 only for SingleNode clusters.",
        ),
        (
            only(notebook_task={"notebook_path": "n", "source": "GIT"}),
            "source is set to GIT but no git_source settings are provided",
        ),
        (
            {**only(notebook_task={"notebook_path": "/n", "source": "GIT"}), "git_source": GIT},
            "Only relative paths are supported for remote repositories.",
        ),
        (job(schedule={"quartz_cron_expression": "0 6 * * *", "timezone_id": "UTC"}), "it has 5 fields"),
        (job(schedule={"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "Europe/Londn"}), "Europe/London"),
        (job(queue={}), "Missing required field: settings.queue.enabled"),
        (job(max_concurrent_runs=2, continuous={}), "a continuous job has one run at a time"),
        (only(notebok_task={}), "Task 'a' has no type"),
        (only(**NOTEBOOK, sql_task={"warehouse_id": "w", "query": {"query_id": "q"}}), "notebook_task"),
    ],
)
def test_what_the_service_refuses_is_refused(client: WorkspaceClient, said: Json, words: str) -> None:
    with pytest.raises(InvalidParameterValue, match=re.escape(words)):
        client.api_client.do("POST", "/api/2.2/jobs/create", body=said)
    created = client.jobs.create(name="j", tasks=[notebook("a")]).job_id
    with pytest.raises(InvalidParameterValue, match=re.escape(words)):
        client.api_client.do("POST", "/api/2.2/jobs/reset", body={"job_id": created, "new_settings": said})
    assert [each.job_id for each in client.jobs.list()] == [created]


@pytest.mark.parametrize(
    "said",
    [
        job(schedule={"quartz_cron_expression": "0 0 6 30 2 ?", "timezone_id": "UTC"}),
        job({}, {"notebook_task": {"notebook_path": "/n", "base_parameters": {"v": "{{tasks.a.values.v}}"}}}),
        job(max_retries=3),
        job(max_concurrent_runs=0),
        {"name": "no tasks"},
    ],
)
def test_what_only_does_nothing_passes_as_in_databricks(said: Json) -> None:
    check(as_kept(said))


def test_the_rules_that_refuse_are_rules() -> None:
    assert {rule.code for rule in RULES} >= REFUSED


@pytest.mark.parametrize("definition", everything(), ids=lambda definition: str(definition.name))
def test_everything_that_a_job_can_say_is_accepted(definition: JobDefinition) -> None:
    check(as_kept(rest_of(json.loads(json.dumps(definition.render())))))


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(jobs())
def test_any_job_is_kept_as_it_is_kept_again(definition: JobDefinition) -> None:
    kept = as_kept(rest_of(json.loads(json.dumps(definition.render()))))
    assert as_kept(kept) == kept


def test_runs_are_queued_since_version_2_2(client: WorkspaceClient) -> None:
    queues = []
    for version in ("2.1", "2.2"):
        created: Any = client.api_client.do("POST", f"/api/{version}/jobs/create", body=job())
        queues.append(client.jobs.get(created["job_id"]).as_dict()["settings"].get("queue"))
    assert queues == [None, {"enabled": True}]


def test_before_2_2_a_client_sees_a_hundred_tasks_and_an_offset(client: WorkspaceClient) -> None:
    created = client.jobs.create(name="long", tasks=[notebook(f"t{number:03}") for number in range(101)]).job_id
    for number in range(3):
        client.jobs.create(name=f"j{number}", tasks=[notebook("a")])
    old: Any = client.api_client.do("GET", "/api/2.1/jobs/get", query={"job_id": created})
    assert (len(old["settings"]["tasks"]), "next_page_token" in old) == (100, False)
    listed: Any = client.api_client.do("GET", "/api/2.1/jobs/list", query={"limit": 1, "offset": 2})
    assert ([each["settings"]["name"] for each in listed["jobs"]], listed["has_more"]) == (["j0"], True)


def test_who_listens_is_told_of_each_change_and_before_each_end() -> None:
    told: list[tuple[str, str, int]] = []
    state = State()
    service = Jobs(
        state,
        changed=lambda row, at: told.append(("changed", row["settings"]["name"], at)),
        deleted=lambda row, at: told.append(
            ("deleted", "there" if str(row["job_id"]) in state.tables["jobs"] else "gone", at)
        ),
    )
    core = Core({"t": "jd@example.com"}, [service])

    def ask(name: str, body: Json, at: int) -> Any:
        content, headers = json.dumps(body).encode(), {"authorization": "Bearer t"}
        request = Request(method="POST", path=f"/api/2.2/jobs/{name}", content=content, headers=headers, at=at)
        return json.loads(core.answer(request).body)

    key = ask("create", job(), 1)["job_id"]
    ask("update", {"job_id": key, "new_settings": {"name": "k"}}, 2)
    ask("reset", {"job_id": key, "new_settings": {"name": ""}, "tasks": 3}, 3)
    ask("reset", {"job_id": key, "new_settings": {"tasks": [{"task_key": "?"}]}}, 4)  # refused
    ask("delete", {"job_id": key}, 5)
    assert told == [("changed", "j", 1), ("changed", "k", 2), ("changed", "", 3), ("deleted", "there", 5)]


@pytest.mark.slow
def test_two_thousand_jobs_are_listed_in_twenty_pages(client: WorkspaceClient, state: State) -> None:
    service, tasks = Jobs(state), [{}, {"depends_on": [{"task_key": "a"}]}, {"depends_on": [{"task_key": "b"}]}]
    keys = [service.create(job(*tasks), caller="jd@example.com") for _ in range(2000)]
    assert [each.job_id for each in client.jobs.list(limit=100)] == keys[::-1]


REFERENCE = re.compile(r"\$\{[^}]*\}")


def in_place(value: Any) -> Any:
    """Return settings with something in place of every reference of Terraform."""
    if isinstance(value, dict):
        return {key: in_place(each) for key, each in value.items()}
    if isinstance(value, list):
        return [in_place(each) for each in value]
    if not isinstance(value, str):
        return value
    return REFERENCE.sub(lambda found: "/Shared/x" if "path" in found[0] else "1", value)


@pytest.mark.slow
def test_the_jobs_of_the_sample_stacks_live_and_leave_nothing(
    client: WorkspaceClient, project: Project, state: State
) -> None:
    ended = project.synth()
    assert ended.returncode == 0, ended.stderr
    documents = [project.document(stack)["resource"]["databricks_job"] for stack in ("dev", "test", "prod")]
    bodies = [body for document in documents for body in document.values()]
    assert len(bodies) == 9
    keys = []
    for body in bodies:
        said = in_place(rest_of(body))
        created: Any = client.api_client.do("POST", "/api/2.2/jobs/create", body=said)
        read = client.jobs.get(created["job_id"])
        assert read.settings is not None
        assert read.settings.name == said["name"]
        assert [task.task_key for task in read.settings.tasks or []] == [task["task_key"] for task in said["tasks"]]
        client.jobs.reset(created["job_id"], read.settings)
        assert client.jobs.get(created["job_id"]).settings == read.settings
        client.jobs.update(created["job_id"], new_settings=JobSettings(name="changed"), fields_to_remove=["tags"])
        keys.append(created["job_id"])
    assert {each.settings.name for each in client.jobs.list() if each.settings} == {"changed"}
    for key in keys:
        client.jobs.delete(key)
    assert {name: rows for name, rows in state.tables.items() if rows and name != "settings"} == {}
