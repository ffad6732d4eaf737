"""What the YAML parser's complaints mean, for somebody who does not know its grammar."""

from typing import Any, NamedTuple

from ruamel.yaml.error import MarkedYAMLError

from environments.words import printable


class _Meaning(NamedTuple):
    problem: str
    """What the parser says."""
    context: str
    """What it was reading when it said so."""
    message: str
    """What we say."""
    at_start: bool
    """Whether the mistake is where that thing starts, and not where the parser gave up."""


_MEANINGS = (
    _Meaning(
        "mapping values are not allowed", "", "a key cannot stand here; mend the indentation, or quote the text", False
    ),
    _Meaning("could not find expected ':'", "", "neither `key: value` nor an item of a list", at_start=True),
    _Meaning("unexpected end of stream", "quoted scalar", "this quote is never closed", at_start=True),
    _Meaning("document separator", "quoted scalar", "this quote is never closed", at_start=True),
    _Meaning("expected the node content", "", "a value is missing here, or a [ or { is never closed", at_start=False),
    _Meaning("", "flow sequence", "this [ is not closed where it should be; check its commas and its ]", at_start=True),
    _Meaning("", "flow mapping", "this { is not closed where it should be; check its commas and its }", at_start=True),
    _Meaning("expected <block end>", "", "indented differently from the lines it belongs to", at_start=False),
    _Meaning("<document start>", "", "indented less than the first line, or text after the end", at_start=False),
    _Meaning(
        "unknown escape character",
        "",
        "no escape that double quotes know; use single quotes",
        False,
    ),
    _Meaning("not allowed here", "", "a list or key cannot start here; mend the indentation", at_start=False),
)


def explained(error: MarkedYAMLError, text: str) -> tuple[str, Any]:
    """Return one line on what is wrong, and the parser's mark where."""
    problem, context = str(error.problem or ""), str(error.context or "")
    mark = error.problem_mark or error.context_mark
    if "cannot start any token" in problem:
        character = text[mark.index : mark.index + 1]
        if character == "\t":
            return "a tab; indent and separate with spaces", mark
        return f"a text cannot start with {printable(character)}; put it in quotes", mark
    for meaning in _MEANINGS:
        if meaning.problem in problem and meaning.context in context:
            return meaning.message, error.context_mark if meaning.at_start and error.context_mark else mark
    return f"not readable as YAML: {' '.join(problem.split()) or 'unknown error'}", mark
