"""Rules of dynamic value references: what is found where, and what is left alone."""

from typing import Any

import pytest

from constructs_lib.rules import Finding, Severity
from constructs_lib.rules.engine import RuleSet
from constructs_lib.rules.examples import after, job, notebook
from constructs_lib.rules.references import RULES
from constructs_lib.rules.rule import Form

TERRAFORM = RuleSet.of(RULES, Form.TERRAFORM)
VALUE = ("task", 0, "notebook_task", "base_parameters", "value")
DAY = [{"name": "day", "default": "2026-01-01"}, {"name": "my.key", "default": ""}, {"name": "my-key", "default": ""}]
SCHEDULE = {"quartz_cron_expression": "0 30 0 ? * MON-FRI", "timezone_id": "Europe/Berlin", "pause_status": "PAUSED"}


def found(body: dict[str, Any]) -> list[Finding]:
    return list(TERRAFORM.findings(body))


def reads(value: str, key: str = "a", **attributes: Any) -> dict[str, Any]:
    return notebook(key, **attributes) | {
        "notebook_task": {"notebook_path": "/a", "source": "WORKSPACE", "base_parameters": {"value": value}}
    }


def one(value: str, **attributes: Any) -> list[tuple[str, str]]:
    """Return the codes and messages of a job whose first task has one parameter."""
    findings = found(job(reads(value), **attributes))
    assert {finding.path for finding in findings} <= {VALUE}
    return [(finding.code, finding.message) for finding in findings]


def codes(body: dict[str, Any]) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(finding.code, finding.path) for finding in found(body)]


@pytest.mark.parametrize(
    "value",
    [
        "{{job.id}}",
        "{{ job.run_id }}",
        "job_{{job.run_id}}_{{task.run_id}}",
        "{{job.name}}/{{job.repair_count}}/{{task.execution_count}}/{{task.notebook_path}}",
        "{{job.start_time.iso_datetime}}",
        "{{job.trigger.time.[iso_date]}}",
        "{{job.trigger.type}}",
        "{{job.trigger.model.name}}",
        "{{job.parameters.day}}",
        "{{job.parameters.[day]}}",
        "{{job.parameters.`day`}}",
        "{{job.parameters.`my.key`}} {{job.parameters.`my-key`}}",
        "{{workspace.id}} {{workspace.url}}",
        '{"run": {"id": "{{job.run_id}}"}}',
        '{"run":{{{job.run_id}}}',
        '{"a": {"b": {"c": 1}}}',
        '{"a": 1}',
        "{{}}",
        "{{ var('x') }}",
        "{% if x %}{{ x | upper }}{% endif %}",
        "{{#each rows}}{{/each}}",
        "${not_a_reference} ${var.job.id}",
        "{{tasks.${var.key}.values.x}}",
        "100%{x} {day} {job.owner} {task}",
        "{{",
        "}}",
        "a {{ b",
        "\\frac{{x}{y}}",
    ],
)
def test_what_is_legal_is_left_alone(value: str) -> None:
    assert one(value, parameter=DAY) == []


@pytest.mark.parametrize(
    "value",
    ["{{ ds }}", "{{my.value}}", "{{ params.x }}", "{{workspace_user_name}}", "{{ target.schema }}", "{{task}}"],
)
def test_braces_of_other_tools_are_worth_a_word_only(value: str) -> None:
    (finding,) = found(job(reads(value)))
    assert (finding.code, finding.severity) == ("LF403", Severity.INFO)
    assert finding.message == (
        f"task 'a': {value!r} is no value reference of Databricks, and reaches the task as it is written"
    )


@pytest.mark.parametrize(
    "value",
    [
        "{{job.id}",
        "{{job.id",
        "{{ job.parameters.day }",
        "{{my.value}",
        "{{jobs.id}",
        "{{input}",
        "{{run_id}",
        "{{tasks.`a.values.x}}",
        "{{job.parameters.`day`x}}",
    ],
)
def test_broken_braces(value: str) -> None:
    assert [code for code, _ in one(value, parameter=DAY)] == ["LF401"]


