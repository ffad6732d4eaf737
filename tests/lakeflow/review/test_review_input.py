"""What is no plan gets one line and status 2; what is an odd plan is read as far as it goes."""

import gzip
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib import LakeflowError
from lakeflow.review.plan import Plan
from lakeflow.review.reports import markdown
from tests.lakeflow.review.support import REAL, Json, Run, change, job, plan, real, review_of, task, updated

TEXT = json.dumps(updated(job(), job(timeout_seconds=60)))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "plan.json: is empty; run terraform show -json tfplan | lakeflow review -"),
        (b"  \n", "plan.json: is empty"),
        (b"No changes.", "plan.json:1:1: is not JSON"),
        (TEXT[: len(TEXT) // 2].encode(), "ends in the middle of the JSON"),
        (TEXT[:-1].encode(), "ends in the middle of the JSON"),
        ((TEXT + TEXT).encode(), "is not JSON: Extra data"),
        (b"PK\x03\x04binary", "plan.json: is the plan file itself, not its JSON"),
        (b"\xff\xfe\xff", "plan.json"),
        (b"\x80abc", "plan.json:1:1: byte 0x80 is not UTF-8"),
        (b"[]", "plan.json: is not a Terraform plan: it has no format_version"),
        (b"{}", "plan.json: is not a Terraform plan: it has no format_version"),
        (b'{"format_version": 1}', "plan.json: is not a Terraform plan: it has no format_version"),
        (b'{"format_version": "2.0"}', "plan.json: is a plan of format version 2.0; this lakeflow reads 1.x"),
        (b'{"format_version": "0.1"}', "plan.json: is a plan of format version 0.1"),
        (b'{"format_version": "<b>"}', "plan.json: is a plan of format version unknown"),
        (b'{"format_version": "1.0", "values": {}}', "plan.json: is a state, not a plan"),
        (b'{"format_version": "1.0"}', "plan.json: is something else of Terraform's, not a plan"),
        (b'{"@level":"info"}\n{"@level":"info"}', "plan.json: is the log of terraform plan -json, not a plan"),
        (b"[" * 200_000, "plan.json: is not JSON that a plan can be"),
        (b'{"format_version": "1.2", "resource_changes": ' + b"9" * 5000 + b"}", "is not JSON that a plan can be"),
        (b'{"format_version": "1.2", "resource_changes": {}}', "resource_changes is no list"),
        (b'{"format_version": "1.2", "resource_changes": [1]}', "resource_changes[0] is no object"),
        (b'{"format_version": "1.2", "resource_changes": [{}]}', "resource_changes[0].change is no object"),
        (b'{"format_version": "1.2", "resource_changes": [{"change": {}}]}', "has no address or no type"),
    ],
)  # fmt: skip
def test_what_is_no_plan(run: Run, content: bytes, problem: str) -> None:
    ended = run(content)
    assert ended.status == 2
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1
    assert ended.err.startswith("error: ")
    assert problem in ended.err


def test_a_hundred_megabytes(run: Run) -> None:
    ended = run(b'{"format_version": "1.2", "variables": {"a": {"value": "' + b"x" * 100_000_000 + b'"}}}')
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == (
        "error: plan.json: has 100 MB or more, which is not read; split the stack (docs/deploy.md, Size), "
        "or allow more: --most-megabytes 1000\n"
    )


def test_a_larger_plan_where_that_is_allowed(run: Run) -> None:
    large = plan(variables={"a": {"value": "x" * 2_000_000}})
    assert run(large, "--most-megabytes", "1").status == 2
    assert run(large, "--most-megabytes", "3").status == 0


def test_a_file_that_is_not_there(run: Run) -> None:
    from lakeflow.cli import main

    assert main(["review", "nowhere.json"]) == 2
    assert main(["review", "."]) == 2
    assert main(["review", "a\0b"]) == 2


def test_utf_16_as_powershell_writes_it(run: Run) -> None:
    assert run(TEXT.encode("utf-16")).status == 0
    assert run(b"\xef\xbb\xbf" + TEXT.encode()).status == 0


def test_keys_that_nobody_knows_are_ignored(run: Run) -> None:
    assert run(plan(resource_ghosts=[1, 2], format_version="1.99")).status == 0


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--accept", "LR999"], "error: --accept: there is no risk 'LR999'; did you mean "),
        (["--accept", "x"], "error: --accept: there is no risk 'X'; write one of LR101, "),
        (["--env", "prd"], "error: environment 'prd' is not defined; did you mean prod?"),
        (["--within", "10", "--format", "markdown"], "error: --within: 10 bytes hold no report"),
        (["--now", "soon"], "error: --now: 'soon' is no time"),
        (["--facts", "nowhere.json"], "error: nowhere.json: cannot be read: No such file or directory"),
    ],
)  # fmt: skip
def test_unusable_arguments(run: Run, words: list[str], problem: str) -> None:
    ended = run(plan(), *words)
    assert ended.status == 2
    assert ended.err.startswith(problem)
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize("name", sorted(path.name.partition(".")[0] for path in REAL.iterdir()))
def test_every_real_plan_is_reviewed(run: Run, name: str) -> None:
    for form in ("text", "markdown", "json", "html"):
        ended = run(gzip.decompress((REAL / f"{name}.json.gz").read_bytes()), "--format", form, "--fail-on", "never")
        assert ended.status == int(name.startswith("errored"))
        assert ended.err == ""


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("noop", "no changes"),
        ("reorder", "no changes"),
        ("phantom-update", "no changes"),
        ("errored", "block"),
        ("errored-empty", "block"),
        ("target", "block"),
        ("delete", "block"),
        ("replace-cbd", "block"),
        ("import", "block"),
        ("forget", "safe"),
        ("moved-update", "safe"),
        ("deposed", "safe"),
        ("outputs", "safe"),
        ("check-failed", "review"),
    ],
)
def test_the_verdict_of_a_real_plan(name: str, verdict: str) -> None:
    assert review_of(real(name)).verdict == verdict


