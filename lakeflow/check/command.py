"""Hold jobs against the rules: REST job JSON, Terraform JSON, plans and states, bundles, and lists of these.

What a file is, is told by what stands in it. Without a FILE the stacks that synth wrote are checked. Exit status: 0
nothing at or above --fail-on, 1 findings, 2 something could not be read.
"""

import argparse
import sys
from collections.abc import Callable
from importlib import import_module

from constructs_lib.errors import LakeflowError
from constructs_lib.forms.found import found_jobs
from constructs_lib.rules import Finding, Policies, Severity
from lakeflow.check.codes import Selection
from lakeflow.check.judging import judged
from lakeflow.check.mapped import NOT_MAPPED, mapped_beside
from lakeflow.check.policies import policies
from lakeflow.check.report import Found, Report
from lakeflow.documents.reading import Document
from lakeflow.documents.sources import Source, sources
from lakeflow.documents.texts import Position, encodable, visible

_FORMATS = ("text", "json", "sarif", "github")
_START = Position(1, 1)
_UNREADABLE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `lakeflow check`."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="file or folder; - is standard input")
    parser.add_argument("--format", choices=_FORMATS, default="text", help="default: text")
    parser.add_argument(
        "--fail-on",
        choices=(*(severity.value for severity in Severity), "never"),
        default="error",
        help="least severity of a finding that fails; default: error",
    )
    parser.add_argument("--select", action="append", metavar="CODES", help="only these: LF103, or LF1 for all such")
    parser.add_argument("--ignore", action="append", metavar="CODES", help="all but these")
    parser.add_argument("--env", metavar="ENV", help="apply the policies of this environment")


def run(arguments: argparse.Namespace) -> int:
    """Check and report; raise LakeflowError where the arguments are unusable."""
    check = _Check(
        Selection.of(arguments.select, arguments.ignore),
        policies(arguments.env),
        with_positions=arguments.format != "json",
    )
    for source in sources(arguments.files, arguments.env):
        check.source(source)
    show: Callable[[Report], None] = import_module(f"lakeflow.check.reports.{arguments.format}").show
    show(check.report)
    if check.report.unreadable:
        return _UNREADABLE
    failing = [
        each for each in Severity if arguments.fail_on != "never" and each.rank >= Severity(arguments.fail_on).rank
    ]
    return int(check.report.reaches(failing))


class _Check:
    """Goes through files and keeps what it finds."""

    def __init__(self, selection: Selection, house: Policies, *, with_positions: bool) -> None:
        self.selection = selection
        self.house = house
        self.with_positions = with_positions
        self.report = Report()

    def source(self, source: Source) -> None:
        """Check a file; what cannot be read is said at once, and does not keep others from being checked."""
        try:
            document = source.document()
            jobs = self._document(document, named=source.named) if document else 0
        except LakeflowError as error:
            self.report.unreadable.append(error)
            _say(f"error: {error}")
            return
        if source.named and not jobs:
            _say(f"note: {source.label}: holds no job")

    def _document(self, document: Document, *, named: bool) -> int:
        """Check what stands in a file and return how many jobs that are."""
        found: list[tuple[str, Finding]] = []
        mapped = mapped_beside(document.label)
        jobs = 0
        try:
            for job in found_jobs(document.value, named=named):
                jobs += 1
                reasons = mapped.get(job.name, NOT_MAPPED).accepted
                for each in judged(job, self.house):
                    if each.code in reasons:
                        self.report.accepted.append((job.name, each.code, reasons[each.code]))
                    elif self.selection.takes(each):
                        found.append((job.name, each))
        except RecursionError:
            raise LakeflowError("nested too deeply", place=document.label) from None
        places = document.positions([each.path for _, each in found]) if self.with_positions and found else {}
        for name, finding in found:
            code = mapped.get(name, NOT_MAPPED)
            place = places.get(finding.path, _START)
            self.report.found.append(Found(document.label, name, finding, place, code.file, code.line))
        self.report.jobs += jobs
        self.report.files += jobs > 0
        return jobs


def _say(line: str) -> None:
    sys.stderr.write(encodable(visible(line), sys.stderr.encoding) + "\n")
