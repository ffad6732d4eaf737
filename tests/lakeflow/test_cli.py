"""The command as a whole: its verbs, its errors, its exit status."""

import subprocess
import sys

import pytest

from lakeflow.cli import VERBS, main
from tests.support.project import ROOT


def test_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    for verb, does in VERBS.items():
        assert f"  {verb:<10}{does}" in shown


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0
    assert f"lakeflow {verb}" in capsys.readouterr().out


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "lakeflow 0.1.0\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["grpah"], "error: there is no verb 'grpah'; did you mean 'graph'?\n"),
        (["zzz"], "error: there is no verb 'zzz'; lakeflow --help lists them\n"),
    ],
)
def test_an_unknown_verb(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err == message


def test_unusable_arguments_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["synth", "--nwo", "x"])
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1


def test_a_reader_that_goes_away_is_no_error() -> None:
    ended = subprocess.run(
        f"{sys.executable} -m lakeflow --help | true", shell=True, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.stderr == ""
