"""One file: what it says, and what is wrong with it alone."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from environments.errors import Place, Problem
from environments.files.checks import check_file
from environments.files.findings import Finding
from environments.files.reader import read
from environments.files.tree import Table
from environments.settings import Header


@dataclass(frozen=True, eq=False)
class File:
    """One file of a folder of environments."""

    name: str
    label: str
    """Its path from the root of the project, as messages show it."""
    content: Table | None
    """Its keys and values; None where it cannot be read."""
    problems: tuple[Problem, ...]
    """What is wrong with how it is written."""
    findings: tuple[Finding, ...]
    """What is wrong with what it says."""

    @classmethod
    def open(cls, path: Path, label: str) -> "File":
        """Read a file and check it by itself."""
        content: Table | None = None
        problems: tuple[Problem, ...]
        try:
            content, problems = read(label, _bytes(path))
        except OSError as error:
            reason = (error.strerror or "it cannot be opened").lower()
            problems = (Problem(f"the file cannot be read: {reason}", Place(label)),)
        return cls(path.stem, label, content, problems, tuple(check_file(content)) if content else ())

    @cached_property
    def body(self) -> Table:
        """What files that extend this one inherit."""
        content = self.content or Table(Place(self.label))
        return content.without(*Header.model_fields)

    @property
    def extends(self) -> str | None:
        """The name of the file that this one extends."""
        name = self._header("extends")
        return name if isinstance(name, str) else None

    @property
    def abstract(self) -> bool:
        """Whether this file is there only to be extended."""
        return self._header("abstract") is True

    @property
    def certain(self) -> bool:
        """Whether it is known what this file extends; if not, what it inherits cannot be said to be missing."""
        sound = isinstance(self._header("extends"), str | None) and isinstance(self._header("abstract"), bool | None)
        header = {(key,) for key in Header.model_fields}
        misspelt = any(finding.instead in header for finding in self.findings)
        return self.content is not None and sound and not misspelt

    def place(self, key: str) -> Place:
        """Return where the value of a key of the first level stands."""
        return self.content.at((key,)).place if self.content else Place(self.label)

    def _header(self, key: str) -> object:
        entry = self.content.entries.get(key) if self.content else None
        return entry.value.plain() if entry else None


def _bytes(path: Path) -> bytes:
    """Return what is in a file; a pipe would be waited for without end."""
    if path.exists() and not path.is_file():
        raise OSError(0, "it is a folder" if path.is_dir() else "it is no regular file")
    return path.read_bytes()
