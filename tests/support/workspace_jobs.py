"""Jobs in memory, as the Jobs API keeps them: https://docs.databricks.com/api/workspace/jobs."""

import copy
import itertools
from typing import Any

from tests.support.workspace_exchange import Json, RefusedError, Request, Routes

PAGED = ("tasks", "job_clusters", "environments", "parameters")
PAGE = 100
FIRST_JOB_ID = 9_007_199_254_740_993  # more than a double can hold exactly: ids are 64-bit integers
CREATED = 1_790_000_000_000


class JobsService:
    """create, get, list, reset, update and delete."""

    def __init__(self) -> None:
        self._ids = itertools.count(FIRST_JOB_ID)
        self._jobs: dict[int, Json] = {}

    def create(self, settings: Json) -> int:
        """Add a job and return its id."""
        job_id = next(self._ids)
        self._jobs[job_id] = _with_defaults(settings)
        return job_id

    def settings(self, job_id: int) -> Json:
        """Return the settings of a job, or refuse as the service does."""
        if job_id not in self._jobs:
            raise RefusedError(400, "INVALID_PARAMETER_VALUE", f"Job {job_id} does not exist.")
        return self._jobs[job_id]

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "POST /jobs/create": lambda request: {"job_id": self.create(request.body)},
            "GET /jobs/get": self._get,
            "GET /jobs/list": self._list,
            "POST /jobs/reset": self._reset,
            "POST /jobs/update": self._update,
            "POST /jobs/delete": self._delete,
        }

    def _get(self, request: Request) -> Json:
        job_id = request.number("job_id")
        page = paged(copy.deepcopy(self.settings(job_id)), PAGED, request.query.get("page_token"))
        token = page.pop("next_page_token", None)
        job = {**self._head(job_id), "settings": page}
        return {**job, "next_page_token": token} if token else job

    def _list(self, request: Request) -> Json:
        name, limit = request.query.get("name"), int(request.query.get("limit", "20"))
        offset = int(request.query.get("page_token", "0"))
        matching = [
            job_id
            for job_id, settings in sorted(self._jobs.items(), reverse=True)
            if name is None or settings["name"].casefold() == name.casefold()
        ]
        shown = matching[offset : offset + limit]
        has_more = len(matching) > offset + limit
        answer: Json = {"has_more": has_more}
        if shown:
            answer["jobs"] = [
                {**self._head(job_id), "settings": {k: v for k, v in self._jobs[job_id].items() if k not in PAGED}}
                for job_id in shown
            ]
        return {**answer, "next_page_token": str(offset + limit)} if has_more else answer

    def _reset(self, request: Request) -> Json:
        job_id = request.number("job_id")
        kept = {key: value for key, value in self.settings(job_id).items() if key == "run_as"}
        self._jobs[job_id] = kept | _with_defaults(request.body.get("new_settings", {}))
        return {}

    def _update(self, request: Request) -> Json:
        settings = self.settings(request.number("job_id"))
        for key, value in request.body.get("new_settings", {}).items():
            merged = {"tasks": "task_key", "job_clusters": "job_cluster_key"}.get(key)
            settings[key] = _merged(settings.get(key, []), value, merged) if merged else value
        for field in request.body.get("fields_to_remove", []):
            key, _, entry = field.partition("/")
            if entry:
                settings[key] = [old for old in settings.get(key, []) if entry not in old.values()]
            else:
                settings.pop(key, None)
        return {}

    def _delete(self, request: Request) -> Json:
        job_id = request.number("job_id")
        self.settings(job_id)
        del self._jobs[job_id]
        return {}

    def _head(self, job_id: int) -> Json:
        return {
            "job_id": job_id,
            "creator_user_name": "jd@example.com",
            "run_as_user_name": "jd@example.com",
            "created_time": CREATED,
        }


def paged(document: Json, arrays: tuple[str, ...], token: str | None) -> Json:
    """Return the page of a document whose long arrays come in pieces of 100, with the token of the next page."""
    offset = int(token or "0")
    page = {**document, **{key: document[key][offset : offset + PAGE] for key in arrays if key in document}}
    if any(len(document.get(key, [])) > offset + PAGE for key in arrays):
        page["next_page_token"] = str(offset + PAGE)
    return page


def _with_defaults(settings: Json) -> Json:
    full = {
        "name": "Untitled",
        "email_notifications": {},
        "webhook_notifications": {},
        "timeout_seconds": 0,
        "max_concurrent_runs": 1,
        "queue": {"enabled": True},
        "format": "MULTI_TASK",
        **copy.deepcopy(settings),
    }
    for task in full.get("tasks", []):
        task.setdefault("run_if", "ALL_SUCCESS")
        task.setdefault("timeout_seconds", 0)
        task.setdefault("email_notifications", {})
        if "depends_on" in task:
            task["depends_on"].sort(key=lambda parent: parent["task_key"])
    for starter in ("schedule", "trigger", "continuous"):
        if starter in full:
            full[starter].setdefault("pause_status", "UNPAUSED")
    return full


def _merged(old: list[Json], new: list[Json], key: str) -> list[Any]:
    by_key = {entry[key]: entry for entry in old} | {entry[key]: entry for entry in new}
    return list(by_key.values())
