"""Dynamic value references: what they become, what stays as it is written, and what fails the task."""

from datetime import UTC, datetime
from typing import Any

import pytest

from lakeflow.simulate import Failed, Semantics, Setting, Succeeded, simulate
from lakeflow.simulate.references import Context, Seen, Text, UnresolvedError
from lakeflow.simulate.semantics import DEFAULT
from tests.support.control_flow import condition, job, loop

TOLD = {
    "type": "file_arrival",
    "time": datetime(2026, 11, 22, 7, tzinfo=UTC),
    "file_arrival.location": "/Volumes/landing",
    "table_update": {"updated_tables": ["a.b.c"], "a": {"b": {"c": {"version": 4}}}},
}


def context(**more: Any) -> Context:
    fields: dict[str, Any] = {
        "semantics": DEFAULT,
        "job_id": "11",
        "job_name": "nightly",
        "run_id": "77",
        "started": datetime(2026, 11, 22, 7, 5, 9, tzinfo=UTC),
        "parameters": {"day": "2026-11-21", "odd-name": "x", "list": "[1]"},
        "trigger": TOLD,
        "tasks": {
            "load": Seen(
                state="SUCCESS",
                values={"rows": 7, "ok": True, "text": "a b", "list": [1, "x"], "object": {"k": None}},
                run_id="78",
                executions=2,
            ),
            "my-task": Seen(state="TIMEDOUT", values={"v": 1.5}, executions=1),
            "sql": Seen(state="SUCCESS", output=[{"c": 5, "d": "x"}], executions=1),
            "alert": Seen(state="SUCCESS", output="TRIGGERED", executions=1),
            "off": Seen(state="DISABLED"),
        },
        "known_tasks": {"load", "my-task", "sql", "alert", "off", "later"},
        "task": {"name": "report", "run_id": "79", "execution_count": "1", "notebook_path": "/n"},
        "workspace": {"id": "123", "url": "https://example.com"},
        "input": {"path": "/a", "size": 3},
        "has_input": True,
    }
    return Context(**fields | more)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("no reference", "no reference"),
        ("job_{{job.run_id}}", "job_77"),
        ("{{job.id}} {{ job.name }} {{task.name}}", "11 nightly report"),
        ("{{job.repair_count}}", "0"),
        ("{{job.parameters.day}}", "2026-11-21"),
        ("{{job.parameters.`odd-name`}}", "x"),
        ("{{job.start_time.iso_date}}", "2026-11-22"),
        ("{{job.start_time.iso_datetime}}", "2026-11-22T07:05:09"),
        ("{{job.start_time.year}}-{{job.start_time.month}}-{{job.start_time.day}}", "2026-11-22"),
        ("{{job.start_time.hour}}:{{job.start_time.minute}}:{{job.start_time.second}}", "7:5:9"),
        ("{{job.start_time.timestamp_ms}}", "1795331109000"),
        ("{{job.start_time.iso_weekday}} {{job.start_time.is_weekday}}", "7 false"),
        ("{{job.trigger.type}}", "file_arrival"),
        ("{{job.trigger.time.minute}}", "0"),
        ("{{job.trigger.file_arrival.location}}", "/Volumes/landing"),
        ("{{job.trigger.table_update.updated_tables}}", '["a.b.c"]'),
        ("{{job.trigger.table_update.a.b.c.version}}", "4"),
        ("{{tasks.load.values.rows}}", "7"),
        ("{{tasks.load.values.ok}}", "true"),
        ("<{{tasks.load.values.text}}>", "<a b>"),
        ("{{tasks.load.values.list}}", '[1,"x"]'),
        ("{{tasks.load.values.object}}", '{"k":null}'),
        ("{{tasks.`my-task`.values.v}}", "1.5"),
        ("{{tasks.`my-task`.result_state}}", "timedout"),
        ("{{tasks.load.execution_count}} {{tasks.load.run_id}}", "2 78"),
        ("{{tasks.sql.output.first_row.c}}", "5"),
        ("{{tasks.sql.output.rows}}", '[{"c":5,"d":"x"}]'),
        ("{{tasks.alert.output.alert_state}}", "TRIGGERED"),
        ("{{input}}", '{"path":"/a","size":3}'),
        ("{{input.path}}", "/a"),
        ("{{workspace.id}}", "123"),
        ("{{job_id}} {{task_key}}", "11 report"),  # the older names
        ("{{foo.bar}}", "{{foo.bar}}"),
        ("{{job.id}", "{{job.id}"),
        ("{{ds}}", "{{ds}}"),
        ("{{tasks.my-task.values.v}}", "{{tasks.my-task.values.v}}"),  # needs backticks
    ],
)
def test_what_becomes_of_it(template: str, text: str) -> None:
    assert context().text(template).text == text


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{{job.notebook_url}}", "the job has no 'notebook_url'"),
        ("{{job.naem}}", "is it name?"),
        ("{{job.start_time.date}}", "a time has no 'date'"),
        ("{{job.start_time}}", "a time has no"),
        ("{{job.parameters.dya}}", "names no parameter of the job; is it day?"),
        ("{{job.trigger.cause}}", "the trigger has no 'cause'"),
        ("{{task.nme}}", "is it name?"),
        ("{{tasks.laod.values.rows}}", "names no task of this run; is it load?"),
        ("{{tasks.load.value.rows}}", "a task has no 'value.rows'; is it values?"),
        ("{{tasks.load.values.row}}", "was never set: load set no such value"),
        ("{{tasks.off.values.v}}", "was never set: off is DISABLED"),
        ("{{tasks.later.values.v}}", "has not ended by then"),
        ("{{tasks.sql.output.first_row.x}}", "is not there: sql gave no such output"),
        ("{{tasks.sql.output.row}}", "an output has no 'row'"),
        ("{{input.pth}}", "has not"),
        ("{{workspace.name}}", "the workspace has no 'name'"),
        ("{{backfill.iso_date}}", "is told by a backfill only"),
    ],
)
def test_what_fails(template: str, problem: str) -> None:
    with pytest.raises(UnresolvedError) as error:
        context().text(template)
    assert problem in str(error.value)
    assert str(error.value).startswith(template)


