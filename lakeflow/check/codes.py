"""The codes of findings, and which of them somebody wants to see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from constructs_lib.errors import LakeflowError, nearest
from constructs_lib.rules import HOUSE_RULES, RULES, SCHEMA, Finding, Rule, Severity
from constructs_lib.rules.code.working_tree import NOT_THERE


@dataclass(frozen=True)
class About:
    """What there is to say about a code."""

    code: str
    severity: Severity
    title: str
    why: str = ""
    source: str = ""

    @classmethod
    def rule(cls, rule: Rule) -> "About":
        """Return what a rule says of itself."""
        return cls(rule.code, rule.severity, rule.title, rule.why, rule.source)


_SCHEMA = About(
    SCHEMA,
    Severity.ERROR,
    "The schema does not take it",
    "An attribute is unknown or missing, or a value has another type than it should. Terraform refuses the job; the "
    "API refuses it, or drops what it does not know without a word.",
    "https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/job",
)
_NOT_THERE = About(
    NOT_THERE,
    Severity.WARNING,
    "Code from Git that is not in the working tree",
    "A task takes its code from the job's Git source, and the repository that the stack is made in has no such file. "
    "The run fails when it comes to the task. Asked at synth only: a job's text does not say which files there are.",
    "https://docs.databricks.com/aws/en/jobs/git",
)


def known() -> Mapping[str, About]:
    """Return what there is to say about every code, in order."""
    house = (About(rule.code, Severity.ERROR, rule.title) for rule in HOUSE_RULES)
    return {about.code: about for about in (_SCHEMA, *map(About.rule, RULES), _NOT_THERE, *house)}


@dataclass(frozen=True)
class Selection:
    """The codes that somebody wants to see: those that begin with one selected, and with none ignored."""

    selected: tuple[str, ...]
    ignored: tuple[str, ...]

    @classmethod
    def of(cls, selected: Sequence[str] | None, ignored: Sequence[str] | None) -> "Selection":
        """Return the selection of codes, or beginnings of some, separated by commas; an error names the nearest."""
        return cls(_codes(selected or ()), _codes(ignored or ()))

    def takes(self, finding: Finding) -> bool:
        """Return whether a finding is wanted."""
        code = finding.code
        return (not self.selected or code.startswith(self.selected)) and not code.startswith(self.ignored)


def _nearest(code: str) -> str | None:
    """Return the code that begins most like one, or is most like it."""
    for length in range(len(code), 2, -1):
        for each in known():
            if each.startswith(code[:length]):
                return each
    return nearest(code, known())


def _codes(given: Iterable[str]) -> tuple[str, ...]:
    codes = [code.strip().upper() for words in given for code in words.split(",")]
    for code in codes:
        if not code or not any(each.startswith(code) for each in known()):
            near = _nearest(code)
            fix = f"did you mean {near!r}?" if near else "LF1 stands for all that begin with it"
            raise LakeflowError(f"there is no rule {code!r}", fix=fix)
    return tuple(codes)
