"""The workflows hold what they promise: pinned actions, no more rights than needed, and commands that exist."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from environments import names
from lakeflow.cli import VERBS
from tests.support.project import ROOT
from tools import terraform

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTIONS = sorted((GITHUB / "actions").glob("*/action.yml"))
EVERY = [*WORKFLOWS, *ACTIONS]
ENVIRONMENTS = ["dev", "test", "prod"]
GUARD = "github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository"
_DEPLOYS = {"checks": "read", "contents": "read", "id-token": "write", "pull-requests": "read"}
RIGHTS = {
    "pull-request.yml": {
        "test": {"contents": "read"},
        "synth": {"contents": "read"},
        "review": {"checks": "write", "contents": "read", "id-token": "write", "pull-requests": "write"},
    },
    "deploy.yml": {"dev": _DEPLOYS, "test": _DEPLOYS, "prod": _DEPLOYS},
    "deploy-one.yml": {"apply": _DEPLOYS},
}
named = pytest.mark.parametrize("path", EVERY, ids=lambda path: path.relative_to(GITHUB).as_posix())


def loaded(path: Path) -> dict[str, Any]:
    """Return a file as data."""
    document: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return document


def jobs(path: Path) -> dict[str, Any]:
    """Return the jobs of a workflow; an action is one without a name."""
    document = loaded(path)
    jobs: dict[str, Any] = document.get("jobs") or {"": document["runs"]}
    return jobs


def steps(path: Path) -> Iterator[dict[str, Any]]:
    """Yield every step of a file, and every job that is another workflow."""
    for job in jobs(path).values():
        yield from job.get("steps", [job])


def scripts(path: Path) -> Iterator[str]:
    """Yield what a file runs."""
    yield from (step["run"] for step in steps(path) if "run" in step)


def test_there_are_workflows() -> None:
    assert [path.name for path in WORKFLOWS] == sorted(RIGHTS)
    assert ACTIONS


@named
def test_actions_are_pinned_by_their_commit(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(re.findall(r"\buses:", text)) == sum("uses" in step for step in steps(path))
    for used in re.findall(r"\buses: (.+)", text):
        if used.startswith("./"):
            assert (ROOT / used / "action.yml").is_file() or (ROOT / used).is_file(), used
        else:
            assert re.fullmatch(r"(actions|hashicorp)/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), used


def test_an_action_is_the_same_everywhere() -> None:
    pins = {step["uses"] for path in EVERY for step in steps(path) if "@" in step.get("uses", "")}
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins)


@named
def test_a_script_is_no_template(path: Path) -> None:
    """What an event says reaches a script as a variable, which the shell does not read as code."""
    for script in scripts(path):
        assert "${{" not in script
        for variable in re.findall(r"(.?)\$(?!GITHUB_OUTPUT)[A-Z]", script):
            assert variable == '"', script


@named
def test_no_code_of_a_fork_runs_with_rights(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"pull_request_target|workflow_run|issue_comment|\bsecrets\b", text.replace("instead of secrets", "")
    )


@named
def test_nothing_of_a_plan_is_kept(path: Path) -> None:
    assert not re.search(r"artifact|actions/cache|\bcache:", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_job_has_the_rights_that_it_needs(path: Path) -> None:
    assert loaded(path)["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs(path).items()} == RIGHTS[path.name]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_fork_gets_no_identity_and_may_write_nothing(path: Path) -> None:
    triggers = loaded(path)["on"]
    for name, job in jobs(path).items():
        writes = "write" in job["permissions"].values()
        if "pull_request" in triggers:
            assert (job.get("if") == GUARD) is writes, name
            assert ("environment" in job) is writes, name
            assert ("env" in job and "ARM_CLIENT_ID" in job["env"]) is writes, name
        elif writes and "workflow_call" not in triggers:
            assert set(triggers) <= {"push", "workflow_dispatch"}
            assert "github.ref == 'refs/heads/main'" in job["if"], name


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_token_is_given_to_single_steps(path: Path) -> None:
    document = loaded(path)
    assert "env" not in document
    for job in jobs(path).values():
        assert not [value for value in job.get("env", {}).values() if "github.token" in value]
        for step in job.get("steps", ()):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"] == {"persist-credentials": False}


def test_a_pull_request_and_a_deploy_have_different_identities() -> None:
    review = jobs(GITHUB / "workflows" / "pull-request.yml")["review"]
    apply = jobs(GITHUB / "workflows" / "deploy-one.yml")["apply"]
    assert review["environment"] == {"name": "${{ matrix.environment }}-plan", "deployment": False}
    assert apply["environment"] == "${{ inputs.environment }}"


def test_every_environment_is_reviewed_and_deployed_in_turn() -> None:
    assert sorted(ENVIRONMENTS) == sorted(names())
    for name in ("synth", "review"):
        job = jobs(GITHUB / "workflows" / "pull-request.yml")[name]
        assert job["strategy"] == {"fail-fast": False, "matrix": {"environment": ENVIRONMENTS}}
    deploys = jobs(GITHUB / "workflows" / "deploy.yml")
    assert list(deploys) == ENVIRONMENTS
    assert [deploys[name].get("needs") for name in ENVIRONMENTS] == [None, "dev", "test"]
    assert [deploys[name]["with"]["environment"] for name in ENVIRONMENTS] == ENVIRONMENTS
    by_hand = loaded(GITHUB / "workflows" / "deploy.yml")["on"]["workflow_dispatch"]["inputs"]["environment"]
    assert by_hand["options"] == ENVIRONMENTS


def test_no_deploy_is_broken_off() -> None:
    apply = jobs(GITHUB / "workflows" / "deploy-one.yml")["apply"]
    assert apply["concurrency"] == {
        "group": "deploy-${{ inputs.environment }}",
        "cancel-in-progress": False,
        "queue": "max",
    }


def test_every_job_ends() -> None:
    for path in WORKFLOWS:
        for name, job in jobs(path).items():
            assert "uses" in job or job["timeout-minutes"] <= 60, name


@named
def test_every_command_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for script in scripts(path):
        for line in script.splitlines():
            words = line.split()
            match words:
                case ["make", target, *_]:
                    assert target in targets, line
                case [".venv/bin/python", "-m", module, *_]:
                    assert find_spec(module), line
                case [".venv/bin/lakeflow", verb, *_]:
                    assert verb in VERBS, line
                case ["echo", *_]:
                    assert re.search(r"::add-matcher::(\S+)\"", line), line
                case [file]:
                    assert (ROOT / file).is_file(), line
                case _:
                    pytest.fail(f"not a command of this project: {line}")


# Errors become annotations


def annotations(line: str) -> list[dict[str, str]]:
    """Return what the problem matchers make of a line of the log."""
    found = []
    for matcher in json.loads((GITHUB / "errors.json").read_text(encoding="utf-8"))["problemMatcher"]:
        (pattern,) = matcher["pattern"]
        matched = re.search(pattern["regexp"], line)
        if matched:
            keys = ("file", "line", "column", "message")
            found.append({key: matched[pattern[key]] for key in keys if key in pattern and matched[pattern[key]]})
    return found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "error: environments/prod.yaml:53:3: compute.max_wrkers: unknown key; did you mean max_workers?",
            {
                "file": "environments/prod.yaml",
                "line": "53",
                "column": "3",
                "message": "compute.max_wrkers: unknown key; did you mean max_workers?",
            },
        ),
        (
            "error: stacks/daily_sales.py:3: invalid syntax: frm datetime import timedelta",
            {
                "file": "stacks/daily_sales.py",
                "line": "3",
                "message": "invalid syntax: frm datetime import timedelta",
            },
        ),
        (
            "error: prod/daily-sales/job (stacks/daily_sales.py:91): two tasks have the key 'a'; rename one",
            {
                "file": "stacks/daily_sales.py",
                "line": "91",
                "message": "prod/daily-sales/job (stacks/daily_sales.py:91): two tasks have the key 'a'; rename one",
            },
        ),
        ("error: prod: terraform plan failed", {"message": "prod: terraform plan failed"}),
        ("error: host is (of: nothing) here", {"message": "host is (of: nothing) here"}),
    ],
)
def test_an_error_becomes_one_annotation(line: str, expected: dict[str, str]) -> None:
    assert annotations(line) == [expected]


@pytest.mark.parametrize("line", ["no error: at all", "note: the sources changed", "make: *** [synth] Error 1"])
def test_other_lines_become_none(line: str) -> None:
    assert annotations(line) == []


# Linters


def lint(tool: str, *words: str) -> None:
    """Run a linter of the development environment, which asks nobody."""
    binary = Path(sys.executable).with_name(tool)
    ended = subprocess.run([binary, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_zizmor_finds_nothing() -> None:
    lint("zizmor", "--offline", "--no-progress", "--persona=pedantic", "--config=.github/zizmor.yml", ".github")


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", WORKFLOWS),
        ("github-actions", ACTIONS),
        ("dependabot", [GITHUB / "dependabot.yml"]),
    ],
)
def test_the_schemas_of_github_agree(schema: str, files: list[Path]) -> None:
    lint("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, files))


def test_the_azure_pipeline_of_the_documentation(tmp_path: Path) -> None:
    """It is what Azure takes, and runs commands that exist."""
    text = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (pipeline,) = [block for block in blocks if "stages:" in block]
    file = tmp_path / "azure-pipelines.yml"
    # The schema knows the tasks that come with Azure Pipelines, not those of extensions.
    builtin = re.sub(r"task: TerraformInstaller@1\n +inputs: .*", "script: terraform version", pipeline)
    file.write_text(builtin, encoding="utf-8")
    options = ("--data-transform", "azure-pipelines", "--regex-variant", "nonunicode")
    lint("check-jsonschema", "--builtin-schema", "vendor.azure-pipelines", *options, str(file))
    for script in re.findall(r"inlineScript: \|\n((?: {18,}.*\n)+)", pipeline):
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)
    for verb in re.findall(r"python -m tools\.terraform (\w+)", pipeline):
        assert verb in terraform.VERBS
    for verb in re.findall(r"bin/lakeflow (\w+)", pipeline):
        assert verb in VERBS
