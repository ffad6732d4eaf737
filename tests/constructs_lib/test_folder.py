"""Folders: one resource for each file, at an address that only its own path decides."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib import (
    DbtTask,
    ExistingWarehouse,
    HasCodePath,
    LakeflowError,
    LakeflowStack,
    Notebook,
    NotebookTask,
    Source,
    WorkspaceFile,
    WorkspaceFolder,
)
from constructs_lib.provider import problems
from constructs_lib.references import terraform_json
from constructs_lib.resources import folder as module
from constructs_lib.wheels import files_of
from constructs_lib.wheels.ignore import ignored, patterns

Synth = Callable[[Any], dict[str, Any]]
TOP = "/Shared/lakeflow/dev/sales"
NOTEBOOK = "# Databricks notebook source\n"


def write(root: Path, *files: str, **texts: str) -> None:
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts.get("text", ""), encoding="utf-8")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def deployed(stack: LakeflowStack, synth: Synth) -> Callable[..., dict[str, str]]:
    """A function that deploys assets/x and returns the path of each address."""

    def deploy(**options: Any) -> dict[str, str]:
        WorkspaceFolder(stack, "code", source="assets/x", path=TOP, **options)
        found = {}
        for resource_type, resources in synth(stack)["resource"].items():
            for name, body in resources.items():
                assert problems(resource_type, body) == []
                found[f"{resource_type.removeprefix('databricks_')}.{name}"] = body["path"].removeprefix(f"{TOP}/")
        return found

    return deploy


def refused(stack: LakeflowStack, **options: Any) -> str:
    with pytest.raises(LakeflowError) as raised:
        WorkspaceFolder(stack, "code", **{"source": "assets/x", "path": TOP, **options})
    return str(raised.value)


# What becomes what


def test_notebooks_are_notebooks_and_all_else_is_files(
    here: Path, stack: LakeflowStack, synth: Synth, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here / "assets/x", "a.py", "b.R", text=NOTEBOOK)
    write(here / "assets/x", "windows.py", text="# Databricks notebook source\r\nprint(1)\r\n")
    write(here / "assets/x", "c.sql", text="-- Databricks notebook source\nSELECT 1")
    write(here / "assets/x", "d.scala", text="// Databricks notebook source")
    write(here / "assets/x", "e.ipynb", text="{}")
    write(here / "assets/x", "script.py", text="\n# Databricks notebook source\n")
    write(here / "assets/x", "longer.py", text="# Databricks notebook source code\n")
    write(here / "assets/x", "query.sql", text="# Databricks notebook source\n")
    write(here / "assets/x", "empty.py", "LICENSE")
    WorkspaceFolder(stack, "code", source="assets/x", path=TOP)
    resources = synth(stack)["resource"]
    notebooks = {
        name: (body["path"].removeprefix(TOP), body["source"], body["format"], body.get("language"))
        for name, body in resources["databricks_notebook"].items()
    }
    assert notebooks == {
        "code_a": ("/a", "assets/x/a.py", "SOURCE", "PYTHON"),
        "code_b": ("/b", "assets/x/b.R", "SOURCE", "R"),
        "code_c": ("/c", "assets/x/c.sql", "SOURCE", "SQL"),
        "code_d": ("/d", "assets/x/d.scala", "SOURCE", "SCALA"),
        "code_e": ("/e", "assets/x/e.ipynb", "JUPYTER", None),
        "code_windows": ("/windows", "assets/x/windows.py", "SOURCE", "PYTHON"),
    }
    assert resources["databricks_workspace_file"] == {
        f"code_{name.replace('.', '_')}": {"path": f"{TOP}/{name}", "source": f"assets/x/{name}"}
        for name in ("script.py", "longer.py", "query.sql", "empty.py", "LICENSE")
    }
    for resource_type, named in resources.items():
        assert all(problems(resource_type, body) == [] for body in named.values())
    assert sorted(stack.record.assets) == sorted(f"assets/x/{path.name}" for path in (here / "assets/x").iterdir())


def test_addresses_say_the_path(here: Path, deployed: Callable[..., dict[str, str]]) -> None:
    write(here / "assets/x", "models/staging/stg_orders.sql", "dbt_project.yml", "lib/__init__.py")
    write(here / "assets/x", "jobs/ingest.py", text=NOTEBOOK)
    assert deployed() == {
        "notebook.code_jobs__ingest": "jobs/ingest",
        "workspace_file.code_dbt_project_yml": "dbt_project.yml",
        "workspace_file.code_lib____init___py": "lib/__init__.py",
        "workspace_file.code_models__staging__stg_orders_sql": "models/staging/stg_orders.sql",
    }


SIMILAR = ["a/b.py", "a_b.py", "a-b.py", "a__b.py", "a.b.py", "a/b_py", "a_/b.py", "a/_b.py", "A/b.py", "é.py", "ü.py"]


def test_no_two_files_share_an_address_and_none_depends_on_the_others(
    here: Path, deployed: Callable[..., dict[str, str]]
) -> None:
    write(here / "assets/x", *SIMILAR)
    found = deployed()
    assert sorted(found.values()) == sorted(SIMILAR)
    for file in SIMILAR:
        alone = f"workspace_file.code_{module._id(file).replace('-', '_')}"
        assert found[alone] == file
    assert found["workspace_file.code_a__b_py"] == "a/b.py"
    assert found["workspace_file.code_a_b_py"] == "a_b.py"


PARTS = st.text(st.sampled_from("ab_-."), min_size=1, max_size=4).filter(lambda part: part.strip("."))
PATHS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)


@settings(max_examples=500, deadline=None)
@given(PATHS, PATHS, st.booleans())
def test_another_path_is_another_address(one: str, other: str, notebook: bool) -> None:
    if notebook:
        one, other = f"{one}.py", f"{other}.py"
    ids = [module._id(path, is_notebook=notebook).replace("-", "_") for path in (one, other)]
    assert (ids[0] == ids[1]) == (one == other)


def test_a_notebook_keeps_its_address_in_another_format(here: Path, deployed: Callable[..., dict[str, str]]) -> None:
    write(here / "assets/x", "a-b.ipynb", "c.ipynb", text="{}")
    assert module._id("a-b.ipynb", is_notebook=True) == module._id("a-b.py", is_notebook=True)
    assert deployed()["notebook.code_c"] == "c"


# What stays here


def test_hidden_cached_and_ignored_files_stay(here: Path, deployed: Callable[..., dict[str, str]]) -> None:
    write(here, ".gitignore", text="*.log\n/assets/x/target/\n!keep.log\n")
    write(here / "assets/x", ".gitignore", text="dbt_packages/\n")
    write(here / "assets/x", ".env", ".git/config", "__pycache__/a.pyc", "a.pyc", "b.log", "target/run.sql")
    write(here / "assets/x", "dbt_packages/p.sql", "deep/dbt_packages/p.sql", "keep.log", "a.sql", "notes.md")
    assert sorted(deployed(ignore=["*.md"]).values()) == ["a.sql", "keep.log"]


def test_what_is_asked_for_decides(here: Path, deployed: Callable[..., dict[str, str]]) -> None:
    write(here, ".gitignore", text="*.csv\n")
    write(here / "assets/x", "seeds/a.csv", ".sqlfluff", "a.sql")
    assert sorted(deployed(ignore=["!seeds/*.csv", "!.sqlfluff", "/a.sql"]).values()) == [".sqlfluff", "seeds/a.csv"]


LINES = st.lists(
    st.text(st.sampled_from("ab*?/!.\\#[] "), min_size=1, max_size=7).filter(
        # What git itself reads in ways of its own: a class that does not end, and blanks and strokes at the ends.
        lambda line: "[" not in line and "]" not in line and not line.endswith((" ", "\\")) and "//" not in line
    )
    | st.sampled_from(["a[ab]", "[!a]b", "**/b", "a/**", "a/**/b", "!a/b", "*.b", "/a", "b/", "\\#a", "\\!b"]),
    max_size=3,
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(LINES)
def test_patterns_mean_what_git_means(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> None:
    root = tmp_path_factory.mktemp("git")
    names = ["a", "b", "ab", "a.b", "#a", "!b", "b.a"]
    files = [*names, *(f"{folder}-/{name}" for folder in names for name in names), "c/a/b", "c/d/a/b", "c/b/a.b"]
    subprocess.run(["git", "init", "-q", "."], cwd=root, check=True)
    (root / ".gitignore").write_text("\n".join(lines) + "\n")
    write(root, *files)
    git = ["git", "-c", "core.excludesFile=", "ls-files", "-o", "--exclude-standard", "-z"]
    kept = subprocess.run(git, cwd=root, capture_output=True, text=True, check=True).stdout.split("\0")
    known = patterns(lines)

    def ships(file: str) -> bool:
        folders = [str(parent) for parent in reversed(Path(file).parents) if parent.parts]
        return not any(ignored(folder, known, is_folder=True) for folder in folders) and not ignored(
            file, known, is_folder=False
        )

    assert {file for file in files if ships(file)} == {file for file in kept if file and file != ".gitignore"}


def test_a_link_is_followed_to_a_file_and_no_further(here: Path, stack: LakeflowStack) -> None:
    write(here / "assets/x", "a.sql")
    write(here / "assets", "y/b.sql")
    (here / "assets/x/b.sql").symlink_to("../y/b.sql")
    assert files_of(Path("assets/x")) == ("a.sql", "b.sql")
    (here / "assets/x/y").symlink_to("../y")
    assert refused(stack) == (
        "dev/code: assets/x/y is a link to a folder; put the files themselves there, or leave it out with ignore="
    )
    (here / "assets/x/y").unlink()
    (here / "assets/x/gone.sql").symlink_to("nowhere")
    assert "assets/x/gone.sql is no file" in refused(stack)


# What tasks take


def test_a_file_of_it_waits_for_the_others(here: Path, stack: LakeflowStack, synth: Synth) -> None:
    write(here / "assets/x", "ingest.py", "publish.py", text=NOTEBOOK)
    write(here / "assets/x", "lib/a.py", "lib/b.py")
    folder = WorkspaceFolder(stack, "code", source="assets/x", path=TOP)
    ingest, publish = folder.code("ingest.py"), folder.code("publish.py")
    assert isinstance(ingest, Notebook)
    assert folder.code("ingest.py") is ingest
    assert isinstance(folder.code("lib/a.py"), WorkspaceFile)
    task = terraform_json(NotebookTask("ingest", ingest).render())
    assert task["notebook_task"]["notebook_path"] == "/Workspace${databricks_notebook.code_ingest.path}"
    resources = synth(stack)["resource"]
    files = [f"databricks_workspace_file.code_lib__{name}_py" for name in ("a", "b")]
    assert resources["databricks_notebook"]["code_ingest"]["depends_on"] == [publish.address, *files]
    assert resources["databricks_notebook"]["code_publish"]["depends_on"] == files
    assert "depends_on" not in resources["databricks_workspace_file"]["code_lib__b_py"]
    assert folder.files == ("ingest.py", "lib/a.py", "lib/b.py", "publish.py")


def test_a_dbt_project_is_a_folder(here: Path, stack: LakeflowStack, synth: Synth) -> None:
    write(here / "assets/x", "models/a.sql", "dbt_project.yml", "analyses/z.sql")
    folder = WorkspaceFolder(stack, "code", source="assets/x", path=TOP)
    assert isinstance(folder, HasCodePath)
    assert folder.source is Source.WORKSPACE
    task = DbtTask("models", commands=["dbt build"], project=folder, warehouse=ExistingWarehouse("1"))
    assert terraform_json(task.render())["dbt_task"]["project_directory"] == (
        '/Workspace${trimsuffix(databricks_workspace_file.code_dbt_project_yml.path, "/dbt_project.yml")}'
    )
    files = synth(stack)["resource"]["databricks_workspace_file"]
    assert files["code_dbt_project_yml"]["depends_on"] == [
        "databricks_workspace_file.code_analyses__z_sql",
        "databricks_workspace_file.code_models__a_sql",
    ]


def test_the_folder_waits_for_all_whatever_was_asked_for_first(here: Path, stack: LakeflowStack) -> None:
    write(here / "assets/x", "b.py", text=NOTEBOOK)
    write(here / "assets/x", "dbt_project.yml", "a.sql")
    folder = WorkspaceFolder(stack, "code", source="assets/x", path=TOP)
    folder.code("b.py")
    assert folder.code_path.terraform == '/Workspace${trimsuffix(databricks_notebook.code_b.path, "/b")}'


def test_a_file_that_does_not_ship(here: Path, stack: LakeflowStack) -> None:
    write(here / "assets/x", "ingest.py", "other.sql")
    folder = WorkspaceFolder(stack, "code", source="assets/x", path=TOP)
    for name, hint in (("ingst.py", "did you mean 'ingest.py'?"), ("zzz", "there is ingest.py, other.sql")):
        with pytest.raises(LakeflowError) as raised:
            folder.code(name)
        assert str(raised.value) == f"dev/code: no file {name!r} ships with assets/x; {hint}"


# What is refused


def test_paths_that_the_workspace_cannot_hold(here: Path, stack: LakeflowStack) -> None:
    write(here / "assets/x", "a.py", text=NOTEBOOK)
    write(here / "assets/x", "a.ipynb", text="{}")
    assert refused(stack) == (
        "dev/code: assets/x/a.ipynb and assets/x/a.py both need 'a' in the workspace, where notebooks have no "
        "extension; rename one of them"
    )


def test_a_notebook_and_a_folder_of_one_name(here: Path, stack: LakeflowStack) -> None:
    write(here / "assets/x", "a.py", text=NOTEBOOK)
    write(here / "assets/x", "a/b.sql")
    assert refused(stack) == (
        "dev/code: assets/x/a.py and assets/x/a/b.sql both need 'a' in the workspace, where notebooks have no "
        "extension; rename one of them"
    )


def test_limits(here: Path, stack: LakeflowStack, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here / "assets/x", "a.py", text=NOTEBOOK + "#" * 11 * 1024**2)
    assert refused(stack) == (
        "dev/code: assets/x/a.py has 11.0 MB; the workspace takes 10 MB; clear the notebook's outputs"
    )
    monkeypatch.setattr(module, "LARGEST_FILE", 5)
    write(here / "assets/x", "a.py", text="#" * 6 * 1024**2)
    assert "assets/x/a.py has 6.0 MB; the workspace takes 5 MB; put data into a volume" in refused(stack, path="/y")
    write(here / "assets/x", "a.py", "b.py")
    monkeypatch.setattr(module, "MOST_FILES", 1)
    assert "assets/x has 2 files, more than 1; leave some out with ignore=" in refused(stack)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"source": "asset/x"}, "there is no folder asset/x; write its path relative to the project's root"),
        ({"source": "assets/x/a.sql"}, "assets/x/a.sql is a file; name the folder that it lies in"),
        ({"source": "/etc"}, "/etc lies outside the project; put it under assets/"),
        ({"ignore": ["*"]}, "nothing of assets/x ships; look at ignore= and .gitignore"),
        ({"path": "Shared"}, "a workspace path is absolute, and 'Shared' is not; write '/Shared'"),
        ({"path": "/Volumes/a/b/c"}, "'/Volumes/a/b/c' is no folder of the workspace; write a path such as"),
    ],
)
def test_a_wrong_folder_is_an_error(here: Path, stack: LakeflowStack, options: Any, message: str) -> None:
    write(here / "assets/x", "a.sql")
    assert refused(stack, **options).startswith(f"dev/code: {message}")
