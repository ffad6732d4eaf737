"""Rules of where code comes from."""

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib.rules.code import RULES
from constructs_lib.rules.engine import RuleSet
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Finding, Path
from constructs_lib.rules.rule import Form

SETS = {form: RuleSet.of(RULES, form) for form in Form}
GIT = {"url": "https://github.com/acme/sales", "provider": "gitHub", "branch": "main"}


def found(body: Any, form: Form = Form.TERRAFORM) -> list[Finding]:
    return list(SETS[form].findings(body))


def places(body: Any, form: Form = Form.TERRAFORM) -> list[tuple[str, Path]]:
    return [(finding.code, finding.path) for finding in found(body, form)]


def note(path: Any, source: Any = None) -> dict[str, Any]:
    return {"task_key": "n", "notebook_task": {"notebook_path": path, "source": source}}


def python(path: Any, source: Any = None) -> dict[str, Any]:
    return {"task_key": "p", "spark_python_task": {"python_file": path, "source": source}}


def sql(path: Any, source: Any = None) -> dict[str, Any]:
    return {"task_key": "s", "sql_task": {"warehouse_id": "w", "file": {"path": path, "source": source}}}


def dbt(path: Any, source: Any = None) -> dict[str, Any]:
    return {"task_key": "d", "dbt_task": {"commands": ["dbt run"], "project_directory": path, "source": source}}


NOTE, PYTHON = ("task", 0, "notebook_task"), ("task", 0, "spark_python_task")
SQL, DBT = ("task", 0, "sql_task", "file"), ("task", 0, "dbt_task")

BROKEN: list[tuple[str, dict[str, Any], bool, Path]] = [
    ("LF701", note("/a", "REPO"), False, (*NOTE, "source")),
    ("LF701", python("/a.py", "git"), False, (*PYTHON, "source")),
    ("LF702", note("a", "GIT"), False, (*NOTE, "source")),
    ("LF702", sql("a.sql", "GIT"), False, (*SQL, "source")),
    ("LF703", note("a"), False, (*NOTE, "notebook_path")),
    ("LF703", note("dbfs:/a", "WORKSPACE"), False, (*NOTE, "notebook_path")),
    ("LF703", note("a", "WORKSPACE"), True, (*NOTE, "notebook_path")),
    ("LF703", python("a.py"), False, (*PYTHON, "python_file")),
    ("LF703", python("a.py", "WORKSPACE"), True, (*PYTHON, "python_file")),
    ("LF703", sql("a.sql"), False, (*SQL, "path")),
    ("LF703", dbt("project"), False, (*DBT, "project_directory")),
    ("LF704", note("/a", "GIT"), True, (*NOTE, "notebook_path")),
    ("LF704", python("/a.py", "GIT"), True, (*PYTHON, "python_file")),
    ("LF704", python("s3://b/a.py", "GIT"), True, (*PYTHON, "python_file")),
    ("LF704", sql("/a.sql", "GIT"), True, (*SQL, "path")),
    ("LF704", dbt("/project", "GIT"), True, (*DBT, "project_directory")),
    ("LF705", note("/a"), True, (*NOTE, "notebook_path")),
    ("LF705", note("/a", ""), True, (*NOTE, "notebook_path")),
    ("LF705", sql("/a.sql"), True, (*SQL, "path")),
    ("LF706", python("a.py"), True, (*PYTHON, "python_file")),
    ("LF707", note("../a", "GIT"), True, (*NOTE, "notebook_path")),
    ("LF707", note("a/../../b"), True, (*NOTE, "notebook_path")),
    ("LF708", note(""), False, (*NOTE, "notebook_path")),
    ("LF708", note("/a "), False, (*NOTE, "notebook_path")),
    ("LF708", python(""), False, (*PYTHON, "python_file")),
    ("LF708", sql("  ", "GIT"), True, (*SQL, "path")),
    ("LF709", python("https://example.com/a.py"), False, (*PYTHON, "python_file")),
    ("LF710", python("dbfs:/a.py"), False, (*PYTHON, "python_file")),
    ("LF711", note("/Volumes/a/b/c/n"), False, (*NOTE, "notebook_path")),
    ("LF711", python("/dbfs/a.py"), False, (*PYTHON, "python_file")),
    ("LF712", note("/a.ipynb"), False, (*NOTE, "notebook_path")),
]


