"""Schedules: Quartz expressions and their time zones."""

from datetime import timedelta

from constructs_lib.errors import LakeflowError
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.job import Job, text
from constructs_lib.rules.rule import Hits, Rule
from constructs_lib.rules.triggers.blocks import hit_at, of_kind
from constructs_lib.rules.triggers.examples import on_schedule
from constructs_lib.rules.triggers.firing import last_fire, read_quartz, read_zone, schedules, shortest_gap, surprises

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_SCHEDULED = "https://docs.databricks.com/aws/en/jobs/scheduled"
_QUARTZ = "https://www.quartz-scheduler.org/documentation/quartz-2.3.0/tutorials/crontrigger.html"
_LEAST_GAP = timedelta(seconds=10)


def _is_ambiguous(error: LakeflowError) -> bool:
    return "several time zones" in error.problem


def _unreadable(job: Job) -> Hits:
    for path, expression, _ in schedules(job):
        error = read_quartz(expression)
        if isinstance(error, LakeflowError):
            yield hit_at(path, error.problem.removeprefix("schedule "), error.fix or "")


def _never(job: Job) -> Hits:
    for path, expression, _ in schedules(job):
        if last_fire(expression) == "never":
            yield hit_at(path, f"`{expression}` never fires", "write a day that comes in one of the months and years")


def _past(job: Job) -> Hits:
    for path, expression, _ in schedules(job):
        if last_fire(expression) == "past":
            yield hit_at(
                path, f"`{expression}` fires in years that are over only", "leave out the year, or pause the schedule"
            )


def _doubts(job: Job, hint: str, *, anew: bool) -> Hits:
    for path, expression, _ in schedules(job):
        quartz = read_quartz(expression)
        for doubt in () if isinstance(quartz, LakeflowError) else quartz.doubts:
            if ("starts anew" in doubt) == anew:
                yield hit_at(path, f"`{expression}`: {doubt}", hint)


def _misread(job: Job) -> Hits:
    return _doubts(job, "write it so that it means to Quartz what it looks like", anew=False)


def _uneven(job: Job) -> Hits:
    return _doubts(job, "write a step that divides the hour or the day evenly, where that is meant", anew=True)


def _too_often(job: Job) -> Hits:
    for path, expression, _ in schedules(job):
        each = expression.split()
        # With one second a minute, no two fires are close; the search for the shortest gap takes its time.
        gap = shortest_gap(expression) if each and not each[0].isdecimal() else None
        if gap is not None and gap < _LEAST_GAP:
            hint = f"write `{' '.join(['0', *each[1:]])}` for the first second of the minute only"
            yield hit_at(
                path,
                f"`{expression}` fires every {gap.total_seconds():.0f} s, and runs start at least 10 s apart",
                hint if each[0] == "*" else "leave 10 seconds between two runs",
            )


def _clocks(job: Job) -> Hits:
    for path, expression, zone in schedules(job):
        for surprise in surprises(expression, zone) if zone else ():
            day = f"{surprise.at:%Y-%m-%d %H:%M}"
            what = "does not come" if surprise.effect == "skipped" else "comes twice"
            then = "that run is left out" if surprise.effect == "skipped" else "the run starts the second time only"
            yield hit_at(
                path,
                f"`{expression}`: {day} {what} in {zone}, where the clocks change, and {then}",
                "write an hour that the clocks leave alone, or UTC",
            )


def _unknown_zone(job: Job) -> Hits:
    return _zones(job, ambiguous=False)


def _ambiguous_zone(job: Job) -> Hits:
    return _zones(job, ambiguous=True)


def _zones(job: Job, *, ambiguous: bool) -> Hits:
    if "schedule" not in job.body and "triggers" not in job.body:
        return
    for path, block in of_kind(job, "schedule"):
        name = text(block.get("timezone_id"))
        error = None if name is None else read_zone(name)
        if isinstance(error, LakeflowError) and _is_ambiguous(error) == ambiguous:
            yield hit_at((*path, "timezone_id"), error.problem.removeprefix("timezone_id "), error.fix or "")


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF507",
        severity=Severity.ERROR,
        title="A schedule is no Quartz cron expression",
        why="Quartz has six or seven fields, seconds first, and one of the two day fields is `?`.",
        source=_QUARTZ,
        bad=on_schedule("0 6 * * *"),
        good=on_schedule("0 0 6 * * ?"),
        job=_unreadable,
    ),
    Rule(
        code="LF508",
        severity=Severity.ERROR,
        title="A schedule never fires",
        why="It names a day that no month has, or none at all; the job never runs.",
        source=_QUARTZ,
        bad=on_schedule("0 0 6 30 2 ?"),
        good=on_schedule("0 0 6 28 2 ?"),
        job=_never,
    ),
    Rule(
        code="LF509",
        severity=Severity.WARNING,
        title="A schedule fires in years that are over only",
        why="The job does not run again.",
        source=_QUARTZ,
        bad=on_schedule("0 0 6 * * ? 2020"),
        good=on_schedule("0 0 6 * * ?"),
        job=_past,
    ),
    Rule(
        code="LF510",
        severity=Severity.WARNING,
        title="Quartz reads a schedule otherwise than it looks",
        why="Quartz ignores some texts, and takes others for something else.",
        source=_QUARTZ,
        bad=on_schedule("0 0 6 31W * ?"),
        good=on_schedule("0 0 6 LW * ?"),
        job=_misread,
    ),
    Rule(
        code="LF511",
        severity=Severity.INFO,
        title="A schedule's step does not divide its hour or day",
        why="A step starts anew with each hour, day or month, so one gap is shorter than the others.",
        source=_QUARTZ,
        bad=on_schedule("0 0/25 * * * ?"),
        good=on_schedule("0 0/20 * * * ?"),
        job=_uneven,
    ),
    Rule(
        code="LF512",
        severity=Severity.WARNING,
        title="A schedule fires more often than every 10 seconds",
        why="Databricks leaves at least 10 seconds between two runs, whatever the seconds field says.",
        source=_SCHEDULED,
        bad=on_schedule("* 0 6 * * ?"),
        good=on_schedule("0 0 6 * * ?"),
        job=_too_often,
    ),
    Rule(
        code="LF513",
        severity=Severity.INFO,
        title="A schedule fires while the clocks change",
        why="A time that the clocks leave out is skipped, and of one that comes twice the second fires.",
        source=_SCHEDULED,
        bad=on_schedule("0 30 2 * * ?", "Europe/Berlin"),
        good=on_schedule("0 30 4 * * ?", "Europe/Berlin"),
        job=_clocks,
    ),
    Rule(
        code="LF514",
        severity=Severity.ERROR,
        title="A time zone does not exist",
        why="The time zone is a name that Java knows, such as `Europe/Berlin`.",
        source=_API,
        bad=on_schedule("0 0 6 * * ?", "Europe/Berlln"),
        good=on_schedule("0 0 6 * * ?", "Europe/Berlin"),
        job=_unknown_zone,
    ),
    Rule(
        code="LF515",
        severity=Severity.INFO,
        title="A time zone has a name that several zones have",
        why="Java takes `BST` for Dhaka, not for London in summer.",
        source=_API,
        bad=on_schedule("0 0 6 * * ?", "BST"),
        good=on_schedule("0 0 6 * * ?", "Europe/London"),
        job=_ambiguous_zone,
    ),
)
