"""A review for a terminal: in colour and as wide as it is, or plain into a file or pipe."""

import re
import sys
from collections.abc import Iterable, Iterator

from constructs_lib.rules import Severity
from lakeflow.documents.texts import encodable
from lakeflow.graph.text import Span, spans
from lakeflow.review.lines import ADDED, REMOVED
from lakeflow.review.phrases import Phrase, say, shown, text_of
from lakeflow.review.reports.words import drift_words, headline, origin
from lakeflow.review.review import JobReview, Review, Verdict

_VERDICTS = {
    Verdict.BLOCK: "bold white on red",
    Verdict.REVIEW: "bold black on yellow",
    Verdict.SAFE: "bold black on green",
    Verdict.NOTHING: "bold",
}
_LEVELS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_SIGNS = {ADDED: "green", REMOVED: "red"}
_FAINT, _BOLD = "dim", "bold"
_WIDEST_KEY = 40

# What a CI system takes for a command to it: `::error::…`, `##[…]`, `##vso[…]`. A joiner parts them.
_COMMANDS = re.compile(r"(?<=:)(?=:)|(?<=##)(?=\[|vso\[)")

Line = tuple[Span, ...]


def show(review: Review) -> None:
    """Print the report."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    width = console.width if console.is_terminal else None
    for line in lines(review, width):
        if width is None:
            said = inert("".join(span.text for span in line).rstrip())
            sys.stdout.write(encodable(said, sys.stdout.encoding) + "\n")
            continue
        pieces = ((encodable(span.text, sys.stdout.encoding), span.style) for span in line)
        console.print(Text.assemble(*pieces), soft_wrap=False, overflow="fold")


def inert(text: str) -> str:
    """Return text with nothing in it that a CI system takes for a command."""
    return _COMMANDS.sub("\N{ZERO WIDTH NON-JOINER}", text)


def lines(review: Review, width: int | None = None) -> Iterator[Line]:
    """Yield the report in lines, each in pieces with its style in the words of rich."""
    verdict, _, rest = headline(review).partition(" · ")
    yield (Span(f" {verdict} ", _VERDICTS[review.verdict]), Span(f" {rest}" if rest else "", _BOLD))
    told = [*origin(review), *([review.noise] if review.noise else [])]
    if told:
        yield (Span(" · ".join(told), _FAINT),)
    yield from _attention(review)
    for each in review.jobs:
        yield from _job(each, width)
    yield from _table("Changed by hand since the last deploy", _drift(review))
    yield from _listed("Imports, moves and forgets", review.moves)
    yield from _table("Other resources", ((row.sign, row.label, row.what) for row in review.others))
    yield from _table("Outputs", ((row.sign, row.label, row.what) for row in review.outputs))
    if review.rewritten:
        yield from _listed("Updated without a real change", [say("{}", address) for address in review.rewritten])
    yield from _listed("Could not be analysed", review.unread)
    yield ()
    if review.fingerprint:
        yield (Span(f"fingerprint {review.fingerprint}", _FAINT),)
    else:
        yield (Span("no fingerprint: the plan is not whole", _FAINT),)


def _attention(review: Review) -> Iterator[Line]:
    if review.concerns:
        yield ()
    for each in review.grouped:
        yield (
            Span(f"{each.severity.value:<8}", _LEVELS[each.severity]),
            Span(f"{each.code}  ", _FAINT),
            *_spans(each.what),
        )
        where = f"  {each.source}" if each.source else ""
        yield (Span(" " * 15), *_spans(each.why, _FAINT), Span(where, _FAINT))
    for each in review.accepted:
        yield (Span("accepted", "green"), Span(f"{each.code}  ", _FAINT), *_spans(each.what))


def _job(each: JobReview, width: int | None) -> Iterator[Line]:
    job = each.job
    yield ()
    yield (Span(shown(job.name), _BOLD), Span(f"  {text_of(each.sentence) or each.verb}"))
    place = [job.address, *([f"id {shown(job.before['id'])}"] if job.before.get("id") else [])]
    if job.source:
        place.append(job.source)
    yield (Span(" · ".join(map(shown, place)), _FAINT),)
    if each.history:
        yield tuple(_spans(each.history, _FAINT))
    if each.tasks:
        yield ()
        yield from _rows((row.sign, row.label, row.what) for row in each.tasks)
    if each.facts:
        yield ()
    for topic, line in each.facts:
        yield (Span(f"  {topic:<9} ", _FAINT), *_spans(line))
    if each.picture and each.picture.is_small:
        yield ()
        # The first lines are the name, which stands above.
        drawn = list(spans(each.picture.after, marks=each.picture.marks, width=width))
        yield from ((Span("  "), *line) for line in drawn[2:])


def _drift(review: Review) -> Iterator[tuple[str, str, Phrase]]:
    for each in review.drift:
        yield "~", each.address, (*each.what, f" · {drift_words(reverted=each.reverted)}")


def _table(title: str, rows: Iterable[tuple[str, str, Phrase]]) -> Iterator[Line]:
    found = list(rows)
    if found:
        yield ()
        yield (Span(title, _BOLD),)
        yield from _rows(found)


def _rows(rows: Iterable[tuple[str, str, Phrase]]) -> Iterator[Line]:
    found = [(sign, shown(key), what) for sign, key, what in rows]
    margin = min(_WIDEST_KEY, max((len(key) for _, key, _ in found), default=0))
    for sign, key, what in found:
        yield (
            Span(f"  {sign} ", _SIGNS.get(sign, "yellow")),
            Span(f"{key:<{margin}}  ", _BOLD),
            *_spans(what),
        )


def _listed(title: str, phrases: Iterable[Phrase]) -> Iterator[Line]:
    found = list(phrases)
    if found:
        yield ()
        yield (Span(title, _BOLD),)
        yield from ((Span("  "), *_spans(phrase)) for phrase in found)


def _spans(phrase: Phrase, style: str = "") -> Iterator[Span]:
    for part in phrase:
        if isinstance(part, str):
            yield Span(part, style)
        else:
            yield Span(part.text, _BOLD if part.strong else style)
