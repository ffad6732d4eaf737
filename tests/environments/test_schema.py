"""The published schema: what editors complete and check by."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from environments import __main__ as command
from environments.files.formats import FORMATS
from environments.files.reader import read
from environments.files.schema import document_schema, file_schema, published
from environments.loading import FOLDER
from environments.settings import Header

SCHEMA: dict[str, Any] = json.loads((FOLDER / "environment.schema.json").read_text(encoding="utf-8"))
FILES = sorted(FOLDER.glob("*.yaml"))


def inherited(schema: dict[str, Any], path: str = "") -> dict[str, dict[str, Any]]:
    """Return every schema of a value that can be inherited, by its path."""
    found = {path: schema}
    for name, below in schema.get("properties", {}).items():
        found |= inherited(below, f"{path}.{name}".removeprefix("."))
    if isinstance(schema.get("additionalProperties"), dict):
        found |= inherited(schema["additionalProperties"], f"{path}.*")
    return found


def test_the_committed_schema_is_the_one_of_the_types() -> None:
    text = (FOLDER / "environment.schema.json").read_text(encoding="utf-8")
    assert text == published(), "run `python -m environments`"


@pytest.mark.parametrize("schema", [SCHEMA, document_schema()])
def test_it_is_valid(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_accepts_our_files_for_any_validator(file: Path) -> None:
    table, problems = read(file.name, file.read_bytes())
    assert table is not None
    assert problems == ()
    assert list(Draft202012Validator(SCHEMA, format_checker=FORMATS).iter_errors(table.plain())) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_our_files_name_it_for_editors(file: Path) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=./environment.schema.json"


def test_every_key_says_what_it_is() -> None:
    silent = [path for path, schema in inherited(SCHEMA).items() if "*" not in path and not schema.get("description")]
    assert silent == []


def test_what_can_be_inherited_is_not_required() -> None:
    assert [path for path, schema in inherited(SCHEMA).items() if "required" in schema] == []
    assert SCHEMA["properties"]["permissions"]["items"]["required"] == ["level"]


def test_nothing_else_is_allowed() -> None:
    loose = [
        path
        for path, schema in inherited(SCHEMA).items()
        if "object" in schema["type"] and schema.get("additionalProperties", True) is True
    ]
    assert loose == []


def test_only_what_is_optional_can_be_null() -> None:
    assert SCHEMA["properties"]["git"]["type"] == ["object", "null"]
    assert SCHEMA["properties"]["tags"]["additionalProperties"]["type"] == ["string", "null"]
    assert SCHEMA["properties"]["catalog"]["type"] == "string"


def test_every_pattern_has_a_sentence_for_people() -> None:
    def patterns(schema: Any) -> list[dict[str, Any]]:
        below = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
        own = [schema] if isinstance(schema, dict) and isinstance(schema.get("pattern"), str) else []
        return own + [each for part in below for each in patterns(part)]

    assert all("patternErrorMessage" in each or "errorMessage" in each for each in patterns(SCHEMA))


def test_every_example_is_valid() -> None:
    for path, schema in inherited(SCHEMA).items():
        for example in schema.get("examples", ()):
            assert Draft202012Validator(schema, format_checker=FORMATS).is_valid(example), path


def test_what_no_file_inherits_is_not_part_of_an_environment() -> None:
    header = set(Header.model_fields)
    assert header == {"extends", "abstract"}
    assert set(SCHEMA["properties"]) == header | set(document_schema()["properties"])


@pytest.mark.parametrize(
    ("git", "valid"),
    [
        (None, True),
        ({"branch": "main"}, True),
        ({"branch": None, "tag": "v1"}, True),
        ({}, True),
        ({"branch": "main", "tag": "v1"}, False),
        ({"branch": "main", "tag": "v1", "commit": None}, False),
    ],
)
def test_editors_too_refuse_two_of_which_only_one_can_be_given(git: dict[str, Any] | None, valid: bool) -> None:
    assert Draft202012Validator(file_schema()).is_valid({"git": git}) is valid


def test_the_command_writes_it_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "environments"
    folder.mkdir()
    assert command.main([], folder) == 0
    assert command.main([], folder) == 0
    assert (folder / "environment.schema.json").read_text(encoding="utf-8") == published()
    assert capsys.readouterr().out.splitlines() == [
        "environments/environment.schema.json written",
        "environments/environment.schema.json is up to date",
    ]


def test_loading_needs_neither_node_nor_the_constructs() -> None:
    heavy = "{'jsii', 'cdktf', 'constructs_lib'}"
    code = f"import sys, environments; environments.load_all(); print(sorted({heavy} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
