"""Rules of alert tasks, and of who subscribes to alerts and dashboards."""

import posixpath
from collections.abc import Iterator
from typing import Any

from constructs_lib.errors import shortened
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.given import each, given, only, unknown
from constructs_lib.rules.job import JobTask
from constructs_lib.rules.rule import Form, Rule
from constructs_lib.rules.task_types.examples import ALERT, JOBS_API, sql, task_of


def _subscriptions(task: JobTask) -> Iterator[tuple[Path, Any]]:
    if task.type == "sql_task":
        for kind in ("alert", "dashboard"):
            block = only(task.block("sql_task").get(kind)) or {}
            yield ("sql_task", kind, "subscriptions"), block.get("subscriptions")
    elif task.type == "alert_task":
        yield ("alert_task", "subscribers"), task.block("alert_task").get("subscribers")
    elif task.type == "dashboard_task":
        block = only(task.block("dashboard_task").get("subscription")) or {}
        yield ("dashboard_task", "subscription", "subscribers"), block.get("subscribers")


def _subscribers(task: JobTask) -> Iterator[Hit]:
    for path, value in _subscriptions(task):
        for below, subscriber in each(value):
            names = [name for name in subscriber if name in {"user_name", "destination_id"} and given(subscriber[name])]
            if not names:
                yield task.hit(
                    *path,
                    *below,
                    message="a subscriber is nobody: it has neither user_name nor destination_id",
                    hint="write a user_name (an e-mail address) or a destination_id",
                )
            elif len(names) == 2:
                yield task.hit(
                    *path,
                    *below,
                    names[1],
                    message=f"a subscriber has a user_name ({shortened(subscriber['user_name'])}) and a destination_id",
                    hint="make two subscribers of it, each with one of them",
                )


def _alert_identity(task: JobTask) -> Iterator[Hit]:
    block = only(task.body.get("alert_task"))
    if block is None:
        return
    names = [name for name in block if name in {"alert_id", "workspace_path"} and given(block[name])]
    if not names:
        yield task.hit(
            "alert_task",
            message="alert_task names no alert",
            hint="write its alert_id, or its workspace_path",
        )
    elif len(names) == 2:
        yield task.hit(
            "alert_task",
            names[1],
            message="alert_task has an alert_id and a workspace_path",
            hint="keep one of them",
        )


def _alert_path(task: JobTask) -> Iterator[Hit]:
    path = task.block("alert_task").get("workspace_path")
    if not isinstance(path, str) or not path or unknown(path):
        return
    if not path.startswith("/Workspace/"):
        yield task.hit(
            "alert_task",
            "workspace_path",
            message=f"alert_task.workspace_path is {path!r}, which does not start with /Workspace/",
            hint=f"write {'/Workspace' + posixpath.normpath('/' + path.lstrip('/'))!r}",
        )
    elif posixpath.normpath(path) != path:
        yield task.hit(
            "alert_task",
            "workspace_path",
            message=f"alert_task.workspace_path is {path!r}, which is not normalised",
            hint=f"write {posixpath.normpath(path)!r}",
        )


def _many_subscribers(task: JobTask) -> Iterator[Hit]:
    subscribers = task.block("alert_task").get("subscribers")
    if isinstance(subscribers, list) and len(subscribers) > 100:
        yield task.hit(
            "alert_task",
            "subscribers",
            message=f"alert_task has {len(subscribers)} subscribers, more than 100",
            hint="write a notification destination for them together",
        )


def _alert_keys(task: JobTask) -> Iterator[Hit]:
    parameters = task.block("alert_task").get("parameters")
    for name in parameters if isinstance(parameters, dict) else ():
        plain = str(name).replace("-", "").replace("_", "").replace(".", "")
        if not unknown(name) and (
            not 1 <= len(str(name)) <= 100 or (plain and not (plain.isascii() and plain.isalnum()))
        ):
            yield task.hit(
                "alert_task",
                "parameters",
                name,
                message=f"the alert's parameter {shortened(name)} is no name",
                hint="use letters, digits, '_', '-' and '.', at most 100",
            )


_ERROR = Severity.ERROR

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF310",
        severity=_ERROR,
        title="A subscriber is not exactly one of a user and a destination",
        why="user_name and destination_id exclude each other; a subscriber with neither is told nothing.",
        source=JOBS_API,
        bad=sql(alert={**ALERT, "subscriptions": [{"user_name": "a@example.com", "destination_id": "d1"}]}),
        good=sql(alert={**ALERT, "subscriptions": [{"user_name": "a@example.com"}, {"destination_id": "d1"}]}),
        task=_subscribers,
        blocks=("sql_task", "alert_task", "dashboard_task"),
    ),
    Rule(
        code="LF311",
        severity=_ERROR,
        title="An alert task does not name exactly one alert",
        why="An alert is named by its id or by its path in the workspace.",
        source=JOBS_API,
        bad=job(task_of("alert_task", alert_id="123", workspace_path="/Workspace/Shared/late.dbalert.json")),
        good=job(task_of("alert_task", alert_id="123", warehouse_id="abc")),
        task=_alert_identity,
        blocks=("alert_task",),
    ),
    Rule(
        code="LF312",
        severity=_ERROR,
        title="An alert's path is not a normalised path below /Workspace",
        why="The API takes no other paths for alerts.",
        source=JOBS_API,
        bad=job(task_of("alert_task", workspace_path="/Shared/late.dbalert.json")),
        good=job(task_of("alert_task", workspace_path="/Workspace/Shared/late.dbalert.json")),
        task=_alert_path,
        blocks=("alert_task",),
        forms=frozenset({Form.TERRAFORM, Form.REST}),
    ),
    Rule(
        code="LF313",
        severity=_ERROR,
        title="An alert task has more than 100 subscribers",
        why="The API takes at most 100.",
        source=JOBS_API,
        bad=job(
            task_of("alert_task", alert_id="1", subscribers=[{"user_name": f"{n}@example.com"} for n in range(101)])
        ),
        good=job(task_of("alert_task", alert_id="1", subscribers=[{"user_name": "a@example.com"}])),
        task=_many_subscribers,
        blocks=("alert_task",),
    ),
    Rule(
        code="LF329",
        severity=_ERROR,
        title="An alert's parameter has no valid name",
        why="Names have 1 to 100 letters, digits, underscores, dashes and periods.",
        source=JOBS_API,
        bad=job(task_of("alert_task", alert_id="1", parameters={"the day": "2025-01-01"})),
        good=job(task_of("alert_task", alert_id="1", parameters={"the.day": "2025-01-01"})),
        task=_alert_keys,
        blocks=("alert_task",),
    ),
)
