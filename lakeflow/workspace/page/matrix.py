"""The runs of a job as a matrix: a row for each task, a column for each run, the oldest at the left."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from lakeflow.html.markup import Html, joined, tag
from lakeflow.run.answers import run_of
from lakeflow.words import counted
from lakeflow.workspace.page import links
from lakeflow.workspace.page.looks import EVERY, Look, look
from lakeflow.workspace.page.reading import Job
from lakeflow.workspace.page.runs import Attempt, RunFacts
from lakeflow.workspace.page.strips import told
from lakeflow.workspace.page.words import instant, lasting, middle, name, text

SIZE = 30
"""Runs in a matrix."""
_HIGHEST = 44
"""Pixels of the longest run."""


def matrix(job: Job, runs: Sequence[RunFacts], now: int) -> Html:
    """Return the matrix of runs that come the oldest first."""
    keys = _keys(job, runs)
    rows = [_row(key, runs, now) for key in keys]
    return tag(
        "div",
        tag(
            "div",
            tag(
                "table",
                tag("caption", f"The last {counted(len(runs), 'run')} by task; the newest at the right"),
                tag("thead", *_times(runs), _bars(runs, now)),
                tag("tbody", *rows),
                class_="matrix",
            ),
            class_="scroll ending",
            tabindex="0",
            role="region",
            aria_label="Runs by task",
        ),
        legend(_seen(runs)),
    )


def _keys(job: Job, runs: Sequence[RunFacts]) -> list[str]:
    """Return the tasks in the order in which they can run; after them those that only runs have, or had."""
    now = run_of({"tasks": job.tasks}).tasks()
    return list(dict.fromkeys([*now, *(key for run in reversed(runs) for key in run.tasks)]))


def _times(runs: Sequence[RunFacts]) -> Iterator[Html]:
    at = [instant(run.start) for run in runs]
    usual = tag("th", "median", rowspan=3, class_="n", scope="col")
    yield tag("tr", tag("th", "UTC", rowspan=3, class_="lead", scope="col"), *_months(at), usual)
    yield tag("tr", *_groups(at, "%d", "%a %d"))
    yield tag(
        "tr",
        *(tag("th", tag("span", f"{each:%H:%M}" if each else "–", class_="time"), scope="col") for each in at),
        class_="times",
    )


def _months(at: Iterable[datetime | None]) -> Iterator[Html]:
    return _groups(at, "%b", "%B %Y", 4)


def _groups(at: Iterable[datetime | None], short: str, long: str, wide: int = 3) -> Iterator[Html]:
    """Yield a head for the runs that follow each other in one month or on one day."""
    for said, group in groupby(at, key=lambda each: f"{each:%Y %m} {each:{short}}" if each else ""):
        each, *others = list(group)
        label = (
            f"{each:{long if len(others) + 1 >= wide else short}}".replace(" 0", " ").lstrip("0")
            if said and each
            else ""
        )
        yield tag("th", label, colspan=len(others) + 1, scope="colgroup")


def _bars(runs: Sequence[RunFacts], now: int) -> Html:
    took = [run.took(now) for run in runs]
    most = max((each for each in took if each), default=0)
    cells = [
        tag(
            "th",
            tag(
                "a",
                tag("i", class_=f"bar {look(run.state).colour}", style=f"height:{_height(lasted, most)}px"),
                tag("span", look(run.state).letter, class_="letter"),
                href=links.run(run.job_id, run.run_id),
                title=told(run, now),
                aria_label=told(run, now),
            ),
            scope="col",
        )
        for run, lasted in zip(runs, took, strict=True)
    ]
    usual = middle([each for run, each in zip(runs, took, strict=True) if each is not None and run.state.succeeded])
    scale = joined(["run", tag("small", f"up to {lasting(most)}")])
    return tag(
        "tr",
        tag("th", scale, scope="row", class_="lead"),
        *cells,
        tag("td", lasting(usual), class_="n", title="median"),
        class_="bars",
    )


def _height(took: int | None, most: int) -> int:
    return max(round((took or 0) / most * _HIGHEST), 2) if most else 2


def _row(key: str, runs: Sequence[RunFacts], now: int) -> Html:
    cells, took = [], []
    for run in runs:
        attempts = run.tasks.get(key)
        cells.append(tag("td", _cell(run, attempts, now)) if attempts else tag("td", tag("span", class_="cell")))
        if attempts and attempts[-1].task.state.succeeded:
            took.append(attempts[-1].until(now) - attempts[-1].task.start_time)
    return tag(
        "tr",
        tag("th", name(key, 40), scope="row", title=text(key), class_="lead"),
        *cells,
        tag("td", lasting(middle(took)), class_="n", title="median of its last attempts"),
    )


def _cell(run: RunFacts, attempts: tuple[Attempt, ...], now: int) -> Html:
    last = attempts[-1]
    found = look(last.task.state)
    took = last.until(now) - last.task.start_time
    said = [found.word, lasting(took) if took > 0 else "", _times_said(len(attempts)), run.why(last)]
    return tag(
        "a",
        found.letter,
        tag("sub", str(len(attempts))) if len(attempts) > 1 else None,
        # The head of the column leads there too: who goes by the keyboard need not pass each cell.
        href=f"{links.run(run.job_id, run.run_id)}#{anchor(last)}",
        tabindex="-1",
        title=": ".join([text(last.task.task_key, 60), ", ".join(filter(None, said))]),
        class_=f"cell {found.colour}",
    )


def _times_said(attempts: int) -> str:
    return f"{attempts} attempts" if attempts > 1 else ""


def anchor(attempt: Attempt) -> str:
    """Return the id under which the page of a run tells of a task."""
    return f"task-{attempt.run_id}"


def _seen(runs: Sequence[RunFacts]) -> set[Look]:
    states = [attempts[-1].task.state for run in runs for attempts in run.tasks.values()]
    return {look(state) for state in [*states, *(run.state for run in runs)]}


def legend(seen: set[Look]) -> Html:
    """Return what letters and colours mean, of those that there are."""
    entries = [
        tag("li", tag("span", each.letter, class_=f"cell {each.colour}", aria_hidden="true"), each.word)
        for each in (*EVERY, *sorted(seen - set(EVERY), key=lambda each: each.word))
        if each in seen
    ]
    return tag("ul", *entries, class_="legend", aria_label="What the letters mean")