@pytest.mark.parametrize(("code", "task", "git", "path"), BROKEN)
def test_a_wrong_path_is_found_where_it_stands(code: str, task: dict[str, Any], git: bool, path: Path) -> None:
    beside = {"task_key": "z", "notebook_task": {"notebook_path": "a", "source": "GIT"}}
    body = job(task, beside, git_source=GIT) if git else job(task)
    assert places(body) == [(code, path)]


LEGAL: list[tuple[dict[str, Any], bool]] = [
    (note("/Workspace/Shared/a"), False),
    (note("/Workspace/Shared/a", "WORKSPACE"), True),
    (note("jobs/a"), True),
    (note("./jobs/a.py", "GIT"), True),
    (note("jobs/../a", "GIT"), True),
    (note("${databricks_notebook.a.path}"), True),
    (note("a", "${var.source}"), False),
    (note("{{job.parameters.path}}"), False),
    (python("/Workspace/Shared/a.py"), True),
    (python("/Volumes/main/jobs/code/a.py"), False),
    (python("abfss://code@acme.dfs.core.windows.net/a.py"), True),
    (python("s3://bucket/a.py", "WORKSPACE"), False),
    (python("gs://bucket/a.py"), False),
    (python("dbfs:/Volumes/main/jobs/code/a.py"), False),
    (python("a.py", "GIT"), True),
    (sql("reports/a.sql"), True),
    (dbt("", "GIT"), True),
    (dbt(None), True),
    (dbt("/Workspace/dbt"), False),
    ({"task_key": "q", "sql_task": {"warehouse_id": "w", "query": {"query_id": "1"}, "file": []}}, False),
]


@pytest.mark.parametrize(("task", "git"), LEGAL)
def test_right_paths_are_let_be(task: dict[str, Any], git: bool) -> None:
    beside = {"task_key": "z", "notebook_task": {"notebook_path": "a", "source": "GIT"}}
    body = job(task, beside, git_source=GIT) if git else job(task)
    for form in Form:
        assert found(body, form) == []


def test_a_bundle_writes_relative_paths_anew() -> None:
    tasks = [note("../src/a.py"), python("./a.py", "WORKSPACE"), sql("a.sql")]
    assert found(job(*tasks), Form.BUNDLE) == []
    assert len(found(job(*tasks), Form.REST)) == 3
    assert places(job(note("/a", "GIT"), git_source=GIT), Form.BUNDLE) == [("LF704", (*NOTE, "notebook_path"))]


def test_the_task_inside_a_loop_is_looked_at_too() -> None:
    body = job({"task_key": "l", "for_each_task": {"inputs": "[1]", "task": note("a", "GIT")}})
    assert places(body) == [("LF702", ("task", 0, "for_each_task", "task", "notebook_task", "source"))]


def test_empty_blocks_of_a_plan_do_not_make_a_finding_twice() -> None:
    task = note("a", "GIT") | {"spark_python_task": [], "sql_task": None, "dbt_task": []}
    assert places(job(task)) == [("LF702", (*NOTE, "source"))]


def test_a_block_in_a_list_of_one_is_read() -> None:
    task = {"task_key": "n", "notebook_task": [{"notebook_path": "a", "source": "GIT"}]}
    assert places(job(task)) == [("LF702", (*NOTE, "source"))]


def git(**changes: Any) -> dict[str, Any]:
    source = {name: value for name, value in {**GIT, **changes}.items() if value is not None}
    return job(note("jobs/a", "GIT"), git_source=source)


