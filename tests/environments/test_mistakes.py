"""Every mistake in what the files say: the line it is reported with, and that it is reported once."""

import os
from pathlib import Path

import pytest
from pydantic import model_validator

from environments import Environment, InvalidEnvironment, load, load_all
from environments.files import document
from tests.environments.conftest import Project

DEV, PROD, BASE = "environments/dev.yaml", "environments/prod.yaml", "environments/base.yaml"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("two", "expected a whole number, got the text 'two'"),
        ("'2'", "expected a whole number, got the text '2'"),
        ("2.0", "expected a whole number, got the number 2.0"),
        ("true", "expected a whole number, got true"),
        ("null", "expected a whole number, got nothing (null)"),
        ("[2]", "expected a whole number, got a list"),
        ("{a: 2}", "expected a whole number, got keys and values"),
        ("0", "expected at least 1, got the number 0"),
        ("1001", "expected at most 1000, got the number 1001"),
    ],
)
def test_a_wrong_number(project: Project, value: str, said: str) -> None:
    project.edit("dev.yaml", "max_workers: 2", f"max_workers: {value}")
    assert project.problems() == [f"{DEV}:8:16: compute.max_workers: {said}"]


def test_a_key_without_a_value_is_said_at_its_colon(project: Project) -> None:
    project.edit("dev.yaml", "max_workers: 2", "max_workers:  # two?")
    assert project.problems() == [f"{DEV}:8:14: compute.max_workers: expected a whole number, got nothing (null)"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  team: data", "  team: 5", "10:9: tags.team: expected text, got the number 5; put it in quotes"),
        ("tags:\n  team: data", "tags: none", "9:7: tags: expected keys and values, got the text 'none'"),
        ("order: 1", "order: 1\nprefix_names: yes", "3:15: prefix_names: expected true or false, got the text 'yes'"),
        (
            "order: 1",
            "order: 1\nschedules: pause",
            "3:12: schedules: expected active or paused, got the text 'pause'; did you mean paused?",
        ),
        ("order: 1", "order: 1\nschedules: 5", "3:12: schedules: expected active or paused, got the number 5"),
        ("order: 1", "order: 1\npermissions: {}", "3:14: permissions: expected a list, got keys and values"),
        (
            "user: dev@example.com",
            "user: dev@example",
            "6:9: run_as.user: expected an e-mail address such as data-oncall@example.com, got the text 'dev@example'",
        ),
        (
            "user: dev@example.com",
            "service_principal: c3e85b09",
            "6:22: run_as.service_principal: expected a UUID such as 2f0d6a52-8c1e-4b57-9a37-1d7c5be0a4f1, "
            "got the text 'c3e85b09'",
        ),
        (
            "order: 1",
            "order: 1\nstate: {storage_account: St-Lakeflow}",
            "3:26: state.storage_account: expected 3 to 24 lower-case letters and digits, got the text 'St-Lakeflow'",
        ),
        (
            "order: 1",
            "order: 1\nstate: {container: -tf}",
            "3:20: state.container: expected 3 to 63 lower-case letters, digits and single hyphens, starting and "
            "ending with a letter or digit, got the text '-tf'",
        ),
        (
            "order: 1",
            'order: 1\ncatalog: "sales\\n"',
            "3:10: catalog: expected a name that needs no quotes in SQL: letters, digits and underscores, not starting "
            r"with a digit, got the text 'sales\n'",
        ),
        (
            "order: 1",
            "order: 1\nworkspace_folder: /Shared/../x",
            "3:19: workspace_folder: expected an absolute workspace path without a final slash, such as "
            "/Shared/lakeflow, got the text '/Shared/../x'",
        ),
        (
            "  max_workers: 2",
            "  node_type: i3.xlarge\n  max_workers: 2",
            "8:14: compute.node_type: expected an Azure node type such as Standard_D4ds_v5, got the text 'i3.xlarge'",
        ),
        (
            "  max_workers: 2",
            "  spark_version: 16.4\n  max_workers: 2",
            "8:18: compute.spark_version: expected text, got the number 16.4; put it in quotes",
        ),
        (
            "  max_workers: 2",
            "  warehouse: {size: 2x-small}\n  max_workers: 2",
            "8:21: compute.warehouse.size: expected 2X-Small, X-Small, Small, Medium, Large, X-Large, 2X-Large, "
            "3X-Large or 4X-Large, got the text '2x-small'; did you mean 2X-Small?",
        ),
        (
            "  team: data",
            "  team/data: x",
            r"10:3: tags['team/data']: expected 1 to 512 characters, none of them < > * & % ; \ / + ?, "
            "got the text 'team/data'",
        ),
        (
            "  team: data",
            "".join(f"  t{n}: x\n" for n in range(26)),
            "10:3: tags: expected at most 25 keys, got 26",
        ),
        (
            "order: 1",
            "order: 1\nnotifications: {on_failure: [a@example.com, a@example.com]}",
            "3:45: notifications.on_failure[1]: listed twice; keep one",
        ),
        (
            "order: 1",
            "order: 1\nnotifications: {destinations: {x: {email: []}}}",
            "3:43: notifications.destinations.x.email: expected at least 1 in the list, got 0",
        ),
        (
            "order: 1",
            "order: 1\nnotifications: {destinations: {X: {email: [a@example.com]}}}",
            "3:32: notifications.destinations.X: expected a name of lower-case letters, digits and underscores, "
            "got the text 'X'",
        ),
        (
            "order: 1",
            "order: 1\npermissions: [{group: admins, level: CAN_VIEW}]",
            "3:23: permissions[0].group: expected the name of a group other than admins, who manage every job anyway, "
            "got the text 'admins'",
        ),
        (
            "order: 1",
            "order: 1\npermissions: [{group: a, level: IS_OWNER}]",
            "3:33: permissions[0].level: expected CAN_VIEW, CAN_MANAGE_RUN or CAN_MANAGE, got the text 'IS_OWNER'",
        ),
        ("order: 1", "order: 1\npermissions: [{group: a}]", "3:15: permissions[0].level: missing"),
        (
            "order: 1",
            "order: 1\npermissions: [{group: a, level: CAN_VIEW}, {group: a, level: CAN_MANAGE}]",
            "3:44: permissions[1]: group 'a' is listed already, as [0]; keep one",
        ),
        (
            "order: 1",
            "order: 1\nproducts: {daily_sales: {ready_by: 7:00}}",
            "3:36: products.daily_sales.ready_by: expected a time of day from 00:00 to 23:59, got the text '7:00'",
        ),
        (
            "order: 1",
            "order: 1\nproducts: {daily_sales: {timezone: Europe/Berln}}",
            "3:36: products.daily_sales.timezone: expected the IANA name of a time zone, got the text 'Europe/Berln'; "
            "did you mean Europe/Berlin?",
        ),
    ],
)
def test_a_wrong_value_is_said_at_the_value(project: Project, old: str, new: str, said: str) -> None:
    project.edit("dev.yaml", old, new)
    assert project.problems() == [f"{DEV}:{said}"]


