"""Which triggers a job has, and of which kind each one is."""

from collections.abc import Iterator

from constructs_lib.errors import listed
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Path, Severity
from constructs_lib.rules.job import Body, Job, said
from constructs_lib.rules.rule import IN_TERRAFORM, Hits, Rule
from constructs_lib.rules.triggers.blocks import hit_at, trigger_blocks, wrong_choice
from constructs_lib.rules.triggers.examples import DAILY, FILES, HOURS, on_model, on_trigger

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_TRIGGERS = "https://docs.databricks.com/aws/en/jobs/triggers"
_MEASURED = "measured with provider 1.128.0"
_KINDS = ("schedule", "periodic", "continuous", "file_arrival", "table_update", "model")
_OF_TRIGGER = ("file_arrival", "table_update", "periodic", "model")
_PAUSES = ("PAUSED", "UNPAUSED")


def _several(job: Job) -> Hits:
    given = [name for name in ("schedule", "trigger", "continuous") if job.body.get(name) not in (None, [])]
    for name in given[1:]:
        yield hit_at(
            (name,), f"the job has a {given[0]} too, and one of them starts it", f"leave out {given[0]} or {name}"
        )


def _beside_triggers(job: Job) -> Hits:
    given = [name for name in ("schedule", "trigger", "continuous") if job.body.get(name) not in (None, [])]
    if given and said(job.body.get("triggers")):
        yield hit_at(
            ("triggers",),
            f"the job has a {given[0]} too, and one of them starts it",
            f"move {given[0]} into `triggers`",
        )


def _kinds(job: Job) -> Iterator[tuple[Path, Body, tuple[str, ...]]]:
    trigger = job.body.get("trigger")
    if isinstance(trigger, dict) or (isinstance(trigger, list) and len(trigger) == 1):
        yield ("trigger",), job.block("trigger"), _OF_TRIGGER
    if "triggers" in job.body:
        for path, block in trigger_blocks(job):
            yield path, block, _KINDS


def _no_kind(job: Job) -> Hits:
    for path, block, kinds in _kinds(job):
        if all(name == "pause_status" or value in (None, []) for name, value in block.items()):
            yield hit_at(path, "it does not say what starts the job", f"add one of {listed(kinds)}")


def _several_kinds(job: Job) -> Hits:
    for path, block, kinds in _kinds(job):
        given = [name for name in block if name in kinds and block[name] not in (None, [])]
        for name in given[1:]:
            yield hit_at((*path, name), f"the trigger is a {given[0]} too", f"leave out {given[0]} or {name}")


def _not_in_trigger(job: Job) -> Hits:
    block = job.block("trigger")
    given = [name for name in _OF_TRIGGER if said(block.get(name))]
    if given == ["model"] or (not given and said(block.get("sql_condition"))):
        name = given[0] if given else "sql_condition"
        yield hit_at(
            ("trigger", name),
            "the provider refuses a trigger without file_arrival, table_update and periodic",
            "write it into the list `triggers` instead",
        )


def _pause_status(job: Job) -> Hits:
    for name in ("schedule", "trigger", "continuous"):
        if name in job.body:
            yield from wrong_choice((name, "pause_status"), job.block(name).get("pause_status"), _PAUSES)
    if "triggers" in job.body:
        for path, block in trigger_blocks(job):
            yield from wrong_choice((*path, "pause_status"), block.get("pause_status"), _PAUSES)


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF501",
        severity=Severity.ERROR,
        title="A job has several of schedule, trigger and continuous",
        why="A job has one trigger; both the API and the provider refuse more.",
        source=_TRIGGERS,
        bad=job(schedule=DAILY, trigger={"periodic": HOURS}, queue={"enabled": True}),
        good=job(schedule=DAILY, queue={"enabled": True}),
        job=_several,
    ),
    Rule(
        code="LF502",
        severity=Severity.ERROR,
        title="A job has `triggers` beside a schedule, trigger or continuous",
        why="The list replaces the three single blocks, and the API refuses both.",
        source=_API,
        bad=job(schedule=DAILY, triggers=[{"periodic": HOURS}], queue={"enabled": True}),
        good=job(triggers=[{"periodic": HOURS}], queue={"enabled": True}),
        job=_beside_triggers,
    ),
    Rule(
        code="LF503",
        severity=Severity.ERROR,
        title="A trigger does not say what starts the job",
        why="Exactly one kind of trigger is needed.",
        source=_API,
        bad=on_trigger(),
        good=on_trigger(periodic=HOURS),
        job=_no_kind,
    ),
    Rule(
        code="LF504",
        severity=Severity.ERROR,
        title="A trigger has several kinds",
        why="Exactly one kind of trigger is taken.",
        source=_API,
        bad=on_trigger(periodic=HOURS, file_arrival=FILES),
        good=on_trigger(file_arrival=FILES),
        job=_several_kinds,
    ),
    Rule(
        code="LF505",
        severity=Severity.ERROR,
        title="A trigger has a kind that the provider does not take in `trigger`",
        why="`terraform validate` refuses it, though the API takes it.",
        source=_MEASURED,
        bad=on_trigger(model={"condition": "MODEL_CREATED"}),
        good=on_model(condition="MODEL_CREATED"),
        job=_not_in_trigger,
        blocks=("trigger",),
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF506",
        severity=Severity.ERROR,
        title="A pause status is neither PAUSED nor UNPAUSED",
        why="Another value is refused.",
        source=_API,
        bad=job(schedule={**DAILY, "pause_status": "paused"}, queue={"enabled": True}),
        good=job(schedule={**DAILY, "pause_status": "PAUSED"}, queue={"enabled": True}),
        job=_pause_status,
    ),
)
