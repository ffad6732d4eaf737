"""How many runs of a job go on at a time, and what becomes of those that come too early."""

from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Job, number, said, text
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.rule import IN_TERRAFORM, Hits, Rule
from constructs_lib.rules.triggers.blocks import hit_at, of_kind, trigger_blocks
from constructs_lib.rules.triggers.examples import DAILY, on_schedule
from constructs_lib.rules.triggers.firing import schedules, shortest_gap
from constructs_lib.rules.triggers.timeouts import FOR_EVER

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_CONFIGURE = "https://docs.databricks.com/aws/en/jobs/configure-job"
_MEASURED = "measured with provider 1.128.0"
_UNIT_SECONDS = {"MINUTES": 60, "HOURS": 3600, "DAYS": 86_400, "WEEKS": 604_800}
_MOST_RUNS = 1000


def _runs_range(job: Job) -> Hits:
    runs = number(job.body.get("max_concurrent_runs"))
    if runs is not None and not 0 <= runs <= _MOST_RUNS:
        yield hit_at(
            ("max_concurrent_runs",),
            f"{shown(job.body['max_concurrent_runs'])} is not between 1 and 1000",
            "write 1 to 1000",
        )


def _no_runs(job: Job) -> Hits:
    if number(job.body.get("max_concurrent_runs")) == 0:
        yield hit_at(
            ("max_concurrent_runs",),
            "0 lets the API skip every run, and is not sent at all by Terraform's provider",
            "write 1, and pause the trigger where no run is meant to start",
        )


def _starts_by_itself(job: Job) -> bool:
    for name in ("schedule", "trigger"):
        if said(job.body.get(name)) and job.block(name).get("pause_status") != "PAUSED":
            return True
    return "triggers" in job.body and any(
        block.get("continuous") is None and block.get("pause_status") != "PAUSED" for _, block in trigger_blocks(job)
    )


def _no_queue(job: Job) -> Hits:
    if job.body.get("queue") in (None, []) and _starts_by_itself(job):
        yield Hit(
            (),
            "queue is not said, and the provider switches it off: a run that finds no place is skipped",
            "add `queue` with enabled = true, or false where that is meant",
        )


def _overtaken(job: Job) -> Hits:
    if job.body.get("queue") not in (None, []) and job.block("queue").get("enabled") in (False, "false"):
        yield from _overlapping(job)


def _overtaken_unsaid(job: Job) -> Hits:
    if job.body.get("queue") in (None, []):
        yield from _overlapping(job)


def _overlapping(job: Job) -> Hits:
    """Yield what starts a run before the one before it has to end."""
    most = number(job.body.get("timeout_seconds"))
    if not most or not 0 < most < FOR_EVER or number(job.body.get("max_concurrent_runs", 1)) != 1:
        return
    hint = "switch the queue on, or lower timeout_seconds"
    for path, expression, _ in schedules(job):
        gap = shortest_gap(expression)
        if gap is not None and gap.total_seconds() < most:
            seconds = gap.total_seconds()
            yield hit_at(
                path, f"it fires again after {seconds:g} s, and a run may take {most:g} s: one is skipped", hint
            )
    for path, block in of_kind(job, "periodic"):
        interval = number(block.get("interval"))
        unit = _UNIT_SECONDS.get(text(block.get("unit")) or "")
        if unit and interval and 0 < interval < most / unit:
            seconds = interval * unit
            yield hit_at(
                path, f"it fires again after {seconds:g} s, and a run may take {most:g} s: one is skipped", hint
            )


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF540",
        severity=Severity.ERROR,
        title="max_concurrent_runs is out of range",
        why="1 to 1000 runs can go on at a time.",
        source=_API,
        bad=job(max_concurrent_runs=1001),
        good=job(max_concurrent_runs=1000),
        job=_runs_range,
    ),
    Rule(
        code="LF541",
        severity=Severity.WARNING,
        title="max_concurrent_runs is 0",
        why="Every run is skipped; and Terraform's provider does not send a 0, so the job keeps 1.",
        source=_API,
        bad=job(max_concurrent_runs=0),
        good=job(max_concurrent_runs=1),
        job=_no_runs,
        blocks=("max_concurrent_runs",),
    ),
    Rule(
        code="LF542",
        severity=Severity.INFO,
        title="A job that starts by itself does not say whether runs are queued",
        why="The provider then sends `enabled = false`, where the API would queue: overlapping runs are skipped.",
        source=_MEASURED,
        bad=job(schedule=DAILY),
        good=job(schedule=DAILY, queue={"enabled": True}),
        job=_no_queue,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF543",
        severity=Severity.WARNING,
        title="A job starts again before its timeout, and does not queue",
        why="A run that starts while another one is still going on is skipped without a word.",
        source=_CONFIGURE,
        bad={**on_schedule("0 0/5 * * * ?", timeout_seconds=3600), "queue": {"enabled": False}},
        good=on_schedule("0 0/5 * * * ?", timeout_seconds=3600),
        job=_overtaken,
    ),
    Rule(
        code="LF544",
        severity=Severity.WARNING,
        title="A job starts again before its timeout, and says nothing of a queue",
        why="The provider then switches the queue off, and a run that starts while another goes on is skipped.",
        source=_MEASURED,
        bad=job(schedule={**DAILY, "quartz_cron_expression": "0 0/5 * * * ?"}, timeout_seconds=3600),
        good=on_schedule("0 0/5 * * * ?", timeout_seconds=3600),
        job=_overtaken_unsaid,
        forms=IN_TERRAFORM,
    ),
)