def test_a_plan_that_failed_is_never_called_no_changes(run: Run) -> None:
    ended = run(real("errored-empty"), "--format", "markdown")
    assert ended.out.splitlines()[1] == "## 🔴 BLOCK · the plan failed"
    assert "no fingerprint: the plan is not whole" in ended.out


def test_what_somebody_did_by_hand_and_what_the_deploy_does_about_it() -> None:
    drift = [(each.address, each.reverted) for each in review_of(real("drift-many")).drift]
    assert ("databricks_job.orders", True) in drift
    assert ("databricks_job.stock", True) in drift  # deleted by hand, made again
    assert {each.reverted for each in review_of(real("refresh-only")).drift} == {False}
    assert review_of(real("noop")).drift == ()


def test_tasks_that_are_known_only_after_the_apply_are_not_called_removed(run: Run) -> None:
    out = run(real("unknown-dynamic")).out
    assert "the tasks of dyn: known after apply" in out
    assert "removed" not in out


def test_ids_that_are_known_only_after_the_apply_have_names(run: Run) -> None:
    out = run(real("unknown")).out
    assert "+ q        SQL file q.sql, on warehouse wh, after a" in out
    assert "+ j        run job other, after n" in out


def test_a_replaced_job_is_one_and_its_leftover_another(run: Run) -> None:
    assert [job["what"] for job in run(real("deposed"), "--format", "json").document["jobs"]] == ["cleaned up"]


@pytest.mark.parametrize(
    "attributes",
    [
        {"job_cluster": [{"job_cluster_key": "m", "new_cluster": [{"num_workers": 10**400}]}]},
        {"job_cluster": [{"job_cluster_key": "m", "new_cluster": [{"num_workers": -1}]}]},
        {"job_cluster": [{"job_cluster_key": "m", "new_cluster": [{"node_type_id": "Standard_D" + "9" * 5000}]}]},
        {"job_cluster": [{"job_cluster_key": "m", "new_cluster": [{"spark_version": "9" * 5000 + ".x"}]}]},
        {"trigger": [{"periodic": [{"interval": 10**400, "unit": "DAYS"}]}]},
        {"trigger": [{"periodic": [{"interval": 1e-320, "unit": "DAYS"}]}]},
        {"timeout_seconds": 10**400},
        {"task": [task("a"), task("a"), task("a", max_retries=1)]},
    ],
)  # fmt: skip
def test_numbers_that_no_job_has(attributes: Json) -> None:
    for document in (
        updated(job(), job(**attributes)),
        updated(job(**attributes), job()),
        plan(change(None, job(**attributes))),
    ):
        assert markdown.render(review_of(document)).startswith("<!-- lakeflow-review")


def test_a_plan_that_is_nested_too_deeply(run: Run) -> None:
    deep: object = "x"
    for _ in range(400):
        deep = {"a": deep}
    ended = run(plan(change(None, {"a": deep}, "other_thing.x")))
    assert ended.status in {0, 2}
    assert "Traceback" not in ended.err


def test_many_other_resources_are_listed_as_far_as_they_fit(run: Run) -> None:
    changes = [change({"name": "a"}, {"name": "b"}, f"databricks_schema.s{number}") for number in range(3000)]
    out = run(plan(*changes), "--format", "markdown").out
    assert out.count("databricks_schema.s") > 500
    assert " more resources." in out


def test_long_values_show_where_they_differ() -> None:
    one, other = "x" * 500 + "A" + "y" * 500, "x" * 500 + "B" + "y" * 500
    (detail,) = review_of(updated(job(description=one), job(description=other))).jobs[0].details
    assert (detail.before[:33], detail.after[:33]) == ("…" + "x" * 30 + "Ay", "…" + "x" * 30 + "By")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "task", "task_key", "schedule", "depends_on", "job_cluster", "new_cluster", "id", "x"]
            ),
            below,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(json_values, json_values, json_values)
def test_a_job_of_any_shape_is_reviewed_or_refused(before: object, after: object, unknown: object) -> None:
    entry: Json = {"address": "databricks_job.x", "type": "databricks_job", "name": "x"}
    entry["change"] = {"actions": ["update"], "before": before, "after": after, "after_unknown": unknown}
    try:
        report = markdown.render(review_of(plan(entry, resource_drift=[entry])))
    except LakeflowError:
        return
    assert report.startswith("<!-- lakeflow-review:v1")


@pytest.mark.slow
@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["resource_changes", "output_changes", "checks", "configuration"]), json_values))
def test_a_plan_of_any_shape_is_read_or_refused(parts: Json) -> None:
    with suppress(LakeflowError):
        Plan.of(plan(**parts))


def test_a_change_of_a_whole_list_entry_is_one_change() -> None:
    entry = change(job(), job(environment=[{"environment_key": "e", "spec": [{"environment_version": "2"}]}]))
    (detail,) = review_of(plan(entry)).jobs[0].job.changes
    assert [(step.name, step.key) for step in detail.path] == [("environment", "e")]
