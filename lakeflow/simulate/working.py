"""One task at work, or one iteration of a loop: attempt after attempt.

Retries count from start to start, a timeout is that of an attempt:
https://docs.databricks.com/aws/en/jobs/configure-task
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from constructs_lib.errors import LakeflowError
from lakeflow.chance import number_of
from lakeflow.simulate import states
from lakeflow.simulate.bodies import Body, Call, Code, Condition, Nowhere
from lakeflow.simulate.conditions import NoComparisonError
from lakeflow.simulate.hosts import Host, Item
from lakeflow.simulate.job import Task
from lakeflow.simulate.loops import Repeating
from lakeflow.simulate.outcomes import Does, Iterations, Outcome, Succeeded, at_attempt
from lakeflow.simulate.references import UnresolvedError, as_text
from lakeflow.simulate.runs import Attempt, TaskRun
from lakeflow.simulate.states import CANCELED, FAILED, PENDING, RUNNING, SUCCESS, TIMEDOUT, WAITING
from lakeflow.simulate.world import Rank
from lakeflow.words import spoken

MOST_ATTEMPTS = 1000
_CONFIGURATION = "INVALID_RUN_CONFIGURATION"


class Work:
    """A task, or one iteration of a loop, from its first attempt to its last."""

    def __init__(
        self,
        host: Host,
        task: Task,
        done: Callable[["Work"], None],
        *,
        loop_key: str = "",
        item: Item | None = None,
        entry: int | None = None,
    ) -> None:
        self.host, self.task, self.item = host, task, item
        self.attempts: list[Attempt] = []
        self.started: timedelta | None = None
        """When the attempt that goes on began; None between attempts."""
        self.finished = False
        """Whether nothing more will happen."""
        self._done, self._loop_key = done, loop_key
        self._entry = () if entry is None else (entry,)
        """Which of the loop's attempts, repairs counted, an iteration belongs to."""
        self._name = (*host.path, loop_key, task.key, f"{item.index:09}" if item else "")
        self._epoch = 0
        self._outcome = Outcome()
        self._unresolved = False
        self._setup = timedelta()
        self._body: Body | None = None

    @property
    def run(self) -> TaskRun:
        """What has become of it."""
        item = self.item
        return TaskRun(
            key=self.task.key,
            attempts=tuple(self.attempts),
            iteration=item.index if item else None,
            input=item.value if item else None,
        )

    def as_it_is(self) -> TaskRun:
        """Return what has become of it until now: an attempt that goes on, or waits to be made, is the last one."""
        run = self.run
        if self.finished:
            return run
        now = self._attempt(self._phase())
        return replace(run, attempts=(*run.attempts, now))

    def _phase(self) -> str:
        """Return how far the attempt is that goes on."""
        if self.started is None:
            return WAITING
        return PENDING if self.host.world.now < self.started + self._setup else RUNNING

    def start(self) -> None:
        """Begin an attempt."""
        number = len(self.attempts)
        if number >= MOST_ATTEMPTS:
            raise LakeflowError(
                f"task {self.task.key!r} is retried without end", fix="let it fail some times only: Failed(times=3)"
            )
        self._epoch += 1
        self.started, self._unresolved, self._setup = self.host.world.now, False, timedelta()
        self.host.begun(self, number > 0)
        if self.task.timeout is not None:
            self.later(self.task.timeout, Rank.TIMEOUT, self._time_out)
        said = self._said()
        self._outcome = Succeeded() if said is None else at_attempt(said, number)
        self._body = self._what(left_alone=said is None)
        try:
            self._body.begin()
        except (UnresolvedError, NoComparisonError) as error:
            problem = f"failed: {error}"
            self._outcome, self._unresolved = Outcome(), True
            self.later(timedelta(), Rank.END, lambda: self.end(FAILED, problem, _CONFIGURATION))

    def stop(self, state: str, reason: str, code: str | None = None) -> None:
        """End the attempt that goes on, and let no other one follow."""
        if self.finished:
            return
        self._halt(state, reason)
        if self.started is None:
            self._finish()
        else:
            self._put_down(state, reason, code)
            self._finish()

    def end(self, state: str, reason: str = "", code: str | None = None, *, outcome: str | None = None) -> None:
        """End the attempt, and begin another one where there is to be one."""
        began = self.started
        if began is None:
            return
        again = self._again(state)
        self._put_down(state, reason, code, outcome=outcome, again=again)
        if again:
            wait = max(timedelta(), began + self.task.wait - self.host.world.now)
            self.later(wait, Rank.RETRY, self.start)
        else:
            self._finish()

    def later(self, wait: timedelta, rank: Rank, do: Callable[[], None]) -> None:
        """Let something happen, unless the attempt is over by then."""
        epoch, world = self._epoch, self.host.world
        world.later(world.now + wait, rank, self._name, lambda: do() if self._epoch == epoch else None)

    def takes(self) -> timedelta:
        """Return how long the attempt takes where nobody says it."""
        return self.host.takes(self.task.key, *self._name, len(self.attempts))

    def set_up(self) -> timedelta:
        """Return how long the attempt waits for what it runs on."""
        self._setup = self.host.setup(self.task.key)
        if self._setup:
            # Nothing happens but that it is no longer pending.
            self.later(self._setup, Rank.RETRY, lambda: None)
        return self._setup

    def _said(self) -> Does | None:
        """Return what somebody has said that it does; None where it is left to itself."""
        said = self.host.does(self.task.key)
        if self.item is None:
            return None if isinstance(said, Iterations) else said
        of_loop = self.host.does(self._loop_key)
        said = of_loop if isinstance(of_loop, Iterations) else said
        return said.of(self.item.index, as_text(self.item.value)) if isinstance(said, Iterations) else said

    def _what(self, *, left_alone: bool) -> Body:
        """Return what the attempt does."""
        task, number = self.task, len(self.attempts)
        own = {
            "name": task.key,
            "run_id": self._run_id(number),
            "execution_count": str(number + 1 + self._earlier()),
            "notebook_path": str(task.body.get("notebook_path", "")),
        }
        context = self.host.context(own, self.item)
        if task.is_condition:
            return Condition(self, context, self._outcome)
        if left_alone and (loop := task.loop):
            return Repeating(
                self,
                context,
                loop,
                lambda item, done: Work(
                    self.host, loop.task, done, loop_key=task.key, item=item, entry=number + self._entries()
                ),
            )
        if left_alone and task.is_call:
            job = self.host.world.job(as_text(task.body.get("job_id", "")))
            if job:
                return Call(self, context, job, self._run_id(number))
            if self.host.world.setting.known_jobs_only:
                return Nowhere(self, context)
        return Code(self, context, self._outcome)

    def _time_out(self) -> None:
        self._halt(CANCELED, f"canceled: {self.task.key} timed out")
        self.end(TIMEDOUT, f"timed out after {spoken(self.task.timeout or timedelta())}")

    def _halt(self, state: str, reason: str) -> None:
        """Stop what goes on within it."""
        self._epoch += 1
        if self._body and self.started is not None:
            self._body.halt(state, reason)

    def _finish(self) -> None:
        self.finished = True
        self._done(self)

    def _put_down(
        self, state: str, reason: str, code: str | None = None, *, outcome: str | None = None, again: bool = False
    ) -> None:
        """Put the attempt that goes on down."""
        self._epoch += 1
        attempt = self._attempt(state, reason, code, outcome)
        self.started = None
        self.attempts.append(attempt)
        self.host.over(self, attempt, again)

    def _attempt(self, state: str, reason: str = "", code: str | None = None, outcome: str | None = None) -> Attempt:
        """Return the attempt that goes on as one that is in this state now."""
        done, body, now = self._outcome, self._body, self.host.world.now
        return Attempt(
            task_key=self.task.key,
            number=len(self.attempts),
            state=state,
            started=self.started,
            ended=now,
            setup=min(self._setup, timedelta() if self.started is None else now - self.started),
            reason=reason,
            code=code or states.code(state),
            run_id=self._run_id(len(self.attempts)),
            outcome=outcome,
            values=done.values if state in {SUCCESS, FAILED} else {},
            output=done.output if isinstance(done, Succeeded) and state == SUCCESS else None,
            backlog=done.backlog,
            resolved=body.resolved if body else {},
            parameters=body.parameters if body else {},
            run=body.run if body else None,
            iterations=body.iterations if body else (),
        )

    def _again(self, state: str) -> bool:
        """Return whether another attempt follows one that ended so."""
        task, semantics = self.task, self.host.world.setting.semantics
        if task.is_condition or (task.loop and semantics.loop_retries == "no"):
            return False
        if self._unresolved and semantics.retry_unresolved == "no":
            return False
        if state != FAILED and not (state == TIMEDOUT and task.retry_on_timeout):
            return False
        most = task.max_retries
        if most is None:
            most = semantics.serverless_retries if task.serverless else 0
        limit = self.host.world.setting.most_attempts
        if limit is not None and len(self.attempts) + 1 >= limit:
            return False
        return most == -1 or len(self.attempts) < most

    def _run_id(self, number: int) -> str:
        return str(number_of(self.host.run_id, *self._name, *self._entry, number + self._entries()))

    def _entries(self) -> int:
        """Return how many attempts a repair repeats, those that never ran among them."""
        before = self.host.previous(self.task.key) if self.item is None else None
        return len(before.attempts) if before else 0

    def _earlier(self) -> int:
        before = self.host.previous(self.task.key) if self.item is None else None
        return sum(attempt.ran for attempt in before.attempts) if before else 0


def id_of_none(host: Host, key: str) -> str:
    """Return the id that the next attempt at a task of a run will have, also where none will be made."""
    before = host.previous(key)
    return str(number_of(host.run_id, *host.path, "", key, "", len(before.attempts) if before else 0))
