"""Wheels built from source: the same bytes everywhere, another name for another content, one message for a mistake."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from constructs_lib import (
    Compute,
    LakeflowApp,
    LakeflowError,
    LakeflowJob,
    LakeflowStack,
    Notebook,
    PythonWheelTask,
    Reference,
    Trigger,
    Wheel,
)
from constructs_lib.provider import problems
from constructs_lib.references import terraform_json
from constructs_lib.wheels import WheelFile, build, built
from tests.support.project import ROOT

pytestmark = pytest.mark.slow

Synth = Callable[[Any], dict[str, Any]]
PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "sales-models"
version = "1.0"

[project.scripts]
train = "sales_models.train:main"
"""
SOURCE = "assets/sales"
FOLDER = "/Shared/lakeflow/dev"


def source(root: Path, pyproject: str = PYPROJECT) -> Path:
    """Write a package below a project's root."""
    folder = root / SOURCE
    (folder / "sales_models").mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(pyproject, encoding="utf-8")
    (folder / "sales_models" / "__init__.py").write_text("def score(): ...\n", encoding="utf-8")
    (folder / "sales_models" / "train.py").write_text("def main(): print('trained')\n", encoding="utf-8")
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the package, to work in."""
    source(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(build, "_built", {})
    return tmp_path


@pytest.fixture
def no_build(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A function after which nothing can be built."""

    def refuse(*_: object) -> None:
        raise AssertionError("it is built again")

    return lambda: monkeypatch.setattr(build, "_build", refuse)


def refused(folder: str = SOURCE, **options: Any) -> str:
    with pytest.raises(LakeflowError) as raised:
        built(folder, **options)
    return str(raised.value)


# The same bytes


BUILD = (
    "import os, sys; os.umask(int(sys.argv[1], 8)); from constructs_lib.wheels import built; "
    "wheel = built('assets/sales'); sys.stdout.buffer.write(wheel.filename.encode() + b'\\n' + wheel.archive())"
)


def test_two_folders_give_the_same_bytes(tmp_path: Path) -> None:
    given = []
    for name, umask, when, seed in (("one", "022", 10**9, "1"), ("two/below", "077", 1.7e9, "2")):
        root = tmp_path / name
        folder = source(root)
        # What ran here leaves its traces.
        (folder / "sales_models" / "__pycache__").mkdir()
        (folder / "sales_models" / "__pycache__" / f"train.{name[:3]}.pyc").write_bytes(name.encode())
        (folder / "dist").mkdir()
        (folder / "dist" / "old.whl").write_bytes(name.encode())
        for path in folder.rglob("*"):
            os.utime(path, (when, when))
            path.chmod(0o755 if path.is_dir() or umask == "022" else 0o600)
        environ = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(ROOT),
            "TZ": f"X{seed}",
            "HATCH_BUILD_HOOKS_ENABLE": seed,
        }
        done = subprocess.run(
            [sys.executable, "-c", BUILD, umask], cwd=root, env=environ, capture_output=True, check=True
        )
        given.append(done.stdout)
    assert given[0] == given[1]
    assert str(tmp_path).encode() not in given[0]


def test_another_content_has_another_name_and_a_touched_file_has_not(here: Path) -> None:
    first = built(SOURCE)
    code = here / SOURCE / "sales_models" / "train.py"
    os.utime(code, (0, 0))
    assert built(SOURCE).filename == first.filename
    code.write_text("def main(): print('trained better')\n", encoding="utf-8")
    second = built(SOURCE)
    assert second.filename != first.filename
    assert first.filename.startswith("sales_models-1.0+x")
    assert len(first.version) == len("1.0+x3f9c0a517d2e")
    (here / SOURCE / "README.md").write_text("# not in the wheel\n", encoding="utf-8")
    assert built(SOURCE).filename == second.filename


def test_pip_installs_it(here: Path) -> None:
    wheel = built(SOURCE)
    (here / wheel.filename).write_bytes(wheel.archive())
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target", "there", wheel.filename]
    subprocess.run(pip, check=True, capture_output=True)
    program = "import importlib.metadata as m, sales_models.train as t; t.main(); print(m.version('sales-models'))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": "there"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["trained", wheel.version]


