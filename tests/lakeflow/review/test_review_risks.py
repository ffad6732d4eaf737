"""Every risk, shown by a plan that has it, and silent on one that does not."""

import copy
from typing import Any

import pytest

from constructs_lib.rules import Policies
from lakeflow.review.phrases import text_of
from lakeflow.review.risks import RISKS
from tests.lakeflow.review.support import (
    Json,
    Run,
    change,
    cluster,
    codes,
    grants,
    job,
    plan,
    real,
    review_of,
    schedule,
    task,
    updated,
)
from tests.support.project import ROOT

DAILY = schedule("0 0 6 * * ?")
RUN_AS_ROBOT = [{"service_principal_name": "c3e85b09-d4a1-4672-8f1b-96d07a2ce58f"}]
RUN_AS_JANE = [{"user_name": "jane@example.com"}]
SLOW = {"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": 60}
TOLD = [{"on_failure": ["a@example.com", "b@example.com"]}]
DEFERRED = {"reason": "deferred_prereq", "resource_change": {"address": "databricks_job.x[*]"}}
GIT = [{"url": "https://git.example/x.git", "provider": "gitHub", "tag": "v1"}]


def permissions(before: Json | None, after: Json | None) -> Json:
    return plan(change(job(), job()), change(before, after, "databricks_permissions.orders"))


def replaced(**attributes: Any) -> Json:
    entry = change(job(), job(**attributes))
    entry["change"]["actions"] = ["delete", "create"]
    entry["change"]["replace_paths"] = [["parent_path"]]
    return plan(entry)


def acting(*actions: str, before: Json | None = None, after: Json | None = None, **more: Any) -> Json:
    entry = change(before, after, **more)
    entry["change"]["actions"] = list(actions)
    return plan(entry)


def imported(before: Json, after: Json) -> Json:
    return acting("update", before=before, after=after, importing={"id": "100"})


def failed(kind: str) -> Json:
    problem = {"message": "deploys are frozen"}
    return {"address": {"kind": kind, "to_display": "x"}, "status": "fail", "instances": [{"problems": [problem]}]}


