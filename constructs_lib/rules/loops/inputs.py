"""What a loop runs over, and how its task uses an element."""

import json
from collections.abc import Iterator
from typing import Any

from constructs_lib.errors import listed, nearest, shortened
from constructs_lib.rules.examples import NOTEBOOK, job, notebook
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.job import JobTask, text
from constructs_lib.rules.loops.examples import inner_task, loop_task
from constructs_lib.rules.loops.tasks import inner_of
from constructs_lib.rules.mentions import dynamics
from constructs_lib.rules.rule import Rule

LONGEST_INPUTS = 10_000
"""Characters that every page of the documentation has allowed at some time."""
SAFE_INPUTS = 5_000
"""Characters that the newest page allows."""

_FOR_EACH = "https://docs.databricks.com/aws/en/jobs/tasks/for-each"
_LOOKUP = "https://docs.databricks.com/aws/en/jobs/tasks/for-each-lookup-example"


def no_array(task: JobTask) -> Iterator[Hit]:
    """Find inputs that are neither a JSON array nor one reference."""
    inputs = text(task.block("for_each_task").get("inputs"))
    if inputs is None:
        return
    stripped = inputs.strip()
    problem, hint = (
        None,
        "write a JSON array in a string, '[\"a\", \"b\"]', or one reference, '{{tasks.list.values.names}}'",
    )
    if not stripped:
        problem = "inputs are empty"
    elif "{{" in stripped:
        if not _one_reference(stripped) and not (stripped.startswith("[") and stripped.endswith("]")):
            problem = f"inputs {shortened(inputs)} are neither one reference nor a JSON array"
    else:
        parsed = _parsed(stripped)
        if parsed is None:
            problem = f"inputs {shortened(inputs)} are no JSON array"
            mended = _parsed(stripped.replace("'", '"'))
            if isinstance(mended, list):
                hint = f"JSON has double quotes: write {shortened(json.dumps(mended), 200)}"
        elif not isinstance(parsed, list):
            kind = {dict: "an object", str: "a string", bool: "a boolean"}.get(type(parsed), "a number")
            problem = f"inputs {shortened(inputs)} are {kind}, not an array"
    if problem:
        yield task.hit("for_each_task", "inputs", message=problem, hint=hint)


def empty_array(task: JobTask) -> Iterator[Hit]:
    """Find a loop over nothing."""
    if _elements(task) == []:
        message = "the loop runs over an empty array: nothing ever runs"
        yield task.hit("for_each_task", "inputs", message=message, hint="give it values, or disable the task")


def too_long_inputs(task: JobTask) -> Iterator[Hit]:
    """Find an array that is longer than a job may hold."""
    inputs = text(task.block("for_each_task").get("inputs"))
    if inputs and len(inputs) > LONGEST_INPUTS:
        message = f"inputs have {len(inputs):,} characters, more than the {LONGEST_INPUTS:,} that are allowed"
        yield task.hit("for_each_task", "inputs", message=message, hint=_LOOK_UP)


def long_inputs(task: JobTask) -> Iterator[Hit]:
    """Find an array that some pages of the documentation allow and others do not."""
    inputs = text(task.block("for_each_task").get("inputs"))
    if inputs and SAFE_INPUTS < len(inputs) <= LONGEST_INPUTS:
        message = f"inputs have {len(inputs):,} characters; newer documentation allows {SAFE_INPUTS:,}"
        yield task.hit("for_each_task", "inputs", message=message, hint=_LOOK_UP)


_LOOK_UP = (
    "pass keys and look the rest up inside the loop, or let a task before it set the array as a task value (48 KB)"
)


def input_unused(task: JobTask) -> Iterator[Hit]:
    """Find a loop whose runs are all alike."""
    inner = inner_of(task)
    if inner and not any("${" in string or _inputs(string) for _, string in _strings(inner, ())):
        message = "the task inside does not use {{input}}: each of its runs is the same"
        hint = "pass it on as a parameter: base_parameters = {'item': '{{input}}'}"
        yield task.hit("for_each_task", "task", message=message, hint=hint)


