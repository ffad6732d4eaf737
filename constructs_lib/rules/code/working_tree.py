"""Whether the code that a job takes from Git is in the working tree that its stack is made from.

A job's text alone does not say it, so this is asked at synth only: `lakeflow check` judges jobs of any repository.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from constructs_lib.errors import nearest
from constructs_lib.rules.code.places import Code, codes_of, has_git, scheme_of
from constructs_lib.rules.finding import Finding, Severity
from constructs_lib.rules.job import Body, Job, text
from constructs_lib.rules.quoting import shown

NOT_THERE = "LF734"
"""The code of what is said here."""

_NOTEBOOKS = {".py": "#", ".r": "#", ".scala": "//", ".sql": "--", ".ipynb": None}
"""What a notebook's file may end with, and how a comment begins in it."""
_REMOTE = re.compile(r'^\s*\[remote\b[^\]]*\]|^\s*(\[)|^\s*url\s*=\s*"?([^"\r\n]+?)"?\s*$', re.MULTILINE)
_ADDRESS = re.compile(r"(?:\w+://)?(?:[^@/]*@)?([^:/]+)(?::\d+(?=/))?[:/]+(.+?)(?:\.git)?/*")


@dataclass(frozen=True)
class WorkingTree:
    """The files of a repository as they are here."""

    root: Path
    remotes: frozenset[str]
    """Where the repository comes from; empty where nothing says so."""

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Return the working tree that a folder lies in; the folder itself where there is no repository."""
        for root in (folder, *folder.parents):
            if (root / ".git").exists():
                return cls(root, frozenset(_remotes(root / ".git")))
        return cls(folder, frozenset())

    def is_of(self, url: str) -> bool:
        """Return whether it is a clone of the repository at an address, as far as it says where it comes from."""
        return not self.remotes or _plain(url) in self.remotes

    def problem(self, code: Code) -> tuple[str, str] | None:
        """Return what is wrong with where a task's code is, and what to do; None where it is there."""
        path, written = self.root / (code.path or ""), shown(code.path or ".")
        if code.attribute == "project_directory":
            if _is_file(path / "dbt_project.yml"):
                return None
            return f"there is no dbt_project.yml in {written}", self._hint(code.path or "", folders=True)
        if code.attribute != "notebook_path":
            return None if _is_file(path) else (f"there is no file {written}", self._hint(code.path or ""))
        found = [each for each in _notebooks(path) if _is_file(each)]
        if not found:
            return f"there is no notebook {written}", self._hint(code.path or "", without_extension=True)
        if not any(_is_notebook(each) for each in found):
            comment = _NOTEBOOKS[found[0].suffix.lower()]
            return f"{found[0].name} is no notebook", f"write '{comment} Databricks notebook source' in its first line"
        return None

    def _hint(self, path: str, *, folders: bool = False, without_extension: bool = False) -> str:
        """Return the nearest name beside a path, or where paths begin."""
        try:
            beside = [each for each in (self.root / path).parent.iterdir() if each.is_dir() is folders]
        except OSError:
            beside = []
        near = nearest(Path(path).name, [each.stem if without_extension else each.name for each in beside])
        if near is not None:
            return f"did you mean {(Path(path).parent / near).as_posix()!r}?"
        return "write the path from the repository's root"


def not_there(body: Body, folder: Path) -> Iterator[Finding]:
    """Yield what a job takes from this repository and is not in the working tree that a folder lies in."""
    job = Job(body)
    url = text(job.block("git_source").get("url"))
    if not has_git(job) or not url:
        return
    tree = WorkingTree.of(folder)
    if not tree.is_of(url):
        return
    for code in codes_of(job):
        problem = tree.problem(code) if _is_asked(code) else None
        if problem is not None:
            hit = code.hit(code.attribute, f"{code.attribute}: {problem[0]} in the working tree", problem[1])
            yield Finding(NOT_THERE, Severity.WARNING, hit.path, hit.message, hit.hint)


def _is_asked(code: Code) -> bool:
    """Return whether a path is known, and not another rule's business already."""
    path = "" if code.path is None and code.body.get(code.attribute) is None else code.path
    if not code.in_git or path is None or (not path and code.attribute != "project_directory"):
        return False
    return not (path.startswith("/") or ".." in path or "{{" in path or "\0" in path or scheme_of(path))


def _notebooks(path: Path) -> Iterator[Path]:
    """Yield the files that a notebook's path may mean."""
    if path.suffix.lower() in _NOTEBOOKS:
        yield path
    for extension in (*_NOTEBOOKS, ".R"):
        yield path.with_name(path.name + extension)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long
        return False


def _is_notebook(file: Path) -> bool:
    comment = _NOTEBOOKS[file.suffix.lower()]
    if comment is None:
        return True
    with file.open("rb") as opened:
        return opened.readline(64).rstrip(b"\r\n") == f"{comment} Databricks notebook source".encode()


def _remotes(git: Path) -> Iterator[str]:
    """Yield the addresses in a repository's configuration."""
    if git.is_file():  # a worktree or a submodule: the file names the folder
        git = git.parent / git.read_text(encoding="utf-8").partition("gitdir:")[2].strip()
        common = git / "commondir"
        git = git / common.read_text(encoding="utf-8").strip() if common.is_file() else git
    config = git / "config"
    inside = False
    for found in _REMOTE.finditer(config.read_text(encoding="utf-8", errors="replace") if config.is_file() else ""):
        if found[2] is None:
            inside = found[1] is None
        elif inside:
            yield _plain(found[2])


def _plain(url: str) -> str:
    """Return an address as host and path, whatever it is fetched by."""
    found = _ADDRESS.fullmatch(url.strip())
    return f"{found[1]}/{found[2]}".lower() if found else url