def test_the_archive_is_plain(here: Path) -> None:
    wheel = built(SOURCE)
    with zipfile.ZipFile(io.BytesIO(wheel.archive())) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        for info in archive.infolist():
            assert (info.date_time, info.compress_type) == ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED)
            assert (info.create_system, info.external_attr >> 16) == (3, 0o100644)
        assert b"Generator: hatchling\n" in archive.read(f"{wheel.information}WHEEL")
    assert names[:2] == ["sales_models/__init__.py", "sales_models/train.py"]
    assert names[-1] == f"{wheel.information}RECORD"
    assert WheelFile.read(wheel.filename, wheel.archive()) == wheel


def test_a_local_version_is_continued(here: Path) -> None:
    source(here, PYPROJECT.replace('"1.0"', '"1.0+azure"'))
    assert built(SOURCE).version.startswith("1.0+azure.x")


# The cache


def test_what_did_not_change_is_not_built_again(here: Path, no_build: Callable[[], None]) -> None:
    first = built(SOURCE)
    no_build()
    assert built(SOURCE) is first
    build._built.clear()
    assert built(SOURCE) == first
    assert built(SOURCE).archive() == first.archive()


def test_a_broken_cache_is_built_again(here: Path) -> None:
    first = built(SOURCE)
    (kept,) = (here / ".lakeflow" / "wheels").rglob("*.whl")
    kept.write_bytes(b"broken")
    build._built.clear()
    assert built(SOURCE) == first
    assert kept.read_bytes() == first.archive()


def test_a_cache_that_cannot_be_written_does_no_harm(here: Path) -> None:
    (here / ".lakeflow").write_text("a file")
    assert built(SOURCE).package == "sales-models"


def test_the_cache_does_not_grow_for_ever(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MOST_KEPT", 2)
    for number in range(4):
        (here / SOURCE / "README.md").write_text(str(number))
        built(SOURCE)
    assert len(list((here / ".lakeflow" / "wheels").iterdir())) == 2


# What is wrong


def test_no_such_folder(here: Path) -> None:
    assert refused("assets/sale") == "there is no folder assets/sale; did you mean 'sales'?"
    assert refused("src/x") == "there is no folder src/x; write its path relative to the project's root"
    assert refused(f"{SOURCE}/pyproject.toml") == (
        "assets/sales/pyproject.toml is a file; name the folder that it lies in"
    )
    assert refused("..") == ".. lies outside the project; put it under assets/"


def test_no_pyproject(here: Path) -> None:
    (here / SOURCE / "pyproject.toml").unlink()
    assert refused() == (
        "assets/sales has no pyproject.toml, and so no wheel; "
        "write one, with [build-system] and [project], beside the package"
    )


def test_a_pyproject_that_is_left_out(here: Path) -> None:
    assert refused(ignore=["*.toml"]) == (
        "assets/sales/pyproject.toml is left out by a pattern; look at ignore= and .gitignore"
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"1.0"', "", "assets/sales/pyproject.toml: Invalid value (at line 7, column 11)"),
        (
            '["hatchling"]',
            "3",
            "assets/sales/pyproject.toml: [build-system] is not what it has to be; "
            'write requires = ["hatchling"] and build-backend = "hatchling.build"',
        ),
        (
            '["hatchling"]',
            '["hatchling", "no-such-plugin >=1"]',
            "assets/sales: its build backend hatchling.build needs no-such-plugin, which is not installed; "
            "pip install no-such-plugin: a wheel is built with what is here, without downloading",
        ),
        (
            '"hatchling.build"',
            '"hatchling.nothing"',
            "assets/sales: hatchling.nothing builds no wheel: ModuleNotFoundError: No module named 'hatchling.nothing'",
        ),
        (
            'version = "1.0"',
            "",
            "assets/sales: hatchling.build builds no wheel: ValueError: Field `project.version` can only be resolved "
            "dynamically if `version` is in field `project.dynamic`",
        ),
    ],
)
def test_a_build_that_fails_is_one_message(here: Path, old: str, new: str, message: str) -> None:
    source(here, PYPROJECT.replace(old, new))
    assert refused() == message


def test_a_package_that_is_not_there(here: Path) -> None:
    source(here, PYPROJECT.replace('"sales-models"', '"other"'))
    message = refused()
    assert message.startswith(
        "assets/sales: hatchling.build builds no wheel: ValueError: Unable to determine which files to ship"
    )
    assert "no directory that matches the name of your project (other)" in message
    assert "\n" not in message


