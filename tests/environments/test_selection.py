"""Which environments a command works on, and which files it needs to be right for that."""

import pytest

from environments import load, load_all, names, selected
from tests.environments.conftest import Project


def test_all_in_their_order_unless_some_are_asked_for(project: Project) -> None:
    project.write("a-copy.yaml", "extends: prod\norder: 3\n")
    assert names(project.folder) == ("dev", "prod", "a-copy")
    assert [each.name for each in selected(environ={}, folder=project.folder)] == ["dev", "prod", "a-copy"]
    assert [each.name for each in selected(["prod", "dev", "prod"], {}, project.folder)] == ["dev", "prod"]


def test_equal_positions_are_sorted_by_name(project: Project) -> None:
    project.edit("prod.yaml", "order: 2\n", "").edit("dev.yaml", "order: 1\n", "")
    assert names(project.folder) == ("dev", "prod")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("prd", "environment 'prd' is not defined; did you mean prod?"),
        ("staging", "environment 'staging' is not defined; there are dev and prod"),
        ("base", "environment base is abstract: others extend it; there are dev and prod"),
        ("../prod", "environment '../prod' is not defined; did you mean prod?"),
        ("", "environment '' is not defined; there are dev and prod"),
    ],
)
def test_an_undefined_environment(project: Project, name: str, said: str) -> None:
    assert project.problems(lambda folder: load(name, folder)) == [said]
    assert project.problems(lambda folder: selected([name], {}, folder)) == [said]


def test_all_undefined_environments_are_named(project: Project) -> None:
    lines = project.problems(lambda folder: selected(["prd", "dev", "uat"], {}, folder))
    assert [line.split("'")[1] for line in lines] == ["prd", "uat"]


def test_a_mistake_in_another_environment_does_not_matter(project: Project) -> None:
    project.edit("prod.yaml", "max_workers: 12", "max_workers: twelve").write("Other.yaml", "x")
    assert load("dev", project.folder).compute.max_workers == 2
    assert len(project.problems()) == 2


def test_a_mistake_in_what_is_inherited_does(project: Project) -> None:
    project.edit("base.yaml", "schedules: paused", "schedules: sometimes")
    assert project.problems(lambda folder: load("dev", folder)) == [
        "environments/base.yaml:4:12: schedules: expected active or paused, got the text 'sometimes'"
    ]


def test_an_abstract_file_that_nobody_extends_is_checked_too(project: Project) -> None:
    project.write("cloud.yaml", "abstract: true\nextends: base\nregion: westeurope\n")
    (line,) = project.problems()
    assert line.startswith("environments/cloud.yaml:3:1: region: unknown key; ")


def test_a_file_can_stand_alone(project: Project) -> None:
    text = (project.folder / "base.yaml").read_text(encoding="utf-8").replace("abstract: true\n", "")
    text = text.replace("compute:\n", "compute:\n  max_workers: 1\n")
    project.write("alone.yaml", text + "workspace: {host: 'http://127.0.0.1:8080'}\nrun_as: {user: a@example.com}\n")
    assert load("alone", project.folder).workspace.host == "http://127.0.0.1:8080"


def test_environments_extend_environments(project: Project) -> None:
    project.write("prod-eu.yaml", "extends: prod\ncatalog: sales_eu\n")
    eu, prod = load("prod-eu", project.folder), load("prod", project.folder)
    assert (eu.catalog, prod.catalog) == ("sales_eu", "sales")
    assert eu.compute == prod.compute


def test_a_folder_without_environments(project: Project) -> None:
    (project.folder / "dev.yaml").unlink()
    (project.folder / "prod.yaml").unlink()
    assert project.problems() == ["there is no environment in the folder environments"]


def test_no_folder(project: Project) -> None:
    assert project.problems(lambda folder: load_all(folder / "none")) == [
        "the folder none cannot be read: no such file or directory"
    ]


def test_a_file_for_a_folder(project: Project) -> None:
    assert project.problems(lambda folder: load_all(folder / "dev.yaml")) == [
        "the folder dev.yaml cannot be read: not a directory"
    ]
