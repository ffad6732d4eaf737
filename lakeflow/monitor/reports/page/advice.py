"""What to change, as a list."""

from collections.abc import Iterable, Iterator
from html import escape

from lakeflow.monitor.advice import Advice
from lakeflow.monitor.reports.words import place_words, setting_words, shown


def advice_list(found: Iterable[Advice], *, named: bool = False) -> Iterator[str]:
    """Yield suggestions, each with its evidence and its place; `named` says of which job."""
    yield '<ul class="advice">'
    for each in found:
        whose = f'<span class="job-name">{escape(each.job)}</span> · ' if named else ""
        task = f"<code>{escape(shown(each.task))}</code> · " if each.task else ""
        setting = setting_words(each)
        value = f" <code>{escape(setting)}</code>" if setting else ""
        place = place_words(each)
        where = f" · <code>{escape(place)}</code>" if place else ""
        if each.place and each.place.write:
            where += f" write <code>{escape(shown(each.place.write))}</code>"
        yield (
            f"<li><p>{whose}{task}{escape(shown(each.title))}</p>"
            f"<p>{escape(shown(each.change))}{value}{where}</p>"
            f'<p class="why">{escape(shown(each.evidence.text))} · {escape(each.evidence.confidence)} confidence · '
            f"{escape(each.rule)}</p></li>"
        )
    yield "</ul>"