BACKEND = """
import os, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "x-1-{tag}.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as archive:
        archive.writestr("x-1.dist-info/WHEEL", "Wheel-Version: 1.0\\n")
        archive.writestr("x-1.dist-info/METADATA", "Name: x\\nVersion: 1\\n\\n")
        archive.writestr("{file}", {content})
    return name
"""


@pytest.mark.parametrize(
    ("tag", "file", "content", "message"),
    [
        (
            "py3-none-any",
            "x-1.dist-info/note",
            "''",
            "x-1-py3-none-any.whl has no module in it; tell the build backend",
        ),
        ("cp311-cp311-linux_x86_64", "x.py", "''", "x-1-cp311-cp311-linux_x86_64.whl has compiled code and runs only"),
        (
            "py3-none-any",
            "x.py",
            "os.getcwd()",
            "x:build writes the folder that it builds in into the wheel; take what",
        ),
        ("none", "x.py", "''", "x-1-none.whl is no wheel"),
    ],
)
def test_a_wheel_that_would_not_do(here: Path, tag: str, file: str, content: str, message: str) -> None:
    pyproject = '[build-system]\nrequires = []\nbuild-backend = "own:build"\nbackend-path = ["."]\n'
    source(here, pyproject)
    own = BACKEND.format(tag=tag, file=file, content=content) + "class build: build_wheel = staticmethod(build_wheel)\n"
    (here / SOURCE / "own.py").write_text(own)
    assert message.replace("x:build", "own:build") in refused()


def test_a_folder_without_a_build_system_is_what_setuptools_builds(here: Path) -> None:
    source(here, '[project]\nname = "sales-models"\nversion = "1.0"\n')
    try:
        assert built(SOURCE).package == "sales-models"
    except LakeflowError as error:
        assert "its build backend setuptools.build_meta:__legacy__ needs" in str(error)  # noqa: PT017


def test_too_much_is_no_source(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MOST_FILES", 2)
    assert refused() == (
        "assets/sales has more than 2 files or 100 MB; leave out what is no source: in .gitignore, or with ignore="
    )
    monkeypatch.setattr(build, "MOST_FILES", 100)
    monkeypatch.setattr(build, "SLOWEST", 0.001)
    assert refused() == "assets/sales: the build takes longer than 0.001 seconds"


# In a stack


def test_it_ships_and_tasks_install_it(here: Path, stack: LakeflowStack, synth: Synth) -> None:
    wheel = Wheel(stack, "models", source=SOURCE, folder=FOLDER)
    name = built(SOURCE).filename
    (body,) = synth(stack)["resource"]["databricks_workspace_file"].values()
    assert body == {
        "path": f"{FOLDER}/{name}",
        "source": "built/models.whl",
        "lifecycle": {"create_before_destroy": True},
    }
    assert problems("databricks_workspace_file", body) == []
    assert stack.record.assets["built/models.whl"].content == built(SOURCE).archive()
    path = "/Workspace${databricks_workspace_file.models.path}"
    assert wheel.path.terraform == path
    assert terraform_json(wheel.library.render()) == {"whl": path}
    assert terraform_json(Compute.serverless(dependencies=[wheel.dependency]).render())["spec"]["dependencies"] == [
        path
    ]
    assert (wheel.package, wheel.version) == ("sales-models", name.split("-")[1])
    assert repr(wheel) == "Wheel(databricks_workspace_file.models)"


@pytest.mark.parametrize(
    ("folder", "path"),
    [
        ("/Volumes/main/sales/code", "/Volumes/main/sales/code/"),
        (
            Reference("/Volumes/main/${databricks_schema.s.name}/code"),
            "/Volumes/main/${databricks_schema.s.name}/code/",
        ),
        (Reference.to("databricks_volume.code.volume_path"), "${databricks_volume.code.volume_path}/"),
    ],
)
def test_a_volume_takes_it_too(here: Path, stack: LakeflowStack, synth: Synth, folder: Any, path: str) -> None:
    wheel = Wheel(stack, "models", source=SOURCE, folder=folder)
    (body,) = synth(stack)["resource"]["databricks_file"].values()
    assert body["path"] == path + built(SOURCE).filename
    assert problems("databricks_file", body) == []
    assert wheel.dependency.terraform == "${databricks_file.models.path}"


def test_a_volume_is_taken_as_an_object(here: Path, stack: LakeflowStack, synth: Synth) -> None:
    class Volume:
        volume_path = Reference("${databricks_volume.a.catalog_name}/x")

    Wheel(stack, "models", source=SOURCE, folder=Volume())
    assert "databricks_file" in synth(stack)["resource"]


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("Shared/x", "dev/models: a workspace path is absolute, and 'Shared/x' is not; write '/Shared/x'"),
        ("/Workspace/Shared/x", "dev/models: '/Workspace/Shared/x' is no folder; write '/Shared/x'"),
        ("/Shared//x/", "dev/models: '/Shared//x/' is no folder; write '/Shared/x'"),
        ("/", "dev/models: '/' is no folder; write '/Shared/sales'"),
        ("/a/../b", "dev/models: '/a/../b' is no folder; write '/Shared/sales'"),
        ("dbfs:/x", "dev/models: 'dbfs:/x' is no folder of the workspace; write a path such as '/Shared/sales'"),
    ],
)
def test_a_wrong_target_is_an_error(here: Path, stack: LakeflowStack, folder: str, message: str) -> None:
    with pytest.raises(LakeflowError) as raised:
        Wheel(stack, "models", source=SOURCE, folder=folder)
    assert str(raised.value) == message


