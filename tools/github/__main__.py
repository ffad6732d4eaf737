"""`python -m tools.github review prod` in a pull request; `python -m tools.github expected prod` before a deploy.

`review` plans, and shows the review as comment, summary and check. `expected` writes the fingerprint that was reviewed,
or none, to the outputs of the step.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from constructs_lib.errors import LakeflowError
from tools.github.api import GitHub
from tools.github.event import pushed
from tools.github.merged import reviewed
from tools.github.publishing import publish


def expected(environment: str) -> int:
    """Find the fingerprint of the pull requests that the job deploys."""
    found = reviewed(GitHub.of_this_job(), environment, *pushed())
    sys.stdout.write(f"{found.why}: {found.fingerprint or 'only a plan without changes passes'}\n")
    if os.environ.get("GITHUB_OUTPUT"):
        with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
            file.write(f"fingerprint={found.fingerprint or ''}\n")
    return 0


def main(words: Sequence[str]) -> int:
    """Run one of the two verbs for one environment."""
    verbs = {"review": publish, "expected": expected}
    if len(words) != 2 or words[0] not in verbs or not words[1]:
        raise LakeflowError("unusable arguments", fix="write python -m tools.github review|expected ENVIRONMENT")
    return verbs[words[0]](words[1])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except LakeflowError as error:
        sys.exit(f"error: {error}")
