"""Lakeflow declarative pipelines: https://docs.databricks.com/api/workspace/pipelines."""

import re
from collections.abc import Iterator

from lakeflow.workspace.exchange import Json, RefusedError, Request, Route, Routes, conflict, invalid
from lakeflow.workspace.fields import document, fields, labels, listed, text, truth
from lakeflow.workspace.paging import page
from lakeflow.workspace.pipeline_updates import Updates
from lakeflow.workspace.state import State, Table

_NOT_SPEC = ("allow_duplicate_names", "dry_run", "expected_last_modified", "pipeline_id", "run_as")
_TAKES = fields(
    name=text,
    catalog=text,
    schema=text,
    target=text,
    storage=text,
    channel=text,
    edition=text,
    budget_policy_id=text,
    root_path=text,
    continuous=truth,
    development=truth,
    photon=truth,
    serverless=truth,
    dry_run=truth,
    allow_duplicate_names=truth,
    configuration=labels,
    tags=labels,
    clusters=listed(document),
    libraries=listed(document),
    notifications=listed(document),
    run_as=fields(user_name=text, service_principal_name=text),
    filters=document,
    environment=document,
    event_log=document,
)
_NAME = re.compile(r"\w+")
_LIKE = re.compile(r"\s*name\s+like\s+'(.*)'\s*", re.IGNORECASE)
_MOST = 100


class Pipelines:
    """create, get, list, edit and delete; and updates."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._pipelines = Table(state, "pipelines", "The specified pipeline", kind="pipelines")
        self._updates = Updates(state)

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /pipelines": Route("create a pipeline", self._create, _TAKES),
            "GET /pipelines": Route("list pipelines, those whose name is like `filter`", self._list),
            "GET /pipelines/{id}": Route("read a pipeline, its state and its latest updates", self._get),
            "PUT /pipelines/{id}": Route("replace the settings of a pipeline", self._edit, _TAKES),
            "DELETE /pipelines/{id}": Route("delete a pipeline with its updates", self._delete),
            **self._updates.routes(),
        }

    def _create(self, request: Request) -> Json:
        self._refuse(request, None)
        if request.flag("dry_run"):
            return {"effective_settings": _spec(request)}
        key = self._state.next_uuid()
        self._pipelines[key] = {"pipeline_id": key, "creator_user_name": request.caller}
        self._write(key, request)
        return {"pipeline_id": key}

    def _get(self, request: Request) -> Json:
        pipeline = self._pipelines[request.parts["id"]]
        return {**pipeline, **self._updates.state_of(pipeline, request.at)}

    def _list(self, request: Request) -> Json:
        return page(self._statuses(request), request, "statuses", size="max_results", most=_MOST)

    def _statuses(self, request: Request) -> Iterator[Json]:
        said = request.query.get("filter", "")
        like = _LIKE.fullmatch(said)
        if said and not like and not said.lower().startswith("notebook"):
            raise invalid(f"Invalid filter: {said}")
        wanted = re.compile(".*".join(map(re.escape, like[1].split("%")))) if like else None
        for row in self._pipelines.rows():
            if wanted is None or wanted.fullmatch(str(row["name"])):
                yield {**_status(row), **self._updates.state_of(row, request.at)}

    def _edit(self, request: Request) -> Json:
        key = request.parts["id"]
        self._pipelines[key]  # or there is none
        self._refuse(request, key)
        self._write(key, request)
        return {}

    def _write(self, key: str, request: Request) -> None:
        spec, pipeline = _spec(request), self._pipelines[key]
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

    def _refuse(self, request: Request, key: str | None) -> None:
        name, target = request.body.get("name"), request.body.get("target")
        if target and request.body.get("catalog") and not _NAME.fullmatch(target):
            raise invalid(
                f'CreatePipeline target_schema_name "{target}" is not a valid name. Valid names must contain only'
                " alphanumeric characters and underscores, and cannot contain spaces, periods, forward slashes, or"
                " control characters."
            )
        taken = self._pipelines.taken("name", name, but=key)
        if taken and not request.body.get("allow_duplicate_names"):
            raise conflict(
                f"The pipeline name '{name}' is already used by another pipeline. "
                "This check can be skipped by setting `allow_duplicate_names = true` in the request."
            )

    def _delete(self, request: Request) -> Json:
        key = request.parts["id"]
        if self._updates.active(self._pipelines[key], request.at):
            raise RefusedError(409, "RESOURCE_CONFLICT", f"The pipeline {key} has an active update: stop it first.")
        del self._pipelines[key]
        self._updates.forget(key)
        return {}


def _spec(request: Request) -> Json:
    return {name: value for name, value in request.body.items() if name not in _NOT_SPEC}


def _status(pipeline: Json) -> Json:
    shown = ("pipeline_id", "name", "state", "creator_user_name", "run_as_user_name", "health")
    return {name: pipeline[name] for name in shown}
