"""References that are not taken for one: braces, nesting and unknown namespaces."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from constructs_lib.errors import listed
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.job import Job, mapping
from constructs_lib.rules.mentions import dynamics
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.references.examples import PARAMETER, reading
from constructs_lib.rules.references.names import TRIGGERS
from constructs_lib.rules.references.value_references import (
    LEGACY,
    NAMES,
    NAMESPACES,
    TIMES,
    Seen,
    Sort,
    each,
    reference,
)
from constructs_lib.rules.rule import Hits, Rule

_REFERENCES = "https://docs.databricks.com/aws/en/jobs/dynamic-value-references"
_PARAMETER_WORDS = ("param", "params", "parameter", "parameters", "job_param", "job_params", "job_parameters")
_WITH_PARAMETERS = {
    "notebook_task",
    "spark_python_task",
    "python_wheel_task",
    "spark_jar_task",
    "spark_submit_task",
    "sql_task",
    "dbt_task",
    "pipeline_task",
    "run_job_task",
    "condition_task",
    "for_each_task",
    "dashboard_task",
}
_DOTTED_AND_ONE_BRACE = re.compile(r"\s*\w+(?:\.[\w`\[\]-]+)+\s*\}(?!\})")
_WORD = re.compile(r"\s*([A-Za-z_]\w*)\s*(.?)")
_ONE_BRACE = re.compile(
    r"(?<!\{)\$?\{[ ]*(job\.\w+|job\.(?:start_time|parameters|trigger)\.[\w.`-]+|task\.\w+"
    r"|tasks\.[\w`-]+\.\w+(?:\.[\w.`-]+)?)[ ]*\}{1,2}"
)


def _close(name: str) -> str | None:
    """Return the namespace that a name is a slip of the pen for."""
    matches = get_close_matches(name.lower(), NAMESPACES, n=1, cutoff=0.75)
    return matches[0] if matches else None


def _unclosed(seen: Seen) -> Hits:
    word = _WORD.match(seen.text[2:])
    if word is None or _is_nested(seen):
        return
    first, sign = word[1], word[2]
    namespaced = (first in NAMESPACES or (sign == "." and _close(first))) and sign in (".", "}", "")
    if namespaced or (first in LEGACY and sign in ("}", "")) or _DOTTED_AND_ONE_BRACE.match(seen.text[2:]):
        yield seen.hit(
            f"{shown(seen.text)} stays as it is written: {seen.dynamic.problem}",
            "write two braces on both sides, as in {{job.id}}",
        )


def _is_nested(seen: Seen) -> bool:
    first = seen.text[2:].partition(".")[0].strip()
    return first in NAMESPACES and "}" not in seen.text and seen.text + "{{" in seen.string


def _nested(seen: Seen) -> Hits:
    if _is_nested(seen):
        yield seen.hit(
            f"{shown(seen.string)} holds a reference within a reference, and is replaced once only",
            "let a task before it put the value together and set it as one task value",
        )


def _meant(seen: Seen) -> str | None:
    """Return the reference that was meant by one in an unknown namespace, where that is clear."""
    first, rest, job = seen.said[0], seen.said[1:], seen.job
    if first in NAMESPACES or not first.replace("_", "a").isalnum() or (first in LEGACY and not rest):
        return None
    if not rest:
        if first in job.parameters:
            return reference("job", "parameters", first)
        in_loop = seen.task is not None and seen.task.loop is not None
        return "{{input}}" if in_loop and first.lower() in ("item", "inputs", "iteration") else None
    if near := _close(first):
        own = near == "tasks" and len(rest) == 1 and rest[0] in NAMES["task"]
        return reference("task" if own else near, *rest)
    if first in _PARAMETER_WORDS and rest[0] in job.parameters:
        return reference("job", "parameters", *rest)
    if first in job.by_key and rest[0] in NAMES["tasks"]:
        return reference("tasks", first, *rest)
    if (first == "trigger" and rest[0] in TRIGGERS) or (first == "start_time" and rest[0] in TIMES):
        return reference("job", first, *rest)
    return reference("job", "run_id") if seen.said == ("run", "id") else None


def _misspelt_namespace(seen: Seen) -> Hits:
    if meant := _meant(seen):
        yield seen.hit(f"{shown(seen.text)} is no value reference, and stays as it is written", f"write {meant}")


def _other_braces(seen: Seen) -> Hits:
    if seen.odd is None and (len(seen.said) > 1 or seen.said[0] not in LEGACY) and not _meant(seen):
        yield seen.hit(
            f"{shown(seen.text)} is no value reference of Databricks, and reaches the task as it is written",
            f"leave it where that is meant; references start with {listed(NAMESPACES)}",
        )


def _one_brace(value: object, path: Path, most: int = 12) -> Iterator[tuple[Path, str]]:
    """Yield what looks like a reference with too few braces, with what to write instead."""
    if isinstance(value, str):
        if "{" in value and (found := _ONE_BRACE.search(value)) and _is_reference(found[1]):
            yield path, found[0]
    elif most and isinstance(value, dict):
        for name, entry in value.items():
            yield from _one_brace(entry, (*path, name), most - 1)
    elif most and isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _one_brace(entry, (*path, index), most - 1)


def _is_reference(inner: str) -> bool:
    said = next(dynamics("{{" + inner + "}}")).parts
    if said[:1] == ("tasks",):
        return len(said) > 2 and said[2] in NAMES["tasks"]
    return len(said) > 1 and said[1] in NAMES[said[0]]


def _wrong_braces(job: Job) -> Hits:
    said = "is no value reference, and stays as it is written"
    for index, block in job.blocks("parameter"):
        for path, found in _one_brace(block.get("default"), ("parameter", index, "default")):
            yield Hit(path, f"parameter {block.get('name')!r}: {found} {said}", f"write {{{{{found.strip('${} ')}}}}}")
    for task in job.tasks:
        for name in filter(_WITH_PARAMETERS.__contains__, task.body):
            body = task.body[name]
            if name == "for_each_task":
                body = {"inputs": mapping(body).get("inputs")}
            for path, found in _one_brace(body, (name,)):
                yield task.hit(*path, message=f"{found} {said}", hint=f"write {{{{{found.strip('${} ')}}}}}")


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF401",
        severity=Severity.WARNING,
        title="A value reference has broken braces",
        why="What cannot be read as a reference is no error: the task gets the text as it stands.",
        source=_REFERENCES,
        bad=reading("{{job.id}"),
        good=reading("{{job.id}}"),
        job=each(Sort.BROKEN, check=_unclosed),
    ),
    Rule(
        code="LF402",
        severity=Severity.WARNING,
        title="A value reference has a misspelt namespace",
        why="An unknown namespace is no error: the task gets the text as it stands.",
        source=_REFERENCES,
        bad=reading("{{jobs.id}}"),
        good=reading("{{job.id}}"),
        job=each(Sort.OTHER, check=_misspelt_namespace),
    ),
    Rule(
        code="LF403",
        severity=Severity.INFO,
        title="Double braces hold something else than a value reference",
        why="Databricks fills in nothing here. That is right for a template of another tool, and a surprise otherwise.",
        source=_REFERENCES,
        bad=reading("{{ ds }}"),
        good=reading("{{job.start_time.iso_date}}"),
        job=each(Sort.OTHER, check=_other_braces),
    ),
    Rule(
        code="LF408",
        severity=Severity.WARNING,
        title="A value reference stands within another",
        why="References are replaced once, so the outer one is never read.",
        source=_REFERENCES,
        bad=reading("{{job.parameters.{{task.name}}}}", parameter=PARAMETER),
        good=reading("{{job.parameters.day}}", parameter=PARAMETER),
        job=each(Sort.BROKEN, check=_nested),
    ),
    Rule(
        code="LF409",
        severity=Severity.WARNING,
        title="A value reference has too few braces",
        why="`${job.id}` and `{job.id}` mean nothing to Databricks: the task gets the text as it stands.",
        source=_REFERENCES,
        bad=reading("{job.id}"),
        good=reading("{{job.id}}"),
        job=_wrong_braces,
    ),
)
