"""A review as one page that needs nothing else: no script, no font, no picture from elsewhere."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from constructs_lib.rules import Severity
from lakeflow.graph.style import sheet as graph_sheet
from lakeflow.graph.svg import svg
from lakeflow.html.document import document
from lakeflow.review.lines import ADDED, REMOVED, Detail, Row
from lakeflow.review.phrases import Phrase, say, shown, text_of
from lakeflow.review.reports.marking import html
from lakeflow.review.reports.style import sheet
from lakeflow.review.reports.words import VERDICTS, counted, drift_words, origin
from lakeflow.review.review import JobReview, Review

_LEVELS = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFO: "info"}
_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}
_TONES = {ADDED: "good", REMOVED: "bad"}
_SIGN_WORDS = {ADDED: "added", REMOVED: "removed"}


def render(review: Review) -> str:
    """Return the page."""
    word = VERDICTS[review.verdict][1]
    title = f"{word.capitalize()} · {review.title}" if review.title else word.capitalize()
    return document(title, _body(review), style=sheet() + graph_sheet())


def _body(review: Review) -> Iterator[str]:
    yield "<main>"
    yield from _header(review)
    yield from _attention(review)
    if len(review.jobs) > 1:
        yield from _contents(review.jobs)
    for place, each in enumerate(review.jobs):
        yield from _job(each, place)
    yield from _drift(review)
    yield from _list("Imports, moves and forgets", review.moves)
    yield from _rows("Other resources", review.others)
    yield from _rows("Outputs", review.outputs)
    yield from _list("Updated without a real change", [say("{}", address) for address in review.rewritten])
    yield from _list("Could not be analysed", review.unread)
    printed = review.fingerprint or "none: the plan is not whole"
    yield f"<footer>fingerprint <code>{escape(printed)}</code></footer></main>"


def _header(review: Review) -> Iterator[str]:
    word = VERDICTS[review.verdict][1]
    look = review.verdict.value.replace(" ", "-")
    yield f'<header class="{look}"><h1><span class="verdict">{escape(word)}</span> {escape(review.title)}</h1>'
    said = [escape(each) for each in origin(review)]
    if review.plan.errored:
        said.insert(0, "<strong>the plan failed</strong>")
    if review.commit:
        said.append(f"commit <code>{escape(review.commit[:12])}</code>")
    if review.link:
        said.append(f'<a href="{escape(review.link)}" rel="noreferrer">run</a>')
    if review.noise:
        said.append(escape(review.noise))
    yield f"<p>{' · '.join(said)}</p></header>"


def _attention(review: Review) -> Iterator[str]:
    if review.grouped:
        yield '<section class="attention"><h2>Needs attention</h2><ul>'
        for each in review.grouped:
            where = f' · <span class="source">{escape(each.source)}</span>' if each.source else ""
            yield (
                f'<li class="{_LEVELS[each.severity]}"><span class="level">{_WORDS[each.severity]}</span>'
                f'<div><p>{html(each.what)}</p><p class="why">{html(each.why)}{where}</p></div>'
                f'<span class="code">{escape(each.code)}</span></li>'
            )
        yield "</ul></section>"
    if review.accepted:
        yield '<section><h2>Accepted</h2><ul class="plain">'
        yield from (f"<li>{html(each.what)} ({escape(each.code)})</li>" for each in review.accepted)
        yield "</ul></section>"


def _contents(jobs: Iterable[JobReview]) -> Iterator[str]:
    yield '<nav><h2>Jobs</h2><ul class="plain">'
    for place, each in enumerate(jobs):
        said = escape(text_of(each.sentence) or each.verb)
        yield f'<li><a href="#job-{place}">{escape(shown(each.job.name))}</a> <span>{said}</span></li>'
    yield "</ul></nav>"


def _job(each: JobReview, place: int) -> Iterator[str]:
    job = each.job
    yield f'<section class="job" id="job-{place}">'
    yield f"<h2>{escape(shown(job.name))} <span>{escape(text_of(each.sentence) or each.verb)}</span></h2>"
    about = [f"<code>{escape(shown(job.address))}</code>"]
    if identity := job.before.get("id"):
        about.append(f"id <code>{escape(shown(identity))}</code>")
    if job.source:
        about.append(f"<code>{escape(job.source)}</code>")
    yield f'<p class="about">{" · ".join(about)}</p>'
    if each.history:
        yield f'<p class="about">{html(each.history)}</p>'
    if each.tasks:
        yield from _table(each.tasks, "task")
    picture = each.picture if not each.picture or each.picture.is_small else each.picture.around()
    if picture and picture.is_small and picture.graph.nodes:
        drawn = svg(
            picture.graph,
            marks=picture.marks,
            edge_marks=picture.edge_marks,
            heading=False,
            identity=f"graph-{place}",
            styled=False,
        )
        yield f'<div class="graph">{drawn}</div>'
    elif each.picture:
        yield '<p class="about">The graph has more tasks than a picture shows.</p>'
    if each.facts:
        yield "<dl>"
        yield from (f"<dt>{escape(topic)}</dt><dd>{html(line)}</dd>" for topic, line in each.facts)
        yield "</dl>"
    yield from _details(each.details, "")
    yield "</section>"


def _details(details: Sequence[Detail], name: str) -> Iterator[str]:
    if not details:
        return
    of = f" of <code>{escape(name)}</code>" if name else ""
    yield f"<details><summary>{counted(len(details))}{of}</summary><table><thead><tr><th>attribute</th><th>before</th>"
    yield "<th>after</th></tr></thead><tbody>"
    for detail in details:
        cells = "".join(_cell(side) for side in (detail.path, detail.before, detail.after))
        yield f"<tr>{cells}</tr>"
    yield "</tbody></table></details>"


def _cell(text: str) -> str:
    return f"<td><code>{escape(text)}</code></td>" if text else "<td></td>"


def _drift(review: Review) -> Iterator[str]:
    if not review.drift:
        return
    yield "<section><h2>Changed by hand since the last deploy</h2><table><tbody>"
    for each in review.drift:
        yield (
            f"<tr>{_cell(shown(each.address))}<td>{html(each.what)}</td>"
            f"<td>{drift_words(reverted=each.reverted)}</td></tr>"
        )
    yield "</tbody></table></section>"


def _rows(title: str, rows: tuple[Row, ...]) -> Iterator[str]:
    if rows:
        yield f"<section><h2>{escape(title)}</h2>"
        yield from _table(rows, "resource")
        for row in rows:
            yield from _details(row.details, row.label)
        yield "</section>"


def _table(rows: Iterable[Row], what: str) -> Iterator[str]:
    yield f'<div class="scroll"><table><thead><tr><th></th><th>{what}</th><th>change</th></tr></thead><tbody>'
    for row in rows:
        tone, word = _TONES.get(row.sign, "warn"), _SIGN_WORDS.get(row.sign, "changed")
        yield (
            f'<tr><td><span class="sign {tone}" title="{word}">{escape(row.sign)}</span></td>'
            f"{_cell(row.label)}<td>{html(row.what)}</td></tr>"
        )
    yield "</tbody></table></div>"


def _list(title: str, phrases: Iterable[Phrase]) -> Iterator[str]:
    found = list(phrases)
    if found:
        yield f'<section><h2>{escape(title)}</h2><ul class="plain">'
        yield from (f"<li>{html(phrase)}</li>" for phrase in found)
        yield "</ul></section>"
