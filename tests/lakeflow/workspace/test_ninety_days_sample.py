"""The sample scenario as it is, played by the workspace: with files that arrive, a repair, and a change by hand."""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from lakeflow.history.plain import plain
from lakeflow.history.tables import RunSlice
from lakeflow.scenario.playback import History, history
from lakeflow.scenario.reading import document_of, of_document
from lakeflow.scenario.rows import rows
from lakeflow.scenario.settings import settings_of
from lakeflow.workspace.exchange import Request
from lakeflow.workspace.state import State
from tests.lakeflow.workspace.runs_support import Moved

pytestmark = pytest.mark.slow

DOCUMENT = {**document_of("ninety-days"), "workspace_id": "1"}
FOLDER = "/api/2.0/fs/files/Volumes/sales_prod/document_intake/landing"


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def deeds(made: History) -> list[tuple[int, str, Any]]:
    """Return what people and files do in these days, in the order of time: no scenario of a workspace does it."""
    scenario = made.scenario
    every = scenario.jobs["document-intake"].starts.every
    assert every
    count = (scenario.until - scenario.since) // every
    files = [(milliseconds(scenario.since + number * every), "file", number) for number in range(1, count)]
    repairs = [
        (milliseconds(piece.started_at), "repair", run)
        for run in made.runs
        for piece in run.stretches
        if piece.repair_id
    ]
    changes = [
        (milliseconds(change.at), "change", (key, change))
        for key, job in scenario.jobs.items()
        for change in job.changes
    ]
    return sorted([*files, *repairs, *changes], key=lambda deed: deed[0])


def played(made: History) -> Moved:
    """Deploy the jobs, do what is done, and let ninety days go by."""
    state = State()
    moved = Moved(state, milliseconds(made.scenario.since))
    state.tables["settings"]["scenario"] = DOCUMENT
    moved.pass_by(0)
    ids = {
        key: moved.post("/jobs/create", **settings_of(made.scenario, job))["job_id"]
        for key, job in made.scenario.jobs.items()
    }
    for at, deed, about in deeds(made):
        moved.pass_by(at - moved.at)
        if deed == "file":
            headers = {"authorization": "Bearer token-of-jd"}
            put = Request(method="PUT", path=f"{FOLDER}/{about}.json", headers=headers, content=b"{}", at=at)
            assert moved.answer(put).status == 204
        elif deed == "repair":
            began = milliseconds(about.started_at)
            [run] = [each for each in moved.runs(ids[about.job]) if each["start_time"] == began]
            moved.post("/jobs/runs/repair", run_id=run["run_id"], rerun_all_failed_tasks=True)
        else:
            key, change = about
            seconds = round(change.timeout.total_seconds())
            moved.post("/jobs/update", job_id=ids[key], new_settings={"timeout_seconds": seconds})
    moved.pass_by(milliseconds(made.scenario.until - timedelta(milliseconds=1)) - moved.at)
    return moved


def told(row: Any) -> Any:
    names = ("run_name", "period_start_time", "period_end_time", "result_state", "termination_code", "trigger_type")
    return tuple(row[name] for name in names)


def test_its_rows_are_those_of_the_history() -> None:
    made = history(of_document(DOCUMENT))
    state = played(made).state
    # What goes on at the end has no rows yet.
    going_on = {str(run.run_id) for run in made.runs if run.ended_at is None}
    slices = [row for row in rows(made) if isinstance(row, RunSlice) and row.run_id not in going_on]
    implied = Counter(told(json.loads(json.dumps(row, default=plain))) for row in slices)
    assert Counter(map(told, state.system["lakeflow.job_run_timeline"])) == implied
    assert len(implied) > 2900
    ended = [row for row in implied.elements() if row[3]]
    assert Counter(row[0] for row in ended) == {
        "daily-sales": 91,  # one of the ninety was repaired
        "document-intake": 539,
        "live-orders": 101,
        "franchise export (old)": 12,
    }
    assert len(state.system["billing.usage"]) > 3000
