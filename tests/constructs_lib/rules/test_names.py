"""Rules about the names, tags, parameters and plain choices of a job."""

from typing import Any

import pytest

from constructs_lib.rules import findings
from constructs_lib.rules.engine import RuleSet
from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.finding import Finding, Path
from constructs_lib.rules.names import RULES
from constructs_lib.rules.rule import Form

AWS = {"node_type_id": "i3.xlarge"}
AZURE = {"node_type_id": "Standard_D4ds_v5"}
GCP = {"node_type_id": "n2-highmem-4"}
UUID = "11111111-2222-4333-8444-555555555555"
TOO_MANY = {f"k{number}": "x" for number in range(26)}


def found(body: dict[str, Any]) -> list[Finding]:
    return list(RuleSet.of(RULES, Form.REST).findings(body))


def places(body: dict[str, Any]) -> list[tuple[str, Path]]:
    return [(finding.code, finding.path) for finding in found(body)]


def on(cluster: dict[str, Any] | None, tags: object) -> dict[str, Any]:
    task = notebook("a", **({"new_cluster": {"spark_version": "16.4.x-scala2.12", **cluster}} if cluster else {}))
    return job(task, tags=tags)


@pytest.mark.parametrize(
    ("cluster", "tags", "code", "path"),
    [
        (None, TOO_MANY, "LF901", ("tags",)),
        (None, {"": "x"}, "LF902", ("tags", "")),
        (None, {"a<b": "x"}, "LF903", ("tags", "a<b")),
        (AWS, {"a,b": "x"}, "LF903", ("tags", "a,b")),
        (AZURE, {"a/b": "x"}, "LF903", ("tags", "a/b")),
        ({"azure_attributes": {"first_on_demand": 1}}, {"a/b": "x"}, "LF903", ("tags", "a/b")),
        (GCP, {"a b": "x"}, "LF903", ("tags", "a b")),
        (GCP, {"-a": "x"}, "LF903", ("tags", "-a")),
        (None, {"k" * 513: "x"}, "LF904", ("tags", "k" * 513)),
        (AWS, {"k" * 128: "x"}, "LF904", ("tags", "k" * 128)),
        (GCP, {"k" * 64: "x"}, "LF904", ("tags", "k" * 64)),
        (GCP, {"dev": "Ann Lee"}, "LF905", ("tags", "dev")),
        ({"gcp_attributes": {"zone_id": "HA"}}, {"dev": "a-"}, "LF905", ("tags", "dev")),
        (AWS, {"dev": "a|b"}, "LF905", ("tags", "dev")),
        (None, {"dev": "x" * 257}, "LF906", ("tags", "dev")),
        (AWS, {"dev": "x" * 256}, "LF906", ("tags", "dev")),
        (GCP, {"dev": "x" * 64}, "LF906", ("tags", "dev")),
        (None, {"dev": "\N{SNOWMAN}"}, "LF907", ("tags", "dev")),
        (None, {"\N{SNOWMAN}": "x"}, "LF907", ("tags", "\N{SNOWMAN}")),
        (AWS, {"Name": "x"}, "LF908", ("tags", "Name")),
        (AWS, {"Creator": "x"}, "LF908", ("tags", "Creator")),
        (
            {**AWS, "custom_tags": {"team": "b"}},
            {"team": "a"},
            "LF909",
            ("task", 0, "new_cluster", "custom_tags", "team"),
        ),
    ],
)
def test_tags(cluster: dict[str, Any] | None, tags: dict[str, str], code: str, path: Path) -> None:
    assert places(on(cluster, tags)) == [(code, path)]


@pytest.mark.parametrize(
    ("cluster", "tags"),
    [
        (None, dict.fromkeys(list(TOO_MANY)[:25], "")),
        (None, {"a/b+c": "x, y"}),
        (None, {"a,b": "x"}),
        (None, {"Name": "serverless", "n": 3, "b": True}),
        (AWS, {"cost centre": "a+b=c:d/e@f.g", "k" * 127: "x" * 255}),
        (AZURE, {"a,b": "any|thing, <really>", "k" * 512: "x" * 256}),
        (GCP, {"a_b-c.d": "24X7-1234", "label": ""}),
        ({"policy_id": "p"}, {"a/b": "x"}),
        (AWS, {"${var.key}": "${var.value}!"}),
        ({**AWS, "custom_tags": {"team": "a", "stage": "${var.stage}"}}, {"team": "a", "stage": "dev"}),
        (None, "${local.tags}"),
        (None, None),
        (None, {"a": None, "b": [1]}),
    ],
)
def test_tags_that_are_fine(cluster: dict[str, Any] | None, tags: object) -> None:
    assert not found(on(cluster, tags))


