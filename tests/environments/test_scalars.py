"""What an unquoted word is."""

import pytest
from hypothesis import given, strategies as st

from environments.files.scalars import scalar


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("1000", 1000),
        ("0.5", 0.5),
        ("-12.25", -12.25),
    ],
)
def test_what_json_would_write_is_what_it_seems(text: str, value: object) -> None:
    assert scalar(text) == value
    assert type(scalar(text)) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "22:30",
        "05:30",
        "no",
        "yes",
        "on",
        "off",
        "y",
        "True",
        "TRUE",
        "Null",
        "010",
        "00",
        "-01",
        "+1",
        "0x1F",
        "0o17",
        "0b1",
        "1_000",
        "1,000",
        "1e3",
        "12e5",
        "1.",
        ".5",
        "01.5",
        ".inf",
        "-.inf",
        ".nan",
        "2024-01-31",
        "2024-01-31T05:30:00Z",
        "16.4.x-scala2.12",
        "1 000",
        "١٢",
        "9" * 19,
    ],
)
def test_all_else_is_text(text: str) -> None:
    assert scalar(text) == text


@given(st.integers(min_value=-(10**18) + 1, max_value=10**18 - 1))
def test_every_quantity_is_a_whole_number(number: int) -> None:
    assert scalar(str(number)) == number


@given(st.text())
def test_any_text_has_a_value(text: str) -> None:
    assert isinstance(scalar(text), str | int | float | None)
