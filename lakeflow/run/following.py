"""Following a run to its end: when to look again, when to give up looking, and what an interruption means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from lakeflow.run.connection import UnansweredError
from lakeflow.run.states import Run

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(seconds=15)
MOST_UNANSWERED = 10


class Clock(Protocol):
    """Time that passes."""

    def now(self) -> float:
        """Return seconds that only grow."""

    def pause(self, seconds: float) -> None:
        """Let this much time pass."""


class Watcher(Protocol):
    """Who is told while the run goes on."""

    def show(self, run: Run) -> None:
        """Show how far the run is."""

    def note(self, text: str) -> None:
        """Show one sentence."""


class Ended(StrEnum):
    """Why nobody looks any longer: the run is over, or it goes on and we stopped, or it never was waited for."""

    FINISHED = "finished"
    NOT_WAITED = "not_waited"
    TIMEOUT = "timeout"
    UNANSWERED = "unanswered"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True)
class Followed:
    """How following ended, and the run as it was seen last; None where it was never seen."""

    ended: Ended
    run: Run | None


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How often to look (None: at first every 2 seconds, then up to 15) and for how long (None: to the end)."""

    interval: timedelta | None = None
    timeout: timedelta | None = None

    def pauses(self, looks: int) -> float:
        """Return the seconds to wait after so many looks that showed nothing new."""
        if self.interval is not None:
            return self.interval.total_seconds()
        return min(FIRST_PAUSE * 1.5 ** min(looks, 20), LONGEST_PAUSE).total_seconds()


def follow(look: Callable[[], Run], watcher: Watcher, *, patience: Patience, clock: Clock) -> Followed:
    """Look at a run until it has ended, the patience is over, or ten looks in a row went unanswered.

    Ctrl-C ends the following and not the run. Raises LakeflowError where the workspace refuses to show the run.
    """
    deadline = clock.now() + patience.timeout.total_seconds() if patience.timeout is not None else None
    seen: Run | None = None
    quiet = unanswered = 0
    try:
        while True:
            try:
                run = look()
            except UnansweredError as error:
                unanswered += 1
                if unanswered == 1:
                    watcher.note(f"{error.problem}; still trying")
                if unanswered >= MOST_UNANSWERED:
                    return Followed(ended=Ended.UNANSWERED, run=seen)
            else:
                unanswered = 0
                quiet = quiet + 1 if run == seen else 0
                seen = run
                watcher.show(run)
                if run.state.ended:
                    return Followed(ended=Ended.FINISHED, run=run)
            left = deadline - clock.now() if deadline is not None else None
            if left is not None and left <= 0:
                return Followed(ended=Ended.TIMEOUT, run=seen)
            wait = patience.pauses(max(quiet, unanswered))
            clock.pause(wait if left is None else min(wait, left))
    except KeyboardInterrupt:
        return Followed(ended=Ended.INTERRUPTED, run=seen)
