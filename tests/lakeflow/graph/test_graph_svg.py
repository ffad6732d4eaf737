"""The drawing."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given

from lakeflow.graph.icons import icon
from lakeflow.graph.letters import fitted, printable, width
from lakeflow.graph.marks import ADDED, REMOVED, Mark, Tone
from lakeflow.graph.model import TaskGraph
from lakeflow.graph.style import sheet
from lakeflow.graph.svg import svg
from tests.lakeflow.graph.samples import CYCLE, DAILY_SALES, DIAMOND, HOSTILE, anything, few, hostile, job, jobs, task

NAMESPACE = {"svg": "http://www.w3.org/2000/svg"}
ELEMENTS = {"svg", "title", "desc", "style", "g", "rect", "path", "circle", "text", "tspan"}


def drawn(of: dict[str, Any], **more: Any) -> ET.Element:
    return ET.fromstring(svg(TaskGraph.of(of), **more))


def texts(root: ET.Element, look: str = "") -> list[str]:
    found = root.findall(f".//svg:text[@class='{look}']" if look else ".//svg:text", NAMESPACE)
    return ["".join(text.itertext()) for text in found]


def cards(root: ET.Element) -> dict[str, ET.Element]:
    found = (group for group in root.iter() if "task" in group.get("class", "").split())
    return {group.get("data-key", ""): group for group in found}


def chips(card: ET.Element) -> list[str]:
    found = (group for group in card.findall("svg:g", NAMESPACE) if "chip" in group.get("class", ""))
    return ["".join(group.itertext()) for group in found]


def shape(card: ET.Element) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a card."""
    boxes = card.findall("svg:*[@class='box']", NAMESPACE)
    box = boxes[-1]
    if box.tag.endswith("path"):
        numbers = [float(number) for number in re.findall(r"[\d.]+", box.get("d", ""))]
        return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])
    x, y, across, down = (float(box.get(name, "")) for name in ("x", "y", "width", "height"))
    return x, y, x + across, y + down


def test_a_drawing_has_a_name_a_description_and_every_task_once() -> None:
    root = drawn(DAILY_SALES, subtitle="Sales before 07:00")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "graph-title graph-desc"
    assert root.findtext("svg:title", namespaces=NAMESPACE) == "[dev] daily-sales"
    description = root.findtext("svg:desc", namespaces=NAMESPACE) or ""
    assert description.startswith("8 tasks in 6 steps: alarm after enough-rows is false; clean after ingest-customers")
    assert texts(root, "heading") == ["[dev] daily-sales"]
    assert texts(root, "sub") == ["Sales before 07:00"]
    assert sorted(texts(root, "key")) == sorted([each["task_key"] for each in DAILY_SALES["task"]] + ["export-country"])


def test_a_card_says_type_title_compute_and_what_it_waits_for() -> None:
    found = cards(drawn(DAILY_SALES))
    assert "notebook cleanup.py" in texts(found["cleanup"])
    assert chips(found["cleanup"]) == ["serverless", "all done"]
    assert "if ingest-orders.rows > 1000" in texts(found["enough-rows"])
    assert "for each of 3: de, fr, it" in texts(found["per-country"])
    assert chips(found["per-country"]) == ["2 at a time"]


def test_a_branch_has_its_own_shape_and_names_its_outcomes() -> None:
    root = drawn(DAILY_SALES)
    assert cards(root)["enough-rows"].find("svg:path[@class='box']", NAMESPACE) is not None
    outcomes = [group for group in root.iter() if group.get("class", "").startswith("chip outcome")]
    assert [("".join(each.itertext()), each.get("class")) for each in outcomes] == [
        ("true", "chip outcome good"),
        ("false", "chip outcome bad"),
    ]


def test_a_loop_holds_the_card_of_what_it_repeats() -> None:
    loop = cards(drawn(DAILY_SALES))["per-country"]
    inner = cards(loop)["export-country"]
    outer, within = shape(loop), shape(inner)
    assert outer[0] < within[0]
    assert outer[1] < within[1]
    assert within[2] < outer[2]
    assert within[3] < outer[3]


def test_tasks_on_the_same_cluster_have_the_same_colour() -> None:
    tasks = [
        task("a", job_cluster_key="etl"),
        task("b", job_cluster_key="ml"),
        task("c", job_cluster_key="etl"),
        task("d"),
    ]
    root = drawn(job(*tasks))
    looks = [group.get("class") for group in root.iter() if "compute" in group.get("class", "")]
    assert looks == ["chip compute c0", "chip compute c1", "chip compute c0", "chip compute"]


def test_marks_colour_cards_and_edges_and_say_a_word() -> None:
    marks = {"ingest": ADDED, "model": Mark("FAILED", Tone.BAD, "✗", note="out of memory")}
    root = drawn(DIAMOND, marks=marks, edge_marks={("ingest", "orders"): REMOVED})
    found = cards(root)
    assert found["ingest"].get("class") == "task code marked good"
    assert chips(found["ingest"]) == ["serverless", "+ added"]
    assert chips(found["model"]) == ["serverless", "✗ FAILED"]
    assert "FAILED: out of memory" in (found["model"].findtext("svg:title", namespaces=NAMESPACE) or "")
    links = [group.get("class") for group in root.iter() if group.get("class", "").startswith("link")]
    assert links == ["link", "link", "link", "link bad"]


def test_what_is_odd_is_drawn_apart_and_said_below() -> None:
    root = drawn(job(task("b", "zz"), task("b", disabled=True)))
    assert texts(root, "odd") == ["⚠ 2 tasks have the key b", "⚠ b depends on zz, which is not in this job"]
    assert cards(root)["zz"].get("class") == "task other missing"
    assert [group.get("class") for group in root.iter() if group.get("class", "").startswith("link")] == [
        "link bad off"
    ]


