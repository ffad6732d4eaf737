"""The documentation holds: its Python runs and gives what it says, and what it names is there.

The Python blocks of a page run in order, in one namespace, in the project's folder. A block may be followed directly by
what it gives: in `json` its last expression, rendered; in `text` what it prints, or after `error: ` what it is refused
with. Other blocks are said by the words after their three backticks:

    python FILE   an excerpt of a file, verbatim; a line `# …` stands for what is left out
    json FILE     the same for a file of the output
    console       `$ command`, and its output where it is one that needs no workspace; a line `…` is left out
    diff          a change that can be applied to the sample project; `diff FILE` is what it changes in the output
"""

import argparse
import ast
import contextlib
import gzip
import io
import json
import re
import shlex
import subprocess
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

import constructs_lib
from constructs_lib.errors import LakeflowError
from constructs_lib.references import terraform_json
from lakeflow.cli import VERBS
from lakeflow.history import recorded
from tests.support.project import ROOT, Project, without_comments
from tests.support.team_history import of_samples

NOW = "2026-11-23T00:00"
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "environments/*.md")
    for path in ROOT.glob(pattern)
)
GENERATED = ("cdktf.out", ".venv", ".venv-cdktn", ".lakeflow", ".terraform", "node_modules")
WRITTEN = {
    "lakeflow.json",
    "cdk.tf.json",
    "manifest.json",
    "plan.json",
    "plan.tfplan",
    ".terraform.lock.hcl",
    "facts.json",
}
"""What synth, plan and `lakeflow monitor record` write."""

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FILE = re.compile(r"[\w.*<>/-]+\.(py|pyi|yaml|json|jsonl|toml|md|sql|lock|hcl|txt)|Makefile|LICENSE")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: str
    line: int
    language: str
    file: str | None
    text: str
    follows: bool
    """Whether it stands directly after another block."""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@cache
def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@cache
def blocks(page: str) -> tuple[Block, ...]:
    text, found, end = text_of(page), [], -1
    for match in _BLOCK.finditer(text):
        language, file, body = match.groups()
        follows = end >= 0 and not text[end : match.start()].strip()
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(page, line, language, file, textwrap.dedent(body), follows))
        end = match.end()
    return tuple(found)


def every_block(*languages: str, file: bool | None = None) -> list[Block]:
    return [
        block
        for page in PAGES
        for block in blocks(page)
        if block.language in languages and (file is None or bool(block.file) is file)
    ]


def prose(page: str) -> str:
    """Return a page without its blocks."""
    return _BLOCK.sub("", text_of(page))


def codes(page: str) -> set[str]:
    """Return what stands in backticks in the prose of a page."""
    return {code.strip() for code in _CODE.findall(prose(page))}


# What Python gives


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(b.language == "python" and not b.file for b in blocks(page))]
)
def test_python_runs_and_gives_what_the_page_says(page: str) -> None:
    namespace: dict[str, Any] = {"__name__": "docs"}
    ordered = blocks(page)
    for block, following in zip(ordered, (*ordered[1:], None), strict=True):
        if block.language != "python" or block.file:
            continue
        said = following if following and following.follows and following.language in {"json", "text"} else None
        value, printed = executed(block, namespace, refused=bool(said and said.text.startswith("error: ")))
        if said and said.language == "json":
            assert rendered(value) == json.loads(said.text), f"{said} says otherwise: {json.dumps(rendered(value))}"
        elif said:
            assert (printed or f"{value}\n") == said.text, f"{said} says otherwise"


def executed(block: Block, namespace: dict[str, Any], *, refused: bool) -> tuple[Any, str]:
    """Run a block; return its last expression and what it printed, or an error that users see as `error: …`."""
    # Its lines have the numbers that they have in the page.
    tree = ast.parse("\n" * block.line + block.text, filename=str(block))
    last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None  # type: ignore[attr-defined]
    file = str(ROOT / block.page)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            exec(compile(tree, file, "exec"), namespace)
            value = eval(compile(last, file, "eval"), namespace) if last else None
        except LakeflowError as error:
            if not refused:
                raise
            return None, f"error: {error.problem}{f'; {error.fix}' if error.fix else ''}\n"
    assert not refused, f"{block} is not refused"
    return value, printed.getvalue()


