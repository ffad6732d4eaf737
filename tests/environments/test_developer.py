"""LAKEFLOW_DEVELOPER=jd: one environment, the developer's own copy of dev."""

import pytest

from environments import InvalidEnvironment, load, selected
from tests.environments.conftest import Project

JD = {"LAKEFLOW_DEVELOPER": "jd"}


def test_a_developer_has_exactly_one_environment(project: Project) -> None:
    (copy,) = selected(environ=JD, folder=project.folder)
    assert (copy.name, copy.developer, copy.stack_name) == ("dev", "jd", "dev-jd")


@pytest.mark.parametrize("name", ["dev", "dev-jd"])
def test_it_may_be_asked_for_by_both_names(project: Project, name: str) -> None:
    assert [each.stack_name for each in selected([name], JD, project.folder)] == ["dev-jd"]


def test_nothing_of_a_copy_touches_what_is_shared(project: Project) -> None:
    project.edit("dev.yaml", "order: 1", "order: 1\nschedules: active\nprefix_names: false")
    copy, shared = load("dev", project.folder, developer="jd"), load("dev", project.folder)
    assert (copy.code_folder, shared.code_folder) == ("/Shared/lakeflow/dev-jd", "/Shared/lakeflow/dev")
    assert (copy.schema("silver"), shared.schema("silver")) == ("jd_silver", "silver")
    assert (copy.state_key, shared.state_key) == ("dev-jd.tfstate", "dev.tfstate")
    assert (copy.name_prefix, shared.name_prefix) == ("[dev jd] ", "")
    assert (copy.schedules_paused, shared.schedules_paused) == (True, False)


def test_a_copy_runs_as_who_deploys_it_from_the_working_copy_and_tells_nobody(project: Project) -> None:
    project.add("dev.yaml", "git: {url: 'https://github.com/a/b', provider: gitHub, branch: main}\n")
    project.add("dev.yaml", "notifications: {on_failure: [team@example.com]}\n")
    copy = load("dev", project.folder, developer="jd")
    assert copy.run_as is None
    assert copy.git is None
    assert copy.notifications.on_failure == ()
    assert copy.destination(copy.products.live_orders.on_call) is None


def test_the_rest_is_that_of_dev(project: Project) -> None:
    copy, shared = load("dev", project.folder, developer="jd"), load("dev", project.folder)
    assert (copy.compute, copy.permissions, copy.workspace) == (shared.compute, shared.permissions, shared.workspace)


@pytest.mark.parametrize("developer", ["JD", "j.doe", "1jd", "j" * 17, "jd\n", " jd"])
def test_a_developers_name_is_short_and_plain(project: Project, developer: str) -> None:
    (line,) = project.problems(lambda folder: selected(environ={"LAKEFLOW_DEVELOPER": developer}, folder=folder))
    assert line.startswith("LAKEFLOW_DEVELOPER: expected a lower-case letter and up to 15 lower-case letters or digits")
    assert repr(developer) in line


def test_an_empty_variable_is_none(project: Project) -> None:
    environ = {"LAKEFLOW_DEVELOPER": ""}
    assert [each.stack_name for each in selected(environ=environ, folder=project.folder)] == ["dev", "prod"]


def test_a_copy_cannot_have_the_name_of_an_environment(project: Project) -> None:
    project.write("dev-jd.yaml", "extends: dev\n")
    assert project.problems(lambda folder: selected(environ=JD, folder=folder)) == [
        "LAKEFLOW_DEVELOPER: dev-jd would be this developer's copy and is an environment; "
        "rename environments/dev-jd.yaml, or choose another LAKEFLOW_DEVELOPER"
    ]


def test_a_developer_cannot_deploy_production(project: Project) -> None:
    assert project.problems(lambda folder: selected(["prod"], JD, folder)) == [
        "environment 'prod' cannot be used: LAKEFLOW_DEVELOPER is jd, which leaves only dev-jd; "
        "unset it for the environments that everyone shares"
    ]


def test_only_dev_has_copies(project: Project) -> None:
    with pytest.raises(InvalidEnvironment, match="'prod' cannot be used: developer is jd"):
        load("prod", project.folder, developer="jd")


def test_without_the_variable_there_is_no_copy(project: Project) -> None:
    assert project.problems(lambda folder: selected(["dev-jd"], {}, folder)) == [
        "environment dev-jd is not defined; set LAKEFLOW_DEVELOPER=jd for this developer's copy of dev"
    ]