def test_of_many_oddities_the_rest_is_counted() -> None:
    assert texts(drawn(job(*range(9))), "odd")[-2:] == ["⚠ task 6 is not an object", "⚠ and 4 more"]


def test_a_cycle_is_drawn_with_one_edge_back() -> None:
    links = [group.get("class") for group in drawn(CYCLE).iter() if group.get("class", "").startswith("link")]
    assert sorted(map(str, links)) == ["link"] * 4 + ["link bad off"]


def test_an_empty_job_is_a_drawing_too() -> None:
    root = drawn({})
    assert texts(root) == ["job", "0 tasks", "⚠ the job has no tasks"]


def test_a_drawing_within_a_page_can_go_without_heading_and_has_ids_of_its_own() -> None:
    root = drawn(DIAMOND, heading=False, identity="before")
    assert texts(root, "heading") == []
    assert [element.get("id") for element in root if element.get("id")] == ["before-title", "before-desc"]


def test_a_drawing_is_complete_in_itself_and_leaves_its_page_alone() -> None:
    text = svg(TaskGraph.of(DAILY_SALES))
    assert text.count("http") == 1  # the name of the format
    assert not re.search(r"href|url\(|@import|@font-face|<script|on\w+=", text)
    rules = re.sub(r"@media\([^)]*\)\{(.*)\}$", r"\1", sheet())
    selectors = [selector for rule in rules.split("}") for selector in rule.partition("{")[0].split(",") if selector]
    assert all(selector.startswith(".lakeflow-graph") for selector in selectors)
    assert "@media(prefers-color-scheme:dark)" in text


def test_a_long_name_ends_in_an_ellipsis_and_is_whole_in_the_tooltip() -> None:
    key = "a-task-whose-key-tells-the-whole-story-of-its-life"
    card = cards(drawn(job(task(key))))[key]
    assert re.fullmatch(r"a-task-whose-key-tells-the-.*…", texts(card, "key")[0])
    assert (card.findtext("svg:title", namespaces=NAMESPACE) or "").startswith(key + "\n")


@pytest.mark.parametrize(
    ("text", "room"), [("short", 100.0), ("a rather long text", 60.0), ("日本語の名前", 40.0), ("x", 1.0)]
)
def test_text_is_fitted_into_the_room_there_is(text: str, room: float) -> None:
    found = fitted(text, 12, room)
    assert found == text or (found.endswith("…") and width(found, 12) <= max(room, width("…", 12)))


def test_every_type_of_task_has_a_drawing() -> None:
    assert icon("notebook") != icon("SQL file") != icon("brand new")


def test_the_same_job_gives_the_same_bytes_in_every_process() -> None:
    code = (
        "from tests.lakeflow.graph.samples import DAILY_SALES as d; from lakeflow.graph.svg import svg;"
        "from lakeflow.graph.model import TaskGraph; print(hash('x') and svg(TaskGraph.of(d)))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


@few
@given(jobs())
def test_no_card_lies_on_another_and_every_text_stays_in_its_card(of: dict[str, Any]) -> None:
    root = drawn(of)
    total = float(root.get("width", "")), float(root.get("height", ""))
    outer = {each["task_key"] for each in of["task"]}
    found = cards(root)
    shapes = [shape(card) for key, card in found.items() if key in outer]
    assert len(shapes) == len(outer)
    for one, other in combinations(shapes, 2):
        assert one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    for card in found.values():
        left, top, right, bottom = shape(card)
        assert 0 <= left < right <= total[0]
        assert 0 <= top < bottom <= total[1]
        for text in card.findall("svg:text", NAMESPACE):
            x, bold = float(text.get("x", "")), text.get("class") == "key"
            assert left < x
            assert x + width("".join(text.itertext()), 13 if bold else 11, bold=bold) <= right
        for group in card.findall("svg:g", NAMESPACE):
            chip = group.find("svg:rect", NAMESPACE)
            if chip is not None and "chip" in group.get("class", ""):
                assert float(chip.get("x", "")) + float(chip.get("width", "")) <= right


@few
@given(anything(), hostile())
def test_whatever_the_settings_the_drawing_is_xml_and_holds_nothing_but_drawing(tasks: Any, text: str) -> None:
    mark = Mark(text, sign=text, note=text)
    for of in ({"name": text, "task": tasks, "job_cluster": tasks}, {"name": text, "task": hostile_tasks(text)}):
        root = drawn(of, marks={text: mark, "a": mark}, edge_marks={(text, "l"): mark}, subtitle=text)
        assert {element.tag.partition("}")[2] for element in root.iter()} <= ELEMENTS
        assert all(name in ATTRIBUTES for element in root.iter() for name in element.attrib)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_shown_as_they_are(text: str) -> None:
    root = drawn({"name": text, "task": hostile_tasks(text)})
    assert {element.tag.partition("}")[2] for element in root.iter()} <= ELEMENTS
    assert printable(text) in cards(root)


ATTRIBUTES = {"class", "role", "aria-labelledby", "width", "height", "viewBox", "id", "x", "y", "rx", "d", "transform"}
ATTRIBUTES |= {"cx", "cy", "r", "data-key", "stroke-linejoin"}


def hostile_tasks(text: str) -> list[dict[str, Any]]:
    gate = task(text, condition_task={"left": text, "op": text, "right": text}, description=text)
    inner = task(text, python_wheel_task={"package_name": text, "entry_point": text}, environment_key=text)
    loop = task("l", (text, text), for_each_task={"inputs": text, "concurrency": text, "task": inner}, run_if=text)
    return [gate, loop, task("m", text, "l", text + "?", job_cluster_key=text, existing_cluster_id=text)]
