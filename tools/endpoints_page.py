"""Write the table of endpoints into docs/workspace.md: `python -m tools.endpoints_page`."""

from pathlib import Path

from lakeflow.workspace.endpoints import table

PAGE = Path(__file__).parents[1] / "docs" / "workspace.md"
HEADING = "## Endpoints\n"


def written(page: str) -> str:
    """Return a page with the table as the last of its sections."""
    before, heading, section = page.partition(HEADING)
    introduction = section.partition("\n### ")[0].rstrip("\n")
    return f"{before}{heading}{introduction}\n\n{table()}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
