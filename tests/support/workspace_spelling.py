"""How `jobs/runs/get` spells what a run has come to: https://docs.databricks.com/api/workspace/jobs/getrun."""

from dataclasses import dataclass, field

from lakeflow.workspace.exchange import Json

STARTED = 1_795_331_109_000
LOOK = 1_000  # milliseconds that pass from look to look

# result: life cycle of a task, termination code, termination type, message
ENDINGS = {
    "SUCCESS": ("TERMINATED", "SUCCESS", "SUCCESS", ""),
    "SUCCESS_WITH_FAILURES": ("TERMINATED", "SUCCESS_WITH_FAILURES", "SUCCESS", ""),
    "FAILED": ("TERMINATED", "RUN_EXECUTION_ERROR", "CLIENT_ERROR", "Workload failed, see run output for details"),
    "TIMEDOUT": ("TERMINATED", "CANCELED", "CLIENT_ERROR", "Run timed out."),
    "CANCELED": ("TERMINATED", "USER_CANCELED", "SUCCESS", "Run cancelled by user"),
    "UPSTREAM_FAILED": ("SKIPPED", "SKIPPED", "CLIENT_ERROR", "An upstream task failed."),
    "UPSTREAM_CANCELED": ("SKIPPED", "SKIPPED", "CLIENT_ERROR", "An upstream task was canceled."),
    "EXCLUDED": ("SKIPPED", "SKIPPED", "SUCCESS", ""),
    "DISABLED": ("SKIPPED", "DISABLED", "SUCCESS", ""),
    "MAXIMUM_CONCURRENT_RUNS_REACHED": ("SKIPPED", "MAX_CONCURRENT_RUNS_EXCEEDED", "CLIENT_ERROR", ""),
}
LEAF_SUCCESSES = frozenset({"SUCCESS", "EXCLUDED", "DISABLED"})
_NOT_STARTED = frozenset({"BLOCKED", "QUEUED"})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One state of a script: a phase (`RUNNING`), a result (`FAILED`), or any word that is new."""

    word: str
    code: str | None = None
    message: str | None = None
    error: str | None = None
    trace: str | None = None
    outcome: str | None = None
    iterations: tuple["Step", ...] = ()
    starts_run: int | None = None
    wire: Json = field(default_factory=dict)

    @property
    def ends(self) -> bool:
        """Whether it is a result."""
        return self.word in ENDINGS or bool(self.wire.get("end_time"))


def wire_of(step: Step, looks: int, *, of_job: bool = False) -> Json:
    """Return state, status and times as `runs/get` spells them."""
    now = STARTED + LOOK * looks
    started = 0 if step.word in _NOT_STARTED else STARTED
    if step.word not in ENDINGS:
        queued = {"queue_reason": step.message} if step.message else {}
        details = {"queue_details": {"code": step.code, "message": step.message}} if step.message else {}
        state = {"life_cycle_state": step.word, **queued}
        phase = "WAITING" if step.word == "WAITING_FOR_RETRY" else step.word
        wire: Json = {"state": state, "status": {"state": phase, **details}, "start_time": started, "end_time": 0}
        return wire | step.wire
    cycle, code, kind, message = ENDINGS[step.word]
    message = message if step.message is None else step.message
    skipped = cycle == "SKIPPED"
    return {
        "state": {
            "life_cycle_state": "INTERNAL_ERROR" if of_job and step.word == "FAILED" else cycle,
            "result_state": step.word,
            "state_message": message,
            "user_cancelled_or_timedout": step.word in {"CANCELED", "TIMEDOUT"},
        },
        "status": {
            "state": "TERMINATED",
            "termination_details": {"code": step.code or code, "type": kind, "message": message},
        },
        "start_time": 0 if skipped else started,
        "end_time": now,
    } | step.wire


def stats_of(step: Step) -> Json:
    """Return how the iterations of a for-each task went."""
    if not step.iterations:
        return {}
    words = [iteration.word for iteration in step.iterations]
    failed = [iteration for iteration in step.iterations if iteration.word == "FAILED"]
    messages = dict.fromkeys(iteration.error or "no message" for iteration in failed)
    return {
        "task_run_stats": {
            "total_iterations": len(words),
            "completed_iterations": sum(word in ENDINGS for word in words),
            "failed_iterations": len(failed),
            "succeeded_iterations": words.count("SUCCESS"),
        },
        "error_message_stats": [
            {
                "error_message": message,
                "count": sum((iteration.error or "no message") == message for iteration in failed),
                "termination_category": "RUN_EXECUTION_ERROR",
            }
            for message in list(messages)[:3]
        ],
    }
