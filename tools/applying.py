"""Apply a plan that was reviewed, and no other.

What is about to be applied is planned anew, into a folder of its own; `lakeflow review --expect` compares it with the
fingerprint that was reviewed; terraform applies that very file. Without a fingerprint only a plan that changes nothing
passes.
"""

import re
import sys
import tempfile
from pathlib import Path

from constructs_lib.errors import LakeflowError
from lakeflow.stack_map import StackMap
from tools import plans, reviews

_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")
_LOCK = "-lock-timeout=5m"
"""Somebody else's plan or deploy of the same stack is waited for."""


def apply(stack: StackMap, *options: str, expect: str | None = None, to: Path | None = None) -> int:
    """Plan, review and apply; return terraform's exit status. The review is shown, or appended to a file as Markdown.

    Raises LakeflowError where the plan is not the expected one, and then nothing is applied.
    """
    if expect and not _FINGERPRINT.fullmatch(expect):
        raise LakeflowError(f"{expect!r} is no fingerprint", fix="write sha256: and 64 digits, as the review says it")
    with tempfile.TemporaryDirectory(prefix="lakeflow-") as folder:
        plan = plans.planned(stack, Path(folder, "plan.tfplan"), _LOCK, *options, quiet=True)
        verdict = reviews.judged(stack, plan, expect=expect)
        refusal = _refusal(stack, verdict, expect)
        show(stack, plan, to, str(refusal) if refusal else None)
        if refusal:
            raise refusal
        if not expect:
            sys.stdout.write(f"{stack.stack}: nothing to apply\n")
            return 0
        return plans.applied(stack, plan)


def show(stack: StackMap, plan: plans.Plan, to: Path | None, refusal: str | None = None) -> None:
    """Print the review, or append it to a file as Markdown, after the reason why the plan is refused."""
    if to is None:
        sys.stdout.write(reviews.report(stack, plan, "text"))
        sys.stdout.flush()
        return
    head = f"> [!CAUTION]\n> Nothing was applied. {refusal}\n\n" if refusal else ""
    within = str(reviews.SUMMARY - len(head.encode()) - 1)
    text = reviews.report(stack, plan, "markdown", "--within", within)
    with to.open("a", encoding="utf-8") as file:
        file.write(f"{head}{text.rstrip()}\n")


def _refusal(stack: StackMap, verdict: reviews.Verdict, expect: str | None) -> LakeflowError | None:
    if not verdict.refused and (expect or verdict.word == reviews.NO_CHANGES):
        return None
    if verdict.fingerprint in {None, expect}:
        return LakeflowError("the plan is not complete", place=stack.stack, fix="see its review")
    other = f", reviewed was {expect}" if expect else ", and none was reviewed"
    return LakeflowError(
        f"the plan is {verdict.fingerprint}{other}",
        place=stack.stack,
        fix="read its review, and apply it by that fingerprint where it is what you want",
    )
