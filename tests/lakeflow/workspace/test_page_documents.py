"""The pages of a workspace, as documents: what they say, where their links lead, and what they do with what is odd."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from lakeflow.workspace.page import page
from lakeflow.workspace.state import State
from tests.support import furnished as here
from tests.support.html_page import Page

DAILY = 576563543255993


@pytest.fixture(scope="module")
def state() -> State:
    """The furnished workspace; pages only read it."""
    return here.furnished()


def shown(state: State, path: str, *, status: int = 200) -> Page:
    """Return the page at a path with its query."""
    parts = urlsplit(path)
    answered, document = page(state, parts.path, dict(parse_qsl(parts.query)), now=here.NOW)
    assert answered == status, path
    return Page(document)


def run(state: State, run_id: int) -> Page:
    return shown(state, f"/jobs/{here.JOB}/runs/{run_id}")


def crawled(state: State) -> dict[str, Page]:
    """Return every page that a link leads to, beginning with the first."""
    seen: dict[str, Page] = {}
    todo = ["/"]
    while todo:
        path = todo.pop()
        if path not in seen:
            seen[path] = shown(state, path)
            links = [str(link["href"]).partition("#")[0] for link in seen[path].all("a")]
            assert all(link.startswith("/") or link in {"", "?refresh=no"} for link in links)
            todo += [link for link in links if link.startswith("/")]
    return seen


@pytest.mark.slow
def test_every_link_leads_to_a_page() -> None:
    seen = crawled(here.furnished_by_hand())
    runs = {f"/jobs/{here.JOB}/runs/{each}" for each in (here.FAILED, here.REPAIRED, here.GOES_ON, here.QUEUED)}
    assert {"/", "/runs", "/things/pipelines", f"/jobs/{here.JOB}", *runs} <= seen.keys()
    for path, found in seen.items():
        assert len(found.text("h1")) == 1, path
        assert all(found.text("caption")), path


@pytest.mark.slow
def test_every_link_of_ninety_days_leads_to_a_page(state: State) -> None:
    assert len(crawled(state)) > len(state.tables["runs"])


@pytest.mark.parametrize("run_id", [here.FAILED, here.REPAIRED, here.GOES_ON])
def test_links_within_a_page_lead_to_something(state: State, run_id: int) -> None:
    found = run(state, run_id)
    ids = {attributes["id"] for _, attributes in found.elements if "id" in attributes}
    for link in found.all("a"):
        if str(link["href"]).startswith("#"):
            assert str(link["href"])[1:] in ids


def test_the_first_page_says_how_jobs_ran(state: State) -> None:
    rows = {row[0]: row for row in shown(state, "/").table("Jobs")}
    assert rows["daily-sales7 tasks"][1:] == [
        "at 05:30, Europe/Berlinnext Mon 23 Nov 04:30 UTC",
        "✓T✓✓✓C✓✓✓✓✓✓✓✓",
        "✓ succeeded1h ago",
        "38m 8s",
    ]
    assert rows["orders8 tasks"][2:4] == ["✕✓CRQ", "Q queued3m ago"]
    running = shown(state, "/").table("What is running now")
    assert [row[:3] for row in running[1:4]] == [
        ["orders", "Q queued", "Queued due to reaching maximum concurrent runs of 1."],
        ["orders", "R running", "regions"],
        ["live-orders", "R running", "stream"],
    ]


def test_jobs_are_found_by_name(state: State) -> None:
    assert [row[0] for row in shown(state, "/?q=SALES").table("Jobs")[1:]] == [
        "daily-sales7 tasks",
        "sales marts1 task",
    ]
    assert "No job has such a name." in shown(state, "/?q=nothing").said


def test_two_thousand_jobs_come_in_pages() -> None:
    state = State()
    for number in range(2000):
        job = {"job_id": number + 1, "settings": {"name": f"job {number:04}", "tasks": []}}
        state.tables["jobs"][str(number + 1)] = job
    first, last = shown(state, "/"), shown(state, "/?page=99")
    assert len(first.table("Jobs")) == len(last.table("Jobs")) == 51
    assert "1–50 of 2,000 jobs" in first.said
    assert "1,951–2,000 of 2,000 jobs" in last.said
    assert "/?page=2" in {link["href"] for link in first.all("a")}


def test_the_matrix_has_a_row_for_each_task_and_a_column_for_each_run(state: State) -> None:
    found = shown(state, f"/jobs/{here.JOB}")
    rows = {row[0]: row[1:] for row in found.table("The last 5 runs")}
    assert rows["ingest"] == ["✓2", "✓", "C", "✓", "", "9m"]
    assert rows["regions"] == ["✕", "✓", "", "R", "", "7m 54s"]
    assert rows["announce"] == ["U", "✓2", "", "·", "", "2m"]
    order = [row[0] for row in found.table("The last 5 runs")[4:]]
    assert order.index("ingest") < order.index("enough") < order.index("regions") < order.index("clean-up")
    titles = {str(link.get("title")) for link in found.all("a")}
    assert "announce: upstream failed, skipped: `announce` needs all of refresh, which could not run" in titles


def test_older_runs_are_a_link_away(state: State) -> None:
    path = f"/jobs/{DAILY}"
    seen = []
    for _ in range(3):
        found = shown(state, path)
        seen.append(
            {
                str(link["href"])
                for link in found.all("a")
                if "/runs/" in str(link["href"]) and "#" not in str(link["href"])
            }
        )
        path = next(iter(str(link["href"]) for link in found.all("a") if "before=" in str(link["href"])), "")
    assert [len(runs) for runs in seen] == [30, 30, 30]
    assert len(set.union(*seen)) == 90
    assert not path


def test_a_job_says_what_it_is(state: State) -> None:
    found = shown(state, f"/jobs/{here.JOB}")
    assert found.table("Parameters of the job")[1:] == [
        ["catalog", "sales_dev"],
        ["day", "{{job.start_time.iso_date}}"],
    ]
    assert found.table("Who may do what")[1:] == [
        ["jd@example.com", "is owner"],
        ["data-engineering", "manage run"],
    ]
    for said in (
        "every 4 hours",
        "team: commerce",
        "orders@example.com on failure",
        "2h",
        "Orders of the day by region",
    ):
        assert said in found.said


def test_a_run_says_why_tasks_did_not_run(state: State) -> None:
    found = run(state, here.FAILED)
    rows = {row[0]: row[1:] for row in found.table("The tasks of the run")}
    assert rows["refresh"] == ["U upstream failed", "", "", "", "skipped: refresh needs all of regions, which failed"]
    assert rows["legacy"][4] == "disabled: in the job's own settings"
    assert rows["ingest"][0] == "✓ succeeded2 attempts"
    assert rows["ingest"][4] == "before: failed (Cluster was terminated. Reason: SPOT_INSTANCE_LOSS)"
    assert "regions failed; announce could not run: last tasks decide" in found.said
    assert "Critical path: ingest → enough → regions → clean-up" in found.said


def test_a_timeline_says_states_in_letters_too(state: State) -> None:
    rows = {row[0]: row[1] for row in run(state, here.FAILED).table("When each task ran")}
    assert "✕" in rows["ingest2 attempts◆"]
    assert rows["ingest2 attempts◆"].endswith("✓")
    assert rows["regions◆"].endswith("✕")


def test_a_task_says_for_which_others_it_waits(state: State) -> None:
    rows = {row[0]: row[1:] for row in run(state, here.GOES_ON).table("The tasks of the run")}
    assert [rows["refresh"][-1], rows["announce"][-1]] == ["waits for regions", "waits for refresh"]


def test_where_no_engine_speaks_the_answer_itself_says_why(state: State) -> None:
    rows = {row[0]: row[-1] for row in run(state, here.REPAIRED).table("The tasks of the run")}
    assert rows["explain"] == "enough came out true, not false"


def test_iterations_are_folded_with_their_inputs(state: State) -> None:
    found = run(state, here.FAILED)
    assert found.text("summary") == ["4 iterations, 1 failed"]
    assert [row[:3] for row in found.table("Iterations")[1:]] == [
        ["0", "emea", "✓ succeeded"],
        ["1", "amer", "✓ succeeded"],
        ["2", "apac", "✕ failed"],
        ["3", "anz", "✓ succeeded"],
    ]
    assert found.table("Iterations")[3][4] == "the API of apac answers 503"


def test_repairs_stand_apart_and_nested_runs_are_linked(state: State) -> None:
    found = run(state, here.REPAIRED)
    assert [title.partition("✕")[0].partition("✓")[0] for title in found.text("h2")][:2] == ["Original run", "Repair 1"]
    rows = {row[0]: row[1] for row in found.table("The tasks of the run")}
    assert rows["announce"] == "✓ succeeded2 attempts"
    assert f"/jobs/{here.CHILD}/runs/{here.NESTED}" in {link["href"] for link in found.all("a")}
    child = shown(state, f"/jobs/{here.CHILD}/runs/{here.NESTED}")
    assert "started by a task of another job of orders" in child.said


def test_a_run_says_its_parameters_and_who_is_told(state: State) -> None:
    found = run(state, here.FAILED)
    assert found.table("Parameters of the run")[1:] == [
        ["catalog", "sales_dev", "the default"],
        ["day", "2026-11-21", "instead of {{job.start_time.iso_date}}"],
    ]
    assert found.table("Notifications")[2] == ["22 Nov 2026 03:17:00 UTC", "failure", "oncall-webhook", "ingest"]


def test_what_goes_on_is_asked_for_again_and_what_is_over_is_not(state: State) -> None:
    def renewed(found: Page) -> list[str | None]:
        return [meta["content"] for meta in found.all("meta") if meta.get("http-equiv") == "refresh"]

    assert renewed(run(state, here.GOES_ON)) == ["5"]
    assert renewed(run(state, here.QUEUED)) == ["5"]
    assert renewed(shown(state, f"/jobs/{here.JOB}/runs/{here.GOES_ON}?refresh=no")) == []
    assert renewed(run(state, here.FAILED)) == []
    assert renewed(shown(state, "/")) == ["15"]
    assert renewed(shown(state, "/?q=orders")) == []


def test_a_run_of_no_job_has_a_page(state: State) -> None:
    assert shown(state, f"/jobs/5/runs/{here.SUBMITTED}").text("h1") == ["one time ✓ succeeded"]


def test_things_are_listed(state: State) -> None:
    assert shown(state, "/things/pipelines").table("Pipelines")[1][:3] == ["sales marts", "idle", "jd@example.com"]
    assert shown(state, "/things/scopes").table("Secret scopes")[1][0] == "orders"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/jobs/1",
        "/jobs/x",
        f"/jobs/{here.JOB}/runs/1",
        f"/jobs/{here.CHILD}/runs/{here.FAILED}",
        "/things/permissions",
        "/things/settings",
        f"/{here.EVIL}",
        "/jobs/" + "9" * 5000,
    ],
)
def test_what_is_not_there_is_said_in_a_page(state: State, path: str) -> None:
    status, document = page(state, path, {}, now=here.NOW)
    assert status == 404
    assert Page(document).text("h1") == ["There is nothing here"]
    assert here.EVIL not in document


def test_pages_leave_the_state_as_it_is(state: State) -> None:
    for table in state.tables.values():
        table.touched.clear()
    for path in ("/", "/runs", f"/jobs/{here.JOB}", f"/jobs/{here.JOB}/runs/{here.FAILED}", "/things/alerts"):
        shown(state, path)
    assert {name for name, table in state.tables.items() if table.touched} == set()


def test_an_empty_workspace_says_what_to_do() -> None:
    assert "cdktf deploy dev" in shown(State(), "/").said
    assert "Nothing has run yet." in shown(State(), "/runs").said
