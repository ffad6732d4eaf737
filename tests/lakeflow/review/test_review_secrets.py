"""No secret is in a report, in no format: not what the plan calls sensitive, and not what only looks like one."""

import copy
import json
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib.provider import Shape, schema
from lakeflow.review.masking import Masking, Secret
from lakeflow.review.reports import html, json as json_report, markdown, text
from tests.lakeflow.review.support import Json, change, grants, job, plan, real, review_of, schedule, task, updated

TOKEN = "dapi" + "0123456789abcdef" * 2
CANARY = "xyzzy-plugh-canary"
"""Nothing about it looks like a secret: only the plan says that it is one."""


def reports(document: Json) -> str:
    """Return every report of a plan, one after the other."""
    review = review_of(document)
    lines = ("".join(span.text for span in line) for line in text.lines(review))
    return "\n".join([markdown.render(review, 10**7), json_report.render(review), html.render(review), *lines])


def filled(shape: Shape, value: str, depth: int = 0) -> Json:
    """Return a body that has a text wherever the provider's schema allows one, keys of maps included."""
    body: Json = {}
    for name, attribute in shape.attributes.items():
        kind, inner = attribute.type.kind, attribute.type.element
        if attribute.shape is not None and depth < 7:
            below = filled(attribute.shape, f"{value}", depth + 1)
            body[name] = [below] if attribute.type.is_block or kind != "object" else below
        elif kind == "string":
            body[name] = value
        elif kind in {"list", "set"} and inner and inner.kind == "string":
            body[name] = [value, value]
        elif kind == "map":
            body[name] = {value: value, "password": "hunter2", "plain": value}
    return body


def everywhere(value: str) -> Json:
    """Return a job with a text in every position."""
    return filled(schema("databricks_job").body, value)


def marked(value: Any) -> Any:
    """Return what a plan says beside a value of which every leaf is sensitive."""
    if isinstance(value, dict):
        return {key: marked(entry) for key, entry in value.items()}
    return [marked(entry) for entry in value] if isinstance(value, list) else True


@pytest.mark.parametrize("before", [None, "same", "other"])
@pytest.mark.parametrize("after", [None, "same"])
def test_a_token_in_every_position_of_a_job(before: str | None, after: str | None) -> None:
    other = "dose" + "f" * 32
    one, two = (everywhere({"same": TOKEN, "other": other}[side]) if side else None for side in (before, after))
    if one is None and two is None:
        return
    document = plan(
        change(one, two, f'databricks_job.x["{TOKEN}"]', previous_address=f"databricks_job.{TOKEN}"),
        change(grants((TOKEN, TOKEN)), grants((TOKEN, "CAN_MANAGE")), "databricks_permissions.orders"),
        resource_drift=[change(everywhere(other), everywhere(TOKEN))],
        output_changes={TOKEN: {"actions": ["create"], "before": None, "after": TOKEN}},
        deferred_changes=[{"reason": TOKEN, "resource_change": {"address": TOKEN}}],
        checks=[{"address": {"to_display": TOKEN}, "status": "fail"}],
        variables={"pw": {"value": TOKEN}},
        terraform_version=TOKEN,
        timestamp=TOKEN,
    )
    said = reports(document)
    assert TOKEN not in said
    assert other not in said
    assert "hunter2" not in said
    assert "(secret)" in said


def test_what_the_plan_calls_sensitive_in_every_position_of_a_job() -> None:
    before, after = everywhere(CANARY), everywhere(CANARY + "-2")
    document = plan(
        change(before, after, before_sensitive=marked(before), after_sensitive=marked(after)),
        resource_drift=[change(after, before, before_sensitive=marked(after), after_sensitive=False)],
    )
    assert CANARY not in reports(document)


@pytest.mark.parametrize("side", ["before_sensitive", "after_sensitive"])
def test_a_value_that_is_sensitive_once_is_hidden_wherever_it_stands(side: str) -> None:
    before, after = job(description=CANARY), job(description=CANARY, tags={"copy": f"of {CANARY}"})
    document = updated(before, after)
    document["resource_changes"][0]["change"][side] = {"description": True}
    said = reports(document)
    assert CANARY not in said
    assert "tags[copy]" in said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"SECRET": "hunter2"}, False),
        ({"LOG_LEVEL": "hunter2"}, False),
        ({"JAVA_HOME": "{{secrets/scope/key}}"}, True),
        ({"THREADS": "163264"}, False),
        ({"VERBOSE": "true"}, True),
    ],
)
def test_environment_variables_are_hidden_unless_they_cannot_be_secret(said: Json, shown: bool) -> None:
    after = job()
    after["job_cluster"][0]["new_cluster"][0]["spark_env_vars"] = said
    (name, value), *_ = said.items()
    report = reports(updated(job(), after))
    assert name in report
    assert (value in report) is shown


