"""What is imported from `constructs_lib`: one list said in three places, loaded only when it is used."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import constructs_lib

PUBLIC: dict[str, tuple[str, ...]] = vars(constructs_lib)["_PUBLIC"]
LIBRARY = Path(constructs_lib.__file__).parent
HEAVY = (
    "jsii",
    "cdktf",
    "constructs",
    "databricks",
    "pydantic",
    "ruamel",
    "rich",
    "jsonschema",
    "lakeflow",
    "environments",
)
NEEDS_NODE = {"_terraform", "job", "resources"}
"""What makes constructs."""


def loaded_after(statement: str) -> set[str]:
    """Return the top-level packages and the library's modules that a new process has loaded after a statement."""
    script = (
        f"import sys, json\nknown = set(sys.modules)\n{statement}\nprint(json.dumps(list(set(sys.modules) - known)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=LIBRARY.parent, capture_output=True, text=True, check=True
    )
    names: list[str] = json.loads(done.stdout)
    return {name.partition(".")[0] for name in names} | {name for name in names if name.startswith("constructs_lib")}


def test_the_table_and_all_and_dir_say_the_same() -> None:
    names = [name for names in PUBLIC.values() for name in names]
    assert len(names) == len(set(names))
    assert vars(constructs_lib)["__all__"] == sorted(names) == dir(constructs_lib)


def test_the_stub_says_the_same_as_the_table() -> None:
    stub = ast.parse((LIBRARY / "__init__.pyi").read_text(encoding="utf-8"))
    imports = [(node.module, alias) for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names]
    assert all(alias.name == alias.asname for _, alias in imports), "a type checker reads `as` as public"
    assert all(isinstance(node, ast.ImportFrom) for node in stub.body)
    assert {(module, alias.name) for module, alias in imports} == {
        (f"constructs_lib.{module}", name) for module, names in PUBLIC.items() for name in names
    }


@pytest.mark.parametrize("module", sorted(PUBLIC.keys() - NEEDS_NODE))
def test_every_name_is_where_the_table_says_and_has_a_docstring(module: str) -> None:
    for name in PUBLIC[module]:
        value = getattr(constructs_lib, name)
        if isinstance(value, type):
            assert value.__doc__
            assert value.__module__.startswith(f"constructs_lib.{module}")


def test_a_name_that_there_is_not_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"^module 'constructs_lib' has no attribute 'LakeflowJbo'$"):
        constructs_lib.LakeflowJbo  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(ImportError, match="LakeflowJbo"):
        from constructs_lib import LakeflowJbo  # type: ignore[attr-defined]  # noqa: F401


def test_the_package_itself_loads_nothing() -> None:
    assert loaded_after("import constructs_lib") <= {"constructs_lib", "importlib", *sys.stdlib_module_names}
    assert not [name for name in loaded_after("import constructs_lib") if name.startswith("constructs_lib.")]


def test_every_value_is_there_without_node() -> None:
    names = sorted(name for module, names in PUBLIC.items() if module not in NEEDS_NODE for name in names)
    loaded = loaded_after(f"from constructs_lib import {', '.join(names)}")
    assert loaded.isdisjoint(HEAVY)
    assert "constructs_lib.definition" in loaded
    assert not [name for name in loaded if name.startswith(tuple(f"constructs_lib.{each}" for each in NEEDS_NODE))]


@pytest.mark.parametrize(
    "module",
    sorted(
        ".".join(("constructs_lib", *path.relative_to(LIBRARY).with_suffix("").parts)).removesuffix(".__init__")
        for path in LIBRARY.rglob("*.py")
        if path.relative_to(LIBRARY).with_suffix("").parts[0] not in NEEDS_NODE
    ),
)
def test_every_module_that_makes_no_constructs_is_pure(module: str) -> None:
    tree = ast.parse(_source(module))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= {"constructs_lib", *sys.stdlib_module_names}
    assert not [name for name in imported if name.startswith(tuple(f"constructs_lib.{each}" for each in NEEDS_NODE))]


def _source(module: str) -> str:
    path = LIBRARY.parent.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return file.read_text(encoding="utf-8")