def without(*keys: str) -> list[Json]:
    return [each for each in job()["task"] if each["task_key"] not in keys]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (plan(change(job(), None)), [("LR101", "error")]),
        (replaced(), [("LR101", "error")]),
        (plan(change(job(), None, deposed="d7ae468e")), [("LR101", "info")]),
        (acting("forget", before=job()), [("LR102", "info")]),
        (updated(job(schedule=schedule("0 0 6 * * ?", paused=True)), job(schedule=DAILY)), [("LR103", "warning")]),
        (updated(job(), job(continuous=[{"pause_status": None}])), [("LR103", "warning")]),
        (plan(change(None, job(schedule=DAILY))), [("LR103", "warning")]),
        (updated(job(schedule=DAILY), job(schedule=schedule("0 0 6 * * ?", paused=True))), [("LR104", "warning")]),
        (updated(job(schedule=DAILY), job()), [("LR104", "warning")]),
        (updated(job(schedule=DAILY), job(schedule=schedule("0 0 6,18 * * ?"))), [("LR105", "warning")]),
        (updated(job(schedule=DAILY), job(schedule=schedule("0 20 19 * * ?"))), [("LR105", "warning")]),
        (updated(job(schedule=DAILY), job(schedule=schedule("0 0 6 30 2 ?"))), [("LR105", "warning")]),
        (
            updated(job(schedule=DAILY), job(schedule=schedule("0 30 2 * * ?", zone="Europe/Berlin"))),
            [("LR105", "info")],
        ),
        (updated(job(run_as=RUN_AS_ROBOT), job(run_as=RUN_AS_JANE)), [("LR106", "error")]),
        (updated(job(run_as=RUN_AS_JANE), job(run_as=RUN_AS_ROBOT)), [("LR106", "warning")]),
        (plan(change(None, job(run_as=RUN_AS_JANE))), [("LR106", "warning")]),
        (permissions(grants(("a", "CAN_VIEW")), grants(("a", "CAN_MANAGE"))), [("LR107", "warning")]),
        (permissions(None, grants(("a", "CAN_VIEW"))), [("LR107", "info")]),
        (permissions(None, grants(("a", "CAN_MANAGE_RUN"))), [("LR107", "warning")]),
        (permissions(grants(("users", "CAN_VIEW")), grants(("users", "CAN_MANAGE_RUN"))), [("LR107", "error")]),
        (updated(job(), job(task("clean"), task("publish", "clean"))), [("LR108", "warning")]),
        (
            updated(job(), job(*without("publish"), task("publish", "load", run_if="ALL_DONE"))),
            [("LR108", "warning")],
        ),
        (updated(job(), job(*without("publish"), task("publish"))), [("LR108", "info"), ("LR108", "info")]),
        (updated(job(), cluster(job(), num_workers=8)), [("LR109", "warning")]),
        (updated(job(), cluster(job(), num_workers=3)), [("LR109", "info")]),
        (updated(job(), cluster(job(), node_type_id="Standard_E64ds_v5")), [("LR109", "warning")]),
        (updated(job(), cluster(job(), spark_version="17.1.x-scala2.13")), [("LR109", "info")]),
        (updated(job(), cluster(job(), spark_version="15.4.x-scala2.12")), [("LR109", "info")]),
        (
            updated(
                cluster(job(), azure_attributes=[{"availability": "SPOT_WITH_FALLBACK_AZURE"}]),
                cluster(job(), azure_attributes=[{"availability": "ON_DEMAND_AZURE"}]),
            ),
            [("LR109", "info")],
        ),
        (updated(job(schedule=DAILY), job(schedule=schedule("0 0 6 * * *"))), [("LR105", "error")]),
        (updated(job(schedule=DAILY), job(continuous=[{"pause_status": None}])), [("LR105", "warning")]),
        (updated(job(task("a")), job(task("a", disabled=True))), [("LR108", "warning")]),
        (updated(job(), cluster(job(), runtime_engine="PHOTON")), [("LR109", "info")]),
        (updated(job(), cluster(job(), data_security_mode="NONE")), [("LR109", "warning")]),
        (updated(job(), cluster(job(), azure_attributes=[{"availability": "SPOT_AZURE"}])), [("LR109", "warning")]),
        (
            updated(job(task("a")), job(task("a", job_cluster_key=None, existing_cluster_id="0101-x"))),
            [("LR109", "info")],
        ),
        (updated(job(timeout_seconds=3600), job(timeout_seconds=0)), [("LR110", "warning")]),
        (updated(job(task("a", health=[{"rules": [SLOW]}])), job(task("a"))), [("LR110", "warning")]),
        (
            updated(job(health=[{"rules": [SLOW]}]), job(health=[{"rules": [{**SLOW, "value": 900}]}])),
            [("LR110", "warning")],
        ),
        (
            updated(job(email_notifications=TOLD), job(email_notifications=[{"on_failure": ["", ""]}])),
            [("LR110", "warning")],
        ),
        (
            updated(job(task("a", email_notifications=TOLD)), job(task("a"))),
            [("LR110", "warning")],
        ),
        (updated(job(queue=[{"enabled": True}]), job(queue=[{"enabled": False}])), [("LR111", "info")]),
        (updated(job(git_source=GIT), job()), [("LR112", "warning")]),
        (updated(job(parameter=[{"name": "day", "default": "1"}]), job()), [("LR113", "warning")]),
        (updated(job(), job(parameter=[{"name": "day", "default": "1"}])), [("LR113", "info")]),
        (updated(job(task("a", max_retries=2)), job(task("a"))), [("LR110", "warning")]),
        (
            updated(job(email_notifications=[{"on_failure": ["a@example.com"]}]), job(email_notifications=[])),
            [("LR110", "warning")],
        ),
        (
            updated(
                job(email_notifications=[{"on_failure": ["a@example.com", "b@example.com"]}]),
                job(email_notifications=[{"on_failure": ["b@example.com"]}]),
            ),
            [("LR110", "warning")],
        ),
        (updated(job(health=[{"rules": [SLOW]}]), job()), [("LR110", "warning")]),
        (updated(job(max_concurrent_runs=1), job(max_concurrent_runs=4)), [("LR111", "info")]),
        (updated(job(git_source=GIT), job(git_source=[{**GIT[0], "tag": "v2"}])), [("LR112", "warning")]),
        (plan(change(None, job(git_source=[{**GIT[0], "tag": None, "branch": "main"}]))), [("LR112", "warning")]),
        (
            updated(
                job(parameter=[{"name": "day", "default": "1"}]), job(parameter=[{"name": "day", "default": "2"}])
            ),
            [("LR113", "info")],
        ),
        (plan(errored=True, complete=False), [("LR114", "error")]),
        (plan(complete=False), [("LR114", "error")]),
        (plan(deferred_changes=[DEFERRED]), [("LR114", "error")]),
        (acting("explode", before=job(), after=job()), [("LR114", "error")]),
        (imported(job(task("a"), task("b")), job(task("a"))), [("LR116", "error")]),
        (imported(job(), job(timeout_seconds=60)), [("LR116", "warning")]),
        (plan(change({"id": "1", "name": "x"}, None, "databricks_sql_endpoint.w")), [("LR117", "warning")]),
        (plan(change({"id": "1", "name": "x"}, None, "databricks_schema.w")), [("LR117", "error")]),
        (plan(checks=[failed("check")]), [("LR118", "warning")]),
        (plan(checks=[failed("resource")]), [("LR118", "error")]),
    ],
)  # fmt: skip
def test_a_plan_with_the_risk(document: Json, expected: list[tuple[str, str]]) -> None:
    assert codes(document) == expected


