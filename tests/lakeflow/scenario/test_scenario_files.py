"""A scenario is a file; what is wrong with it is one line that says where and what to write instead."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.errors import LakeflowError
from lakeflow.scenario.playback import history
from lakeflow.scenario.reading import deployed_as, of_document, of_text, read, sample
from lakeflow.stack_map import StackMap
from tests.support.history import stack
from tests.support.scenarios import document


def test_yaml_and_json_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(document()))
    assert read(path) == of_document(document())
    text = "until: 2026-11-22T06:00:00Z\njobs:\n  daily:\n    name: daily\n    tasks: {load: {takes: 1h30m}}\n"
    [job] = of_text(text, place="s.yaml").jobs.values()
    assert job.tasks["load"].takes.total_seconds() == 5400


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tasks": {"load": {}}}, "scenario.jobs.daily.tasks.load: 'takes' is missing; give it a value"),
        (
            {"tasks": {"load": {"take": "1m"}}},
            "scenario.jobs.daily.tasks.load: there is no key 'take'; did you mean 'takes'?",
        ),
        (
            {"tasks": {"load": {"takes": "soon"}}},
            "scenario.jobs.daily.tasks.load.takes: 'soon' is not a duration; write 90m, 2h, 1h30m or 45s",
        ),
        (
            {"tasks": {"load": {"takes": "1m", "after": "lod"}}},
            "scenario.jobs.daily.tasks.load.after: there is no task 'lod'; did you mean 'load'?",
        ),
        (
            {"tasks": {"load": {"takes": "1m", "compute": "etl"}}},
            "scenario.jobs.daily.tasks.load.compute: there is no compute 'etl'; there is none",
        ),
        (
            {"tasks": {"a": {"takes": "1m", "after": "b"}, "b": {"takes": "1m", "after": "a"}}},
            "scenario.jobs.daily: its tasks wait for each other: a → b → a",
        ),
        (
            {"starts": {"every": "1h", "continuous": True}},
            "scenario.jobs.daily.starts: a job starts in one way, not by every and continuous; keep one",
        ),
        (
            {"events": [{"attempts": {"load": ["CLUSTER_ERROR", "SUCCESS"]}}]},
            "scenario.jobs.daily.events[0].attempts.load: 'load' has 2 attempts here, and 1 by its retries; "
            "name at most 1, or give the task more max_retries",
        ),
        (
            {"events": [{"when": {"rate": 4}}]},
            "scenario.jobs.daily.events[0].when.rate: 4.0 is no rate; write 0 to 1",
        ),
        ({"events": [{"when": {"on": "today"}}]}, None),
        ({"starts": {"schedule": "0 0 4 * *"}}, None),
        ({"max_concurrent_runs": 0}, None),
        ({"settings": {"tasks": [{"depends_on": 3}]}}, None),
        ({"compute": {"etl": {"kind": "toaster"}}}, None),
    ],
)
def test_a_mistake_is_one_line(change: dict[str, Any], said: str | None) -> None:
    with pytest.raises(LakeflowError) as caught:
        of_document(document(**change))
    text = str(caught.value)
    assert text.startswith("scenario.jobs.daily")
    assert "\n" not in text
    assert said in {None, text}


@pytest.mark.parametrize(
    "text", ["", "[]", "3", "until: [", "until: yesterday", "jobs: 3", "until: 2026-11-22\njobs: 3"]
)
def test_what_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(LakeflowError) as caught:
        of_text(text, place="s.yaml")
    assert str(caught.value).startswith("s.yaml")


@pytest.mark.slow
def test_a_job_that_starts_far_too_often_is_refused() -> None:
    scenario = of_document(document(starts={"every": "1s"}, queue_enabled=False))
    with pytest.raises(LakeflowError) as caught:
        history(scenario)
    assert str(caught.value) == (
        "jobs.daily.starts: it would start more than 50,000 times; let it start less often, or write fewer days"
    )


def test_a_file_that_is_not_there_and_a_sample_that_does_not_exist() -> None:
    with pytest.raises(LakeflowError, match=r"nowhere\.yaml: cannot be read"):
        read(Path("nowhere.yaml"))
    with pytest.raises(LakeflowError, match="there is no sample 'ninety-day'; did you mean 'ninety-days'"):
        sample("ninety-day")


@pytest.mark.parametrize("tasks", ["task", "tasks"])
def test_the_tasks_of_a_job_come_from_its_settings(tasks: str) -> None:
    settings = {
        "name": "[prod] daily",
        tasks: [
            {"task_key": "report", "depends_on": [{"task_key": "load"}], "max_retries": 1},
            {"task_key": "load", "timeout_seconds": 900},
        ],
        "schedule": {"quartz_cron_expression": "0 0 5 * * ?", "timezone_id": "Europe/Berlin"},
        "timeout_seconds": 3600,
    }
    scenario = of_document(document(settings=settings))
    job = scenario.jobs["daily"]
    assert job.name == "[prod] daily"
    assert job.tasks["report"].after == ("load",)
    assert job.tasks["load"].takes.total_seconds() == 600  # what only the scenario knows
    assert history(scenario).runs[0].started_at.isoformat() == "2026-11-13T04:00:00+00:00"


def deployed(**tasks: dict[str, Any]) -> StackMap:
    settings = {"name": "[dev] daily", "task": [{"task_key": key, **said} for key, said in tasks.items()]}
    made = stack(daily="[dev] daily")
    return replace(made, jobs={"daily": replace(made.jobs["daily"], settings=settings)})


def test_a_scenario_takes_names_and_tasks_from_a_stack() -> None:
    scenario = of_document(document({"attempts": {"load": "CLUSTER_ERROR"}}))
    made = deployed_as(scenario, deployed(load={"max_retries": 2}, report={"depends_on": [{"task_key": "load"}]}))
    assert made.jobs["daily"].name == "[dev] daily"
    assert made.jobs["daily"].tasks["load"].max_retries == 2
    assert made.jobs["daily"].events == scenario.jobs["daily"].events


def test_events_of_tasks_that_a_stack_does_not_have_do_not_happen() -> None:
    events: list[dict[str, Any]] = [
        {"attempts": {"report": "CLUSTER_ERROR"}},
        {"attempts": {"load": "CLUSTER_ERROR", "report": "CLUSTER_ERROR"}},
        {"slow": 3, "tasks": "report"},
        {"slow": 2},
    ]
    made = deployed_as(of_document(document(*events)), deployed(load={}))
    assert [(dict(event.attempts), event.slow) for event in made.jobs["daily"].events] == [
        ({}, None),
        ({"load": ("CLUSTER_ERROR",)}, None),
        ({}, None),
        ({}, 2),
    ]  # what is left of an event keeps its place, by which its chance goes


def test_a_stack_without_the_jobs_of_a_scenario_changes_nothing() -> None:
    scenario = of_document(document())
    assert deployed_as(scenario, stack()) == scenario
