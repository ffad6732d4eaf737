"""From facts to a report: what the rules, the graph and the inventory make of them."""

from datetime import datetime
from pathlib import Path

from lakeflow.history.facts import Facts
from lakeflow.monitor.comparison import verdict
from lakeflow.monitor.critical_path import critical_path
from lakeflow.monitor.inventory import inventory
from lakeflow.monitor.places import located
from lakeflow.monitor.report import Report
from lakeflow.monitor.rules import advise
from lakeflow.stack_map import StackMap


def advised(facts: Facts, stack: StackMap, now: datetime, root: Path = Path()) -> Report:
    """Return the report of facts about a stack; `root` is the project's folder, where its sources are."""
    paths = {
        job.key: path
        for job in facts.jobs
        if job.key and job.key in stack.jobs and (path := critical_path(job, stack.jobs[job.key].resolved))
    }
    verdicts = {job.job_id: verdict(job.change) for job in facts.jobs if job.change}
    return Report.of(
        facts,
        stack,
        advice=located(advise(facts, stack, now), stack, root),
        oddities=inventory(facts, stack, now),
        paths=paths,
        verdicts=verdicts,
    )
