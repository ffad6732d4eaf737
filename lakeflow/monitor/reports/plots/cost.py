"""What jobs cost: for each the current period, and the one before as a thin bar below it."""

from collections.abc import Sequence
from html import escape

from lakeflow.history.facts import Cost
from lakeflow.history.wording import amount, money
from lakeflow.html.frame import bar, number, plot, text
from lakeflow.monitor.report import JobReport

_ROW = 42.0
_MOST = 14


def cost(identity: str, jobs: Sequence[JobReport]) -> str:
    """Return the plot, the dearest first; nothing where no job costs anything."""
    dear = sorted(
        (job for job in jobs if _value(job.facts.cost) > 0), key=lambda job: (-_value(job.facts.cost), job.name)
    )
    if not dear:
        return ""
    shown = dear[:_MOST]
    most = max(max(_value(job.facts.cost), _value(job.facts.previous_cost)) for job in shown)
    body: list[str] = []
    for place, job in enumerate(shown):
        body += _row(job, place * _ROW, most)
    left = len(dear) - len(shown)
    if left:
        body.append(text(0, len(shown) * _ROW + 12, f"and {left} cheaper", "tick"))
    told = "; ".join(f"{job.name}: {said(job.facts.cost)}, before {said(job.facts.previous_cost)}" for job in shown)
    return plot(identity, "Cost by job", f"{told}.", len(shown) * _ROW + (20 if left else 0), body)


def _row(job: JobReport, at: float, most: float) -> list[str]:
    now, before = job.facts.cost, job.facts.previous_cost
    figure, earlier = said(now), f"{job.name}, the period before: {said(before)}"
    trend = job.cost_per_run
    look = " bad" if trend.is_worse else " good" if trend.is_better else ""
    change = f'<tspan class="trend{look}"> {escape(trend.words)} a run</tspan>' if trend.is_noticed else ""
    return [
        f'<text class="task" x="0" y="{number(at + 12)}">{escape(job.name)}</text>',
        f'<text class="value" x="100%" y="{number(at + 12)}" text-anchor="end">{escape(figure)}{change}</text>',
        bar(0, 100 * _value(now) / most, at + 18, 9, "cost", f"{job.name}: {figure}"),
        bar(0, 100 * _value(before) / most, at + 28, 4, "cost-before", earlier),
    ]


def _value(found: Cost | None) -> float:
    """Return what the bars compare: money where it is known, and DBUs otherwise."""
    if found is None:
        return 0.0
    return found.dbus if found.list_cost is None else found.list_cost


def said(found: Cost | None) -> str:
    """Say a cost: `$221`, or `736 DBU` where there is no price."""
    if found is None:
        return "nothing"
    return f"{amount(found.dbus)} DBU" if found.list_cost is None else money(found.list_cost, found.currency)


def legend() -> str:
    """Return what the bars mean."""
    return '<span><i class="key cost"></i>this period</span><span><i class="key cost-before"></i>the one before</span>'
