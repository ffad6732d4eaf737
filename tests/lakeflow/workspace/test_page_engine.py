"""The pages of runs that the engine plays: while a run goes on, and once it is over."""

from lakeflow.workspace.page import page
from tests.lakeflow.workspace.runs_support import HOUR, NOTEBOOK, SECOND, Moved
from tests.support.html_page import Page

LOOP = {"inputs": '["emea", "apac"]', "task": {"task_key": "region", "notebook_task": NOTEBOOK}}


def shown(workspace: Moved, path: str) -> Page:
    """Return a page of a workspace as it is at its time."""
    status, document = page(workspace.state, path, {}, now=workspace.at)
    assert status == 200
    return Page(document)


def test_a_run_is_shown_while_it_goes_on_and_once_it_is_over() -> None:
    workspace = Moved()
    marts = workspace.job("marts", {"refresh": {"notebook_task": NOTEBOOK}})
    job = workspace.job(
        "orders",
        {
            "ingest": {"notebook_task": NOTEBOOK},
            "regions": {"after": ["ingest"], "for_each_task": LOOP},
            "marts": {"after": ["regions"], "run_job_task": {"job_id": marts}},
        },
    )
    run = f"/jobs/{job}/runs/{workspace.post('/jobs/run-now', job_id=job)['run_id']}"
    workspace.pass_by(30 * SECOND)
    assert [[*row[:2], row[-1]] for row in shown(workspace, run).table("The tasks of the run")[1:]] == [
        ["ingest", "R running", ""],
        ["regions", "· waits for others", "waits for ingest"],
        ["marts", "· waits for others", "waits for regions"],
    ]
    assert [row[:3] for row in shown(workspace, "/").table("What is running now")[1:]] == [
        ["orders", "R running", "ingest"]
    ]
    workspace.pass_by(HOUR)
    over = shown(workspace, run)
    assert over.text("h1") == ["orders ✓ succeeded"]
    assert [row[1:3] for row in over.table("Iterations")[1:]] == [["emea", "✓ succeeded"], ["apac", "✓ succeeded"]]
    [nested] = [str(link["href"]) for link in over.all("a") if str(link["href"]).startswith(f"/jobs/{marts}/runs/")]
    assert "started by a task of another job of orders" in shown(workspace, nested).said
    rows = {row[0]: row[1:] for row in shown(workspace, f"/jobs/{job}").table("The last 1 run")}
    assert rows["regions"] == ["✓", "2m"]
