"""The tree in a terminal."""

from typing import Any

from hypothesis import given

from lakeflow.graph.letters import columns, printable, shortened
from lakeflow.graph.marks import ADDED, CHANGED, Mark, Tone
from lakeflow.graph.model import TaskGraph
from lakeflow.graph.text import plain, spans
from tests.lakeflow.graph.samples import CYCLE, DAILY_SALES, DIAMOND, anything, few, hostile, job, jobs, task


def tree(of: dict[str, Any], **more: Any) -> str:
    return "\n" + plain(TaskGraph.of(of), **more)


def folded(of: dict[str, Any], width: int) -> str:
    lines = spans(TaskGraph.of(of), width=width)
    return "\n" + "".join("".join(span.text for span in line).rstrip() + "\n" for line in lines)


def test_a_job_reads_from_what_starts_first_to_what_ends_last() -> None:
    found = tree(DAILY_SALES, subtitle="Yesterday's sales on the dashboard before 07:00")
    expected = """
[dev] daily-sales  8 tasks in 6 steps
Yesterday's sales on the dashboard before 07:00

ingest-customers                   notebook ingest-customers.py · etl
└─ clean                           pipeline clean · after ingest-customers, ingest-orders
   └─ enough-rows                  if ingest-orders.rows > 1000
      ├─ true → per-country        for each of 3: de, fr, it · 2 at a time
      │  ├─ each → export-country  notebook export-country.py · etl
      │  └─ dashboard              dashboard sales · warehouse main
      │     └─ cleanup             notebook cleanup.py · serverless · run_if ALL_DONE · after alarm, dashboard
      └─ false → alarm             notebook alarm · serverless
         └─ ↳ see cleanup
ingest-orders                      notebook ingest-orders.py · etl
└─ ↳ see clean

etl  1-8 x Standard_D4ds_v5, 16.4.x-scala2.12 · 3 tasks
"""
    assert found.replace("\N{EN DASH}", "-").replace("\N{MULTIPLICATION SIGN}", "x") == expected


def test_in_a_diamond_the_join_stands_once() -> None:
    assert (
        tree(DIAMOND)
        == """
sales  4 tasks in 3 steps

ingest        notebook ingest.py · serverless
├─ customers  notebook customers.py · serverless
│  └─ model   notebook model.py · serverless · after customers, orders
└─ orders     notebook orders.py · serverless
   └─ ↳ see model
"""
    )


def test_a_narrow_terminal_gets_the_rest_on_the_next_line() -> None:
    assert (
        folded(DIAMOND, 40)
        == """
sales  4 tasks in 3 steps

ingest        notebook ingest.py
│             serverless
├─ customers  notebook customers.py
│  │          serverless
│  └─ model   notebook model.py
│             serverless
│             after customers, orders
└─ orders     notebook orders.py
   │          serverless
   └─ ↳ see model
"""
    )


def test_a_cycle_and_what_is_missing_are_shown_and_said() -> None:
    assert (
        tree(CYCLE)
        == """
sales  5 tasks in 4 steps

a           notebook a.py · serverless · after c
└─ b        notebook b.py · serverless
   └─ c     notebook c.py · serverless
      ├─ ↻ back to a
      └─ d  notebook d.py · serverless · after c, start
start       notebook start.py · serverless
└─ ↳ see d

! a cycle: a → b → c → a
"""
    )
    assert (
        tree(job(task("b", "zz", disabled=True)))
        == """
sales  1 task in 2 steps

zz    not in this job
└─ b  notebook b.py · serverless · disabled

! b depends on zz, which is not in this job
"""
    )
    assert tree({}) == "\njob  0 tasks\n\n! the job has no tasks\n"


def test_a_cluster_of_its_own_says_its_size_with_the_task() -> None:
    of = job(task("a", new_cluster={"num_workers": 0, "node_type_id": "m5.large", "spark_version": "16.4"}))
    assert "a  notebook a.py · own cluster (single m5.large, 16.4)\n" in tree(of)


def test_marks_stand_before_the_task_and_first_in_what_is_said_of_it() -> None:
    failed = Mark("UPSTREAM_FAILED", Tone.BAD, "✗", note="customers failed")
    assert (
        tree(DIAMOND, marks={"ingest": CHANGED, "orders": ADDED, "model": failed})
        == """
sales  4 tasks in 3 steps

~ ingest       changed · notebook ingest.py · serverless
├─ customers   notebook customers.py · serverless
│  └─ ✗ model  UPSTREAM_FAILED: customers failed · notebook model.py · serverless · after customers, orders
└─ + orders    added · notebook orders.py · serverless
   └─ ↳ see model
"""
    )


def test_a_long_chain_goes_on_below_and_does_not_leave_the_screen() -> None:
    chain = job(task("t000"), *(task(f"t{number:03}", f"t{number - 1:03}") for number in range(1, 1000)))
    lines = tree(chain).splitlines()
    assert any("↳ see t013 below" in line for line in lines)
    assert max(map(columns, lines)) < 100


@few
@given(jobs())
def test_every_task_stands_exactly_once(of: dict[str, Any]) -> None:
    lines = [line.strip("│├└─ ") for line in tree(of).splitlines()]
    for each in of["task"]:
        named = [
            line for line in lines if line.removeprefix("true → ").removeprefix("false → ").startswith(each["task_key"])
        ]
        assert len(named) == 1


@few
@given(anything(), hostile())
def test_no_settings_break_a_line_or_reach_the_terminal_as_control(tasks: Any, name: str) -> None:
    graph = TaskGraph.of({"name": name, "task": tasks})
    text = plain(graph, marks={"a": Mark(name, sign=name, note=name)}, subtitle=name)
    assert all(line == printable(line) for line in text.split("\n"))
    assert len(text.split("\n")) <= 8 + 2 * sum(1 for _ in graph.every) + len(graph.edges) + len(graph.oddities)


@few
@given(hostile())
def test_text_is_cut_to_the_columns_there_are(text: str) -> None:
    assert columns(shortened(printable(text), 12)) <= 12
