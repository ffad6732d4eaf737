"""A pull request has one comment for each environment."""

import pytest

from constructs_lib import LakeflowError
from tests.support.github import GitHubServer
from tools.github import comments
from tools.github.api import GitHub

BODY = f"{comments.marker('prod')}\n## review"


def bodies(server: GitHubServer) -> list[str]:
    """Return the comments of the pull request."""
    return [comment["body"] for comment in server.comments]


def test_the_first_review_is_a_new_comment(server: GitHubServer, github: GitHub) -> None:
    server.comment("hello", "jd")
    comments.keep_one(github, 12, "prod", BODY)
    assert bodies(server) == ["hello", BODY]


def test_the_next_review_takes_its_place(server: GitHubServer, github: GitHub) -> None:
    for number in range(8):
        server.comment(f"comment {number}", "jd")
    comments.keep_one(github, 12, "prod", BODY)
    comments.keep_one(github, 12, "prod", f"{BODY} again")
    assert bodies(server)[8:] == [f"{BODY} again"]


def test_every_environment_has_its_own(server: GitHubServer, github: GitHub) -> None:
    for environment in ("dev", "prod", "dev"):
        comments.keep_one(github, 12, environment, f"{comments.marker(environment)}\nreview")
    assert bodies(server) == [f"{comments.marker(environment)}\nreview" for environment in ("dev", "prod")]


def test_somebody_else_s_comment_is_left_alone(server: GitHubServer, github: GitHub) -> None:
    server.comment(f"{comments.marker('prod')}\nby hand", "jd")
    comments.keep_one(github, 12, "prod", BODY)
    assert bodies(server) == [f"{comments.marker('prod')}\nby hand", BODY]


def test_a_quoted_marker_is_none(server: GitHubServer, github: GitHub) -> None:
    server.comment(f"> {comments.marker('prod')}", server.login)
    server.comment(f"text\n{comments.marker('prod')}", server.login)
    comments.keep_one(github, 12, "prod", BODY)
    assert len(server.comments) == 3


def test_a_comment_edited_on_the_page_is_found(server: GitHubServer, github: GitHub) -> None:
    """A browser sends \\r\\n."""
    server.comment(f"{comments.marker('prod')}\r\nolder", server.login)
    comments.keep_one(github, 12, "prod", BODY)
    assert bodies(server) == [BODY]


def test_of_two_one_is_left(server: GitHubServer, github: GitHub) -> None:
    for text in ("one", "two", "three"):
        server.comment(f"{comments.marker('prod')}\n{text}", server.login)
    comments.keep_one(github, 12, "prod", BODY)
    assert bodies(server) == [BODY]


def test_the_longest_comment(server: GitHubServer, github: GitHub) -> None:
    comments.keep_one(github, 12, "prod", BODY.ljust(65_536, "x"))
    with pytest.raises(
        LakeflowError, match=r"cannot write the review of prod to #12: GitHub says 422 .*body is too long"
    ):
        comments.keep_one(github, 12, "prod", BODY.ljust(65_537, "x"))


def test_without_permission(server: GitHubServer, github: GitHub) -> None:
    server.troubles = [("POST", 403, {})]
    with pytest.raises(
        LakeflowError, match="GitHub says 403 trouble; give the job the permission pull-requests: write"
    ):
        comments.keep_one(github, 12, "prod", BODY)
