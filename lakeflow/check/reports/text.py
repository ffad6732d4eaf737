"""What a check found, for people.

On a terminal in groups and colours; elsewhere a line for each finding, which editors and other tools can read.
"""

import sys
from collections.abc import Iterator
from itertools import groupby

from constructs_lib.rules import Severity
from lakeflow.check.report import Found, Report
from lakeflow.documents.texts import encodable, visible

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def show(report: Report) -> None:
    """Write the findings, and a line with how many there are."""
    if sys.stdout.isatty():
        _show_on_terminal(report)
        return
    lines = (line for each in report.found for line in _lines(each))
    for line in (*lines, *_accepted(report), _summary(report)):
        sys.stdout.write(encodable(line, sys.stdout.encoding) + "\n")


def _lines(each: Found) -> Iterator[str]:
    """Yield `file:line:column: error LF103 what is wrong`, and below it what to do."""
    finding = each.finding
    place = f"{each.file}:{each.position.line}:{each.position.column}"
    yield visible(f"{place}: {finding.severity.value} {finding.code} {finding.message}")
    if finding.hint:
        yield visible(f"    {finding.hint}")


def _accepted(report: Report) -> Iterator[str]:
    for job, code, reason in report.accepted:
        yield visible(f"accepted: {code} in {job}: {reason}")


def _show_on_terminal(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    for (file, job), group in groupby(report.found, key=lambda each: (each.file, each.job)):
        console.print(Text.assemble((_printed(file), "bold"), "  ", _printed(job)))
        table = Table.grid(padding=(0, 2))
        for each in group:
            finding = each.finding
            table.add_row(
                Text(f"  {each.position.line}:{each.position.column}", "dim"),
                Text(finding.severity.value, _COLOURS[finding.severity]),
                Text(finding.code, "dim"),
                Text.assemble(_printed(finding.message), "\n" if finding.hint else "", (_printed(finding.hint), "dim")),
            )
        console.print(table)
        console.print()
    for line in _accepted(report):
        console.print(Text(_printed(line), "dim"))
    console.print(Text(_printed(_summary(report)), "bold" if report.found else "green"))


def _printed(text: str) -> str:
    return encodable(visible(text), sys.stdout.encoding)


def _summary(report: Report) -> str:
    counts = [_counted(number, severity.value) for severity in Severity if (number := report.count(severity))]
    counts = [count.replace("infos", "info") for count in counts]
    where = f"{_counted(report.jobs, 'job')} of {_counted(report.files, 'file')}"
    unread = f"; {_counted(len(report.unreadable), 'file')} not readable" if report.unreadable else ""
    return f"{', '.join(counts) or 'no findings'} in {where}{unread}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
