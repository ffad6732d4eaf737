"""SARIF and annotations of GitHub, whose readers take nothing else than what is specified."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from constructs_lib.rules import Finding, Severity
from lakeflow.check.report import Found, Report
from lakeflow.check.reports import github, sarif
from lakeflow.documents.texts import Position
from tests.lakeflow.check.support import LOST, Check, notebook, settings
from tests.support.project import ROOT

BAD = settings(notebook("a"), LOST, max_concurrent_runs=0)


SCHEMA = ROOT / "node_modules" / "@microsoft" / "jest-sarif" / "lib" / "schemas" / "sarif-2.1.0-rtm.5.json"


@cache
def schema() -> Any:
    if not SCHEMA.is_file():
        pytest.fail(f"{SCHEMA.relative_to(ROOT)} is missing: make node_modules/.package-lock.json sets it up")
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


def valid(text: str) -> Any:
    document = json.loads(text)
    assert not [error.message for error in Draft4Validator(schema()).iter_errors(document)]
    (run,) = document["runs"]
    return run


def test_sarif(check: Check) -> None:
    run = valid(check("a.json", "nope.json", "--select", "LF108,LF541", "--format", "sarif", a_json=BAD).out)
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert set(rules) == {"LF108", "LF541"}
    assert all(rule["help"]["text"] and rule["fullDescription"]["text"] for rule in rules.values())
    assert rules["LF541"]["defaultConfiguration"] == {"level": "warning"}
    found = {result["ruleId"]: result for result in run["results"]}
    result = found["LF108"]
    assert result["level"] == "error"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "LF108"
    (location,) = result["locations"]
    at = json.dumps(BAD).index('"nope"') + 1
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "a.json", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 1, "startColumn": at},
    }
    assert location["logicalLocations"] == [
        {"name": "daily", "fullyQualifiedName": "/tasks/1/depends_on/1/task_key", "kind": "member"}
    ]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "nope.json" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_sarif_of_nothing(check: Check) -> None:
    run = valid(check("a.json", "--format", "sarif", a_json=settings()).out)
    assert run["results"] == []
    assert run["invocations"][0]["executionSuccessful"] is True


def report(file: str, message: str, job: str = "") -> Report:
    finding = Finding("LF001", Severity.INFO, ("a/b", 0), message, "")
    return Report([Found(file, job, finding, Position(3, 4))])


@pytest.mark.parametrize("file", ["-", "a b/ü%.json", "/tmp/x.json", "..\\x.json"])
def test_any_name_of_a_file_is_a_uri(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    sarif.show(report(file, "half a character: \ud800"))
    uri = valid(capsys.readouterr().out)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert " " not in uri
    assert uri.startswith("file:///") is Path(file).is_absolute()


def test_annotations(check: Check) -> None:
    lines = check("a.json", "--select", "LF108,LF541", "--format", "github", a_json=BAD).out.splitlines()
    at = json.dumps(BAD).index('"nope"') + 1
    wanted = (
        f"::error file=a.json,line=1,col={at},title=LF108::task 'b': depends on 'nope', which is no task of the job"
    )
    assert any(line.startswith(wanted) for line in lines)
    assert any(line.startswith("::warning file=a.json,line=1,col=") for line in lines)


def test_annotations_of_a_stack_are_on_the_code_that_makes_the_job(check: Check) -> None:
    address = "databricks_job.daily"
    document = {"resource": {"databricks_job": {"daily": {"name": "daily", "task": [{"task_key": "a b"}]}}}}
    code = {"jobs": {"daily": {"address": address, "accepted": {}, "source": {"file": "stacks/daily.py", "line": 91}}}}
    check("x.json", x_json=BAD, **{"s__cdk.tf.json": document, "s__lakeflow.json": code})
    lines = check("s/cdk.tf.json", "--format", "github").out.splitlines()
    assert lines
    assert all(line.partition(",title=")[0].partition(" ")[2] == "file=stacks/daily.py,line=91" for line in lines)


def test_annotations_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    github.show(report("a,b:c%.json", "100% of\r\n::error::it, \x1b \ud800"))
    said = capsys.readouterr().out
    assert said == (
        "::notice file=a%2Cb%3Ac%25.json,line=3,col=4,title=LF001::100%25 of%0D%0A::error::it, \x1b \\ud800\n"
    )