def test_messages() -> None:
    (finding,) = found(on(GCP, {"dev": "Ann Lee"}))
    assert finding.message == (
        "tags: the value 'Ann Lee' of 'dev' has a character that tags on Google Cloud do not take"
    )
    (finding,) = found(job(edit_mode="locked"))
    assert finding.message == "edit_mode: 'locked' is no edit mode"
    assert finding.hint == "did you mean 'UI_LOCKED'?"


@pytest.mark.parametrize(
    ("attributes", "code", "path"),
    [
        ({"name": "n" * 4097}, "LF911", ("name",)),
        ({"name": "\N{SNOWMAN}" * 1366}, "LF911", ("name",)),
        ({"name": " "}, "LF912", ("name",)),
        ({"name": None}, "LF913", ()),
        ({"description": "d" * 27_701}, "LF914", ("description",)),
        ({"description": "\N{SNOWMAN}" * 9_300}, "LF915", ("description",)),
        ({"parameter": [{"name": "a", "default": ""}, {"name": "my day"}]}, "LF921", ("parameter", 1, "name")),
        ({"parameter": [{"name": "", "default": "x"}]}, "LF921", ("parameter", 0, "name")),
        ({"parameter": [{"name": "a"}, {"name": "b"}, {"name": "a"}]}, "LF922", ("parameter", 2, "name")),
        ({"performance_target": "COST_OPTIMIZED", "duration_target": "5h"}, "LF931", ("duration_target",)),
        ({"duration_target": "4h"}, "LF932", ("duration_target",)),
        ({"edit_mode": "LOCKED"}, "LF933", ("edit_mode",)),
        ({"format": "multi_task"}, "LF934", ("format",)),
        ({"format": "SINGLE_TASK"}, "LF935", ("format",)),
        ({"deployment": {"kind": "GIT"}}, "LF936", ("deployment", "kind")),
        ({"budget_policy_id": "sales"}, "LF937", ("budget_policy_id",)),
        ({"usage_policy_id": "sales"}, "LF937", ("usage_policy_id",)),
        ({"budget_policy_id": UUID, "usage_policy_id": UUID.replace("1", "2")}, "LF938", ("budget_policy_id",)),
    ],
)
def test_attributes(attributes: dict[str, Any], code: str, path: Path) -> None:
    assert places({**job(), **attributes}) == [(code, path)]


@pytest.mark.parametrize(
    "attributes",
    [
        {"name": "n" * 4096},
        {"name": "${var.name}", "description": "${var.text}"},
        {"description": "d" * 27_700},
        {"parameter": [{"name": "a.b-c_D9", "default": ""}, {"name": "A.b-c_D9", "default": ""}]},
        {"parameter": [{"name": "${var.a}"}, {"name": "${var.a}"}, {"name": 3}, None]},
        {"performance_target": "COST_OPTIMIZED", "duration_target": "NO_FLEXIBILITY"},
        {"performance_target": "${var.target}", "duration_target": "${var.duration}"},
        {"edit_mode": "EDITABLE", "format": "MULTI_TASK"},
        {"deployment": [{"kind": "SYSTEM_MANAGED"}]},
        {"budget_policy_id": UUID, "usage_policy_id": UUID},
        {"budget_policy_id": "", "usage_policy_id": ""},
        {"edit_mode": 3, "format": [], "deployment": "x", "budget_policy_id": {}, "description": 5},
    ],
)
def test_attributes_that_are_fine_or_the_business_of_the_schema(attributes: dict[str, Any]) -> None:
    assert not found({**job(), **attributes})


def test_a_tag_that_is_a_secret_is_not_repeated() -> None:
    token = "dapi" + "0123456789abcdef" * 2
    told = findings(job(tags={f"<{token}>": f"<{token}>\ud83d", f"{token} " * 20: f"{token} " * 20}))
    assert told
    assert token[:20] not in "".join(each.message + each.hint for each in told)