@pytest.mark.parametrize(
    "host",
    [
        "adb-1.1.azuredatabricks.net",
        "http://adb-1.1.azuredatabricks.net",
        "https://adb-1.1.azuredatabricks.net/",
        "https://adb-1.1.azuredatabricks.net/?o=1",
        "https://adb-1.1.azuredatabricks.net#x",
        "https://adb-1.1.azuredatabricks.net:",
        "https://adb-1.1.azuredatabricks.net:99999",
        "https://localhost",
        "http://127.0.0.1",
        "http://127.0.0.1:8080/",
        "http://127.0.0.1:0",
        "https://",
        "https://[::1",
        "ftp://localhost:21",
        "prod",
    ],
)
def test_a_wrong_host(project: Project, host: str) -> None:
    project.edit("dev.yaml", "https://adb-1.1.azuredatabricks.net", f"'{host}'")
    assert project.problems() == [
        f"{DEV}:4:9: workspace.host: expected https:// and the host of a workspace without a path, such as "
        "https://adb-1111111111111111.1.azuredatabricks.net, or http://127.0.0.1:<port> for a workspace on this "
        f"machine, got the text '{host}'"
    ]


@pytest.mark.parametrize(
    "host",
    ["http://127.0.0.1:8080", "http://localhost:1", "https://localhost:8443", "https://dbc-1a2b.cloud.databricks.com"],
)
def test_a_right_host(project: Project, host: str) -> None:
    project.edit("dev.yaml", "https://adb-1.1.azuredatabricks.net", host)
    assert load("dev", project.folder).workspace.host == host


