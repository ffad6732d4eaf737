"""One run as the pages need it: its state, times, attempts and stretches, and the engine's own words for it.

https://docs.databricks.com/api/workspace/jobs/getrun
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from constructs_lib.errors import listed
from lakeflow.run.answers import block_of, entries_of, number_of, run_of, text_of
from lakeflow.run.reasons import reason_of
from lakeflow.run.states import Run, State, TaskRun
from lakeflow.simulate.critical import chain
from lakeflow.simulate.states import NEVER_RAN, WORDS
from lakeflow.workspace.page.words import text

Json = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Attempt:
    """One attempt at a task, with the answer that it was read from."""

    entry: Json
    task: TaskRun

    @property
    def run_id(self) -> int:
        """The id of its run."""
        return self.task.run_id

    @property
    def setup(self) -> int:
        """How long its compute needed to be there, in milliseconds."""
        return max(number_of(self.entry, "setup_duration"), 0)

    @property
    def execution(self) -> int:
        """How long its code ran, in milliseconds."""
        return max(number_of(self.entry, "execution_duration"), 0)

    def until(self, now: int) -> int:
        """Return when it ended, or the present while it goes on; 0 where it never started."""
        if not self.task.start_time:
            return 0
        return max(self.task.end_time or (0 if self.task.state.ended else now), self.task.start_time)


@dataclass(frozen=True, eq=False)
class Stretch:
    """The first pass of a run, or one repair of it: its attempts and times."""

    repair: int
    """0 for the original run."""
    state: State
    start: int
    end: int
    attempts: tuple[Attempt, ...]


class RunFacts:
    """A run of a job."""

    def __init__(self, document: Json, note: Json) -> None:
        self.document, self.note = document, note
        self.run_id, self.job_id = number_of(document, "run_id"), number_of(document, "job_id")
        self.start, self.end = number_of(document, "start_time"), number_of(document, "end_time")
        """When it started and ended, in milliseconds; 0 where it has not."""

    @cached_property
    def state(self) -> State:
        """How far it is, and how it ended."""
        # A list of runs needs no attempts, and there may be very many.
        return run_of({key: value for key, value in self.document.items() if key not in {"tasks", "iterations"}}).state

    @property
    def queued(self) -> int:
        """How long it was queued, in milliseconds."""
        return max(number_of(self.document, "queue_duration"), 0)

    def took(self, now: int) -> int | None:
        """Return how long it took, or goes on already; None where it never started."""
        if not self.start or self.state.never_ran:
            return None
        said = number_of(self.document, "run_duration")
        if self.state.ended and said > 0:
            return said
        return max((self.end or (self.start if self.state.ended else now)) - self.start, 0)

    @property
    def trigger(self) -> str | None:
        """What started it, in the API's word."""
        return text_of(self.document, "trigger")

    @property
    def name(self) -> str:
        """The name that it has itself."""
        return text_of(self.document, "run_name") or ""

    @cached_property
    def tasks(self) -> dict[str, tuple[Attempt, ...]]:
        """The attempts of each task, the last one last; tasks in the order in which they can run."""
        entries: dict[int, list[Json]] = {}
        for entry in entries_of(self.document, "tasks"):
            entries.setdefault(number_of(entry, "run_id"), []).append(entry)
        first: dict[int, int] = {}
        for place, ids in enumerate(self._repairs):
            for each in ids:
                first.setdefault(each, place)
        return {
            key: tuple(
                Attempt(entries[task.run_id].pop(0), task)
                # What a repair made good may never have started before, so that no time says that it was first.
                for task in sorted(tasks, key=lambda task: first.get(task.run_id, len(first)))
            )
            for key, tasks in run_of({**self.document, "iterations": []}).tasks().items()
        }

    @cached_property
    def _latest(self) -> Run:
        """The run with the last attempt at each task."""
        return Run(run_id=self.run_id, state=self.state, attempts=tuple(each[-1].task for each in self.tasks.values()))

    @cached_property
    def _repairs(self) -> list[set[int]]:
        """The ids of the tasks' runs in the original run and in each repair."""
        found = []
        for item in entries_of(self.document, "repair_history"):
            ids = item.get("task_run_ids")
            found.append({each for each in ids if isinstance(each, int)} if isinstance(ids, list) else set())
        return found

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The original run and its repairs, in the order of time."""
        attempts = [attempt for each in self.tasks.values() for attempt in each]
        history = entries_of(self.document, "repair_history")
        if len(history) < 2:
            return (Stretch(0, self.state, self.start, self.end, tuple(attempts)),)
        found, taken = [], set[int]()
        for repair, (item, ids) in enumerate(zip(history, self._repairs, strict=True)):
            head = run_of(item)
            # What was not run again is listed with each repair, and belongs to where it ran first.
            its = tuple(each for each in attempts if each.run_id in ids - taken)
            taken |= ids
            found.append(Stretch(repair, head.state, head.start_time, head.end_time, its))
        left = tuple(each for each in attempts if each.run_id not in taken)
        if left:
            last = found[-1]
            found[-1] = Stretch(last.repair, last.state, last.start, last.end, (*last.attempts, *left))
        return tuple(found)

    @property
    def reason(self) -> str:
        """Why it ended so, in a sentence; nothing where nobody says."""
        said = text_of(self.note, "reason") or self.state.message
        return text(said) or (self._story() if self.state.ended else "")

    def _story(self) -> str:
        grouped: dict[str, list[str]] = {}
        for key, attempts in self.tasks.items():
            result = attempts[-1].task.state.result or ""
            if result in WORDS and result not in {"SUCCESS", "EXCLUDED", "DISABLED"}:
                grouped.setdefault(result, []).append(key)
        order = sorted(grouped, key=lambda result: result in NEVER_RAN)
        return "; ".join(f"{listed([text(key, 60) for key in grouped[each]], 3)} {WORDS[each]}" for each in order)

    def why(self, attempt: Attempt) -> str:
        """Say why an attempt did not succeed or did not run; nothing where it did or nobody says."""
        said = block_of(self.note, "reasons").get(str(attempt.run_id))
        state = attempt.task.state
        if isinstance(said, str) and said:
            return text(said)
        if state.never_ran:
            return text(reason_of(attempt.task, self._latest) or "")
        if state.phase == "BLOCKED" and not state.message:
            return self._awaited(attempt)
        return text(state.message) or (_coded(state) if state.failed else "")

    def _awaited(self, attempt: Attempt) -> str:
        """Say what a task waits for."""
        parents = dict.fromkeys(each.task_key for each in attempt.task.depends_on)
        open_ = [key for key in parents if key in self.tasks and not self.tasks[key][-1].task.state.ended]
        return f"waits for {listed([text(key, 60) for key in open_], 3)}" if open_ else ""

    @cached_property
    def critical(self) -> tuple[str, ...]:
        """The tasks that each waited for the one before, up to the one that ended last; of what has ended only."""
        latest = {key: attempts[-1].task for key, attempts in self.tasks.items()}
        parents = {key: [each.task_key for each in task.depends_on] for key, task in latest.items()}
        ended: dict[str, timedelta] = {}
        for key, task in latest.items():  # in the order in which they can run
            before = max((ended[each] for each in parents[key] if each in ended), default=timedelta())
            # What never ran was over with what it waited for.
            ended[key] = timedelta(milliseconds=task.end_time) if task.start_time and task.end_time else before
        ran = [key for key, task in latest.items() if task.start_time and task.end_time]
        if not self.state.ended or len(ran) < 2:
            return ()
        return tuple(key for key in chain(ended, parents, ran) if key in ran)


def _coded(state: State) -> str:
    return (state.code or "").lower().replace("_", " ") if state.code not in {None, "SUCCESS"} else ""
