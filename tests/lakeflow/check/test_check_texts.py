"""Where things stand in a text: line and column of any value, in JSON and in YAML."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib.errors import LakeflowError
from constructs_lib.rules import Path
from lakeflow.documents.json_text import JsonText
from lakeflow.documents.texts import Position, decoded, visible
from lakeflow.documents.yaml_text import YamlText

WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=5)
PLAIN = WORDS | st.integers(-(10**17), 10**17) | st.booleans() | st.none()
DOCUMENTS = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3))


def paths(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in members:
        yield from paths(below, (*path, step))


def offset(text: str, position: Position) -> int:
    lines = text.split("\n")
    return sum(len(line) + 1 for line in lines[: position.line - 1]) + position.column - 1


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS, st.sampled_from([None, 2]))
def test_json_has_a_place_for_every_value(document: Any, indent: int | None) -> None:
    text = json.dumps(document, indent=indent)
    read = JsonText("x.json", text)
    assert read.values == [document]
    places = read.positions(path for path, _ in paths(document))
    for path, value in paths(document):
        at = offset(text, places[path])
        there, _ = json.JSONDecoder().raw_decode(text, at)
        assert there == (path[-1] if isinstance(value, dict | list) and path and isinstance(path[-1], str) else value)


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS.filter(lambda document: isinstance(document, dict | list)), st.sampled_from([None, 2]))
def test_yaml_reads_json_as_json_does(document: Any, indent: int | None) -> None:
    text = json.dumps(document, indent=indent)
    found = [path for path, _ in paths(document)]
    assert YamlText("x.yml", text).values == [document]
    assert YamlText("x.yml", text).positions(found) == JsonText("x.json", text).positions(found)


def test_json_lines_are_a_list() -> None:
    read = JsonText("x.jsonl", '{"a": 1}\n\n{"a": 2}\n')
    assert read.values == [{"a": 1}, {"a": 2}]
    assert read.positions([(1, "a"), (0,), (1,)]) == {(1, "a"): (3, 7), (0,): (1, 1), (1,): (3, 1)}


BUNDLE = """\
definitions:
  cluster: &cluster
    spark_version: 15.4.x-scala2.12
    num_workers: 2
jobs:
  daily:
    new_cluster:
      <<: *cluster
      num_workers: 3
    tags: {team: sales, since: 2024-01-01, on: yes}
    empty:
    list:
    - one
    - 0o17
---
second: [*cluster]
"""


def test_yaml_as_bundles_write_it() -> None:
    read = YamlText("x.yml", BUNDLE.replace("*cluster]", "1]"))
    first, second = read.values
    assert first["jobs"]["daily"] == {
        "new_cluster": {"num_workers": 3, "spark_version": "15.4.x-scala2.12"},
        "tags": {"team": "sales", "since": "2024-01-01", "on": "yes"},
        "empty": None,
        "list": ["one", "0o17"],
    }
    assert second == {"second": [1]}
    daily: Path = (0, "jobs", "daily")
    expected = {
        (*daily, "new_cluster"): (7, 5),
        (*daily, "new_cluster", "spark_version"): (3, 20),
        (*daily, "new_cluster", "num_workers"): (9, 20),
        (*daily, "tags", "team"): (10, 18),
        (*daily, "empty"): (11, 5),
        (*daily, "list", 1): (14, 7),
        (1, "second"): (16, 1),
        (1, "second", 0): (16, 10),
        (0, "jobs", "daily", "nope"): (6, 3),
    }
    assert read.positions(expected) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1,\n "a": 2}', "x:2:2: the key 'a' stands twice in one object"),
        ('{"a": {"b": "{", "b": []}}', "x:1:18: the key 'b' stands twice in one object"),
        ('{"a": 1,\n}', "x:2:1: not readable as JSON: expecting property name enclosed in double quotes"),
        ('{"a": NaN}', "x:1:1: not readable as JSON: NaN is no number of it"),
        ("[" * 100_000, "x:1:1: nested too deeply"),
        ('{"a": 1}\n{"b"', "x:2:5: not readable as JSON: expecting ':' delimiter"),
    ],
)
def test_json_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(LakeflowError) as caught:
        JsonText("x", text)
    assert str(caught.value) == said


def test_numbers_that_no_job_has_are_texts() -> None:
    assert JsonText("x", "[1e999, -1e999, 123456789012345678901]").values == [
        ["1e999", "-1e999", 123456789012345678901]
    ]
    assert JsonText("x", "9" * 5000).values == ["9" * 5000]
    assert YamlText("x", "[1e999, .inf, .nan, 1_000, 0x1F, +1, .5]").values == [
        ["1e999", ".inf", ".nan", "1_000", "0x1F", 1, 0.5]
    ]


BOMB = "\n".join(["a0: &a0 [x, x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "x:7:30: its aliases make more than 1,000,000 values of it"),
        ("a: &a [*a]", "x:1:8: nothing that *a could stand for is complete before it"),
        ("a: *nope", "x:1:4: nothing that *nope could stand for is complete before it"),
        ("a: 1\nb: 2\na: 3", "x:3:1: the key 'a' stands twice"),
        ("? [a]\n: 1", "x:1:3: a key has to be a text"),
        ("a:\n\t- b", "x:2:1: a tab; indent and separate with spaces"),
        ("[" * 101, "x:1:101: nested too deeply"),
        ("a: 'b", "x:1:4: this quote is never closed"),
        ("a: \x07", "x:1:4: the control character U+0007 cannot stand here"),
        ('a: "\\UFFFFFFFF"', "x:1:1: not readable as YAML"),
        (
            "a" * 10_000_001,
            "x: too much YAML: 10,000,001 characters, where 10,000,000 are read; write it as JSON, or in several files",
        ),
    ],
)
def test_yaml_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(LakeflowError) as caught:
        YamlText("x", text)
    assert str(caught.value) == said


def test_merge_keys() -> None:
    text = (
        "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], z: 3}\nd: {'<<': 1}\ne: {<<: *a, <<: *b}\nf: {<<: 1}"
    )
    value = YamlText("x", text).values[0]
    assert value["c"] == {"z": 3, "x": 1, "y": 1}
    assert value["d"] == {"<<": 1}
    assert value["e"] == {"x": 1, "y": 1, "z": 2}
    assert value["f"] == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings(encoding: str) -> None:
    assert decoded("x", '{"ä": 1}'.encode(encoding)) == '{"ä": 1}'


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(LakeflowError) as caught:
        decoded("x", b'{"a":\n "\xff"}')
    assert str(caught.value) == "x:2:3: byte 0xff is not UTF-8; save the file as UTF-8"


def test_nothing_controls_a_terminal() -> None:
    assert visible("a\x1b[31m\nb\u202e\ud800é") == "a\\x1b[31m\\nb\\u202e\\ud800é"
