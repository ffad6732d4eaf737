"""From the bytes of a file to its content: what is refused, and that every key and value knows its place."""

from typing import Any

import pytest

from environments.errors import Place
from environments.files.reader import read


def problems(text: str | bytes) -> list[str]:
    _, found = read("f.yaml", text.encode() if isinstance(text, str) else text)
    return [str(problem) for problem in found]


def content(text: str | bytes) -> Any:
    table, found = read("f.yaml", text.encode() if isinstance(text, str) else text)
    assert found == ()
    assert table is not None
    return table.plain()


def test_keys_and_values_know_their_places() -> None:
    table, _ = read("f.yaml", b"# comment\ncompute:\n  max_workers: 3\npermissions:\n  - group: analysts\n")
    assert table is not None
    assert table.at(("compute", "max_workers")).place == Place("f.yaml", 3, 16)
    assert table.at(("compute",)).key_of("max_workers") == Place("f.yaml", 3, 3)
    assert table.at(("permissions", 0, "group")).place == Place("f.yaml", 5, 12)
    assert str(table.at(("permissions", 0)).place) == "f.yaml:5:5"


def test_lines_may_end_as_on_windows() -> None:
    table, _ = read("f.yaml", b"a: 1\r\nb:\r\n  c: x\r\n")
    assert table is not None
    assert table.plain() == {"a": 1, "b": {"c": "x"}}
    assert table.at(("b", "c")).place == Place("f.yaml", 3, 6)


def test_quotes_and_blocks_make_text() -> None:
    assert content("a: '5'\nb: \"true\"\nc: |\n  7\nd: >-\n  null\n") == {
        "a": "5",
        "b": "true",
        "c": "7\n",
        "d": "null",
    }


def test_keys_are_text_whatever_they_look_like() -> None:
    assert content("on: 1\nno: 2\n'5': 3\n010: 4\n") == {"on": 1, "no": 2, "5": 3, "010": 4}


def test_flow_style_and_empty_values() -> None:
    assert content("a: {b: [1, x], c: }\nd:\n") == {"a": {"b": [1, "x"], "c": None}, "d": None}


