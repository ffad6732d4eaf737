"""Who may do what with a job: https://docs.databricks.com/aws/en/security/auth/access-control/#job-acls.

Administrators may do everything. Whether somebody may is asked before whether the job exists, as the service does.
"""

from lakeflow.workspace.exchange import Json, RefusedError, Request, Routes, denied
from lakeflow.workspace.state import State
from lakeflow.workspace.users import User

_VIEW = ("CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE", "IS_OWNER")
_RUN = _VIEW[1:]
_MANAGE = _VIEW[2:]
_WORDS = {
    _VIEW: "View or Admin or Manage Run or Owner",
    _RUN: "Manage Run or Admin or Owner",
    _MANAGE: "Admin or Owner",
}
_BY_JOB = {
    "GET /jobs/get": _VIEW,
    "POST /jobs/reset": _MANAGE,
    "POST /jobs/update": _MANAGE,
    "POST /jobs/delete": _MANAGE,
    "POST /jobs/run-now": _RUN,
    "POST /jobs/runs/cancel-all": _RUN,
}
_BY_RUN = {
    "GET /jobs/runs/get": _VIEW,
    "GET /jobs/runs/get-output": _VIEW,
    "GET /jobs/runs/export": _VIEW,
    "POST /jobs/runs/cancel": _RUN,
    "POST /jobs/runs/repair": _RUN,
    "POST /jobs/runs/delete": _MANAGE,
}
_GRANTS = " /permissions/"


class Access:
    """Lets a request pass, or refuses it; it answers none itself."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> Routes:
        """Return nothing: who may pass is asked before a path is answered."""
        return {}

    def admit(self, route: str, request: Request) -> None:
        """Refuse a request that its caller may not make."""
        if request.user.admin:
            return
        if route in _BY_JOB:
            self._need(str(request.number("job_id")), _BY_JOB[route], request.user)
        elif route in _BY_RUN:
            job_id = self._job_of_run(request.number("run_id"))
            if job_id is not None:
                self._need(job_id, _BY_RUN[route], request.user)
        elif _GRANTS in route and request.parts.get("kind") == "jobs":
            job_id = request.parts["id"]
            if not allowed(self._state, job_id, _MANAGE, request.user):
                raise denied(
                    f"{request.user.name} does not have Manage permissions on Job with ID: ElasticJobId({job_id})."
                    " Please contact the owner or an administrator for access."
                )

    def _need(self, job_id: str, levels: tuple[str, ...], user: User) -> None:
        if not allowed(self._state, job_id, levels, user):
            raise _refusal(job_id, levels, user)

    def _job_of_run(self, run_id: int) -> str | None:
        runs = self._state.tables["runs"]
        if str(run_id) in runs:
            return str(runs[str(run_id)]["job_id"])
        for run in runs.values():
            if any(task["run_id"] == run_id for task in run.get("tasks", [])):
                return str(run["job_id"])
        return None


def allowed(state: State, job_id: str, levels: tuple[str, ...], user: User) -> bool:
    """Return whether somebody has one of the levels on a job, by name or by a group."""
    if user.admin:
        return True
    grants: list[Json] | None = state.tables["permissions"].get(f"jobs/{job_id}")
    if grants is None:
        jobs = state.tables["jobs"]
        return job_id in jobs and jobs[job_id]["creator_user_name"] == user.name
    names = {"user_name": {user.name}, "service_principal_name": {user.name}, "group_name": user.every_group}
    return any(
        entry["permission_level"] in levels and any(entry.get(key) in held for key, held in names.items())
        for entry in grants
    )


def may_see(state: State, job: Json, user: User) -> bool:
    """Return whether somebody finds a job in lists."""
    return user.admin or allowed(state, str(job["job_id"]), _VIEW, user)


def _refusal(job_id: str, levels: tuple[str, ...], user: User) -> RefusedError:
    return denied(f"User {user.name} does not have {_WORDS[levels]} permissions on job {job_id}")
