"""What is wrong with tasks, their keys, and what they depend on; and what looks wrong and is not."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, strategies as st

from constructs_lib.rules.engine import RuleSet
from constructs_lib.rules.examples import after, job, notebook
from constructs_lib.rules.finding import Finding, Path
from constructs_lib.rules.graph import RULES
from constructs_lib.rules.rule import Form

SETS = {form: RuleSet.of(RULES, form) for form in Form}
CRON = {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC"}
NB = {"notebook_path": "/a"}


def found(body: Mapping[str, Any], form: Form = Form.TERRAFORM) -> list[Finding]:
    return list(SETS[form].findings(body))


def places(body: Mapping[str, Any], form: Form = Form.TERRAFORM) -> list[tuple[str, Path]]:
    return [(finding.code, finding.path) for finding in found(body, form)]


def edge(task: int, index: int = 0) -> Path:
    return ("task", task, "depends_on", index, "task_key")


def each(inner: str = "one", **attributes: Any) -> dict[str, Any]:
    return {"task_key": "each", "for_each_task": {"inputs": "[1]", "task": notebook(inner)}, **attributes}


# No tasks


@pytest.mark.parametrize("form", [Form.REST, Form.BUNDLE])
def test_a_job_needs_a_task(form: Form) -> None:
    assert places({"name": "a"}, form) == [("LF101", ())]
    assert places({"name": "a", "task": []}, form) == [("LF101", ("task",))]
    assert places({"name": "a", "task": None}, form) == [("LF101", ("task",))]


def test_the_syntax_without_tasks_is_no_task_for_the_api() -> None:
    (finding,) = found({"notebook_task": NB}, Form.REST)
    assert (finding.message, finding.hint) == ("the job has no tasks", "move its notebook_task into a task")


def test_terraform_is_told_where_nothing_can_start() -> None:
    assert places({"name": "a", "task": []}) == [("LF102", ("task",))]
    (finding,) = found({"name": "a", "schedule": CRON})
    assert (finding.code, finding.message) == ("LF102", "the job has no tasks, but a schedule")
    assert places({"job_cluster": [{"job_cluster_key": "a"}]}) == [("LF102", ())]


def test_terraform_may_get_its_tasks_otherwise() -> None:
    assert found({"name": "a", "dynamic": {"task": {"for_each": []}}, "schedule": CRON}) == []
    assert places({"name": "a", "notebook_task": NB, "schedule": CRON}) == [("LF113", ("notebook_task",))]
    assert found({"tags": {"a": "b"}}) == []


def test_what_a_task_runs_does_nothing_beside_tasks() -> None:
    (finding,) = found(job(notebook("a"), spark_python_task={"python_file": "/a.py"}))
    assert (finding.code, finding.path) == ("LF114", ("spark_python_task",))
    assert finding.message == "spark_python_task stands at the job, where it does nothing beside tasks"
    assert found(job(notebook("a"), notebook_task=None)) == []


def test_a_job_may_have_a_thousand_tasks() -> None:
    tasks = [notebook(f"t{number}") for number in range(1000)]
    assert found(job(*tasks)) == []
    (finding,) = found(job(*tasks, notebook("one-more")))
    assert (finding.code, finding.path) == ("LF103", ("task",))
    assert finding.message == "the job has 1001 tasks, more than the 1000 that a job may have"


# Keys


def test_a_key_is_not_empty() -> None:
    (finding,) = found(job(notebook("a"), notebook("")))
    assert (finding.code, finding.path) == ("LF104", ("task", 1, "task_key"))
    assert finding.message == "task 1: task_key is empty"
    (finding,) = found(job(each("")))
    assert (finding.code, finding.path) == ("LF104", ("task", 0, "for_each_task", "task", "task_key"))
    assert finding.message == "the task inside 'each': task_key is empty"


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("load.orders", "write 'load_orders'"),
        ("load orders", "write 'load_orders'"),
        ("größe", "write 'gr_e'"),
        ("a/b:c", "write 'a_b_c'"),
        (" a", "write 'a'"),
        ("a\n", "write 'a'"),
        ("???", "use letters, digits, '-' and '_'"),
    ],
)
def test_a_key_has_plain_letters(key: str, hint: str) -> None:
    (finding,) = found(job(notebook(key)))
    assert (finding.code, finding.path, finding.hint) == ("LF105", ("task", 0, "task_key"), hint)


def test_the_letters_that_are_wrong_are_named() -> None:
    (finding,) = found(job(notebook("load.my orders")))
    assert finding.message == (
        "task 'load.my orders': its task_key may hold only letters, digits, '-' and '_', not ' ', '.'"
    )


@pytest.mark.parametrize("key", ["a", "A-b_3", "_", "-", "1", "a" * 100, "${var.name}.orders", "${local.long}" * 20])
def test_a_key_may_be_odd(key: str) -> None:
    assert found(job(notebook(key))) == []


def test_a_key_is_at_most_a_hundred_letters_long() -> None:
    (finding,) = found(job(notebook("a" * 101)))
    assert (finding.code, finding.path) == ("LF106", ("task", 0, "task_key"))
    assert finding.message.endswith("its task_key has 101 characters, more than 100")
    assert places(job(each("a" * 101))) == [("LF106", ("task", 0, "for_each_task", "task", "task_key"))]


def test_a_key_is_used_once() -> None:
    found_twice = found(job(notebook("a"), notebook("b"), notebook("a"), notebook("a")))
    assert [(finding.code, finding.path) for finding in found_twice] == [
        ("LF107", ("task", 2, "task_key")),
        ("LF107", ("task", 3, "task_key")),
    ]
    assert found_twice[0].message == "task 'a': task 0 of the job has this task_key already"
    assert found(job(notebook("a"), notebook("A"))) == []


# Dependencies


def test_a_dependency_is_a_task_of_the_job() -> None:
    (finding,) = found(job(notebook("load"), notebook("tidy", depends_on=after("load", "laod"))))
    assert (finding.code, finding.path) == ("LF108", edge(1, 1))
    assert finding.message == "task 'tidy': depends on 'laod', which is no task of the job"
    assert finding.hint == "write 'load'"


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("LOAD", "write 'load'"),
        ("load ", "write 'load'"),
        ("", "the job has 'load', 'tidy'"),
        ("x", "the job has 'load', 'tidy'"),
    ],
)
def test_the_nearest_task_is_offered(key: str, hint: str) -> None:
    (finding,) = found(job(notebook("load"), notebook("tidy", depends_on=after(key))))
    assert (finding.code, finding.hint) == ("LF108", hint)


def test_a_dependency_may_come_later_or_be_unknown_yet() -> None:
    assert found(job(notebook("a", depends_on=after("b")), notebook("b"))) == []
    assert found(job(notebook("a", depends_on=after("${var.first}")))) == []
    assert found(job(notebook("a", depends_on=after("dev_b")), notebook("${var.env}_b"))) == []
    assert found(job(notebook("a", depends_on=[]), notebook("b", depends_on=None))) == []


def test_a_dependency_does_not_see_into_a_loop() -> None:
    (finding,) = found(job(each(), notebook("then", depends_on=after("one"))))
    assert (finding.code, finding.path) == ("LF109", edge(1))
    assert finding.message == "task 'then': depends on 'one', which runs inside the loop 'each'"
    assert finding.hint == "depend on the loop: 'each'"
    (finding,) = found(job(each(depends_on=after("one"))))
    assert finding.hint == "a loop cannot wait for the task inside it"
    assert found(job(each(), notebook("then", depends_on=after("each")))) == []


def test_a_task_does_not_wait_for_itself() -> None:
    (finding,) = found(job(notebook("a"), notebook("b", depends_on=after("a", "b"))))
    assert (finding.code, finding.path, finding.message) == ("LF110", edge(1, 1), "task 'b': depends on itself")


def test_tasks_do_not_wait_for_each_other() -> None:
    (finding,) = found(
        job(
            notebook("root"),
            notebook("a", depends_on=after("root", "c")),
            notebook("b", depends_on=after("a")),
            notebook("c", depends_on=after("b")),
            notebook("last", depends_on=after("c")),
        )
    )
    assert (finding.code, finding.path) == ("LF111", edge(1, 1))
    assert finding.message == "task 'a': the tasks wait for each other: a → c → b → a"


def test_each_circle_is_found_once() -> None:
    body = job(
        notebook("a", depends_on=after("b")),
        notebook("b", depends_on=after("a")),
        notebook("between", depends_on=after("b")),
        notebook("c", depends_on=after("between", "d")),
        notebook("d", depends_on=after("c")),
    )
    assert places(body) == [("LF111", edge(0)), ("LF111", edge(3, 1))]


def test_a_long_circle_is_shortened() -> None:
    (finding,) = found(job(*(notebook(f"t{i}", depends_on=after(f"t{(i + 1) % 20}")) for i in range(20))))
    assert finding.message.endswith(": t0 → t1 → t2 → t3 → t4 → t5 → t6 → … → t0")


def test_a_diamond_is_no_circle() -> None:
    body = job(
        notebook("a"),
        notebook("b", depends_on=after("a")),
        notebook("c", depends_on=after("a")),
        notebook("d", depends_on=after("a", "b", "c")),
    )
    assert found(body) == []


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12))
def test_a_job_has_a_circle_exactly_where_no_order_exists(edges: list[tuple[int, int]]) -> None:
    parents = {child: {parent for to, parent in edges if to == child and parent != child} for child in range(8)}
    body = job(
        *(notebook(f"t{key}", depends_on=after(*(f"t{one}" for one in sorted(parents[key])))) for key in parents)
    )
    done: set[int] = set()
    while free := {key for key in parents if key not in done and parents[key] <= done}:
        done |= free
    assert any(code == "LF111" for code, _ in places(body)) == (len(done) < 8)


def test_a_dependency_is_written_once() -> None:
    (finding,) = found(job(notebook("a"), notebook("b"), notebook("c", depends_on=after("a", "b", "a"))))
    assert (finding.code, finding.path, finding.message) == ("LF112", edge(2, 2), "task 'c': depends on 'a' twice")
    both = [{"task_key": "a", "outcome": "true"}, {"task_key": "a", "outcome": "false"}]
    assert found(job(notebook("a"), notebook("b", depends_on=both))) == []


@pytest.mark.parametrize(
    "task",
    [
        3,
        [],
        [3, None, "a", [], {}],
        {"task_key": "a"},
        [{"task_key": None}, {"task_key": 3}, {"task_key": []}],
        [{"task_key": "a", "depends_on": "a"}],
        [{"task_key": "a", "depends_on": [None, 3, "b", {}, {"task_key": None}, {"task_key": ["a"]}, {"outcome": {}}]}],
        [{"task_key": "a", "for_each_task": 3}, {"task_key": "b", "for_each_task": {"task": [3]}}],
    ],
)
def test_nonsense_is_the_business_of_the_schema(task: Any) -> None:
    for form in Form:
        assert {finding.code for finding in found({"task": task}, form)} <= {"LF101", "LF102"}
