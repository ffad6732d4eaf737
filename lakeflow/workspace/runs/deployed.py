"""The settings of jobs as the engine reads them, each read once."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lakeflow.simulate.job import Job
from lakeflow.simulate.reading import read_job
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.job_settings import every_task
from lakeflow.workspace.rows import Rows


class Deployed:
    """The jobs of a workspace, by the texts of their ids."""

    def __init__(self, jobs: Rows) -> None:
        self._rows = jobs
        self._read: dict[str, tuple[Json, Job]] = {}

    def settings(self, job_id: str) -> Json | None:
        """Return the settings of a job; None where there is none."""
        row = self._rows.get(job_id) if job_id in self._rows else None
        return row["settings"] if row else None

    def job(self, job_id: str, settings: Json) -> Job:
        """Return settings as the engine reads them; raise LakeflowError where they cannot run."""
        known = self._read.get(job_id)
        if known is None or known[0] != settings:
            # Whoever has given them may still change them.
            kept = copy.deepcopy(settings)
            known = self._read[job_id] = kept, replace(read_job(kept, job_id), source=kept)
        return known[1]

    def calls(self, settings: Json) -> Iterator[tuple[str, str]]:
        """Yield the tasks of these settings that start a job, those in loops among them, each with the job's id."""
        for task in every_task(settings):
            job_id = (task.get("run_job_task") or {}).get("job_id")
            if job_id is not None:
                yield str(task.get("task_key")), str(job_id)

    def reachable(self, job_id: str, settings: Json) -> Mapping[str, Json]:
        """Return the settings of a job and of all that it starts, directly or not."""
        found, new = {job_id: settings}, [settings]
        while new:
            for _, each in self.calls(new.pop()):
                said = None if each in found else self.settings(each)
                if said is not None:
                    found[each] = said
                    new.append(said)
        return found
