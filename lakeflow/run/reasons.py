"""Why a task never ran, by the tasks before it: https://docs.databricks.com/aws/en/jobs/run-if."""

from constructs_lib.errors import listed
from lakeflow.run.states import Run, TaskRun
from lakeflow.run.words import one_line


def reason_of(task: TaskRun, run: Run) -> str | None:
    """Say why a task never ran: which task before it stood in the way, or which condition came out otherwise."""
    latest = {key: attempts[-1] for key, attempts in run.tasks().items()}
    parents = [(parent, latest[parent.task_key]) for parent in task.depends_on if parent.task_key in latest]
    if task.state.result == "DISABLED":
        return "disabled in the job, or waits for a task that is"
    unmet = [
        f"{parent.task_key} came out {before.outcome}, not {parent.outcome}"
        for parent, before in parents
        if parent.outcome and before.outcome and parent.outcome != before.outcome
    ]
    if unmet:
        return "; ".join(unmet)
    if task.state.result == "EXCLUDED":
        gone = [parent.task_key for parent, before in parents if before.state.result == "EXCLUDED"]
        if parents and len(gone) == len(parents):
            return f"excluded together with {listed(gone)}"
        return f"run_if {task.run_if} was not met"
    guilty = [parent.task_key for parent, before in parents if before.state.ended and not before.state.succeeded]
    if guilty:
        return f"{listed(guilty)} {'was canceled' if task.state.result == 'UPSTREAM_CANCELED' else 'did not succeed'}"
    return one_line(task.state.message) if task.state.message else None
