"""The names within a reference: unknown, without backticks, or deprecated."""

import re
from collections.abc import Iterator

from constructs_lib.rules.examples import after, job, notebook
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.references.examples import reader, reading
from constructs_lib.rules.references.value_references import LEGACY, NAMES, TIMES, Seen, Sort, choice, each, reference
from constructs_lib.rules.rule import Hits, Rule

_REFERENCES = "https://docs.databricks.com/aws/en/jobs/dynamic-value-references"

TRIGGERS = ("type", "time", "file_arrival", "table_update")
_NEWER_TRIGGERS = ("model", "sql_condition")  # what they offer is not written down yet
OUTPUTS = ("rows", "first_row", "alert_state")

_OPERATORS = re.compile(r"[(){}\[\]|+*/\\'\",=<>!?:;]|(?:^|\s)[-%&](?:\s|$)")


def _unknown_name(seen: Seen) -> Hits:
    for wrong, hint in _in_tasks(seen.said) if seen.said[0] == "tasks" else _in_others(seen.said):
        yield seen.hit(f"{shown(seen.text)} is no value reference: {wrong}", hint)


def _in_tasks(said: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a reference to a task's values, and what to write."""
    key, rest = said[1], said[2:]
    if not rest:
        yield f"it does not say what of task {key!r}", f"write {reference('tasks', key, 'values', '<name>')}"
    elif rest[0] not in NAMES["tasks"]:
        yield f"a task has no {rest[0]!r}", choice(rest[0], NAMES["tasks"], "tasks", key)
    elif rest == ("values",):
        yield "it names no task value", f"write {reference('tasks', key, 'values', '<name>')}"
    elif rest[0] == "output" and rest[1:2] not in (("rows",), ("first_row",), ("alert_state",)):
        wanted = rest[1] if len(rest) > 1 else ""
        wrong = f"an output has no {wanted!r}" if wanted else "it does not say what of the output"
        yield wrong, choice(wanted, OUTPUTS, "tasks", key, "output")
    elif rest[0] not in ("values", "output") and len(rest) > 1:
        yield f"nothing follows {rest[0]!r}", f"write {reference(*said[:3])}"


def _in_others(said: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a reference that is not about another task, and what to write."""
    first, second, rest = said[0], said[1], said[2:]
    if second not in NAMES[first]:
        owner = "a backfill" if first == "backfill" else f"the {first}"
        yield f"{owner} has no {second!r}", choice(second, NAMES[first], first)
    elif second == "parameters":
        if not rest:
            yield "it names no job parameter", f"write {reference('job', 'parameters', '<name>')}"
    elif second == "trigger":
        yield from _in_trigger(rest)
    elif second != "start_time" and rest:
        yield f"nothing follows {second!r}", f"write {reference(first, second)}"


def _in_trigger(rest: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a reference to what has started the run, and what to write."""
    if not rest:
        yield "it does not say what of the trigger", "write {{job.trigger.type}}"
    elif rest[0] not in TRIGGERS and rest[0] not in _NEWER_TRIGGERS:
        yield f"the trigger has no {rest[0]!r}", choice(rest[0], TRIGGERS, "job", "trigger")
    elif rest[0] == "type" and len(rest) > 1:
        yield "nothing follows 'type'", "write {{job.trigger.type}}"
    elif rest[0] == "file_arrival" and rest[1:] != ("location",):
        wrong = f"a file arrival has no {'.'.join(rest[1:])!r}" if rest[1:] else "it does not say what of the arrival"
        yield wrong, "write {{job.trigger.file_arrival.location}}"
    elif rest[0] == "table_update" and not is_table_update(rest[1:]):
        wrong = "a table update tells updated_tables, and of each table version and commit_timestamp"
        yield wrong, "write {{job.trigger.table_update.updated_tables}}"


def is_table_update(rest: tuple[str, ...]) -> bool:
    """Return whether the rest of a reference is something that a table update tells."""
    return rest[:1] == ("updated_tables",) or "version" in rest[1:] or "commit_timestamp" in rest[1:]


def _time_argument(seen: Seen) -> Hits:
    said = seen.said
    start = 2 if said[1:2] == ("start_time",) else 3 if said[1:3] == ("trigger", "time") else 0
    if start and (len(said) != start + 1 or said[start] not in TIMES):
        argument = said[start] if len(said) > start else ""
        wrong = f"has no {'.'.join(said[start:])!r}" if argument else "needs an argument"
        yield seen.hit(
            f"{shown(seen.text)} is no value reference: {'.'.join(said[:start])} {wrong}",
            choice(argument, TIMES, *said[:start]) if argument else f"write {reference(*said[:start], 'iso_date')}",
        )


def _needs_backticks(seen: Seen) -> Hits:
    said, odd = seen.said, seen.odd
    if odd is None and said[1:2] == ("parameters",) and len(said) > 3:
        name = ".".join(said[2:])
        if name in seen.job.parameters:
            said, odd = ("job", "parameters", name), name
    if odd and not _OPERATORS.search(odd):
        yield seen.hit(
            f"{shown(seen.text)} stays as it is written: {odd!r} holds more than letters, digits and `_`",
            f"write {reference(*said)}",
        )


def _expression(seen: Seen) -> Hits:
    if seen.odd and _OPERATORS.search(seen.odd):
        yield seen.hit(
            f"{shown(seen.text)} is an expression, and nothing is computed within the braces",
            "write a name only, and compute in the task",
        )


def _legacy_name(seen: Seen) -> Hits:
    if len(seen.said) == 1 and (successor := LEGACY.get(seen.said[0])):
        yield seen.hit(f"{seen.text} is a deprecated name", f"write {{{{{successor}}}}}, its successor")


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF404",
        severity=Severity.ERROR,
        title="A value reference names what its namespace does not have",
        why="An unknown name in a known namespace is refused.",
        source=_REFERENCES,
        bad=reading("{{job.naem}}"),
        good=reading("{{job.name}}"),
        job=each("job", "task", "tasks", "workspace", "backfill", check=_unknown_name),
    ),
    Rule(
        code="LF405",
        severity=Severity.ERROR,
        title="A time reference has no such argument",
        why="A time is always one of its parts, such as `iso_date`; another name is refused.",
        source=_REFERENCES,
        bad=reading("{{job.start_time.date}}"),
        good=reading("{{job.start_time.iso_date}}"),
        job=each("job", check=_time_argument),
    ),
    Rule(
        code="LF406",
        severity=Severity.WARNING,
        title="A name in a value reference needs backticks",
        why="Without them only letters, digits and `_` are read; the task gets the text as it stands.",
        source=_REFERENCES,
        bad=job(notebook("my-task"), reader("b", "{{tasks.my-task.values.n}}", depends_on=after("my-task"))),
        good=job(notebook("my-task"), reader("b", "{{tasks.`my-task`.values.n}}", depends_on=after("my-task"))),
        job=each(Sort.ODD, "job", check=_needs_backticks),
    ),
    Rule(
        code="LF407",
        severity=Severity.WARNING,
        title="A value reference holds an expression",
        why="The braces hold a name, and nothing is computed.",
        source=_REFERENCES,
        bad=reading("{{job.repair_count + 1}}"),
        good=reading("{{job.repair_count}}"),
        job=each(Sort.ODD, check=_expression),
    ),
    Rule(
        code="LF422",
        severity=Severity.INFO,
        title="A value reference has a deprecated name",
        why="The names without a namespace still work, and are no longer documented in full.",
        source=_REFERENCES,
        bad=reading("{{job_id}}"),
        good=reading("{{job.id}}"),
        job=each(Sort.OTHER, check=_legacy_name),
    ),
)
