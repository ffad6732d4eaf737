"""What is wrong with run_if, conditions and disabled tasks; and what looks wrong and is not."""

from collections.abc import Mapping
from typing import Any

import pytest

from constructs_lib.rules.conditions import RULES
from constructs_lib.rules.conditions.comparisons import OPERATORS
from constructs_lib.rules.conditions.run_if import RUN_IF
from constructs_lib.rules.engine import RuleSet
from constructs_lib.rules.examples import after, job, notebook
from constructs_lib.rules.finding import Finding, Path, Severity
from constructs_lib.rules.rule import Form

RULE_SET = RuleSet.of(RULES, Form.REST)


def found(body: Mapping[str, Any], *, infos: bool = False) -> list[Finding]:
    return [each for each in RULE_SET.findings(body) if infos or each.severity is not Severity.INFO]


def places(body: Mapping[str, Any], *, infos: bool = False) -> list[tuple[str, Path]]:
    return [(finding.code, finding.path) for finding in found(body, infos=infos)]


def check(
    operator: Any = "GREATER_THAN", left: Any = "{{tasks.load.values.rows}}", right: Any = "0", **attributes: Any
) -> dict[str, Any]:
    condition = {"op": operator, "left": left, "right": right}
    return {"task_key": "check", "depends_on": after("load"), "condition_task": condition, **attributes}


def on(*outcomes: Any, **attributes: Any) -> dict[str, Any]:
    edges = [{"task_key": "check", **({} if outcome is None else {"outcome": outcome})} for outcome in outcomes]
    return notebook("then", depends_on=edges, **attributes)


def checked(condition: dict[str, Any], *tasks: dict[str, Any], **load: Any) -> dict[str, Any]:
    return job(notebook("load", **load), condition, *(tasks or (on("true"),)))


# run_if


@pytest.mark.parametrize(
    ("run_if", "hint"),
    [
        ("ALL_FINISHED", "write 'ALL_DONE'"),
        ("all_done", "write 'ALL_DONE'"),
        ("ALWAYS", "write 'ALL_DONE'"),
        ("ALL_SUCCEEDED", "write 'ALL_SUCCESS'"),
        ("NONE_FAIL", "write 'NONE_FAILED'"),
    ],
)
def test_a_run_if_exists(run_if: str, hint: str) -> None:
    (finding,) = found(job(notebook("a"), notebook("b", depends_on=after("a"), run_if=run_if)))
    assert (finding.code, finding.path, finding.hint) == ("LF151", ("task", 1, "run_if"), hint)
    assert finding.message == f"task 'b': run_if {run_if!r} does not exist"


def test_a_run_if_exists_inside_a_loop() -> None:
    loop = {"task_key": "each", "for_each_task": {"inputs": "[1]", "task": notebook("one", run_if="SOMETIMES")}}
    assert places(job(loop)) == [("LF151", ("task", 0, "for_each_task", "task", "run_if"))]


@pytest.mark.parametrize("run_if", [*RUN_IF, "", None, "${var.run_if}"])
def test_a_run_if_may_be(run_if: str | None) -> None:
    assert found(job(notebook("a"), notebook("b", depends_on=after("a"), run_if=run_if))) == []


def test_a_run_if_needs_a_task_before() -> None:
    (finding,) = found(job(notebook("a", run_if="AT_LEAST_ONE_FAILED", depends_on=[])))
    assert (finding.code, finding.path) == ("LF152", ("task", 0, "run_if"))
    assert (
        finding.message == "task 'a': run_if AT_LEAST_ONE_FAILED looks at the tasks before it, and it depends on none"
    )
    assert found(job(notebook("a", run_if="ALL_SUCCESS"))) == []


# Outcomes


def test_only_a_condition_has_an_outcome() -> None:
    (finding,) = found(job(notebook("a"), notebook("b", depends_on=[{"task_key": "a", "outcome": "true"}])))
    assert (finding.code, finding.path) == ("LF153", ("task", 1, "depends_on", 0, "outcome"))
    assert finding.message == (
        "task 'b': waits for an outcome of 'a', which is a notebook_task; only conditions have one"
    )
    assert found(job(notebook("a"), notebook("b", depends_on=[{"task_key": "a", "outcome": ""}]))) == []
    assert found(job(notebook("a"), notebook("b", depends_on=[{"task_key": "a", "outcome": None}]))) == []


def test_an_outcome_that_does_not_exist_of_no_condition_is_told_once() -> None:
    body = job(notebook("a"), notebook("b", depends_on=[{"task_key": "a", "outcome": "success"}]))
    assert places(body) == [("LF153", ("task", 1, "depends_on", 0, "outcome"))]


