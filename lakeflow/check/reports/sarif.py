"""What a check found as SARIF 2.1.0, which code scanning and editors read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
import sys
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from constructs_lib.rules import Severity, pointer
from lakeflow.check.codes import About, known
from lakeflow.check.report import Found, Report
from lakeflow.documents.texts import Position

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT = "%SRCROOT%"


def show(report: Report) -> None:
    """Write one run: the rules that found something, what they found, and what could not be read."""
    broken = sorted({each.finding.code for each in report.found})
    about = known()
    rules = [_rule(about[code]) for code in broken]
    run = {
        "tool": {"driver": {"name": "lakeflow", "version": metadata.version("lakeflow-jobs"), "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder in which lakeflow was started."}}},
        "invocations": [
            {
                "executionSuccessful": not report.unreadable,
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": str(error)}} for error in report.unreadable
                ],
            }
        ],
        "results": [_result(each, broken.index(each.finding.code)) for each in report.found],
    }
    sys.stdout.write(json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n")


def _rule(about: About) -> dict[str, Any]:
    why = about.why or about.title
    rule: dict[str, Any] = {
        "id": about.code,
        "shortDescription": {"text": about.title},
        "fullDescription": {"text": why},
        "help": {"text": f"{why}\n\n{about.source}".strip()},
        "defaultConfiguration": {"level": _LEVELS[about.severity]},
    }
    if about.source.startswith("https://") and " " not in about.source:
        rule["helpUri"] = about.source
    return rule


def _result(each: Found, index: int) -> dict[str, Any]:
    finding = each.finding
    path = pointer(finding.path)
    logical: dict[str, Any] = {"fullyQualifiedName": path, "kind": "member"}
    if each.job:
        logical["name"] = each.job
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}; {finding.hint}" if finding.hint else finding.message},
        "locations": [{"physicalLocation": _physical(each.file, each.position), "logicalLocations": [logical]}],
    }


def _physical(file: str, position: Position) -> dict[str, Any]:
    region = {"startLine": position.line, "startColumn": position.column}
    path = Path(file)
    if path.is_absolute():
        return {"artifactLocation": {"uri": path.as_uri()}, "region": region}
    return {"artifactLocation": {"uri": quote(path.as_posix()), "uriBaseId": _ROOT}, "region": region}
