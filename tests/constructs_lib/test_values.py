"""What every value has from its base: one line per attribute, frozen, compared by identity, rendered without noise."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import FrozenInstanceError
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any, Literal

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib import JobDefinition, LakeflowError, NotebookTask, Reference, Task, Trigger, WorkspacePath
from constructs_lib.errors import listed, nearest
from constructs_lib.goal import Goal
from constructs_lib.provider import problems
from constructs_lib.references import terraform_json
from constructs_lib.tasks import ConditionTask, ForEachTask, SqlFileTask
from constructs_lib.values import MILLISECONDS, MINUTES, FrozenMapping, Value, attribute, is_empty, merge
from tests.support.refusal import refusal


class Size(StrEnum):
    SMALL = "SMALL_SIZE"
    LARGE = "LARGE_SIZE"


class Limits(Value):
    """A block of its own."""

    most: int | None = attribute("most", default=None)
    wait: timedelta | None = attribute("wait_millis", default=None, unit=MILLISECONDS)


class Tank(Value, block="tank"):
    """A block with everything in it that a value can have."""

    key: str = attribute("tank_key", kw_only=False)
    litres: int = attribute("litres", default=0)
    label: str | None = attribute("label", default=None)
    sealed: bool = attribute("sealed", default=False)
    heated: bool = attribute("heated", default=False, omit=False)
    size: Size = attribute("size", default=Size.SMALL)
    colour: Literal["red", "blue"] | None = attribute("paint.colour", default=None)
    rests: timedelta | None = attribute("rest_minutes", default=None, unit=MINUTES)
    cleaned_after: timedelta | None = attribute("cleaned_after_seconds", default=None)
    contents: Sequence[str] = attribute("contents", default=())
    prices: Mapping[str, str | Reference] = attribute("prices", default={})
    inlet: Limits | None = attribute("inlet", default=None)
    limits: Limits | None = attribute(default=None, spread=True)
    shouted: str | None = attribute("shouted", default=None, via=str.upper)
    note: str = attribute(default="for readers of the code only")


class DoubleTank(Tank):
    """A kind of tank, with one attribute more."""

    second_key: str = attribute("second.key", kw_only=False)

    def check(self) -> None:
        if self.second_key == self.key:
            raise self.error("both halves have one key", fix="rename one")


# Rendering


def test_an_attribute_is_declared_on_one_line() -> None:
    class Queue(Value):
        enabled: bool = attribute("enabled", default=True)

    assert Queue().render() == {"enabled": True}
    assert Queue(enabled=False).render() == {"enabled": False}


def test_a_default_that_says_something_is_written_and_what_says_nothing_is_not() -> None:
    assert Tank("a").render() == {"tank": {"tank_key": "a", "litres": 0, "sealed": False, "size": "SMALL_SIZE"}}


def test_everything_that_is_said_is_written_where_its_path_says() -> None:
    tank = Tank(
        "a",
        litres=7,
        label="",
        sealed=True,
        heated=True,
        size=Size.LARGE,
        colour="blue",
        rests=timedelta(hours=2),
        cleaned_after=timedelta(minutes=1, seconds=30),
        contents=["water", ""],
        prices={"water": "0", "wine": Reference.to("databricks_price.wine.id")},
        inlet=Limits(most=0),
        limits=Limits(most=9, wait=timedelta(milliseconds=1500)),
        shouted="loud",
    )
    assert tank.render() == {
        "tank": {
            "tank_key": "a",
            "litres": 7,
            "label": "",
            "sealed": True,
            "heated": True,
            "size": "LARGE_SIZE",
            "paint": {"colour": "blue"},
            "rest_minutes": 120,
            "cleaned_after_seconds": 90,
            "contents": ["water", ""],
            "prices": {"water": "0", "wine": Reference("${databricks_price.wine.id}")},
            "inlet": {"most": 0},
            "shouted": "LOUD",
            "most": 9,
            "wait_millis": 1500,
        },
    }


def test_an_empty_container_is_left_out() -> None:
    assert Tank("a", contents=[], prices={}, inlet=Limits(), limits=Limits()).render() == Tank("a").render()


@pytest.mark.parametrize(
    ("rendered", "empty"), [(None, True), ([], True), ({}, True), ((), True), (0, False), (False, False), ("", False)]
)
def test_zero_false_and_the_empty_string_are_not_empty(rendered: object, empty: bool) -> None:
    assert is_empty(rendered) is empty


def test_a_subclass_has_the_attributes_of_its_base_in_its_base_s_block() -> None:
    body = DoubleTank("a", "b").render()
    assert body["tank"]["tank_key"] == "a"
    assert body["second"] == {"key": "b"}


def test_what_was_rendered_belongs_to_who_asked_for_it() -> None:
    task = NotebookTask("a", WorkspacePath("/a"), parameters={"x": "1"}, extra={"library": [{"whl": "/a.whl"}]})
    first = task.render()
    first["notebook_task"]["base_parameters"]["x"] = "2"
    first["library"].append({"whl": "/b.whl"})
    assert task.render()["notebook_task"]["base_parameters"] == {"x": "1"}
    assert task.render()["library"] == [{"whl": "/a.whl"}]


def test_merging_goes_into_blocks_and_replaces_everything_else() -> None:
    body: dict[str, Any] = {"a": {"x": 1, "y": {"z": 2}}, "list": [1, 2], "kept": True}
    merge(body, {"a": {"y": {"w": 3}}, "list": [3], "new": {"b": 1}})
    assert body == {"a": {"x": 1, "y": {"z": 2, "w": 3}}, "list": [3], "kept": True, "new": {"b": 1}}


def test_a_further_attribute_replaces_one_that_has_another_shape() -> None:
    task = NotebookTask("a", WorkspacePath("/a"), timeout=timedelta(minutes=1), extra={"timeout_seconds": {"per": 1}})
    assert task.render()["timeout_seconds"] == {"per": 1}


# Units


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**9))
def test_a_timedelta_counts_in_the_unit_of_its_attribute(count: int) -> None:
    body = Limits(wait=timedelta(milliseconds=count)).render()
    assert body == {"wait_millis": count}


@pytest.mark.parametrize(
    ("tank", "words"),
    [
        (lambda: Tank("a", rests=timedelta(seconds=90)), "rests: 0:01:30 is not a whole number of minutes"),
        (
            lambda: Tank("a", cleaned_after=timedelta(milliseconds=1500)),
            "cleaned_after: 0:00:01.500000 is not a whole number of seconds",
        ),
    ],
)
def test_a_duration_that_is_not_whole_in_its_unit_is_refused(tank: Callable[[], Value], words: str) -> None:
    assert refusal(lambda: tank().render()) == f"Tank('a'): {words}"


def test_a_negative_duration_is_called_negative() -> None:
    assert "negative" in refusal(lambda: Tank("a", rests=timedelta(minutes=-2)).render())


def test_a_duration_is_refused_where_it_is_written() -> None:
    """Not in the line, perhaps of another file, that renders it."""
    with pytest.raises(LakeflowError):
        Tank("a", rests=timedelta(seconds=90))


# Construction


def test_the_key_is_positional_and_everything_else_a_keyword() -> None:
    assert Tank("a").key == Tank(key="a").key == "a"
    assert DoubleTank("a", "b").second_key == "b"
    with pytest.raises(TypeError, match="positional"):
        Tank("a", 7)  # type: ignore[call-arg]


def test_a_value_is_frozen() -> None:
    tank = Tank("a")
    with pytest.raises(FrozenInstanceError):
        tank.litres = 1  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del tank.litres


def test_sequences_become_tuples_and_mappings_copies_that_nobody_can_change() -> None:
    contents, prices = ["water"], {"water": "1"}
    tank = Tank("a", contents=contents, prices=prices)
    contents.append("wine")
    prices["wine"] = "2"
    assert tank.contents == ("water",)
    assert tank.prices == {"water": "1"}
    assert isinstance(tank.prices, FrozenMapping)
    assert not hasattr(tank.prices, "__setitem__")
    assert Tank("b").prices is Tank("c").prices


def test_what_lies_deeper_is_copied_too() -> None:
    elements: list[object] = [{"path": "/a"}]
    conf: dict[str, object] = {"health": {"rules": []}}
    loop = ForEachTask("each", elements, NotebookTask("one", WorkspacePath("/a")))
    task = NotebookTask("a", WorkspacePath("/a"), extra=conf)
    before = loop.render(), task.render()
    elements[0]["path"] = "/b"  # type: ignore[index]
    conf["health"]["rules"].append(1)  # type: ignore[index]
    assert (loop.render(), task.render()) == before


# What is not of the right type, for who writes a stack without a type checker


untyped: Any = Tank


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: untyped(7), "Tank(7): key: expected a string, got int 7"),
        (lambda: untyped("a", litres="7"), "Tank('a'): litres: expected a whole number, got str '7'"),
        (lambda: untyped("a", litres=True), "Tank('a'): litres: expected a whole number, got bool True"),
        (lambda: untyped("a", sealed=1), "Tank('a'): sealed: expected True or False, got int 1"),
        (
            lambda: untyped("a", size="SMALL"),
            "Tank('a'): size: expected one of Size.SMALL, Size.LARGE, got str 'SMALL'",
        ),
        (lambda: untyped("a", colour="pink"), "Tank('a'): colour: expected one of 'red', 'blue', got str 'pink'"),
        (
            lambda: untyped("a", rests=30),
            "Tank('a'): rests: expected a timedelta such as timedelta(minutes=30), got int 30",
        ),
        (lambda: untyped("a", contents="water"), "Tank('a'): contents: expected a list of a string, got str 'water'"),
        (lambda: untyped("a", contents=[1]), "Tank('a'): contents: expected a list of a string, got list [1]"),
        (
            lambda: untyped("a", prices={"x": 1}),
            "Tank('a'): prices: expected a dict of a string to a string or Reference, got 'x': int 1",
        ),
        (lambda: untyped("a", inlet={"most": 1}), "Tank('a'): inlet: expected Limits, got dict {'most': 1}"),
    ],
)
def test_a_wrong_type_is_told_with_the_attribute_and_the_value(make: Callable[[], object], message: str) -> None:
    assert refusal(make) == message


def test_an_error_says_the_line_that_made_the_value() -> None:
    with pytest.raises(LakeflowError) as caught:
        Tank("a", litres="many")  # type: ignore[arg-type]
    assert caught.value.place == f"tests/constructs_lib/test_values.py:{caught.traceback[0].lineno + 1}"
    assert str(caught.value) == f"{caught.value.place}: {caught.value.problem}"


def test_an_error_from_outside_the_working_directory_has_no_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LakeflowError) as caught:
        Tank("a", litres="many")  # type: ignore[arg-type]
    assert caught.value.place is None


def test_a_check_of_the_value_itself_comes_after_the_types() -> None:
    assert refusal(lambda: DoubleTank("a", "a")) == "DoubleTank('a', 'a'): both halves have one key; rename one"
    assert refusal(lambda: DoubleTank("a", 1)) == "DoubleTank('a', 1): second_key: expected a string, got int 1"  # type: ignore[arg-type]


# Copies, identity, words


def test_a_copy_with_changes_is_another_value() -> None:
    tank = Tank("a", litres=7, contents=["water"])
    copy = tank.replace(litres=8)
    assert (copy.litres, copy.key, copy.contents) == (8, "a", ("water",))
    assert tank.litres == 7
    assert copy != tank
    assert refusal(lambda: tank.replace(litres="8")) == "Tank('a'): litres: expected a whole number, got str '8'"


def test_values_are_compared_by_identity() -> None:
    one, other = Tank("a"), Tank("a")
    assert one == one  # noqa: PLR0124
    assert one != other
    assert len({one, other, one}) == 2


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Tank("a", litres=7, contents=["x"] * 1000), "Tank('a')"),
        (DoubleTank("a", "b"), "DoubleTank('a', 'b')"),
        (Limits(most=3, wait=timedelta(seconds=1)), "Limits(most=3, wait=datetime.timedelta(seconds=1))"),
        (Limits(), "Limits()"),
        (NotebookTask("a", WorkspacePath("/a")), "NotebookTask('a', WorkspacePath('/a'))"),
    ],
)
def test_a_value_says_itself_in_few_words(value: Value, words: str) -> None:
    assert repr(value) == words


@pytest.mark.parametrize(
    "value",
    [
        Goal("The whole story. " * 500),
        ForEachTask("each", list(range(1000)), NotebookTask("one", WorkspacePath("/a"))),
        ConditionTask("check", "x" * 5000, "==", "y"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_says_itself_in_few_words_whatever_is_in_it(value: Value) -> None:
    assert len(repr(value)) <= 200


# A graph of tasks, in which everything that walks paths would never end: 2 ** 30 of them


@contextmanager
def at_most(calls: int) -> Iterator[None]:
    """Fail once more than so many Python functions were called."""

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls -= event == "call"
        if calls < 0:
            pytest.fail("it walks every path through the graph")

    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(None)


def diamonds(layers: int = 30) -> list[tuple[Task, Task]]:
    made: list[tuple[Task, Task]] = []
    for layer in range(layers):
        before = made[-1] if made else ()
        made.append(
            (
                NotebookTask(f"left-{layer:02}", WorkspacePath("/a"), depends_on=before),
                NotebookTask(f"right-{layer:02}", WorkspacePath("/a"), depends_on=before),
            )
        )
    return made


def test_sixty_tasks_in_diamonds_are_built_compared_shown_and_rendered() -> None:
    with at_most(calls=100_000):
        layers = diamonds()
        tasks = [task for layer in layers for task in layer]
        last, other = layers[-1]
        assert last != other
        assert last in tasks
        assert len(set(tasks)) == len({hash(task) for task in tasks}) == 60
        assert repr(last) == "NotebookTask('left-29', WorkspacePath('/a'))"
        assert last.replace(description="again") not in tasks
        body = JobDefinition("diamonds", goal=Goal("Order."), tasks=tasks, trigger=Trigger.manual()).render()
        assert "left-29" in str(terraform_json(body))
    blocks = {block["task_key"]: block for block in body["task"]}
    assert len(blocks) == 60
    for (left, right), below in pairwise(layers):
        for task in below:
            assert blocks[task.key]["depends_on"] == [{"task_key": left.key}, {"task_key": right.key}]
    assert problems("databricks_job", terraform_json(body)) == []


def test_a_mistake_in_the_last_of_sixty_tasks_is_told_in_few_words() -> None:
    with at_most(calls=10_000):
        left, right = diamonds(5)[-1]
        message = refusal(lambda: SqlFileTask("report", [left, right], warehouse=left, depends_on=[left]))  # type: ignore[arg-type]
    assert len(message) < 300


# The error itself


def test_an_error_is_its_place_its_problem_and_its_fix() -> None:
    assert str(LakeflowError("it is wrong")) == "it is wrong"
    assert str(LakeflowError("it is wrong", place="a.py:3", fix="mend it")) == "a.py:3: it is wrong; mend it"
    assert str(LakeflowError("it is wrong").at("b.py:4")) == "b.py:4: it is wrong"
    assert str(LakeflowError("it is wrong", place="a.py:3").at("b.py:4")) == "a.py:3: it is wrong"


def test_the_nearest_name_is_near_or_there_is_none() -> None:
    assert nearest("ingset", ["ingest", "report"]) == "ingest"
    assert nearest("zzz", ["ingest", "report"]) is None


def test_many_names_are_listed_sorted_and_the_rest_is_counted() -> None:
    assert listed(["b", "a"]) == "a, b"
    assert listed([str(number) for number in range(9)]) == "0, 1, 2, 3, 4, 5, 6, 7 and 1 more"
