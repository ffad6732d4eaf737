"""What differs for the live orders."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from environments.settings.base import Settings
from environments.settings.forms import DefinedDestination


class LiveOrders(Settings):
    """Orders, minutes after they were placed."""

    backlog_warning_seconds: Annotated[int, Field(ge=60)]
    """How many seconds the stream may lag behind before somebody is told; at least 60."""
    on_call: DefinedDestination
    """Who is told then: a name under notifications.destinations."""

    @property
    def backlog_warning(self) -> timedelta:
        """How long the stream may lag behind before somebody is told."""
        return timedelta(seconds=self.backlog_warning_seconds)