def test_broken_braces_are_found_beside_good_ones() -> None:
    assert one("{{job.id} of {{job.run_id}}") == [
        ("LF401", "task 'a': '{{job.id} of ' stays as it is written: it has no closing braces")
    ]


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("{{jobs.id}}", "write {{job.id}}"),
        ("{{Job.id}}", "write {{job.id}}"),
        ("{{taks.name}}", "write {{task.name}}"),
        ("{{workspaces.id}}", "write {{workspace.id}}"),
        ("{{params.day}}", "write {{job.parameters.day}}"),
        ("{{job_parameters.day}}", "write {{job.parameters.day}}"),
        ("{{day}}", "write {{job.parameters.day}}"),
        ("{{a.values.x}}", "write {{tasks.a.values.x}}"),
        ("{{run.id}}", "write {{job.run_id}}"),
        ("{{trigger.type}}", "write {{job.trigger.type}}"),
        ("{{start_time.iso_date}}", "write {{job.start_time.iso_date}}"),
    ],
)
def test_misspelt_namespaces(value: str, hint: str) -> None:
    (finding,) = found(job(reads(value), parameter=DAY))
    assert (finding.code, finding.severity, finding.path) == ("LF402", Severity.WARNING, VALUE)
    assert finding.hint == hint


@pytest.mark.parametrize(
    ("value", "wrong", "hint"),
    [
        ("{{job.naem}}", "the job has no 'naem'", "write {{job.name}}"),
        ("{{job.ID}}", "the job has no 'ID'", "write {{job.id}}"),
        ("{{job.id.x}}", "nothing follows 'id'", "write {{job.id}}"),
        ("{{job.parameters}}", "it names no job parameter", "write {{job.parameters.<name>}}"),
        ("{{task.nmae}}", "the task has no 'nmae'", "write {{task.name}}"),
        ("{{workspace.uri}}", "the workspace has no 'uri'", "write {{workspace.url}}"),
        ("{{backfill.date}}", "a backfill has no 'date'", "write {{backfill.iso_date}}"),
        ("{{job.trigger}}", "it does not say what of the trigger", "write {{job.trigger.type}}"),
        ("{{job.trigger.tpye}}", "the trigger has no 'tpye'", "write {{job.trigger.type}}"),
        ("{{job.trigger.type.x}}", "nothing follows 'type'", "write {{job.trigger.type}}"),
        (
            "{{job.notebook_url}}",
            "the job has no 'notebook_url'",
            "write {{job.<name>}} with one of id, name, parameters, repair_count, run_id, start_time, trigger",
        ),
    ],
)
def test_unknown_names_in_known_namespaces(value: str, wrong: str, hint: str) -> None:
    (finding,) = found(job(reads(value)))
    assert (finding.code, finding.severity, finding.path) == ("LF404", Severity.ERROR, VALUE)
    assert finding.message == f"task 'a': {value!r} is no value reference: {wrong}"
    assert finding.hint == hint


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("tasks.load", "LF404"),
        ("tasks.load.values", "LF404"),
        ("tasks.load.value.x", "LF404"),
        ("tasks.load.output", "LF404"),
        ("tasks.load.output.row", "LF404"),
        ("tasks.load.result_state.x", "LF404"),
        ("tasks.load.output.rows", "LF415"),
        ("tasks.load.output.alert_state", "LF415"),
        ("tasks.query.output.alert_state", "LF415"),
        ("tasks.query.values.n", "LF416"),
        ("tasks.other.values.n", "LF411"),
        ("tasks.b.values.n", "LF412"),
        ("tasks.laod.values.n", "LF410"),
        ("tasks.load.values.n", None),
        ("tasks.first.values.n", None),
        ("tasks.first.error_code", None),
        ("tasks.query.output.rows", None),
        ("tasks.query.output.first_row.n", None),
        ("tasks.alert.output.alert_state", None),
    ],
)
def test_references_to_tasks(reference: str, code: str | None) -> None:
    query = {"task_key": "query", "sql_task": {"warehouse_id": "w", "query": {"query_id": "q"}}}
    alert = {"task_key": "alert", "alert_task": {"alert_id": "a", "warehouse_id": "w"}}
    body = job(
        notebook("first"),
        notebook("load", depends_on=after("first")),
        notebook("other"),
        query,
        alert,
        reads(f"{{{{{reference}}}}}", "b", depends_on=after("load", "query", "alert")),
    )
    path = ("task", 5, "notebook_task", "base_parameters", "value")
    assert codes(body) == ([(code, path)] if code else [])


