"""A review as Markdown for GitHub, never longer than asked for.

What does not fit is left out in steps, and what was left out is said. A comment holds 65,536 characters, a job summary
1,024 KiB (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from constructs_lib.errors import LakeflowError
from lakeflow.graph.mermaid import mermaid
from lakeflow.review.lines import Detail, Row
from lakeflow.review.phrases import shown
from lakeflow.review.picture import Picture
from lakeflow.review.reports.marking import code, html_code, markdown
from lakeflow.review.reports.words import LEVELS, SIGNS, VERDICTS, counted, drift_words, headline, origin
from lakeflow.review.review import JobReview, Review
from lakeflow.review.risks import Concern

COMMENT = 65_536
_RESERVE = 400
"""What the closing lines may need."""
_FEWEST = 2_000
_MOST_SAME = 20


@dataclass(frozen=True)
class _Depth:
    """How much is said of each job."""

    details: bool = True
    neighbours: bool = True
    graphs: bool = True
    jobs: bool = True
    omitted: str = ""


_DEPTHS = (
    _Depth(),
    _Depth(details=False, omitted="attribute details"),
    _Depth(details=False, neighbours=False, omitted="attribute details, and of each graph what does not change"),
    _Depth(details=False, graphs=False, omitted="attribute details and graphs"),
    _Depth(details=False, graphs=False, jobs=False, omitted="everything but one line for each job"),
)


class _Full(Exception):  # noqa: N818 (not an error: it ends one attempt)
    """The text is longer than allowed."""


def marker(environment: str) -> str:
    """Return the first line of a report: the comment of an environment is found by it."""
    safe = "".join(letter for letter in environment if letter.isascii() and (letter.isalnum() or letter in "-_"))
    return f"<!-- lakeflow-review:v1 env={safe} -->"


def render(review: Review, within: int = COMMENT) -> str:
    """Return the report in at most `within` bytes of UTF-8, which are at least as many as its characters."""
    if within < _FEWEST:
        raise LakeflowError(f"--within: {within} bytes hold no report", fix=f"allow at least {_FEWEST}")
    for depth in _DEPTHS:
        try:
            return _Text(within).filled(_report(review, depth), _closing(review, depth.omitted))
        except _Full:
            continue
    return _shortest(review, within)


class _Text:
    """Lines, up to a number of bytes."""

    def __init__(self, within: int) -> None:
        self._left = within
        self._lines: list[str] = []

    def filled(self, *parts: Iterable[str]) -> str:
        for part in parts:
            for line in part:
                if not self.fits(line):
                    raise _Full
        return self.text

    def fits(self, line: str) -> bool:
        """Add a line, unless it does not fit any more."""
        size = len(line.encode("utf-8", "replace")) + 1
        if size > self._left:
            return False
        self._left -= size
        self._lines.append(line)
        return True

    def reserve(self, size: int) -> None:
        self._left -= size

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self._lines)


def _shortest(review: Review, within: int) -> str:
    """Return counts, and of everything else as many lines as fit, the worst first."""
    text = _Text(within)
    closing = list(_closing(review, "everything but what is above"))
    for line in _top(review):
        text.fits(line)
    text.reserve(sum(len(line.encode()) + 1 for line in closing) + _RESERVE)
    sections = (
        ("that need attention", list(_attention(review.grouped))),
        ("jobs", ["", *map(_one_line, review.jobs)] if review.jobs else []),
        ("changes by hand", list(_drift(review))),
        ("resources", list(_rows("Other resources", "resource", review.others))),
    )
    for what, lines in sections:
        fitting = next((place for place, line in enumerate(lines) if not text.fits(line)), None)
        if fitting is not None:
            text.reserve(-_RESERVE)
            text.fits(f"\n… and {len(lines) - fitting} more {what}.")
            break
    else:
        text.reserve(-_RESERVE)
    text.reserve(-sum(len(line.encode()) + 1 for line in closing))
    for line in closing:
        text.fits(line)
    return text.text


def _report(review: Review, depth: _Depth) -> Iterator[str]:
    yield from _top(review)
    yield from _attention(review.grouped)
    if review.accepted:
        yield ""
        yield "Accepted: " + "; ".join(f"{markdown(each.what)} ({each.code})" for each in review.accepted)
    if not depth.jobs and review.jobs:
        yield ""
        yield from map(_one_line, review.jobs)
    for each in review.jobs if depth.jobs else ():
        yield from _job(each, depth)
    yield from _drift(review)
    yield from _listed("Imports, moves and forgets", [markdown(move) for move in review.moves])
    yield from _rows("Other resources", "resource", review.others)
    if depth.details:
        for row in review.others:
            yield from _details(row.details, row.label)
    yield from _rows("Outputs", "output", review.outputs)
    if review.rewritten:
        same = ", ".join(code(address) for address in review.rewritten[:_MOST_SAME])
        more = len(review.rewritten) - _MOST_SAME
        yield from ("", f"Updated without a real change: {same}" + (f" and {more} more" if more > 0 else ""))
    yield from _listed("Could not be analysed", [markdown(each) for each in review.unread])


def _rows(title: str, what: str, rows: Iterable[Row]) -> Iterator[str]:
    found = list(rows)
    if found:
        yield from ("", f"### {title}", "", f"| | {what} | change |", "|---|---|---|")
        yield from (f"| {SIGNS[row.sign]} | {code(row.label)} | {markdown(row.what)} |" for row in found)


def _top(review: Review) -> Iterator[str]:
    yield marker(review.environment)
    yield f"## {VERDICTS[review.verdict][0]} {headline(review)}"
    said = origin(review)
    if review.commit:
        said.append(f"commit `{review.commit[:12]}`")
    if review.link:
        said.append(f"[run]({review.link})")
    if review.noise:
        said.append(review.noise)
    yield ""
    yield " · ".join(said) if said else "The plan does not say when it was made."


def _attention(concerns: Iterable[Concern]) -> Iterator[str]:
    rows = list(concerns)
    if not rows:
        return
    yield from ("", "| | needs attention | why it matters | |", "|---|---|---|---|")
    for each in rows:
        where = f"<br>{code(each.source)}" if each.source else ""
        yield f"| {LEVELS[each.severity]} | {markdown(each.what)} | {markdown(each.why)} | {each.code}{where} |"


def _one_line(each: JobReview) -> str:
    return f"- {code(each.job.name)}: {markdown(each.sentence) or each.verb}"


def _job(each: JobReview, depth: _Depth) -> Iterator[str]:
    job = each.job
    yield ""
    yield f"### {code(job.name)}: {markdown(each.sentence) or each.verb}"
    yield ""
    place = [code(job.address)]
    if identity := job.before.get("id"):
        place.append(f"id {code(shown(identity))}")
    if job.source:
        place.append(code(job.source))
    yield " · ".join(place)
    if each.history:
        yield from ("", markdown(each.history))
    if each.tasks:
        yield from ("", "| | task | change |", "|---|---|---|")
        yield from (f"| {SIGNS[row.sign]} | {code(row.label)} | {markdown(row.what)} |" for row in each.tasks)
    if each.facts:
        yield ""
        yield from (f"- **{topic}** {markdown(line)}" for topic, line in each.facts)
    if each.picture and depth.graphs:
        yield from _graph(each.picture, depth)
    if depth.details:
        yield from _details(each.details, job.name)


def _details(details: Sequence[Detail], name: str) -> Iterator[str]:
    if not details:
        return
    yield from ("", f"<details><summary>{counted(len(details))} of {html_code(name)}</summary>", "")
    yield from ("| attribute | before | after |", "|---|---|---|")
    for detail in details:
        sides = (code(side) if side else "" for side in (detail.before, detail.after))
        yield f"| {code(detail.path)} | {' | '.join(sides)} |"
    yield from ("", "</details>")


def _graph(picture: Picture, depth: _Depth) -> Iterator[str]:
    if not depth.neighbours or not picture.is_small:
        picture = picture.around()
    if not picture.graph.nodes or not picture.is_small:
        yield from ("", "The graph has more tasks than a picture shows; the table above has what changes in it.")
        return
    try:
        drawn = mermaid(picture.graph, marks=picture.marks, edge_marks=picture.edge_marks)
    except LakeflowError:
        yield from ("", "The graph is larger than Mermaid draws; the table above has what changes in it.")
        return
    yield from ("", "```mermaid", *drawn.splitlines(), "```")


def _drift(review: Review) -> Iterator[str]:
    if not review.drift:
        return
    yield from ("", "### Changed by hand since the last deploy", "", "| resource | by hand | |", "|---|---|---|")
    for each in review.drift:
        yield f"| {code(each.address)} | {markdown(each.what)} | {drift_words(reverted=each.reverted)} |"


def _listed(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield from ("", f"### {title}", "")
        yield from (f"- {line}" for line in lines)


def _closing(review: Review, omitted: str) -> Iterator[str]:
    yield ""
    if omitted:
        more = f"the [run]({review.link}) has the rest" if review.link else "`lakeflow review` shows the rest"
        yield f"**Left out, for its length: {omitted}; {more}.**"
        yield ""
    printed = f"fingerprint `{review.fingerprint}`" if review.fingerprint else "no fingerprint: the plan is not whole"
    yield f"<sub>{printed} · jobs are compared by their keys: order, null and defaults are no change</sub>"
