"""The verb: what it takes, what it writes where, and how it ends."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lakeflow.history import recorded
from lakeflow.history.facts import JobFacts
from lakeflow.monitor.command import VIEWS
from lakeflow.monitor.progress import progress
from tests.lakeflow.monitor.conftest import Monitor, write_map
from tests.support import facts
from tests.support.project import ROOT
from tests.support.team_history import stack, team
from tests.test_structure import SLOW

TIGHT = facts.job("sales", facts.stats(facts.durations(28, p50=40, p95=44, longest=44.5)))


@pytest.fixture
def recording(tmp_path: Path) -> str:
    """Facts of the team, and the map of its stack beside them."""
    write_map(stack(), tmp_path)
    (tmp_path / "facts.json").write_text(recorded.write(team(days=28)), encoding="utf-8")
    return "facts.json"


def prepare(folder: Path, *jobs: JobFacts) -> None:
    """Write facts and the map of a stack with the one job `sales`."""
    write_map(facts.stack(), folder)
    (folder / "facts.json").write_text(recorded.write(facts.facts(*jobs)), encoding="utf-8")


def test_a_report_of_recorded_facts(monitor: Monitor, recording: str) -> None:
    ended = monitor("report", "--env", "prod", "--source", recording)
    assert ended.status == 1
    assert ended.err == ""
    assert ended.out.splitlines()[1].startswith("28 days until 23 Nov 2026 05:00 UTC, from system tables · ")
    assert "daily-sales  " in ended.out


@pytest.mark.parametrize(
    ("suffix", "begins"),
    [(".html", "<!doctype html>"), (".md", "<!-- lakeflow-monitor:v1 env=prod -->"), (".json", "{\n"), (".txt", " ")],
)
def test_the_name_of_a_file_says_its_format(
    monitor: Monitor, recording: str, tmp_path: Path, suffix: str, begins: str
) -> None:
    ended = monitor("report", "--env", "prod", "--source", recording, "--output", f"report{suffix}")
    assert (ended.status, ended.out) == (1, "")
    assert (tmp_path / f"report{suffix}").read_text(encoding="utf-8").startswith(begins)


def test_recorded_facts_are_the_same_again(monitor: Monitor, recording: str, tmp_path: Path) -> None:
    ended = monitor("record", "--env", "prod", "--source", recording, "--output", "again.json")
    assert (ended.status, ended.out) == (0, "")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / recording).read_bytes()
    assert monitor("record", "--env", "prod", "--source", recording).document["environment"] == "prod"


def test_only_one_job(monitor: Monitor, recording: str) -> None:
    found = monitor("report", "--env", "prod", "--source", recording, "--job", "finance-close", "--format", "json")
    assert [job["job"] for job in found.document["jobs"]] == ["finance-close"]
    ended = monitor("report", "--env", "prod", "--source", recording, "--job", "finance-clsoe")
    assert ended.status == 2
    assert ended.err == ("error: --job: nothing is known of a job 'finance-clsoe'; did you mean 'finance-close'?\n")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["report"], 1),
        (["report", "--fail-on", "never"], 0),
        (["report", "--fail-on", "suggestions"], 1),
        (["suggest"], 1),
        (["suggest", "--fail-on", "drift"], 0),
        (["drift", "--fail-on", "suggestions"], 0),
        (["record", "--fail-on", "any"], 0),
    ],
)
def test_suggestions_are_findings(monitor: Monitor, tmp_path: Path, words: list[str], status: int) -> None:
    prepare(tmp_path, TIGHT)
    assert monitor(*words, "--env", "prod", "--source", "facts.json").status == status


def test_nothing_to_say_is_0(monitor: Monitor, tmp_path: Path) -> None:
    prepare(tmp_path)
    for view in VIEWS:
        assert monitor(view, "--env", "prod", "--source", "facts.json").status == 0


def test_drift_is_a_finding(monitor: Monitor, tmp_path: Path) -> None:
    prepare(tmp_path, facts.job(), facts.job(None, job_id="7", name="somebody's"))
    ended = monitor("drift", "--env", "prod", "--source", "facts.json")
    assert ended.status == 1
    assert "unowned  somebody's (id 7)" in ended.out
    assert monitor("drift", "--env", "prod", "--source", "facts.json", "--fail-on", "never").status == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report", "--patch"], "--patch: report makes no patch; lakeflow monitor suggest --patch does"),
        (["suggest", "--patch", "--format", "json"], "--patch has a format of its own; leave out --format"),
        (["record", "--format", "html"], "record writes facts, which are JSON; leave out --format"),
        (["record", "--job", "x"], "record writes the facts of all jobs; leave out --job"),
        (["drift", "--format", "html"], "there is no page of drift; the page of report has everything"),
        (["report", "--days", "0"], "--days: 0 is no length of a period; write 1 to 180"),
        (
            ["report", "--source", "facts.json", "--warehouse", "w"],
            "--warehouse is for system tables; leave it out, or write --source system-tables",
        ),
        (["report", "--source", "system-table"], "--source: there is no 'system-table'; did you mean 'system-tables'?"),
        (["report", "--source", "nowhere.json"], "nowhere.json: cannot be read: No such file or directory"),
        (["report", "--source", "facts.json", "--output", "no/where.txt"], "no/where.txt: cannot be written: "),
        (["report", "--now", "yesterday"], "--now: 'yesterday' is no time"),
    ],
)
def test_unusable_arguments_are_one_line(monitor: Monitor, tmp_path: Path, words: list[str], said: str) -> None:
    prepare(tmp_path)
    ended = monitor(*words, "--env", "prod")
    assert ended.status == 2
    assert ended.err.startswith(f"error: {said}")
    assert len(ended.err.splitlines()) == 1
    assert ended.out == ""


def test_facts_of_another_stack(monitor: Monitor, recording: str, tmp_path: Path) -> None:
    write_map(facts.stack(), tmp_path)
    text = (tmp_path / recording).read_text(encoding="utf-8").replace('"environment": "prod"', '"environment": "test"')
    (tmp_path / recording).write_text(text, encoding="utf-8")
    ended = monitor("report", "--env", "prod", "--source", recording)
    assert ended.status == 2
    assert ended.err == (
        "error: facts.json: holds facts of test, not of prod; write --env test, or record those of prod\n"
    )


def test_help_loads_nothing_slow() -> None:
    program = (
        "import sys\nfrom lakeflow import cli\ncli.VERBS['monitor'] = ''\n"
        "try:\n    cli.main(['monitor', '--help'])\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', [name for name in {(*SLOW, 'duckdb', 'sqlglot')!r} if name in sys.modules])\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ended.stdout.splitlines()[-1] == "LOADED []"
    assert "lakeflow monitor suggest --env prod" in ended.stdout


def test_the_view_is_needed(monitor: Monitor) -> None:
    with pytest.raises(SystemExit) as ended:
        monitor("--env", "prod")
    assert ended.value.code == 2


def test_a_workspace_without_jobs(monitor: Monitor, tmp_path: Path) -> None:
    write_map(facts.stack({}), tmp_path)
    empty = replace(facts.facts(), jobs=())
    (tmp_path / "facts.json").write_text(recorded.write(empty), encoding="utf-8")
    for form in ("text", "markdown", "json", "html"):
        ended = monitor("report", "--env", "prod", "--source", "facts.json", "--format", form)
        assert (ended.status, ended.err) == (0, "")
        assert "no jobs" in ended.out or form == "json"


def test_progress_is_for_a_terminal(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def read() -> tuple[str, str]:
        with progress("system-tables") as told:
            told(3, 13, "their runs")
            told(0, 0, "job_stats waits for the SQL warehouse")
        said = capfd.readouterr()
        return said.out, said.err

    assert read() == ("", "")
    monkeypatch.setenv("FORCE_COLOR", "1")  # what Rich takes for a terminal
    out, err = read()
    assert out == ""
    assert "system-tables: job_stats waits for the SQL warehouse" in err
    assert "3/13" in err
