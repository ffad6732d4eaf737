"""Lakeflow declarative pipelines without their updates: https://docs.databricks.com/api/workspace/pipelines."""

from lakeflow.workspace.exchange import Json, Request, Routes, conflict
from lakeflow.workspace.state import State, Table

_NOT_SPEC = ("allow_duplicate_names", "dry_run", "expected_last_modified", "pipeline_id", "run_as")


class Pipelines:
    """create, get, list, edit and delete."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._pipelines = Table(state, "pipelines", "The specified pipeline", kind="pipelines")

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /pipelines": self._create,
            "GET /pipelines": lambda _: {"statuses": [_status(row) for row in self._pipelines.rows()]},
            "GET /pipelines/{id}": lambda request: self._pipelines[request.parts["id"]],
            "PUT /pipelines/{id}": self._edit,
            "DELETE /pipelines/{id}": self._delete,
        }

    def _create(self, request: Request) -> Json:
        self._refuse_taken(request, None)
        key = self._state.next_uuid()
        self._pipelines[key] = {"pipeline_id": key, "creator_user_name": request.caller}
        self._write(key, request)
        return {"pipeline_id": key}

    def _edit(self, request: Request) -> Json:
        key = request.parts["id"]
        self._pipelines[key]  # or there is none
        self._refuse_taken(request, key)
        self._write(key, request)
        return {}

    def _write(self, key: str, request: Request) -> None:
        spec = {name: value for name, value in request.body.items() if name not in _NOT_SPEC}
        pipeline = self._pipelines[key]
        # What a pipeline runs as outlives an edit that does not name it.
        run_as = request.block("run_as") or pipeline.get("run_as") or {"user_name": pipeline["creator_user_name"]}
        pipeline.update(
            name=spec.get("name"),
            state="RUNNING" if spec.get("continuous") and not spec.get("development") else "IDLE",
            health="HEALTHY",
            run_as=run_as,
            run_as_user_name=run_as.get("user_name") or run_as.get("service_principal_name"),
            last_modified=request.at,
            spec={**spec, "id": key},
        )

    def _refuse_taken(self, request: Request, key: str | None) -> None:
        name = request.body.get("name")
        taken = any(row["name"] == name and row["pipeline_id"] != key for row in self._pipelines.rows())
        if taken and not request.body.get("allow_duplicate_names"):
            raise conflict(
                f"The pipeline name '{name}' is already used by another pipeline. "
                "This check can be skipped by setting `allow_duplicate_names = true` in the request."
            )

    def _delete(self, request: Request) -> Json:
        del self._pipelines[request.parts["id"]]
        return {}


def _status(pipeline: Json) -> Json:
    shown = ("pipeline_id", "name", "state", "creator_user_name", "run_as_user_name", "health")
    return {name: pipeline[name] for name in shown}