def test_values_are_filled_in_once() -> None:
    assert context(parameters={"day": "{{job.id}}"}).text("{{job.parameters.day}}") == Text("{{job.id}}")


def test_a_literal_where_a_value_is_missing_is_a_switch() -> None:
    lenient = context(semantics=Semantics(missing_value="literal"))
    assert lenient.text("{{tasks.load.values.row}}").text == "{{tasks.load.values.row}}"


@pytest.mark.parametrize(("spelling", "ends"), [("seconds", ":09"), ("milliseconds", ":09.000"), ("Z", ":09Z")])
def test_how_iso_datetime_is_spelled_is_a_switch(spelling: str, ends: str) -> None:
    text = context(semantics=Semantics(iso_datetime=spelling)).text("{{job.start_time.iso_datetime}}").text
    assert text.endswith(ends)


def test_a_backfill_has_its_own_time() -> None:
    slice_ = context(backfill=datetime(2026, 1, 2, tzinfo=UTC))
    assert slice_.text("{{backfill.iso_date}}").text == "2026-01-02"


def test_parameters_of_the_run_stand_over_defaults_and_over_those_of_the_task() -> None:
    flow = job(
        "a",
        more={
            "a": {"notebook_task": {"notebook_path": "/n", "base_parameters": {"day": "mine", "own": "{{job.name}}"}}}
        },
        parameter=[{"name": "day", "default": "{{job.start_time.iso_date}}"}, {"name": "size", "default": "5"}],
    )
    setting = Setting(began=datetime(2026, 3, 4, tzinfo=UTC))
    assert simulate(flow, setting=setting)["a"].last.parameters == {"day": "2026-03-04", "own": "flow", "size": "5"}
    run = simulate(flow, setting=setting, parameters={"day": "2020-01-01", "new": "n"})
    assert run.parameters == {"day": "2020-01-01", "size": "5", "new": "n"}
    assert run["a"].last.parameters["day"] == "2020-01-01"


def test_a_default_that_cannot_be_filled_in_fails_whoever_reads_it() -> None:
    flow = job(
        "a",
        "b",
        more={"a": {"spark_python_task": {"python_file": "/a.py", "parameters": ["{{job.parameters.day}}"]}}},
        parameter=[{"name": "day", "default": "{{job.dya}}"}],
    )
    run = simulate(flow)
    assert (
        run["a"].reason == "failed: {{job.parameters.day}} has no value: {{job.dya}} is an error: the job has no 'dya'"
    )
    assert run["b"].state == "SUCCESS"


def test_what_cannot_be_filled_in_is_not_retried_unless_somebody_says_so() -> None:
    body = {"spark_python_task": {"python_file": "/a.py", "parameters": ["{{job.nothing}}"]}, "max_retries": 2}
    assert len(simulate(job("a", more={"a": body}))["a"].attempts) == 1
    assert len(simulate(job("a", more={"a": body}), semantics=Semantics(retry_unresolved="yes"))["a"].attempts) == 3


def test_a_value_is_there_also_where_the_task_failed_afterwards() -> None:
    flow = job("a", "i(a):ALL_DONE", more={"i": condition("EQUAL_TO", "{{tasks.a.values.n}}", "1")})
    assert simulate(flow, {"a": Failed(values={"n": 1})})["i"].outcome == "true"


def test_an_iteration_sees_its_input() -> None:
    inner: dict[str, Any] = {
        "notebook_task": {"notebook_path": "/n", "base_parameters": {"path": "{{input.path}}", "all": "{{input}}"}}
    }
    flow = job("a", "l(a)", more={"l": loop("{{tasks.a.values.files}}", **inner)})
    run = simulate(flow, {"a": Succeeded(values={"files": [{"path": "/x"}, {"path": "/y"}]})})
    assert [each.last.parameters for each in run["l"].iterations] == [
        {"path": "/x", "all": '{"path":"/x"}'},
        {"path": "/y", "all": '{"path":"/y"}'},
    ]


def test_the_rows_of_a_query() -> None:
    sql = {"sql_task": {"warehouse_id": "w", "query": {"query_id": "q"}}}
    more = {"q": sql, "i": condition("GREATER_THAN", "{{tasks.q.output.first_row.n}}", "1")}
    flow = job("q", "i(q):ALL_DONE", more=more)
    assert simulate(flow, {"q": Succeeded(output=[{"n": 2}])})["i"].outcome == "true"
    assert simulate(flow, {"q": Succeeded(output=[])})["i"].reason == (
        "failed: {{tasks.q.output.first_row.n}} is not there: q gave no such output"
    )
    assert simulate(flow, {"q": Failed()})["i"].state == "FAILED"


def test_a_workspace_is_known_where_somebody_tells_of_it() -> None:
    flow = job("i", more={"i": condition("EQUAL_TO", "{{workspace.id}}", "7")})
    assert simulate(flow, setting=Setting(workspace={"id": "7"}))["i"].outcome == "true"
    assert simulate(flow)["i"].reason == "failed: {{workspace.id}} is not known here"
