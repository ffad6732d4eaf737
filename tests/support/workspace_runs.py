"""Runs that play a script: each look at a run moves it one step on, so that nothing depends on time."""

import itertools
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from lakeflow.workspace.exchange import Json, Request, Routes, invalid
from lakeflow.workspace.jobs import Jobs, paged
from tests.support.workspace_spelling import ENDINGS, LEAF_SUCCESSES, Step, stats_of, wire_of

FIRST_RUN_ID = 550_315_892_394_120

Script = Mapping[str, Sequence["str | Step"]]


@dataclass(kw_only=True)
class _Play:
    """A run with its script, and how often it was looked at."""

    run_id: int
    job_id: int
    host: str
    settings: Json
    parameters: dict[str, str]
    tasks: dict[str, list[Step]]
    before: list[Step]
    result: str | None
    ids: dict[tuple[str, int, int], int]
    looks: int = 0
    canceled: bool = False


class RunsService:
    """run-now, runs/get, runs/get-output and runs/cancel."""

    def __init__(self, jobs: Jobs) -> None:
        self.host = ""
        self._jobs = jobs
        self._ids = itertools.count(FIRST_RUN_ID)
        self._plays: dict[int, _Play] = {}
        self._owners: dict[int, tuple[_Play, str, int, int]] = {}  # task run: run, task, attempt, iteration + 1
        self._tokens: dict[str, int] = {}
        self._scripts: dict[str, deque[tuple[Script, Sequence[str | Step], str | None]]] = {}

    @property
    def started(self) -> list[int]:
        """The ids of the runs that were started, in order."""
        return list(self._plays)

    def will_run(
        self, job_name: str, script: Script, *, before: Sequence[str | Step] = (), result: str | None = None
    ) -> None:
        """Let the next run of a job play this script: per task its states, one for each look at the run.

        A state after a result begins the next attempt. `before` are states of the run itself before its tasks begin;
        a result among them ends the run there. Tasks that are not named succeed. The result is that of the leaves.
        """
        self._scripts.setdefault(job_name, deque()).append((script, before, result))

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /jobs/run-now": self._run_now,
            "GET /jobs/runs/get": self._get,
            "GET /jobs/runs/get-output": self._output,
            "POST /jobs/runs/cancel": self._cancel,
        }

    def _run_now(self, request: Request) -> Json:
        token = request.body.get("idempotency_token")
        if token in self._tokens:
            return {"run_id": self._tokens[token], "number_in_job": self._tokens[token]}
        job_id = request.number("job_id")
        settings = self._jobs.settings(job_id)
        waiting = self._scripts.get(settings["name"])
        script, before, result = waiting.popleft() if waiting else ({}, (), None)
        selected = {key.strip("+") for key in request.body.get("only", [])}
        keys = [key for key in _in_order(settings) if not selected or key in selected]
        run_id = next(self._ids)
        self._plays[run_id] = _Play(
            run_id=run_id,
            job_id=job_id,
            host=self.host,
            settings=settings,
            parameters=request.body.get("job_parameters", {}),
            tasks={key: _steps(script.get(key, ("RUNNING", "SUCCESS"))) for key in keys},
            before=_steps(before),
            result=result,
            ids={},
        )
        if token:
            self._tokens[token] = run_id
        return {"run_id": run_id, "number_in_job": run_id}

    def _get(self, request: Request) -> Json:
        run_id, token = request.number("run_id"), request.count("page_token", 0)
        if run_id in self._owners:
            play, key, attempt, iteration = self._owners[run_id]
            tasks = [task for task in self._task_runs(play, key) if task["run_id"] == run_id or iteration]
            iterations = [] if iteration else self._iteration_runs(play, key, attempt)
            return paged({**tasks[0], "tasks": tasks, "iterations": iterations}, ("iterations",), token)
        play = self._play(run_id)
        if not token:
            play.looks += 1
        return paged(self._run(play), ("tasks", "job_clusters"), token)

    def _output(self, request: Request) -> Json:
        run_id = request.number("run_id")
        if run_id in self._plays:
            raise invalid(
                "Retrieving the output of runs with multiple tasks is not supported. "
                "Please retrieve the output of each individual task run instead."
            )
        if run_id not in self._owners:
            raise invalid(f"Run {run_id} does not exist.")
        play, key, attempt, iteration = self._owners[run_id]
        step = _attempts(_at(play, key))[attempt][-1]
        step = step.iterations[iteration - 1] if iteration else step
        output: Json = {"metadata": {"run_id": run_id}, "notebook_output": {}}
        output |= {"error": step.error} if step.error else {}
        output |= {"error_trace": step.trace} if step.trace else {}
        return output | ({"run_job_output": {"run_id": step.starts_run}} if step.starts_run else {})

    def _cancel(self, request: Request) -> Json:
        self._play(request.number("run_id")).canceled = True
        return {}

    def _play(self, run_id: int) -> _Play:
        if run_id not in self._plays:
            raise invalid(f"Run {run_id} does not exist.")
        return self._plays[run_id]

    def _run(self, play: _Play) -> Json:
        step = _run_step(play)
        tasks = [task for key in play.tasks for task in self._task_runs(play, key)]
        return {
            "job_id": play.job_id,
            "run_id": play.run_id,
            "number_in_job": play.run_id,
            "original_attempt_run_id": play.run_id,
            "job_run_id": play.run_id,
            "run_name": play.settings["name"],
            "run_type": "JOB_RUN",
            "trigger": "ONE_TIME",
            "creator_user_name": "jd@example.com",
            "run_page_url": f"{play.host}/?o=1#job/{play.job_id}/run/{play.run_id}",
            "job_parameters": _parameters(play),
            "tasks": tasks[::-1],  # not in the order in which they are declared
            **wire_of(step, play.looks, of_job=True),
        }

    def _task_runs(self, play: _Play, key: str) -> list[Json]:
        declared = next(task for task in play.settings["tasks"] if task["task_key"] == key)
        runs = []
        for attempt, steps in enumerate(_attempts(_at(play, key))):
            step = steps[-1]
            run = {
                **declared,
                "run_id": self._task_run_id(play, key, attempt, 0),
                "attempt_number": attempt,
                "run_page_url": f"{play.host}/?o=1#job/{play.job_id}/run/{self._task_run_id(play, key, attempt, 0)}",
                **wire_of(step, play.looks),
            }
            if "condition_task" in declared and step.outcome:
                run["condition_task"] = {**declared["condition_task"], "outcome": step.outcome}
            if "for_each_task" in declared:
                run["for_each_task"] = {**declared["for_each_task"], "stats": stats_of(step)}
            runs.append(run)
        return runs

    def _iteration_runs(self, play: _Play, key: str, attempt: int) -> list[Json]:
        step = _attempts(_at(play, key))[attempt][-1]
        return [
            {
                "task_key": f"{key}_iteration",
                "run_id": self._task_run_id(play, key, attempt, number),
                "attempt_number": 0,
                **wire_of(iteration, play.looks),
            }
            for number, iteration in enumerate(step.iterations, start=1)
        ]

    def _task_run_id(self, play: _Play, key: str, attempt: int, iteration: int) -> int:
        place = (key, attempt, iteration)
        if place not in play.ids:
            play.ids[place] = next(self._ids)
            self._owners[play.ids[place]] = (play, *place)
        return play.ids[place]


