"""What to change about the jobs of a stack, by what is known of their runs; a module for each kind of rules.

A rule is silent below ten runs, and where its evidence may be older than the code. None prints money: what a change
saves is what the next periods show.
"""

from datetime import datetime

from lakeflow.history.facts import Facts
from lakeflow.monitor.advice import Advice
from lakeflow.monitor.rules import clusters, health, life, path, retries, starts, timeouts
from lakeflow.monitor.rules.rule import Rule, Subject
from lakeflow.stack_map import StackMap

RULES: tuple[Rule, ...] = (
    *timeouts.RULES,
    *health.RULES,
    *retries.RULES,
    *starts.RULES,
    *clusters.RULES,
    *life.RULES,
    *path.RULES,
)
"""Every rule, in the order in which advice is given."""


def advise(facts: Facts, stack: StackMap, now: datetime) -> tuple[Advice, ...]:
    """Return what to change, job by job in the order of the facts, and rule by rule."""
    timetable = starts.timetable(facts, stack)
    subjects = [
        Subject(job, stack.jobs[job.key], facts, stack, now, timetable)
        for job in facts.jobs
        if job.key and job.key in stack.jobs
    ]
    return tuple(advice for subject in subjects for rule in RULES for advice in rule.advice(subject))


__all__ = ["RULES", "Rule", "advise"]
