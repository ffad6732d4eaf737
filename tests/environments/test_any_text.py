"""Whatever is written in a file, the answer is an environment, or lines that each name a place."""

import re
import string
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from environments import InvalidEnvironment, load_all
from environments.files.reader import read
from environments.loading import FOLDER
from tests.environments.conftest import BASE, DEV, PROD

pytestmark = pytest.mark.slow

LINE = re.compile(r"environments/[a-z]+\.yaml:[1-9][0-9]*:[1-9][0-9]*: \S.*")
YAML = st.text(alphabet=":-{}[]\"'&*!|>%@`#,? \n\t~<.0123456789abextnds\\U\u2028\u00e9\ud83d\ude00", max_size=60)
SIGNS = st.sampled_from("{}[]'\"\\?#\t\r\n ")
WORDS = st.sampled_from(["extends: ", "base", "compute:", "git:", "branch: x", "permissions:", "null", "- ", ": "])
MARKS = st.sampled_from(["&a ", "*a", "<<: ", "!t ", "|\n", ">-\n", "---\n", "...\n", "%YAML 1.2\n"])
TOKENS = st.lists(SIGNS | WORDS | MARKS, max_size=20).map("".join)
VALUES = st.sampled_from(["5", "-1", "1.5", "true", "null", "''", "text", "[]", "[x]", "[[]]", "{}", "{a: b, tag: y}"])
SAMPLE = (FOLDER / "prod.yaml").read_text(encoding="utf-8")


def check(text: str | bytes, name: str = "prod.yaml") -> None:
    """Load a project with one file of any content."""
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "environments"
        folder.mkdir()
        for file, content in {"base.yaml": BASE, "dev.yaml": DEV, "prod.yaml": PROD}.items():
            (folder / file).write_text(content, encoding="utf-8")
        (folder / name).write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
        for line in said(folder):
            assert LINE.fullmatch(line), line
            assert line.isprintable(), line
            assert "given schemas" not in line
            assert root not in line


def said(folder: Path) -> list[str]:
    """Return the lines of the error, none where there is no error."""
    try:
        load_all(folder)
    except InvalidEnvironment as error:
        return str(error).split("\n")
    return []


relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@relaxed
@given(st.text(max_size=80) | YAML | TOKENS)
@example('a: "\\UFFFFFFFF"')
@example("a: !<%0A> b")
@example("&\u2028 a: b")
@example('"\\uD800": 1')
@example("? |\n a\n: b")
@example('"a\\nb": 1')
@example("%TAG ! x\n---\na: !b c")
@example("%YAML 9.9\n---\na: b")
@example("a: !%ZZ b")
@example("a: " + "9" * 5000)
@example("a: '" + "x" * 5000)
@example("x" * 2000 + ": 1")
def test_any_text(text: str) -> None:
    check(text)


@relaxed
@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    check(data)


@relaxed
@given(st.text(max_size=80) | YAML | TOKENS)
def test_any_text_that_others_inherit(text: str) -> None:
    check(text, "base.yaml")


@relaxed
@given(st.data())
def test_any_change_of_a_real_file(data: st.DataObject) -> None:
    text = SAMPLE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        put = data.draw(YAML.map(lambda some: some[:6]) | st.sampled_from(string.printable))
        text = text[:start] + put + text[end:]
    check(text)


@relaxed
@given(st.data())
def test_any_value_in_the_place_of_another(data: st.DataObject) -> None:
    lines = SAMPLE.splitlines()
    keyed = [number for number, line in enumerate(lines) if re.match(r"\s*[\w-]+: \S", line)]
    index = data.draw(st.sampled_from(keyed))
    value = data.draw(VALUES)
    lines[index] = lines[index].split(":")[0] + ": " + value
    check("\n".join(lines))


@pytest.mark.parametrize("depth", [10, 1000, 100_000])
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_no_depth_is_too_deep(opening: str, depth: int) -> None:
    check("a: " + opening * depth)
    check(opening * depth)


@given(st.text(max_size=60) | YAML | TOKENS)
@settings(max_examples=500, deadline=None)
def test_reading_says_something_or_returns_everything(text: str) -> None:
    table, problems = read("environments/f.yaml", text.encode("utf-8", "surrogatepass"))
    assert table is not None or problems
