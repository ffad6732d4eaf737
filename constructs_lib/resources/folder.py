"""Folders of the workspace, deployed from this project file by file.

https://docs.databricks.com/aws/en/files/workspace
"""

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath

from constructs_lib._terraform import Construct, path_of
from constructs_lib.errors import LakeflowError, listed, nearest
from constructs_lib.handles import Source
from constructs_lib.references import Reference, Text, concat
from constructs_lib.resources.code import Notebook, WorkspaceFile
from constructs_lib.wheels import files_of, folder_of

MOST_FILES = 1_000
"""Each file is a resource, and every plan asks the workspace for each."""
LARGEST_NOTEBOOK = 10
LARGEST_JUPYTER = 100
"""MB that the workspace imports: https://docs.databricks.com/aws/en/notebooks/notebook-limitations"""
LARGEST_FILE = 500
"""MB that the workspace takes: https://docs.databricks.com/aws/en/files/workspace#limitations"""

_HEADERS = {
    ".py": (b"# Databricks notebook source", "PYTHON"),
    ".r": (b"# Databricks notebook source", "R"),
    ".scala": (b"// Databricks notebook source", "SCALA"),
    ".sql": (b"-- Databricks notebook source", "SQL"),
}
_JUPYTER = "JUPYTER"
_PLAIN = re.compile(r"__init__|[A-Za-z0-9]+(_[A-Za-z0-9]+)*")
_DBT_PROJECT = "dbt_project.yml"


class WorkspaceFolder(Construct):
    """A folder of the workspace with all files of a folder of this project; only changed files are deployed again.

    `source` is relative to the project's root, `path` absolute in the workspace. Notebooks (`.ipynb`, and what begins
    with `# Databricks notebook source`) become notebooks, without extension; everything else becomes a file. Hidden
    files, `__pycache__` and what `.gitignore` leaves out stay here, and so does what the patterns in `ignore` match.

    A file's id is its path with `--` for `/` and `-` for the dot. Where that could be another path too, a digest of the
    path ends it, so that no file's address depends on which others there are.
    https://docs.databricks.com/aws/en/files/workspace
    """

    source = Source.WORKSPACE

    def __init__(
        self, scope: Construct, id_: str, *, source: str | Path, path: str, ignore: Sequence[str] = ()
    ) -> None:
        try:
            top, folder = workspace_folder(path), folder_of(source)
            kinds = {file: _language(folder / file) for file in files_of(folder, ignore)}
            _check(folder, kinds)
        except LakeflowError as error:
            raise error.at(f"{path_of(scope)}/{id_}") from None
        super().__init__(scope, id_)
        self._top, self._source = top, folder
        self._asked: list[str] = []
        self._remote = {file: _remote(file, language) for file, language in kinds.items()}
        self._files = {file: self._deployed(file, language) for file, language in kinds.items()}

    def _deployed(self, file: str, language: str | None) -> "Notebook | WorkspaceFile":
        local, remote = self._source / file, f"{self._top}/{self._remote[file]}"
        if language is None:
            return WorkspaceFile(self, _id(file), file=local, path=remote)
        notebook = Notebook(self, _id(file, is_notebook=True), file=local, path=remote)
        # Not said, the provider sends those of the file that it was before: the cells of an .ipynb as Python.
        notebook.add_override("format", _JUPYTER if language == _JUPYTER else "SOURCE")
        if language != _JUPYTER:
            notebook.add_override("language", language)
        return notebook

    def code(self, file: str) -> "Notebook | WorkspaceFile":
        """Return a file of the folder for a task to run, by its path in the folder with its extension.

        The task's job waits for all other files of the folder, which the code may read or import.
        """
        found = self._files.get(file)
        if found is None:
            near = nearest(file, self._files)
            raise LakeflowError(
                f"no file {file!r} ships with {self._source.as_posix()}",
                place=path_of(self),
                fix=f"did you mean {near!r}?" if near else f"there is {listed(self._files)}",
            )
        if file not in self._asked:
            self._asked.append(file)
            # A file never waits for one that waits already: that would be a cycle.
            others = (each.address for name, each in self._files.items() if name not in self._asked)
            found.depends_on = sorted(others)
        return found

    @property
    def files(self) -> tuple[str, ...]:
        """What ships, by its path in the folder."""
        return tuple(self._files)

    @property
    def code_path(self) -> Reference:
        """The folder's path, such as a dbt task's project; known when planning, and there when every file is."""
        # The file that was asked for first waits for all others, and its path is known when planning.
        first = next(iter((*self._asked, *(self._files.keys() & {_DBT_PROJECT}), *self._files)))
        found = self.code(first)
        return concat("/Workspace", Reference(f'${{trimsuffix({found.address}.path, "/{self._remote[first]}")}}'))


