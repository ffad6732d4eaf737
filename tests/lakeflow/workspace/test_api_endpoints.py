"""The list of endpoints in the documentation is that of the code."""

from lakeflow.workspace.endpoints import endpoints
from tests.support.project import ROOT
from tools.endpoints_page import written

PAGE = (ROOT / "docs" / "workspace.md").read_text(encoding="utf-8")


def test_the_page_has_the_table_of_the_code() -> None:
    assert written(PAGE) == PAGE, "run: python -m tools.endpoints_page"


def test_each_endpoint_says_what_it_does_in_few_words() -> None:
    for endpoint in endpoints():
        assert 0 < len(endpoint.does) < 90, endpoint
        assert endpoint.does[0].islower(), endpoint
