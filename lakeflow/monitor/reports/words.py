"""What every report says in the same words."""

from collections.abc import Callable
from functools import partial

from lakeflow.graph.letters import printable, shortened
from lakeflow.history.facts import Outcomes, RunStats
from lakeflow.history.wording import Trend, amount, duration, moment, money, percent
from lakeflow.monitor.advice import Advice
from lakeflow.monitor.report import JobReport, Report, Standing
from lakeflow.review import phrases
from lakeflow.words import counted

SOURCES = {"system-tables": "system tables", "api": "the Jobs API"}
"""A source of facts → in words."""
_LONGEST = 200


RESULTS = {
    "succeeded": "succeeded",
    "running": "running",
    "cancelled": "cancelled",
    "skipped": "skipped",
    "failed": "failed",
    "timed_out": "timed out",
}
"""Field of the outcomes → in words."""


def outcome_words(outcomes: Outcomes) -> str:
    """Say how runs ended: `7 succeeded, 1 failed`."""
    said = [f"{getattr(outcomes, name):,} {words}" for name, words in RESULTS.items() if getattr(outcomes, name)]
    return ", ".join(said) or "no runs"


def shown(text: str | None) -> str:
    """Return somebody else's text on one line, with nothing in it that hides or controls."""
    return shortened(printable(text or ""), _LONGEST)


def headline(report: Report) -> str:
    """Say how the jobs do: `2 failing, 3 to watch, 1 without runs, 4 well`."""
    words = {
        Standing.FAILING: "failing",
        Standing.WATCH: "to watch",
        Standing.QUIET: "without runs",
        Standing.WELL: "well",
    }
    said = [f"{report.count(standing)} {word}" for standing, word in words.items() if report.count(standing)]
    return ", ".join(said) or "no jobs"


def odd_words(report: Report) -> str:
    """Say how much is odd: `3 oddities`."""
    count = len(report.oddities)
    return "nothing odd" if not count else "1 oddity" if count == 1 else f"{count} oddities"


def origin(report: Report) -> str:
    """Say of which period, and from where: `45 days until 23 Nov 2026 05:00 UTC, from system tables`."""
    facts = report.facts
    source = SOURCES.get(facts.source, shown(facts.source))
    return f"{counted(facts.days, 'day')} until {moment(facts.known_until)}, from {source}"


def was(trend: Trend, said: Callable[[float | None], str]) -> str:
    """Say what a figure was in the period before: ` (was 44m, +16%)`; nothing where that is not known."""
    if trend.before is None:
        return ""
    change = f", {trend.words}" if trend.is_noticed and trend.words else ""
    return f" (was {said(trend.before)}{change})"


def totals(report: Report) -> str:
    """Say what all jobs did together."""
    said = [origin(report), counted(report.outcomes.total, "run")]
    if report.success.now is not None:
        said.append(f"{percent(report.success.now)} succeeded{was(report.success, percent)}")
    if report.dbus.now is not None:
        said.append(f"{amount(report.dbus.now)} DBU{was(report.dbus, amount)}")
    if report.cost.now is not None:
        priced = partial(money, currency=report.currency)
        said.append(f"{priced(report.cost.now)}{was(report.cost, priced)}")
    return " · ".join(said)


def run_words(job: JobReport) -> str:
    """Say how many runs there were and how they ended."""
    outcomes = job.facts.current.outcomes
    if not outcomes.total:
        last = job.facts.last_run_at
        return f"none in this period; the last was {moment(last)}" if last else "none is known"
    success = f"{percent(job.success.now)} succeeded{was(job.success, percent)}"
    return f"{outcomes.total:,}: {outcome_words(outcomes)}; {success}"


def duration_words(job: JobReport) -> str:
    """Say how long clean runs took, and after how long they are ended; nothing where none succeeded."""
    found = job.facts.current.durations
    if found is None:
        return ""
    return ", ".join(
        (
            f"p50 {duration(found.p50)}{was(job.p50, duration)}",
            f"p95 {duration(found.p95)}{was(job.p95, duration)}",
            f"longest {duration(found.max)}",
            f"timeout {duration(job.timeout)}" if job.timeout else "no timeout",
            counted(found.n, "clean run"),
        )
    )


