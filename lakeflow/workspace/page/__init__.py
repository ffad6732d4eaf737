"""The pages of a workspace on this machine: read only, made of its state alone, without a script.

`page(state, path, query, now=…)` returns the status and the document of `/`, `/jobs/{id}`, `/jobs/{id}/runs/{run_id}`,
`/runs` and `/things/{table}`; of every other path it says that there is nothing.
"""

from collections.abc import Mapping

from lakeflow.workspace.state import State


def page(state: State, path: str, query: Mapping[str, str], *, now: int) -> tuple[int, str]:
    """Return the HTTP status and the page at a path; `now` is in milliseconds since 1970."""
    from lakeflow.workspace.page.routes import answered

    return answered(state, path, query, now)
