"""What a check found as annotations of a pull request on GitHub.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

import sys

from constructs_lib.rules import Severity
from lakeflow.check.report import Found, Report
from lakeflow.check.texts import encodable

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def show(report: Report) -> None:
    """Write a line for each finding."""
    for each in report.found:
        sys.stdout.write(encodable(_line(each), sys.stdout.encoding) + "\n")


def _line(each: Found) -> str:
    finding = each.finding
    properties = {
        "file": each.file,
        "line": str(each.position.line),
        "col": str(each.position.column),
        "title": finding.code,
    }
    said = ",".join(f"{name}={value.translate(_IN_PROPERTY)}" for name, value in properties.items())
    message = f"{finding.message}\n{finding.hint}".strip()
    return f"::{_LEVELS[finding.severity]} {said}::{message.translate(_IN_MESSAGE)}"
