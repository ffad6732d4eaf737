"""Whatever is in a file, a check of it ends with a status and never with a traceback."""

import contextlib
import io
import json
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from constructs_lib.forms.found import FoundJob, found_jobs
from constructs_lib.forms.rest import rest_shape
from constructs_lib.provider import schema
from constructs_lib.rules import Form, Policies
from lakeflow.check.judging import judged
from lakeflow.cli import main
from lakeflow.documents.reading import read
from tests.lakeflow.check.support import notebook, settings as job
from tests.support.strange import GARBAGE, strange

pytestmark = pytest.mark.slow

FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(data=st.data())
@pytest.mark.parametrize("form", Form)
def test_any_job(form: Form, data: st.DataObject) -> None:
    shape = schema("databricks_job").body if form is Form.TERRAFORM else rest_shape(single_task=False)
    body = data.draw(strange(shape))
    for finding in judged(FoundJob("x", form, (), body), Policies(required_tags=("a",), timeouts=True, max_workers=1)):
        value = body
        for step in finding.path:
            value = value[step]


@FEW
@given(GARBAGE)
def test_any_document(document: Any) -> None:
    for wrapped in (document, {"jobs": [document]}, {"resource": {"databricks_job": document}}, {"settings": document}):
        for named in (True, False):
            for each in found_jobs(wrapped, named=named):
                judged(each, Policies())


def status_of(data: bytes, folder: Path, name: str) -> tuple[int, str]:
    path = folder / name
    path.write_bytes(data)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["check", str(path), "--format", "text"])
    return status, err.getvalue()


NAMES = st.sampled_from(["x.json", "x.yml", "x"])
ALPHABET = string.printable + "\x85\u2028\ufeff\ud7ff\U0001f600"


@FEW
@given(data=st.binary(max_size=40) | st.text(ALPHABET, max_size=60).map(str.encode), name=NAMES)
def test_any_bytes(tmp_path: Path, data: bytes, name: str) -> None:
    status, err = status_of(data, tmp_path, name)
    assert status in {0, 1, 2}
    assert (status == 2) is err.startswith("error: ")
    assert err.count("\n") <= 1


WHOLE = json.dumps(job(notebook("a"), notebook("b", depends_on=[{"task_key": "a"}])), indent=1)


@FEW
@given(at=st.integers(0, len(WHOLE)), length=st.integers(0, 9), put=st.text(ALPHABET, max_size=3), name=NAMES)
def test_a_job_with_a_hole(tmp_path: Path, at: int, length: int, put: str, name: str) -> None:
    status, err = status_of((WHOLE[:at] + put + WHOLE[at + length :]).encode(), tmp_path, name)
    assert status in {0, 1, 2}
    assert err.count("\n") <= 1


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"- " * 5_000,
        b"a: " * 5_000,
        b"\0" * 100,
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b'{"tasks": [' + b"[" * 990 + b"]" * 990 + b"]}",
        b'{"tasks": [{"task_key": "a", "notebook_task": {"notebook_path": ' + b"[" * 900 + b"]" * 900 + b"}}]}",
        b'{"tasks": [{"task_key": "a", "max_retries": ' + b"9" * 10_000 + b"}]}",
        b'{"tasks": [{"task_key": "\\ud800", "depends_on": [{"task_key": "\\udfff\\u0000"}]}]}',
        b"tasks: [{task_key: !!binary aGk=, depends_on: !!set {a, b}}]",
        b"%YAML 1.1\n---\ntasks: []\n...\n--- !!python/object:os.system {}\n",
        b"tasks: &a [*a]",
        b"\xff\xfe" + '{"tasks": []}'.encode("utf-16-le"),
    ],
    ids=range(15),
)
@pytest.mark.parametrize("name", ["x.json", "x.yml"])
def test_hostile_files(tmp_path: Path, data: bytes, name: str) -> None:
    status, err = status_of(data, tmp_path, name)
    assert status in {0, 1, 2}
    assert err.count("\n") <= 1


def test_a_large_file_is_read_once_and_searched_once() -> None:
    jobs = [job(notebook("a", depends_on=[{"task_key": "x"}]), description="x" * 5_000) for _ in range(1_000)]
    document = read("x.json", json.dumps({"jobs": jobs}).encode())
    paths = [("jobs", index, "tasks", 0, "depends_on", 0, "task_key") for index in range(1_000)]
    assert len({place.column for place in document.positions(paths).values()}) == 1_000


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk(top: str, onerror: Any) -> Any:
        onerror(PermissionError(13, "Permission denied", f"{top}/closed"))
        return iter(())

    monkeypatch.setattr("os.walk", walk)
    err = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(err):
        assert main(["check", str(tmp_path)]) == 2
    assert err.getvalue() == f"error: {tmp_path.as_posix()}/closed: cannot be read: Permission denied\n"