@pytest.mark.parametrize(
    "document",
    [
        plan(change(job(), job())),
        updated(job(), job(*reversed(job()["task"]))),
        updated(job(), job(*job()["task"], task("more", "publish"))),
        updated(job(schedule=DAILY), job(schedule=schedule("0 30 6 * * ?"))),
        updated(job(schedule=schedule("0 0 6 * * ?", paused=True)), job(schedule=schedule("0 0 * * * ?", paused=True))),
        updated(job(schedule=schedule("0 0 6 ? * 2-6")), job(schedule=schedule("0 0 6 ? * MON-FRI"))),
        plan(change(None, job(run_as=RUN_AS_ROBOT))),
        permissions(grants(("users", "CAN_MANAGE")), grants(("users", "CAN_VIEW"))),
        permissions(grants(("users", "CAN_MANAGE")), None),
        updated(job(), cluster(job(), num_workers=1)),
        updated(job(timeout_seconds=60), job(timeout_seconds=120)),
        updated(job(max_concurrent_runs=4), job(max_concurrent_runs=1)),
        updated(
            job(max_concurrent_runs=1, queue=[{"enabled": True}]), job(max_concurrent_runs=4, queue=[{"enabled": True}])
        ),
        acting("no-op", before=job(), after=job(), importing={"id": "100"}),
        plan(change(None, {"name": "x"}, "databricks_schema.w")),
        plan(checks=[{"address": {"to_display": "check.x"}, "status": "pass"}]),
    ],
)
def test_a_plan_without_any(document: Json) -> None:
    assert codes(document) == []


def test_each_risk_has_a_code_of_its_own_and_says_why() -> None:
    assert [risk.code for risk in RISKS] == [f"LR1{number:02}" for number in range(1, 21)]
    assert all(risk.title and risk.why.endswith((".", ")")) for risk in RISKS)


def test_the_documentation_has_every_risk() -> None:
    page = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
    rows = [f"| {risk.code} | {risk.severity.value} | {risk.title} | {risk.why} |" for risk in RISKS]
    assert [line for line in page.splitlines() if line.startswith("| LR")] == rows


def test_an_environment_says_how_severe_each_is() -> None:
    gone = plan(change(job(), None))
    assert codes(gone, policies=Policies(rules={"LR101": "info"})) == [("LR101", "info")]
    assert codes(gone, policies=Policies(rules={"LR": "off"})) == []
    assert codes(gone, policies=Policies(rules={"LR": "off", "LR101": "warning"})) == [("LR101", "warning")]


def test_no_environment_and_nobody_makes_a_broken_plan_pass(run: Run) -> None:
    broken = plan(errored=True)
    assert codes(broken, policies=Policies(rules={"LR": "off"})) == [("LR114", "error")]
    ended = run(broken, "--accept", "LR114")
    assert (ended.status, ended.err) == (
        2,
        "error: --accept: LR114 cannot be accepted; plan again, so that the plan is whole\n",
    )
    assert run(broken, "--fail-on", "never").status == 1


def test_an_accepted_finding_is_shown_and_does_not_fail(run: Run) -> None:
    gone = plan(change(job(), None))
    assert run(gone).status == 1
    ended = run(gone, "--accept", "LR101,LR117", "--format", "json")
    assert ended.status == 0
    assert ended.document["findings"] == []
    assert [each["code"] for each in ended.document["accepted"]] == ["LR101"]
    assert ended.document["verdict"] == "review"  # not safe: somebody had to accept something


