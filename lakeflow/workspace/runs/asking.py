"""run-now and runs/submit: https://docs.databricks.com/api/workspace/jobs/runnow."""

from constructs_lib.errors import LakeflowError
from lakeflow.workspace.exchange import Json, Request, Routes, invalid
from lakeflow.workspace.job_checks import check
from lakeflow.workspace.job_settings import as_kept
from lakeflow.workspace.runs.legacy import legacy_parameters, overridden
from lakeflow.workspace.runs.player import Player
from lakeflow.workspace.state import State

MOST_OF_A_TOKEN = 64
_NOT_SUBMITTED = ("max_retries", "min_retry_interval_millis", "retry_on_timeout")
"""A submitted run has no retries."""
_OF_THE_CALL = ("run_name", "access_control_list", "idempotency_token", "run_as")


class Asking:
    """Runs that somebody asks for."""

    def __init__(self, state: State, player: Player) -> None:
        self._state, self._player = state, player
        self._tokens = state.tables["run_tokens"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {"POST /jobs/run-now": self._run_now, "POST /jobs/runs/submit": self._submit}

    def _run_now(self, request: Request) -> Json:
        job_id = request.number("job_id")
        settings = self._player.deployed.settings(str(job_id))
        if settings is None:
            raise invalid(f"Job {job_id} does not exist.")
        known = self._by_token(request)
        if known is not None:
            return {"run_id": known, "number_in_job": known}
        given = legacy_parameters(request, settings)
        parameters = job_parameters(request)
        only = request.body.get("only") or []
        if not isinstance(only, list) or not all(isinstance(key, str) for key in only):
            raise invalid("only is no list of task keys.")
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
            request, overridden(settings, given), about, parameters=parameters, only=tuple(only), queue=_queue(request)
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
        if not isinstance(token, str) or len(token) > MOST_OF_A_TOKEN:
            raise invalid(f"The idempotency token cannot have more than {MOST_OF_A_TOKEN} characters.")
        if token not in self._tokens:
            return None
        run_id = int(self._tokens[token]["run_id"])
        if str(run_id) not in self._state.tables["runs"]:
            raise invalid(f"The run {run_id} of the idempotency token {token} was deleted.")
        return run_id


def job_parameters(request: Request) -> dict[str, str]:
    """Return the job parameters of a request."""
    given = request.block("job_parameters")
    for name, value in given.items():
        if not isinstance(value, str):
            raise invalid(f"The value of the job parameter {name} is no string.")
    return given


def refused(error: LakeflowError) -> Exception:
    """Return the refusal of what the engine cannot play, in its words."""
    place = f"{error.place}: " if error.place else ""
    return invalid(f"{place}{error.problem}{f'; {error.fix}' if error.fix else ''}")


def _queue(request: Request) -> bool | None:
    enabled = request.block("queue").get("enabled")
    if enabled is not None and not isinstance(enabled, bool):
        raise invalid("queue.enabled is neither true nor false.")
    return enabled
