"""Every text of a user stays text for Terraform; only references become expressions."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from inspect import get_annotations
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from constructs_lib import (
    AlertTask,
    ClusterSpec,
    Compute,
    ConditionTask,
    DashboardTask,
    DynamicValue,
    ExistingAlert,
    ExistingDashboard,
    ExistingDestination,
    ExistingJob,
    ExistingPipeline,
    ExistingPolicy,
    ExistingPool,
    ExistingQuery,
    ExistingWarehouse,
    ForEachTask,
    GitFile,
    GitSource,
    Goal,
    Grant,
    JobDefinition,
    LakeflowError,
    Library,
    Monitoring,
    NotebookTask,
    Notifications,
    Operations,
    PipelineTask,
    Principal,
    PythonScriptTask,
    PythonWheelTask,
    Reference,
    RunAlert,
    RunJobTask,
    SqlFileTask,
    SqlQueryTask,
    Task,
    Trigger,
    WorkspacePath,
    concat,
    dynamic,
    loop_input,
    parameter,
    secret,
)
from constructs_lib.compute import ServerlessEnvironment
from constructs_lib.kinds import Kind
from constructs_lib.principals import access_control
from constructs_lib.references import escape, terraform_json
from constructs_lib.values import Value
from tests.support.everything import every_value, everything
from tests.support.refusal import refusal

# Terraform's reading of a string template, from left to right: `$${` and `%%{` are `${` and `%{`, `${"…"}` is the text
# in it, and a `${` or `%{` besides is alive. (Terraform 1.11 agrees on thousands of strings made of these letters.)
_TEMPLATE = re.compile(r'\$\$\{|%%\{|\$\{"([^"\\{}]*)"\}|\$\{(databricks_\w+\.\w+\.\w+)\}|\$\{|%\{')


def evaluated(template: str, references: tuple[str, ...] = ()) -> str:
    """Return what Terraform makes of a template in which only `references` may be alive."""

    def piece(match: re.Match[str]) -> str:
        if match[0] in {"$${", "%%{"}:
            return match[0][1:]
        if match[1] is not None:
            return match[1]
        assert match[2] in references, f"{match[0]} is alive in {template}"
        return f"<{match[2]}>"

    return _TEMPLATE.sub(piece, template)


def evaluated_json(value: Any) -> Any:
    """Return what Terraform reads a document as that refers to nothing."""
    if isinstance(value, dict):
        return {evaluated(key): evaluated_json(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [evaluated_json(entry) for entry in value]
    return evaluated(value) if isinstance(value, str) else value


def strings(value: Any) -> Iterator[str]:
    """Yield every string of a document, keys too."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield key
            yield from strings(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from strings(entry)
    elif isinstance(value, str):
        yield value


PIECES = st.sampled_from(
    ["${", "%{", "$", "%", "{", "}", "~", '"', "\\", "a", "$${", "%%{", "TfToken[", "TfToken", "["]
)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=8).map("".join))
REFERENCE = Reference.to("databricks_job.other.id")
REFERENCES = ("databricks_job.other.id",)


# The law


@settings(deadline=None)
@given(TEXTS)
def test_terraform_reads_an_escaped_text_as_what_it_was(text: str) -> None:
    assert evaluated(escape(text)) == text


@settings(deadline=None)
@given(TEXTS)
def test_cdktf_finds_no_token_in_an_escaped_text(text: str) -> None:
    assert "TfToken[" not in escape(text)


@pytest.mark.slow
@settings(deadline=None)
@given(
    st.recursive(TEXTS | st.integers() | st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner))
)
def test_terraform_reads_a_document_as_what_it_was(document: object) -> None:
    assert evaluated_json(terraform_json(document)) == document


@settings(deadline=None)
@given(st.lists(TEXTS | st.just(REFERENCE), max_size=6))
def test_what_is_put_together_is_its_parts_and_nothing_else_is_alive(parts: list[str | Reference]) -> None:
    whole = "".join(part if isinstance(part, str) else "<databricks_job.other.id>" for part in parts)
    assert evaluated(concat(*parts).terraform, REFERENCES) == whole


@example([REFERENCE, "TfToken"], ["[TOKEN.0]"])
@example([REFERENCE, "%"], ["{if true}"])
@settings(deadline=None)
@given(st.lists(TEXTS | st.just(REFERENCE), max_size=4), st.lists(TEXTS | st.just(REFERENCE), max_size=4))
def test_what_was_put_together_can_be_a_part(before: list[str | Reference], after: list[str | Reference]) -> None:
    parts = concat(concat(*before), concat(*after)), concat(*before, concat(*after)), concat(concat(*before), *after)
    assert {evaluated(part.terraform, REFERENCES) for part in parts} == {
        evaluated(concat(*before, *after).terraform, REFERENCES)
    }
    assert "TfToken[" not in "".join(part.terraform for part in parts)


