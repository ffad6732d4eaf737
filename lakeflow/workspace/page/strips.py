"""The last runs of a job as a row of small cells, and the words of one run."""

from collections.abc import Sequence

from lakeflow.html.markup import Html, tag
from lakeflow.words import counted
from lakeflow.workspace.page import links
from lakeflow.workspace.page.looks import look
from lakeflow.workspace.page.runs import RunFacts
from lakeflow.workspace.page.words import lasting, when


def told(run: RunFacts, now: int) -> str:
    """Say of a run when it was, how it ended and how long it took."""
    took = run.took(now)
    lasted = "" if took is None else f", {lasting(took)}{'' if run.state.ended else ' until now'}"
    return f"{when(run.start)}: {look(run.state).word}{lasted}"


def strip(runs: Sequence[RunFacts], now: int) -> Html | None:
    """Return a cell for each run, the oldest first; each leads to its run."""
    if not runs:
        return None
    cells = [
        tag(
            "li",
            tag(
                "a",
                look(run.state).letter,
                href=links.run(run.job_id, run.run_id),
                title=told(run, now),
                aria_label=told(run, now),
                class_=f"cell {look(run.state).colour}",
            ),
        )
        for run in runs
    ]
    return tag("ol", *cells, class_="strip", aria_label=f"last {counted(len(runs), 'run')}")
