"""What nobody documents about triggers, as named switches, as `lakeflow.simulate.semantics` has them for runs.

A workspace decides in the end; where one shows that a default is wrong, it is changed here and nowhere else.
"""

from dataclasses import dataclass

from lakeflow.scenario.starting import RESTART


@dataclass(frozen=True, kw_only=True)
class Switches:
    """Every switch, with what is taken for true."""

    periodic_first: str = "after-interval"
    """Or `at-once`: whether a periodic trigger starts a run when it begins, or an interval later, is not said."""
    continuous_restart_seconds: int = RESTART.seconds
    """A continuous job starts again within a minute; how soon is not said. A history does the same."""
    continuous_backoff: str = "on"
    """Or `off`: runs that fail one after the other start later and later; the numbers are not published."""
    backoff_after: int = 3
    """From so many failures in a row on: a minute, then 2, 4, … minutes."""
    backoff_most_minutes: int = 60
    """A continuous job that goes on failing is started so often at least."""
    cooldown_from: str = "fired"
    """Or `run-end`: the API counts the time between two triggers from the last one, the page from the run's end."""


SWITCHES = Switches()
