"""One comment for each environment, kept up to date: a pull request shows its newest review and no older one.

https://docs.github.com/en/rest/issues/comments
"""

from tools.github.api import GitHub

AUTHOR = "github-actions[bot]"
"""Who the token of a job writes as."""
_NEEDS = "pull-requests: write"


def marker(environment: str) -> str:
    """Return the first line of the comment, which GitHub does not show and by which it is found again."""
    return f"<!-- lakeflow-review:v1 env={environment} -->"


def keep_one(github: GitHub, number: int, environment: str, body: str, *, author: str = AUTHOR) -> None:
    """Write the comment of an environment, over the one that stands there.

    Only what the author wrote is ours: anybody can write the marker. A second one of ours, which two runs at the same
    time may leave, is removed.
    """
    doing, line = f"write the review of {environment} to #{number}", marker(environment)
    ours = [
        comment["id"]
        for comment in github.pages(f"/issues/{number}/comments", doing=doing, needs=_NEEDS)
        if (comment.get("user") or {}).get("login") == author and str(comment.get("body")).splitlines()[:1] == [line]
    ]
    if not ours:
        github.send("POST", f"/issues/{number}/comments", {"body": body}, doing=doing, needs=_NEEDS)
        return
    github.send("PATCH", f"/issues/comments/{ours[0]}", {"body": body}, doing=doing, needs=_NEEDS)
    for extra in ours[1:]:
        github.send("DELETE", f"/issues/comments/{extra}", doing=doing, needs=_NEEDS)