def test_two_harmless_texts_do_not_become_an_expression_together() -> None:
    assert evaluated(concat("$", '{file("/etc/hostname")}').terraform) == '${file("/etc/hostname")}'


def test_a_dollar_before_a_reference_does_not_switch_it_off() -> None:
    assert evaluated(concat("costs $", REFERENCE).terraform, REFERENCES) == "costs $<databricks_job.other.id>"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain, $5 and 10 %", "plain, $5 and 10 %"),
        ('${file("/etc/hostname")}', '$${file("/etc/hostname")}'),
        ("%{if true}x%{endif}", "%%{if true}x%%{endif}"),
        ("$${kept}", "$$${kept}"),
        ("{{job.parameters.day}}", "{{job.parameters.day}}"),
    ],
)
def test_what_is_written_for_a_text(text: str, escaped: str) -> None:
    assert terraform_json({text: [text]}) == {escaped: [escaped]}


def test_what_is_no_text_is_written_as_it_is() -> None:
    assert terraform_json({"a": (1, 0.5, True, None)}) == {"a": [1, 0.5, True, None]}


# Every position of a job that takes any text

HOSTILE = '/${file("/etc/hostname")}/%{if true}TfToken[TOKEN.7]$${x}MARK'
CODE = WorkspacePath("/a")
WAREHOUSE = ExistingWarehouse("w")
IN_GIT = Operations(git=GitSource("https://g", provider="gitLab", branch="main"))


def job(*tasks: Task, **said: Any) -> list[dict[str, Any]]:
    """Return a job and its permissions as they are rendered."""
    whole = {"goal": Goal("Order."), "trigger": Trigger.manual(), "compute": Compute.serverless(), **said}
    definition = JobDefinition(whole.pop("name", "job"), tasks=tasks or [NotebookTask("a", CODE)], **whole)
    operations = definition.operations
    return [definition.render(), *access_control(operations.permissions, operations.owning)]


def on(cluster: ClusterSpec) -> list[dict[str, Any]]:
    return job(compute=Compute.job_cluster("c", cluster))


def operated(**said: Any) -> list[dict[str, Any]]:
    return job(operations=Operations(**said))


def note(**said: Any) -> list[dict[str, Any]]:
    return job(NotebookTask("a", CODE, **said))


def library(library: Library) -> list[dict[str, Any]]:
    return job(NotebookTask("a", CODE, libraries=[library], compute=Compute.existing_cluster("c")))


def told(text: str) -> list[ExistingDestination]:
    return [ExistingDestination(text)]


def mail(text: str) -> str:
    return text.replace(" ", "") + "@example.com"


def told_by_mail(event: str, text: str) -> list[dict[str, Any]]:
    return operated(notifications=Notifications().telling(event, [mail(text)]))


def watched(**said: Any) -> list[dict[str, Any]]:
    return job(monitoring=Monitoring([RunAlert.slow(longer_than=timedelta(hours=1))], **said))


def of_model(event: Any, **said: Any) -> list[dict[str, Any]]:
    return job(trigger=Trigger.any_of(Trigger.model_update(event, **said)))


