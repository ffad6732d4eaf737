"""Rules about what Terraform's provider makes of a job that is valid in itself.

The provider compares lists by position and cannot tell "not said" from "as it was": what is silent keeps an old
value, or that of its neighbour. All of it was measured with provider 1.128.0.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from constructs_lib.errors import listed
from constructs_lib.rules.examples import after, job, notebook
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.job import Body, Cluster, Job, JobTask, mapping, mappings, said, text
from constructs_lib.rules.rule import IN_TERRAFORM, Hits, Rule

_MEASURED = "measured with provider 1.128.0"
_PAGE = "https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/job"
_STICKY = ("data_security_mode", "enable_local_disk_encryption")
_STICKY_WITHOUT_POOL = (
    "aws_attributes",
    "azure_attributes",
    "driver_node_type_id",
    "enable_elastic_disk",
    "gcp_attributes",
    "node_type_id",
)
"""What a cluster keeps of the one that stood at its place before, where it does not say it itself."""
_SOURCES = ("notebook_task", "spark_python_task", "dbt_task")


def _out_of_order(keys: Iterable[object]) -> tuple[int, str, str] | None:
    """Return the first key that belongs further up: position, key and the one before; None where one is unknown."""
    known = [text(key) for key in keys]
    found: tuple[int, str, str] | None = None
    for index in range(1, len(known)):
        key, before = known[index], known[index - 1]
        if key is None or before is None:
            return None
        if found is None and key < before:
            found = (index, key, before)
    return found


def _unsorted_tasks(job: Job) -> Hits:
    wrong = _out_of_order(task.body.get("task_key") for task in job.top)
    if wrong:
        index, key, before = wrong
        yield job.top[index].hit(
            "task_key",
            message=f"it stands after {before!r}, and the provider sorts tasks by their keys",
            hint=f"write the tasks in the order of their keys, {key!r} before {before!r}",
        )


def _unsorted_dependencies(task: JobTask) -> Hits:
    edges = list(mappings(task.body.get("depends_on")))
    wrong = _out_of_order(edge.get("task_key") for _, edge in edges) if len(edges) > 1 and task.loop is None else None
    if wrong:
        index, key, before = wrong
        yield task.hit(
            "depends_on",
            edges[index][0],
            "task_key",
            message=f"{key!r} stands after {before!r}, and the provider sorts dependencies by their keys",
            hint=f"write {key!r} before {before!r}",
        )


def _unsorted_events(block: Body) -> Iterator[tuple[Path, str]]:
    for event, entries in block.items():
        webhooks = list(mappings(entries))
        wrong = _out_of_order(webhook.get("id") for _, webhook in webhooks) if len(webhooks) > 1 else None
        if wrong:
            index, id_, before = wrong
            path = ("webhook_notifications", event, webhooks[index][0], "id")
            yield path, f"{event}: {id_!r} stands after {before!r}, and the provider sorts webhooks by their ids"


_BY_ID = "write the webhooks in the order of their ids"


def _unsorted_webhooks(job: Job) -> Hits:
    for path, message in _unsorted_events(job.block("webhook_notifications")):
        yield Hit(path, message, _BY_ID)
    for task in job.top:
        if "webhook_notifications" in task.body:
            for path, message in _unsorted_events(task.block("webhook_notifications")):
                yield task.hit(*path, message=message, hint=_BY_ID)


def _emails_on_tasks(job: Job) -> Hits:
    if len(job.top) < 2:
        return
    lists = [_filled(task) for task in job.top]
    if any(each != lists[0] for each in lists):
        task = next(task for task, events in zip(job.top, lists, strict=True) if events)
        yield task.hit(
            "email_notifications",
            message="the provider cannot take e-mails from a task again, and other tasks of the job have none",
            hint="write e-mails on the job, and use webhooks for tasks",
        )


def _filled(task: JobTask) -> frozenset[str]:
    return frozenset(
        name for name, value in task.block("email_notifications").items() if isinstance(value, list) and value
    )


def _leaks(job: Job) -> Hits:
    leaking: dict[str, Path] = {}
    if len(job.top) > 1:
        _leaks_of_tasks(job, leaking)
        clusters = [
            (task.at("new_cluster"), task.block("new_cluster")) for task in job.top if "new_cluster" in task.body
        ]
        _leaks_of_clusters(clusters, leaking)
    shared = [
        (("job_cluster", index, "new_cluster"), block.get("new_cluster")) for index, block in job.blocks("job_cluster")
    ]
    _leaks_of_clusters([(path, mapping(body)) for path, body in shared], leaking)
    if leaking:
        yield Hit(
            next(iter(leaking.values())),
            f"{listed(leaking)} {'is' if len(leaking) == 1 else 'are'} said in one place and not in another of the same"
            " list: where tasks or clusters come and go, the silent ones get their neighbours' values",
            "write them everywhere",
        )


def _leaks_of_tasks(job: Job, leaking: dict[str, Path]) -> None:
    retrying = [task.body.get("retry_on_timeout") for task in job.top]
    if True in retrying and None in retrying:
        leaking["retry_on_timeout"] = job.top[retrying.index(None)].path
    usual = "GIT" if job.block("git_source") else "WORKSPACE"
    for name in _SOURCES:
        silent: Path | None = None
        differs = False
        for task in job.top:
            if name in task.body:
                source = task.block(name).get("source")
                if source is None:
                    silent = silent or task.at(name)
                else:
                    differs = differs or source != ("WORKSPACE" if name == "spark_python_task" else usual)
        if silent and differs:
            leaking[f"{name}.source"] = silent


def _leaks_of_clusters(clusters: list[tuple[Path, Body]], leaking: dict[str, Path]) -> None:
    if len(clusters) < 2:
        return
    nodes = [(path, body) for path, body in clusters if not said(body.get("instance_pool_id"))]
    for names, among in ((_STICKY, clusters), (_STICKY_WITHOUT_POOL, nodes)):
        for name in names:
            silent = [path for path, body in among if not said(body.get(name))]
            if silent and len(silent) < len(among):
                leaking.setdefault(f"new_cluster.{name}", silent[0])


def _dbt_schema(task: JobTask) -> Hits:
    block = task.block("dbt_task")
    if block and not said(block.get("warehouse_id")) and block.get("schema") is None:
        yield task.hit(
            "dbt_task",
            message="schema is not said, and the provider sends 'default', which dbt on a cluster does not have",
            hint="write schema: ''",
        )


def _is_empty(value: object) -> bool:
    return value in ({}, [{}])


def _empty_emails(job: Job) -> Hits:
    message = "email_notifications: an empty block says nothing, and what was there before stays"
    hint = "leave it out; addresses are only taken away in the workspace"
    if _is_empty(job.body.get("email_notifications")):
        yield Hit(("email_notifications",), message, hint)
    for task in job.tasks:
        if _is_empty(task.body.get("email_notifications")):
            yield task.hit("email_notifications", message=message, hint=hint)


def _empty_cloud(cluster: Cluster) -> Hits:
    for name in ("aws_attributes", "azure_attributes", "gcp_attributes"):
        if _is_empty(cluster.body.get(name)):
            yield cluster.hit(
                name,
                message=f"{name}: an empty block says nothing, and what was there before stays",
                hint="write its availability, or leave it out",
            )


def _no_run_as(job: Job) -> Hits:
    if not said(job.body.get("run_as")):
        yield Hit(
            (),
            "the job does not say whom it runs as: it is whoever deploys it first, and stays so",
            "write run_as, with a service principal for what is in production",
        )


def _control_run_state(job: Job) -> Hits:
    if job.body.get("control_run_state") is True:
        yield Hit(
            ("control_run_state",),
            "every change stops the run and starts another; the apply fails where a run is just being started",
            "leave it out, and restart the run after the deployment",
        )


def _always_running(job: Job) -> Hits:
    if job.body.get("always_running") is True:
        yield Hit(("always_running",), "always_running is deprecated", "write continuous: {pause_status: 'UNPAUSED'}")


_ONE = "11111111-2222-4333-8444-555555555555"
_TWO = "22222222-2222-4333-8444-555555555555"
_ANN = {"on_failure": ["ann@example.com"]}
_NODE = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_D4ds_v5", "num_workers": 2}


def _ids(*ids: str) -> dict[str, Any]:
    return {"on_failure": [{"id": id_} for id_ in ids]}


def _clustered(**more: Any) -> dict[str, Any]:
    return job(notebook("a", job_cluster_key="etl"), job_cluster=[_shared("etl", **more)])


def _shared(key: str, **more: Any) -> dict[str, Any]:
    return {"job_cluster_key": key, "new_cluster": {**_NODE, **more}}


def _dbt(**attributes: Any) -> dict[str, Any]:
    dbt = {"commands": ["dbt build"], "project_directory": "/Workspace/dbt", "source": "WORKSPACE", **attributes}
    environment = {"environment_key": "e", "spec": {"environment_version": "4", "dependencies": ["dbt-databricks"]}}
    return job({"task_key": "a", "environment_key": "e", "dbt_task": dbt}, environment=[environment])


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF951",
        severity=Severity.INFO,
        title="Tasks are not in the order of their keys",
        why="The provider sorts what it reads: the plan is never empty, and values move from task to task.",
        source=_MEASURED,
        bad=job(notebook("b"), notebook("a")),
        good=job(notebook("a"), notebook("b")),
        job=_unsorted_tasks,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF952",
        severity=Severity.WARNING,
        title="Dependencies are not in the order of their keys",
        why="The provider sorts what it reads: the same change is planned after every apply.",
        source=_PAGE,
        bad=job(notebook("a"), notebook("b"), notebook("c", depends_on=after("b", "a"))),
        good=job(notebook("a"), notebook("b"), notebook("c", depends_on=after("a", "b"))),
        task=_unsorted_dependencies,
        blocks=("depends_on",),
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF953",
        severity=Severity.WARNING,
        title="Webhooks are not in the order of their ids",
        why="The provider sorts what it reads: the same change is planned after every apply.",
        source=_MEASURED,
        bad=job(webhook_notifications=_ids(_TWO, _ONE)),
        good=job(webhook_notifications=_ids(_ONE, _TWO)),
        job=_unsorted_webhooks,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF954",
        severity=Severity.INFO,
        title="Some tasks have e-mail addresses and others have not",
        why="The provider writes empty addresses where it should take them away, and does so when tasks come and go.",
        source=_MEASURED,
        bad=job(notebook("a", email_notifications=_ANN), notebook("b")),
        good=job(notebook("a"), notebook("b"), email_notifications=_ANN),
        job=_emails_on_tasks,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF955",
        severity=Severity.INFO,
        title="What one task or cluster says, another leaves open",
        why="The provider compares by position: what is silent gets the value of the task or cluster that stood there.",
        source=_MEASURED,
        bad=job(notebook("a", retry_on_timeout=True, timeout_seconds=60, max_retries=1), notebook("b")),
        good=job(
            notebook("a", retry_on_timeout=True, timeout_seconds=60, max_retries=1),
            notebook("b", retry_on_timeout=False),
        ),
        job=_leaks,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF956",
        severity=Severity.INFO,
        title="A dbt task without a warehouse does not say its schema",
        why="The provider sends the schema 'default', which the API drops: the plan is never empty.",
        source=_MEASURED,
        bad=_dbt(),
        good=_dbt(schema=""),
        task=_dbt_schema,
        blocks=("dbt_task",),
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF957",
        severity=Severity.INFO,
        title="An empty block of e-mails",
        why="The provider takes an empty block for silence, and leaves in the workspace what was there.",
        source=_MEASURED,
        bad=job(email_notifications={}),
        good=job(email_notifications=_ANN),
        job=_empty_emails,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF958",
        severity=Severity.INFO,
        title="An empty block of a cloud",
        why="The provider takes an empty block for silence: spot machines stay spot machines.",
        source=_MEASURED,
        bad=_clustered(azure_attributes={}),
        good=_clustered(azure_attributes={"availability": "ON_DEMAND_AZURE"}),
        cluster=_empty_cloud,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF959",
        severity=Severity.INFO,
        title="A job does not say whom it runs as",
        why="It runs as who deployed it first. Nobody sees it in the code, and the next deployer does not change it.",
        source=_MEASURED,
        bad=job(),
        good=job(run_as={"service_principal_name": _ONE}),
        job=_no_run_as,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF960",
        severity=Severity.INFO,
        title="control_run_state restarts the job at every change",
        why="After each update the provider cancels and starts a run, and fails where the API is doing so itself.",
        source="https://github.com/databricks/terraform-provider-databricks/issues/4267",
        bad=job(continuous={"pause_status": "UNPAUSED"}, control_run_state=True),
        good=job(continuous={"pause_status": "UNPAUSED"}),
        job=_control_run_state,
        blocks=("control_run_state",),
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF961",
        severity=Severity.INFO,
        title="always_running is deprecated",
        why="Continuous jobs are kept running by Databricks itself, the provider's attribute only at deployments.",
        source=_PAGE,
        bad=job(always_running=True),
        good=job(continuous={"pause_status": "UNPAUSED"}),
        job=_always_running,
        blocks=("always_running",),
        forms=IN_TERRAFORM,
    ),
)
