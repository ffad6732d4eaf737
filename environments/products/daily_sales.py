"""What differs for the daily sales."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from environments.settings.base import Settings
from environments.settings.forms import TimeOfDay, TimeZone


class DailySales(Settings):
    """Yesterday's sales on the dashboard."""

    starts_at: TimeOfDay
    """When the job starts, as HH:MM in its time zone."""
    ready_by: TimeOfDay
    """When the dashboard has to be ready, as HH:MM in its time zone."""
    timezone: TimeZone
    """The IANA name of the time zone of both times."""
    minimum_rows: Annotated[int, Field(ge=0)]
    """The quality gate: with fewer rows than this, nothing is published."""
    train_model: bool
    """Whether the forecast is trained anew every day."""
    timeout_minutes: Annotated[int, Field(ge=10)]
    """After how many minutes a run is ended; at least 10."""
    weekly_budget: Annotated[float, Field(gt=0)] | None = None
    """US dollars, by list price, that the runs of a week may use before somebody is told; null tells nobody."""

    @property
    def timeout(self) -> timedelta:
        """How long a run may take."""
        return timedelta(minutes=self.timeout_minutes)
