"""Rules about what Terraform's provider makes of a job that is valid in itself."""

from typing import Any

import pytest

from constructs_lib.rules.engine import RuleSet
from constructs_lib.rules.examples import after, job, notebook
from constructs_lib.rules.finding import Finding, Path
from constructs_lib.rules.provider_traps import RULES
from constructs_lib.rules.rule import Form

ONE = "11111111-2222-4333-8444-555555555555"
TWO = "22222222-2222-4333-8444-555555555555"
ANN = {"on_failure": ["ann@example.com"]}
NODE = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_D4ds_v5"}


def found(body: dict[str, Any], form: Form = Form.TERRAFORM) -> list[Finding]:
    """Return what is found in a job that says whom it runs as."""
    return list(RuleSet.of(RULES, form).findings({"run_as": {"service_principal_name": ONE}, **body}))


def places(body: dict[str, Any]) -> list[tuple[str, Path]]:
    return [(finding.code, finding.path) for finding in found(body)]


def ids(*ids: str) -> dict[str, Any]:
    return {"on_start": [{"id": id_} for id_ in ids]}


def shared(key: str, **cluster: Any) -> dict[str, Any]:
    return {"job_cluster_key": key, "new_cluster": {**NODE, **cluster}}


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        (job(notebook("b"), notebook("a")), "LF951", ("task", 1, "task_key")),
        (job(notebook("a"), notebook("B")), "LF951", ("task", 1, "task_key")),
        (job(notebook("a_1"), notebook("a-1")), "LF951", ("task", 1, "task_key")),
        (
            job(notebook("a"), notebook("b"), notebook("c", depends_on=after("b", "a"))),
            "LF952",
            ("task", 2, "depends_on", 1, "task_key"),
        ),
        (job(webhook_notifications=ids(TWO, ONE)), "LF953", ("webhook_notifications", "on_start", 1, "id")),
        (
            job(notebook("a", webhook_notifications=ids(TWO, ONE))),
            "LF953",
            ("task", 0, "webhook_notifications", "on_start", 1, "id"),
        ),
        (
            job(notebook("a"), notebook("b", email_notifications=ANN)),
            "LF954",
            ("task", 1, "email_notifications"),
        ),
        (
            job(
                notebook("a", email_notifications=ANN),
                notebook("b", email_notifications={"on_start": ["ann@example.com"]}),
            ),
            "LF954",
            ("task", 0, "email_notifications"),
        ),
        (job(notebook("a"), notebook("b", retry_on_timeout=True)), "LF955", ("task", 0)),
        (
            job(
                {"task_key": "a", "notebook_task": {"notebook_path": "a", "source": "GIT"}},
                {"task_key": "b", "notebook_task": {"notebook_path": "/b"}},
            ),
            "LF955",
            ("task", 1, "notebook_task"),
        ),
        (
            job(job_cluster=[shared("x", data_security_mode="SINGLE_USER"), shared("y")]),
            "LF955",
            ("job_cluster", 1, "new_cluster"),
        ),
        (
            job(notebook("a", new_cluster=NODE), notebook("b", new_cluster={**NODE, "enable_elastic_disk": True})),
            "LF955",
            ("task", 0, "new_cluster"),
        ),
        (job({"task_key": "a", "dbt_task": {"commands": ["dbt run"]}}), "LF956", ("task", 0, "dbt_task")),
        (job(email_notifications={}), "LF957", ("email_notifications",)),
        (job(notebook("a", email_notifications=[{}])), "LF957", ("task", 0, "email_notifications")),
        (
            job(job_cluster=[shared("x", azure_attributes={})]),
            "LF958",
            ("job_cluster", 0, "new_cluster", "azure_attributes"),
        ),
        (job(run_as=None), "LF959", ()),
        (job(continuous={}, control_run_state=True), "LF960", ("control_run_state",)),
        (job(always_running=True), "LF961", ("always_running",)),
    ],
)
def test_traps(body: dict[str, Any], code: str, path: Path) -> None:
    assert places(body) == [(code, path)]
    assert not found(body, Form.REST)
    assert not found(body, Form.BUNDLE)


@pytest.mark.parametrize(
    "body",
    [
        job(notebook("B"), notebook("a"), notebook("a-1"), notebook("a_1")),
        job(notebook("b"), notebook("${var.key}"), notebook("a")),
        job(notebook("a"), notebook("b", depends_on=after("${x.key}", "a"))),
        job({"task_key": "l", "for_each_task": {"task": notebook("i", webhook_notifications=ids(TWO, ONE))}}),
        job(webhook_notifications=ids("${b.id}", "${a.id}")),
        job(notebook("a", email_notifications=ANN)),
        job(notebook("a", email_notifications=ANN), notebook("b", email_notifications=ANN)),
        job(notebook("a", retry_on_timeout=False), notebook("b")),
        job(
            {"task_key": "a", "notebook_task": {"notebook_path": "a", "source": "GIT"}},
            {"task_key": "b", "notebook_task": {"notebook_path": "b"}},
            git_source={"url": "https://github.com/a/b", "branch": "main"},
        ),
        job(job_cluster=[shared("x"), shared("y")]),
        job(
            notebook("a", new_cluster=NODE),
            notebook("b", new_cluster={"spark_version": "x", "instance_pool_id": "p"}),
        ),
        job({"task_key": "a", "dbt_task": {"commands": ["dbt run"], "schema": ""}}),
        job({"task_key": "a", "dbt_task": {"commands": ["dbt run"], "warehouse_id": "w"}}),
        job(always_running=False, control_run_state=False),
        {"name": "x", "task": [None, {}, {"task_key": 3, "depends_on": [{}, {"task_key": []}]}]},
    ],
)
def test_what_the_provider_copes_with(body: dict[str, Any]) -> None:
    assert not found(body)


def test_messages() -> None:
    (finding,) = found(job(notebook("b"), notebook("a")))
    assert finding.message == "task 'a': it stands after 'b', and the provider sorts tasks by their keys"
    tasks = notebook("a", retry_on_timeout=True, new_cluster=NODE), notebook("b", new_cluster={"kind": "x"})
    (finding,) = found(job(*tasks))
    silent = "new_cluster.node_type_id, retry_on_timeout are said in one place and not in another of the same list"
    assert finding.message.startswith(silent)