def cost_words(job: JobReport) -> str:
    """Say what a job used: `736 DBU, $221, 16 DBU a run (was 10)`; nothing where it is not known."""
    cost = job.facts.cost
    if cost is None or not cost.runs:
        return ""
    said = [f"{amount(cost.dbus)} DBU"]
    if cost.list_cost is not None:
        said.append(money(cost.list_cost, cost.currency))
    if cost.per_run_mean is not None:
        said.append(f"{amount(cost.per_run_mean)} DBU a run{was(job.cost_per_run, amount)}")
    return ", ".join(said)


def retry_words(job: JobReport) -> str:
    """Say what retries and repairs did: `retries: 6 helped, 22 did not; 2 runs repaired, 2 succeeded by it`."""
    said = []
    if job.retries_helped or job.retries_wasted:
        said.append(f"retries: {job.retries_helped} helped, {job.retries_wasted} did not")
    now = job.facts.current
    if now.repaired:
        said.append(f"{counted(now.repaired, 'run')} repaired, {now.saved_by_repair} succeeded by it")
    return "; ".join(said)


def usage_words(job: JobReport) -> str:
    """Say how busy the workers were, and on which all-purpose clusters runs were; nothing where neither is known."""
    said = []
    if usage := job.facts.usage:
        said.append(
            f"CPU {usage.cpu_mean:.0f}% in the mean, {usage.cpu_p95:.0f}% p95, memory at most {usage.memory_max:.0f}%, "
            f"on up to {usage.most_workers} × {shown(usage.node_type)}"
        )
    said += [
        f"{counted(each.runs, 'run')} on the all-purpose cluster {shown(each.name)}" for each in job.facts.all_purpose
    ]
    return "; ".join(said)


def path_words(job: JobReport) -> str:
    """Say which tasks decide how long a run takes."""
    if job.path is None or not job.path.tasks:
        return ""
    return f"{' → '.join(shown(task) for task in job.path.tasks)} ({duration(job.path.seconds)})"


def setting_words(advice: Advice) -> str:
    """Say what to write: `timeout_seconds 1h → 1h 20m`; nothing where there is no one value."""
    before, after = (phrases.shown(value, advice.setting) for value in (advice.before, advice.after))
    if advice.setting.endswith("health.rules") and isinstance(advice.after, int):
        return f"RUN_DURATION_SECONDS > {duration(advice.after)}"
    if advice.after is None:
        return f"{advice.setting} removed (is {before})" if advice.before is not None and advice.edit else ""
    return f"{advice.setting} {before} → {after}" if advice.before is not None else f"{advice.setting} {after}"


def place_words(advice: Advice) -> str:
    """Say where to write it: `environments/prod.yaml:14`, the environment's own file where it inherits the value."""
    place, edit = advice.place, advice.edit
    if place is None:
        return ""
    # A key that is put in comes after the line that the edit names.
    return f"{edit.file}:{edit.line + (edit.old == '')}" if edit else f"{place.file}:{place.line}"


def inherited_words(advice: Advice) -> str:
    """Say where the value comes from that an edit overrides; nothing where it stands where it is written."""
    place, edit = advice.place, advice.edit
    return f"it comes from {place.file}:{place.line}" if place and edit and edit.file != place.file else ""


def change_words(job: JobReport) -> str:
    """Say what the last change did to a job: `changed 30 Oct 2026 02:00 UTC: better: p95 1h 29m → 1h 8m`."""
    change = job.facts.change
    if change is None:
        return ""
    said = f"changed {moment(change.changed_at)}"
    return f"{said}: {verdict_words(job)}" if job.verdict else f"{said}: {_both(change.before, change.after)}"


def verdict_words(job: JobReport) -> str:
    """Say whether the last change was for the better."""
    if job.verdict is None:
        return ""
    return f"{job.verdict.word}: {shown(job.verdict.text)}" if job.verdict.text else job.verdict.word


def _both(before: RunStats, after: RunStats) -> str:
    said = []
    for stats, when in ((before, "before"), (after, "after")):
        its = f"{counted(stats.outcomes.finished, 'run')}, {percent(stats.outcomes.success_rate)} succeeded"
        said.append(f"{when} {its}" + (f", p95 {duration(stats.durations.p95)}" if stats.durations else ""))
    return "; ".join(said)
