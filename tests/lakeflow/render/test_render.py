"""`lakeflow render`: jobs of any form as the Terraform JSON that the library writes."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from lakeflow.cli import main
from lakeflow.documents.reading import Document
from tests.support.corpus import figures, missing

NOTEBOOK = {"task_key": "a", "notebook_task": {"notebook_path": "/Workspace/a"}}
SETTINGS = {"name": "nightly", "tasks": [NOTEBOOK]}
RENDERED = {
    "max_concurrent_runs": 1,
    "name": "nightly",
    "queue": {"enabled": False},
    "task": [
        {
            "notebook_task": {"notebook_path": "/Workspace/a", "source": "WORKSPACE"},
            "retry_on_timeout": False,
            "run_if": "ALL_SUCCESS",
            "task_key": "a",
        }
    ],
}


def write(folder: Path, name: str, *documents: object) -> str:
    """Write documents as JSON lines and return the file's name."""
    (folder / name).write_text("\n".join(json.dumps(each) for each in documents), encoding="utf-8")
    return name


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "document",
    [
        SETTINGS,
        {"job_id": 1, "settings": SETTINGS},
        {"resources": {"jobs": {"nightly": SETTINGS}}},
        {"resource": {"databricks_job": {"nightly": {"name": "nightly", "task": [NOTEBOOK]}}}},
        {"name": "nightly", "task": NOTEBOOK},
        RENDERED,
        [SETTINGS],
    ],
    ids=["settings", "answer", "bundle", "terraform", "attributes", "rendered", "list"],
)
def test_every_form_of_a_job_is_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str], document: Any) -> None:
    assert main(["render", write(tmp_path, "job.json", document)]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == RENDERED
    assert shown.out.startswith("{\n  ")
    assert shown.err == ""


def test_json_lines_are_an_object_for_each_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = {**SETTINGS, "name": "weekly"}
    assert main(["render", write(tmp_path, "jobs.jsonl", SETTINGS, second)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == [RENDERED, {**RENDERED, "name": "weekly"}]
    assert main(["render", write(tmp_path, "one.jsonl", SETTINGS)]) == 0
    assert capsys.readouterr().out.splitlines() == lines[:1]


def test_standard_input_is_read(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(SETTINGS).encode())))
    assert main(["render", "-"]) == 0
    assert json.loads(capsys.readouterr().out) == RENDERED


def test_a_bundle_in_yaml_gives_a_line_for_each_of_its_jobs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "databricks.yml").write_text(
        "resources:\n  jobs:\n"
        "    one: {name: one, tasks: [{task_key: a, notebook_task: {notebook_path: ./a.py}}]}\n"
        "    two: {name: two, tasks: [{task_key: a, notebook_task: {notebook_path: '/${var.x}'}}]}\n",
        encoding="utf-8",
    )
    assert main(["render", "databricks.yml"]) == 1
    shown = capsys.readouterr()
    assert [json.loads(line)["name"] for line in shown.out.splitlines()] == ["one", "two"]
    assert shown.err.splitlines() == [
        "databricks.yml:3:44: kept one: tasks[0].notebook_task: WorkspacePath('./a.py'): a workspace path is absolute",
        "databricks.yml:4:75: lost two: tasks[0].notebook_task.notebook_path: '/${var.x}' is filled in by the bundle, "
        "and is plain text here",
    ]


def test_an_empty_document_of_yaml_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    job = "name: nightly\ntasks: [{task_key: a, notebook_task: {notebook_path: /Workspace/a}}]\n"
    (tmp_path / "jobs.yml").write_text(f"---\n# nothing yet\n---\n{job}---\n{job}---\n", encoding="utf-8")
    assert main(["render", "jobs.yml"]) == 0
    shown = capsys.readouterr()
    assert [json.loads(line) for line in shown.out.splitlines()] == [RENDERED, RENDERED]
    assert shown.err == ""


def test_what_is_rendered_is_rendered_to_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tasks = [
        {**NOTEBOOK, "notebook_task": {"notebook_path": "./a"}, "new_cluster": {"policy_id": "p", "spark_conf": {}}}
    ]
    assert main(["render", write(tmp_path, "job.json", {**SETTINGS, "tasks": tasks, "schedule": {"x": 1}})]) == 1
    first = capsys.readouterr().out
    (tmp_path / "again.json").write_text(first, encoding="utf-8")
    assert main(["render", "again.json"]) == 0
    assert capsys.readouterr().out == first


def test_numbers_are_numbers_and_texts_stay_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = {"task_key": "other", "run_job_task": {"job_id": 9223372036854775807}}
    note = {**NOTEBOOK, "notebook_task": {"notebook_path": "/Workspace/a", "base_parameters": {"x": "${y}", "n": "1"}}}
    assert main(["render", write(tmp_path, "job.json", {"name": "ä", "tasks": [other, note]})]) == 0
    out = capsys.readouterr().out
    tasks = {task["task_key"]: task for task in json.loads(out)["task"]}
    assert tasks["other"]["run_job_task"] == {"job_id": 9223372036854775807}
    assert tasks["a"]["notebook_task"]["base_parameters"] == {"x": "$${y}", "n": "1"}
    assert '"name": "ä"' in out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "job.json: holds no job; name a file with a job in one of its forms"),
        ("{}", "job.json: holds no job; name a file with a job in one of its forms"),
        ('{"name": ', "job.json:1:10: "),
        ("[" * 3000, "job.json"),
    ],
)
def test_a_file_without_a_job_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, said: str
) -> None:
    (tmp_path / "job.json").write_text(content, encoding="utf-8")
    assert main(["render", "job.json"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    [line] = shown.err.splitlines()
    assert line.startswith(f"error: {said}")


def test_a_file_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "gone.json"]) == 2
    assert capsys.readouterr().err == "error: gone.json: cannot be read: No such file or directory\n"


def test_one_bad_line_does_not_keep_the_others_from_being_rendered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", write(tmp_path, "jobs.jsonl", SETTINGS, {"x": 1}, SETTINGS)]) == 2
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 2
    assert shown.err == "jobs.jsonl:2:1: error holds no job\n"


def test_places_are_looked_for_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    positions = Document.positions

    def counted(document: Document, paths: Any) -> Any:
        asked.append(len(paths))
        return positions(document, paths)

    monkeypatch.setattr(Document, "positions", counted)
    jobs = [{**SETTINGS, "name": f"job {number}", "max_concurrent_runs": 0} for number in range(20)]
    assert main(["render", write(tmp_path, "jobs.json", {"jobs": jobs})]) == 0
    assert asked == [20]
    said = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[1] for line in said] == [f"kept job {number}" for number in range(20)]


def test_the_figure_of_a_corpus_counts_what_comes_out_equal(tmp_path: Path) -> None:
    good = {"job": SETTINGS, "terraform": {"name": "nightly", "format": "MULTI_TASK", "task": [NOTEBOOK]}}
    moved = {**good, "terraform": {**good["terraform"], "timeout_seconds": 60}}
    assert missing(good) == []
    assert missing(moved) == [("timeout_seconds", 60, None)]
    write(tmp_path, "corpus.jsonl", good, moved, {"resource": RENDERED})
    assert list(figures(tmp_path / "corpus.jsonl")) == [
        "corpus.jsonl:2: timeout_seconds: 60 → None",
        "corpus.jsonl: 2 of 3 jobs read and rendered equal",
    ]
