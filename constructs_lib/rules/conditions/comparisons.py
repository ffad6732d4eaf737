"""What a condition compares: operators, numbers and texts."""

from collections.abc import Iterator
from typing import Any

from constructs_lib.errors import listed, nearest, shortened
from constructs_lib.rules.conditions.examples import checked
from constructs_lib.rules.conditions.values import OUTCOMES
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import JobTask, number, text
from constructs_lib.rules.mentions import dynamics
from constructs_lib.rules.rule import Rule

TEXT_OPERATORS = ("EQUAL_TO", "NOT_EQUAL")
NUMBER_OPERATORS = ("GREATER_THAN", "GREATER_THAN_OR_EQUAL", "LESS_THAN", "LESS_THAN_OR_EQUAL")
OPERATORS = TEXT_OPERATORS + NUMBER_OPERATORS

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_IF_ELSE = "https://docs.databricks.com/aws/en/jobs/tasks/if-else"
_VALUES = "https://docs.databricks.com/aws/en/jobs/dynamic-value-references"
_MEANT = {
    "==": "EQUAL_TO",
    "=": "EQUAL_TO",
    "EQ": "EQUAL_TO",
    "EQUALS": "EQUAL_TO",
    "!=": "NOT_EQUAL",
    "<>": "NOT_EQUAL",
    "NE": "NOT_EQUAL",
    ">": "GREATER_THAN",
    "GT": "GREATER_THAN",
    ">=": "GREATER_THAN_OR_EQUAL",
    "GE": "GREATER_THAN_OR_EQUAL",
    "GTE": "GREATER_THAN_OR_EQUAL",
    "<": "LESS_THAN",
    "LT": "LESS_THAN",
    "<=": "LESS_THAN_OR_EQUAL",
    "LE": "LESS_THAN_OR_EQUAL",
    "LTE": "LESS_THAN_OR_EQUAL",
}
_RESULTS = (
    "success",
    "failed",
    "excluded",
    "canceled",
    "evicted",
    "timedout",
    "upstream_canceled",
    "upstream_evicted",
    "upstream_failed",
)
_ALERTS = ("UNKNOWN", "OK", "TRIGGERED")


def unknown_operator(task: JobTask) -> Iterator[Hit]:
    """Find an operator that does not exist."""
    value = text(task.block("condition_task").get("op"))
    if value is not None and value not in OPERATORS:
        said_as = value.strip().upper().replace(" ", "_")
        meant = _MEANT.get(said_as) or nearest(said_as, OPERATORS)
        hint = f"write {meant!r}" if meant else f"write one of {listed(OPERATORS)}"
        yield task.hit("condition_task", "op", message=f"operator {shortened(value)} does not exist", hint=hint)


def no_number(task: JobTask) -> Iterator[Hit]:
    """Find words that are compared as numbers."""
    condition = task.block("condition_task")
    operator = text(condition.get("op"))
    if operator in NUMBER_OPERATORS:
        for side in ("left", "right"):
            literal = _literal(condition.get(side))
            if literal is not None and number(literal) is None:
                message = f"{operator} compares numbers, and {side} is {shortened(literal)}"
                yield task.hit(
                    "condition_task", side, message=message, hint=f"write a number, or use {TEXT_OPERATORS[0]}"
                )


def numbers_as_text(task: JobTask) -> Iterator[Hit]:
    """Find equal numbers that are written differently, and compared as text."""
    condition = task.block("condition_task")
    operator = text(condition.get("op"))
    left, right = _literal(condition.get("left")), _literal(condition.get("right"))
    if operator in TEXT_OPERATORS and left is not None and right is not None and left != right:
        value = number(left)
        if value is not None and value == number(right):
            message = f"{operator} compares text: {left!r} is not {right!r}"
            yield task.hit("condition_task", "right", message=message, hint=f"write {left!r}")


def always_the_same(task: JobTask) -> Iterator[Hit]:
    """Find a condition whose outcome is known beforehand."""
    condition = task.block("condition_task")
    left, right = condition.get("left"), condition.get("right")
    known = (
        _literal(left) is not None
        and _literal(right) is not None
        and not (any(no_number(task)) or any(numbers_as_text(task)))
    )
    same = isinstance(left, str) and left != "" and left == right and "${" not in left
    if (known or same) and text(condition.get("op")) in OPERATORS:
        message = f"compares {shortened(left)} with {shortened(right)}, which is the same in every run"
        hint = "compare a job parameter or a task value: {{tasks.load.values.rows}}"
        yield task.hit("condition_task", message=message, hint=hint)


def impossible_value(task: JobTask) -> Iterator[Hit]:
    """Find a comparison with a word that the reference never is."""
    for side, reference, literal, possible in _compared(task):
        if literal.lower() not in (word.lower() for word in possible):
            meant = nearest(literal, possible)
            message = f"{reference} is never {literal!r}"
            hint = f"write {meant!r}" if meant else f"it is one of {listed(possible, most=9)}"
            yield task.hit("condition_task", side, message=message, hint=hint)


