"""What of a plan needs a person's attention: one risk each, with a code, and a module for each kind of them."""

from lakeflow.review.risks import access, clusters, life, plans, safety, starts, tasks
from lakeflow.review.risks.risk import Concern, Context, Risk, concerns

RISKS: tuple[Risk, ...] = tuple(
    sorted(
        (*life.RISKS, *starts.RISKS, *access.RISKS, *tasks.RISKS, *clusters.RISKS, *safety.RISKS, *plans.RISKS),
        key=lambda risk: risk.code,
    )
)
"""Every risk, by code."""

__all__ = ["RISKS", "Concern", "Context", "Risk", "concerns"]
