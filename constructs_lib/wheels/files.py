"""Which files of a folder ship: all but what is hidden, cached or left out by a pattern."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from constructs_lib.errors import LakeflowError, nearest
from constructs_lib.wheels.ignore import Pattern, ignored, patterns

_NEVER = patterns([".*", "__pycache__/", "*.py[cod]"])


def folder_of(source: str | Path) -> Path:
    """Return a folder of the project, relative to its root; it must exist."""
    root = Path.cwd()
    folder = root / source
    if not folder.is_dir():
        if folder.is_file():
            raise LakeflowError(f"{Path(source).as_posix()} is a file", fix="name the folder that it lies in")
        beside = [each.name for each in folder.parent.iterdir() if each.is_dir()] if folder.parent.is_dir() else []
        near = nearest(folder.name, beside)
        raise LakeflowError(
            f"there is no folder {Path(source).as_posix()}",
            fix=f"did you mean {near!r}?" if near else "write its path relative to the project's root",
        )
    if not folder.resolve().is_relative_to(root.resolve()):
        raise LakeflowError(f"{Path(source).as_posix()} lies outside the project", fix="put it under assets/")
    return Path(os.path.relpath(folder.resolve(), root.resolve()))


def files_of(folder: Path, ignore: Sequence[str] = (), never: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the files that ship with a folder of the project, relative to it, in the order of their names.

    What is left out: hidden files and Python's caches (and `never`), then what the `.gitignore` files from the
    project's root down say, then what `ignore` says. Of those that are about a file, the last decides.
    """
    base = _base(folder)
    known = [*_NEVER, *patterns(never, base)]
    for above in [*reversed(folder.parents), folder] if folder.parts else [folder]:
        known += _git_patterns(above)
    return tuple(sorted(_walk(folder, folder, known, patterns(ignore, base))))


def _walk(folder: Path, top: Path, known: Sequence[Pattern], last: Sequence[Pattern]) -> Iterator[str]:
    if folder != top:
        known = [*known, *_git_patterns(folder)]
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = folder / entry.name
        name, is_folder = path.as_posix(), entry.is_dir()
        if ignored(name, [*known, *last], is_folder=is_folder):
            continue
        if is_folder and not entry.is_symlink():
            yield from _walk(path, top, known, last)
        elif is_folder or not entry.is_file():
            what = "a link to a folder" if is_folder else "no file"
            raise LakeflowError(f"{name} is {what}", fix="put the files themselves there, or leave it out with ignore=")
        else:
            yield path.relative_to(top).as_posix()


def _git_patterns(folder: Path) -> tuple[Pattern, ...]:
    file = folder / ".gitignore"
    if not file.is_file():
        return ()
    return patterns(file.read_text(encoding="utf-8", errors="replace").splitlines(), _base(folder))


def _base(folder: Path) -> str:
    return f"{folder.as_posix()}/" if folder.parts else ""
