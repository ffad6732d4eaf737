"""Ids that belong to names: of jobs, and of what is there whether or not a job runs."""

from lakeflow.chance import hex_of, number_of
from lakeflow.scenario.model import Compute, ComputeKind, Scenario


def id_of(scenario: Scenario, job_key: str) -> int:
    """Return the id of a job: the one that it says, or one that belongs to its name."""
    job = scenario.jobs[job_key]
    return job.job_id or number_of(scenario.workspace_id, job.name)


def fixed_id(workspace_id: str, name: str, compute: Compute) -> str | None:
    """Return the id of an all-purpose cluster or a warehouse; None where compute comes and goes with a run."""
    if compute.kind is ComputeKind.ALL_PURPOSE:
        return compute.id or f"0101-000000-{hex_of(workspace_id, name)}"
    if compute.kind is ComputeKind.WAREHOUSE:
        return compute.id or hex_of(workspace_id, name, length=16)
    return None