def test_messages_about_tasks() -> None:
    (unknown, sibling, own) = found(
        job(reads("{{tasks.lod.values.n}}"), reads("{{tasks.a.values.n}}", "b"), reads("{{tasks.load.run_id}}", "load"))
    )
    assert unknown.message == "task 'a': '{{tasks.lod.values.n}}' names 'lod', which is no task of the job"
    assert unknown.hint == "write {{tasks.load.values.n}}"
    assert sibling.message == "task 'b': '{{tasks.a.values.n}}' names 'a', which does not run before it"
    assert sibling.hint == "let 'b' depend on 'a'"
    assert own.message == "task 'load': '{{tasks.load.run_id}}' names the task itself"
    assert own.hint == "write {{task.run_id}}"


def test_tasks_that_are_not_known_yet_are_left_alone() -> None:
    assert codes(job(reads("{{tasks.x.values.n}}"), notebook("${var.key}"))) == []
    assert codes({"task": "${local.tasks}", "parameter": [{"name": "n", "default": "{{job.id}}"}]}) == []


def loop(value: str, **attributes: Any) -> dict[str, Any]:
    return {"task_key": "loop", "for_each_task": {"inputs": '["x"]', "task": reads(value, "each")}, **attributes}


def test_loops_have_an_input_and_nothing_else_has() -> None:
    inner = ("task", 0, "for_each_task", "task", "notebook_task", "base_parameters", "value")
    assert codes(job(loop("{{input}} {{input.name}} {{ input }}"))) == []
    assert codes(job(loop("{{item}}"))) == [("LF402", inner)]
    assert codes(job(loop("{{tasks.each.values.n}}"))) == [("LF412", inner)]
    assert codes(job(loop("{{tasks.loop.run_id}}"))) == [("LF412", inner)]
    assert codes(job(reads("{{input}}"))) == [("LF418", VALUE)]
    assert codes(job({"task_key": "l", "for_each_task": {"inputs": "{{input}}", "task": notebook("each")}})) == [
        ("LF418", ("task", 0, "for_each_task", "inputs"))
    ]
    default = {"parameter": [{"name": "n", "default": "{{input}}"}]}
    (finding,) = found(job(**default))
    assert finding.message.startswith("parameter 'n': '{{input}}' is the element of a for-each task")


def test_a_loop_in_lists_of_one_is_a_loop_too() -> None:
    inner = reads("{{input}}", "each")
    assert codes(job({"task_key": "loop", "for_each_task": [{"inputs": "[1]", "task": [inner]}]})) == []


def test_inside_a_loop_counts_what_the_loop_depends_on() -> None:
    assert codes(job(loop("{{tasks.load.values.n}}", depends_on=after("load")), notebook("load"))) == []
    assert [code for code, _ in codes(job(loop("{{tasks.load.values.n}}"), notebook("load")))] == ["LF411"]


def test_the_inner_task_of_a_loop_has_no_values_outside() -> None:
    body = job(loop("{{input}}"), reads("{{tasks.each.values.n}}", "z", depends_on=after("loop")))
    assert codes(body) == [("LF414", ("task", 1, "notebook_task", "base_parameters", "value"))]


def test_disabled_tasks() -> None:
    value = ("task", 1, "notebook_task", "base_parameters", "value")

    def reading(**attributes: Any) -> dict[str, Any]:
        return job(notebook("a", disabled=True), reads("{{tasks.a.values.n}}", "b", **attributes))

    assert codes(reading(depends_on=after("a"), run_if="ALL_DONE")) == [("LF413", value)]
    assert codes(reading(depends_on=after("a"))) == []  # it does not run either
    assert codes(reading(depends_on=after("a"), run_if="ALL_DONE", disabled=True)) == []


@pytest.mark.parametrize("value", ["{{job.start_time}}", "{{job.start_time.date}}", "{{job.trigger.time.isodate}}"])
def test_time_arguments(value: str) -> None:
    (finding,) = found(job(reads(value), schedule=SCHEDULE | {"timezone_id": "UTC"}))
    assert (finding.code, finding.severity) == ("LF405", Severity.ERROR)
    assert "iso_date}}" in finding.hint


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("{{job.parameters.my-key}}", "write {{job.parameters.`my-key`}}"),
        ("{{job.parameters.my.key}}", "write {{job.parameters.`my.key`}}"),
        ("{{job.parameters.my key}}", "write {{job.parameters.`my key`}}"),
        ("{{tasks.my-task.values.n}}", "write {{tasks.`my-task`.values.n}}"),
    ],
)
def test_names_that_need_backticks(value: str, hint: str) -> None:
    (finding,) = found(job(reads(value), parameter=DAY))
    assert (finding.code, finding.hint) == ("LF406", hint)


