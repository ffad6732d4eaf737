"""One run: its tasks when their parents have ended, its timeout, its result, and who is told.

https://docs.databricks.com/aws/en/jobs/run-if, https://docs.databricks.com/aws/en/jobs/configure-job
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from lakeflow.chance import number_of
from lakeflow.simulate import states
from lakeflow.simulate.compute import Starting
from lakeflow.simulate.hosts import AtWork, Item
from lakeflow.simulate.job import Job, Task, disabled_in, in_order
from lakeflow.simulate.messages import Messages
from lakeflow.simulate.outcomes import Disabled, Does, Iterations
from lakeflow.simulate.references import Context, Seen
from lakeflow.simulate.result import Result, result_of
from lakeflow.simulate.run_if import Parent, never_runs
from lakeflow.simulate.runs import Attempt, Repair, Run, TaskRun
from lakeflow.simulate.starting import Origin, Start, resolved, trigger_facts
from lakeflow.simulate.states import (
    AT_THE_LIMIT,
    BLOCKED,
    CANCELED,
    DISABLED,
    NEVER_RAN,
    QUEUED,
    RUNNING,
    SKIPPED,
    TIMEDOUT,
    UPSTREAM_CANCELED,
    UPSTREAM_FAILED,
)
from lakeflow.simulate.working import Work, id_of_none
from lakeflow.simulate.world import Rank, World
from lakeflow.words import spoken

T = TypeVar("T")


class PlayedRun:
    """A run that goes on, and the host of the tasks in it."""

    def __init__(
        self,
        world: World,
        origin: Origin,
        done: Callable[[Run], None],
        *,
        path: tuple[str, ...],
        caller: str = "",
        before: Run | None = None,
        rerun: frozenset[str] = frozenset(),
    ) -> None:
        self.world, self.job, self.path = world, origin.job, path
        self._origin, self._done, self._start, self._before = origin, done, origin.start, before
        self._caller = before.caller if before else caller
        self.number = origin.number
        semantics = world.setting.semantics
        said = self._start.queue if self._start.queue is not None else self.job.queue
        self.queues = semantics.queue == "on" if said is None else said
        self.run_id = before.run_id if before else str(number_of(world.setting.seed, caller, *path, self.job.job_id))
        off = frozenset(key for key, does in self._start.does.items() if isinstance(does, Disabled))
        self._tasks = dict(self.job.selected(self._start.only))
        for key in rerun & set(self._tasks):
            self._tasks[key] = replace(self._tasks[key], disabled=False)
        self._disabled = disabled_in(self._tasks, off - rerun)
        self._ended: dict[str, TaskRun] = {}
        if before:
            self._ended = {key: before.tasks[key] for key in before.tasks if key in self._tasks and key not in rerun}
        self._order = in_order(self._tasks)
        self._after: dict[str, list[str]] = {}
        for key, task in self._tasks.items():
            for edge in task.parents:
                self._after.setdefault(edge.key, []).append(key)
        self._seen = {key: _seen(run) for key, run in self._ended.items()}
        self._works: dict[str, Work] = {}
        self._compute = Starting(self._start.compute)
        self._messages = Messages(world, self.job)
        self._asked = world.now
        self._started: timedelta | None = None
        self._over = False
        self._stopping = False
        self._parameters: Mapping[str, str] = {}
        self._bad: Mapping[str, str] = {}
        world.playing[self.run_id] = self

    # Asking for a place, and beginning

    def ask(self) -> None:
        """Ask for a place; somebody may cancel the run while it waits for one, or before."""
        if self._over:
            return
        if self._start.cancel_after is not None:
            at = self.world.now + self._start.cancel_after
            self.world.later(at, Rank.CANCEL, self.path, self._cancel)
        if self._start.skip:
            self.drop(f"skipped: {self._start.skip}", self._start.skip)
        elif self._start.waits:
            self.world.later(self.world.now + self._start.waits, Rank.ASK, self.path, self._ask_for_a_place)
        else:
            self._ask_for_a_place()

    def _ask_for_a_place(self) -> None:
        if not self._over:
            self.world.ask(self)

    def start(self) -> None:
        """Begin."""
        self._started = self.world.now
        self._parameters, self._bad = resolved(self.context({}, None), self._start, self.job)
        timeout = self.job.timeout
        if timeout is not None:
            counted = self.world.setting.semantics.timeout_counts_queue == "yes"
            at = max(self.world.now, (self._asked if counted else self.world.now) + timeout)
            self.world.later(at, Rank.JOB_TIMEOUT, self.path, lambda: self._time_out(timeout))
        if self._start.cancel_after_start is not None:
            self.world.later(self.world.now + self._start.cancel_after_start, Rank.CANCEL, self.path, self._cancel)
        self._messages.started()
        self._settle(self._tasks)

    def drop(self, reason: str, code: str = "") -> None:
        """End without having begun."""
        self._over = True
        state = AT_THE_LIMIT if code in {"", states.code(AT_THE_LIMIT)} else SKIPPED
        self._messages.ended(state)
        self._put_down(Result(state, reason, code=code))

    def stop(self, state: str, reason: str) -> None:
        """Cancel the run, or let its timeout end it: what goes on is stopped, what waits does not start."""
        if self._over:
            return
        if self._started is None:
            self.world.forget(self)
            self._over = True
            self._messages.ended(state)
            self._put_down(Result(state, reason))
            return
        semantics = self.world.setting.semantics
        self._stopping = True
        stopped = semantics.stopped_tasks if state == TIMEDOUT else CANCELED
        for _, work in sorted(self._works.items()):
            # The platform cancels what takes too long, and not a user.
            work.stop(stopped, reason, states.code(TIMEDOUT) if state == TIMEDOUT else None)
        for key in sorted(set(self._tasks) - set(self._ended)):
            self._never(key, semantics.waiting_tasks, f"did not run: the run was {reason}")
        message = "Run cancelled by user" if state == CANCELED else ""
        self._finish(Result(state, reason, message))

    def cancel(self, key: str) -> None:
        """Cancel one task while it runs or waits for its next attempt; what comes after it follows its run_if."""
        if key in self._works:
            self._works[key].stop(CANCELED, "canceled by a user")

    def _cancel(self) -> None:
        self.stop(CANCELED, "canceled by a user")

    def _time_out(self, timeout: timedelta) -> None:
        self.stop(TIMEDOUT, f"timed out after {spoken(timeout)}")

    # Tasks

    def _settle(self, candidates: Iterable[str]) -> None:
        """Start or pass over every task of these whose parents have ended, and what follows from it."""
        while ready := sorted({key for key in candidates if self._is_ready(key)}):
            passed = [key for key in ready if not self._begins(key, self._tasks[key])]
            candidates = [child for key in passed for child in self._after.get(key, ())]
        if len(self._ended) == len(self._tasks):
            self._finish(result_of(self._ended, frozenset(self._after), self.world.setting.semantics))

    def _is_ready(self, key: str) -> bool:
        if key in self._ended or key in self._works:
            return False
        at_once = key in self._disabled and self.world.setting.semantics.disabled_at == "start"
        return at_once or all(edge.key in self._ended for edge in self._tasks[key].parents)

    def _begins(self, key: str, task: Task) -> bool:
        """Begin a task, or put down why it never runs; return whether it begins."""
        if key in self._disabled:
            because = self._disabled[key]
            parents = ", ".join(dict.fromkeys(edge.key for edge in task.parents))
            why = f"{key} ({task.run_if}) waits for {parents}; disabled: {', '.join(because)}" if because else key
            self._never(key, DISABLED, f"disabled: {why}" if because else "disabled")
            return False
        parents_ended = [self._parent(edge.key, edge.outcome) for edge in task.parents]
        verdict = never_runs(key, task.run_if, parents_ended, self.world.setting.semantics)
        if verdict:
            word = "excluded" if verdict.state == states.EXCLUDED else "skipped"
            self._never(key, verdict.state, f"{word}: {verdict.reason}")
            return False
        self._works[key] = Work(self, task, self._task_done)
        self._works[key].start()
        return True

    def _parent(self, key: str, wanted: str | None) -> Parent:
        run = self._ended[key]
        return Parent(key, run.state, wanted, run.outcome)

    def _never(self, key: str, state: str, reason: str) -> None:
        attempt = Attempt(
            task_key=key,
            number=0,
            state=state,
            started=None,
            ended=self.world.now,
            reason=reason,
            code=states.code(state),
            run_id=id_of_none(self, key),
        )
        self._put(key, TaskRun(key=key, attempts=(attempt,)))
        notifies = self.world.setting.semantics.never_run_notifies == "yes"
        if notifies and state in {UPSTREAM_FAILED, UPSTREAM_CANCELED, CANCELED}:
            self._messages.never_ran(self._tasks[key], state)

    def _task_done(self, work: Work) -> None:
        key = work.task.key
        self._works.pop(key, None)
        self._put(key, work.run)
        if not self._stopping:
            self._settle(self._after.get(key, ()))

    def _put(self, key: str, run: TaskRun) -> None:
        """Put a task down."""
        run = self._with_before(key, run)
        self._ended[key] = run
        self._seen[key] = _seen(run)

    def _with_before(self, key: str, run: TaskRun) -> TaskRun:
        """Return a task behind what a repair repeats of it."""
        before = self.previous(key)
        if before is None:
            return run
        number = len(self._before.repairs) if self._before else 0
        attempts = (replace(attempt, repair=number) for attempt in run.attempts)
        return replace(run, attempts=(*before.attempts, *attempts))

    # What tasks ask of their run

    def context(self, own: Mapping[str, Any], item: Item | None) -> Context:
        """Return what references can ask for now."""
        setting = self.world.setting
        first = self._before.started if self._before else self._started
        began = self.world.now if first is None else first
        return Context(
            semantics=setting.semantics,
            job_id=self.job.job_id,
            job_name=self.job.name,
            run_id=self.run_id,
            started=setting.began + began,
            parameters=self._parameters,
            bad_parameters=self._bad,
            trigger=trigger_facts(self._start),
            backfill=self._start.backfill,
            workspace=setting.workspace,
            repairs=len(self._before.repairs) if self._before else 0,
            tasks=self._seen,
            known_tasks=self._tasks,
            task=own,
            input=item.value if item else None,
            has_input=item is not None,
        )

    def does(self, key: str) -> Does | Iterations | None:
        """Return what somebody has said that a task does."""
        return self._start.does.get(key)

    def takes(self, key: str, *names: object) -> timedelta:
        """Return how long a task takes."""
        said = self._start.durations.get(key)
        if said is not None:
            return said
        return self.world.setting.takes("/".join([*self.path[1:], key]), self.run_id, *names)

    def setup(self, key: str) -> timedelta:
        """Return how long a task that begins now waits for what it runs on."""
        return self._compute.wait(key, self.world.now)

    def call(
        self, key: str, run_id: str, job: Job, parameters: Mapping[str, str], done: Callable[[Run], None]
    ) -> "PlayedRun":
        """Start a run of another job; what is said of `key/task` is said of its tasks."""
        start = Start(
            parameters=parameters,
            does=_below(key, self._start.does),
            durations=_below(key, self._start.durations),
            compute=_below(key, self._start.compute),
            trigger="RUN_JOB_TASK",
            time=self._start.time,
        )
        origin = replace(self._origin, start=start, job=job)
        child = PlayedRun(self.world, origin, done, path=(*self.path, key), caller=run_id)
        self.world.later(self.world.now, Rank.ASK, child.path, child.ask)
        return child

    def previous(self, key: str) -> TaskRun | None:
        """Return what a repair repeats."""
        return self._before.tasks.get(key) if self._before else None

    # Who is told

    def begun(self, work: AtWork, retry: bool) -> None:
        """Tell who wants to know that an attempt begins."""
        self._messages.begun(work, retry=retry)

    def over(self, work: AtWork, attempt: Attempt, retried: bool) -> None:
        """Tell who wants to know that an attempt is over, and what was wrong while it went on."""
        self._messages.over(work, attempt, retried=retried)

    # The end

    def _finish(self, result: Result) -> None:
        self._over = True
        if self._started is not None:
            self._messages.warned(self._started)
        state = result.state
        if not (state in NEVER_RAN and state != SKIPPED):
            self._messages.ended(state)
        self._put_down(result)
        self.world.leave(self.job)

    def as_it_is(self) -> Run:
        """Return the run as it is now: what goes on is RUNNING, what waits for its parents BLOCKED."""
        now = {key: self._ended[key] for key in self._ended}
        for key, work in self._works.items():
            now[key] = self._with_before(key, work.as_it_is())
        for key in self._order:
            if key not in now:
                waits = Attempt(
                    task_key=key,
                    number=0,
                    state=BLOCKED,
                    started=None,
                    ended=self.world.now,
                    reason="",
                    code="",
                    run_id=id_of_none(self, key),
                )
                now[key] = self._with_before(key, TaskRun(key=key, attempts=(waits,)))
        return self._run(Result(QUEUED if self._started is None else RUNNING, ""), now)

    def _put_down(self, result: Result) -> None:
        run = self._run(result, self._ended)
        self.world.ended[self.run_id] = run
        self.world.playing.pop(self.run_id, None)
        self._done(run)

    def _run(self, result: Result, tasks: Mapping[str, TaskRun]) -> Run:
        before, began = self._before, self._started
        # A repair that never began has repeated nothing.
        seen = {**before.tasks, **tasks} if before else tasks
        piece = Repair(
            repair_id=str(number_of(self.run_id, "repair", len(before.repairs))) if before else "",
            started=self._asked if began is None else began,
            ended=self.world.now,
            state=result.state,
            code=result.code or states.code(result.state),
            message=result.message,
        )
        return Run(
            job=self.job.name,
            run_id=self.run_id,
            state=result.state,
            reason=result.reason,
            message=result.message,
            asked=before.asked if before else self._asked,
            started=before.started if before else began,
            ended=self.world.now,
            trigger=self._start.trigger,
            parameters=self._parameters,
            tasks={key: seen[key] for key in self._order if key in seen},
            notices=(*(before.notices if before else ()), *self._messages.sent),
            code=piece.code,
            repairs=(*(before.repairs if before else ()), piece),
            caller=self._caller,
            origin=self._origin,
        )


def _below(key: str, said: Mapping[str, T]) -> Mapping[str, T]:
    """Return what is said of the tasks of a job that a task starts."""
    prefix = f"{key}/"
    return {name.removeprefix(prefix): each for name, each in said.items() if name.startswith(prefix)}


def _seen(run: TaskRun) -> Seen:
    """Return what other tasks can see of one that has ended."""
    last = run.last
    return Seen(
        state=run.state,
        values=last.values,
        output=last.output,
        run_id=last.run_id,
        executions=sum(attempt.ran for attempt in run.attempts),
        code=last.code,
        notebook_path=str(last.resolved.get("notebook_path", "")),
    )
