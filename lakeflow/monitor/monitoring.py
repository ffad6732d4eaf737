"""One call of the verb: from its arguments to what it writes and its exit status."""

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path

from constructs_lib.errors import LakeflowError, nearest
from lakeflow import clock
from lakeflow.documents.texts import encodable
from lakeflow.history.facts import Facts
from lakeflow.monitor.advising import advised
from lakeflow.monitor.report import Report
from lakeflow.monitor.sources import facts_of
from lakeflow.stack_map import StackMap

LONGEST = 180
"""Days of a period: system tables keep a year, and there are two."""
_BY_SUFFIX = {".md": "markdown", ".markdown": "markdown", ".json": "json", ".html": "html", ".htm": "html"}


def monitor(arguments: argparse.Namespace) -> int:
    """Do what the arguments ask for, and return the exit status."""
    now = clock.now(arguments.now)
    form = _form(arguments)
    stack = StackMap.read(arguments.env, arguments.folder)
    facts = facts_of(arguments, stack, now)
    if arguments.view == "record":
        from lakeflow.history.recorded import write

        _written(write(facts), arguments.output)
        return 0
    # What was recorded is judged as of then.
    report = _report(facts, stack, now if arguments.now else facts.asked_at, arguments.job)
    if arguments.patch:
        from lakeflow.monitor.patch import patch

        _written(patch(report.advice), arguments.output)
    else:
        _show(report, arguments.view, form, arguments.output)
    return int(_found(report, arguments.view, arguments.fail_on))


def _form(arguments: argparse.Namespace) -> str:
    """Return the format; raise LakeflowError where the arguments do not go together."""
    view, output = arguments.view, arguments.output
    if not 1 <= arguments.days <= LONGEST:
        raise LakeflowError(f"--days: {arguments.days} is no length of a period", fix=f"write 1 to {LONGEST}")
    if arguments.patch and view != "suggest":
        raise LakeflowError(f"--patch: {view} makes no patch", fix="lakeflow monitor suggest --patch does")
    if arguments.patch and arguments.format:
        raise LakeflowError("--patch has a format of its own", fix="leave out --format")
    if view == "record" and arguments.format not in {None, "json"}:
        raise LakeflowError("record writes facts, which are JSON", fix="leave out --format")
    if view == "record" and arguments.job:
        raise LakeflowError("record writes the facts of all jobs", fix="leave out --job")
    form = arguments.format or _BY_SUFFIX.get(output.suffix.lower() if output else "", "text")
    if form == "html" and view != "report":
        if arguments.format:
            raise LakeflowError(f"there is no page of {view}", fix="the page of report has everything")
        form = "text"
    return str(form)


def _report(facts: Facts, stack: StackMap, now: datetime, job: str | None) -> Report:
    report = advised(facts, stack, now)
    if job is None:
        return report
    found = report.of_job(job)
    if not found.jobs and job not in facts.undeployed:
        keys = [each.key or each.job_id for each in facts.jobs]
        hint = nearest(job, keys)
        raise LakeflowError(
            f"nothing is known of a job {job!r}", place="--job", fix=f"did you mean {hint!r}?" if hint else None
        )
    return found


def _found(report: Report, view: str, fail_on: str) -> bool:
    """Return whether there is something of what is shown that makes the exit status 1."""
    suggestions = bool(report.advice) and view in {"report", "suggest"} and fail_on in {"any", "suggestions"}
    drift = bool(report.oddities) and view in {"report", "drift"} and fail_on in {"any", "drift"}
    return suggestions or drift


def _show(report: Report, view: str, form: str, output: Path | None) -> None:
    if form == "text":
        from lakeflow.monitor.reports import text

        lines = text.LINES[view]
        if output is None:
            text.show(lambda width: lines(report, width))
        else:
            _written(text.plain(lines(report, text.PLAIN_WIDTH)), output)
        return
    render: Callable[[Report, str], str] = import_module(f"lakeflow.monitor.reports.{form}").render
    _written(render(report, view), output)


def _written(text: str, output: Path | None) -> None:
    if output is not None:
        try:
            output.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise LakeflowError(f"cannot be written: {error.strerror}", place=str(output)) from None
        return
    # What is not for a person is UTF-8 wherever it goes; a terminal that cannot show a letter gets an escape.
    if sys.stdout.isatty():
        sys.stdout.write(encodable(text, sys.stdout.encoding))
    else:
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.flush()
