"""What a check found as annotations of a pull request on GitHub.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

import sys

from constructs_lib.rules import Severity
from lakeflow.check.report import Found, Report
from lakeflow.documents.texts import encodable

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def show(report: Report) -> None:
    """Write a line for each finding."""
    for each in report.found:
        sys.stdout.write(encodable(_line(each), sys.stdout.encoding) + "\n")


def _place(each: Found) -> dict[str, str | int]:
    return {"file": each.file, "line": each.position.line, "col": each.position.column}


def _line(each: Found) -> str:
    finding = each.finding
    # A generated document is in no pull request: there the code is, that makes the job.
    place = {"file": each.code, "line": each.code_line} if each.code else _place(each)
    properties = {**{name: str(value) for name, value in place.items()}, "title": finding.code}
    said = ",".join(f"{name}={value.translate(_IN_PROPERTY)}" for name, value in properties.items())
    message = f"{finding.message}\n{finding.hint}".strip()
    return f"::{_LEVELS[finding.severity]} {said}::{message.translate(_IN_MESSAGE)}"
