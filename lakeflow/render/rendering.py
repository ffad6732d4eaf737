"""The jobs of a file as Terraform JSON, and what could not be said of them."""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from constructs_lib.errors import LakeflowError
from constructs_lib.forms.found import RESOURCE, FoundJob, found_jobs
from constructs_lib.forms.scalars import typed
from constructs_lib.forms.values import Exactness, ReadJob, Remark, read
from constructs_lib.provider import schema
from lakeflow.documents.reading import Document
from lakeflow.documents.sources import Source
from lakeflow.documents.texts import Position, encodable, visible

_LINES = (".jsonl", ".ndjson")
_LOST, _UNREADABLE = 1, 2


def render(file: str) -> int:
    """Print the jobs of a file; raise LakeflowError where it cannot be read or holds none."""
    document = Source(file, named=True).document()
    entries = list(_entries(document)) if document else []
    if document is None or not any(found for found, _ in entries):
        raise LakeflowError("holds no job", place=file, fix="name a file with a job in one of its forms")
    in_lines = len(entries) > 1 or len(entries[0][0]) > 1 or file.lower().endswith(_LINES)
    rendering = _Rendering(document, indent=None if in_lines else 2)
    for found, path in entries:
        rendering.entry(found, path)
    rendering.say()
    return rendering.status


def _entries(document: Document) -> Iterator[tuple[list[FoundJob], tuple[int, ...]]]:
    """Yield the jobs of each document of a file, and where that stands."""
    try:
        found = list(found_jobs(document.value, named=True, lenient=True))
    except RecursionError:
        raise LakeflowError("nested too deeply", place=document.label) from None
    if document.count == 1:
        yield found, ()
        return
    by_document: dict[object, list[FoundJob]] = {}
    for job in found:
        by_document.setdefault(job.path[0], []).append(job)
    for index, value in enumerate(document.value or ()):
        if value is not None:  # YAML has an empty document behind a last `---`
            yield by_document.get(index, []), (index,)


class _Rendering:
    """Prints jobs one after the other, and keeps how exactly that was possible."""

    def __init__(self, document: Document, *, indent: int | None) -> None:
        self._document = document
        self._indent = indent
        self._said: list[tuple[tuple[str | int, ...], str]] = []
        self.status = 0

    def entry(self, found: Sequence[FoundJob], path: tuple[int, ...]) -> None:
        """Print the jobs of one document."""
        if not found:
            self._fail(path, "holds no job")
        for job in found:
            try:
                said = read(job)
            except (LakeflowError, RecursionError) as error:
                problem = error.problem if isinstance(error, LakeflowError) else "nested too deeply"
                self._fail(job.path, problem)
                continue
            self._print(said)

    def _print(self, job: ReadJob) -> None:
        attributes: dict[str, Any] = typed(job.render(), schema(RESOURCE).body)
        text = json.dumps(attributes, indent=self._indent, sort_keys=True, ensure_ascii=False, allow_nan=False)
        sys.stdout.write(encodable(text, sys.stdout.encoding) + "\n")
        for remark in job.remarks:
            self._said.append((remark.path, f"{remark.exactness} {_words(remark, job.found)}"))
            if remark.exactness is Exactness.LOST:
                self.status = max(self.status, _LOST)

    def _fail(self, path: tuple[str | int, ...], problem: str) -> None:
        self.status = _UNREADABLE
        self._said.append((path, f"error {problem}"))

    def say(self) -> None:
        """Say what was noticed, with its place: all of it at the end, as looking for a place reads the whole file."""
        places = self._document.positions([path for path, _ in self._said]) if self._said else {}
        for path, text in self._said:
            self._line(text, places.get(path))

    def _line(self, text: str, position: Position | None) -> None:
        place = f"{self._document.label}:{position.line}:{position.column}" if position else self._document.label
        sys.stderr.write(encodable(visible(f"{place}: {text}"), sys.stderr.encoding) + "\n")


def _words(remark: Remark, job: FoundJob) -> str:
    """Return where in its job something stands, and what is said of it."""
    steps = remark.path[len(job.path) :]
    dotted = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    named = f"{job.name}: " if job.name else ""
    return f"{named}{dotted}: {remark.text}" if dotted else f"{named}{remark.text}"
