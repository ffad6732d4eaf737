"""Triggers that start a job every few hours, days or weeks."""

from constructs_lib.rules.finding import Severity
from constructs_lib.rules.job import Job, mapping, number
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.rule import IN_TERRAFORM, Hits, Rule
from constructs_lib.rules.triggers.blocks import hit_at, of_kind, wrong_choice
from constructs_lib.rules.triggers.examples import HOURS, on_trigger

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_PROVIDER = "https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/job"
_MEASURED = "measured with provider 1.128.0"
_UNITS = ("HOURS", "DAYS", "WEEKS")


def _periodic_unit(job: Job) -> Hits:
    for path, block in of_kind(job, "periodic"):
        yield from wrong_choice((*path, "unit"), block.get("unit"), (*_UNITS, "MINUTES"))


def _minutes(job: Job) -> Hits:
    periodic = mapping(job.block("trigger").get("periodic"))
    if periodic.get("unit") == "MINUTES":
        yield hit_at(
            ("trigger", "periodic", "unit"),
            "the provider takes HOURS, DAYS and WEEKS here",
            "write a schedule such as `0 0/15 * * * ?`, or the period into the list `triggers`",
        )


def _periodic_interval(job: Job) -> Hits:
    for path, block in of_kind(job, "periodic"):
        interval = number(block.get("interval"))
        if interval is not None and (interval < 1 or interval % 1):
            yield hit_at(
                (*path, "interval"), f"{shown(block['interval'])} is no whole number from 1 on", "write 1 or more"
            )


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF516",
        severity=Severity.ERROR,
        title="A period has an unknown unit",
        why="Another unit is refused.",
        source=_API,
        bad=on_trigger(periodic={"interval": 6, "unit": "HOUR"}),
        good=on_trigger(periodic=HOURS),
        job=_periodic_unit,
    ),
    Rule(
        code="LF517",
        severity=Severity.ERROR,
        title="A period is in minutes, which the provider does not take in `trigger`",
        why="`terraform validate` refuses it, though the API takes it.",
        source=_MEASURED,
        bad=on_trigger(periodic={"interval": 30, "unit": "MINUTES"}),
        good=on_trigger(periodic=HOURS),
        job=_minutes,
        blocks=("trigger",),
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF518",
        severity=Severity.ERROR,
        title="A period is no whole number from 1 on",
        why="It is refused.",
        source=_PROVIDER,
        bad=on_trigger(periodic={"interval": 0, "unit": "HOURS"}),
        good=on_trigger(periodic=HOURS),
        job=_periodic_interval,
    ),
)