@pytest.mark.parametrize(
    "url", ["git@github.com:a/b", "http://github.com/a/b", "https://github.com", "https://github/a"]
)
def test_a_wrong_git_url(project: Project, url: str) -> None:
    project.edit("prod.yaml", "https://github.com/example/lakeflow-jobs.git", f"'{url}'")
    assert project.problems() == [
        f"{PROD}:13:8: git.url: expected an https URL such as https://github.com/example/lakeflow-jobs.git, "
        f"got the text '{url}'"
    ]


def test_an_unknown_key_is_said_at_the_key_with_the_nearest_name(project: Project) -> None:
    project.edit("prod.yaml", "max_workers", "max_worker")
    assert project.problems() == [f"{PROD}:8:3: compute.max_worker: unknown key; did you mean max_workers?"]


def test_an_unknown_key_like_no_other_names_all(project: Project) -> None:
    project.add("prod.yaml", "state: {region: westeurope}\n")
    assert project.problems() == [
        f"{PROD}:16:9: state.region: unknown key; there are resource_group, storage_account and container"
    ]


@pytest.mark.parametrize(("wrong", "right"), [("extend", "extends"), ("abstrct", "abstract")])
def test_a_misspelt_header_is_one_mistake(project: Project, wrong: str, right: str) -> None:
    name = "base.yaml" if right == "abstract" else "dev.yaml"
    project.edit(name, f"{right}:", f"{wrong}:")
    assert project.problems() == [f"environments/{name}:1:1: {wrong}: unknown key; did you mean {right}?"]


def test_a_misspelt_group_is_one_mistake(project: Project) -> None:
    project.edit("dev.yaml", "compute:", "compte:").edit("prod.yaml", "service_principal", "service_principle")
    assert project.problems() == [
        f"{DEV}:7:1: compte: unknown key; did you mean compute?",
        f"{PROD}:6:3: run_as.service_principle: unknown key; did you mean service_principal?",
    ]


def test_a_mistake_in_what_all_inherit_is_said_once(project: Project) -> None:
    project.edit("base.yaml", "catalog: sales", "catalog: sales-eu").edit("base.yaml", "size: Small", "siez: Small")
    assert project.problems() == [
        f"{BASE}:3:10: catalog: expected a name that needs no quotes in SQL: letters, digits and underscores, "
        "not starting with a digit, got the text 'sales-eu'",
        f"{BASE}:14:5: compute.warehouse.siez: unknown key; did you mean size?",
    ]


def test_a_mistake_that_every_environment_replaces_is_one(project: Project) -> None:
    project.edit("base.yaml", "  node_type", "  max_workers: many\n  node_type")
    assert project.problems() == [f"{BASE}:10:16: compute.max_workers: expected a whole number, got the text 'many'"]


def test_a_missing_key_is_said_in_the_environments_own_file(project: Project) -> None:
    project.edit("dev.yaml", "  max_workers: 2", "  driver_node_type: Standard_D4ds_v5")
    project.edit("prod.yaml", "run_as:\n  service_principal: c3e85b09-d4a1-4672-8f1b-96d07a2ce58f\n", "")
    assert project.problems() == [
        f"{DEV}:8:3: compute.max_workers: missing; put it under compute in {DEV}, or {BASE}",
        f"{PROD}:1:1: run_as: missing; put it into {PROD}, or {BASE}",
    ]


def test_a_key_that_all_lack_is_said_once_in_what_they_extend(project: Project) -> None:
    project.edit("base.yaml", "    size: Small\n", "").edit("base.yaml", "catalog: sales\n", "")
    assert project.problems() == [
        f"{BASE}:1:1: catalog: missing in dev and prod; put it into {BASE}, or into each of them",
        f"{BASE}:13:5: compute.warehouse.size: missing in dev and prod; "
        f"put it under compute.warehouse in {BASE}, or into each of them",
    ]
    assert project.problems(lambda folder: load("dev", folder))[0] == (
        f"{DEV}:1:1: catalog: missing; put it into {DEV}, or {BASE}"
    )


def test_two_of_which_only_one_can_be_given(project: Project) -> None:
    project.add("prod.yaml", "  branch: main\n").edit("dev.yaml", "  user:", "  service_principal: ''\n  user:")
    lines = project.problems()
    assert f"{PROD}:16:3: git: branch and tag are both given; give exactly one of branch, tag and commit" in lines
    assert (
        f"{DEV}:7:3: run_as: service_principal and user are both given; give exactly one of service_principal and user"
        in lines
    )


def test_three_of_which_only_one_can_be_given(project: Project) -> None:
    project.add("prod.yaml", "  branch: main\n  commit: 9fceb02d0ae598e95dc970b74767f19372d61af8\n")
    assert project.problems() == [
        f"{PROD}:17:3: git: branch, tag and commit are all given; give exactly one of branch, tag and commit"
    ]


