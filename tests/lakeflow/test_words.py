"""A job's settings in words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lakeflow import words

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def schedule(expression: str, pause_status: str = "UNPAUSED") -> dict[str, Any]:
    said = {"quartz_cron_expression": expression, "timezone_id": "Europe/Berlin", "pause_status": pause_status}
    return {"schedule": said}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (schedule("0 30 5 * * ?"), "at 05:30, Europe/Berlin"),
        (schedule("0 30 5 ? * MON-FRI"), "at 05:30, Monday through Friday, Europe/Berlin"),
        (schedule("0 0 8 ? * 6L"), "at 08:00, on the last Friday of the month, Europe/Berlin"),
        ({"continuous": {"pause_status": "PAUSED"}}, "continuous"),
        ({"trigger": {"periodic": {"interval": 4, "unit": "HOURS"}}}, "every 4 hours"),
        ({"trigger": [{"periodic": [{"interval": 1, "unit": "DAYS"}]}]}, "every day"),
        ({"trigger": {"file_arrival": {"url": "/Volumes/a/b/c/"}}}, "on files in /Volumes/a/b/c/"),
        ({"trigger": {"table_update": {"table_names": ["a.b.c", "a.b.d"]}}}, "on an update of a.b.c or a.b.d"),
        (
            {"trigger": {"table_update": {"table_names": ["a.b.c", "a.b.d"], "condition": "ALL_UPDATED"}}},
            "on an update of a.b.c and a.b.d",
        ),
        ({}, "manual"),
    ],
)
def test_what_starts_a_job(settings: dict[str, Any], said: str) -> None:
    assert words.trigger_words(settings) == said


def test_when_it_starts_next() -> None:
    found = words.next_run(schedule("0 30 5 * * ?"), NOW)
    assert found is not None
    assert found.isoformat() == "2026-11-23T05:30:00+01:00"
    assert words.next_run(schedule("0 30 5 * * ?", "PAUSED"), NOW) is None
    assert words.next_run({"continuous": {}}, NOW) is None


def test_what_it_runs_on() -> None:
    cluster = {"job_cluster_key": "etl", "new_cluster": {"num_workers": 2, "node_type_id": "Standard_D4ds_v5"}}
    settings = {
        "job_cluster": [cluster],
        "task": [
            {"task_key": "a", "job_cluster_key": "etl", "notebook_task": {}},
            {"task_key": "b", "notebook_task": {}},
            {"task_key": "c", "sql_task": {"warehouse_id": "1"}},
            {"task_key": "d", "condition_task": {"left": "1", "op": "EQUAL_TO", "right": "1"}},
            {"task_key": "e", "for_each_task": {"task": {"task_key": "f", "existing_cluster_id": "1"}}},
            {"task_key": "g", "pipeline_task": {"pipeline_id": "1"}},
        ],
    }
    assert words.compute_words(settings) == (
        "SQL warehouse, etl 2 × Standard_D4ds_v5, existing cluster, pipeline, serverless"
    )


@pytest.mark.parametrize(
    ("cluster", "said"),
    [
        ({"autoscale": {"min_workers": 1, "max_workers": 4}, "node_type_id": "n"}, "1–4 × n"),
        ({"num_workers": 0, "node_type_id": "n"}, "single node n"),
        ({"num_workers": 2, "instance_pool_id": "p"}, "2 × from a pool"),
    ],
)
def test_the_size_of_a_cluster(cluster: dict[str, Any], said: str) -> None:
    assert words.cluster_words(cluster) == said
