"""The fingerprint is that of what happens: however a plan is worded, and never of a secret."""

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from lakeflow.review.differences import changes
from lakeflow.review.fingerprint import fingerprint
from lakeflow.review.plan import Plan
from tests.lakeflow.review.support import Json, Run, change, grants, job, plan, real, review_of, schedule, task, updated

AFTER = job(
    task("audit"),
    task("clean", "audit"),
    task("load", "clean"),
    task("publish", "load", "audit", library=[{"pypi": [{"package": "a"}]}, {"whl": "/b.whl"}]),
    parameter=[{"name": "a", "default": "1"}, {"name": "b", "default": "2"}],
    email_notifications=[{"on_failure": ["a@example.com", "b@example.com"]}],
)


def of(document: Json) -> str | None:
    return fingerprint(Plan.of(document))


def shuffled(value: Any, source: random.Random) -> Any:
    """Return a body with its lists in another order, but for those in which order means something."""
    if isinstance(value, dict):
        return {key: shuffled(entry, source) for key, entry in value.items()}
    if isinstance(value, list):
        entries = [shuffled(entry, source) for entry in value]
        source.shuffle(entries)
        return entries
    return value


def padded(value: Any) -> Any:
    """Return a body as a state writes it: with nothing in many words."""
    if isinstance(value, dict):
        nothing = {"description": "", "webhook_notifications": [], "email_notifications": [], "timeout_seconds": 0}
        more = nothing if "task_key" in value and "notebook_task" in value else {}
        return {**more, **{key: padded(entry) for key, entry in value.items()}}
    return [padded(entry) for entry in value] if isinstance(value, list) else value


@pytest.mark.slow
@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_means_nothing(source: random.Random) -> None:
    assert changes("databricks_job", AFTER, shuffled(AFTER, source)) == ()
    assert of(updated(job(), AFTER)) == of(updated(shuffled(job(), source), shuffled(AFTER, source)))
    assert review_of(updated(AFTER, shuffled(AFTER, source))).verdict == "no changes"


def test_how_nothing_is_written_means_nothing() -> None:
    assert changes("databricks_job", AFTER, padded(AFTER)) == ()
    assert of(updated(job(), AFTER)) == of(updated(padded(job()), padded(AFTER)))


settings_of_a_job = st.builds(
    lambda keys, cron, timeout, tags: job(
        *(task(key, *keys[:place][-1:]) for place, key in enumerate(keys)),
        schedule=schedule(cron),
        timeout_seconds=timeout,
        tags=tags,
    ),
    st.lists(st.sampled_from("abcdef"), unique=True, min_size=1),
    st.sampled_from(["0 0 6 * * ?", "0 0 7 * * ?"]),
    st.sampled_from([0, 60, 3600]),
    st.dictionaries(st.sampled_from("xyz"), st.sampled_from(["1", "2", ""]), max_size=3),
)


@settings(deadline=None)
@given(settings_of_a_job, settings_of_a_job)
def test_there_and_back_are_the_same_changes_turned_round(one: Json, other: Json) -> None:
    there = {(each.path, str(each.before), str(each.after)) for each in changes("databricks_job", one, other)}
    back = {(each.path, str(each.after), str(each.before)) for each in changes("databricks_job", other, one)}
    assert there == back
    assert (there == set()) == (changes("databricks_job", shuffled(one, random.Random(1)), other) == ())


def edited(edit: Callable[[Json], None]) -> Json:
    """Return the plan from `job()` to AFTER with one thing different."""
    document = copy.deepcopy(updated(job(), AFTER))
    edit(document)
    return document


@pytest.mark.parametrize(
    "document",
    [
        edited(lambda it: it["resource_changes"][0]["change"]["after"]["task"][0].update(max_retries=1)),
        edited(lambda it: it["resource_changes"][0]["change"]["before"].update(timeout_seconds=9)),
        edited(lambda it: it["resource_changes"][0]["change"].update(actions=["delete", "create"])),
        edited(lambda it: it["resource_changes"][0].update(address="databricks_job.other")),
        edited(lambda it: it["resource_changes"].append(change(None, {"name": "s"}, "databricks_schema.s"))),
        edited(lambda it: it["resource_changes"][0]["change"].update(importing={"id": "100"})),
        edited(lambda it: it["resource_changes"][0].update(previous_address="databricks_job.older")),
        edited(lambda it: it.update(output_changes={"x": {"actions": ["create"], "before": None, "after": "1"}})),
    ],
)
def test_whatever_else_happens_is_another_plan(document: Json) -> None:
    assert of(document) != of(updated(job(), AFTER))


@pytest.mark.parametrize(
    "document",
    [
        edited(lambda it: it.update(timestamp="2027-01-01T00:00:00Z", terraform_version="1.12.0")),
        edited(lambda it: it["resource_changes"].append(change(job(), job(), "databricks_job.other"))),
        edited(lambda it: it.update(prior_state={"x": 1}, variables={"v": {"value": "2"}}, planned_values={})),
    ],
)
def test_what_does_nothing_is_the_same_plan(document: Json) -> None:
    assert of(document) == of(updated(job(), AFTER))


def test_of_a_secret_only_that_it_changes() -> None:
    def secret(before: str, after: str) -> str | None:
        return of(updated(job(tags={"password": before}), job(tags={"password": after})))

    assert secret("one-password", "another-password") == secret("a-third-one", "a-fourth-one")
    assert secret("one-password", "another-password") != secret("one-password", "one-password")