@pytest.mark.parametrize(
    ("outcome", "hint"),
    [
        ("yes", "write 'true'"),
        ("True", "write 'true'"),
        ("FALSE", "write 'false'"),
        ("maybe", "write 'true' or 'false'"),
    ],
)
def test_an_outcome_is_true_or_false(outcome: str, hint: str) -> None:
    (finding,) = found(checked(check(), on(outcome)))
    assert (finding.code, finding.path, finding.hint) == ("LF154", ("task", 2, "depends_on", 0, "outcome"), hint)
    assert finding.message == f"task 'then': outcome {outcome!r} of 'check' does not exist"


@pytest.mark.parametrize("outcome", ["true", "false", True, "${var.outcome}"])
def test_an_outcome_may_be(outcome: Any) -> None:
    assert found(checked(check(), on(outcome))) == []


@pytest.mark.parametrize("outcome", [None, ""])
def test_a_dependency_on_a_condition_says_the_outcome(outcome: str | None) -> None:
    (finding,) = found(checked(check(), on(outcome, run_if="ALL_DONE")))
    assert (finding.code, finding.path) == ("LF155", ("task", 2, "depends_on", 0))
    assert finding.message == "task 'then': depends on the condition 'check', but not on its outcome"


def test_a_condition_has_one_outcome() -> None:
    (finding,) = found(checked(check(), on("true", "false")))
    assert (finding.code, finding.path) == ("LF156", ("task", 2, "depends_on", 1, "outcome"))
    assert finding.message == "task 'then': waits for 'check' to be both true and false"
    other = {**check(), "task_key": "again"}
    edges = [{"task_key": "again", "outcome": "false"}, {"task_key": "check", "outcome": "true"}]
    assert found(checked(check(), other, notebook("then", depends_on=edges))) == []


# What is compared


@pytest.mark.parametrize(
    ("operator", "hint"),
    [
        ("==", "write 'EQUAL_TO'"),
        ("EQUALS", "write 'EQUAL_TO'"),
        ("!=", "write 'NOT_EQUAL'"),
        ("NOT_EQUAL_TO", "write 'NOT_EQUAL'"),
        (">=", "write 'GREATER_THAN_OR_EQUAL'"),
        ("greater_than", "write 'GREATER_THAN'"),
        ("Less Than", "write 'LESS_THAN'"),
        ("", "write one of EQUAL_TO, GREATER_THAN, GREATER_THAN_OR_EQUAL, LESS_THAN, LESS_THAN_OR_EQUAL, NOT_EQUAL"),
    ],
)
def test_an_operator_exists(operator: str, hint: str) -> None:
    (finding,) = found(checked(check(operator)))
    assert (finding.code, finding.path, finding.hint) == ("LF157", ("task", 1, "condition_task", "op"), hint)
    assert finding.message == f"task 'check': operator {operator!r} does not exist"


@pytest.mark.parametrize("operator", [*OPERATORS, "${var.operator}"])
def test_an_operator_may_be(operator: str) -> None:
    assert found(checked(check(operator))) == []


@pytest.mark.parametrize("word", ["many", "", "2024-01-01", "true", "1,5", "{tasks.load.values.rows}"])
def test_words_are_not_compared_as_numbers(word: str) -> None:
    (finding,) = found(checked(check("LESS_THAN", right=word)))
    assert (finding.code, finding.path) == ("LF158", ("task", 1, "condition_task", "right"))
    assert finding.message == f"task 'check': LESS_THAN compares numbers, and right is {word!r}"
    assert places(checked(check("LESS_THAN", left=word))) == [("LF158", ("task", 1, "condition_task", "left"))]


@pytest.mark.parametrize("number", ["0", "-1.5", " 12 ", "1e6", 7, 0.5, "{{job.parameters.limit}}", "${var.limit}"])
def test_numbers_are_compared_as_numbers(number: Any) -> None:
    assert found(checked(check("LESS_THAN", right=number))) == []


def test_numbers_are_not_compared_as_text() -> None:
    body = checked(check("EQUAL_TO", "12.0", "12"))
    (finding,) = found(body, infos=True)
    assert (finding.code, finding.path) == ("LF159", ("task", 1, "condition_task", "right"))
    assert finding.message == "task 'check': EQUAL_TO compares text: '12.0' is not '12'"
    assert found(checked(check("EQUAL_TO", "12", "12"))) == []
    assert found(checked(check("GREATER_THAN_OR_EQUAL", "12.0", "12"))) == []


def test_a_condition_may_have_two_outcomes() -> None:
    (finding,) = found(checked(check("EQUAL_TO", "a", "b")), infos=True)
    assert (finding.code, finding.path) == ("LF160", ("task", 1, "condition_task"))
    assert finding.message == "task 'check': compares 'a' with 'b', which is the same in every run"
    same = "{{job.parameters.a}}"
    assert places(checked(check("NOT_EQUAL", same, same)), infos=True) == [("LF160", ("task", 1, "condition_task"))]
    assert found(checked(check("EQUAL_TO", "${var.env}", "dev")), infos=True) == []


