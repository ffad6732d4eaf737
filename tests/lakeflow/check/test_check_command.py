"""`lakeflow check` as people and pipelines use it: files in, findings and an exit status out."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lakeflow.cli import main
from tests.lakeflow.check.support import LOST, Check, notebook, settings
from tests.support.project import ROOT

BAD = settings(notebook("a"), LOST)
FOUND = [("LF108", "/tasks/1/depends_on/1/task_key")]


def test_a_clean_job(check: Check) -> None:
    ended = check("a.json", a_json=settings())
    assert (ended.status, ended.out, ended.err) == (0, "no findings in 1 job of 1 file\n", "")


def test_findings_as_json(check: Check) -> None:
    ended = check("a.json", "--format", "json", a_json={"jobs": [{"job_id": 1, "settings": BAD}]})
    assert ended.status == 1
    assert ended.document == {
        "findings": [
            {
                "file": "a.json",
                "job": "daily",
                "code": "LF108",
                "severity": "error",
                "path": "/jobs/0/settings/tasks/1/depends_on/1/task_key",
                "message": "task 'b': depends on 'nope', which is no task of the job",
                "hint": ended.document["findings"][0]["hint"],
            }
        ],
        "summary": {"info": 0, "warning": 0, "error": 1, "jobs": 1, "files": 1},
    }


def test_findings_as_lines(check: Check) -> None:
    text = json.dumps(BAD, indent=2)
    ended = check("a.json", a_json=text)
    place, hint, summary = ended.out.splitlines()
    line = 1 + next(number for number, said in enumerate(text.splitlines()) if '"nope"' in said)
    assert place == f"a.json:{line}:23: error LF108 task 'b': depends on 'nope', which is no task of the job"
    assert hint.startswith("    ")
    assert summary == "1 error in 1 job of 1 file"


def test_findings_on_a_terminal(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    job = settings(notebook("a"), LOST, name="[bold]x\x1b[31m")
    first, second, *_, last = check("a.json", a_json=job).out.splitlines()
    assert first.replace("\x1b[1m", "").replace("\x1b[0m", "") == "a.json  [bold]x\\x1b[31m"
    for said in (
        f"1:{json.dumps(job).index('nope')}",
        "error",
        "LF108",
        "task 'b': depends on 'nope', which is no task",
    ):
        assert said in second
    assert "1 error in 1 job of 1 file" in last


YAML = """\
resources:
  jobs:
    nightly:
      name: nightly
      max_concurrent_runs: ${var.runs}
      tasks:
        - &first
          task_key: a
          notebook_task: {notebook_path: /Shared/a}
        - <<: *first
          task_key: b
          depends_on:
            - task_key: nope
targets:
  prod:
    resources:
      jobs:
        nightly:
          tasks:
            - task_key: z
