"""The files that somebody asks to have checked."""

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from constructs_lib.errors import LakeflowError
from lakeflow.documents.reading import Document, read, read_if_promising
from lakeflow.stack_map import OUTPUT

STANDARD_INPUT = "-"

_SUFFIXES = (".json", ".jsonl", ".yml", ".yaml")
_SKIPPED = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True)
class Source:
    """One file."""

    label: str
    """How it is named in what is said of it."""
    named: bool
    """Whether somebody named it, and not a folder that it is in."""
    error: OSError | None = None
    """Why nothing can be read there."""

    def document(self) -> Document | None:
        """Return what stands in it, None where no job can; raise LakeflowError where it cannot be read."""
        try:
            if self.error:
                raise self.error
            data = _standard_input() if self.label == STANDARD_INPUT else Path(self.label).read_bytes()
        except OSError as error:
            raise LakeflowError(f"cannot be read: {error.strerror or error}", place=self.label) from None
        except ValueError:
            raise LakeflowError("cannot be read: no such name is possible", place=self.label) from None
        return read(self.label, data) if self.named else read_if_promising(self.label, data)


def sources(named: Sequence[str], environment: str | None) -> Iterator[Source]:
    """Yield the files of what is named, those in folders by name; each once.

    Where nothing is named, they are the stack of the environment, or every stack that synth wrote.
    """
    seen: set[str] = set()
    for source in (each for name in named or _stacks(environment) for each in _of(name)):
        if source.label not in seen:
            seen.add(source.label)
            yield source


def _stacks(environment: str | None) -> list[str]:
    found = sorted(path.as_posix() for path in OUTPUT.glob(f"stacks/{environment or '*'}/cdk.tf.json"))
    if not found:
        what = f"the stack {environment!r} is not in {OUTPUT}" if environment else "nothing to check"
        raise LakeflowError(what, fix="name a file, a folder or - for standard input, or run lakeflow synth")
    return found


def _of(name: str) -> Iterator[Source]:
    try:
        is_folder = name != STANDARD_INPUT and Path(name).is_dir()
    except (OSError, ValueError):
        is_folder = False
    if is_folder:
        yield from _in_folder(name)
    else:
        yield Source(name, named=True)


def _in_folder(name: str) -> Iterator[Source]:
    errors: list[OSError] = []
    for folder, folders, files in os.walk(name, onerror=errors.append):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in _SKIPPED)
        for file in sorted(files):
            path = Path(folder, file)
            if file.lower().endswith(_SUFFIXES) and path.is_file():
                yield Source(path.as_posix(), named=False)
    for error in errors:
        yield Source(Path(str(error.filename)).as_posix(), named=False, error=error)


def _standard_input() -> bytes:
    if sys.stdin is None or sys.stdin.closed:
        raise OSError("standard input is closed")
    return sys.stdin.buffer.read()