@pytest.mark.parametrize(
    ("code", "changes", "path"),
    [
        ("LF721", {"branch": None}, ()),
        ("LF721", {"branch": ""}, ()),
        ("LF722", {"tag": "v1"}, ("tag",)),
        ("LF722", {"commit": "e0056d01"}, ("commit",)),
        ("LF723", {"branch": None, "commit": "main"}, ("commit",)),
        ("LF724", {"provider": "gitea"}, ("provider",)),
        ("LF725", {"provider": "github"}, ("provider",)),
        ("LF727", {"provider": None}, ()),
        ("LF727", {"provider": ""}, ("provider",)),
        ("LF728", {"provider": "gitLab"}, ("provider",)),
        ("LF729", {"url": "git@github.com:acme/sales.git"}, ("url",)),
        ("LF729", {"url": "http://github.com/acme/sales"}, ("url",)),
        ("LF729", {"url": "ssh://git@github.com/acme/sales"}, ("url",)),
        ("LF729", {"url": ""}, ("url",)),
        ("LF730", {"sparse_checkout": {"patterns": ["jobs", "*.py"]}}, ("sparse_checkout", "patterns", 1)),
        ("LF732", {"job_source": {"dirty_state": "DIRTY"}}, ("job_source", "dirty_state")),
    ],
)
def test_a_wrong_git_source_is_found_where_it_is_wrong(code: str, changes: dict[str, Any], path: Path) -> None:
    assert places(git(**changes)) == [(code, ("git_source", *path))]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"branch": None, "tag": "v1", "commit": ""},
        {"branch": None, "commit": "e0056d0100112233445566778899aabbccddeeff"},
        {"branch": "${var.branch}"},
        {"provider": "${var.provider}"},
        {"provider": "gitHubEnterprise"},
        {"url": "https://git.example.com/acme/sales", "provider": "gitLabEnterpriseEdition"},
        {"url": "https://acme@dev.azure.com/acme/sales/_git/sales", "provider": "azureDevOpsServices"},
        {"url": "${var.url}"},
        {"sparse_checkout": {"patterns": ["jobs"]}},
        {"sparse_checkout": {"patterns": ["./jobs/deeper/", "other"]}},
        {"sparse_checkout": {"patterns": ["${var.folder}"]}},
        {"sparse_checkout": {}},
    ],
)
def test_right_git_sources_are_let_be(changes: dict[str, Any]) -> None:
    assert found(git(**changes)) == []


def test_rest_takes_any_case_but_wants_a_provider() -> None:
    assert found(git(provider="GITHUB"), Form.REST) == []
    assert places(git(provider=None), Form.REST) == [("LF726", ("git_source",))]


def test_code_outside_a_sparse_checkout_is_found() -> None:
    sparse = {**GIT, "sparse_checkout": {"patterns": ["reports/daily"]}}
    body = job(note("jobs/a"), sql("reports/a.sql"), git_source=sparse)
    assert places(body) == [("LF731", (*NOTE, "notebook_path"))]


def test_a_git_source_that_nothing_uses_is_worth_knowing() -> None:
    assert places(job(note("/a", "WORKSPACE"), git_source=GIT)) == [("LF733", ("git_source",))]


def test_messages_name_task_and_value_and_hints_the_nearest_name() -> None:
    (finding,) = found(job(note("/jobs/a", "GIT"), git_source=GIT))
    assert finding.message == "task 'n': notebook_path '/jobs/a' is not relative to the Git repository"
    assert finding.hint == "write the path from the repository's root without a leading /, or source = WORKSPACE"
    (finding,) = found(git(provider="git-hub"))
    assert finding.message.startswith("git_source: provider 'git-hub' is none of gitHub, gitHubEnterprise, ")
    assert finding.hint == "write gitHub"
    (finding,) = found(git(tag="v1"))
    assert finding.message == "git_source: tag 'v1' beside branch 'main'"


def test_a_password_in_the_address_is_not_repeated() -> None:
    assert all("hunter2" not in str(finding) for finding in found(git(url="http://me:hunter2@github.com/acme/sales")))


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PATHS = st.sampled_from(["", " ", "/", "a", "../a", "dbfs:/a", "http://[", "://", "{{", "${x}", "//"]) | ANY
SOURCES = st.sampled_from(["GIT", "WORKSPACE", "", "x"]) | ANY


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([note, python, sql, dbt]),
    PATHS,
    SOURCES,
    ANY | st.dictionaries(st.sampled_from([*GIT, "tag", "commit", "sparse_checkout", "job_source"]), PATHS),
    st.lists(PATHS),
)
def test_whatever_is_given_no_rule_breaks(make: Any, path: Any, source: Any, origin: Any, patterns: Any) -> None:
    if isinstance(origin, dict):
        origin = {"sparse_checkout": {"patterns": patterns}, **origin}
    for form in Form:
        for body in (job(make(path, source), git_source=origin), job({"task_key": "x", "sql_task": path, "dbt_task": origin})):  # noqa: E501  # fmt: skip
            for finding in found(body, form):
                assert finding.message
                assert finding.hint
