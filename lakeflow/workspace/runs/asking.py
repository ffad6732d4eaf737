"""run-now and runs/submit: https://docs.databricks.com/api/workspace/jobs/runnow."""

from collections.abc import Mapping

from constructs_lib.errors import LakeflowError
from lakeflow.simulate.playback import LATEST_NEEDED
from lakeflow.workspace.exchange import Json, Kind, RefusedError, Request, Route, Routes, invalid
from lakeflow.workspace.fields import Fields, document, fields, labels, listed, text, texts, truth, whole
from lakeflow.workspace.job_checks import check
from lakeflow.workspace.job_settings import as_kept
from lakeflow.workspace.runs.legacy import LEGACY, legacy_parameters, overridden
from lakeflow.workspace.runs.player import Player
from lakeflow.workspace.state import State

MOST_OF_A_TOKEN = 64
_NOT_SUBMITTED = ("max_retries", "min_retry_interval_millis", "retry_on_timeout")
"""A submitted run has no retries."""
_OF_THE_CALL = ("run_name", "access_control_list", "idempotency_token", "run_as")

_SHARED: Mapping[str, Kind] = {"idempotency_token": text, "queue": fields(enabled=truth), "performance_target": text}
_RUN_NOW = Fields({"job_id": whole, "job_parameters": labels, "only": texts, **_SHARED, **LEGACY})
_SUBMIT = Fields({"run_name": text, "tasks": listed(document), **_SHARED})


class Asking:
    """Runs that somebody asks for."""

    def __init__(self, state: State, player: Player) -> None:
        self._state, self._player = state, player
        self._tokens = state.tables["run_tokens"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /jobs/run-now": Route("start a run of a job, played by its scenario", self._run_now, _RUN_NOW),
            "POST /jobs/runs/submit": Route("start a run of tasks that no job has", self._submit, _SUBMIT),
        }

    def _run_now(self, request: Request) -> Json:
        job_id = request.number("job_id")
        settings = self._player.deployed.settings(str(job_id))
        if settings is None:
            raise invalid(f"Job {job_id} does not exist.")
        known = self._by_token(request)
        if known is not None:
            return {"run_id": known, "number_in_job": known}
        given = legacy_parameters(request, settings)
        parameters = request.block("job_parameters")
        only = tuple(request.body.get("only", ()))
        about: Json = {
            "job_id": job_id,
            "run_type": "JOB_RUN",
            "creator": request.caller,
            "own": bool(given),
            "parameters": parameters,
            "overriding_parameters": given,
            "performance_target": request.body.get("performance_target"),
        }
        run_id = self._started(
            request,
            overridden(settings, given),
            about,
            parameters=parameters,
            only=only,
            queue=request.block("queue").get("enabled"),
        )
        return {"run_id": run_id, "number_in_job": run_id}

    def _submit(self, request: Request) -> Json:
        if not request.entries("tasks"):
            raise invalid("Missing required field: tasks")
        known = self._by_token(request)
        if known is not None:
            return {"run_id": known}
        said = {name: value for name, value in request.body.items() if name not in _OF_THE_CALL}
        tasks = [
            {name: value for name, value in task.items() if name not in _NOT_SUBMITTED}
            for task in request.entries("tasks")
        ]
        settings = as_kept({**said, "name": request.body.get("run_name") or "Untitled", "tasks": tasks})
        check(settings)
        about: Json = {
            "job_id": self._state.next_number(),
            "run_type": "SUBMIT_RUN",
            "creator": request.caller,
            "own": True,
            "parameters": {},
            "performance_target": request.body.get("performance_target"),
        }
        return {"run_id": self._started(request, settings, about)}

    def _started(self, request: Request, settings: Json, about: Json, **options: object) -> int:
        try:
            run_id = self._player.start(settings, about, **options)
        except LakeflowError as error:
            raise refused(error) from None
        token = request.body.get("idempotency_token")
        if token:
            self._tokens[token] = {"run_id": run_id, "at": request.at}
        self._player.settle()
        return run_id

    def _by_token(self, request: Request) -> int | None:
        """Return the run that was started with the same token before; refuse the token of one that is gone."""
        token = request.body.get("idempotency_token")
        if not token:
            return None
        if len(token) > MOST_OF_A_TOKEN:
            raise invalid(f"The idempotency token cannot have more than {MOST_OF_A_TOKEN} characters.")
        if token not in self._tokens:
            return None
        run_id = int(self._tokens[token]["run_id"])
        if str(run_id) not in self._state.tables["runs"]:
            raise invalid(f"The run {run_id} of the idempotency token {token} was deleted.")
        return run_id


def refused(error: LakeflowError) -> RefusedError:
    """Return the refusal of what the engine cannot play, in its words."""
    if error.problem == LATEST_NEEDED:
        return invalid(error.problem)
    place = f"{error.place}: " if error.place else ""
    return invalid(f"{place}{error.problem}{f'; {error.fix}' if error.fix else ''}")
