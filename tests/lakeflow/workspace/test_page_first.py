"""Every page of a workspace answers, and leads only to pages that do."""

from lakeflow.workspace.page import page
from tests.support.furnished import NOW, furnished


def test_the_first_page_lists_the_jobs() -> None:
    """The page at `/` names the jobs and what is running."""
    status, document = page(furnished(), "/", {}, now=NOW)
    assert status == 200
    assert "<h2>Running now" in document
    assert "orders" in document


def test_an_unknown_path_is_not_found() -> None:
    """Another path says so in a page of the same look."""
    status, document = page(furnished(), "/nowhere", {}, now=NOW)
    assert status == 404
    assert "There is nothing here" in document
