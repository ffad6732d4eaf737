"""The jobs, tasks and clusters of a scenario as the system tables keep them: a row for every change."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from lakeflow.chance import number_of
from lakeflow.history.slicing import NEW_COLUMNS
from lakeflow.history.tables import (
    ClusterVersion,
    Continuous,
    CronSchedule,
    FileArrival,
    JobVersion,
    Periodic,
    TaskVersion,
    TriggerSettings,
)
from lakeflow.scenario.ids import fixed_id
from lakeflow.scenario.model import Compute, ComputeKind, Job, Scenario
from lakeflow.scenario.playback import History
from lakeflow.scenario.settings import interval
from lakeflow.scenario.starting import created_at, trigger_type, versions
from lakeflow.scenario.use import Use

_DAY = timedelta(days=1)
SOMEBODY = "somebody@example.com"
"""Who has made all-purpose clusters and warehouses."""


def job_versions(history: History, known: datetime) -> Iterator[JobVersion]:
    """Yield the rows of `system.lakeflow.jobs`."""
    scenario = history.scenario
    for key, job in scenario.jobs.items():
        created = created_at(scenario, job)
        for version in versions(scenario, job):
            if version.since <= known:
                yield _job(history, key, version.job, version.since, created)
        if job.deleted_at is not None and job.deleted_at <= known:
            last = versions(scenario, job)[-1].job
            yield _job(history, key, last, job.deleted_at, created, deleted=job.deleted_at)


def _job(
    history: History, key: str, job: Job, since: datetime, created: datetime, *, deleted: datetime | None = None
) -> JobVersion:
    scenario, new = history.scenario, since >= NEW_COLUMNS
    run_as = job.run_as or job.creator
    return JobVersion(
        account_id=scenario.account_id,
        workspace_id=scenario.workspace_id,
        job_id=str(history.job_id(key)),
        name=job.name,
        creator_id=str(number_of(job.creator)),
        tags=dict(job.tags),
        change_time=since,
        delete_time=deleted,
        run_as=str(number_of(run_as)),
        description="",
        trigger=_trigger(job) if new else None,
        trigger_type=trigger_type(job) if new else None,
        run_as_user_name=run_as if new else None,
        creator_user_name=job.creator if new else None,
        paused=job.starts.paused if new else None,
        timeout_seconds=_seconds(job.timeout) if new else None,
        create_time=created if new else None,
    )


def _trigger(job: Job) -> TriggerSettings | None:
    said = job.starts
    if said.schedule is not None:
        return TriggerSettings(schedule=CronSchedule(quartz_cron_expression=said.schedule, timezone_id=said.timezone))
    if said.continuous:
        return TriggerSettings(continuous=Continuous(enabled=True))
    if said.file_arrival is not None:
        return TriggerSettings(file_arrival=FileArrival(url=said.file_arrival))
    if said.every is not None:
        count, unit = interval(said.every)
        return TriggerSettings(periodic=Periodic(interval=count, units=unit))
    return None


def _seconds(duration: timedelta | None) -> int:
    return round(duration.total_seconds()) if duration else 0


def task_versions(history: History, known: datetime) -> Iterator[TaskVersion]:
    """Yield the rows of `system.lakeflow.job_tasks`."""
    scenario = history.scenario
    for key, job in scenario.jobs.items():
        since = created_at(scenario, job)
        gone = job.deleted_at if job.deleted_at is not None and job.deleted_at <= known else None
        for at in [since, *([gone] if gone else [])] if since <= known else []:
            for task_key, task in sorted(job.tasks.items()):
                yield TaskVersion(
                    account_id=scenario.account_id,
                    workspace_id=scenario.workspace_id,
                    job_id=str(history.job_id(key)),
                    task_key=task_key,
                    depends_on_keys=tuple(sorted(parent.partition("=")[0] for parent in task.after)),
                    change_time=at,
                    delete_time=gone if at == gone else None,
                    timeout_seconds=_seconds(task.timeout) if at >= NEW_COLUMNS else None,
                )


def every_compute(scenario: Scenario) -> Mapping[str, Compute]:
    """Return what tasks run on, by key."""
    own = {key: compute for job in scenario.jobs.values() for key, compute in job.compute.items()}
    return {**scenario.compute, **own}


def lasting_clusters(scenario: Scenario) -> Iterator[ClusterVersion]:
    """Yield the rows of `system.compute.clusters` for what is always there."""
    for key, compute in every_compute(scenario).items():
        if compute.kind is ComputeKind.ALL_PURPOSE:
            yield ClusterVersion(
                account_id=scenario.account_id,
                workspace_id=scenario.workspace_id,
                cluster_id=fixed_id(scenario.workspace_id, key, compute) or "",
                cluster_name=compute.name or key,
                owned_by=SOMEBODY,
                create_time=scenario.since - _DAY,
                driver_node_type=compute.node_type,
                worker_node_type=compute.node_type,
                worker_count=compute.workers,
                cluster_source="UI",
                change_time=scenario.since - _DAY,
                change_date=(scenario.since - _DAY).date(),
            )


def job_cluster(scenario: Scenario, use: Use) -> Iterator[ClusterVersion]:
    """Yield the row of `system.compute.clusters` for the cluster of a run, where what is used is one."""
    if use.compute.kind is ComputeKind.JOB_CLUSTER and use.cluster_id:
        yield ClusterVersion(
            account_id=scenario.account_id,
            workspace_id=scenario.workspace_id,
            cluster_id=use.cluster_id,
            cluster_name=f"job-{use.run.job_id}-run-{use.run.run_id}-{use.key}",
            owned_by=use.job.creator,
            create_time=use.start,
            driver_node_type=use.compute.node_type,
            worker_node_type=use.compute.node_type,
            worker_count=use.compute.workers,
            cluster_source="JOB",
            change_time=use.start,
            change_date=use.start.date(),
        )
