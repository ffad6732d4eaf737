"""Whether a task runs after its parents, and why it does not: `run_if` in all six forms over all ends of a task.

Rules and tables: https://docs.databricks.com/aws/en/jobs/run-if; disabled parents:
https://docs.databricks.com/aws/en/jobs/disabled-tasks
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lakeflow.simulate.semantics import Semantics
from lakeflow.simulate.states import (
    BROKEN,
    CANCELS,
    DISABLED,
    EXCLUDED,
    SKIPPED,
    SUCCESS,
    UPSTREAM_CANCELED,
    UPSTREAM_FAILED,
    WORDS,
)

_NEEDS = {
    "ALL_SUCCESS": "needs all of {}",
    "AT_LEAST_ONE_SUCCESS": "needs one of {} to succeed",
    "NONE_FAILED": "needs none of {} to fail",
    "ALL_DONE": "needs {} to be done",
    "AT_LEAST_ONE_FAILED": "runs only if one of {} fails",
    "ALL_FAILED": "runs only if all of {} fail",
}
RULES = tuple(_NEEDS)
"""The values of `run_if`."""
_HANDLERS = frozenset({"AT_LEAST_ONE_FAILED", "ALL_FAILED"})
_ANY_DISABLED = frozenset({"ALL_SUCCESS", "ALL_FAILED"})


@dataclass(frozen=True)
class Parent:
    """A task that another one waits for, as it ended."""

    key: str
    state: str
    wanted: str | None = None
    """The outcome of a condition that is waited for."""
    outcome: str | None = None
    """The outcome that the condition had."""

    @property
    def seen(self) -> str:
        """How it counts: a branch that was not taken is excluded, and so is what found nothing to do."""
        missed = self.wanted is not None and self.state == SUCCESS and self.outcome != self.wanted
        return EXCLUDED if missed or self.state == SKIPPED else self.state

    @property
    def said(self) -> str:
        """What became of it, in words."""
        if self.wanted is not None and self.state == SUCCESS:
            return f"was {self.outcome}, not {self.wanted}" if self.outcome != self.wanted else f"was {self.outcome}"
        return WORDS[self.state]


@dataclass(frozen=True)
class Verdict:
    """Why a task does not run, and what it is called then."""

    state: str
    reason: str


def statically_disabled(run_if: str, disabled: Sequence[bool]) -> bool:
    """Return whether disabled parents alone keep a task from running, as is known before the run starts."""
    if run_if == "ALL_DONE" or not disabled:
        return False
    return any(disabled) if run_if in _ANY_DISABLED else all(disabled)


def never_runs(key: str, run_if: str, parents: Sequence[Parent], semantics: Semantics) -> Verdict | None:
    """Return why a task does not run; None where it does. Its parents have all ended."""
    if not parents:
        return None
    seen = [parent.seen for parent in parents]
    if statically_disabled(run_if, [state == DISABLED for state in seen]):
        return Verdict(DISABLED, _reason(key, run_if, parents, [DISABLED]))
    if all(state == EXCLUDED for state in seen):
        if run_if == "ALL_DONE" and semantics.all_done_after_excluded == "run":
            return None
        return Verdict(EXCLUDED, _all_excluded(key, parents))
    if _met(run_if, seen, semantics):
        return None
    blocking = BROKEN.intersection(seen)
    if run_if in _HANDLERS or not blocking:
        return Verdict(EXCLUDED, _reason(key, run_if, parents, sorted(set(seen) - BROKEN)))
    return Verdict(_upstream(blocking, semantics), _reason(key, run_if, parents, sorted(blocking)))


def _met(run_if: str, seen: Sequence[str], semantics: Semantics) -> bool:
    failed = sum(state in BROKEN for state in seen)
    match run_if:
        case "ALL_SUCCESS":
            return not failed and (semantics.join_after_excluded == "run" or EXCLUDED not in seen)
        case "AT_LEAST_ONE_SUCCESS":
            counts = {"always": True, "never": False, "unless-failed": not failed}
            return SUCCESS in seen or (EXCLUDED in seen and counts[semantics.at_least_one_success_of_excluded])
        case "NONE_FAILED":
            return not failed
        case "AT_LEAST_ONE_FAILED":
            return failed > 0
        case "ALL_FAILED":
            return failed == len(seen)
    return True


def _upstream(blocking: frozenset[str], semantics: Semantics) -> str:
    if blocking <= CANCELS:
        return UPSTREAM_CANCELED
    return semantics.canceled_beside_failed if blocking & CANCELS else UPSTREAM_FAILED


def _reason(key: str, run_if: str, parents: Sequence[Parent], because: Sequence[str]) -> str:
    """Say what a task needs, and which of its parents are in the way."""
    need = _NEEDS[run_if].format(", ".join(dict.fromkeys(parent.key for parent in parents)))
    if len(parents) == 1:
        return f"{key} {need}, which {parents[0].said}"
    guilty = [parent for parent in parents if parent.seen in because]
    return f"{key} {need}; {_and(dict.fromkeys(f'{parent.key} {parent.said}' for parent in guilty))}"


def _all_excluded(key: str, parents: Sequence[Parent]) -> str:
    if len(parents) == 1:
        parent = parents[0]
        if parent.wanted is not None and parent.state == SUCCESS:
            return f"{key} follows {parent.key} where it is {parent.wanted}, and it was {parent.outcome}"
        return f"{key} follows {parent.key}, which {parent.said}"
    return f"{key} follows only what was excluded: {_and(f'{parent.key} {parent.said}' for parent in parents)}"


def _and(parts: Iterable[str]) -> str:
    said = list(parts)
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
