"""The house holds: imports follow the arrows, and what must start fast loads nothing slow."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.project import ROOT

ROOMS = ("constructs_lib", "environments", "lakeflow", "stacks")
ALLOWED = {
    "constructs_lib": {"constructs_lib"},
    "environments": {"environments"},
    "lakeflow": {"lakeflow", "constructs_lib", "environments"},
    "stacks": {"stacks", "constructs_lib", "environments"},
}
CDKTF = {"cdktf", "constructs", "jsii"}
IMPURE = ("constructs_lib._terraform", "constructs_lib.job", "constructs_lib.resources")
"""The modules of the library that may see a construct; only the first sees cdktf."""


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Return what a module imports, dotted, wherever in it the import stands."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


def dotted(path: Path) -> str:
    """Return a module's name."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def tops(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


@pytest.mark.parametrize("room", ROOMS)
def test_imports_follow_the_arrows(room: str) -> None:
    for path in modules(room):
        crossed = tops(path) & set(ROOMS) - ALLOWED[room]
        assert not crossed, f"{path.relative_to(ROOT)} imports {crossed}"


def test_main_knows_the_rooms_and_nothing_below_them() -> None:
    assert tops(ROOT / "main.py") == {"sys", "constructs_lib", "environments", "stacks"}


def test_one_module_knows_cdktf() -> None:
    users = {path.name for path in modules("constructs_lib") if tops(path) & {"cdktf", "jsii"}}
    assert users == {"_terraform.py"}
    constructs = [dotted(path) for path in modules("constructs_lib") if "constructs" in tops(path)]
    assert constructs == ["constructs_lib._terraform"]
    for room in ("environments", "lakeflow"):
        assert not [path for path in modules(room) if tops(path) & CDKTF]


def test_verbs_see_the_pure_half_of_the_library() -> None:
    for path in modules("lakeflow"):
        assert not [name for name in imports(path) if name.startswith(IMPURE)], path


def test_pure_modules_do_not_reach_a_construct() -> None:
    for path in modules("constructs_lib"):
        if not dotted(path).startswith(IMPURE):
            assert not [name for name in imports(path) if name.startswith(IMPURE)], path


def test_no_import_hides_from_the_reader() -> None:
    """Imports inside functions are for the verbs, where they keep the start fast; TYPE_CHECKING is for nobody."""
    for room in ("constructs_lib", "environments", "stacks"):
        for path in modules(room):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
            inside = [node for function in functions for node in ast.walk(function)]
            assert not [node for node in inside if isinstance(node, ast.Import | ast.ImportFrom)], path
            assert "TYPE_CHECKING" not in path.read_text(encoding="utf-8"), path


SLOW = (
    "jsii",
    "cdktf",
    "databricks",
    "rich",
    "cron_descriptor",
    "pydantic",
    "jsonschema",
    "ruamel",
    "duckdb",
    "sqlglot",
    "starlette",
    "uvicorn",
    "requests",
)


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["--version"],
        ["synth", "--help"],
        ["graph", "--help"],
        ["run", "--help"],
        ["render", "--help"],
        ["simulate", "--help"],
        ["workspace", "--help"],
        ["monitor", "--help"],
    ],
    ids=" ".join,
)
def test_help_loads_nothing_slow(words: list[str]) -> None:
    program = (
        "import sys\nfrom lakeflow.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', [name for name in {SLOW!r} if name in sys.modules])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ended.stdout.splitlines()[-1] == "LOADED []"


def test_values_and_checks_load_no_jsii() -> None:
    program = (
        "import sys, constructs_lib\n"
        "for name in constructs_lib.__all__:\n"
        "    if constructs_lib._HOME[name] not in ('_terraform', 'job', 'resources'):\n"
        "        getattr(constructs_lib, name)\n"
        "import constructs_lib.synthesis, constructs_lib.provider, constructs_lib.secrets\n"
        "assert 'jsii' not in sys.modules and 'cdktf' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


def test_no_path_of_a_machine_and_no_registry_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    files = [ROOT / name for name in listed.stdout.splitlines()]
    for path in files:
        if not path.is_file() or path.suffix in {".gz", ".png"} or path == Path(__file__):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert str(ROOT) not in text, path
        if path.name.endswith((".lock", ".txt", "package-lock.json")):
            assert "--index-url" not in text, path
            assert '"resolved"' not in text, path