def workspace_folder(path: Text) -> Text:
    """Return a folder of the workspace as the provider wants it; an error where it is none."""
    if not isinstance(path, str):
        return path
    if path.startswith(("/Volumes/", "/dbfs/", "dbfs:")):
        raise LakeflowError(f"{path!r} is no folder of the workspace", fix="write a path such as '/Shared/sales'")
    if not path.startswith("/"):
        raise LakeflowError(f"a workspace path is absolute, and {path!r} is not", fix=f"write '/{path}'")
    clean = "/" + "/".join(part for part in path.split("/") if part not in {"", "."})
    if clean == "/Workspace" or clean.startswith("/Workspace/"):
        clean = clean.removeprefix("/Workspace")
    if clean != path or ".." in path.split("/") or clean in {"", "/"}:
        fits = clean not in {"", "/"} and ".." not in path.split("/")
        raise LakeflowError(f"{path!r} is no folder", fix=f"write {clean!r}" if fits else "write '/Shared/sales'")
    return path


def _check(folder: Path, kinds: dict[str, str | None]) -> None:
    """Refuse what the workspace refuses, before anything is deployed."""
    name = folder.as_posix()
    if not kinds:
        raise LakeflowError(f"nothing of {name} ships", fix="look at ignore= and .gitignore")
    if len(kinds) > MOST_FILES:
        raise LakeflowError(
            f"{name} has {len(kinds):,} files, more than {MOST_FILES:,}",
            fix="leave some out with ignore=, take the code from Git, or make a Wheel of it",
        )
    there: dict[str, tuple[str, bool]] = {}
    for file, language in kinds.items():
        size = (folder / file).stat().st_size / 1024**2
        most = {None: LARGEST_FILE, _JUPYTER: LARGEST_JUPYTER}.get(language, LARGEST_NOTEBOOK)
        if size > most:
            raise LakeflowError(
                f"{name}/{file} has {size:,.1f} MB; the workspace takes {most} MB",
                fix="put data into a volume" if language is None else "clear the notebook's outputs",
            )
        remote = PurePosixPath(_remote(file, language))
        for path in (remote, *remote.parents[:-1]):
            other, is_folder = there.setdefault(path.as_posix(), (file, path != remote))
            if other != file and not (is_folder and path != remote):
                raise LakeflowError(
                    f"{name}/{other} and {name}/{file} both need {path.as_posix()!r} in the workspace, where notebooks"
                    " have no extension",
                    fix="rename one of them",
                )


def _language(file: Path) -> str | None:
    """Return a notebook's language, or `JUPYTER`; None where it is no notebook."""
    if file.suffix.lower() == ".ipynb":
        return _JUPYTER
    header, language = _HEADERS.get(file.suffix.lower(), (b"", None))
    if language is None:
        return None
    with file.open("rb") as opened:
        first = opened.readline(len(header) + 2)
    return language if first.rstrip(b"\r\n") == header else None


def _remote(file: str, language: str | None) -> str:
    return file if language is None else str(PurePosixPath(file).with_suffix(""))


def _id(file: str, *, is_notebook: bool = False) -> str:
    path = PurePosixPath(file)
    extension = path.suffix.removeprefix(".")
    stem = path.stem if extension else path.name
    parts = [*path.parts[:-1], stem]
    name = "--".join(parts) if is_notebook or not extension else f"{'--'.join(parts)}-{extension}"
    # Without an extension, a name with '_' reads as one with: 'model_sql' and 'model.sql'.
    unclear = not is_notebook and (not extension.isalnum() if extension else "_" in stem)
    if all(_PLAIN.fullmatch(part) for part in parts) and not unclear:
        return name
    said = re.sub(r"[^A-Za-z0-9]+", "_", "/".join(parts) if is_notebook else file).strip("_")
    return f"{said}-{sha256(str(path.with_suffix('') if is_notebook else path).encode()).hexdigest()[:6]}".lstrip("-")