def rendered(value: Any) -> Any:
    """Return a value as its block, a construct as its resource in the stack's checked document."""
    if hasattr(value, "address"):
        import cdktf

        from constructs_lib._terraform import lakeflow_stack

        stack = lakeflow_stack(value)
        document = json.loads(cdktf.Testing.synth(stack))
        assert stack.record.check(document) == []
        resource_type, name = value.address.split(".")
        return without_comments(document)["resource"][resource_type][name]
    render = getattr(value, "render", lambda: value)
    # Only with the job's defaults, here none, a loop has its inner task.
    body = value.with_defaults(None, None) if getattr(value, "inner", tuple)() else render()
    return json.loads(json.dumps(terraform_json(body)))


# What commands print


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The sample project, synthesised."""
    project = Project.copy(tmp_path_factory.mktemp("docs") / "project")
    assert project.lakeflow("synth", "--now", NOW).returncode == 0
    return project


def steps(block: Block) -> Iterator[tuple[list[str], str]]:
    """Yield each command of a console block with its output; Mermaid stands in a block of its own after it."""
    ordered = blocks(block.page)
    drawn = [
        each.text for each in ordered[ordered.index(block) + 1 :][:1] if each.follows and each.language == "mermaid"
    ]
    for step in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, said = step.partition("\n")
        yield shlex.split(command, comments=True), said or "".join(drawn)


RUN_HERE = [
    pytest.param(words, said, id=f"{block} {' '.join(words)}")
    for block in every_block("console")
    for words, said in steps(block)
    if said.strip() and {"synth", "graph", "review", "monitor", "simulate"} & set(words) and words[0] != "make"
]
PLAN = ROOT / "tests" / "data" / "plans" / "worked.json.gz"
"""The `plan.json` of the pages; their `facts.json` is `of_samples`."""


@pytest.mark.slow
@pytest.mark.parametrize(("words", "said"), RUN_HERE)
def test_a_command_prints_what_the_page_says(output: Project, words: list[str], said: str) -> None:
    assigned = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
    _, verb, *options = [word for word in words if word.partition("=")[0] not in assigned]
    environments = [assigned.pop("ENV")] if "ENV" in assigned else []
    now = ["--now", assigned.pop("NOW", NOW)] if verb == "synth" and "--now" not in options else []
    (output.root / "plan.json").write_bytes(gzip.decompress(PLAN.read_bytes()))
    (output.root / "facts.json").write_text(recorded.write(of_samples()), encoding="utf-8")
    ended = output.lakeflow(verb, *environments, *options, *now, environ=assigned)
    printed = "".join(f"{line.rstrip()}\n" for line in (ended.stdout + ended.stderr).splitlines())
    pattern = ".*\n".join(re.escape(part) for part in re.split(r"^ *…\n", said.rstrip() + "\n", flags=re.MULTILINE))
    assert re.fullmatch(pattern, printed.rstrip() + "\n", re.DOTALL), printed


@pytest.mark.parametrize("block", every_block("python", "json", "sql", "yaml", file=True), ids=str)
def test_an_excerpt_stands_in_its_file(output: Project, block: Block) -> None:
    root = output.root if str(block.file).startswith("cdktf.out/") else ROOT
    text = textwrap.dedent((root / str(block.file)).read_text(encoding="utf-8"))
    at = 0
    for part in re.split(r"^ *# …\n", block.text, flags=re.MULTILINE):
        found = indented(part, text, at)
        assert found >= 0, f"{block} is not (or not in this order) in {block.file}:\n{part}"
        at = found


def indented(part: str, text: str, start: int) -> int:
    """Return where a text stands in another, whatever it is indented there; -1 where it does not."""
    first = next(line for line in part.splitlines() if line.strip())
    for match in re.finditer(rf"^( *){re.escape(first)}$", text[start:], re.MULTILINE):
        if textwrap.indent(part, match[1]).rstrip(",\n") in text[start + match.start() :]:
            return start + match.start()
    return -1


@pytest.mark.slow
def test_the_first_change_can_be_made(project: Project) -> None:
    change, shown = every_block("diff")
    assert not change.file
    assert shown.file
    assert project.synth().returncode == 0
    before = (project.root / shown.file).read_text(encoding="utf-8")
    applied = subprocess.run(
        ["git", "apply"], cwd=project.root, input=change.text, text=True, check=False, capture_output=True
    )
    assert applied.returncode == 0, applied.stderr
    assert project.synth().returncode == 0
    after = (project.root / shown.file).read_text(encoding="utf-8")
    lines = shown.text.splitlines(keepends=True)
    assert "".join(line[1:] for line in lines if line[0] != "+") in before
    assert "".join(line[1:] for line in lines if line[0] != "-") in after


# What is named


def commands(page: str) -> Iterator[list[str]]:
    """Yield every command that a page names, in prose and in consoles, without variables before it."""
    told = [code for code in codes(page) if re.match(r"([A-Z_]+=\S+ )*(\.venv/bin/)?(lakeflow|make|python) ", code)]
    typed = [line for b in blocks(page) if b.language in {"console", "sh"} for line in b.text.splitlines()]
    for line in [*told, *(line.removeprefix("$ ") for line in typed if line.startswith("$ "))]:
        for part in re.split(r" (?:&&|\|) ", line):
            words = shlex.split(part.replace("…", ""), comments=True)
            while words and re.match(r"[A-Z_]+=", words[0]):
                words = words[1:]
            if words:
                yield [words[0].removeprefix(".venv/bin/"), *words[1:]]


@cache
def options_of(verb: str) -> set[str]:
    parser = argparse.ArgumentParser()
    import_module(f"lakeflow.{verb}.command").add_arguments(parser)
    return set(parser._option_string_actions)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    for words in commands(page):
        match words:
            case ["lakeflow", verb, *rest] if not verb.startswith("-"):
                assert verb in VERBS, words
                assert {word for word in rest if word.startswith("--")} <= options_of(verb), words
            case ["make", *rest]:
                assert {word for word in rest if "=" not in word} <= targets, words
            case ["python", "-m", module, *_]:
                assert find_spec(module), words


@pytest.mark.parametrize("page", PAGES)
def test_every_file_exists(page: str) -> None:
    """A path is below the project or the page's folder; a file without a folder is somewhere."""
    here = (ROOT, (ROOT / page).parent)
    rooms = {path.name for folder in here for path in folder.iterdir() if path.is_dir()}
    for code in codes(page):
        first, *below = code.split("/")
        pattern = re.sub(r"<[^>]*>", "*", code)
        is_file = _FILE.fullmatch(code) is not None
        if below and (is_file or (first in rooms and re.fullmatch(r"[\w.*<>/-]+", code))):
            assert first in GENERATED or any(any(folder.glob(pattern)) for folder in here), code
        elif is_file and code not in WRITTEN:
            assert any(ROOT.glob(pattern)) or any(ROOT.glob(f"[!.]*/**/{pattern}")), code


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for link in _LINK.findall(prose(page)):
        target, _, heading = link.partition("#")
        if target.startswith("https://"):
            continue
        path = (ROOT / page).parent / target if target else ROOT / page
        assert path.exists(), link
        assert not target.startswith("/"), link
        if heading:
            assert heading in {anchor(each) for each in _HEADING.findall(path.read_text(encoding="utf-8"))}, link


