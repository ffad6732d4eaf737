"""Each recommendation on a history that warrants it, and none on one that does not: scenario, tables, facts, advice."""

from typing import Any

import pytest

from lakeflow.history.collecting import collect
from lakeflow.history.duck import Duck, DuckEngine
from lakeflow.history.facts import Facts
from lakeflow.monitor.advice import Advice
from lakeflow.monitor.rules import RULES, advise
from lakeflow.scenario.playback import history
from lakeflow.scenario.reading import of_document
from lakeflow.scenario.rows import rows
from lakeflow.scenario.settings import settings_of
from lakeflow.stack_map import StackMap
from tests.support.facts import stack
from tests.support.scenarios import UNTIL

DAYS = 28
AT_FOUR = {"schedule": "0 0 4 * * ?"}
OFTEN: dict[str, Any] = {"starts": {"schedule": "0 0/30 8-9 * * ?"}, "queue_enabled": False}
ETL = {"kind": "job_cluster", "node_type": "Standard_D8ds_v5", "workers": 6, "dbus_per_hour": 6, "setup": "2m"}


def job(takes: str = "30m", *events: dict[str, Any], load: dict[str, Any] | None = None, **said: Any) -> dict[str, Any]:
    """Return a job of one task whose timeout fits."""
    usual = {"name": "daily", "starts": AT_FOUR, "timeout": "1h", "events": list(events)}
    return {**usual, "tasks": {"load": {"takes": takes, **(load or {})}}, **said}


def on(kind: str, takes: str = "30m", **compute: Any) -> dict[str, Any]:
    """Return a job of one task on some compute."""
    return job(takes, load={"compute": "etl"}, compute={"etl": {**ETL, "kind": kind, **compute}})


def chain(*minutes: int) -> dict[str, Any]:
    """Return a job of tasks that wait for each other."""
    keys = "abcdef"[: len(minutes)]
    tasks = {
        key: {"takes": f"{length}m", "after": [before] if before else []}
        for key, before, length in zip(keys, [None, *keys], minutes, strict=False)
    }
    return job(tasks=tasks, timeout="2h")


def failing(code: str, retries: int, *more: str) -> dict[str, Any]:
    """Return a job whose task fails every fifth time, on a cluster."""
    event = {"when": {"every": 5}, "attempts": {"load": [code, *more]}}
    return job("30m", event, load={"compute": "etl", "max_retries": retries}, compute={"etl": ETL})


CHANGED = {"at": "2026-11-16T12:00:00Z", "timeout": "3h"}
WARRANTED: dict[str, dict[str, Any]] = {
    "T1": job(timeout=None),
    "T2": job(timeout="32m"),
    "H1": job(),
    "R1": failing("CLUSTER_ERROR", 0),
    "R2": failing("RUN_EXECUTION_ERROR", 2),
    "C1": job("40m", **OFTEN),
    "C2": job(queue="3m"),
    "S1": on("job_cluster", "5m", setup="4m"),
    "S2": on("job_cluster", busy={"cpu": 10, "memory": 20, "every": "5m"}),
    "S3": on("all_purpose"),
    "U1": job(starts={**AT_FOUR, "never": True}),
    "D1": job(changes=CHANGED),
    "K1": chain(2, 40, 2),
}
NOT_WARRANTED: dict[str, dict[str, Any]] = {
    "T1": job(),
    "T2": job(),
    "H1": job("2m"),
    "R1": failing("RUN_EXECUTION_ERROR", 0),
    "R2": failing("RUN_EXECUTION_ERROR", 2, "SUCCESS"),
    "C1": job("20m", **OFTEN),
    "C2": job(queue="10s"),
    "S1": on("serverless", "5m", setup="20s"),
    "S2": on("job_cluster", busy={"cpu": 60, "memory": 50, "every": "5m"}),
    "S3": on("job_cluster"),
    "U1": job(),
    "D1": job(changes={"at": "2026-11-16T12:00:00Z", "run_as": "data-platform@example.com"}),
    "K1": chain(15, 15, 15),
}


def known(said: dict[str, Any], days: int = 2 * DAYS + 2) -> tuple[Facts, StackMap]:
    """Return the facts of a workspace with such a job, or three that wait, and the stack that the code has of them."""
    keys = ("daily", "other", "third") if "queue" in said else ("daily",)
    jobs = {key: {**said, "name": key} for key in keys}
    scenario = of_document({"until": UNTIL.isoformat(), "days": days, "jobs": jobs})
    deployed = {key: in_terraform(settings_of(scenario, made)) for key, made in scenario.jobs.items()}
    code = stack(deployed)
    duck = Duck(UNTIL, *rows(history(scenario)))
    found = collect(
        DuckEngine(duck),
        stack=code,
        host="https://localhost",
        workspace_id=scenario.workspace_id,
        source="system-tables",
        days=DAYS,
        now=UNTIL,
    )
    return found, code


def in_terraform(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings as Terraform has them: lists are called by what one of their entries is."""
    named = {"tasks": "task", "job_clusters": "job_cluster"}
    return {named.get(key, key): value for key, value in settings.items()}


def advice(said: dict[str, Any], rule: str, **given: Any) -> list[Advice]:
    """Return what a rule says of the first of the jobs."""
    found, code = known(said, **given)
    return [each for each in advise(found, code, UNTIL) if (each.rule, each.job) == (rule, "daily")]


def test_every_rule_is_shown() -> None:
    assert [rule.id for rule in RULES] == list(WARRANTED) == list(NOT_WARRANTED)


@pytest.mark.parametrize("rule", WARRANTED)
def test_a_history_that_warrants_it(rule: str) -> None:
    [found] = advice(WARRANTED[rule], rule)
    assert found.evidence.days == DAYS
    assert found.change
    assert "$" not in f"{found.title} {found.evidence.text} {found.change}"


@pytest.mark.parametrize("rule", NOT_WARRANTED)
def test_a_history_that_does_not(rule: str) -> None:
    assert advice(NOT_WARRANTED[rule], rule) == []


@pytest.mark.slow
@pytest.mark.parametrize("rule", [rule for rule in WARRANTED if rule not in {"U1", "D1", "C1"}])
def test_nine_runs_are_too_few(rule: str) -> None:
    assert advice(WARRANTED[rule], rule, days=9) == []