EVENTS = [known.name for known in Notifications.attributes if known.name.startswith("on_")]
POSITIONS: dict[str, Callable[[str], list[dict[str, Any]]]] = {
    "ClusterNodes.custom_tags": lambda text: on(ClusterSpec(node_type="n", custom_tags={text: text})),
    "ClusterNodes.driver_node_type": lambda text: on(ClusterSpec(node_type="n", driver_node_type=text)),
    "ClusterNodes.environment_variables": lambda text: on(
        ClusterSpec(node_type="n", environment_variables={text: text})
    ),
    "ServerlessEnvironment.extra": lambda text: [ServerlessEnvironment("e", extra={text: {text: [text]}}).render()],
    "ClusterSpec.extra": lambda text: on(ClusterSpec(node_type="n", extra={text: {text: [text]}})),
    "ClusterNodes.node_type": lambda text: on(ClusterSpec(node_type=text)),
    "ClusterSpec.single_user": lambda text: on(ClusterSpec(node_type="n", single_user=text)),
    "ClusterNodes.spark_conf": lambda text: on(ClusterSpec(node_type="n", spark_conf={text: text})),
    "ClusterSpec.spark_version": lambda text: on(ClusterSpec(node_type="n", spark_version=text)),
    "ConditionTask.left": lambda text: job(ConditionTask("a", text, "==", "x")),
    "ConditionTask.right": lambda text: job(ConditionTask("a", "x", "==", text)),
    "ExistingAlert.alert_id": lambda text: job(AlertTask("a", ExistingAlert(text), warehouse=WAREHOUSE)),
    "ExistingCluster.cluster_id": lambda text: job(compute=Compute.existing_cluster(text)),
    "ExistingDashboard.dashboard_id": lambda text: job(DashboardTask("a", ExistingDashboard(text))),
    "ExistingDestination.destination_id": lambda text: operated(notifications=Notifications(on_start=told(text))),
    "ExistingJob.job_id": lambda text: job(RunJobTask("a", ExistingJob(text))),
    "ExistingPipeline.pipeline_id": lambda text: job(PipelineTask("a", ExistingPipeline(text))),
    "ExistingPolicy.policy_id": lambda text: on(ClusterSpec(node_type="n", policy=ExistingPolicy(text))),
    "ExistingPool.pool_id": lambda text: on(ClusterSpec(pool=ExistingPool(text))),
    "ExistingQuery.query_id": lambda text: job(SqlQueryTask("a", ExistingQuery(text), warehouse=WAREHOUSE)),
    "ExistingWarehouse.warehouse_id": lambda text: job(SqlFileTask("a", CODE, warehouse=ExistingWarehouse(text))),
    "FileArrival.location": lambda text: job(trigger=Trigger.file_arrival(text + "/")),
    "ForEachTask.inputs": lambda text: job(ForEachTask("each", [text, {text: [text]}], NotebookTask("a", CODE))),
    "GitFile.code_path": lambda text: job(NotebookTask("a", GitFile(text.lstrip("/"))), operations=IN_GIT),
    "GitSource.branch": lambda text: operated(git=GitSource("https://g", provider="gitLab", branch=text)),
    "GitSource.commit": lambda text: operated(git=GitSource("https://g", provider="gitLab", commit=text)),
    "GitSource.tag": lambda text: operated(git=GitSource("https://g", provider="gitLab", tag=text)),
    "GitSource.url": lambda text: operated(git=GitSource("https://g" + text, provider="gitLab", tag="t")),
    "Goal.audience": lambda text: job(goal=Goal("Order.", audience=text)),
    "Goal.owner": lambda text: job(goal=Goal("Order.", owner=text)),
    "Goal.runbook": lambda text: job(goal=Goal("Order.", runbook=text)),
    "Goal.summary": lambda text: job(goal=Goal(text)),
    "Group.name": lambda text: operated(permissions=[Grant(Principal.group(text), "CAN_VIEW")]),
    "JobDefinition.name": lambda text: job(name=text),
    "ModelUpdate.aliases": lambda text: of_model("MODEL_ALIAS_SET", aliases=[text]),
    "ModelUpdate.model": lambda text: of_model("MODEL_CREATED", model=text),
    "Monitoring.recipients": lambda text: watched(recipients=[mail(text)]),
    "Monitoring.warn": lambda text: watched(warn=[mail(text)]),
    "NotebookTask.parameters": lambda text: note(parameters={text: text}),
    "Operations.extra": lambda text: operated(extra={text: {text: [text]}}),
    "Operations.parameters": lambda text: operated(parameters={"day": text}),
    "Operations.tags": lambda text: operated(tags={text: text}),
    "PythonScriptTask.arguments": lambda text: job(PythonScriptTask("a", CODE, arguments=[text])),
    "PythonWheelTask.arguments": lambda text: job(PythonWheelTask("a", package="p", entry_point="e", arguments=[text])),
    "PythonWheelTask.entry_point": lambda text: job(PythonWheelTask("a", package="p", entry_point=text)),
    "PythonWheelTask.named_arguments": lambda text: job(
        PythonWheelTask("a", package="p", entry_point="e", named_arguments={text: text})
    ),
    "PythonWheelTask.package": lambda text: job(PythonWheelTask("a", package=text, entry_point="e")),
    "RunJobTask.parameters": lambda text: job(RunJobTask("a", ExistingJob("1"), parameters={text: text})),
    "ServerlessEnvironment.dependencies": lambda text: job(compute=Compute.serverless(dependencies=[text])),
    "ServerlessEnvironment.environment_version": lambda text: job(compute=Compute.serverless(environment_version=text)),
    "SqlTask.parameters": lambda text: job(SqlFileTask("a", CODE, warehouse=WAREHOUSE, parameters={text: text})),
    "TableUpdate.tables": lambda text: job(trigger=Trigger.table_update("a.b." + text.replace(".", ""))),
    "Task.description": lambda text: note(description=text),
    "Task.extra": lambda text: note(extra={text: {text: [text]}}),
    "User.name": lambda text: operated(owner=Principal.user(mail(text))),
    "WorkspacePath.code_path": lambda text: job(NotebookTask("a", WorkspacePath(text))),
    **{f"_Told.{event}": partial(told_by_mail, event) for event in EVENTS},
    "_Jar.path": lambda text: library(Library.jar(text)),
    "_Maven.coordinates": lambda text: library(Library.maven(text)),
    "_Maven.exclusions": lambda text: library(Library.maven("g:a:1", exclusions=[text])),
    "_Maven.repository": lambda text: library(Library.maven("g:a:1", repository=text)),
    "_PyPi.index": lambda text: library(Library.pypi("p", index=text)),
    "_PyPi.package": lambda text: library(Library.pypi(text)),
    "_Requirements.path": lambda text: library(Library.requirements(text)),
    "_Wheel.path": lambda text: library(Library.wheel(text)),
}

