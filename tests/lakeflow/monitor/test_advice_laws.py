"""What holds of every advice, whatever is known and whatever the code says."""

import re
from typing import Any

from hypothesis import given, settings as within, strategies as st

from lakeflow.history.facts import Deployed, Durations, JobFacts, TaskStats, Usage
from lakeflow.monitor.rules import RULES, advise
from lakeflow.monitor.rules.rule import LEAST_RUNS
from tests.support.facts import (
    NOW,
    Settings,
    applied,
    facts,
    job,
    on_cluster,
    schedule,
    settings,
    stack,
    stats,
    task,
)

_ON_FEW = {"S3", "U1", "D1"}
"""Rules that are not about how long runs take or how often they fail."""
COUNTS = st.integers(0, 40)
SECONDS = st.integers(1, 20_000)


@st.composite
def took(draw: st.DrawFn) -> Durations:
    p50, p95, p99, longest = sorted(draw(st.tuples(SECONDS, SECONDS, SECONDS, SECONDS)))
    return Durations(n=draw(COUNTS), p50=p50, p95=p95, p99=p99, max=longest)


@st.composite
def executions(draw: st.DrawFn, key: str) -> TaskStats:
    said = task(key, draw(COUNTS), p50=draw(st.integers(1, 200)), p95=200, failed=draw(COUNTS))
    names = ("saved_by_retry", "wasted_retries", "transient_failures", "code_failures", "timed_out_attempts")
    return TaskStats(**{**said.__dict__, **{name: draw(st.integers(0, 6)) for name in names}})


@st.composite
def histories(draw: st.DrawFn) -> JobFacts:
    others = {name: draw(st.integers(0, 12)) for name in ("failed", "timed_out", "skipped")}
    current = stats(draw(took()), **others, queue_p95=draw(st.floats(0, 500)), setup_share=draw(st.floats(0, 1)))
    percent = st.floats(0, 100)
    used = Usage(
        runs=draw(COUNTS),
        node_type="Standard_D8ds_v5",
        most_workers=draw(st.integers(1, 8)),
        cpu_mean=draw(percent),
        cpu_p95=draw(percent),
        io_wait_mean=0,
        memory_max=draw(percent),
        swap_max=draw(st.sampled_from([0, 0, 5])),
    )
    timeout = draw(st.sampled_from([None, 0, 900, 3600]))
    return job(
        current=current,
        tasks=tuple(draw(executions(key)) for key in ("load", "report")),
        usage=used,
        deployed=Deployed(timeout_seconds=timeout, paused=draw(st.booleans())),
    )


@st.composite
def codes(draw: st.DrawFn) -> Settings:
    maybe = [name for name in ("timeout_seconds", "health", "schedule") if draw(st.booleans())]
    scale = {"autoscale": {"min_workers": draw(st.integers(1, 4)), "max_workers": draw(st.integers(5, 8))}}
    workers: dict[str, Any] = draw(st.sampled_from([scale, {"num_workers": draw(st.integers(1, 8))}]))
    cluster = {"job_cluster_key": "etl", "new_cluster": {"node_type_id": "Standard_D8ds_v5", **workers}}
    limit = draw(st.sampled_from([None, 600, 6000]))
    report = on_cluster("report", max_retries=draw(st.integers(0, 3)), **({"timeout_seconds": limit} if limit else {}))
    return settings(
        on_cluster("load", max_retries=draw(st.integers(0, 3))),
        {**report, "depends_on": [{"task_key": "load"}]},
        timeout_seconds=draw(st.integers(600, 40_000)),
        health={"rules": [{"metric": "RUN_DURATION_SECONDS", "value": draw(SECONDS)}]},
        queue={"enabled": draw(st.booleans())},
        schedule=schedule(draw(st.sampled_from(["0 30 5 * * ?", "0 0/15 * * * ?", "0 0 0/2 * * ?"]))),
        job_cluster=[cluster],
        without=tuple(maybe),
    )


@within(deadline=None)
@given(histories(), codes())
def test_writing_what_is_advised_silences_it(history: JobFacts, body: Settings) -> None:
    known = facts(history)
    for advice in advise(known, stack({"sales": body}), NOW):
        if advice.after is not None:
            assert advice.after != advice.before
            again = advise(known, stack({"sales": applied(body, advice)}), NOW)
            same = (advice.rule, advice.task, advice.setting)
            assert same not in {(each.rule, each.task, each.setting) for each in again}


@within(deadline=None)
@given(histories(), codes())
def test_nothing_is_advised_on_few_runs_and_no_money_is_promised(history: JobFacts, body: Settings) -> None:
    for advice in advise(facts(history), stack({"sales": body}), NOW):
        assert advice.evidence.n >= LEAST_RUNS or advice.rule in _ON_FEW
        assert advice.evidence.days == 30
        assert advice.evidence.confidence == "medium" or advice.evidence.n >= 20 or advice.rule in _ON_FEW
        assert not re.search(r"[$€£]|USD|EUR|sav(e|ing)s? ", f"{advice.title} {advice.evidence.text} {advice.change}")


def test_rules_have_an_id_each_and_a_source() -> None:
    assert [rule.id for rule in RULES] == ["T1", "T2", "H1", "R1", "R2", "C1", "C2", "S1", "S2", "S3", "U1", "D1", "K1"]
    assert all(rule.source.startswith("https://docs.databricks.com/") for rule in RULES)


def test_jobs_that_no_code_owns_are_not_advised_on() -> None:
    stray = job(None, tasks=(task(failed=3, transient_failures=3),))
    assert advise(facts(stray, job("gone")), stack(), NOW) == ()
