"""The switches: what they are, and that the documentation has them as they are."""

from typing import Any

import pytest

from constructs_lib.errors import LakeflowError
from lakeflow.simulate import Semantics
from lakeflow.simulate.semantics import switches, table
from tests.support.project import ROOT

PAGE = ROOT / "docs" / "simulate.md"


def test_the_page_has_the_table_of_the_code() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")


def test_each_says_why_and_where_to_read() -> None:
    for switch in switches():
        assert len(switch.why) > 40
        assert switch.source.startswith("https://")
        other: Any = switch.others[0] if switch.others else 5
        assert Semantics(**{switch.name: other}) != Semantics()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"queue": "onn"}, "queue is 'onn'; did you mean 'on'?"),
        ({"queue": "sometimes"}, "queue is 'sometimes'; it is off, on"),
        ({"loop_concurrency": -1}, "loop_concurrency is -1; it is a number, 0 or more"),
        ({"loop_concurrency": "two"}, "loop_concurrency is 'two'; it is a number, 0 or more"),
    ],
)
def test_a_wrong_value(given: dict[str, object], problem: str) -> None:
    with pytest.raises(LakeflowError) as error:
        Semantics(**given)  # type: ignore[arg-type]
    assert str(error.value) == problem