CONSTRAINED = {
    "EnvironmentVariables.key": "is made of letters, digits, '-' and '_'",
    "ExistingSchema.catalog_name": "has no dot",
    "ExistingSchema.schema_name": "has no dot",
    "ExistingVolume.volume_path": "is the folder of a volume",
    "JobCluster.key": "is made of letters, digits, '-' and '_'",
    "MaintenanceWindow.timezone": "is a name of the time zone database",
    "Monitoring.check_at": "is Quartz's",
    "Schedule.expression": "is Quartz's",
    "Schedule.timezone": "is a name of the time zone database",
    "ServerlessEnvironment.key": "is made of letters, digits, '-' and '_'",
    "ServerlessJobCluster.key": "is made of letters, digits, '-' and '_'",
    "ServicePrincipal.application_id": "is a UUID",
    "Task.key": "is made of letters, digits, '-' and '_'",
}
"""Where no hostile text can stand, and why."""


BEGINNINGS = {"DbtTask.commands": "dbt "}
"""What a text has to begin with."""


ELSEWHERE = ("constructs_lib.resources", "constructs_lib.lakeview")
"""Where values are no part of a job: their texts are tried in the tests of what they are part of."""


def text_attributes() -> set[str]:
    """Return every attribute of a value of the library that takes text, by the class that declares it."""
    found: set[str] = set()
    classes: list[type[Value]] = [Value]
    while classes:
        class_ = classes.pop()
        classes += class_.__subclasses__()
        if not class_.__module__.startswith("constructs_lib.") or class_.__module__.startswith(ELSEWHERE):
            continue
        for name, kind in class_._attribute_kinds().items():
            taken: list[object] = ["text", ["text"], {"text": "text"}, {"text": ["text"]}]
            if name in vars(class_).get("__annotations__", {}) and any(kind.accepts(value) for value in taken):
                found.add(f"{class_.__name__}.{name}")
    return found


def in_its_kind(kind: Kind, text: str) -> object:
    """Return a text as an attribute of this kind takes it."""
    taken: list[object] = [text, [text], {text: text}, {text: [text]}]
    return next(value for value in taken if kind.accepts(value))


SAID = {
    f"{class_.__name__}.{name}": (value, name)
    for definition in everything()
    for value in every_value(definition)
    for class_ in type(value).__mro__
    if issubclass(class_, Value)
    for name in get_annotations(class_)
    if name in type(value)._attribute_kinds() and getattr(value, name)
}
"""Where a job that says everything says an attribute, by the class that declares it."""
BY_THEMSELVES = sorted(text_attributes() & SAID.keys() - POSITIONS.keys() - CONSTRAINED.keys() - BEGINNINGS.keys())


def test_every_attribute_that_takes_text_is_tried() -> None:
    assert text_attributes() == POSITIONS.keys() | CONSTRAINED.keys() | BEGINNINGS.keys() | set(BY_THEMSELVES)


@pytest.mark.parametrize("position", [*BY_THEMSELVES, *BEGINNINGS])
def test_a_hostile_text_stays_a_text_in_a_value(position: str) -> None:
    value, name = SAID[position]
    text = in_its_kind(type(value)._attribute_kinds()[name], BEGINNINGS.get(position, "") + HOSTILE)
    rendered = value.replace(**{name: text}).render()
    document = terraform_json(rendered)
    assert any("MARK" in text for text in strings(document))
    assert evaluated_json(document) == json.loads(json.dumps(rendered))