def test_a_start_of_document_is_allowed() -> None:
    assert content("---\na: 1\n...\n") == {"a": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "f.yaml:1:1: the file is empty; it needs keys and values, such as `extends: base`"),
        ("# nothing\n", "f.yaml:1:1: the file is empty; it needs keys and values, such as `extends: base`"),
        ("---\n...\n", "f.yaml:1:1: the file is empty; it needs keys and values, such as `extends: base`"),
        ("- a\n", "f.yaml:1:1: expected keys and values at the top of the file, got a list"),
        ("\nprod", "f.yaml:2:1: expected keys and values at the top of the file, got the text 'prod'"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document (---); one file is one environment"),
        ("%YAML 1.1\n---\na: 1\n", "f.yaml:1:1: directives (%YAML, %TAG) are not used here; delete the line"),
        ("a:\n\tb: 1\n", "f.yaml:2:1: a tab; indent and separate with spaces"),
        ("a:\tb\n", "f.yaml:1:3: a tab; indent and separate with spaces"),
        (b"\xff\xfea\x00:\x00", "f.yaml:1:1: the file is UTF-16; save it as UTF-8"),
        (b"\xef\xbb\xbfa: 1\n", "f.yaml:1:1: a byte order mark; save the file as UTF-8 without one"),
        (b"a: 1\nb: M\xfcnchen\n", "f.yaml:2:5: byte 0xfc is not UTF-8; save the file as UTF-8"),
        ("a: 1\nb: x\x07\n", "f.yaml:2:5: the control character U+0007 cannot stand in a file; delete it"),
        ('a: 1\nb: "\\uD800"\n', r"f.yaml:2:4: b: '\ud800' holds half a character; write the whole one"),
        ('a: 1\nb: "\\UFFFFFFFF"\n', "f.yaml:2:2: an escape for a character that does not exist"),
        ('a: "\\q"\n', "f.yaml:1:6: no escape that double quotes know; use single quotes"),
        ("a: [1, 2\nb: 3\n", "f.yaml:1:4: this [ is not closed where it should be; check its commas and its ]"),
        ("a: {b: 1\nc: 3\n", "f.yaml:1:4: this { is not closed where it should be; check its commas and its }"),
        ("a: [", "f.yaml:1:5: a value is missing here, or a [ or { is never closed"),
        ("a: 'x\nb: 1\n", "f.yaml:1:4: this quote is never closed"),
        ("a: 'x\n---\n", "f.yaml:1:4: this quote is never closed"),
        ("a: x: y\n", "f.yaml:1:5: a key cannot stand here; mend the indentation, or quote the text"),
        ("a: 1\n  b: 2\n", "f.yaml:2:4: a key cannot stand here; mend the indentation, or quote the text"),
        ("a: 1\nb\nc: 2\n", "f.yaml:2:1: neither `key: value` nor an item of a list"),
        ("a:\n    b: 1\n  c: 2\n", "f.yaml:3:3: indented differently from the lines it belongs to"),
        ("  a: 1\nb: 2\n", "f.yaml:2:1: indented less than the first line, or text after the end"),
        ("a: - b\n", "f.yaml:1:4: a list or key cannot start here; mend the indentation"),
        ("a: @b\n", "f.yaml:1:4: a text cannot start with @; put it in quotes"),
        ("a: `b`\n", "f.yaml:1:4: a text cannot start with `; put it in quotes"),
        ("a: !secret b\n", "f.yaml:1:4: a: the tag !secret is not used here; write the plain value"),
        ("a: !!str 5\n", "f.yaml:1:4: a: the tag !!str is not used here; write the plain value"),
        ("a: &b 1\n", "f.yaml:1:4: a: &b is an anchor; write the value where it is needed, or inherit it"),
        ("a: *b\n", "f.yaml:1:4: a: *b is an alias; write the value out, or inherit it"),
        (
            "a:\n  <<: {b: 1}\n",
            "f.yaml:2:3: a: merge keys (<<) are not used here; write the values out, or inherit them",
        ),
        ("5: a\n", "f.yaml:1:1: a key has to be text, got the number 5; put it in quotes"),
        ("a:\n  true: b\n", "f.yaml:2:3: a: a key has to be text, got true; put it in quotes"),
        ("~: a\n", "f.yaml:1:1: a key has to be text, got nothing (null)"),
        (": a\n", "f.yaml:1:1: a key has to be text, got nothing (null)"),
        ("? [a, b]\n: c\n", "f.yaml:1:3: a key has to be text, got a list"),
        ("{a: b}: c\n", "f.yaml:1:1: a key has to be text, got keys and values"),
        ("a: " + "[" * 50, "f.yaml:1:23: more than 20 levels of lists and keys"),
        ("a: " + "{b: " * 5000, "f.yaml:1:80: more than 20 levels of lists and keys"),
        ("".join(f"{' ' * depth}a:\n" for depth in range(500)), "f.yaml:21:21: more than 20 levels of lists and keys"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(text: str | bytes, said: str) -> None:
    assert problems(text) == [said]


def test_a_python_object_is_not_made() -> None:
    (line,) = problems("a: !!python/object/apply:os.system ['touch /tmp/x']\n")
    assert line == "f.yaml:1:4: a: the tag !!python/object/apply:os.system is not used here; write the plain value"


def test_every_duplicate_names_both_lines() -> None:
    text = "a: 1\nb:\n  c: 1\n  c: 2\na: 2\na: 3\nd: [{e: 1, e: 2}]\n"
    assert problems(text) == [
        "f.yaml:4:3: b.c: given twice, in line 3 and in line 4; keep one",
        "f.yaml:5:1: a: given twice, in line 1 and in line 5; keep one",
        "f.yaml:6:1: a: given twice, in line 1 and in line 6; keep one",
        "f.yaml:7:12: d[0].e: given twice, in this line; keep one",
    ]


def test_a_bomb_of_aliases_is_refused_before_it_grows() -> None:
    levels = [f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 9)}]" for level in range(1, 12)]
    lines = problems("l0: &l0 lol\n" + "\n".join(levels))
    assert len(lines) == 12 + 11 * 9


def test_what_is_refused_does_not_hide_the_rest() -> None:
    table, found = read("f.yaml", b"a: *x\nb: !t y\nc: 1\nd: 2\nd: 3\n")
    assert table is not None
    assert len(found) == 3
    assert table.plain()["c"] == 1
