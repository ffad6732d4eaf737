"""What to change: all of it in short, and of one job with its evidence."""

from collections.abc import Iterable, Iterator
from html import escape

from lakeflow.monitor.advice import Advice
from lakeflow.monitor.reports.words import place_words, setting_words, shown


def advice_table(found: Iterable[Advice]) -> Iterator[str]:
    """Yield all suggestions, a line each; the evidence stands with the job."""
    yield '<div class="scroll"><table class="stacked"><thead><tr><th>job</th><th>what was found</th>'
    yield '<th>what to write</th><th>where</th><th class="n">rule</th></tr></thead><tbody>'
    for each in found:
        task = f"<br><code>{escape(shown(each.task))}</code>" if each.task else ""
        write, place = write_words(each), place_words(each)
        cells = "".join(f"<td>{f'<code>{escape(said)}</code>' if said else ''}</td>" for said in (write, place))
        yield (
            f"<tr><td>{escape(shown(each.job))}{task}</td><td>{escape(shown(each.title))}</td>{cells}"
            f'<td class="n">{escape(each.rule)}</td></tr>'
        )
    yield "</tbody></table></div>"


def advice_list(found: Iterable[Advice]) -> Iterator[str]:
    """Yield suggestions, each with its evidence and its place."""
    yield '<ul class="advice">'
    for each in found:
        task = f"<code>{escape(shown(each.task))}</code> · " if each.task else ""
        write, place = write_words(each), place_words(each)
        where = " in ".join(f"<code>{escape(said)}</code>" for said in (write, place) if said)
        yield f"<li><p>{task}<strong>{escape(shown(each.title))}</strong></p><p>{escape(shown(each.change))}</p>"
        yield f"<p>{where}</p>" if where else ""
        yield (
            f'<p class="why">{escape(shown(each.evidence.text))} · {escape(each.evidence.confidence)} confidence · '
            f"{escape(each.rule)}</p></li>"
        )
    yield "</ul>"


def write_words(each: Advice) -> str:
    """Say what to write: the code, where it is known, or the setting with its value."""
    return shown(each.place.write) if each.place and each.place.write else setting_words(each)
