"""One file keeps the workspace: what was committed is there again; a file that cannot be used is one line."""

import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from constructs_lib.errors import LakeflowError
from lakeflow.workspace.exchange import Request
from lakeflow.workspace.store import FORMAT, Store
from lakeflow.workspace.workspace import Workspace
from tests.support.kept import everything

TOKEN = "t"
AT = 1_790_000_000_000


def ask(
    workspace: Workspace, method: str, path: str, body: object = None, at: int = AT
) -> tuple[int, dict[str, object]]:
    content = b"" if body is None else json.dumps(body).encode()
    request = Request(method=method, path=path, content=content, headers={"authorization": f"Bearer {TOKEN}"})
    (answer,) = workspace.answers([request], at)
    return answer.status, json.loads(answer.body)


def test_what_was_answered_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    with Store(path) as store:
        workspace = Workspace(store, {TOKEN: "jd@example.com"})
        _, made = ask(workspace, "POST", "/api/2.2/jobs/create", {"name": "daily"})
        kept = everything(workspace.state)
    with Store(path) as store:
        again = Workspace(store, {TOKEN: "jd@example.com"})
        assert everything(again.state) == kept
        status, job = ask(again, "GET", "/api/2.2/jobs/list")
        assert (status, [each["job_id"] for each in job["jobs"]]) == (200, [made["job_id"]])  # type: ignore[attr-defined]


def test_a_refused_request_leaves_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "workspace.db") as store:
        workspace = Workspace(store, {TOKEN: "jd@example.com"})
        before = everything(workspace.state)
        status, refused = ask(
            workspace, "POST", "/api/2.2/jobs/create", {"tasks": [{"task_key": "a"}, {"task_key": "a"}]}
        )
        assert (status, refused["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
        assert everything(workspace.state) == before


def test_a_second_workspace_does_not_get_the_file(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    with Store(path), pytest.raises(LakeflowError, match="another workspace is using it; stop that one"):
        Store(path)


def test_a_file_of_a_newer_lakeflow_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    Store(path).close()
    file = sqlite3.connect(path)
    file.execute(f"PRAGMA user_version = {FORMAT + 1}")
    file.close()
    before = path.read_bytes()
    with pytest.raises(LakeflowError, match=rf"newer lakeflow \(format {FORMAT + 1}, and this one reads {FORMAT}\)"):
        Store(path)
    assert path.read_bytes() == before


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    file = sqlite3.connect(path)
    file.execute("CREATE TABLE photos (name TEXT)")
    file.close()
    before = path.read_bytes()
    with pytest.raises(LakeflowError, match="is a database of something else"):
        Store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", ["text", "cut", "torn"])
def test_a_damaged_file_is_one_line(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "workspace.db"
    with Store(path) as store:
        workspace = Workspace(store, {TOKEN: "jd@example.com"})
        for number in range(50):
            ask(workspace, "POST", "/api/2.2/jobs/create", {"name": "x" * 400 + str(number)})
    content = bytearray(path.read_bytes())
    if damage == "text":
        content = bytearray(b"this is no database, but a note about one" * 100)
    elif damage == "cut":
        del content[5000:]
    else:
        content[8192:12288] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(LakeflowError, match="is no state of a workspace, or damaged") as told:
        Store(path).load()
    assert str(told.value).startswith(f"{path}: ")
    assert "\n" not in str(told.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(LakeflowError, match="cannot be used: unable to open"):
        Store(tmp_path)


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["set", "change", "delete", "system"]), st.sampled_from("abc"), st.integers(0, 3), st.booleans()
    ),
    max_size=12,
)


@given(CHANGES)
def test_the_file_is_what_the_memory_is_whatever_is_kept_and_taken_back(
    changes: list[tuple[str, str, int, bool]],
) -> None:
    with Store(":memory:") as store:
        state = store.load()
        store.write(state)
        for what, key, value, kept in changes:
            before = everything(state)
            rows = state.tables["jobs"]
            state.next_number()
            if what == "set":
                rows[key] = {"value": [value]}
            elif what == "change" and key in rows:
                rows[key]["value"].append(value)
            elif what == "delete":
                rows.pop(key, None)
            else:
                state.system.add(f"lakeflow.{key}", [{"n": value}])
            if kept:
                store.write(state)
            else:
                store.take_back(state)
                assert everything(state) == before
            store.commit()
        assert everything(store.load()) == everything(state)


def test_a_fault_while_time_passes_is_no_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(tmp_path / "workspace.db") as store:
        workspace = Workspace(store, {TOKEN: "jd@example.com"})
        ask(workspace, "POST", "/api/2.2/jobs/create", {"name": "daily"})

        def fails(_: int) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as patch:
            patch.setattr(workspace.core, "pass_time", fails)
            assert ask(workspace, "GET", "/api/2.2/jobs/list")[0] == 500
            patch.setattr(workspace.core, "pass_time", fails)
            assert workspace.now(AT) == AT
        assert ask(workspace, "GET", "/api/2.2/jobs/list")[0] == 200


def test_what_cannot_be_written_is_said_and_did_not_happen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(tmp_path / "workspace.db") as store:
        workspace = Workspace(store, {TOKEN: "jd@example.com"})

        def full() -> None:
            raise sqlite3.OperationalError("database or disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(store, "commit", full)
            status, said = ask(workspace, "POST", "/api/2.2/jobs/create", {"name": "daily"})
        assert (status, said["error_code"]) == (503, "TEMPORARILY_UNAVAILABLE")
        assert "jobs" not in ask(workspace, "GET", "/api/2.2/jobs/list")[1]