def test_an_entry_point_has_to_be_there(here: Path, stack: LakeflowStack) -> None:
    wheel = Wheel(stack, "models", source=SOURCE, folder=FOLDER)
    assert (wheel.entry_point("train"), wheel.entry_point("score")) == ("train", "score")
    for name, hint in (("trian", "did you mean 'train'?"), ("publish", "there is train")):
        with pytest.raises(LakeflowError) as raised:
            wheel.entry_point(name)
        assert str(raised.value) == f"dev/models: sales-models has no entry point {name!r}; {hint}"


def test_nothing_is_written_when_it_cannot_be_built_and_everything_when_it_can(here: Path) -> None:
    def synth() -> None:
        app = LakeflowApp(outdir=str(here / "out"))
        stack = LakeflowStack(app, "dev", environment="dev", host="https://adb-1.1.azuredatabricks.net")
        wheel = Wheel(stack, "models", source=SOURCE, folder=FOLDER)
        task = PythonWheelTask(
            "train",
            package=wheel.package,
            entry_point=wheel.entry_point("train"),
            compute=Compute.serverless("models", dependencies=[wheel.dependency]),
        )
        LakeflowJob(stack, "job", goal="A model.", tasks=[task], trigger=Trigger.manual())
        app.synth()

    pyproject = here / SOURCE / "pyproject.toml"
    pyproject.write_text(PYPROJECT.replace('"1.0"', '"no version"'))
    with pytest.raises(LakeflowError, match=r"^dev/models: assets/sales: hatchling\.build builds no wheel: "):
        synth()
    assert not (here / "out").exists() or not list((here / "out").rglob("*.json"))
    pyproject.write_text(PYPROJECT)
    synth()
    shipped = here / "out" / "stacks" / "dev" / "built" / "models.whl"
    assert shipped.read_bytes() == built(SOURCE).archive()
    assert str(here) not in (here / "out" / "stacks" / "dev" / "cdk.tf.json").read_text()
    found = (here / "out" / "stacks" / "dev" / "lakeflow.json").read_text()
    assert f'"databricks_workspace_file.models.path": "{FOLDER}/{built(SOURCE).filename}"' in found


def test_a_wheel_that_is_gone_is_removed_from_the_output(here: Path) -> None:
    (here / "a.py").write_text("# Databricks notebook source\n")

    def synth(*, with_wheel: bool) -> None:
        app = LakeflowApp(outdir=str(here / "out"))
        stack = LakeflowStack(app, "dev", environment="dev", host="https://adb-1.1.azuredatabricks.net")
        Notebook(stack, "a", file="a.py", path="/Shared/a")
        if with_wheel:
            Wheel(stack, "models", source=SOURCE, folder=FOLDER)
        app.synth()

    built_folder = here / "out" / "stacks" / "dev" / "built"
    synth(with_wheel=True)
    assert [path.name for path in built_folder.iterdir()] == ["models.whl"]
    synth(with_wheel=False)
    assert list(built_folder.iterdir()) == []