def _in_order(settings: Json) -> Iterator[str]:
    """Return the keys of a job's tasks, each after those that it waits for."""
    waits = {
        task["task_key"]: [parent["task_key"] for parent in task.get("depends_on", [])]
        for task in settings.get("tasks", [])
    }
    return iter(TopologicalSorter(waits).static_order())


def _steps(script: Sequence[str | Step]) -> list[Step]:
    return [step if isinstance(step, Step) else Step(word=step) for step in script]


def _at(play: _Play, key: str) -> list[Step]:
    """Return what a task has gone through until now."""
    begun = play.looks - len(play.before)
    past = play.tasks[key][: max(begun, 0)] or [Step(word="BLOCKED")]
    return [*past, Step(word="CANCELED")] if play.canceled and not past[-1].ends else past


def _attempts(past: list[Step]) -> list[list[Step]]:
    attempts: list[list[Step]] = [[]]
    for step in past:
        if attempts[-1] and attempts[-1][-1].word in {"FAILED", "TIMEDOUT"} and step.word != "CANCELED":
            attempts.append([])
        attempts[-1].append(step)
    return attempts


def _run_step(play: _Play) -> Step:
    if play.canceled:
        return Step(word="CANCELED")
    if play.before and (play.looks <= len(play.before) or play.before[-1].ends):
        return play.before[min(play.looks, len(play.before)) - 1]
    if play.looks - len(play.before) < max((len(steps) for steps in play.tasks.values()), default=0):
        return Step(word="RUNNING")
    parents = {parent["task_key"] for task in play.settings["tasks"] for parent in task.get("depends_on", [])}
    ended = {key: steps[-1] for key, steps in play.tasks.items()}
    failed = [key for key, step in ended.items() if step.word not in LEAF_SUCCESSES]
    failed_leaves = [key for key in failed if key not in parents]
    told = "FAILED" if failed_leaves else "SUCCESS_WITH_FAILURES" if failed else "SUCCESS"
    word = play.result or told
    message = f"Task {failed[0]} failed with message: {ENDINGS['FAILED'][3]}." if word == "FAILED" and failed else None
    return Step(word=word, message=message)


def _parameters(play: _Play) -> list[Json]:
    declared = {entry["name"]: entry.get("default", "") for entry in play.settings.get("parameters", [])}
    return [
        {"name": name, "default": declared.get(name, ""), "value": play.parameters.get(name, declared.get(name, ""))}
        for name in declared | play.parameters
    ]
