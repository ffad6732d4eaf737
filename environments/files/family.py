"""The files of a folder, and which extends which."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from environments.errors import InvalidEnvironment, Place, Problem
from environments.files.file import File
from environments.words import meant, quoted

SUFFIX = ".yaml"

_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")


class Family:
    """All files of a folder, by name."""

    def __init__(self, folder: Path) -> None:
        self.label = folder.absolute().name
        try:
            paths = sorted(path for path in folder.iterdir() if path.suffix in {SUFFIX, ".yml"})
        except OSError as error:
            reason = (error.strerror or "it cannot be opened").lower()
            raise InvalidEnvironment([Problem(f"the folder {self.label} cannot be read: {reason}")]) from None
        self.problems = tuple(self._misnamed(path) for path in paths if not _well_named(path))
        """The files whose name is no environment's."""
        self.files = {path.stem: File.open(path, f"{self.label}/{path.name}") for path in paths if _well_named(path)}

    @property
    def names(self) -> tuple[str, ...]:
        """The environments that can be deployed, in their order."""
        return tuple(sorted((name for name, file in self.files.items() if not file.abstract), key=self._position))

    def line(self, name: str) -> tuple[File, ...] | None:
        """Return a file after all that it extends, the furthest first; None where that cannot be known."""
        line = self._reachable(name)
        return tuple(reversed(line)) if line[-1].extends is None and all(file.certain for file in line) else None

    def reachable(self, names: Iterable[str]) -> tuple[File, ...]:
        """Return the files that environments are made of, each once, as far as they exist."""
        return tuple(dict.fromkeys(file for name in names for file in self._reachable(name)))

    def broken_links(self, files: Iterable[File]) -> Iterator[Problem]:
        """Yield what is wrong with what files extend; a circle is named once."""
        for file in files:
            target = file.extends
            if target is None:
                continue
            circle = self._reachable(file.name)
            if target == file.name:
                yield Problem("extends: a file cannot extend itself", file.place("extends"))
            elif target not in self.files:
                others = [name for name in self.files if name != file.name]
                yield Problem(f"extends: {quoted(target)} is not defined{meant(target, others)}", file.place("extends"))
            elif circle[-1].extends == file.name == min(each.name for each in circle):
                steps = " → ".join([*(each.name for each in circle), file.name])
                yield Problem(f"extends: the files go in a circle: {steps}", file.place("extends"))

    def _reachable(self, name: str) -> tuple[File, ...]:
        found: dict[str, File] = {}
        step: str | None = name
        while step is not None and step in self.files and step not in found:
            found[step] = self.files[step]
            step = found[step].extends
        return tuple(found.values())

    def _position(self, name: str) -> tuple[int, str]:
        orders = [file.body.plain().get("order") for file in self._reachable(name)]
        return next((order for order in orders if isinstance(order, int)), 0), name

    def _misnamed(self, path: Path) -> Problem:
        place = Place(f"{self.label}/{path.name}" if path.name.isprintable() else f"{self.label}/{quoted(path.name)}")
        if path.suffix != SUFFIX:
            return Problem(f"environments end in {SUFFIX}; rename the file to {path.stem}{SUFFIX}", place)
        return Problem(
            "a file's name is the environment's: a lower-case letter, then lower-case letters, digits and hyphens",
            place,
        )


def _well_named(path: Path) -> bool:
    return path.suffix == SUFFIX and _NAME.fullmatch(path.stem) is not None
