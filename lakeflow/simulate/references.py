"""Dynamic value references, filled in: `{{job.parameters.day}}`, `{{tasks.ingest.values.rows}}`, `{{input.path}}`.

A namespace that does not exist stays as it is written; a name that a known namespace does not have is an error.
https://docs.databricks.com/aws/en/jobs/dynamic-value-references
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from constructs_lib.errors import nearest
from constructs_lib.rules.mentions import Dynamic, dynamics
from constructs_lib.rules.references.value_references import LEGACY, NAMES, TIMES
from lakeflow.simulate.semantics import Semantics

Json = Mapping[str, Any]


class UnresolvedError(Exception):
    """What a reference asks for is not there; the task fails."""


@dataclass(frozen=True)
class Text:
    """A text with its references filled in."""

    text: str
    structured: bool = False
    """Whether a list or an object was filled in, which a condition does not compare."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a task can see of one that has ended."""

    state: str
    values: Json = field(default_factory=dict)
    output: Any = None
    run_id: str = ""
    executions: int = 0
    code: str = ""
    notebook_path: str = ""


@dataclass(frozen=True, kw_only=True)
class Context:
    """Everything that a reference can ask for at one moment."""

    semantics: Semantics
    job_id: str
    job_name: str
    run_id: str
    started: datetime
    parameters: Mapping[str, str] = field(default_factory=dict)
    bad_parameters: Mapping[str, str] = field(default_factory=dict)
    """Name → why its value could not be filled in."""
    trigger: Json = field(default_factory=dict)
    """`type`, `time`, and what the trigger tells, by the names of the references."""
    backfill: datetime | None = None
    repairs: int = 0
    tasks: Mapping[str, Seen] = field(default_factory=dict)
    """What has ended."""
    known_tasks: Collection[str] = ()
    task: Json = field(default_factory=dict)
    """`name`, `run_id`, `execution_count`, `notebook_path` of the task itself; nothing in a parameter's default."""
    input: Any = None
    has_input: bool = False
    workspace: Json = field(default_factory=dict)

    def fill(self, value: Any) -> Any:
        """Return a value with the references of every text in it filled in; raise UnresolvedError where one cannot."""
        if isinstance(value, str):
            return self.text(value).text
        if isinstance(value, Mapping):
            return {key: self.fill(entry) for key, entry in value.items()}
        return [self.fill(entry) for entry in value] if isinstance(value, list | tuple) else value

    def text(self, template: str) -> Text:
        """Return a text with its references filled in, once: what comes in is not read again."""
        if "{{" not in template:
            return Text(template)
        parts, structured, position = [], False, 0
        for found in dynamics(template):
            start = template.index(found.text, position)
            value = self._value(found)
            parts += [template[position:start], found.text if value is _LITERAL else as_text(value)]
            structured = structured or (isinstance(value, list | Mapping))
            position = start + len(found.text)
        return Text("".join([*parts, template[position:]]), structured)

    def _value(self, found: Dynamic) -> Any:
        """Return what stands for a reference."""
        said = found.parts
        if found.problem or not said:
            return _LITERAL
        if len(said) == 1 and said[0] in LEGACY:
            said = tuple(LEGACY[said[0]].split("."))
        elif found.needs_backticks:
            return _LITERAL
        if said[0] not in NAMES or (len(said) == 1 and said[0] != "input"):
            return _LITERAL
        reader: Callable[[Context, Sequence[str]], Any] = _READERS[said[0]]
        try:
            return reader(self, said[1:])
        except _MissingError as error:
            if self.semantics.missing_value == "literal":
                return _LITERAL
            raise UnresolvedError(f"{found.text} {error}") from None
        except UnresolvedError as error:
            raise UnresolvedError(f"{found.text} {error}") from None


class _MissingError(Exception):
    """A task value that was never set."""


_LITERAL = object()