"""


def test_a_bundle(check: Check) -> None:
    ended = check("databricks.yml", databricks_yml=YAML)
    assert ended.out.startswith("databricks.yml:13:25: error LF108 task 'b'")
    (finding,) = check("databricks.yml", "--format", "json").document["findings"]
    assert (finding["job"], finding["path"]) == ("nightly", "/resources/jobs/nightly/tasks/1/depends_on/0/task_key")


def test_terraform_and_a_plan_of_it(check: Check) -> None:
    tasks = [{"task_key": "b", "depends_on": {"task_key": "x"}, "notebook_task": [{"notebook_path": "/Shared/a"}]}]
    body = {"name": "d", "task": tasks, "run_as": {"service_principal_name": "a"}}
    terraform = {"resource": {"databricks_job": {"d": [body]}}}
    module = {"resources": [{"type": "databricks_job", "address": "databricks_job.d", "values": body}]}
    plan = {"format_version": "1.2", "planned_values": {"root_module": module}}
    ended = check(
        "cdk.tf.json",
        "plan.json",
        "--select",
        "LF108",
        "--format",
        "json",
        **{"cdk.tf_json": terraform, "plan_json": plan},
    )
    assert [(each["file"], each["job"], each["path"]) for each in ended.document["findings"]] == [
        ("cdk.tf.json", "databricks_job.d", "/resource/databricks_job/d/0/task/0/depends_on/task_key"),
        (
            "plan.json",
            "databricks_job.d",
            "/planned_values/root_module/resources/0/values/task/0/depends_on/task_key",
        ),
    ]


def test_several_documents_in_one_file(check: Check) -> None:
    lines = "\n".join(json.dumps(each) for each in (settings(), BAD))
    ended = check("a.jsonl", "--format", "json", **{"a.jsonl": lines})
    assert ended.found == [("LF108", "/1/tasks/1/depends_on/1/task_key")]
    assert check("a.jsonl").out.startswith("a.jsonl:2:")
    documents = "---\n".join((json.dumps(settings()) + "\n", YAML))
    assert check("a.yml", "--format", "json", a_yml=documents).found == [
        ("LF108", "/1/resources/jobs/nightly/tasks/1/depends_on/0/task_key")
    ]


def test_a_folder(check: Check) -> None:
    ended = check(
        ".",
        "a",
        "--format",
        "json",
        a__one_json=BAD,
        a__b__two_yml=YAML,
        a__package_json={"name": "x", "tasks": []},
        a__helm_yml="{{ not yaml",
        a__bytes_json=b"\xff\xfe\xff",
        a__node_modules__x_json=BAD,
        **{"a__.git__x_json": BAD, "a__notes.txt": json.dumps(BAD)},
    )
    assert [(each["file"], each["code"]) for each in ended.document["findings"]] == [
        ("a/one.json", "LF108"),
        ("a/b/two.yml", "LF108"),
    ]
    assert ended.document["summary"]["files"] == 2
    assert ended.err == ""


def test_a_broken_file_in_a_folder_that_speaks_of_tasks(check: Check) -> None:
    ended = check("a", a__one_json='{"task_key": ', a__two_json=settings())
    assert ended.status == 2
    assert ended.err == "error: a/one.json:1:14: not readable as JSON: expecting value\n"
    assert ended.out == "no findings in 1 job of 1 file; 1 file not readable\n"


def test_what_cannot_be_read_does_not_keep_others_from_being_checked(check: Check) -> None:
    ended = check(
        "broken.json", "nope.json", "latin.json", "bad.json", "a\0b", "--format", "json",
        broken_json="{", latin_json=b'{"a": "\xe4"}', bad_json=BAD,
    )  # fmt: skip
    assert ended.status == 2
    assert ended.err.splitlines() == [
        "error: broken.json:1:2: not readable as JSON: expecting property name enclosed in double quotes",
        "error: nope.json: cannot be read: No such file or directory",
        "error: latin.json:1:8: byte 0xe4 is not UTF-8; save the file as UTF-8",
        "error: a\\x00b: cannot be read: no such name is possible",
    ]
    assert ended.found == FOUND


@pytest.mark.parametrize("content", ["", "null", "{}", "[]", "7", '{"name": "a package", "version": "1"}'])
def test_a_file_without_a_job(check: Check, content: str) -> None:
    ended = check("a.json", a_json=content)
    assert (ended.status, ended.out, ended.err) == (
        0,
        "no findings in 0 jobs of 0 files\n",
        "note: a.json: holds no job\n",
    )


def test_standard_input(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(BAD).encode())))
    assert check("-", "--format", "json").found == FOUND
    monkeypatch.setattr(sys, "stdin", None)
    assert check("-").err == "error: -: cannot be read: standard input is closed\n"


def test_the_closed_standard_input_of_a_shell() -> None:
    ended = subprocess.run(
        f"{sys.executable} -m lakeflow check - <&-", shell=True, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("error: -: cannot be read: ")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ((), 0),
        (("--fail-on", "warning"), 1),
        (("--fail-on", "info"), 1),
        (("--fail-on", "never"), 0),
        (("--fail-on", "warning", "--ignore", "LF5"), 0),
    ],
)
def test_the_least_severity_that_fails(check: Check, words: tuple[str, ...], status: int) -> None:
    job = settings(notebook("a"), max_concurrent_runs=0)
    assert check("a.json", "--select", "LF541", *words, a_json=job).status == status


def test_codes_that_are_wanted_and_not(check: Check) -> None:
    job = {**BAD, "max_concurrent_runs": 0, "nmae": 1}
    assert {code for code, _ in check("a.json", "--format", "json", a_json=job).found} >= {"LF001", "LF108", "LF541"}
    found = check("a.json", "--format", "json", "--select", "LF0,lf1", "--select", "LF541", "--ignore", "LF001").found
    assert {code for code, _ in found} == {"LF108", "LF541"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--select", "LF10Z"), "error: there is no rule 'LF10Z'; did you mean 'LF101'?"),
        (("--ignore", "unused"), "error: there is no rule 'UNUSED'; LF1 stands for all that begin with it"),
        (("--select", "LF1,"), "error: there is no rule ''; LF1 stands for all that begin with it"),
    ],
)
def test_codes_that_do_not_exist(check: Check, words: tuple[str, ...], message: str) -> None:
    ended = check("a.json", *words, a_json=BAD)
    assert ended.status == 2
    assert ended.err.startswith(message)


def test_without_a_file_the_stacks_of_synth_are_checked(check: Check) -> None:
    assert check().err.startswith("error: nothing to check; name a file, a folder or - for standard input")
    body = {"name": "d", "task": [{"task_key": "b", "depends_on": [{"task_key": "x"}]}]}
    stack = {"resource": {"databricks_job": {"d": body}}}
    files = {f"cdktf.out__stacks__{name}__cdk.tf_json": stack for name in ("dev", "prod")}
    ended = check("--select", "LF108", "--format", "json", **files)
    assert [each["file"] for each in ended.document["findings"]] == [
        "cdktf.out/stacks/dev/cdk.tf.json",
        "cdktf.out/stacks/prod/cdk.tf.json",
    ]


def test_nothing_is_said_twice(check: Check) -> None:
    strange = {
        "task_key": "a",
        "new_cluster": {"library": [{"whl": "a", "jar": "b"}]},
        "depends_on": [{"task_key": "a"}] * 3,
    }
    ended = check("a.json", "--format", "json", a_json=settings(strange))
    assert len(ended.found) == len(set(ended.found))
    unknown = "/tasks/0/new_cluster/library"
    assert [code for code, path in ended.found if path.startswith(unknown)] == ["LF001"]


def test_a_job_too_deep_for_the_rules(check: Check) -> None:
    deep = json.dumps(settings()).replace('"/Shared/a"', "[" * 900 + "]" * 900)
    ended = check("a.json", "b.json", a_json=deep, b_json=settings())
    assert ended.status in {0, 1, 2}
    assert "Traceback" not in ended.err


def test_it_starts_with_nothing_slow(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(BAD))
    program = (
        "import sys\nfrom lakeflow.cli import main\nmain(['check', sys.argv[1]])\n"
        "slow = ('jsii', 'cdktf', 'databricks', 'rich', 'cron_descriptor', 'pydantic', 'jsonschema', 'ruamel')\n"
        "print('LOADED', [name for name in slow if name in sys.modules])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a.json")], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ended.stdout.splitlines()[-1] == "LOADED []"


def test_the_sample_stacks_have_no_errors(capsys: pytest.CaptureFixture[str]) -> None:
    stacks: Any = sorted((ROOT / "cdktf.out").glob("stacks/*/cdk.tf.json"))
    if stacks:
        assert main(["check"]) == 0


def test_an_environment_has_policies_of_its_own(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    task = {"task_key": "a", "notebook_task": {"notebook_path": "a", "source": "GIT"}}
    git = {"git_url": "https://github.com/example/r", "git_provider": "gitHub", "git_branch": "main"}
    assert check("a.json", a_json={"job_id": 1, "settings": settings(task, git_source=git)}).status == 0
    path = Path.cwd() / "a.json"
    monkeypatch.chdir(ROOT)
    ended = check(str(path), "--env", "prod", "--format", "json", "--select", "LP109")
    assert ended.status == 1
    assert ended.found == [("LP109", "/settings/git_source/git_branch")]
    assert check(str(path), "--env", "dev", "--select", "LP1").status == 0


def test_an_environment_that_is_none(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    check("a.json", a_json=settings())
    path = Path.cwd() / "a.json"
    monkeypatch.chdir(ROOT)
    ended = check(str(path), "--env", "prd")
    assert ended.status == 2
    assert ended.err == "error: environment 'prd' is not defined; did you mean prod?\n"


def test_what_the_code_accepts_is_said_with_its_reason(check: Check) -> None:
    document = {"resource": {"databricks_job": {"daily": {"task": [notebook("a"), LOST]}}}}
    address = "databricks_job.daily"
    accepting = {"jobs": {"daily": {"address": address, "accepted": {"LF108": "it comes tomorrow"}}}}
    check("x.json", x_json=settings(), **{"s__cdk.tf.json": document, "s__lakeflow.json": accepting})
    ended = check("s/cdk.tf.json", "--ignore", "LF9")
    assert ended.status == 0
    assert "accepted: LF108 in databricks_job.daily: it comes tomorrow" in ended.out.splitlines()


def test_a_misspelt_task_type_is_one_mistake(check: Check) -> None:
    ended = check(
        "a.json", "--format", "json", a_json=settings({"task_key": "a", "notebok_task": {"notebook_path": "/x"}})
    )
    assert ended.found == [("LF001", "/tasks/0/notebok_task")]