def spelled_otherwise(task: JobTask) -> Iterator[Hit]:
    """Find a comparison with a word that is spelled otherwise where it comes from."""
    for side, reference, literal, possible in _compared(task):
        meant = next((word for word in possible if word.lower() == literal.lower()), None)
        if meant and meant != literal:
            message = f"{reference} is compared as text, and it is spelled {meant!r}, not {literal!r}"
            yield task.hit("condition_task", side, message=message, hint=f"write {meant!r}")
    for side, parts, literal in _against_literal(task):
        if len(parts) > 3 and parts[0] == "tasks" and parts[2] == "values":
            meant = _as_json(literal)
            if meant:
                message = f"a task value is compared as text: it may be {meant!r}, which is not {literal!r}"
                yield task.hit("condition_task", side, message=message, hint=f"write {meant!r}")


def _literal(operand: object) -> str | None:
    """Return an operand that is known now, as text."""
    if isinstance(operand, int | float) and not isinstance(operand, bool):
        return repr(operand) if abs(operand) < 1e300 else None
    known = text(operand)
    return None if known is None or "{{" in known else known


def _against_literal(task: JobTask) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield where a text comparison has a literal, what the other side refers to, and the literal."""
    condition = task.block("condition_task")
    if text(condition.get("op")) in TEXT_OPERATORS:
        for side, other in (("right", "left"), ("left", "right")):
            literal, reference = _literal(condition.get(side)), condition.get(other)
            if literal is not None and isinstance(reference, str) and "{{" in reference:
                found = list(dynamics(reference))
                if len(found) == 1 and found[0].text == reference.strip() and not found[0].problem:
                    yield side, found[0].parts, literal


def _compared(task: JobTask) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Yield comparisons with a reference that has few values: where the literal stands, both, and the values."""
    for side, parts, literal in _against_literal(task):
        possible: tuple[str, ...] = ()
        if parts[0] == "tasks" and parts[2:] == ("result_state",):
            possible = _RESULTS
        elif parts[0] == "tasks" and parts[2:] == ("output", "alert_state"):
            possible = _ALERTS
        elif parts[0] == "job" and parts[1:] == ("start_time", "is_weekday"):
            possible = OUTCOMES
        if possible:
            yield side, f"{{{{{'.'.join(parts)}}}}}", literal, possible


def _as_json(literal: str) -> str | None:
    """Return how JSON writes what a literal says, where Python or a person writes it otherwise."""
    lower = literal.lower()
    if lower in OUTCOMES:
        return lower if lower != literal else None
    value = number(literal)
    whole = literal.endswith(".0") and value is not None and abs(value) < 1e15
    return str(int(value)) if whole and value is not None else None


def _comparing(operator: str, left: str, right: str) -> dict[str, Any]:
    return checked({"task_key": "check", "condition_task": {"op": operator, "left": left, "right": right}})


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF157",
        severity=Severity.ERROR,
        title="An operator that does not exist",
        why="The API refuses the job; the provider lets any string pass.",
        source=_API,
        bad=_comparing("==", "{{tasks.load.values.rows}}", "0"),
        good=_comparing("EQUAL_TO", "{{tasks.load.values.rows}}", "0"),
        task=unknown_operator,
        blocks=("condition_task",),
    ),
    Rule(
        code="LF158",
        severity=Severity.WARNING,
        title="Words compared as numbers",
        why="GREATER_THAN, LESS_THAN and their kin compare numbers; with anything else the task fails.",
        source=_IF_ELSE,
        bad=_comparing("GREATER_THAN", "{{tasks.load.values.rows}}", "many"),
        good=_comparing("GREATER_THAN", "{{tasks.load.values.rows}}", "1.5"),
        task=no_number,
        blocks=("condition_task",),
    ),
    Rule(
        code="LF159",
        severity=Severity.WARNING,
        title="Equal numbers that are not equal as text",
        why="EQUAL_TO and NOT_EQUAL compare text: '12.0' is not '12'.",
        source=_IF_ELSE,
        bad=_comparing("EQUAL_TO", "12", "12.0"),
        good=_comparing("EQUAL_TO", "{{tasks.load.values.rows}}", "12"),
        task=numbers_as_text,
        blocks=("condition_task",),
    ),
    Rule(
        code="LF160",
        severity=Severity.INFO,
        title="A condition that is the same in every run",
        why="One of its branches never runs.",
        source=_IF_ELSE,
        bad=_comparing("EQUAL_TO", "prod", "dev"),
        good=_comparing("EQUAL_TO", "{{job.parameters.env}}", "dev")
        | {"parameter": [{"name": "env", "default": "dev"}]},
        task=always_the_same,
        blocks=("condition_task",),
    ),
    Rule(
        code="LF161",
        severity=Severity.WARNING,
        title="A comparison with a value that never comes",
        why="The reference has a few known values, and this is none of them: the outcome is the same in every run.",
        source=_VALUES,
        bad=_comparing("EQUAL_TO", "{{tasks.load.result_state}}", "finished"),
        good=_comparing("EQUAL_TO", "{{tasks.load.result_state}}", "success"),
        task=impossible_value,
        blocks=("condition_task",),
    ),
    Rule(
        code="LF162",
        severity=Severity.INFO,
        title="A value that is spelled otherwise where it comes from",
        why="EQUAL_TO and NOT_EQUAL compare text: 'True' is not 'true', the way a task value writes it.",
        source=_IF_ELSE,
        bad=_comparing("EQUAL_TO", "{{tasks.load.values.complete}}", "True"),
        good=_comparing("EQUAL_TO", "{{tasks.load.values.complete}}", "true"),
        task=spelled_otherwise,
        blocks=("condition_task",),
    ),
)