@pytest.mark.parametrize(
    "value",
    ["{{job.id + 1}}", "{{job.parameters.day | upper}}", "{{job.parameters['day']}}", "{{job.start_time.day - 1}}"],
)
def test_expressions(value: str) -> None:
    assert [code for code, _ in one(value, parameter=DAY)] == ["LF407"]


def test_references_within_references() -> None:
    ((code, message),) = one("{{tasks.a.values.{{task.name}}}}")
    assert code == "LF408"
    assert message.endswith("holds a reference within a reference, and is replaced once only")


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("{job.id}", "write {{job.id}}"),
        ("{job.id}}", "write {{job.id}}"),
        ("${job.id}", "write {{job.id}}"),
        ("x ${tasks.a.values.n}", "write {{tasks.a.values.n}}"),
        ("${job.parameters.day}", "write {{job.parameters.day}}"),
        ("{ task.name }", "write {{task.name}}"),
    ],
)
def test_too_few_braces(value: str, hint: str) -> None:
    (finding,) = found(job(reads(value), parameter=DAY))
    assert (finding.code, finding.path, finding.hint) == ("LF409", VALUE, hint)


def test_too_few_braces_in_lists_loops_and_parameters() -> None:
    script = {"task_key": "s", "spark_python_task": {"python_file": "/a.py", "parameters": ["x", "${job.id}"]}}
    assert codes(job(script)) == [("LF409", ("task", 0, "spark_python_task", "parameters", 1))]
    assert codes(job(loop("{job.id}"))) == [
        ("LF409", ("task", 0, "for_each_task", "task", "notebook_task", "base_parameters", "value"))
    ]
    assert codes(job(parameter=[{"name": "n", "default": "${job.id}"}])) == [("LF409", ("parameter", 0, "default"))]


def test_job_parameters() -> None:
    (finding,) = found(job(reads("{{job.parameters.dya}}"), parameter=DAY))
    assert finding.message == "task 'a': '{{job.parameters.dya}}': the job has no parameter 'dya'"
    assert finding.hint == "write {{job.parameters.day}}"
    assert one("{{job.parameters.[x]}}")[0][0] == "LF417"
    assert one("{{job.parameters.x}}", parameter=[{"name": "${var.name}", "default": ""}]) == []
    assert one("{{job.parameters.x}}", parameter="${local.parameters}") == []


def test_job_parameters_know_nothing_of_tasks() -> None:
    body = job(parameter=[{"name": "n", "default": "{{tasks.a.values.n}}"}])
    assert codes(body) == [("LF424", ("parameter", 0, "default"))]
    assert codes(job(parameter=[{"name": "n", "default": "{{job.start_time.iso_date}}"}])) == []


FILES = {"file_arrival": {"url": "/Volumes/a/b/c/"}}
TABLES = {"table_update": {"table_names": ["a.b.c", "`x`.y.z"]}}


@pytest.mark.parametrize(
    ("value", "triggers", "code"),
    [
        ("{{job.trigger.file_arrival.location}}", {}, "LF419"),
        ("{{job.trigger.file_arrival.location}}", {"trigger": TABLES}, "LF419"),
        ("{{job.trigger.file_arrival.location}}", {"trigger": FILES}, None),
        ("{{job.trigger.file_arrival.location}}", {"triggers": [TABLES, FILES]}, None),
        ("{{job.trigger.file_arrival.location}}", {"trigger": "${local.trigger}"}, None),
        ("{{job.trigger.file_arrival.url}}", {"trigger": FILES}, "LF404"),
        ("{{job.trigger.table_update.updated_tables}}", {"trigger": TABLES}, None),
        ("{{job.trigger.table_update.updated_tables}}", {"trigger": FILES}, "LF419"),
        ("{{job.trigger.table_update.a.b.c.version}}", {"trigger": TABLES}, None),
        ("{{job.trigger.table_update.`a.b.c`.commit_timestamp.iso_datetime}}", {"trigger": TABLES}, None),
        ("{{job.trigger.table_update.x.y.z.version}}", {"trigger": TABLES}, None),
        ("{{job.trigger.table_update.a.b.d.version}}", {"trigger": TABLES}, "LF420"),
        ("{{job.trigger.table_update.tables}}", {"trigger": TABLES}, "LF404"),
    ],
)
def test_triggers(value: str, triggers: dict[str, Any], code: str | None) -> None:
    assert [each for each, _ in one(value, **triggers)] == ([code] if code else [])


