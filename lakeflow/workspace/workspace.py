"""A workspace and the file that it keeps: what it has answered is written down, and nothing else is.

Several requests that come at once are written down together, which is one wait for the disk and not one for each.
"""

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lakeflow.workspace.clock import Clock, ClockService
from lakeflow.workspace.core import FAULT, Core, every_service
from lakeflow.workspace.exchange import Answer, RefusedError, Request
from lakeflow.workspace.state import State
from lakeflow.workspace.store import Store
from lakeflow.workspace.users import User

_LOG = logging.getLogger(__name__)
_UNWRITTEN = RefusedError(
    503,
    "TEMPORARILY_UNAVAILABLE",
    "The workspace could not write down what was asked for.",
    headers={"Retry-After": "1"},
)


class Workspace:
    """Everything that a workspace can do, kept in a store; `users` are those who may ask, by their tokens.

    `state` is that of the store where somebody has loaded it already.
    """

    def __init__(
        self,
        store: Store,
        users: Mapping[str, User | str],
        *,
        state: State | None = None,
        most_per_second: int | None = None,
    ) -> None:
        self._store, self._users, self._most_per_second = store, users, most_per_second
        self.state = store.load() if state is None else state
        self._build()
        self._store.write(self.state)
        self._store.commit()

    def _build(self) -> None:
        """Build everything anew that is built on the state."""
        self.clock = Clock(self.state)
        self.core = core_of(self.state, self._users, self._most_per_second)

    def answers(self, requests: Sequence[Request], machine: int) -> list[Answer]:
        """Answer requests one after the other, at a time of the machine in milliseconds since 1970.

        When this returns, everything that they have changed is in the file.
        """
        try:
            found = [self._answer(request, machine) for request in requests]
            self._store.commit()
        except sqlite3.Error:
            _LOG.exception("the state cannot be written")
            self._start_again()
            return [_UNWRITTEN.answer()] * len(requests)
        return found

    def _answer(self, request: Request, machine: int) -> Answer:
        at = self.clock.at(machine)
        try:
            self.core.pass_time(at)
        except Exception:
            _LOG.exception("time cannot pass")
            self._store.take_back(self.state)
            self._build()
            return FAULT.answer()
        self._store.write(self.state)
        answer = self.core.answer(replace(request, at=at))
        if answer.status < 400:
            self._store.write(self.state)
            return answer
        self._store.take_back(self.state)
        if answer.status >= 500:
            # What is built on the state may be ahead of it.
            self._build()
        return answer

    def now(self, machine: int) -> int:
        """Return the workspace's time, with everything played that happens until then."""
        at = self.clock.at(machine)
        try:
            self.core.pass_time(at)
            self._store.write(self.state)
            self._store.commit()
        except Exception:
            # What is shown is what is written.
            _LOG.exception("time cannot pass")
            self._start_again()
        return at

    def _start_again(self) -> None:
        """Go back to what is written."""
        self._store.give_up()
        self.state = self._store.load()
        self._build()


def core_of(state: State, users: Mapping[str, User | str], most_per_second: int | None = None) -> Core:
    """Return the core over a state."""

    def pass_time(at: int) -> None:
        core.pass_time(at)

    services = [*every_service(state), ClockService(state, pass_time)]
    core = Core(users, services, most_per_second=most_per_second)
    return core
