"""Answers of the Jobs API as rows of the system tables, so that the same queries read both.

https://docs.databricks.com/api/workspace/jobs/getrun. What the API does not say is None; times and lengths are whole
seconds there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lakeflow.history.slicing import periods
from lakeflow.history.spelling import table_code, table_state, table_trigger
from lakeflow.history.tables import (
    Continuous,
    CronSchedule,
    Deployment,
    FileArrival,
    HealthRule,
    JobVersion,
    Periodic,
    RunSlice,
    TableUpdate,
    TaskSlice,
    TaskVersion,
    TriggerSettings,
)
from lakeflow.run.answers import Json, block_of, entries_of, number_of, run_of, text_of
from lakeflow.run.states import LATEST, NEVER_RAN, State

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=400)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Where and when answers were read."""

    workspace_id: str
    now: datetime
    scheduled: frozenset[int] = frozenset()
    """Jobs that a schedule starts: the API has one word for that and for a period."""

    def periods(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Return the periods of what ran, as far as they can be true: not for longer than anything is kept."""
        start = min(max(start, self.now - _LONGEST), self.now + _DAY)
        return list(periods(start, min(max(start, end), self.now + _DAY)))


def moment(milliseconds: int) -> datetime | None:
    """Return an instant of the API; None where there is none."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC) if 0 < milliseconds <= LATEST else None


def job_version(job: Json, seen: Seen) -> JobVersion:
    """Return a job as it is now; when it was changed, only the tables know."""
    settings = block_of(job, "settings")
    found = _trigger(settings)
    return JobVersion(
        workspace_id=seen.workspace_id,
        job_id=str(number_of(job, "job_id")),
        name=text_of(settings, "name"),
        tags=_texts(block_of(settings, "tags")),
        description=text_of(settings, "description"),
        trigger=found,
        trigger_type=_trigger_type(found),
        run_as_user_name=text_of(job, "run_as_user_name"),
        creator_user_name=text_of(job, "creator_user_name"),
        paused=any(
            text_of(block_of(settings, name), "pause_status") == "PAUSED"
            for name in ("schedule", "trigger", "continuous")
        ),
        timeout_seconds=number_of(settings, "timeout_seconds"),
        health_rules=tuple(
            HealthRule(metric=text_of(rule, "metric"), operator=text_of(rule, "op"), value=number_of(rule, "value"))
            for rule in entries_of(block_of(settings, "health"), "rules")
        ),
        deployment=_deployment(block_of(settings, "deployment")),
        create_time=moment(number_of(job, "created_time")),
    )


def is_scheduled(job: Json) -> bool:
    """Return whether a schedule starts a job."""
    return bool(block_of(block_of(job, "settings"), "schedule"))


def task_versions(job: Json, seen: Seen) -> Iterator[TaskVersion]:
    """Yield the tasks of a job as they are now."""
    for task in entries_of(block_of(job, "settings"), "tasks"):
        yield TaskVersion(
            workspace_id=seen.workspace_id,
            job_id=str(number_of(job, "job_id")),
            task_key=text_of(task, "task_key") or "?",
            depends_on_keys=tuple(text_of(each, "task_key") or "?" for each in entries_of(task, "depends_on")),
            change_time=moment(number_of(job, "created_time")) or seen.now,
            timeout_seconds=number_of(task, "timeout_seconds"),
        )


def _texts(tags: Json) -> Mapping[str, str]:
    return {str(key): str(value) for key, value in tags.items()}


def _deployment(said: Json) -> Deployment | None:
    kind = text_of(said, "kind")
    return Deployment(kind=kind, metadata_file_path=text_of(said, "metadata_file_path")) if kind else None


def _trigger(settings: Json) -> TriggerSettings | None:
    schedule, trigger = block_of(settings, "schedule"), block_of(settings, "trigger")
    if schedule:
        return TriggerSettings(
            schedule=CronSchedule(
                quartz_cron_expression=text_of(schedule, "quartz_cron_expression"),
                timezone_id=text_of(schedule, "timezone_id"),
            )
        )
    if "continuous" in settings:
        return TriggerSettings(continuous=Continuous(enabled=True))
    arrival, periodic = block_of(trigger, "file_arrival"), block_of(trigger, "periodic")
    if arrival:
        return TriggerSettings(file_arrival=FileArrival(url=text_of(arrival, "url")))
    if periodic:
        return TriggerSettings(
            periodic=Periodic(interval=number_of(periodic, "interval"), units=text_of(periodic, "unit"))
        )
    update = block_of(trigger, "table_update")
    names = update.get("table_names")
    if isinstance(names, list):
        return TriggerSettings(
            table_update=TableUpdate(table_names=tuple(map(str, names)), condition=text_of(update, "condition"))
        )
    return None


_KINDS = {
    "schedule": "CRON",
    "continuous": "CONTINUOUS",
    "file_arrival": "FILE_ARRIVAL",
    "periodic": "PERIODIC",
    "table_update": "TABLE_UPDATE",
}


def _trigger_type(trigger: TriggerSettings | None) -> str | None:
    return next((word for name, word in _KINDS.items() if getattr(trigger, name, None) is not None), None)


def run_slices(run: Json, seen: Seen) -> Iterator[RunSlice]:
    """Yield the rows of a run: of its first attempt and of each repair, if the answer tells its repairs."""
    took = 0
    for stretch in entries_of(run, "repair_history") or [run]:
        start = moment(number_of(stretch, "start_time"))
        if start is None:
            continue
        state = run_of(stretch).state
        end = moment(number_of(stretch, "end_time")) or (start if state.ended else seen.now)
        job_id = number_of(run, "job_id")
        cut = seen.periods(start, end)
        took += round((cut[-1][1] - cut[0][0]).total_seconds())
        for period in cut:
            row = RunSlice(
                workspace_id=seen.workspace_id,
                job_id=str(job_id),
                run_id=str(number_of(run, "run_id")),
                period_start_time=period[0],
                period_end_time=period[1],
                trigger_type=table_trigger(text_of(run, "trigger") or "", scheduled=job_id in seen.scheduled) or None,
                run_type=text_of(run, "run_type") or "JOB_RUN",
                run_name=text_of(run, "run_name"),
            )
            yield _run_ended(row, run, state, took) if period == cut[-1] and state.ended else row


def _run_ended(row: RunSlice, run: Json, state: State, took: int) -> RunSlice:
    return replace(
        row,
        **_end(state),
        run_duration_seconds=took,
        queue_duration_seconds=_seconds(run, "queue_duration"),
        setup_duration_seconds=_seconds(run, "setup_duration"),
        execution_duration_seconds=_seconds(run, "execution_duration"),
        cleanup_duration_seconds=_seconds(run, "cleanup_duration"),
    )


def _end(state: State) -> dict[str, Any]:
    """Return how something ended, as the tables say it."""
    return {
        "result_state": table_state(state.result or ""),
        "termination_code": table_code(state.code) if state.code else None,
        "termination_type": state.type,
    }


def _seconds(answer: Json, name: str) -> int | None:
    """Return a length; None where the answer has none at all."""
    return round(number_of(answer, name) / 1000) if name in answer else None


def task_slices(run: Json, seen: Seen) -> Iterator[TaskSlice]:
    """Yield the rows of the attempts at a run's tasks; a task that still waits has none."""
    over = moment(number_of(run, "end_time"))
    for attempt, entry in zip(run_of(run).attempts, entries_of(run, "tasks"), strict=False):
        never = attempt.state.result in NEVER_RAN
        end = moment(attempt.end_time) or over or seen.now
        start = end if never else moment(attempt.start_time)
        if start is None or (not attempt.state.ended and not attempt.start_time):
            continue
        compute_id = text_of(block_of(entry, "cluster_instance"), "cluster_id")
        cut = seen.periods(start, end if attempt.state.ended else seen.now)
        for period in cut:
            row = TaskSlice(
                workspace_id=seen.workspace_id,
                job_id=str(number_of(run, "job_id")),
                run_id=str(attempt.run_id),
                job_run_id=str(number_of(run, "run_id")),
                parent_run_id=str(number_of(run, "run_id")),
                period_start_time=period[0],
                period_end_time=period[1],
                task_key=attempt.task_key,
                compute_ids=(compute_id,) if compute_id else (),
            )
            if period == cut[-1] and attempt.state.ended:
                row = replace(
                    row,
                    **_end(attempt.state),
                    setup_duration_seconds=_seconds(entry, "setup_duration"),
                    execution_duration_seconds=_seconds(entry, "execution_duration"),
                    cleanup_duration_seconds=_seconds(entry, "cleanup_duration"),
                )
            yield row
