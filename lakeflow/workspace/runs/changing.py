"""cancel, cancel-all, repair and delete: https://docs.databricks.com/api/workspace/jobs/repairrun."""

from typing import Any

from constructs_lib.errors import LakeflowError
from lakeflow.workspace.exchange import Json, RefusedError, Request, Route, Routes, invalid
from lakeflow.workspace.fields import Fields, labels, text, texts, truth, whole
from lakeflow.workspace.runs.asking import refused
from lakeflow.workspace.runs.finding import Found, Kept, goes_on, is_queued
from lakeflow.workspace.runs.legacy import LEGACY, legacy_parameters, overridden
from lakeflow.workspace.runs.player import Player
from lakeflow.workspace.state import State

_RUN = Fields({"run_id": whole})
_ALL = Fields({"job_id": whole, "all_queued_runs": truth})
_REPAIR = Fields(
    {
        "run_id": whole,
        "latest_repair_id": whole,
        "rerun_tasks": texts,
        "rerun_all_failed_tasks": truth,
        "rerun_dependent_tasks": truth,
        "job_parameters": labels,
        "performance_target": text,
        **LEGACY,
    }
)


class Changing:
    """What is done to runs that are there."""

    def __init__(self, state: State, player: Player, kept: Kept) -> None:
        self._state, self._player, self._kept = state, player, kept

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /jobs/runs/cancel": Route("cancel a run, or one task of it", self._cancel, _RUN),
            "POST /jobs/runs/cancel-all": Route("cancel the runs of a job, or those that wait", self._cancel_all, _ALL),
            "POST /jobs/runs/repair": Route("run tasks of a run that has ended again", self._repair, _REPAIR),
            "POST /jobs/runs/delete": Route("delete a run that has ended", self._delete, _RUN),
        }

    def _cancel(self, request: Request) -> Json:
        found = self._kept.found(request)
        # An iteration of a loop is not canceled for itself.
        if found.task is None or found.run["tasks"].count(found.task):
            self._player.cancel(found.run["run_id"], found.task["task_key"] if found.task else "")
        return {}

    def _cancel_all(self, request: Request) -> Json:
        queued_only = request.flag("all_queued_runs")
        job_id = request.number("job_id") if "job_id" in request.body else None
        if job_id is None and not queued_only:
            raise invalid("Missing required field: job_id")
        if job_id is not None and self._player.deployed.settings(str(job_id)) is None:
            raise invalid(f"Job {job_id} does not exist.")
        self._player.cancel_all(
            run
            for run in self._kept.runs(request.at)
            if goes_on(run) and job_id in {None, run["job_id"]} and (is_queued(run) or not queued_only)
        )
        return {}

    def _repair(self, request: Request) -> Json:
        run = self._ended(self._kept.found(request), "repaired")
        run_id, job_id = run["run_id"], run["job_id"]
        origin = self._state.tables["run_origins"].get(str(run_id))
        if origin is None:
            raise RefusedError(
                400, "INVALID_STATE", f"Run {run_id} is of the past of this workspace: nothing runs again."
            )
        settings = origin.get("settings") if run["run_type"] == "SUBMIT_RUN" else None
        settings = settings or self._player.deployed.settings(str(job_id))
        if settings is None:
            raise invalid(f"Job {job_id} does not exist.")
        given = legacy_parameters(request, settings) or origin["about"].get("overriding_parameters") or {}
        about = {**origin["about"], "own": origin["about"]["own"] or bool(given)}
        about["performance_target"] = request.body.get("performance_target") or about.get("performance_target")
        parameters = request.block("job_parameters") if "job_parameters" in request.body else about["parameters"]
        try:
            self._player.repair(origin, overridden(settings, given), about, parameters=parameters, **_options(request))
        except LakeflowError as error:
            raise refused(error) from None
        self._player.settle()
        return {"repair_id": self._state.tables["runs"][str(run_id)]["repair_history"][-1]["id"]}

    def _delete(self, request: Request) -> Json:
        run = self._ended(self._kept.found(request), "deleted")
        self._kept.drop(str(run["run_id"]))
        return {}

    @staticmethod
    def _ended(found: Found, what: str) -> Json:
        run_id = (found.task or found.run)["run_id"]
        if found.task is not None:
            raise invalid(f"Run {run_id} is the run of a task; only runs of jobs are {what}.")
        if goes_on(found.run):
            raise RefusedError(400, "INVALID_STATE", f"Run {run_id} is active and cannot be {what}.")
        return found.run


def _options(request: Request) -> dict[str, Any]:
    """Return what a repair runs again, and the repair that it is to follow."""
    latest = request.body.get("latest_repair_id")
    return {
        "rerun_tasks": request.body.get("rerun_tasks", []),
        "rerun_all_failed_tasks": request.flag("rerun_all_failed_tasks"),
        "rerun_dependent_tasks": request.flag("rerun_dependent_tasks"),
        "latest_repair_id": "" if latest is None else str(latest),
    }
