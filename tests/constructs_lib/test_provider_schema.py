"""The provider's schema: what it says, what it finds wrong with a body, and that the tool makes just this data."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib.errors import LakeflowError
from constructs_lib.provider import (
    META_ARGUMENTS,
    Attribute,
    Problem,
    Shape,
    Type,
    least_version,
    paths,
    problems,
    resource_types,
    schema,
    versions,
)
from tools import provider_schema as tool

WHEELS = Path(os.environ.get("LAKEFLOW_PROVIDER_WHEELS") or Path(__file__).parents[2] / ".venv-cdktn" / "wheels")

ALERT: Mapping[str, object] = {
    "display_name": "late",
    "query_text": "select 1",
    "warehouse_id": "abc",
    "schedule": {"quartz_cron_schedule": "0 0 7 * * ?", "timezone_id": "UTC"},
    "evaluation": {"comparison_operator": "GREATER_THAN", "source": {"name": "late"}},
}


def said(body: Mapping[str, object], resource_type: str = "databricks_job") -> list[str]:
    return [str(problem) for problem in problems(resource_type, body)]


# What the schema says


def test_a_resource_has_attributes_and_blocks() -> None:
    job = schema("databricks_job").body.attributes
    assert str(job["name"].type) == "string"
    assert str(job["tags"].type) == "map(string)"
    assert str(job["queue"].type) == "block(queue)"
    assert str(job["task"].type) == "list(block(task))"
    assert job["url"].read_only
    assert job["format"].computed
    task = job["task"].shape
    assert task is not None
    assert task.required == ("task_key",)


def test_an_object_is_told_from_a_block() -> None:
    assert str(schema("databricks_alert_v2").body.attributes["evaluation"].type) == "object(evaluation)"
    assert str(schema("databricks_alert").body.attributes["condition"].type) == "block(condition)"


def test_names_like_meta_arguments_are_the_providers_own_below_the_top() -> None:
    known = {path for path, _, _ in paths("databricks_job")}
    assert {"git_source.provider", "task.depends_on", "task.depends_on.task_key"} <= known
    assert not {"depends_on", "provider", "lifecycle"} & known


def test_a_data_source_is_named_as_terraform_names_it() -> None:
    assert schema("data.databricks_current_user").body.attributes["user_name"].read_only


@pytest.mark.parametrize("resource_type", resource_types())
def test_every_resource_type_loads(resource_type: str) -> None:
    assert schema(resource_type).type == resource_type
    assert [path for path, _, _ in paths(resource_type)]
    assert not META_ARGUMENTS & schema(resource_type).body.attributes.keys()


def test_paths_tell_the_version_that_brought_them() -> None:
    since = {path: version for path, _, version in paths("databricks_job")}
    assert since["task.notebook_task.notebook_path"] == "1.128.0"
    assert since["continuous.maintenance_window"] == "1.131.0"
    assert since["continuous.maintenance_window.day_of_week"] == "1.131.0"
    assert since["task.for_each_task.task.environment_variables_key"] == "1.137.0"


def test_the_versions_are_known() -> None:
    assert versions() == ("1.128.0", "1.138.0")


@pytest.mark.parametrize(
    ("resource_type", "message"),
    [
        (
            "databricks_jobs",
            "provider 1.138.0 has no resource type 'databricks_jobs'; did you mean 'databricks_job'?",
        ),
        (
            "",
            "provider 1.138.0 has no resource type ''; see the provider's documentation for those it has",
        ),
    ],
)
def test_an_unknown_resource_type_is_an_error_with_the_nearest_name(resource_type: str, message: str) -> None:
    for use in (schema, lambda name: problems(name, {}), lambda name: least_version(name, {})):
        with pytest.raises(LakeflowError) as error:
            use(resource_type)
        assert str(error.value) == message


# What is wrong with a body

BAD: list[tuple[Mapping[str, object], str, str]] = [
    (
        {"task": [{"task_key": "a"}, {"task_key": "ingest", "notebook_task": {"notebook_path": "/x", "sourc": "GIT"}}]},
        "/task/1/notebook_task/sourc",
        "task[ingest].notebook_task.sourc: notebook_task has no 'sourc'; did you mean 'source'?",
    ),
    (
        {"zzz": 1, "queue": {"zzz": 1, "enabled": True}},
        "/queue/zzz",
        "queue.zzz: queue has no 'zzz'; queue has enabled",
    ),
    (
        {"task": {"task_key": "a", "notebook_task": {"notebook_path": "/x", "max_retries": 5}}},
        "/task/notebook_task/max_retries",
        "task[a].notebook_task.max_retries: notebook_task has no 'max_retries'; it belongs to task: move it there",
    ),
    (
        {"task": [{"task_key": "a", "notebook_path": "/x"}]},
        "/task/0/notebook_path",
        "task[a].notebook_path: task has no 'notebook_path'; it belongs to notebook_task: move it there",
    ),
    (
        {
            "task": [
                {"task_key": "a", "warehouse_id": "w", "sql_task": {"alert": {"alert_id": "b"}, "warehouse_id": "w"}}
            ]
        },
        "/task/0/warehouse_id",
        "task[a].warehouse_id: task has no 'warehouse_id'; it belongs to sql_task: move it there",
    ),
    (
        {"health": {"max_concurrent_runs": 1, "rules": [{"metric": "M", "op": "GREATER_THAN", "value": 1}]}},
        "/health/max_concurrent_runs",
        "health.max_concurrent_runs: health has no 'max_concurrent_runs'; it belongs to databricks_job: move it there",
    ),
    ({"name": ["x"]}, "/name", "name: is a list, not a string; take it out of the list"),
    ({"name": {"a": "x"}}, "/name", "name: is an object, not a string; give a string"),
    (
        {"max_concurrent_runs": "many"},
        "/max_concurrent_runs",
        "max_concurrent_runs: is 'many', not a number; give a number",
    ),
    (
        {"max_concurrent_runs": True},
        "/max_concurrent_runs",
        "max_concurrent_runs: is true, not a number; give a number",
    ),
    ({"always_running": 1}, "/always_running", "always_running: is 1, not true or false; give true or false"),
    ({"always_running": "True"}, "/always_running", "always_running: is 'True', not true or false; give true or false"),
    (
        {"email_notifications": [{"on_failure": "a@b.c"}]},
        "/email_notifications/0/on_failure",
        "email_notifications.on_failure: is a string, not a list of strings; put it in a list",
    ),
    (
        {"email_notifications": {"on_failure": ["a@b.c", {"address": "d@e.f"}]}},
        "/email_notifications/on_failure/1",
        "email_notifications.on_failure[1]: is an object, not a string; give a string",
    ),
    (
        {"email_notifications": {"on_failure": {"address": "a@b.c"}}},
        "/email_notifications/on_failure",
        "email_notifications.on_failure: is an object, not a list of strings; give a list of strings",
    ),
    ({"tags": "x"}, "/tags", "tags: is a string, not a map of strings; give a map of strings"),
    ({"tags": {"a/b": ["x"]}}, "/tags/a~1b", "tags[a/b]: is a list, not a string; take it out of the list"),
    ({"task": "a"}, "/task", "task: is a string, not a list of objects; give a list of objects"),
    ({"task": "${local.tasks}"}, "/task", "task: is a string, not a list of objects; give a list of objects"),
    ({"queue": "${local.queue}"}, "/queue", "queue: is a string, not an object; give an object"),
    ({"queue": [{"enabled": True}] * 2}, "/queue", "queue: stands 2 times, but may stand once; keep one"),
    ({"queue": {}}, "/queue", "queue: 'enabled' is missing; give true or false"),
    ({"queue": None}, "/queue", "queue: is null; leave it out"),
    ({"queue": [None]}, "/queue/0", "queue: is null; leave it out"),
    ({"queue": {"enabled": None}}, "/queue/enabled", "queue.enabled: is null; give it a value"),
    ({"tags": {"a": None}}, "/tags/a", "tags[a]: is null; leave it out"),
    ({"task": [{"description": "d"}]}, "/task/0", "task[0]: 'task_key' is missing; give a string"),
    ({"health": {"rules": []}}, "/health", "health: 'rules' is missing; give a list of objects"),
    ({"url": "x"}, "/url", "url: can only be read; leave it out: the provider sets it"),
    ({"max_retries": "$${escaped}"}, "/max_retries", "max_retries: is '$${escaped}', not a number; give a number"),
    ({"tags": {"a": b"x"}}, "/tags/a", "tags[a]: is a Python bytes, not a string; give a string"),
    (
        {"dynamic": {"tasks": {"for_each": ["a"], "content": {"task_key": "${tasks.value}"}}}},
        "/dynamic/tasks",
        "dynamic.tasks: databricks_job has no block 'tasks'; did you mean 'task'?",
    ),
    (
        {"dynamic": {"task": {"for_each": ["a"], "content": {}}}},
        "/dynamic/task/content",
        "dynamic.task.content: 'task_key' is missing; give a string",
    ),
]


@pytest.mark.parametrize(("body", "path", "message"), BAD, ids=[path for _, path, _ in BAD])
def test_a_problem_tells_place_and_fix(body: Mapping[str, object], path: str, message: str) -> None:
    found = {problem.path: str(problem) for problem in problems("databricks_job", body)}
    assert found[path] == message


def test_problems_stand_in_the_order_of_the_body() -> None:
    body = {"queue": {}, "nam": "x", "task": [{"task_key": "a"}, {"task_key": 1, "task_kee": "b"}]}
    assert [problem.path for problem in problems("databricks_job", body)] == ["/queue", "/nam", "/task/1/task_kee"]


def test_what_is_missing_at_the_top_is_told_of_the_resource() -> None:
    assert said({"job_id": "1"}, "databricks_permissions") == [
        "databricks_permissions: 'access_control' is missing; give a set of objects"
    ]


def test_an_unknown_name_in_an_object_is_told_though_terraform_drops_it() -> None:
    assert said(ALERT, "databricks_alert_v2") == []
    evaluation = {"comparison_operator": "EQUAL", "source": {"name": "x", "agregation": "SUM"}}
    assert said({**ALERT, "evaluation": evaluation}, "databricks_alert_v2") == [
        "evaluation.source.agregation: source has no 'agregation'; did you mean 'aggregation'?"
    ]


def test_an_object_must_not_be_a_list_of_one_as_a_block_may() -> None:
    assert said({**ALERT, "evaluation": [ALERT["evaluation"]]}, "databricks_alert_v2") == [
        "evaluation: is a list, not an object; take it out of the list"
    ]
    assert said({**ALERT, "parameters": {"name": "x"}}, "databricks_alert_v2") == [
        "parameters: is an object, not a set of objects; put it in a list"
    ]


def test_a_secret_in_the_wrong_place_is_not_told() -> None:
    (problem,) = problems("databricks_job", {"tags": "dapi0123456789"})
    assert "dapi" not in str(problem)


GOOD: list[Mapping[str, object]] = [
    {},
    {"name": 5, "max_concurrent_runs": "1", "always_running": "true"},
    {
        "max_concurrent_runs": "${var.runs}",
        "tags": "${local.tags}",
        "email_notifications": {"on_start": "${local.who}"},
    },
    {"max_concurrent_runs": "%{if true}1%{endif}", "tags": {"a": 1, "b": True, "c": "x"}},
    {"queue": {"enabled": True}},
    {"queue": [{"enabled": True}]},
    {"queue": []},
    {"task": {"task_key": "a"}},
    {"task": ({"task_key": "a", "depends_on": ({"task_key": "b"},)},)},
    {"git_source": {"url": "https://example.com/a", "provider": "gitHub"}},
    {"//": {"metadata": 1}, "queue": {"//": "why", "enabled": True}},
    {"dynamic": {"task": {"for_each": ["a"], "content": {"task_key": "${task.value}"}}}},
    {"health": {"dynamic": {"rules": {"for_each": [1], "content": {"metric": "M", "op": "O", "value": 1}}}}},
    {
        "lifecycle": {"prevent_destroy": True},
        "depends_on": ["databricks_pipeline.clean"],
        "count": 2,
        "for_each": {},
        "provider": "databricks.other",
        "connection": {},
        "provisioner": {},
    },
]


@pytest.mark.parametrize("body", GOOD)
def test_what_terraform_takes_is_fine(body: Mapping[str, object]) -> None:
    assert said(body) == []


# The version that a body needs


@pytest.mark.parametrize(
    ("resource_type", "body", "version"),
    [
        ("databricks_job", {}, "1.128.0"),
        ("databricks_job", {"name": "x", "task": [{"task_key": "a"}]}, "1.128.0"),
        ("databricks_job", {"continuous": {"pause_status": "PAUSED", "maintenance_window": {}}}, "1.131.0"),
        ("databricks_job", {"task": [{"task_key": "a"}, {"environment_variables_key": "e"}]}, "1.137.0"),
        ("databricks_job", {"task": [{"environment_variables_key": None}], "unheard_of": 1}, "1.128.0"),
        ("databricks_job", {"dynamic": {"environment_variables": {"content": {}}}}, "1.137.0"),
        ("databricks_job", {"task": {"ai_runtime_task": {"deployments": {"command_path": "/x"}}}}, "1.128.0"),
        ("databricks_job", {"task": {"ai_runtime_task": {"deployments": {"compute": {}}}}}, "1.137.0"),
        ("databricks_sandbox", {}, "1.132.0"),
    ],
)
def test_the_least_version_knows_all_of_the_body(resource_type: str, body: Mapping[str, object], version: str) -> None:
    assert least_version(resource_type, body) == version


# The law: what the schema allows has no problem, and one mistake is found where it is


def bodies(shape: Shape, depth: int = 4) -> st.SearchStrategy[dict[str, object]]:
    settable = {name: each for name, each in shape.attributes.items() if not each.read_only}
    optional = sorted(set(settable) - set(shape.required)) if depth else []
    some = st.lists(st.sampled_from(optional), unique=True, max_size=3) if optional else st.just([])
    return some.flatmap(
        lambda names: st.fixed_dictionaries(
            {name: values(settable[name].type, settable[name].shape, depth - 1) for name in [*shape.required, *names]}
        )
    )


def values(type_: Type, shape: Shape | None, depth: int) -> st.SearchStrategy[object]:
    expression = st.just("${local.x}")
    plain: dict[str, st.SearchStrategy[object]] = {
        "string": st.text() | st.booleans() | st.integers(),
        "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.integers().map(str),
        "bool": st.booleans() | st.sampled_from(["true", "false"]),
    }
    if type_.kind in plain:
        return plain[type_.kind] | expression
    if type_.kind in {"block", "object"}:
        assert shape is not None
        one = bodies(shape, max(depth, 0))
        return one | (one.map(lambda body: [body]) if type_.kind == "block" else expression)
    assert type_.element is not None
    if type_.kind == "map":
        return st.dictionaries(st.text(), values(type_.element, shape, depth), max_size=2) | expression
    if shape is not None:
        one = bodies(shape, max(depth, 0))
        return st.lists(one, min_size=1, max_size=2) | (one if type_.is_block else expression)
    return st.lists(values(type_.element, shape, depth), max_size=2) | expression


def objects(shape: Shape, body: dict[str, Any], pointer: str = "") -> Iterator[tuple[Shape, dict[str, Any], str]]:
    """Yield every object of a body with its shape and its pointer."""
    yield shape, body, pointer
    for name, value in body.items():
        nested = shape.attributes[name].shape
        each = (
            [("", value)]
            if isinstance(value, dict)
            else [(f"/{i}", v) for i, v in enumerate(value or [])]
            if nested
            else []
        )
        if nested is not None and not isinstance(value, str):
            for index, inner in each:
                yield from objects(nested, inner, f"{pointer}/{name}{index}")


def at(body: Any, pointer: str) -> object:
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        body = body[int(key)] if isinstance(body, list) else body[key]
    return body


def wrong(attribute: Attribute) -> object:
    return {"string": ["x", "y"], "list": 5, "set": 5}.get(attribute.type.kind, "x")


TYPES = st.sampled_from(resource_types()) | st.sampled_from(["databricks_job", "databricks_pipeline"])
ANY_BODY = TYPES.flatmap(lambda name: st.tuples(st.just(name), bodies(schema(name).body)))


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(ANY_BODY)
def test_what_the_schema_allows_has_no_problem(case: tuple[str, dict[str, Any]]) -> None:
    resource_type, body = case
    assert problems(resource_type, body) == []


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(ANY_BODY, st.sampled_from(["rename", "mistype", "drop", "null"]), st.data())
def test_one_mistake_is_found_where_it_is(case: tuple[str, dict[str, Any]], mistake: str, data: st.DataObject) -> None:
    resource_type, body = case
    places = [
        (shape, found, pointer, name)
        for shape, found, pointer in objects(schema(resource_type).body, body)
        for name in found
        if mistake != "drop" or name in shape.required
    ]
    if not places:
        return
    shape, found, pointer, name = data.draw(st.sampled_from(places))
    value = found.pop(name)
    expected = pointer
    if mistake != "drop":
        renamed = f"{name}_x" if mistake == "rename" else name
        found[renamed] = {"rename": value, "mistype": wrong(shape.attributes[name]), "null": None}[mistake]
        expected = f"{pointer}/{renamed}"
    result = problems(resource_type, body)
    assert expected in {problem.path for problem in result}
    for problem in result:
        at(body, problem.path)


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem("/a", "a", "is null", "leave it out")) == "a: is null; leave it out"


# The tool that makes the data


@pytest.mark.slow
def test_the_data_is_what_the_tool_makes() -> None:
    assert tool.generate(WHEELS) == tool.SCHEMA.read_text(encoding="utf-8")


def test_the_wheels_are_pinned_and_a_missing_or_changed_one_is_told(tmp_path: Path) -> None:
    first, *others = tool.pins()
    (tmp_path / first.wheel).write_bytes(b"not what was pinned")
    with pytest.raises(FileNotFoundError) as error:
        tool.generate(tmp_path)
    wheels = ", ".join(pin.wheel for pin in [first, *others])
    assert str(error.value) == (
        f"not in {tmp_path}, or not as pinned in provider-wheels.txt: {wheels}; "
        f"run: python -m tools.provider_schema --download {tmp_path}"
    )
