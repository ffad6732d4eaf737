"""Names and descriptions of a job."""

from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Job, text
from constructs_lib.rules.rule import Hits, Rule

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_NAME_BYTES = 4096
_DESCRIPTION = 27_700


def _long_name(job: Job) -> Hits:
    name = text(job.body.get("name"))
    if name and len(name) * 4 > _NAME_BYTES:
        size = len(name.encode("utf-8", "replace"))
        if size > _NAME_BYTES:
            yield Hit(("name",), f"the name has {size} bytes, and the API takes {_NAME_BYTES}", "shorten it")


def _empty_name(job: Job) -> Hits:
    name = text(job.body.get("name"))
    if name is not None and not name.strip():
        yield Hit(("name",), "the name is empty", "write one that says what the job is for")


def _no_name(job: Job) -> Hits:
    if job.body.get("name") is None:
        yield Hit((), "the job has no name, and is shown as 'Untitled'", "write one that says what the job is for")


def _long_description(job: Job) -> Hits:
    description = text(job.body.get("description"))
    if description and len(description) > _DESCRIPTION:
        yield Hit(
            ("description",),
            f"the description has {len(description)} characters, and the API takes {_DESCRIPTION}",
            "shorten it, and link to the rest",
        )


def _wide_description(job: Job) -> Hits:
    description = text(job.body.get("description"))
    if description and len(description) * 4 > _DESCRIPTION >= len(description):
        size = len(description.encode("utf-8", "replace"))
        if size > _DESCRIPTION:
            yield Hit(
                ("description",),
                f"the description has {size} bytes in UTF-8, and the API takes {_DESCRIPTION}",
                "shorten it, and link to the rest",
            )


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF911",
        severity=Severity.ERROR,
        title="A job's name is too long",
        why="The API takes 4096 bytes.",
        source=_API,
        bad=job(name="n" * 4097),
        good=job(name="n" * 4096),
        job=_long_name,
        blocks=("name",),
    ),
    Rule(
        code="LF912",
        severity=Severity.WARNING,
        title="A job's name is empty",
        why="The job is listed as 'Untitled', as all others without a name are.",
        source=_API,
        bad=job(name=""),
        good=job(name="sales"),
        job=_empty_name,
        blocks=("name",),
    ),
    Rule(
        code="LF913",
        severity=Severity.INFO,
        title="A job has no name",
        why="The job is listed as 'Untitled', as all others without a name are.",
        source=_API,
        bad={"task": [{"task_key": "a", "notebook_task": {"notebook_path": "/Shared/a", "source": "WORKSPACE"}}]},
        good=job(),
        job=_no_name,
    ),
    Rule(
        code="LF914",
        severity=Severity.ERROR,
        title="A job's description is too long",
        why="The API takes 27,700 characters.",
        source=_API,
        bad=job(description="d" * 27_701),
        good=job(description="d" * 27_700),
        job=_long_description,
        blocks=("description",),
    ),
    Rule(
        code="LF915",
        severity=Severity.WARNING,
        title="A job's description may be too long",
        why="The API takes 27,700 characters in UTF-8 encoding, where letters with accents take two bytes and more.",
        source=_API,
        bad=job(description="\N{LATIN SMALL LETTER U WITH DIAERESIS}" * 14_000),
        good=job(description="\N{LATIN SMALL LETTER U WITH DIAERESIS}" * 13_000),
        job=_wide_description,
        blocks=("description",),
    ),
)