def anchor(heading: str) -> str:
    """Return what GitHub calls a heading in a link."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_every_public_name_is_told() -> None:
    told = " ".join(text_of(page) for page in PAGES if page.startswith("docs/"))
    assert [name for name in dir(constructs_lib) if not re.search(rf"\b{name}\b", told)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_factory_exists(page: str) -> None:
    """`Trigger.daily(…)` in prose is a name of the library."""
    for code in codes(page):
        called = re.match(r"([A-Z]\w+)\.(\w+)\(", code)
        if called and called[1] in dir(constructs_lib):
            assert hasattr(getattr(constructs_lib, called[1]), called[2]), code


def test_every_key_of_an_environment_is_told() -> None:
    schema = json.loads(text_of("environments/environment.schema.json"))
    section = text_of("docs/environments.md").partition("## Keys")[2].partition("\n## ")[0]
    told = set(re.findall(r"^\| `([a-z_.]+)`", section, re.MULTILINE))
    assert told == {key for key in keys(schema) if not key.startswith("products.")}


def keys(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield the keys of a schema, dotted, without those that only lead to others."""
    for name, below in schema.get("properties", {}).items():
        inner = below if "properties" in below else below.get("items", {})
        if "properties" in inner:
            yield from keys(inner, f"{path}{name}.")
        else:
            yield path + name


def test_the_changelog_has_one_section() -> None:
    assert re.findall(r"^## (.+)$", text_of("CHANGELOG.md"), re.MULTILINE) == ["[Unreleased]"]
