"""Rules of what is checked out of the Git source, and whether anything uses it."""

from collections.abc import Iterator
from typing import Any

from constructs_lib.rules.code.examples import GIT, GIT_PAGE, GOOD, JOBS_API, git_job, notebook_at
from constructs_lib.rules.code.places import codes_of, scheme_of
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Body, Job, mapping, said, text
from constructs_lib.rules.quoting import choice, shown
from constructs_lib.rules.rule import Rule


def _patterns(git: Body) -> list[Any]:
    patterns = mapping(git.get("sparse_checkout")).get("patterns")
    return patterns if isinstance(patterns, list) else []


def _sparse_patterns(job: Job) -> Iterator[Hit]:
    for index, pattern in enumerate(_patterns(job.block("git_source"))):
        known = text(pattern)
        if known is not None and (not known.strip() or any(letter in known for letter in "*?![")):
            yield Hit(
                ("git_source", "sparse_checkout", "patterns", index),
                f"git_source: the pattern {shown(known)} is no folder",
                "write folders from the repository's root, such as src/jobs",
            )


def _not_checked_out(job: Job) -> Iterator[Hit]:
    patterns = _patterns(job.block("git_source"))
    if not patterns:
        return
    folders = [text(pattern) for pattern in patterns]
    if any(not folder or not folder.strip("/.") or any(x in folder for x in "*?![") for folder in folders):
        return
    parts = [_parts(folder or "") for folder in folders]
    for code in codes_of(job):
        if not code.in_git or not code.path or ".." in code.path or "{{" in code.path:
            continue
        if code.path.startswith("/") or (code.is_python and scheme_of(code.path)):
            continue
        path = _parts(code.path)
        folder = path if code.attribute == "project_directory" else path[:-1]
        # What stands directly in a folder above a pattern's is checked out as well.
        if not any(folder == part[: len(folder)] or part == folder[: len(part)] for part in parts):
            yield code.hit(
                code.attribute,
                f"{code.attribute} {shown(code.path)} is outside the folders that sparse_checkout takes",
                "add its folder to git_source.sparse_checkout.patterns",
            )


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in {"", "."}]


_DIRTY = ("NOT_SYNCED", "DISCONNECTED")


def _dirty_state(job: Job) -> Iterator[Hit]:
    state = text(mapping(job.block("git_source").get("job_source")).get("dirty_state"))
    if state and state not in _DIRTY:
        yield Hit(
            ("git_source", "job_source", "dirty_state"),
            f"git_source: dirty_state {shown(state)} is none of {', '.join(_DIRTY)}",
            choice(state, _DIRTY),
        )


def _unused(job: Job) -> Iterator[Hit]:
    git = job.block("git_source")
    if not git or not job.top or said(git.get("job_source")):
        return
    codes = codes_of(job)
    # A Python file that does not say its source was probably meant.
    if not any(code.in_git or code.source == "" or (code.is_python and code.source is None) for code in codes):
        yield Hit(("git_source",), "git_source: no task takes its code from it", "write source = GIT in a task")


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF730",
        severity=Severity.INFO,
        title="A pattern that is no folder",
        why="Sparse checkout takes folders (cone patterns).",
        source=GIT_PAGE,
        bad=git_job(sparse_checkout={"patterns": ["jobs", "*.py"]}),
        good=git_job(sparse_checkout={"patterns": ["jobs"]}),
        job=_sparse_patterns,
        blocks=("git_source",),
    ),
    Rule(
        code="LF731",
        severity=Severity.WARNING,
        title="Code that is not checked out",
        why="Sparse checkout takes only the folders that it names, and what stands in those above them.",
        source=GIT_PAGE,
        bad=git_job(sparse_checkout={"patterns": ["reports"]}),
        good=git_job(sparse_checkout={"patterns": ["jobs"]}),
        job=_not_checked_out,
    ),
    Rule(
        code="LF732",
        severity=Severity.ERROR,
        title="No such dirty_state",
        why="There are NOT_SYNCED and DISCONNECTED; the API refuses any other.",
        source=JOBS_API,
        bad=git_job(
            job_source={"import_from_git_branch": "main", "job_config_path": "job.yml", "dirty_state": "DIRTY"}
        ),
        good=git_job(
            job_source={"import_from_git_branch": "main", "job_config_path": "job.yml", "dirty_state": "NOT_SYNCED"}
        ),
        job=_dirty_state,
        blocks=("git_source",),
    ),
    Rule(
        code="LF733",
        severity=Severity.INFO,
        title="A Git source that nothing uses",
        why="No task takes its code from it.",
        source=GIT_PAGE,
        bad=job(notebook_at("/Workspace/Shared/ingest", "WORKSPACE"), git_source=GIT),
        good=GOOD,
        job=_unused,
    ),
)
