"""Code from Git is in the working tree; asked at synth, and only of the repository that the stack is made from."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib import (
    Compute,
    GitFile,
    GitSource,
    LakeflowJob,
    LakeflowStack,
    NotebookTask,
    Operations,
    PythonScriptTask,
    Trigger,
)
from constructs_lib.rules.code.working_tree import WorkingTree, not_there
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Severity

URL = "https://github.com/acme/sales"
GIT = {"url": URL, "provider": "gitHub", "branch": "main"}
NOTEBOOK = "# Databricks notebook source\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project with code."""
    for file, text in {
        "jobs/ingest.py": NOTEBOOK,
        "jobs/report.ipynb": "{}",
        "jobs/r.R": NOTEBOOK,
        "jobs/module.py": "x = 1\n",
        "sql/report.sql": "SELECT 1",
        "dbt/dbt_project.yml": "",
    }.items():
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def note(path: Any, source: Any = "GIT") -> dict[str, Any]:
    return {"task_key": "n", "notebook_task": {"notebook_path": path, "source": source}}


def python(path: Any) -> dict[str, Any]:
    return {"task_key": "p", "spark_python_task": {"python_file": path, "source": "GIT"}}


def sql(path: Any) -> dict[str, Any]:
    return {"task_key": "s", "sql_task": {"warehouse_id": "w", "file": {"path": path, "source": "GIT"}}}


def dbt(path: Any) -> dict[str, Any]:
    return {"task_key": "d", "dbt_task": {"commands": ["dbt run"], "project_directory": path, "source": "GIT"}}


def said(tree: Path, *tasks: dict[str, Any], **git: Any) -> list[str]:
    return [f"{each.message}; {each.hint}" for each in not_there(job(*tasks, git_source={**GIT, **git}), tree)]


@pytest.mark.parametrize(
    "task",
    [
        note("jobs/ingest"),
        note("./jobs/ingest"),
        note("jobs/ingest.py"),
        note("jobs/ingest", None),
        note("jobs/report"),
        note("jobs/r"),
        python("jobs/module.py"),
        python("jobs/ingest.py"),
        sql("sql/report.sql"),
        dbt("dbt"),
        dbt("dbt/"),
    ],
)
def test_what_is_there_is_let_be(tree: Path, task: dict[str, Any]) -> None:
    assert said(tree, task) == []


@pytest.mark.parametrize(
    ("task", "message"),
    [
        (
            note("jobs/ingst"),
            "task 'n': notebook_path: there is no notebook 'jobs/ingst' in the working tree; "
            "did you mean 'jobs/ingest'?",
        ),
        (
            note("jobs/module"),
            "task 'n': notebook_path: module.py is no notebook in the working tree; "
            "write '# Databricks notebook source' in its first line",
        ),
        (
            note("nowhere/ingest"),
            "task 'n': notebook_path: there is no notebook 'nowhere/ingest' in the working tree; "
            "write the path from the repository's root",
        ),
        (
            python("jobs/module"),
            "task 'p': python_file: there is no file 'jobs/module' in the working tree; did you mean 'jobs/module.py'?",
        ),
        (
            sql("report.sql"),
            "task 's': path: there is no file 'report.sql' in the working tree; "
            "write the path from the repository's root",
        ),
        (
            dbt("dbtt"),
            "task 'd': project_directory: there is no dbt_project.yml in 'dbtt' in the working tree; "
            "did you mean 'dbt'?",
        ),
        (
            dbt(""),
            "task 'd': project_directory: there is no dbt_project.yml in '.' in the working tree; "
            "write the path from the repository's root",
        ),
    ],
)
def test_what_is_not_there_is_a_warning(tree: Path, task: dict[str, Any], message: str) -> None:
    assert said(tree, task) == [message]


def test_a_project_directory_that_is_not_said_is_the_root(tree: Path) -> None:
    assert len(said(tree, dbt(None))) == 1
    (tree / "dbt_project.yml").touch()
    assert said(tree, dbt(None)) == []


@pytest.mark.parametrize(
    "task",
    [
        note("/Workspace/Shared/a", "WORKSPACE"),
        note("${var.path}"),
        note("{{job.parameters.path}}"),
        note("../a"),
        note("/a"),
        note(""),
        note(None),
        python("s3://bucket/a.py"),
        dbt("${var.path}"),
        {"task_key": "c", "condition_task": {"op": "EQUAL_TO", "left": "1", "right": "1"}},
    ],
)
def test_what_is_unknown_or_another_rules_business_is_let_be(tree: Path, task: dict[str, Any]) -> None:
    assert said(tree, task) == []


