"""Where the pages are."""

from urllib.parse import quote, urlencode

HOME = "/"
RUNS = "/runs"


def job(job_id: int) -> str:
    """Return where the page of a job is."""
    return f"/jobs/{job_id}"


def run(job_id: int, run_id: int) -> str:
    """Return where the page of a run is."""
    return f"/jobs/{job_id}/runs/{run_id}"


def things(table: str) -> str:
    """Return where the list of the things of one kind is."""
    return f"/things/{quote(table)}"


def asked(path: str, **query: str | int | None) -> str:
    """Return a path with what is asked of it; nothing for what is empty."""
    said = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{said}" if said else path
