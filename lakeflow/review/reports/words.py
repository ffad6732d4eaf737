"""Words and signs that every report of a review has."""

from constructs_lib.rules import Severity
from lakeflow.review.lines import ADDED, CHANGED, REMOVED
from lakeflow.review.review import Review, Verdict

VERDICTS = {
    Verdict.BLOCK: ("🔴", "BLOCK"),
    Verdict.REVIEW: ("🟠", "REVIEW"),
    Verdict.SAFE: ("🟢", "SAFE"),
    Verdict.NOTHING: ("⚪", "NO CHANGES"),
}
LEVELS = {Severity.ERROR: "🔴", Severity.WARNING: "🟠", Severity.INFO: "🔵"}
SIGNS = {ADDED: "➕", CHANGED: "✏️", REMOVED: "➖"}


def headline(review: Review) -> str:
    """Return the verdict and what the plan does, in numbers."""
    _, word = VERDICTS[review.verdict]
    title = review.title
    if review.plan.errored:
        return f"{word} · {title} · the plan failed" if title else f"{word} · the plan failed"
    return f"{word} · {title}" if title else word


def origin(review: Review) -> list[str]:
    """Return when and with what the plan was made."""
    said = []
    if review.plan.time:
        said.append(f"plan {review.plan.time:%Y-%m-%d %H:%M} UTC")
    if review.plan.terraform:
        said.append(f"Terraform {review.plan.terraform}")
    return said


def counted(changes: int) -> str:
    """Return how many attributes change."""
    return "1 attribute change" if changes == 1 else f"{changes} attribute changes"


def drift_words(*, reverted: bool) -> str:
    """Return what the deploy does about a change by hand."""
    return "this deploy undoes it" if reverted else "stays as it is"