def test_one_that_is_inherited_and_one_that_is_not(project: Project) -> None:
    project.add("base.yaml", "git: {url: 'https://github.com/a/b', provider: gitHub, branch: main}\n")
    assert project.problems() == [
        f"{PROD}:15:3: git: branch and tag are both given; give exactly one of branch, tag and commit; "
        "`branch: null` takes the inherited one away"
    ]


def test_two_that_are_inherited_are_one_mistake(project: Project) -> None:
    project.add("base.yaml", "git: {url: 'https://github.com/a/b', provider: gitHub, branch: main, tag: v1}\n")
    assert project.problems() == [
        f"{BASE}:27:70: git: branch and tag are both given; give exactly one of branch, tag and commit"
    ]


def test_none_of_which_one_has_to_be_given(project: Project) -> None:
    project.edit("prod.yaml", "  tag: v1.0.0\n", "")
    project.edit("dev.yaml", "order: 1", "order: 1\npermissions: [{level: CAN_VIEW}]")
    assert project.problems() == [
        f"{DEV}:3:15: permissions[0]: exactly one of group, user and service_principal has to be given, and is missing",
        f"{PROD}:13:3: git: exactly one of branch, tag and commit has to be given, and is missing; "
        f"put it under git in {PROD}, or {BASE}",
    ]


def test_an_undefined_destination(project: Project) -> None:
    project.edit("base.yaml", "on_call: on_call", "on_call: oncall")
    assert project.problems() == [
        f"{BASE}:26:14: products.live_orders.on_call: 'oncall' is not defined under notifications.destinations; "
        "did you mean on_call?"
    ]


def test_a_destination_that_one_environment_lacks(project: Project) -> None:
    project.add("prod.yaml", "notifications: {destinations: {on_call: null, data: {email: [a@example.com]}}}\n")
    assert project.problems() == [
        f"{BASE}:26:14: products.live_orders.on_call: 'on_call' is not defined under notifications.destinations; "
        "there is data (in prod)"
    ]


@pytest.mark.parametrize("kind", ["slack", "teams", "pagerduty"])
@pytest.mark.parametrize(
    "wrong", ["https://hooks.slack.com/services/T0/B0/XYZ", "{variable: 'https://hooks.slack.com/T0'}"]
)
def test_a_secret_is_refused_and_not_repeated(project: Project, kind: str, wrong: str) -> None:
    project.add("dev.yaml", f"notifications: {{destinations: {{x: {{{kind}: {wrong}}}}}}}\n")
    (line,) = project.problems()
    assert f"notifications.destinations.x.{kind}" in line
    assert line.endswith(("no secret stands in a file", "of a Terraform variable, such as SLACK_ON_CALL_URL"))
    assert "hooks.slack.com" not in line


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://github.com/example", "https://x:s3cret@github.com/example"),
        ("https://adb-3.3.azuredatabricks.net", "https://s3cret@adb-3.3.azuredatabricks.net"),
        ("analysts", "dapi0123456789abcdefs3cret\n    user: dapi0123456789abcdefs3cret"),
        ("v1.0.0", "\n    a: ghp_s3cret"),
    ],
)
def test_nothing_that_looks_like_a_secret_is_repeated(project: Project, old: str, new: str) -> None:
    lines = project.edit("prod.yaml", old, new).problems()
    assert lines
    assert "s3cret" not in "".join(lines)


def test_extends_of_an_undefined_file(project: Project) -> None:
    project.edit("prod.yaml", "extends: base", "extends: bas")
    assert project.problems() == [f"{PROD}:1:10: extends: 'bas' is not defined; did you mean base?"]


def test_extends_itself(project: Project) -> None:
    project.edit("prod.yaml", "extends: base", "extends: prod")
    assert project.problems() == [f"{PROD}:1:10: extends: a file cannot extend itself"]


def test_a_circle_is_named_once(project: Project) -> None:
    project.add("base.yaml", "extends: prod\n")
    assert project.problems() == [f"{BASE}:27:10: extends: the files go in a circle: base → prod → base"]


def test_a_longer_circle(project: Project) -> None:
    project.edit("dev.yaml", "extends: base", "extends: prod").edit("prod.yaml", "extends: base", "extends: test")
    project.write("test.yaml", "extends: dev\n")
    assert project.problems() == [f"{DEV}:1:10: extends: the files go in a circle: dev → prod → test → dev"]


