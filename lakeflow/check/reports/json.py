"""What a check found as JSON; `path` is a JSON Pointer (RFC 6901) into the file as given.

    {"findings": [{"file", "job", "code", "severity", "path", "message", "hint"}],
     "summary": {"error", "warning", "info", "jobs", "files"}}

A file of several documents, as JSON lines are, is to a pointer what a list of them would be.
"""

import json
import sys

from constructs_lib.rules import Severity
from lakeflow.check.report import Report


def show(report: Report) -> None:
    """Write the findings and how many there are."""
    findings = [{"file": each.file, "job": each.job, **each.finding.to_json()} for each in report.found]
    counts = {severity.value: report.count(severity) for severity in Severity}
    summary = {**counts, "jobs": report.jobs, "files": report.files}
    sys.stdout.write(json.dumps({"findings": findings, "summary": summary}, indent=2) + "\n")
