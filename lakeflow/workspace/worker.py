"""One thread that does everything with a workspace, in the order in which it was asked for.

What has gathered while it was busy is answered together, and time passes also while nobody asks.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lakeflow.workspace.core import FAULT
from lakeflow.workspace.exchange import Answer, Request
from lakeflow.workspace.state import State
from lakeflow.workspace.workspace import Workspace

_MOST = 64
"""Requests that are written down together."""
_IDLE_SECONDS = 1.0
_LOG = logging.getLogger(__name__)

Look = Callable[[State, int], Any]
"""What only reads the state, at a time of the workspace."""


@dataclass(frozen=True)
class _Asked:
    what: Request | Look
    deliver: Callable[[Any], None]


class Worker:
    """Start and stop it with `with`; `clock` is the machine's, in milliseconds since 1970."""

    def __init__(self, workspace: Workspace, clock: Callable[[], int]) -> None:
        self._workspace, self._clock = workspace, clock
        self._queue: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="workspace", daemon=True)

    def __enter__(self) -> "Worker":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._queue.put(None)
        self._thread.join()

    async def answer(self, request: Request) -> Answer:
        """Answer a request; what it has changed is in the file by then."""
        answer: Answer = await self._ask(request)
        return answer

    async def look(self, look: Look) -> Any:
        """Return what somebody reads in the state; raise what they raise."""
        found, error = await self._ask(look)
        if error is not None:
            raise error
        return found

    async def _ask(self, what: Request | Look) -> Any:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()

        def settle(answer: Any) -> None:
            if not future.done():  # who asked may have left
                future.set_result(answer)

        def deliver(answer: Any) -> None:
            loop.call_soon_threadsafe(settle, answer)

        self._queue.put(_Asked(what, deliver))
        return await future

    def _work(self) -> None:
        going_on = True
        while going_on:
            asked: list[_Asked] = []
            try:
                first = self._queue.get(timeout=_IDLE_SECONDS)
                while first is not None:
                    asked.append(first)
                    if len(asked) == _MOST or self._queue.empty():
                        break
                    first = self._queue.get()
                going_on = first is not None
            except queue.Empty:
                pass
            try:
                self._do(asked)
            except Exception:
                # Whoever waits is not left waiting, and the next one is answered.
                _LOG.exception("the workspace failed")
                for each in asked:
                    each.deliver(FAULT.answer() if isinstance(each.what, Request) else (None, RuntimeError("failed")))

    def _do(self, asked: list[_Asked]) -> None:
        requests = [each for each in asked if isinstance(each.what, Request)]
        answers = self._workspace.answers(
            [each.what for each in requests if isinstance(each.what, Request)], self._clock()
        )
        for each, answer in zip(requests, answers, strict=True):
            each.deliver(answer)
        if len(requests) == len(asked) and asked:
            return
        now = self._workspace.now(self._clock())
        for each in asked:
            if not isinstance(each.what, Request):
                each.deliver(_looked(each.what, self._workspace.state, now))


def _looked(look: Look, state: State, now: int) -> tuple[Any, Exception | None]:
    try:
        return look(state, now), None
    except Exception as error:
        return None, error
