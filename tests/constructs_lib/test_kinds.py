"""What an annotation takes at run time, and the words for it."""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from enum import StrEnum
from typing import Any, Literal, Protocol, runtime_checkable

import pytest

from constructs_lib.kinds import kind_of
from constructs_lib.references import Reference, parameter


class Answer(StrEnum):
    YES = "yes"
    NO = "no"


@runtime_checkable
class HasName(Protocol):
    @property
    def name(self) -> str: ...


class Named:
    name = "it"


@pytest.mark.parametrize(
    ("annotation", "taken", "refused", "words"),
    [
        (str, ["", "a", Answer.YES, parameter("day")], [None, 1, b"a", ["a"], Reference("${a}")], "a string"),
        (int, [0, -1], [True, 1.0, "1", None], "a whole number"),
        (float, [0, -1, 0.5], [True, "0.5", None], "a number"),
        (bool, [True, False], [0, 1, "true", None], "True or False"),
        (timedelta, [timedelta(0)], [60, "1h", None], "a timedelta such as timedelta(minutes=30)"),
        (time, [time(5, 30)], ["05:30", 5], None),
        (object, [None, 1, "a", [], {}], [], "anything"),
        (Any, [None, 1, "a", [], {}], [], "anything"),
        (str | None, ["a", None], [1], "a string"),
        (str | Reference, ["a", Reference("${a}")], [1, None], "a string or Reference"),
        (int | tuple[int, int], [1, (1, 8)], [(1,), (1, 2, 3), [1, 8], ("1", "8")], None),
        (Literal["a", "b"], ["a", "b"], ["c", 1, None, ["a"]], "one of 'a', 'b'"),
        (Answer, [Answer.YES], ["yes", "YES", None], "one of Answer.YES, Answer.NO"),
        (Sequence[str], [[], ["a"], ("a", "b")], ["a", [1], {"a"}, {"a": 1}, iter("a"), None], "a list of a string"),
        (Sequence[str | Named], [["a", Named()]], [[1], "a"], "a list of a string or Named"),
        (Mapping[str, int], [{}, {"a": 1}], [{"a": "1"}, {1: 1}, [("a", 1)]], "a dict of a string to a whole number"),
        (HasName, [Named()], ["a", None], None),
        (Named, [Named()], [Named, "a"], "Named"),
    ],
)  # fmt: skip
def test_what_an_annotation_takes(
    annotation: object, taken: list[object], refused: list[object], words: str | None
) -> None:
    kind = kind_of(annotation)
    assert [value for value in taken if not kind.accepts(value)] == []
    assert [value for value in refused if kind.accepts(value)] == []
    assert words is None or kind.words == words


def test_the_words_of_a_pair_say_that_it_is_one() -> None:
    assert kind_of(tuple[int, int]).words == "a tuple of a whole number, a whole number"


def test_a_value_is_described_by_its_type_and_at_most_sixty_letters() -> None:
    assert kind_of(str).describe("a") == "str 'a'"
    assert kind_of(str).describe(None) == "NoneType None"
    assert kind_of(str).describe("x" * 100).startswith("str 'xxxxxxxxxxxxxxxxxxxx")
    assert kind_of(str).describe("x" * 100).endswith("x…")
    assert len(kind_of(str).describe("x" * 100)) <= 64