@pytest.mark.parametrize("position", POSITIONS)
def test_a_hostile_text_stays_a_text_wherever_it_stands(position: str) -> None:
    rendered = POSITIONS[position](HOSTILE)
    document = terraform_json(rendered)
    assert any("MARK" in text for text in strings(document))
    assert evaluated_json(document) == json.loads(json.dumps(rendered))


@settings(deadline=None)
@given(TEXTS)
def test_any_text_stays_a_text_in_parameters(text: str) -> None:
    rendered = [*note(parameters={text: text}, description=text), *operated(parameters={"day": text})]
    assert evaluated_json(terraform_json(rendered)) == json.loads(json.dumps(rendered))


def test_a_reference_is_alive_wherever_it_stands() -> None:
    task = NotebookTask("a", WorkspacePath(concat("/Workspace", REFERENCE)), parameters={"other": REFERENCE})
    assert terraform_json(task.render())["notebook_task"] == {
        "notebook_path": "/Workspace${databricks_job.other.id}",
        "base_parameters": {"other": "${databricks_job.other.id}"},
        "source": "WORKSPACE",
    }


# References


def test_a_reference_is_made_from_an_address_and_put_together_with_text() -> None:
    volume = Reference.to("databricks_volume.landing.volume_path")
    assert volume.terraform == "${databricks_volume.landing.volume_path}"
    assert concat(volume, "/in/${day}/", "x").terraform == "${databricks_volume.landing.volume_path}/in/$${day}/x"
    assert concat(concat("a", volume), "b").terraform == "a${databricks_volume.landing.volume_path}b"


def test_references_are_the_same_when_they_say_the_same() -> None:
    assert Reference.to("a.b.id") == Reference("${a.b.id}")
    assert len({Reference.to("a.b.id"), Reference.to("a.b.id"), Reference.to("a.c.id")}) == 2
    assert Reference.to("a.b.id") != "${a.b.id}"


@pytest.mark.parametrize("use", [lambda it: f"/x/{it}", lambda it: f"{it:>20}", str, "{}".format, "%s".__mod__])
def test_a_reference_cannot_be_formatted_into_a_string(use: Callable[[Reference], str]) -> None:
    assert refusal(lambda: use(REFERENCE)) == (
        "Reference(${databricks_job.other.id}) is not known before the apply and cannot be formatted into a string; "
        "write concat('text', reference) from constructs_lib"
    )


def test_the_refusal_says_in_which_line() -> None:
    with pytest.raises(LakeflowError) as caught:
        f"{REFERENCE}"
    assert caught.value.place == f"tests/constructs_lib/test_references.py:{caught.traceback[0].lineno + 1}"


# What Databricks replaces when a run starts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (parameter("catalog"), "{{job.parameters.catalog}}"),
        (parameter("my-day.of"), "{{job.parameters.`my-day.of`}}"),
        (dynamic("job", "start_time", "iso_date"), "{{job.start_time.iso_date}}"),
        (loop_input(), "{{input}}"),
        (loop_input("path"), "{{input.path}}"),
        (NotebookTask("load-orders", CODE).value("rows"), "{{tasks.`load-orders`.values.rows}}"),
        (NotebookTask("load", CODE).value("row count"), "{{tasks.load.values.`row count`}}"),
        (NotebookTask("load", CODE).result_state, "{{tasks.load.result_state}}"),
        (SqlFileTask("list", CODE, warehouse=WAREHOUSE).rows, "{{tasks.list.output.rows}}"),
        (SqlFileTask("list", CODE, warehouse=WAREHOUSE).first_row("n"), "{{tasks.list.output.first_row.n}}"),
        (secret("kv", "orders-db"), "{{secrets/kv/orders-db}}"),
    ],
)
def test_dynamic_values_are_plain_text_for_terraform(value: DynamicValue, text: str) -> None:
    assert (value, terraform_json(value), repr(value)) == (text, text, text)
    assert isinstance(value, str)


def test_a_dynamic_value_can_be_part_of_a_text() -> None:
    assert f"/Volumes/{parameter('catalog')}/raw" == "/Volumes/{{job.parameters.catalog}}/raw"


@pytest.mark.parametrize("name", ["", "my scope", "a/b", "a}}", "käse"])
def test_a_secret_s_scope_and_key_have_names_that_databricks_takes(name: str) -> None:
    message = f"{name!r} is not a name of a secret scope or key; use letters, digits, '-', '_', '@' and '.'"
    assert refusal(lambda: secret(name, "key")) == message
    assert refusal(lambda: secret("scope", name)) == message
