"""How durations are read and said, and what is made of text that comes from elsewhere."""

from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib.errors import LakeflowError
from lakeflow.run.words import duration_of, elapsed, last_lines, one_line, plain
from lakeflow.words import spoken


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90m", timedelta(minutes=90)),
        ("2h", timedelta(hours=2)),
        ("1h30m", timedelta(minutes=90)),
        ("1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("1.5s", timedelta(seconds=1.5)),
        (" 0s ", timedelta()),
    ],
)
def test_a_duration_is_read(text: str, duration: timedelta) -> None:
    assert duration_of(text, place="--timeout") == duration


@pytest.mark.parametrize("text", ["", "90", "m", "1m1h", "-5m", "1 h", "1h30", "٣m", "1e3s", "9" * 40 + "d"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(LakeflowError, match="is not a duration"):
        duration_of(text, place="--timeout")


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**7))
def test_what_is_said_in_two_units_is_read_back_to_within_the_second_of_them(seconds: int) -> None:
    told = spoken(timedelta(seconds=seconds))
    read = duration_of(told.replace(" ", ""), place="--timeout")
    assert timedelta() <= timedelta(seconds=seconds) - read < timedelta(hours=1 if seconds >= 86_400 else 1 / 60)


def test_how_long_something_takes_is_said_shortly() -> None:
    assert [spoken(timedelta(seconds=s)) for s in (0, 12, 312, 3900, 90_000)] == [
        "0s",
        "12s",
        "5m 12s",
        "1h 5m",
        "1d 1h",
    ]
    assert [elapsed(timedelta(seconds=s)) for s in (0, 312.9, 3905, 90_000)] == [
        "0:00:00",
        "0:05:12",
        "1:05:05",
        "25:00:00",
    ]


@settings(deadline=None)
@given(st.text())
def test_plain_text_moves_no_cursor_and_can_be_written(text: str) -> None:
    told = plain(text)
    told.encode()
    assert all(character.isprintable() or character in "\t\n" or ord(character) > 0x9F for character in told)


@pytest.mark.parametrize(
    "secret",
    [
        "dapi" + "0123456789abcdef" * 2,
        "dapi" + "0123456789abcdef" * 2 + "-2",
        "dose" + "0123456789abcdef" * 2,
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqZCJ9.c2lnbmF0dXJl",
        "Bearer abc.def",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "ghp_" + "a" * 36,
        "abc8Q~" + "d" * 34,
    ],
)
def test_what_looks_like_a_token_is_masked(secret: str) -> None:
    told = plain(f"before {secret} after")
    assert told.startswith("before ")
    assert told.endswith(" after")
    assert secret.removeprefix("Bearer ") not in told


def test_long_text_is_cut() -> None:
    assert one_line("a\n  b\tc") == "a b c"
    assert one_line("x" * 500) == "x" * 400 + "…"
    assert last_lines("1\n\n2\n \n\x1b[31m3\x1b[0m\n", 2) == ("2", "3")
    assert last_lines("", 2) == ()
