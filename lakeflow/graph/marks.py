"""What is said of a task beside what it is: how a review sees it, or how it ended in a run."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a mark looks: never its only meaning, for who cannot tell colours apart."""

    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    INFO = "info"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Mark:
    """A word on a task or edge, its tone, one sign for where a word is too long, and a note with the reason."""

    label: str
    tone: Tone = Tone.INFO
    sign: str = "•"
    note: str = ""


ADDED = Mark("added", Tone.GOOD, "+")
REMOVED = Mark("removed", Tone.BAD, "\N{MINUS SIGN}")
CHANGED = Mark("changed", Tone.WARN, "~")
