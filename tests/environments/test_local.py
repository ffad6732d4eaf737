"""LAKEFLOW_WORKSPACE=http://127.0.0.1:8765: every environment in a workspace on this machine."""

import pytest

from environments import selected
from tests.environments.conftest import Project

HERE = {"LAKEFLOW_WORKSPACE": "http://127.0.0.1:8765"}


def test_every_environment_is_a_stack_of_its_own_on_this_machine(project: Project) -> None:
    found = selected(environ=HERE, folder=project.folder)
    assert [each.stack_name for each in found] == ["dev-local", "prod-local"]
    assert {each.workspace.host for each in found} == {"http://127.0.0.1:8765"}
    assert {each.workspace.number for each in found} == {"1"}


def test_what_is_deployed_is_the_same_but_for_where(project: Project) -> None:
    (here,), (there,) = selected(["prod"], HERE, project.folder), selected(["prod"], {}, project.folder)
    assert here.keeps_state_here
    assert not there.keeps_state_here
    differs = {"local", "workspace"}
    assert here.model_dump(exclude=differs) == there.model_dump(exclude=differs)
    assert here.name_prefix == there.name_prefix


@pytest.mark.parametrize("name", ["dev", "dev-local"])
def test_it_may_be_asked_for_by_both_names(project: Project, name: str) -> None:
    assert [each.stack_name for each in selected([name], HERE, project.folder)] == ["dev-local"]


def test_a_developers_copy_can_be_on_this_machine_too(project: Project) -> None:
    (copy,) = selected(environ={**HERE, "LAKEFLOW_DEVELOPER": "jd"}, folder=project.folder)
    assert (copy.stack_name, copy.state_key) == ("dev-jd-local", "dev-jd-local.tfstate")


@pytest.mark.parametrize(
    "host", ["local", "https://adb-1.1.azuredatabricks.net", "http://10.0.0.1:80", "http://localhost"]
)
def test_another_machine_is_no_workspace_on_this_one(project: Project, host: str) -> None:
    (line,) = project.problems(lambda folder: selected(environ={"LAKEFLOW_WORKSPACE": host}, folder=folder))
    assert line.startswith("LAKEFLOW_WORKSPACE: expected the address of a workspace on this machine, such as http://")
    assert repr(host) in line