def test_a_result_has_few_words() -> None:
    (finding,) = found(checked(check("EQUAL_TO", "{{tasks.load.result_state}}", "succeeded")))
    assert (finding.code, finding.path) == ("LF161", ("task", 1, "condition_task", "right"))
    assert finding.message == "task 'check': {{tasks.load.result_state}} is never 'succeeded'"
    assert finding.hint == "write 'success'"
    swapped = checked(check("NOT_EQUAL", "weekend", "{{job.start_time.is_weekday}}"))
    assert places(swapped) == [("LF161", ("task", 1, "condition_task", "left"))]
    assert found(checked(check("EQUAL_TO", "{{tasks.load.output.alert_state}}", "TRIGGERED")), infos=True) == []


@pytest.mark.parametrize(
    ("left", "right", "hint"),
    [
        ("{{tasks.load.result_state}}", "SUCCESS", "write 'success'"),
        ("{{tasks.load.output.alert_state}}", "triggered", "write 'TRIGGERED'"),
        ("{{tasks.load.values.ok}}", "True", "write 'true'"),
        ("{{tasks.`lo-ad`.values.rows}}", "1.0", "write '1'"),
    ],
)
def test_words_are_spelled_as_they_come(left: str, right: str, hint: str) -> None:
    (finding,) = found(checked(check("EQUAL_TO", left, right)), infos=True)
    assert (finding.code, finding.path, finding.hint) == ("LF162", ("task", 1, "condition_task", "right"), hint)


@pytest.mark.parametrize("right", ["true", "1", "1.5", "v1.0", "07", "{{job.parameters.flag}}"])
def test_a_task_value_may_be(right: str) -> None:
    assert found(checked(check("EQUAL_TO", right=right)), infos=True) == []


def test_a_job_parameter_may_be_spelled_as_one_likes() -> None:
    assert found(checked(check("EQUAL_TO", "{{job.parameters.full}}", "TRUE")), infos=True) == []


# What does not belong to a condition


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("existing_cluster_id", "0923-164208-meows279"),
        ("job_cluster_key", "etl"),
        ("new_cluster", {"spark_version": "15.4.x-scala2.12"}),
        ("environment_key", "default"),
        ("library", [{"whl": "/a.whl"}]),
    ],
)
def test_a_condition_has_no_compute(name: str, value: Any) -> None:
    (finding,) = found(checked(check(**{name: value})))
    assert (finding.code, finding.path) == ("LF163", ("task", 1, name))
    assert finding.message == f"task 'check': a condition runs on no compute: {name} does nothing"


@pytest.mark.parametrize(
    ("name", "value"),
    [("max_retries", 2), ("max_retries", -1), ("retry_on_timeout", True), ("min_retry_interval_millis", 5)],
)
def test_a_condition_is_not_tried_again(name: str, value: Any) -> None:
    (finding,) = found(checked(check(**{name: value})))
    assert (finding.code, finding.path) == ("LF164", ("task", 1, name))
    assert finding.message == f"task 'check': a condition is never tried again: {name} does nothing"


def test_a_condition_notifies_nobody() -> None:
    (finding,) = found(checked(check(webhook_notifications={"on_failure": [{"id": "a"}]})))
    assert (finding.code, finding.path) == ("LF165", ("task", 1, "webhook_notifications"))
    assert finding.message == "task 'check': a condition sends no notifications: webhook_notifications does nothing"


def test_a_condition_may_say_what_every_task_says() -> None:
    empty = {
        "max_retries": 0,
        "min_retry_interval_millis": 0,
        "retry_on_timeout": False,
        "timeout_seconds": 0,
        "run_if": "ALL_SUCCESS",
        "email_notifications": {"on_failure": [], "no_alert_for_skipped_runs": True},
        "webhook_notifications": {},
        "notification_settings": {"alert_on_last_attempt": False},
        "library": [],
        "job_cluster_key": None,
    }
    assert found(checked(check(**empty))) == []


def test_something_follows_from_a_condition() -> None:
    (finding,) = found(checked(check(), notebook("then")), infos=True)
    assert (finding.code, finding.path) == ("LF166", ("task", 1, "condition_task"))
    assert finding.message == "task 'check': nothing depends on this condition"


# Disabled tasks


