"""The flowchart in Markdown."""

import re
from typing import Any

import pytest
from hypothesis import given

from constructs_lib.errors import LakeflowError
from lakeflow.graph.letters import printable, shortened
from lakeflow.graph.marks import ADDED, REMOVED, Mark, Tone
from lakeflow.graph.mermaid import MOST_EDGES, escaped, mermaid
from lakeflow.graph.model import TaskGraph
from tests.lakeflow.graph.samples import CYCLE, DAILY_SALES, HOSTILE, LINE, anything, condition, few, hostile, job, task

SAFE = r"(?:[^\W]|[ ,./()=+:…→\u2013\u00d7-]|#\d+;)"
LABEL = rf"(?:{SAFE}|<b>|</b>|<i>|</i>|<br/>| · )*"
STATEMENTS = (
    r"flowchart LR",
    rf"  %% {SAFE}*",
    rf'  n\d+(\("{LABEL}"\)|\{{"{LABEL}"\}}|\[\["{LABEL}"\]\])',
    rf'  n\d+ (-->|-\.->)(\|"{SAFE}*"\|)? n\d+',
    r"  classDef \w+ [\w:,#-]+( 4)?",
    r"  class n\d+(,n\d+)* \w+",
    r"  linkStyle \d+ stroke:#\w{6}",
)


def drawn(of: dict[str, Any], **more: Any) -> str:
    return "\n" + mermaid(TaskGraph.of(of), **more)


def test_a_job_as_a_flowchart() -> None:
    assert (
        drawn(DAILY_SALES)
        == """
flowchart LR
  n0("<b>alarm</b><br/>notebook alarm<br/>serverless")
  n1("<b>clean</b><br/>pipeline clean")
  n2("<b>cleanup</b><br/>notebook cleanup.py<br/>serverless · run_if ALL_DONE")
  n3("<b>dashboard</b><br/>dashboard sales<br/>warehouse main")
  n4{"<b>enough-rows</b><br/>ingest-orders.rows #62; 1000"}
  n5("<b>ingest-customers</b><br/>notebook ingest-customers.py<br/>etl")
  n6("<b>ingest-orders</b><br/>notebook ingest-orders.py<br/>etl")
  n7[["<b>per-country</b><br/>for each of 3: de, fr, it<br/>2 at a time<br/><b>export-country</b><br/>notebook \
export-country.py<br/>etl"]]
  n0 --> n2
  n1 --> n4
  n3 --> n2
  n4 -->|"true"| n7
  n4 -->|"false"| n0
  n5 --> n1
  n6 --> n1
  n7 --> n3
"""
    )


def test_marks_are_words_and_colours() -> None:
    marks = {"clean": ADDED, "publish": Mark("FAILED", Tone.BAD, "✗")}
    assert (
        drawn(LINE, marks=marks, edge_marks={("ingest", "clean"): ADDED, ("clean", "publish"): REMOVED})
        == """
flowchart LR
  n0("<b>ingest</b><br/>notebook ingest.py<br/>serverless")
  n1("<b>clean</b><br/>notebook clean.py<br/>serverless<br/><i>#43; added</i>")
  n2("<b>publish</b><br/>notebook publish.py<br/>serverless<br/><i>#10007; FAILED</i>")
  n0 --> n1
  n1 --> n2
  classDef good fill:#d2f5da,stroke:#2da44e,color:#116329
  class n1 good
  classDef bad fill:#ffe2e0,stroke:#cf222e,color:#a40e26
  class n2 bad
  linkStyle 0 stroke:#2da44e
  linkStyle 1 stroke:#cf222e
"""
    )


def test_what_is_odd_is_a_comment_and_a_cycle_is_dotted() -> None:
    assert (
        drawn(CYCLE)
        == """
flowchart LR
  %% a cycle: a → b → c → a
  n0("<b>a</b><br/>notebook a.py<br/>serverless")
  n1("<b>b</b><br/>notebook b.py<br/>serverless")
  n2("<b>c</b><br/>notebook c.py<br/>serverless")
  n3("<b>start</b><br/>notebook start.py<br/>serverless")
  n4("<b>d</b><br/>notebook d.py<br/>serverless")
  n0 --> n1
  n1 --> n2
  n2 -.->|"cycle"| n0
  n2 --> n4
  n3 --> n4
"""
    )


def test_what_is_disabled_or_missing_is_dashed() -> None:
    assert "  class n0,n1 dashed" in drawn(job(task("a", "zz", disabled=True)))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('say "hi"', "say #34;hi#34;"),
        ("a;b#c", "a#59;b#35;c"),
        ("load_orders", "load_orders"),
        ("_em_", "#95;em#95;"),
        ("- item", "#45; item"),
        ("1. item", "1#46; item"),
        ("https://x.example", "https#58;#47;/x.example"),
        ("www.example", "www#46;example"),
        ("%%{init}%%", "#37;#37;#123;init#125;#37;#37;"),
        ("$$x$$", "#36;#8204;#36;x#36;#8204;#36;"),
        ("fa:fa-car", "fa#58;#8204;fa-car"),
        ("заказы 注文", "заказы 注文"),
        ("two\nlines", "two lines"),
        ("\u202eevil", "#65533;evil"),
    ],
)
def test_a_name_is_shown_and_never_read_as_mermaid(text: str, code: str) -> None:
    assert escaped(text) == code


def test_more_than_mermaid_draws_is_refused_with_what_to_do() -> None:
    wide = job(task("a"), *(task(f"t{number}", "a") for number in range(MOST_EDGES + 1)), name="wide")
    with pytest.raises(LakeflowError, match=r"the graph of wide has 501 edges .* use the format svg or text"):
        drawn(wide)
    long = job(*(task("x" * 70 + str(number)) for number in range(400)))
    with pytest.raises(
        LakeflowError, match=r"0 edges and \d+ characters of Mermaid, which draws at most 500 and 50000"
    ):
        drawn(long)


@few
@given(hostile())
def test_escaping_keeps_the_text(text: str) -> None:
    decoded = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), escaped(text))
    assert decoded.replace("\u200c", "") == shortened(printable(text), 72).replace("\u200c", "")


@few
@given(anything(), hostile())
def test_whatever_the_names_every_line_is_one_of_ours(tasks: Any, text: str) -> None:
    gate = task(text, condition_task=condition(text, text, text))
    loop = task("l", (text, text), for_each_task={"inputs": text, "concurrency": text, "task": task(text)}, run_if=text)
    mark = Mark(text, sign=text, note=text)
    for of in ({"name": text, "task": tasks}, {"task": [gate, loop, task("m", text, job_cluster_key=text)]}):
        graph = TaskGraph.of(of)
        text_of = mermaid(graph, marks=dict.fromkeys(["a", "l", text], mark), edge_marks={(text, "l"): mark})
        for line in text_of.removesuffix("\n").split("\n"):
            assert any(re.fullmatch(statement, line) for statement in STATEMENTS), line


def test_hostile_names_are_all_tried() -> None:
    for text in HOSTILE:
        lines = drawn(job(task(text, description=text), name=text)).strip("\n").split("\n")
        assert all(any(re.fullmatch(statement, line) for statement in STATEMENTS) for line in lines), text