@pytest.mark.parametrize(
    "attributes",
    [
        {"spark_python_task": [{"python_file": "/a.py", "parameters": ["--db-password", "hunter2"]}]},
        {"spark_python_task": [{"python_file": "/a.py", "parameters": ["--api_key=hunter2"]}]},
        {"spark_python_task": [{"python_file": "/a.py", "parameters": ['{"token": "hunter2"}']}]},
        {"python_wheel_task": [{"entry_point": "b", "named_parameters": {"client_secret": "hunter2"}}]},
        {"notebook_task": [{"notebook_path": "/a", "base_parameters": {"credentials": "hunter2"}}]},
        {"notebook_task": [{"notebook_path": "/a", "base_parameters": {"x": "jdbc://me:hunter2@db.example/x"}}]},
        {"description": "connection string: hunter2; see the wiki"},
        {"description": "curl -u me:hunter2 x"},
        {"description": "Authorization: Bearer hunter2"},
        {"description": "<password>hunter2</password>"},
        {"description": "HTTPS://me:hunter2@example.com"},
        {"description": "https://hunter2@dev.azure.com/x"},
        {"spark_submit_task": [{"parameters": ["dbt run --password hunter2"]}]},
        {"spark_python_task": [{"python_file": "/a.py", "parameters": ["--token=", "hunter2"]}]},
        {"spark_python_task": [{"python_file": "/a.py", "parameters": ['{"name": "password", "value": "hunter2"}']}]},
        {"notebook_task": [{"notebook_path": "/a", "base_parameters": {"DB_PASS": "hunter2", "pin": "hunter2"}}]},
        {"notebook_task": [{"notebook_path": "/a", "base_parameters": {"signing_key": "hunter2", "dsn": "hunter2"}}]},
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_by_its_name(attributes: Json) -> None:
    for document in (
        updated(job(task("a")), job(task("a", **attributes))),
        updated(job(task("a", **attributes)), job(task("a"))),
        updated(job(task("a", **attributes)), job(task("a", timeout_seconds=9, **attributes))),
        plan(change(None, job(task("a", **attributes)))),
        plan(change(None, job(parameter=[{"name": "password", "default": "hunter2"}]))),
    ):
        assert "hunter2" not in reports(document)


def test_a_secret_that_changes_is_said_to_change() -> None:
    review = review_of(updated(job(tags={"password": "a" * 9}), job(tags={"password": "b" * 9})))
    assert [(each.path, each.before, each.after) for each in review.jobs[0].details] == [
        ("tags[password]", "(secret)", "(secret)")
    ]
    assert review_of(updated(job(tags={"password": "a" * 9}), job(tags={"password": "a" * 9}))).jobs == ()


@pytest.mark.parametrize("name", ["sensitive", "sensitive-drift-shift", "hostile", "foreach"])
def test_real_plans_with_secrets(name: str) -> None:
    said = reports(real(name))
    assert "canary" not in said
    assert "hunter2" not in said
    assert "(secret)" in said or name == "foreach"


def test_a_secret_number_is_hidden_with_its_copies() -> None:
    after = job(tags={"pin": "83729104"}, description="the pin is 83729104", timeout_seconds=83729104)
    document = updated(job(), after)
    document["resource_changes"][0]["change"]["after_sensitive"] = {"timeout_seconds": True}
    assert "83729104" not in reports(document)


def test_a_secret_in_json_is_found_there() -> None:
    secret = 'quoted "canary" here'
    document = updated(job(description=secret), job(description="x", tags={"a": json.dumps({"b": secret})}))
    document["resource_changes"][0]["change"]["before_sensitive"] = {"description": True}
    assert "canary" not in reports(document)


def test_a_mark_of_another_shape_hides_all_of_it() -> None:
    document = updated(job(), job(tags={"a": CANARY}))
    document["resource_changes"][0]["change"]["after_sensitive"] = {"tags": ["true"]}
    assert CANARY not in reports(document)


@pytest.mark.parametrize(("value", "mark"), [(83729104, 1), (CANARY, "true"), (1.5e9, 1.0), ([CANARY], 1)])
def test_a_mark_that_is_not_true_hides_too(value: object, mark: object) -> None:
    document = updated(job(), job(timeout_seconds=value, description=f"it is {value}"))
    document["resource_changes"][0]["change"]["after_sensitive"] = {"timeout_seconds": mark}
    assert str(value) not in reports(document)


def test_what_a_hidden_value_means_is_not_told() -> None:
    paused, live = (job(schedule=schedule("0 0 6 * * ?", paused=status)) for status in (True, False))
    document = updated(paused, live)
    marks = {"schedule": [{"pause_status": True}]}
    document["resource_changes"][0]["change"].update(before_sensitive=marks, after_sensitive=marks)
    assert "PAUSED" not in reports(document).replace("pause_status", "")


def test_what_is_only_called_like_a_secret_is_shown() -> None:
    grant = {"principal": "a", "privileges": ["READ_FILES"], "storage_credential": "lake"}
    assert "lake" in reports(plan(change(None, grant, "databricks_grant.g")))


def test_a_reference_to_a_secret_is_no_secret() -> None:
    after = job(tags={"password": "{{secrets/scope/key}}"})
    assert "{{secrets/scope/key}}" in reports(updated(job(), after))


def test_what_is_hidden_stays_hidden_however_it_is_written() -> None:
    secret = Secret(CANARY)
    for said in (str(secret), repr(secret), f"{secret}", f"{secret:>9}", "".join([secret, "x"])):
        assert "canary" not in said
    assert json.dumps({secret: [secret]}) == '{"(secret)": ["(secret)"]}'
    assert b"canary" not in pickle.dumps(secret)
    assert "canary" not in repr(copy.deepcopy({"a": [secret]}))
    assert secret == Secret(CANARY)
    assert secret != CANARY  # or who compares could tell
    assert secret != Secret("another")
    assert {Secret(CANARY): 1}[secret] == 1


@settings(deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_a_text_around_a_known_secret_is_hidden(before: str, after: str) -> None:
    masking = Masking([[{"a": CANARY}]])
    assert isinstance(masking.text(f"{before}{CANARY}{after}"), Secret)


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for entry in value.values():
            yield from leaves(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from leaves(entry)
    else:
        yield value


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=12,
)


@settings(deadline=None)
@given(json_values)
def test_masking_leaves_what_is_no_secret_as_it_is(value: Any) -> None:
    plain = [each for each in leaves(Masking().value(value)) if not isinstance(each, Secret)]
    assert set(map(repr, plain)) <= set(map(repr, leaves(value))) | {"{}", "None"}