def test_extends_of_no_text(project: Project) -> None:
    project.edit("prod.yaml", "extends: base", "extends: [base]")
    assert project.problems() == [f"{PROD}:1:10: extends: expected text, got a list"]


def test_what_an_unreadable_file_would_have_said_is_not_missing(project: Project) -> None:
    project.write("base.yaml", "abstract: true\n\tcatalog: x\n")
    assert project.problems() == [f"{BASE}:2:1: a tab; indent and separate with spaces"]


def test_what_cannot_be_known_of_a_value_is_not_guessed(project: Project) -> None:
    project.edit("dev.yaml", "max_workers: 2", "max_workers: !secret x")
    assert project.problems() == [
        f"{DEV}:8:16: compute.max_workers: the tag !secret is not used here; write the plain value"
    ]


def test_every_mistake_of_every_file_is_said_at_once(project: Project) -> None:
    project.edit("base.yaml", "catalog: sales", "catalog: 1\ncatalog: 2")
    project.edit("dev.yaml", "max_workers: 2", "max_worker: 2").edit("dev.yaml", "order: 1", "order: first")
    project.edit("prod.yaml", "provider: gitHub", "provider: github").write("test.yaml", "a: [")
    assert project.problems() == [
        f"{BASE}:3:10: catalog: expected text, got the number 1; put it in quotes",
        f"{BASE}:4:1: catalog: given twice, in line 3 and in line 4; keep one",
        f"{DEV}:2:8: order: expected a whole number, got the text 'first'",
        f"{DEV}:8:3: compute.max_worker: unknown key; did you mean max_workers?",
        f"{PROD}:14:13: git.provider: expected gitHub, gitHubEnterprise, gitLab, gitLabEnterpriseEdition, "
        "bitbucketCloud, bitbucketServer, azureDevOpsServices or awsCodeCommit, got the text 'github'; "
        "did you mean gitHub?",
        "environments/test.yaml:1:5: a value is missing here, or a [ or { is never closed",
    ]


def test_a_folder_where_a_file_should_be(project: Project) -> None:
    (project.folder / "prod.yaml").unlink()
    (project.folder / "prod.yaml").mkdir()
    assert project.problems() == [f"{PROD}:1:1: the file cannot be read: it is a folder"]


def test_a_link_to_nothing(project: Project) -> None:
    (project.folder / "test.yaml").symlink_to(project.folder / "gone.yaml")
    assert project.problems() == ["environments/test.yaml:1:1: the file cannot be read: no such file or directory"]


def test_a_pipe_is_not_waited_for(project: Project) -> None:
    os.mkfifo(project.folder / "test.yaml")
    assert project.problems() == ["environments/test.yaml:1:1: the file cannot be read: it is no regular file"]


def test_a_file_that_may_not_be_read(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert project.problems() == [
        f"{file}:1:1: the file cannot be read: permission denied" for file in (BASE, DEV, PROD)
    ]


@pytest.mark.parametrize("name", ["Test.yaml", "1test.yaml", "te st.yaml", "te_st.yaml"])
def test_a_file_with_a_name_that_no_environment_can_have(project: Project, name: str) -> None:
    project.write(name, "extends: base\n")
    assert project.problems() == [
        f"environments/{name}:1:1: a file's name is the environment's: a lower-case letter, then lower-case letters, "
        "digits and hyphens"
    ]


def test_yml_is_not_overlooked(project: Project) -> None:
    project.write("test.yml", "extends: base\n")
    assert project.problems() == ["environments/test.yml:1:1: environments end in .yaml; rename the file to test.yaml"]


def test_what_only_a_typed_value_can_tell_has_its_place_too(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stricter(Environment):
        @model_validator(mode="after")
        def _busy(self) -> "Stricter":
            raise ValueError("too many workers for dev")

    monkeypatch.setattr(document, "Environment", Stricter)
    assert project.problems() == [f"{DEV}:1:1: too many workers for dev", f"{PROD}:1:1: too many workers for dev"]


def test_the_error_holds_every_problem_with_its_place(project: Project) -> None:
    project.edit("prod.yaml", "max_workers: 12", "max_workers: x")
    with pytest.raises(InvalidEnvironment) as caught:
        load_all(project.folder)
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert (problem.place.file, problem.place.line, problem.place.column) == (PROD, 8, 16)
    assert problem.message == "compute.max_workers: expected a whole number, got the text 'x'"
