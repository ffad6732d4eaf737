"""Any job, brought to the provider's names and back: every path leads to the value that it names."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib.forms.names import normalised, origin
from constructs_lib.forms.rest import rest_shape
from constructs_lib.provider import Shape, schema
from constructs_lib.rules import Form, Path

FORMS = pytest.mark.parametrize("form", Form)


def shape(form: Form) -> Shape:
    return schema("databricks_job").body if form is Form.TERRAFORM else rest_shape(single_task=False)


@st.composite
def jobs(draw: st.DrawFn, form: Form) -> dict[str, Any]:
    """Return a job of a form; all its plain values differ."""
    numbers = count()

    def block(holds: Shape, depth: int) -> dict[str, Any]:
        names = [name for name, each in holds.attributes.items() if (depth or not each.shape) and not each.read_only]
        chosen = draw(st.lists(st.sampled_from(sorted(names)), max_size=4, unique=True)) if names else []
        body = {name: value(holds, name, depth) for name in chosen}
        nested = [name for name in chosen if holds.attributes[name].type.is_block]
        if form is Form.TERRAFORM and nested and draw(st.booleans()):
            inner = holds.attributes[nested[0]].shape
            assert inner
            body["dynamic"] = {nested[0]: draw(wrapped)({"for_each": [], "content": block(inner, depth - 1)})}
        return body

    def value(holds: Shape, name: str, depth: int) -> Any:
        attribute = holds.attributes[name]
        if draw(st.integers(0, 9)) == 0:
            return draw(st.sampled_from([None, [], [None], 7.5 + next(numbers)]))
        if attribute.shape is None:
            plain = {"list": [f"v{next(numbers)}"], "map": {f"k{next(numbers)}/~0": f"v{next(numbers)}", "none": None}}
            return plain.get(attribute.type.kind, f"v{next(numbers)}")
        if attribute.type.element is None:
            return draw(wrapped)(block(attribute.shape, depth - 1))
        blocks = [block(attribute.shape, depth - 1) for _ in range(draw(st.integers(1, 3)))]
        return blocks[0] if len(blocks) == 1 and draw(st.booleans()) else blocks

    return block(shape(form), 4)


wrapped = st.sampled_from([lambda body: body, lambda body: [body]])


def paths(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    for step, below in (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from paths(below, (*path, step))


def resolved(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def plain(value: Any) -> list[Any]:
    """Return the plain values in a value, without nulls."""
    return sorted(str(each) for _, each in paths(value) if isinstance(each, str | float))


@FORMS
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_every_path_leads_back_to_the_value_that_it_names(form: Form, data: st.DataObject) -> None:
    job = data.draw(jobs(form))
    for path, value in paths(normalised(job, form)):
        there = resolved(job, origin(job, form, path))
        if isinstance(value, str | float) or value is None:
            assert there == value
        elif "dynamic" not in str(job):
            assert plain(there) == plain(value)


@FORMS
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_nothing_that_a_form_knows_is_lost(form: Form, data: st.DataObject) -> None:
    job = data.draw(jobs(form))
    if "dynamic" not in str(job):
        assert plain(normalised(job, form)) == plain(job)


@FORMS
def test_what_is_not_there_leads_to_what_lacks_it(form: Form) -> None:
    tasks = "task" if form is Form.TERRAFORM else "tasks"
    job = {tasks: [{"task_key": "a", "notebook_task": [{"source": "GIT"}]}]}
    lacking: Path = ("task", 0, "notebook_task", "notebook_path")
    assert origin(job, form, lacking) == (tasks, 0, "notebook_task", 0)
    assert origin(job, form, ("schedule", "timezone_id")) == ()
    assert origin(job, form, ("task", 7, "task_key")) == (tasks,)


def test_names_of_the_api() -> None:
    job = {
        "tasks": [{"task_key": "a", "libraries": [{"whl": "a.whl"}]}],
        "job_clusters": [{"job_cluster_key": "c"}],
        "environments": [{"environment_key": "e"}],
        "parameters": [{"name": "p", "default": ""}],
        "git_source": {"git_url": "u", "git_provider": "p", "git_branch": "b", "git_tag": "t", "git_commit": "c"},
        "permissions": [{"level": "CAN_VIEW"}],
    }
    assert normalised(job, Form.REST) == {
        "task": [{"task_key": "a", "library": [{"whl": "a.whl"}]}],
        "job_cluster": [{"job_cluster_key": "c"}],
        "environment": [{"environment_key": "e"}],
        "parameter": [{"name": "p", "default": ""}],
        "git_source": {"url": "u", "provider": "p", "branch": "b", "tag": "t", "commit": "c"},
        "permissions": [{"level": "CAN_VIEW"}],
    }


def test_blocks_of_terraform_however_they_are_written() -> None:
    task = {"task_key": "a", "notebook_task": [{"notebook_path": "/a"}], "email_notifications": []}
    made = {"for_each": "${local.more}", "content": {"task_key": "${task.key}"}}
    job = {"//": "said", "task": task, "dynamic": [{"task": [made]}], "lifecycle": {"prevent_destroy": True}}
    assert normalised(job, Form.TERRAFORM) == {
        "task": [{"task_key": "a", "notebook_task": {"notebook_path": "/a"}}, {"task_key": "${task.key}"}]
    }
    generated: Path = ("dynamic", 0, "task", 0, "content", "task_key")
    assert origin(job, Form.TERRAFORM, ("task", 1, "task_key")) == generated
    assert origin(job, Form.TERRAFORM, ("task", 0, "task_key")) == ("task", "task_key")
