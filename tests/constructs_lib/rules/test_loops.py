"""What is wrong with loops; and what looks wrong and is not."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, strategies as st

from constructs_lib.rules.engine import RuleSet
from constructs_lib.rules.examples import NOTEBOOK, after, job, notebook
from constructs_lib.rules.finding import Finding, Path, Severity
from constructs_lib.rules.loops import RULES
from constructs_lib.rules.rule import Form

SETS = {form: RuleSet.of(RULES, form) for form in Form}
INNER: Path = ("task", 0, "for_each_task", "task")


def found(body: Mapping[str, Any], form: Form = Form.TERRAFORM, *, infos: bool = False) -> list[Finding]:
    return [each for each in SETS[form].findings(body) if infos or each.severity is not Severity.INFO]


def places(body: Mapping[str, Any], form: Form = Form.TERRAFORM, *, infos: bool = False) -> list[tuple[str, Path]]:
    return [(finding.code, finding.path) for finding in found(body, form, infos=infos)]


def one(key: str = "one", item: str = "{{input}}", **attributes: Any) -> dict[str, Any]:
    runs = {**NOTEBOOK, "base_parameters": {"item": item}}
    return {"task_key": key, "notebook_task": runs, "webhook_notifications": {}, **attributes}


def each(inputs: Any = '["a"]', inner: Any = None, concurrency: Any = 1, **attributes: Any) -> dict[str, Any]:
    loop = {"inputs": inputs, "concurrency": concurrency, "task": inner or one()}
    return {"task_key": "each", "for_each_task": loop, **attributes}


def test_a_loop_is_legal() -> None:
    assert found(job(each()), infos=True) == []
    assert found(job({**each(), "for_each_task": [each()["for_each_task"]]}), infos=True) == []


# Inputs


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ("a,b", "inputs 'a,b' are no JSON array"),
        ("[1, 2", "inputs '[1, 2' are no JSON array"),
        ("", "inputs are empty"),
        ("  ", "inputs are empty"),
        ('{"a": 1}', "inputs '{\"a\": 1}' are an object, not an array"),
        ('"a"', "inputs '\"a\"' are a string, not an array"),
        ("3", "inputs '3' are a number, not an array"),
        ("true", "inputs 'true' are a boolean, not an array"),
        ("null", "inputs 'null' are no JSON array"),
        ("{tasks.a.values.b}", "inputs '{tasks.a.values.b}' are no JSON array"),
        ("{{job.parameters.a}},b", "inputs '{{job.parameters.a}},b' are neither one reference nor a JSON array"),
        ("{{job.parameters.a}}{{job.parameters.b}}", None),
    ],
)
def test_inputs_are_an_array(inputs: str, message: str | None) -> None:
    (finding,) = found(job(each(inputs)))
    assert (finding.code, finding.path) == ("LF201", ("task", 0, "for_each_task", "inputs"))
    if message:
        assert finding.message == f"task 'each': {message}"


def test_an_array_of_python_is_mended() -> None:
    (finding,) = found(job(each("['a', 'b']")))
    assert finding.hint == 'JSON has double quotes: write \'["a", "b"]\''


@pytest.mark.parametrize(
    "inputs",
    [
        " [1, 2] ",
        '[{"a": "b"}]',
        '["{{job.parameters.a}}", "b"]',
        "[{{job.parameters.a}}, 2]",
        "{{tasks.list.values.items}}",
        " {{tasks.`my-list`.output.rows}} ",
        "${jsonencode(var.tables)}",
    ],
)
def test_inputs_may_be(inputs: str) -> None:
    assert found(job(each(inputs))) == []


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_inputs_are_an_array_exactly_where_json_says_so(value: Any) -> None:
    codes = [code for code, _ in places(job(each(json.dumps(value))))]
    templated = "{{" in json.dumps(value)
    assert ("LF201" in codes) == (not isinstance(value, list)) or templated


def test_a_loop_runs_over_something() -> None:
    (finding,) = found(job(each(" [ ] ")))
    assert (finding.code, finding.path) == ("LF202", ("task", 0, "for_each_task", "inputs"))
    assert finding.message == "task 'each': the loop runs over an empty array: nothing ever runs"


def test_inputs_are_not_too_long() -> None:
    def array(length: int) -> str:
        return '["' + "a" * (length - 4) + '"]'

    assert found(job(each(array(5000))), infos=True) == []
    assert places(job(each(array(5001))), infos=True) == [("LF204", ("task", 0, "for_each_task", "inputs"))]
    assert places(job(each(array(10_000))), infos=True) == [("LF204", ("task", 0, "for_each_task", "inputs"))]
    (finding,) = found(job(each(array(10_001))), infos=True)
    assert (finding.code, finding.path) == ("LF203", ("task", 0, "for_each_task", "inputs"))
    assert finding.message == "task 'each': inputs have 10,001 characters, more than the 10,000 that are allowed"


# Concurrency


@pytest.mark.parametrize(
    ("concurrency", "shown", "hint"),
    [
        (0, "0", "write a number from 1 to 100"),
        (-1, "-1", "write a number from 1 to 100"),
        (1.5, "1.5", "write a number from 1 to 100"),
        (101, "101", "write 100"),
        ("500", "'500'", "write 100"),
        (10**400, "so great", "write 100"),
        (float("nan"), "so great", "write a number from 1 to 100"),
    ],
)
def test_up_to_a_hundred_run_at_once(concurrency: Any, shown: str, hint: str) -> None:
    (finding,) = found(job(each(concurrency=concurrency)))
    assert (finding.code, finding.path) == ("LF205", ("task", 0, "for_each_task", "concurrency"))
    assert finding.message == f"task 'each': concurrency {shown} is no whole number from 1 to 100"
    assert finding.hint == hint


@pytest.mark.parametrize("concurrency", [1, 100, 20.0, "7", "${var.parallel}"])
def test_concurrency_may_be(concurrency: Any) -> None:
    assert found(job(each(concurrency=concurrency)), infos=True) == []


def test_concurrency_is_said() -> None:
    assert places(job(each(concurrency=None)), infos=True) == [("LF206", ("task", 0, "for_each_task"))]


# What belongs to the loop, and what to the task inside


def test_the_task_inside_depends_on_nothing() -> None:
    body = job(each(inner=one(depends_on=after("list"), run_if="ALL_DONE")), notebook("list"))
    first, second = found(body)
    assert (first.code, first.path) == ("LF207", (*INNER, "depends_on"))
    assert first.message == "task 'one': depends_on does nothing inside the loop 'each'"
    assert (second.code, second.path) == ("LF208", (*INNER, "run_if"))
    assert second.hint == "move run_if to 'each'"


def test_the_task_inside_may_say_what_every_task_says() -> None:
    said: dict[str, Any] = {
        "depends_on": [],
        "run_if": "ALL_SUCCESS",
        "max_retries": 2,
        "retry_on_timeout": True,
        "timeout_seconds": 60,
    }
    assert found(job(each(inner=one(**said))), infos=True) == []


def test_retries_belong_inside() -> None:
    (finding,) = found(job(each(max_retries=3, retry_on_timeout=True)))
    assert (finding.code, finding.path) == ("LF209", ("task", 0, "max_retries"))
    assert finding.message == "task 'each': max_retries stands at the loop; each of its runs is tried again on its own"
    assert places(job(each(max_retries=-1))) == [("LF209", ("task", 0, "max_retries"))]
    assert places(job(each(retry_on_timeout=True))) == [("LF219", ("task", 0, "retry_on_timeout"))]
    assert places(job(each(min_retry_interval_millis=9))) == [("LF219", ("task", 0, "min_retry_interval_millis"))]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("existing_cluster_id", "0923-164208-meows279"),
        ("job_cluster_key", "etl"),
        ("new_cluster", {"spark_version": "15.4.x-scala2.12"}),
        ("environment_key", "default"),
    ],
)
def test_compute_belongs_inside(name: str, value: Any) -> None:
    (finding,) = found(job(each(**{name: value})))
    assert (finding.code, finding.path) == ("LF210", ("task", 0, name))
    assert finding.message == f"task 'each': a loop runs on no compute of its own: {name} does nothing here"
    assert found(job(each(inner=one(**{name: value})))) == []


def test_libraries_belong_inside() -> None:
    (finding,) = found(job(each(library=[{"pypi": {"package": "a"}}])))
    assert (finding.code, finding.path, finding.message) == (
        "LF211",
        ("task", 0, "library"),
        "task 'each': a loop installs no libraries",
    )


def test_a_loop_may_say_what_every_task_says() -> None:
    said = {
        "depends_on": after("list"),
        "run_if": "ALL_DONE",
        "max_retries": 0,
        "min_retry_interval_millis": 0,
        "retry_on_timeout": False,
        "timeout_seconds": 3600,
        "email_notifications": {"on_failure": ["data@example.com"]},
        "webhook_notifications": {"on_failure": [{"id": "a"}]},
        "library": [],
        "description": "Each.",
    }
    assert found(job(each(**said), notebook("list")), infos=True) == []


# The input


def test_the_task_inside_knows_its_input() -> None:
    (finding,) = found(job(each(inner=one(item="a"))), infos=True)
    assert (finding.code, finding.path) == ("LF212", INNER)
    assert finding.message == "task 'each': the task inside does not use {{input}}: each of its runs is the same"


@pytest.mark.parametrize("item", ["{{input}}", "{{ input.a }}", "x={{input.a}}", "{{input.`a-b`}}", "${local.item}"])
def test_the_input_may_be_used_anyhow(item: str) -> None:
    assert found(job(each("{{job.parameters.all}}", one(item=item))), infos=True) == []
    wheel = {"task_key": "one", "python_wheel_task": {"parameters": ["--item", item]}, "webhook_notifications": {}}
    assert found(job(each("{{job.parameters.all}}", wheel)), infos=True) == []


def test_an_input_has_the_field() -> None:
    (finding,) = found(job(each('[{"name": "a"}, {"nome": "b"}]', one(item="{{input.name}}"))))
    assert (finding.code, finding.path) == ("LF213", (*INNER, "notebook_task", "base_parameters", "item"))
    assert finding.message == "task 'each': {{input.name}} is no field of {'nome': 'b'}"
    assert finding.hint == "write {{input.nome}}"
    (finding,) = found(job(each('["a"]', one(item="{{input.name}}"))))
    assert finding.hint == "write {{input}}"
    assert found(job(each('[{"name": {"first": "a"}}]', one(item="{{input.name.first}}")))) == []
    assert found(job(each('[{"{{job.name}}": 1}]', one(item="{{input.name}}")))) == []


# The key of the task inside


def test_the_key_inside_is_used_once() -> None:
    (finding,) = found(job(each(inner=one("load")), notebook("load")))
    assert (finding.code, finding.path) == ("LF214", (*INNER, "task_key"))
    assert finding.message == "task 'load': task 1 of the job has this task_key already"
    assert finding.hint == "write 'each_each'"
    (finding,) = found(job(each(), {**each(), "task_key": "other"}))
    assert (finding.code, finding.path) == ("LF214", ("task", 1, "for_each_task", "task", "task_key"))
    assert finding.message == "task 'one': the task inside 'each' has this task_key already"


def test_the_key_inside_may_be_the_loops() -> None:
    assert places(job(each(inner=one("each"))), infos=True) == [("LF215", (*INNER, "task_key"))]


# Terraform


def test_terraform_sends_no_zero_workers_inside() -> None:
    alone = {"spark_version": "15.4.x-scala2.12", "spark_conf": {"spark.databricks.cluster.profile": "singleNode"}}
    (finding,) = found(job(each(inner=one(new_cluster={**alone, "num_workers": 0}))))
    assert (finding.code, finding.path) == ("LF216", (*INNER, "new_cluster", "num_workers"))
    assert finding.message == (
        "the cluster of task 'one': the provider does not send num_workers = 0 of a cluster inside a loop"
    )
    assert places(job(each(inner=one(new_cluster=alone)))) == [("LF216", (*INNER, "new_cluster"))]
    assert found(job(each(inner=one(new_cluster=alone))), Form.REST) == []
    assert found(job(notebook("a", new_cluster=alone))) == []
    for more in ({"policy_id": "a"}, {"num_workers": 2}, {"autoscale": {"min_workers": 1, "max_workers": 2}}):
        assert found(job(each(inner=one(new_cluster={**alone, **more})))) == []


@pytest.mark.parametrize(
    ("block", "path"),
    [
        ({"notebook_task": {"notebook_path": "/a"}}, ("notebook_task",)),
        ({"spark_python_task": {"python_file": "/a.py"}}, ("spark_python_task",)),
        ({"dbt_task": {"commands": ["dbt run"]}}, ("dbt_task",)),
        ({"sql_task": {"warehouse_id": "a", "file": {"path": "/a.sql"}}}, ("sql_task", "file")),
    ],
)
def test_terraform_wants_the_source_inside(block: dict[str, Any], path: Path) -> None:
    inner = {"task_key": "one", "description": "{{input}}", "webhook_notifications": {}, **block}
    assert places(job(each(inner=inner)), infos=True) == [("LF217", (*INNER, *path))]
    assert found(job(each(inner=inner)), Form.BUNDLE, infos=True) == []
    assert found(job({**inner, "task_key": "a"}), infos=True) == []


def test_terraform_wants_webhooks_inside() -> None:
    inner = one()
    del inner["webhook_notifications"]
    (finding,) = found(job(each(inner=inner)), infos=True)
    assert (finding.code, finding.path, finding.hint) == ("LF218", INNER, "write webhook_notifications = {}")
    assert found(job(each(inner=inner)), Form.REST, infos=True) == []


@pytest.mark.parametrize(
    "loop",
    [
        3,
        "x",
        [],
        [3],
        {},
        {"inputs": ["a"], "concurrency": "many", "task": 3},
        {"inputs": None, "concurrency": True, "task": [{"task_key": 3, "depends_on": "x", "run_if": 4}]},
        {"inputs": "[" * 100_000, "concurrency": [], "task": {"task_key": []}},
        {"inputs": '[{"a": 1}, null]', "task": {"task_key": "one", "sql_task": {"file": 3}, "new_cluster": [1]}},
    ],
)
def test_nonsense_is_the_business_of_the_schema(loop: Any) -> None:
    body = job({"task_key": "a", "for_each_task": loop, "max_retries": {}, "library": None})
    for form in Form:
        assert {code for code, _ in places(body, form)} <= {"LF201", "LF203", "LF207", "LF213"}
