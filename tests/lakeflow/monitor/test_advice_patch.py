"""The patch of advice: git and patch take it, the environments load, and the job is what was advised."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from environments import load
from lakeflow.monitor.advice import Advice, Edit
from lakeflow.monitor.patch import patch
from lakeflow.monitor.places import located
from lakeflow.monitor.rules import advise
from lakeflow.stack_map import StackMap
from tests.lakeflow.monitor.test_advice_places import advice
from tests.support.facts import NOW, durations, facts, job, stats
from tests.support.project import Project

pytestmark = pytest.mark.slow

QUICK = job("daily-sales", current=stats(durations(p50=35, p95=39, longest=41)))
"""Runs of 41 minutes at most, warned of after 90, under a timeout of three hours."""


def git(root: Path, *words: str, text: str | None = None) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "core.autocrlf=false")
    ended = subprocess.run(["git", *who, *words], cwd=root, input=text, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture
def repository(project: Project) -> Project:
    """The sample, synthesised and in a Git repository of its own."""
    assert project.synth("prod").returncode == 0
    git(project.root, "init", "-q")
    git(project.root, "add", ".")
    git(project.root, "commit", "-qm", "sample")
    return project


def suggested(project: Project) -> str:
    stack = StackMap.read("prod", project.root / "cdktf.out")
    found = [each for each in advise(facts(QUICK), stack, NOW) if each.rule == "T1"]
    return patch(located(found, stack, project.root), project.root)


def test_the_patch_of_a_loose_timeout_applies_and_the_job_has_the_new_one(repository: Project) -> None:
    text = suggested(repository)
    assert text == (
        "--- a/environments/prod.yaml\n"
        "+++ b/environments/prod.yaml\n"
        "@@ -84,5 +84,6 @@\n"
        "     train_model: true\n"
        "     # An ordinary week is 20 to 40 dollars; 100 is a cluster that does not stop, or a retry that repeats.\n"
        "     weekly_budget: 100\n"
        "+    timeout_minutes: 108\n"
        "   document_intake:\n"
        "     parallel_documents: 20\n"
    )
    subprocess.run(["patch", "-p1", "--dry-run"], cwd=repository.root, input=text.encode(), check=True)
    git(repository.root, "apply", text=text)
    assert git(repository.root, "diff", "--stat", "environments").count("|") == 1
    assert repository.synth("prod", "test").returncode == 0
    timeouts = {
        stack: repository.map(stack)["jobs"]["daily-sales"]["settings"]["timeout_seconds"] for stack in ("prod", "test")
    }
    assert timeouts == {"prod": 6480, "test": 10800}
    assert suggested(repository) == ""


def test_values_in_python_are_lines_before_the_diff(repository: Project) -> None:
    stack = StackMap.read("prod", repository.root / "cdktf.out")
    given = [
        advice("daily-sales", "timeout_seconds", 10800, 3720),
        replace(advice("document-intake", "timeout_seconds", 3600, 1560), title="loose"),
        replace(advice("daily-sales", "max_retries", 1, 0, "publish"), rule="R2", title="retries that never helped"),
        advice("live-orders", "new_cluster.node_type_id", "Standard_E8ds_v5", "Standard_E16ds_v5", "stream"),
        advice("daily-sales", "depends_on", None, None, "train"),
    ]
    text = patch(located(given, stack, repository.root), repository.root)
    lines = text.splitlines()
    assert lines[:4] == [
        "stacks/document_intake.py:83: write timeout=timedelta(minutes=26)  # T1: document-intake: loose",
        "stacks/daily_sales.py:89: write retries=Retries(0)  # R2: daily-sales, publish: retries that never helped",
        "environments/prod.yaml:50: write node_type: Standard_E16ds_v5  # T1: live-orders, stream: found "
        "(others take it from there too)",
        "",
    ]
    assert lines[4] == "--- a/environments/prod.yaml"
    git(repository.root, "apply", text=text)
    assert load("prod", repository.root / "environments").products.daily_sales.timeout_minutes == 62


def test_several_edits_of_one_file_keep_comments_and_both_ends_of_lines(repository: Project) -> None:
    path = repository.root / "environments" / "prod.yaml"
    said = path.read_text().replace(
        "train_model: true\n", "train_model: true # all of it\n    timeout_minutes: 180   # long\n"
    )
    path.write_bytes(said.replace("\n", "\r\n").removesuffix("\r\n").encode())
    git(repository.root, "commit", "-qam", "on Windows")
    before = path.read_bytes()
    stack = StackMap.read("prod", repository.root / "cdktf.out")
    given = [
        advice("daily-sales", "timeout_seconds", 10800, 3720),
        advice("daily-sales", "schedule.quartz_cron_expression", "0 30 5 * * ?", "0 32 5 * * ?"),
    ]
    text = patch(located(given, stack, repository.root), repository.root)
    subprocess.run(["git", "apply"], cwd=repository.root, input=text.encode(), check=True)
    assert path.read_bytes() == before.replace(
        b"timeout_minutes: 180   # long", b"timeout_minutes: 62   # long"
    ).replace(b"weekly_budget: 100", b"weekly_budget: 100\r\n    starts_at: 05:32")
    sales = load("prod", repository.root / "environments").products.daily_sales
    assert (sales.timeout_minutes, f"{sales.starts_at:%H:%M}") == (62, "05:32")


def edited(line: int, old: str, new: str, rule: str = "T1") -> Advice:
    edit = Edit(file="a.yaml", line=line, column=6, old=old, new=new)
    return replace(advice("sales", "timeout_seconds", 60, 120), rule=rule, edit=edit)


def test_a_last_line_without_an_end(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"one: 1\ntwo: 2")
    text = patch([edited(2, "2", "3")], tmp_path)
    assert text.endswith("-two: 2\n\\ No newline at end of file\n+two: 3\n\\ No newline at end of file\n")
    git(tmp_path, "apply", text=text)
    assert (tmp_path / "a.yaml").read_bytes() == b"one: 1\ntwo: 3"


def test_the_same_edit_twice_is_made_once_and_a_second_opinion_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("one: 1\n")
    first, again = edited(1, "1", "2"), edited(1, "1", "2", "T2")
    text = patch([first, again, edited(1, "1", "3", "C1")], tmp_path)
    assert text.splitlines()[-2:] == ["-one: 1", "+one: 2"]


def put_in(*lines: str) -> Advice:
    edit = Edit(file="a.yaml", line=1, column=7, old="", new="".join(f"\n{line}" for line in lines))
    return replace(advice("sales", "timeout_seconds", 60, 120), edit=edit)


def test_what_belongs_to_a_group_that_the_file_does_not_have_yet_is_put_in_together(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("one: 1\n")
    group = ("products:", "  sales:")
    given = [
        put_in(*group, "    timeout: 1"),
        put_in("products:", "  returns:", "    timeout: 2"),
        put_in(*group, "    starts: 05:30"),
        put_in(*group, "    starts: 05:30"),
        put_in(*group, "    timeout: 3"),  # a second opinion
    ]
    git(tmp_path, "apply", text=patch(given, tmp_path))
    lines = (tmp_path / "a.yaml").read_text().splitlines()
    assert lines == [
        "one: 1",
        "products:",
        "  returns:",
        "    timeout: 2",
        "  sales:",
        "    starts: 05:30",
        "    timeout: 1",
    ]


def test_nothing_to_write_is_an_empty_patch() -> None:
    assert patch([]) == ""