def as_text(value: Any) -> str:
    """Return a value as it stands in a text: a string as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _job(context: Context, rest: Sequence[str]) -> Any:
    match rest:
        case ["id"]:
            return context.job_id
        case ["name"]:
            return context.job_name
        case ["run_id"]:
            return context.run_id
        case ["repair_count"]:
            return context.repairs
        case ["start_time", *parts]:
            return _time(context.started, parts, context.semantics)
        case ["parameters", name, *more]:
            return _parameter(context, ".".join([name, *more]))
        case ["trigger", *parts]:
            return _trigger(context, parts)
    raise UnresolvedError(_no("the job has no", rest, NAMES["job"]))


def _parameter(context: Context, name: str) -> str:
    if name in context.parameters:
        return context.parameters[name]
    if name in context.bad_parameters:
        raise UnresolvedError(f"has no value: {context.bad_parameters[name]}")
    near = nearest(name, context.parameters)
    raise UnresolvedError(f"names no parameter of the job{f'; is it {near}?' if near else ''}")


def _trigger(context: Context, rest: Sequence[str]) -> Any:
    known = {"type", "time", "file_arrival", "table_update", "model", "sql_condition"}
    if not rest or rest[0] not in known:
        raise UnresolvedError(_no("the trigger has no", rest, known))
    if rest[0] == "time":
        return _time(context.trigger.get("time") or context.started, rest[1:], context.semantics)
    facts = context.trigger
    # The name of a table has dots of its own.
    dotted = ".".join(rest)
    if dotted in facts:
        return facts[dotted]
    value: Any = facts
    for name in rest:
        if not isinstance(value, Mapping) or name not in value:
            raise _MissingError(f"is not told by what started the run ({facts.get('type') or 'one_time'})")
        value = value[name]
    return value


def _task(context: Context, rest: Sequence[str]) -> Any:
    if len(rest) == 1 and rest[0] in context.task:
        return context.task[rest[0]]
    if not context.task:
        raise UnresolvedError("stands where there is no task")
    raise UnresolvedError(_no("the task has no", rest, NAMES["task"]))


def _tasks(context: Context, rest: Sequence[str]) -> Any:
    key, *what = rest
    if not what or what[0] not in NAMES["tasks"] or (what[0] in {"values", "output"} and len(what) < 2):
        raise UnresolvedError(_no("a task has no", what, NAMES["tasks"]))
    if key not in context.known_tasks:
        near = nearest(key, context.known_tasks)
        raise UnresolvedError(f"names no task of this run{f'; is it {near}?' if near else ''}")
    seen = context.tasks.get(key)
    if seen is None:
        raise _MissingError(f"is of {key}, which has not ended by then")
    match what:
        case ["values", *name]:
            return _of(seen.values, ".".join(name), f"was never set: {key} {_ended(seen)}")
        case ["output", *parts]:
            return _output(seen, key, parts)
        case ["result_state"]:
            return seen.state.lower()
        case ["error_code"]:
            return seen.code
        case ["execution_count"]:
            return seen.executions
        case ["run_id"]:
            return seen.run_id
        case ["notebook_path"]:
            return seen.notebook_path
    raise UnresolvedError(f"is not understood: nothing follows {what[0]!r}")


def _ended(seen: Seen) -> str:
    return "set no such value" if seen.executions else f"is {seen.state}"


def _output(seen: Seen, key: str, parts: Sequence[str]) -> Any:
    missing = f"is not there: {key} {'gave no such output' if seen.executions else f'is {seen.state}'}"
    match parts:
        case ["rows"] if isinstance(seen.output, list):
            return seen.output
        case ["first_row", *column] if isinstance(seen.output, list) and seen.output:
            return _of(seen.output[0], ".".join(column), missing) if column else seen.output[0]
        case ["alert_state"] if isinstance(seen.output, str):
            return seen.output
        case ["rows" | "first_row" | "alert_state", *_]:
            raise _MissingError(missing)
    raise UnresolvedError(_no("an output has no", parts, ("rows", "first_row", "alert_state")))


def _of(values: Any, name: str, missing: str) -> Any:
    if not isinstance(values, Mapping) or name not in values:
        raise _MissingError(missing)
    return values[name]


def _input(context: Context, rest: Sequence[str]) -> Any:
    if not context.has_input:
        raise UnresolvedError("stands in no loop")
    value = context.input
    for name in rest:
        if not isinstance(value, Mapping) or name not in value:
            raise UnresolvedError(f"asks for what {as_text(context.input)} has not")
        value = value[name]
    return value


def _workspace(context: Context, rest: Sequence[str]) -> Any:
    if len(rest) == 1 and rest[0] in NAMES["workspace"]:
        if rest[0] not in context.workspace:
            raise _MissingError("is not known here")
        return context.workspace[rest[0]]
    raise UnresolvedError(_no("the workspace has no", rest, NAMES["workspace"]))


def _backfill(context: Context, rest: Sequence[str]) -> Any:
    if context.backfill is None:
        raise _MissingError("is told by a backfill only")
    return _time(context.backfill, rest, context.semantics)


_READERS: Mapping[str, Callable[[Context, Sequence[str]], Any]] = {
    "job": _job,
    "task": _task,
    "tasks": _tasks,
    "input": _input,
    "workspace": _workspace,
    "backfill": _backfill,
}


def _time(at: datetime, rest: Sequence[str], semantics: Semantics) -> Any:
    """Return a part of a time, UTC; numbers are not padded."""
    if len(rest) != 1 or rest[0] not in TIMES:
        raise UnresolvedError(_no("a time has no", rest, TIMES))
    at = at.astimezone(UTC)
    spec = "milliseconds" if semantics.iso_datetime == "milliseconds" else "seconds"
    text = at.replace(tzinfo=None).isoformat(timespec=spec) + ("Z" if semantics.iso_datetime == "Z" else "")
    parts: dict[str, Any] = {
        "iso_date": f"{at:%Y-%m-%d}",
        "iso_datetime": text,
        "timestamp_ms": str(round(at.timestamp() * 1000)),
        "iso_weekday": str(at.isoweekday()),
        "is_weekday": at.isoweekday() < 6,
    }
    return parts[rest[0]] if rest[0] in parts else str(getattr(at, rest[0]))


def _no(owner: str, rest: Sequence[str], names: Any) -> str:
    wanted = ".".join(rest)
    near = nearest(rest[0], names) if rest else None
    return f"is an error: {owner} {wanted!r}{f'; is it {near}?' if near and near != wanted else ''}"


def values_read(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the task values that the texts of a value read: the task and the name."""
    if isinstance(value, str):
        for found in dynamics(value):
            if found.parts[:1] == ("tasks",) and found.parts[2:3] == ("values",) and len(found.parts) > 3:
                yield found.parts[1], ".".join(found.parts[3:])
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from values_read(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from values_read(entry)
