"""The notifications of one run: put down as things happen, each for whoever wants it.

https://docs.databricks.com/aws/en/jobs/notifications
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from lakeflow.simulate.hosts import AtWork
from lakeflow.simulate.job import Job, Task
from lakeflow.simulate.runs import Attempt
from lakeflow.simulate.states import SKIPPED
from lakeflow.simulate.telling import BACKLOG, START, Notice, warnings
from lakeflow.simulate.world import World


class Messages:
    """What a run tells."""

    def __init__(self, world: World, job: Job) -> None:
        self._world, self._job = world, job
        self._sent: list[Notice] = []

    @property
    def sent(self) -> tuple[Notice, ...]:
        """Everything that was told, in the order of time."""
        return tuple(sorted(self._sent, key=_when))

    def started(self) -> None:
        """Tell that the run has begun."""
        self._add(START, self._job.recipients.told(START))

    def ended(self, state: str) -> None:
        """Tell how the run has ended."""
        for event, by, to in self._job.recipients.of_end(state):
            self._add(event, [(by, to)], about=state)

    def warned(self, began: timedelta) -> None:
        """Tell that the run has gone on for too long, where it has until now."""
        for at, event, about in warnings(self._job.rules, began, self._world.now, {}):
            self._add(event, self._job.recipients.told(event), at=at, about=about)

    def begun(self, work: AtWork, *, retry: bool) -> None:
        """Tell that an attempt begins; conditions tell nobody."""
        told = work.task.recipients
        if not work.task.is_condition and not (retry and told.last_attempt_only):
            self._add(START, told.told(START), work=work)

    def over(self, work: AtWork, attempt: Attempt, *, retried: bool) -> None:
        """Tell how an attempt is over, and what was wrong while it went on."""
        task, told = work.task, work.task.recipients
        if task.is_condition:
            return
        began = attempt.ended - attempt.duration
        for at, event, about in warnings(task.rules, began, attempt.ended, attempt.backlog):
            self._add(event, told.told(event), work=work, at=at, about=about)
        for at, event, about in warnings(self._job.rules, began, attempt.ended, attempt.backlog):
            if event == BACKLOG:
                self._add(event, self._job.recipients.told(event), at=at, about=f"{task.key}: {about}")
        if attempt.state != SKIPPED and not (retried and told.last_attempt_only):
            for event, by, to in told.of_end(attempt.state):
                self._add(event, [(by, to)], work=work, about=attempt.state)

    def never_ran(self, task: Task, state: str) -> None:
        """Tell that a task does not run for what has happened before it."""
        for event, by, to in task.recipients.of_end(state):
            self._add(event, [(by, to)], task=task, about=state)

    def _add(
        self,
        event: str,
        told: Iterable[tuple[str, str]],
        *,
        work: AtWork | None = None,
        task: Task | None = None,
        at: timedelta | None = None,
        about: str = "",
    ) -> None:
        of = work.task if work else task
        for by, to in told:
            self._sent.append(
                Notice(
                    at=self._world.now if at is None else at,
                    event=event,
                    to=to,
                    by=by,
                    about=about,
                    task_key=of.key if of else None,
                    iteration=work.item.index if work and work.item else None,
                )
            )


def _when(notice: Notice) -> tuple[Any, ...]:
    """Return the order of notices: of one instant, tasks before the job, and starts first."""
    of = notice.task_key is None, notice.task_key or "", notice.iteration or 0
    return notice.at, notice.event != START, *of, notice.event, notice.by, notice.to
