"""The few questions that a run needs the Jobs API to answer: https://docs.databricks.com/api/workspace/jobs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from constructs_lib.errors import LakeflowError, listed
from lakeflow.run.answers import Json, block_of, entries_of, number_of, run_of, text_of
from lakeflow.run.connection import Connection, UnansweredError
from lakeflow.run.states import Run, merged

API = "/api/2.2/jobs"
SENDINGS = 5
MOST_PAGES = 1000


@dataclass(frozen=True, kw_only=True)
class Output:
    """Why a task failed in the words of its own code, and the run that it started if it runs another job."""

    error: str | None = None
    trace: str | None = None
    started_run_id: int | None = None


@dataclass(frozen=True)
class Jobs:
    """The jobs and runs of one workspace."""

    connection: Connection

    def deployed(self, name: str) -> list[int]:
        """Return the ids of the jobs with exactly this name."""
        pages = self._pages(f"{API}/list", {"name": name, "limit": 100}, f"find the job {name!r}")
        # The filter of the service does not tell upper case from lower case.
        return [
            job_id
            for page in pages
            for job in entries_of(page, "jobs")
            if text_of(block_of(job, "settings"), "name") == name and (job_id := number_of(job, "job_id"))
        ]

    def start(
        self,
        job_id: int,
        *,
        token: str,
        parameters: Mapping[str, str],
        only: Sequence[str],
        pause: Callable[[float], None],
    ) -> int:
        """Send run-now and return the run's id; a repeated sending with the same token starts no second run.

        Queueing is left to the job's own setting. Raises LakeflowError where the service refuses or stays silent.
        """
        body: dict[str, object] = {"job_id": job_id, "idempotency_token": token}
        body |= {"job_parameters": dict(parameters)} if parameters else {}
        body |= {"only": list(only)} if only else {}
        last: LakeflowError | None = None
        for sending in range(SENDINGS):
            pause(2.0 * sending)
            try:
                answer = self.connection.call("POST", f"{API}/run-now", doing="start the run", body=body)
            except UnansweredError as error:
                last = error
                continue
            run_id = number_of(answer, "run_id")
            if run_id:
                return run_id
            last = UnansweredError("cannot start the run: the answer names no run_id")
        raise LakeflowError(
            f"{last.problem if last else 'no answer'}; it may have been started all the same",
            fix=f"the same command with --idempotency-token {token} follows that run and starts no second one",
        )

    def run(self, run_id: int) -> Run:
        """Return a run with all its tasks, or a for-each task's run with all its iterations."""
        doing = f"look at run {run_id}"
        pages = [run_of(page) for page in self._pages(f"{API}/runs/get", {"run_id": run_id}, doing)]
        if pages[0].run_id != run_id:
            raise UnansweredError(f"cannot {doing}: the answer is about another run")
        return merged(pages)

    def output(self, run_id: int) -> Output:
        """Return what a task's run left behind."""
        query = {"run_id": run_id}
        answer = self.connection.call(
            "GET", f"{API}/runs/get-output", doing=f"read the output of {run_id}", query=query
        )
        return Output(
            error=text_of(answer, "error"),
            trace=text_of(answer, "error_trace"),
            started_run_id=number_of(block_of(answer, "run_job_output"), "run_id") or None,
        )

    def cancel(self, run_id: int) -> None:
        """Ask for the end of a run; it may take a while."""
        self.connection.call("POST", f"{API}/runs/cancel", doing=f"cancel run {run_id}", body={"run_id": run_id})

    def _pages(self, path: str, query: Json, doing: str) -> Iterator[Json]:
        token: object = None
        for _ in range(MOST_PAGES):
            page = self.connection.call(
                "GET", path, doing=doing, query={**query, "page_token": token} if token else query
            )
            yield page
            following = page.get("next_page_token")
            if not following or following == token:
                return
            token = following


def the_one(found: Sequence[int], name: str, *, stack: str, wanted: int | None = None) -> int:
    """Return the id of the job to run; raise LakeflowError where none is deployed, or several and none is `wanted`."""
    if not found:
        raise LakeflowError(f"{name!r} is not deployed", place=stack, fix=f"deploy with cdktf deploy {stack}")
    ids = listed((str(job_id) for job_id in found), most=20)
    if wanted is not None:
        if wanted not in found:
            raise LakeflowError(f"job {wanted} is not called {name!r}", place="--job-id", fix=f"that name has {ids}")
        return wanted
    if len(found) > 1:
        raise LakeflowError(
            f"{len(found)} jobs are called {name!r}: {ids}", place=stack, fix="say which with --job-id ID"
        )
    return found[0]
