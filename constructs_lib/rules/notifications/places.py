"""Where a job says who is told of what."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from constructs_lib.rules.finding import Hit
from constructs_lib.rules.job import Body, Job, JobTask, mapping, mappings, text
from constructs_lib.rules.rule import Hits

EVENTS = (
    "on_start",
    "on_success",
    "on_failure",
    "on_duration_warning_threshold_exceeded",
    "on_streaming_backlog_exceeded",
    "on_maintenance_start",
    "on_maintenance_complete",
)
TELLING = ("email_notifications", "webhook_notifications")
LATE = "on_duration_warning_threshold_exceeded"
BEHIND = "on_streaming_backlog_exceeded"
DURATION = "RUN_DURATION_SECONDS"
BACKLOG = "STREAMING_BACKLOG_"
METRICS = (
    DURATION,
    "STREAMING_BACKLOG_BYTES",
    "STREAMING_BACKLOG_FILES",
    "STREAMING_BACKLOG_RECORDS",
    "STREAMING_BACKLOG_SECONDS",
)


@dataclass(slots=True)
class Place:
    """The job or a task, whichever carries the blocks."""

    body: Body
    job: Job
    task: JobTask | None = None

    def hit(self, *path: str | int, message: str, hint: str) -> Hit:
        """Return a hit in the job or the task."""
        return self.task.hit(*path, message=message, hint=hint) if self.task else Hit(path, message, hint)

    def block(self, name: str) -> Body:
        """Return a block by its name, empty where it is not said."""
        return mapping(self.body.get(name))

    def recipients(self, event: str) -> str | None:
        """Return the block that has recipients for an event, or None."""
        for name in TELLING:
            given = self.block(name).get(event)
            if given is not None and given != []:
                return name
        return None

    def rules(self) -> Iterator[tuple[int, Body]]:
        """Return the health rules with their indices."""
        return mappings(self.block("health").get("rules"))

    def has_rule(self, metric: str) -> bool:
        """Return whether there is a rule for a metric, or one that cannot be known yet."""
        rules = self.block("health").get("rules")
        if isinstance(rules, str):
            return True
        given = [text(rule.get("metric")) for _, rule in mappings(rules)]
        return any(name is None or name.startswith(metric) for name in given)


Check = Callable[[Place], Hits]


def each_place(check: Check, *blocks: str) -> Callable[[Job], Hits]:
    """Return a check of the job and of every task that has one of some blocks."""

    def look(job: Job) -> Hits:
        for block in blocks:
            if block in job.body:
                yield from check(Place(job.body, job))
                break
        for task in job.tasks:
            for block in blocks:
                if block in task.body:
                    yield from check(Place(task.body, job, task))
                    break

    return look
