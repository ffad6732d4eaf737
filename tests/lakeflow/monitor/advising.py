"""Asking for advice about one job."""

from typing import Any

from lakeflow.history.facts import JobFacts
from lakeflow.monitor.advice import Advice
from lakeflow.monitor.rules import advise
from tests.support.facts import NOW, Settings, applied, facts, job, settings, stack


def advised(rule: str, body: Settings | None = None, history: JobFacts | None = None, **said: Any) -> list[Advice]:
    """Return what a rule advises about `sales` with these settings and this history."""
    known = facts(history or job(), **said)
    return [
        each for each in advise(known, stack({"sales": settings() if body is None else body}), NOW) if each.rule == rule
    ]


def only(rule: str, body: Settings | None = None, history: JobFacts | None = None, **said: Any) -> Advice:
    """Return the one advice; where it has a value to write, writing it silences the rule."""
    (found,) = advised(rule, body, history, **said)
    if found.after is not None:
        changed = applied(settings() if body is None else body, found)
        assert not [each for each in advised(rule, changed, history, **said) if each.setting == found.setting]
    return found


def words(advice: Advice) -> tuple[str, str, str]:
    """Return what a person reads: title, evidence, change."""
    return advice.title, advice.evidence.text, advice.change