def no_such_field(task: JobTask) -> Iterator[Hit]:
    """Find a field of the loop's input that its elements do not have."""
    elements = _elements(task)
    if not elements:
        return
    for path, string in _strings(inner_of(task), ()):
        for parts in _inputs(string):
            if len(parts) > 1:
                lacking = [each for each in elements if not isinstance(each, dict) or parts[1] not in each]
                if lacking:
                    fields = listed({repr(key) for each in elements if isinstance(each, dict) for key in each})
                    has = f"it has {fields}" if fields and isinstance(lacking[0], dict) else "it has no fields"
                    message = f"{{{{input.{parts[1]}}}}} is no field of {shortened(lacking[0])}"
                    hint = _field_hint(parts[1], elements) or has
                    yield task.hit("for_each_task", "task", *path, message=message, hint=hint)


def _one_reference(string: str) -> bool:
    found = list(dynamics(string))
    return len(found) == 1 and found[0].text == string


def _parsed(string: str) -> Any:
    """Return what a JSON text says; None where it is none, or null."""
    try:
        return json.loads(string)
    except (ValueError, RecursionError):
        return None


def _elements(task: JobTask) -> list[Any] | None:
    """Return the elements of a loop, where they are known now."""
    inputs = text(task.block("for_each_task").get("inputs"))
    parsed = _parsed(inputs) if inputs and "{{" not in inputs else None
    return parsed if isinstance(parsed, list) else None


def _inputs(string: str) -> list[tuple[str, ...]]:
    """Return the references to the loop's input in a string, each as its names."""
    if "{{" not in string or "input" not in string:
        return []
    return [dynamic.parts for dynamic in dynamics(string) if dynamic.parts[:1] == ("input",)]


def _strings(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from _strings(entry, (*path, name))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _strings(entry, (*path, index))


def _field_hint(field: str, elements: list[Any]) -> str | None:
    known = {key for each in elements if isinstance(each, dict) for key in each}
    if not known:
        return "write {{input}}"
    meant = nearest(field, sorted(known - {field}))
    return f"write {{{{input.{meant}}}}}" if meant else None


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF201",
        severity=Severity.ERROR,
        title="Inputs of a loop that are no array",
        why="A loop takes a JSON array in a string, or one reference to an array.",
        source=_FOR_EACH,
        bad=job(loop_task("a,b")),
        good=job(loop_task('["a", {"b": 1}]')),
        task=no_array,
        blocks=("for_each_task",),
    ),
    Rule(
        code="LF202",
        severity=Severity.WARNING,
        title="A loop over an empty array",
        why="Its task never runs.",
        source=_FOR_EACH,
        bad=job(loop_task("[]")),
        good=job(loop_task('["a"]')),
        task=empty_array,
        blocks=("for_each_task",),
    ),
    Rule(
        code="LF203",
        severity=Severity.ERROR,
        title="Inputs of a loop that are too long",
        why="The documentation allows 5,000 characters (10,000 until 2026); a task value may have 48 KB.",
        source=_LOOKUP,
        bad=job(loop_task(json.dumps(["a" * 100] * 100))),
        good=job(loop_task(json.dumps(["a" * 100] * 40))),
        task=too_long_inputs,
        blocks=("for_each_task",),
    ),
    Rule(
        code="LF204",
        severity=Severity.INFO,
        title="Inputs of a loop that may be too long",
        why="The documentation allowed 10,000 characters, and newer pages allow 5,000.",
        source=_LOOKUP,
        bad=job(loop_task(json.dumps(["a" * 100] * 60))),
        good=job(loop_task(json.dumps(["a" * 100] * 40))),
        task=long_inputs,
        blocks=("for_each_task",),
    ),
    Rule(
        code="LF212",
        severity=Severity.INFO,
        title="A loop whose runs are all alike",
        why="Only {{input}} tells the task inside which of the inputs it runs for.",
        source=_FOR_EACH,
        bad=job(loop_task(inner=notebook("one", webhook_notifications={}))),
        good=job(loop_task()),
        task=input_unused,
        blocks=("for_each_task",),
    ),
    Rule(
        code="LF213",
        severity=Severity.WARNING,
        title="A field that the inputs of a loop do not have",
        why="{{input.field}} is for inputs that are objects with this field; otherwise there is no value.",
        source=_FOR_EACH,
        bad=job(
            loop_task(
                '["a", "b"]', inner_task(notebook_task={**NOTEBOOK, "base_parameters": {"item": "{{input.name}}"}})
            )
        ),
        good=job(
            loop_task(
                '[{"name": "a"}]', inner_task(notebook_task={**NOTEBOOK, "base_parameters": {"item": "{{input.name}}"}})
            ),
        ),
        task=no_such_field,
        blocks=("for_each_task",),
    ),
)
