"""From a scenario to everything that happened in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from lakeflow.scenario.ids import id_of
from lakeflow.scenario.model import Scenario
from lakeflow.scenario.playing import Playing
from lakeflow.scenario.runs import Run


@dataclass(frozen=True)
class History:
    """All runs of a scenario, by their start."""

    scenario: Scenario
    runs: tuple[Run, ...]

    def of(self, job_key: str) -> tuple[Run, ...]:
        """Return the runs of one job."""
        return tuple(run for run in self.runs if run.job == job_key)

    def job_id(self, job_key: str) -> int:
        """Return the id of a job."""
        return id_of(self.scenario, job_key)

    def job_ids(self) -> Mapping[str, int]:
        """Return the ids of all jobs by their keys."""
        return {key: self.job_id(key) for key in self.scenario.jobs}


def history(scenario: Scenario) -> History:
    """Play a scenario."""
    runs = [run for key in scenario.jobs for run in Playing(scenario, key).runs()]
    return History(scenario, tuple(sorted(runs, key=lambda run: (run.started_at, run.run_id))))