@pytest.mark.parametrize("name", ["errored", "errored-empty", "target", "deferred"])
def test_a_plan_that_is_not_whole_has_none(name: str) -> None:
    assert of(real(name)) is None


@pytest.mark.parametrize("name", ["noop", "phantom-update", "reorder", "refresh-only"])
def test_plans_that_do_nothing_are_all_the_same(name: str) -> None:
    assert of(real(name)) == of(plan())


def test_the_plan_that_was_reviewed_passes(run: Run) -> None:
    printed = run(updated(job(), AFTER), "--format", "json").document["fingerprint"]
    ended = run(updated(job(), padded(AFTER)), "--expect", printed)
    assert (ended.status, ended.err) == (0, "")


def test_another_plan_is_refused(run: Run) -> None:
    printed = run(updated(job(), AFTER), "--format", "json").document["fingerprint"]
    ended = run(updated(job(), job(timeout_seconds=60)), "--expect", printed, "--fail-on", "never")
    assert ended.status == 1
    assert ended.err.startswith("error: this is not the plan that was reviewed: its fingerprint is sha256:")
    assert f", not {printed}; review it anew\n" in ended.err
    assert "timeout_seconds set to 1m" in ended.out  # what it does instead is shown


def test_a_plan_without_changes_passes_since_nothing_can_be_applied(run: Run) -> None:
    assert run(updated(AFTER, AFTER), "--expect", "sha256:" + "0" * 64).status == 0


def test_a_plan_that_hides_what_it_does_is_not_taken_for_one_without_changes(run: Run) -> None:
    secret = plan(change(grants(("a", "CAN_VIEW")), grants(("a", "CAN_MANAGE")), "databricks_permissions.orders"))
    secret["resource_changes"][0]["change"]["after_sensitive"] = {"access_control": True}
    misshapen = updated(job(), job(tags=["not", "a", "map"]))
    for document in (secret, misshapen):
        ended = run(document, "--expect", "sha256:" + "0" * 64, "--fail-on", "never")
        assert ended.status == 1
        assert ended.err.startswith("error: ")


def set_(**values: Any) -> Callable[[Json], None]:
    """Return what sets attributes of the job after the plan, by dotted paths."""

    def edit(body: Json) -> None:
        for path, value in values.items():
            *steps, last = path.split("__")
            place: Any = body
            for step in steps:
                place = place[int(step)] if step.isdigit() else place.setdefault(step, [{}])
            place[last] = value

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        set_(provider_config=[{"workspace_id": "999"}]),
        set_(task__0__notebook_task__0__base_parameters={"only": ""}),
        set_(task__0__library=[{"whl": "https://me:evil@example.com/a.whl"}, {"whl": "https://me:good@example.com/b.whl"}]),
        set_(git_source=[{"url": "https://git.example/x", "branch": "b"}]),
        set_(job_cluster__0__new_cluster__0__autotermination_minutes=0),
    ],
)  # fmt: skip
def test_what_is_easily_overlooked_is_a_change(run: Run, edit: Callable[[Json], None]) -> None:
    before, after = job(task("a", library=[{"whl": "https://me:good@example.com/a.whl"}])), None
    after = copy.deepcopy(before)
    edit(after)
    ended = run(updated(before, after), "--expect", "sha256:" + "0" * 64, "--fail-on", "never")
    assert ended.status == 1


def test_a_script_comes_from_the_workspace_unless_it_is_said() -> None:
    def script(source: str | None) -> Json:
        block = [{"python_file": "a.py", "source": source}]
        git = [{"url": "https://git.example/x", "tag": "v1"}]
        return job({"task_key": "a", "spark_python_task": block}, git_source=git)

    assert review_of(updated(script(None), script("WORKSPACE"))).verdict == "no changes"
    assert review_of(updated(script(None), script("GIT"))).verdict != "no changes"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"actions": ["delete", "create"]}, {"actions": ["create", "delete"]}),
        ({"actions": ["delete", "create"]}, {"actions": ["create", "forget"]}),
    ],
)
def test_how_something_is_replaced_matters(one: Json, other: Json) -> None:
    plans = [edited(lambda it: None) for _ in range(2)]
    for document, how in zip(plans, (one, other), strict=True):
        document["resource_changes"][0]["change"].update(how)
    assert of(plans[0]) != of(plans[1])


def test_what_is_deleted_matters() -> None:
    one, other = (plan(change(job(id=identity), None)) for identity in ("1", "2"))
    assert of(one) != of(other)


@pytest.mark.parametrize(
    "document",
    [
        plan(action_invocations=[{"address": "action.x.y"}]),
        edited(lambda it: it["resource_changes"][0]["change"].update(actions=["frob"])),
        updated(job(), job(tags=["not", "a", "map"])),
    ],
)
def test_a_plan_that_is_not_understood_has_none(run: Run, document: Json) -> None:
    assert of(document) is None
    assert run(document, "--fail-on", "never", "--format", "json").document["verdict"] == "block"


def test_a_plan_that_failed_never_passes(run: Run) -> None:
    for name in ("errored", "errored-empty", "target"):
        ended = run(real(name), "--expect", "sha256:" + "0" * 64, "--fail-on", "never")
        assert ended.status == 1
        assert ended.err == "error: the plan is not whole, and so not the one that was reviewed; plan again\n"


@pytest.mark.parametrize("said", ["", "sha256:abc", "0" * 64])
def test_half_a_fingerprint_is_refused(run: Run, said: str) -> None:
    ended = run(plan(), "--expect", said)
    assert ended.status == 2
    assert "--expect: not as expected; write the whole fingerprint" in ended.err