def test_the_task_inside_a_loop_is_looked_at_too(tree: Path) -> None:
    loop = {"task_key": "l", "for_each_task": {"inputs": "[1]", "task": note("x")}}
    (found,) = not_there(job(loop, git_source=GIT), tree)
    assert found.path == ("task", 0, "for_each_task", "task", "notebook_task", "notebook_path")
    assert (found.code, found.severity) == ("LF734", Severity.WARNING)


@pytest.mark.parametrize("path", ["a" * 300, "a/" * 3000, "jobs/ingest.py/x", "jobs", "*", "é", " "])
def test_strange_paths_are_not_there(tree: Path, path: str) -> None:
    assert [len(said(tree, make(path))) for make in (note, python, sql, dbt)] == [1, 1, 1, 1]


# Which repository


def clone(root: Path, url: str) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=root, check=True)
    subprocess.run(["git", "remote", "add", "origin", url], cwd=root, check=True)


@pytest.mark.parametrize(
    "url",
    [
        URL,
        f"{URL}.git",
        f"{URL}/",
        "https://me:token@github.com/acme/sales.git",
        "git@github.com:acme/sales.git",
        "ssh://git@github.com/acme/sales",
        "ssh://git@github.com:22/acme/sales.git",
        "https://GitHub.com/Acme/Sales",
    ],
)
def test_a_clone_is_asked(tree: Path, url: str) -> None:
    clone(tree, url)
    assert len(said(tree, note("x"))) == 1
    assert len(said(tree, note("x"), url=f"{URL}.git")) == 1


@pytest.mark.parametrize("url", ["https://github.com/acme/other", "https://gitlab.com/acme/sales", "../sales"])
def test_another_repository_is_not(tree: Path, url: str) -> None:
    clone(tree, url)
    assert said(tree, note("x")) == []
    subprocess.run(["git", "config", "branch.main.url", URL], cwd=tree, check=True)
    assert said(tree, note("x")) == []


def test_paths_begin_at_the_repository_and_not_at_the_project(tree: Path) -> None:
    clone(tree, URL)
    assert said(tree / "jobs", note("jobs/ingest")) == []
    assert len(said(tree / "jobs", note("ingest"))) == 1


def test_a_worktree_knows_where_it_comes_from(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    clone(tree, "https://github.com/acme/other")
    author = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *author, "commit", "-q", "--allow-empty", "-m", "x"], cwd=tree, check=True)
    beside = tmp_path_factory.mktemp("beside") / "tree"
    subprocess.run(["git", "worktree", "add", "-q", str(beside)], cwd=tree, check=True, capture_output=True)
    assert WorkingTree.of(beside) == WorkingTree(beside, frozenset({"github.com/acme/other"}))


def test_without_git_or_an_address_nothing_is_asked(tree: Path) -> None:
    assert list(not_there(job(note("x")), tree)) == []
    assert list(not_there(job(note("x"), git_source={**GIT, "url": "${var.url}"}), tree)) == []


ANY = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.text(max_size=3), max_size=2)
ODD = st.sampled_from(["", " ", ".", "/", "a/", "jobs", "\0", "a" * 300, "a/" * 300, "*", "jobs/ingest.py/x"]) | ANY


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([note, python, sql, dbt]), ODD, ANY)
def test_whatever_is_given_nothing_breaks(make: Any, path: Any, url: Any) -> None:
    for git in (GIT, {**GIT, "url": url}, url):
        for found in not_there(job(make(path), git_source=git), Path("assets").resolve()):
            assert found.message
            assert found.hint


# At synth


def test_a_stack_says_it(stack: LakeflowStack, tree: Path, monkeypatch: pytest.MonkeyPatch, synth: Any) -> None:
    monkeypatch.chdir(tree)
    accepted = {"LF734": "The other repository has it."}
    for name, accept in (("one", {}), ("two", accepted)):
        LakeflowJob(
            stack,
            name,
            goal="It runs.",
            tasks=[
                NotebookTask("ingest", GitFile("jobs/ingest")),
                PythonScriptTask("train", GitFile("jobs/trian.py"), compute=Compute.serverless()),
            ],
            trigger=Trigger.manual(),
            operations=Operations(git=GitSource(URL, provider="gitHub", branch="main")),
            accept=accept,
        )
    assert stack.record.check(synth(stack)) == []
    found = {
        address: [each.code for each in kept if each.code != "LF959"] for address, kept in stack.record.findings.items()
    }
    assert found == {"databricks_job.one": ["LF734"], "databricks_job.two": []}