def test_some_task_runs() -> None:
    body = job(notebook("a"), notebook("b", disabled=True), notebook("c", disabled="true", depends_on=after("b")))
    assert found(body) == []
    (finding,) = found({**body, "task": body["task"][1:]}, infos=True)
    assert (finding.code, finding.path) == ("LF167", ("task", 0, "disabled"))
    assert finding.message == "no task of the job runs: 'b', 'c' disabled, and nothing else can"
    assert places(job(notebook("a", disabled=True), notebook("b", depends_on=after("a")))) == [
        ("LF167", ("task", 0, "disabled"))
    ]
    assert found(job(notebook("a", disabled=False)), infos=True) == []
    assert found(job(notebook("a", disabled="${var.off}")), infos=True) == []


@pytest.mark.parametrize(
    ("run_if", "one_off", "all_off"),
    [
        (None, True, True),
        ("ALL_SUCCESS", True, True),
        ("ALL_FAILED", True, True),
        ("AT_LEAST_ONE_SUCCESS", False, True),
        ("AT_LEAST_ONE_FAILED", False, True),
        ("NONE_FAILED", False, True),
        ("ALL_DONE", False, False),
    ],
)
def test_what_runs_after_a_disabled_task(run_if: str | None, one_off: bool, all_off: bool) -> None:
    def after_disabled(*disabled: str) -> bool:
        parents = [notebook(key, disabled=key in disabled) for key in ("a", "b")]
        body = job(*parents, notebook("c", depends_on=after("a", "b"), run_if=run_if), notebook("other"))
        return ("LF168", ("task", 2, "depends_on", 0, "task_key")) in places(body, infos=True)

    assert (after_disabled("a"), after_disabled("a", "b")) == (one_off, all_off)


def test_what_does_not_run_keeps_others_from_running() -> None:
    tasks = [notebook("a", disabled=True), notebook("b", depends_on=after("a")), notebook("c", depends_on=after("b"))]
    messages = [finding.message for finding in found(job(*tasks, notebook("d")), infos=True)]
    assert messages == [
        "task 'b': does not run: 'a' is disabled, and run_if is ALL_SUCCESS",
        "task 'c': does not run: 'b' does not run either, and run_if is ALL_SUCCESS",
    ]


def test_a_condition_needs_its_value() -> None:
    (finding,) = found(checked(check(run_if="ALL_DONE"), disabled=True))
    assert (finding.code, finding.path) == ("LF169", ("task", 1, "condition_task", "left"))
    assert finding.message == "task 'check': left comes from 'load', which is disabled: the task fails"
    assert [code for code, _ in places(checked(check(), notebook("a"), disabled=True))] == []


def test_a_loop_needs_its_inputs() -> None:
    loop = {"inputs": "{{tasks.load.output.rows}}", "task": notebook("one")}
    each: dict[str, Any] = {
        "task_key": "each",
        "for_each_task": loop,
        "depends_on": after("load"),
        "run_if": "ALL_DONE",
    }
    assert places(job(notebook("load", disabled=True), each)) == [("LF169", ("task", 1, "for_each_task", "inputs"))]
    named = {**each, "for_each_task": {**loop, "inputs": "{{tasks.load.result_state}}"}}
    assert found(job(notebook("load", disabled=True), named)) == []


# The result of a run


def test_a_last_task_hides_failures() -> None:
    tidy = notebook("tidy", depends_on=after("load"), run_if="ALL_DONE")
    (finding,) = found(job(notebook("load"), tidy), infos=True)
    assert (finding.code, finding.path) == ("LF170", ("task", 1, "run_if"))
    assert finding.message == "task 'tidy': when 'load' fails and this task succeeds, the run succeeds 'with failures'"
    assert found(job(notebook("load"), notebook("publish", depends_on=after("load")), tidy), infos=True) == []
    assert found(job(notebook("load"), tidy, notebook("z", depends_on=after("tidy"))), infos=True) == []


@pytest.mark.parametrize(
    "task",
    [
        {"task_key": "a", "condition_task": "x"},
        {"task_key": "a", "condition_task": {"op": 3, "left": [], "right": {}}},
        {"task_key": "a", "condition_task": {"op": "LESS_THAN", "left": 10**400, "right": True}},
        {"task_key": "a", "condition_task": {"op": "EQUAL_TO", "left": "{{", "right": "}}"}},
        {"task_key": "a", "notebook_task": {}, "run_if": [], "disabled": {}, "depends_on": {"task_key": "a"}},
        {"task_key": "a", "depends_on": [{"task_key": [], "outcome": []}, {"task_key": "b", "outcome": 3}, 3]},
        {"task_key": "a", "condition_task": {}, "max_retries": {}, "email_notifications": [3], "library": "x"},
    ],
)
def test_nonsense_is_the_business_of_the_schema(task: dict[str, Any]) -> None:
    assert {code for code, _ in places(job(task))} <= {"LF163"}