def test_backfills_legacy_names_and_secrets() -> None:
    assert one("{{backfill.iso_date}}") == [
        ("LF421", "task 'a': '{{backfill.iso_date}}' has a value in backfill runs only")
    ]
    assert one("{{run_id}}") == [("LF422", "task 'a': {{run_id}} is a deprecated name")]
    assert [code for code, _ in one("{{secrets/scope/key}}")] == ["LF423"]
    assert [code for code, _ in one("{{secrets/scope/my.key}}")] == ["LF423"]


def test_secrets_are_legal_in_clusters() -> None:
    secrets = {"spark.password": "{{secrets/scope/key}}"}
    cluster = {"spark_conf": secrets, "spark_env_vars": {"TOKEN": "{{secrets/scope/key}}", "X": "{{job.naem}}"}}
    submit = {"task_key": "a", "spark_submit_task": {"parameters": ["--conf", "spark.p={{secrets/scope/key}}"]}}
    body = job(submit | {"new_cluster": cluster}, job_cluster=[{"job_cluster_key": "c", "new_cluster": cluster}])
    assert codes(body) == []


def test_names_and_descriptions_are_text() -> None:
    body = job(notebook("a", description="for {{job.run_id}}"), tags={"run": "{{job.id}}"}, description="{{job.naem}")
    assert sorted(codes(body)) == [("LF425", ("tags", "run")), ("LF425", ("task", 0, "description"))]
    assert codes(job(description="{{ ds }}")) == []


@pytest.mark.parametrize(
    ("expression", "zone", "code"),
    [
        ("0 30 0 ? * MON-FRI", "Europe/Berlin", "LF426"),
        ("0 0 20 ? * MON-FRI", "America/New_York", "LF426"),
        ("0 0 6 ? * MON-FRI", "Europe/Berlin", None),
        ("0 0 0 ? * MON-FRI", "UTC", None),
        ("0 0 0 ? * MON-FRI", "no/zone", None),
        ("0 0 0", "Europe/Berlin", None),
    ],
)
def test_weekdays_are_those_of_utc(expression: str, zone: str, code: str | None) -> None:
    schedule = {"quartz_cron_expression": expression, "timezone_id": zone}
    assert [each for each, _ in one("{{job.start_time.is_weekday}}", schedule=schedule)] == ([code] if code else [])
    dates = [each for each, _ in one("{{job.trigger.time.iso_date}}", schedule=schedule)]
    assert dates == (["LF427"] if code else [])


def test_a_job_parameter_wins_over_a_task_parameter() -> None:
    (finding,) = found(job(reads("x"), parameter=[{"name": "value", "default": "y"}]))
    assert (finding.code, finding.path) == ("LF428", VALUE)
    assert finding.message == "task 'a': parameter 'value' is a job parameter too, and the job's value wins"
    passed_on = [{"name": "value", "default": "y"}]
    assert codes(job(reads("{{job.parameters.value}}"), parameter=passed_on)) == []
    assert codes(job(reads("{{ job.parameters.[value] }}"), parameter=passed_on)) == []


def test_positional_tasks_do_not_see_job_parameters() -> None:
    def script(*parameters: str) -> dict[str, Any]:
        return {"task_key": "s", "spark_python_task": {"python_file": "/a.py", "parameters": list(parameters)}}

    assert codes(job(script("x"), parameter=DAY)) == [("LF429", ("task", 0, "spark_python_task"))]
    assert codes(job(script("{{job.parameters.day}}"), parameter=DAY)) == []
    assert codes(job(script("x"))) == []
    wheel = {"task_key": "w", "python_wheel_task": {"package_name": "p", "entry_point": "e"}}
    assert codes(job(wheel, parameter=DAY)) == []


def test_an_alert_that_is_triggered_does_not_fail() -> None:
    alert = {"task_key": "alert", "alert_task": {"alert_id": "a", "warehouse_id": "w"}}
    handler = notebook("b", depends_on=after("alert"), run_if="AT_LEAST_ONE_FAILED")
    assert codes(job(alert, handler)) == [("LF430", ("task", 1, "run_if"))]
    both = notebook("b", depends_on=after("alert", "c"), run_if="AT_LEAST_ONE_FAILED")
    assert codes(job(alert, notebook("c"), both)) == []
