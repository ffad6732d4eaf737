"""How a state looks in a page: a letter, a word and a colour, and never the colour alone.

https://docs.databricks.com/api/workspace/jobs/getrun
"""

from dataclasses import dataclass

from lakeflow.graph.marks import Mark, Tone
from lakeflow.html.markup import Html, tag
from lakeflow.run.states import State


@dataclass(frozen=True, slots=True)
class Look:
    """One state: the letter of its cell, its word, and the class that colours it."""

    letter: str
    word: str
    colour: str


_ENDS = {
    "SUCCESS": Look("✓", "succeeded", "good"),
    "SUCCESS_WITH_FAILURES": Look("!", "succeeded with failures", "part"),
    "FAILED": Look("✕", "failed", "bad"),
    "TIMEDOUT": Look("T", "timed out", "late"),
    "CANCELED": Look("C", "canceled", "off"),
    "UPSTREAM_FAILED": Look("U", "upstream failed", "above"),
    "UPSTREAM_CANCELED": Look("u", "upstream canceled", "above"),
    "EXCLUDED": Look("–", "excluded", "none"),
    "DISABLED": Look("D", "disabled", "none"),
    "SKIPPED": Look("S", "skipped", "none"),
    "MAXIMUM_CONCURRENT_RUNS_REACHED": Look("S", "skipped: too many runs", "none"),
}
_PHASES = {
    "QUEUED": Look("Q", "queued", "wait"),
    "BLOCKED": Look("·", "waits for others", "wait"),
    "PENDING": Look("P", "starting", "go"),
    "RUNNING": Look("R", "running", "go"),
    "WAITING": Look("W", "waits to retry", "wait"),
    "WAITING_FOR_RETRY": Look("W", "waits to retry", "wait"),
    "TERMINATING": Look("E", "ending", "go"),
}
_TONES = {
    "good": Tone.GOOD,
    "part": Tone.WARN,
    "bad": Tone.BAD,
    "late": Tone.WARN,
    "above": Tone.WARN,
    "go": Tone.INFO,
}
EVERY = tuple(dict.fromkeys((*_ENDS.values(), *_PHASES.values())))
"""In the order of a legend."""


def look(state: State) -> Look:
    """Return how a state looks; one that is new to us says its own name."""
    known = _ENDS.get(state.result) if state.result else _PHASES.get(state.phase)
    return known or Look("?", str(state).lower().replace("_", " ")[:40], "off")


def badge(state: State) -> Html:
    """Return a state with its word."""
    found = look(state)
    return tag("span", tag("b", found.letter, aria_hidden="true"), f" {found.word}", class_=f"state {found.colour}")


def mark(state: State, note: str = "") -> Mark:
    """Return what a graph says of a task that ended so."""
    found = look(state)
    return Mark(found.word, _TONES.get(found.colour, Tone.MUTED), found.letter, note)
