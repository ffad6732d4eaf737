"""Updates of pipelines, which play through by the clock: https://docs.databricks.com/api/workspace/pipelines/startupdate.

Nothing is computed. An update is in the state that its age says, counted from the request that started it; how long
each state takes is not documented, and stated in STATES. One update of a pipeline is active at a time.
"""

from collections.abc import Iterator

from lakeflow.workspace.exchange import Json, RefusedError, Request, Route, Routes
from lakeflow.workspace.fields import document, fields, text, texts, truth
from lakeflow.workspace.masks import moment
from lakeflow.workspace.paging import page
from lakeflow.workspace.state import State, Table

_MINUTE = 60_000
STATES = (
    ("CREATED", 0),
    ("WAITING_FOR_RESOURCES", 2 * _MINUTE),
    ("INITIALIZING", 1 * _MINUTE),
    ("SETTING_UP_TABLES", 1 * _MINUTE),
    ("RUNNING", 5 * _MINUTE),
)
"""The states of an update before it is COMPLETED, and how long it is in each, in milliseconds."""
TAKES = sum(length for _, length in STATES)
"""How long an update takes, in milliseconds."""
_SHOWN = 5
"""As many of its latest updates a pipeline tells of itself."""
_STARTS = fields(
    cause=text,
    full_refresh=truth,
    full_refresh_selection=texts,
    refresh_selection=texts,
    reset_checkpoint_selection=texts,
    validate_only=truth,
    parameters=document,
)
_EVENT = {"CANCELED": "WARN"}


class Updates:
    """start, get and list updates, stop a pipeline, and the events of all that."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._pipelines = Table(state, "pipelines", "The specified pipeline", kind="pipelines")
        self._updates = state.tables["pipeline_updates"]

    def routes(self) -> Routes:
        """Return what answers which path."""
        path = "/pipelines/{id}"
        return {
            f"POST {path}/updates": Route("start an update, which plays through in minutes", self._start, _STARTS),
            f"GET {path}/updates": Route("list the updates of a pipeline, the newest first", self._list),
            f"GET {path}/updates/{{update}}": Route("read an update and the state it is in now", self._get),
            f"POST {path}/stop": Route("stop a pipeline: its active update is canceled", self._stop),
            f"GET {path}/events": Route("list what happened to the updates, the newest first", self._events),
        }

    def state_of(self, pipeline: Json, at: int) -> Json:
        """Return what a pipeline tells of its state and its latest updates."""
        updates = self._newest(pipeline["pipeline_id"])
        told: Json = {"state": "RUNNING" if self.active(pipeline, at) else pipeline["state"]}
        if updates:
            told["latest_updates"] = [
                {
                    "update_id": update["update_id"],
                    "state": _state(update, at),
                    "creation_time": moment(update["creation_time"]),
                }
                for update in updates[:_SHOWN]
            ]
        return told

    def active(self, pipeline: Json, at: int) -> bool:
        """Return whether an update of a pipeline is on its way."""
        newest = self._newest(pipeline["pipeline_id"])[:1]
        return any(_ends(update) > at for update in newest)

    def forget(self, pipeline_id: str) -> None:
        """Delete the updates of a pipeline."""
        self._updates.pop(pipeline_id, None)

    def _newest(self, pipeline_id: str) -> list[Json]:
        kept: list[Json] = self._updates.get(pipeline_id, [])
        return kept[::-1]

    def _pipeline(self, request: Request) -> Json:
        return self._pipelines[request.parts["id"]]

    def _start(self, request: Request) -> Json:
        pipeline = self._pipeline(request)
        key = pipeline["pipeline_id"]
        if self.active(pipeline, request.at):
            active = self._newest(key)[0]["update_id"]
            raise RefusedError(
                409, "RESOURCE_CONFLICT", f"An active update {active} already exists for pipeline '{key}'."
            )
        update = {
            "cause": "API_CALL",
            **request.body,
            "pipeline_id": key,
            "update_id": self._state.next_uuid(),
            "creation_time": request.at,
        }
        self._updates.setdefault(key, []).append(update)
        return {"update_id": update["update_id"]}

    def _list(self, request: Request) -> Json:
        self._pipeline(request)  # or there is none
        updates = [_shown(update, request.at) for update in self._newest(request.parts["id"])]
        until = request.query.get("until_update_id")
        ids = [update["update_id"] for update in updates]
        return page(updates[ids.index(until) :] if until in ids else updates, request, "updates", size="max_results")

    def _get(self, request: Request) -> Json:
        self._pipeline(request)  # or there is none
        key = request.parts["update"]
        for update in self._newest(request.parts["id"]):
            if update["update_id"] == key:
                return {"update": _shown(update, request.at)}
        raise RefusedError(404, "RESOURCE_DOES_NOT_EXIST", f"The specified update {key} was not found.")

    def _stop(self, request: Request) -> Json:
        pipeline = self._pipeline(request)
        if self.active(pipeline, request.at):
            self._updates[pipeline["pipeline_id"]][-1]["stopped"] = request.at
        pipeline["state"] = "IDLE"
        return {}

    def _events(self, request: Request) -> Json:
        self._pipeline(request)  # or there is none
        events = [
            event
            for update in self._newest(request.parts["id"])
            for event in reversed(list(_happened(update, request.at)))
        ]
        return page(events, request, "events", size="max_results", most=250)


def _ends(update: Json) -> int:
    """Return when an update has ended, or will."""
    stopped: int | None = update.get("stopped")
    planned: int = update["creation_time"] + TAKES
    return planned if stopped is None else stopped


def _walk(update: Json) -> Iterator[tuple[int, str]]:
    """Yield the states of an update with the times at which it comes into them."""
    at = update["creation_time"]
    for state, length in STATES:
        if "stopped" in update and at >= update["stopped"]:
            break
        yield at, state
        at += length
    yield _ends(update), "CANCELED" if "stopped" in update else "COMPLETED"


def _state(update: Json, at: int) -> str:
    return [state for since, state in _walk(update) if since <= at][-1]


def _shown(update: Json, at: int) -> Json:
    return {**{name: value for name, value in update.items() if name != "stopped"}, "state": _state(update, at)}


def _happened(update: Json, at: int) -> Iterator[Json]:
    for number, (since, state) in enumerate(_walk(update)):
        if since <= at:
            yield {
                "id": f"{update['update_id']}-{number}",
                "event_type": "update_progress",
                "level": _EVENT.get(state, "INFO"),
                "maturity_level": "STABLE",
                "message": f"Update {update['update_id'][:6]} is {state}.",
                "timestamp": moment(since, "%Y-%m-%dT%H:%M:%S.000Z"),
                "origin": {"pipeline_id": update["pipeline_id"], "update_id": update["update_id"]},
            }