def test_fail_on(run: Run) -> None:
    warned = updated(job(schedule=DAILY), job())
    assert [run(warned, "--fail-on", level).status for level in ("error", "warning", "info", "never")] == [0, 1, 1, 0]


def test_what_happens_to_several_jobs_is_said_once() -> None:
    one, other = (change(job(name=name, schedule=DAILY), job(name=name), f"databricks_job.{name}") for name in "ab")
    review = review_of(plan(one, other))
    assert len(review.concerns) == 2
    (both,) = review.grouped
    assert text_of(both.what) == "each of a and b stops running by itself: nothing starts it any more"


def sentences(document: Json) -> list[str]:
    return [text_of(each.what) for each in review_of(document).concerns]


def test_grants_that_cannot_be_shown_are_not_lost() -> None:
    document = permissions(grants(("a", "CAN_VIEW")), grants(("a", "CAN_MANAGE")))
    document["resource_changes"][1]["change"]["before_sensitive"] = {"access_control": True}
    assert codes(document) == [("LR107", "warning")]
    assert sentences(document) == ["who may use orders changes, and cannot be shown"]
    assert review_of(document).verdict == "review"


def test_a_forgotten_grant_stays() -> None:
    entry = change(grants(("a", "CAN_VIEW")), None, "databricks_permissions.orders")
    entry["change"]["actions"] = ["forget"]
    assert review_of(plan(change(job(), job()), entry)).jobs[0].job.grants == ()


def test_what_the_code_takes_from_somewhere_is_a_change_though_the_provider_may_fill_it_in() -> None:
    after = cluster(job(), node_type_id=None)
    document = updated(job(), after)
    cluster_path = [{"new_cluster": [{"node_type_id": True}]}]
    document["resource_changes"][0]["change"]["after_unknown"] = {"job_cluster": cluster_path}
    expression = {"references": ["data.databricks_node_type.big.id", "data.databricks_node_type.big"]}
    expressions = {"job_cluster": [{"new_cluster": [{"node_type_id": expression}]}]}
    resource = {"address": "databricks_job.orders", "expressions": expressions}
    document["configuration"] = {"root_module": {"resources": [resource]}}
    (detail,) = review_of(document).jobs[0].details
    assert detail.after == "known after apply (data.databricks_node_type.big.id)"


def test_tasks_and_schedules_that_are_known_later_are_said_to_be() -> None:
    found = codes(real("unknown-dynamic"))
    assert ("LR119", "warning") in found
    assert "LR103" not in {code for code, _ in found}
    assert sentences(real("unknown-dynamic")) == ["task and schedule of dyn: known only after the apply"]


def test_what_was_changed_by_hand_and_stays_so() -> None:
    assert ("LR120", "info") in codes(real("refresh-only"))


def test_everybody_on_something_else() -> None:
    warehouse = {"id": "/sql/1", "sql_endpoint_id": "1"}
    one, other = (
        {**warehouse, "access_control": [{"group_name": "users", "permission_level": level}]}
        for level in ("CAN_USE", "CAN_MANAGE")
    )
    assert codes(plan(change(one, other, "databricks_permissions.w"))) == [("LR107", "error")]


def test_who_is_told_no_more_and_who_still_is() -> None:
    one = job(email_notifications=[{"on_failure": ["a@example.com", "b@example.com"]}])
    other = job(email_notifications=[{"on_failure": ["b@example.com"]}])
    (concern,) = review_of(updated(one, other)).concerns
    assert (text_of(concern.what), text_of(concern.why)) == (
        "a@example.com no longer told of failures of orders",
        "b@example.com still told",
    )
    assert sentences(real("foreach")).count("nobody is told of failures of etl any more") == 1


def test_the_risks_of_a_real_plan() -> None:
    found = codes(real("foreach"))
    assert sorted({code for code, _ in found}) == ["LR106", "LR107", "LR108", "LR109", "LR110", "LR112", "LR113"]
    assert [code for code, severity in found if severity == "error"] == ["LR106", "LR107"]


def test_the_same_change_of_a_nested_task_is_seen() -> None:
    def loop(path: str) -> Json:
        inner = {**task("each"), "notebook_task": [{"notebook_path": path}], "depends_on": []}
        return {"task_key": "loop", "for_each_task": [{"inputs": "[1]", "task": [copy.deepcopy(inner)]}]}

    (row,) = review_of(updated(job(loop("/a")), job(loop("/b")))).jobs[0].tasks
    assert text_of(row.what) == "for_each_task.task.notebook_task.notebook_path /a → /b"
