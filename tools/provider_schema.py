"""Make `constructs_lib/provider/schema.jsonl`: what the Databricks provider's resources and data sources take and give.

    python -m tools.provider_schema --download DIR     fetch the pinned wheels into DIR
    python -m tools.provider_schema --wheels DIR       write the schema from them
    python -m tools.provider_schema --wheels DIR --check

The wheels are releases of `cdktn-provider-databricks`, pinned in `provider-wheels.txt`. The newest gives the schema;
the others only tell since which version a path is known. `constructs_lib.provider.schema` says how to read a line.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tools.provider_package import Package

PINS = Path(__file__).with_name("provider-wheels.txt")
SCHEMA = Path(__file__).parents[1] / "constructs_lib" / "provider" / "schema.jsonl"


@dataclass(frozen=True)
class Pin:
    """One wheel: its requirement line, file name and hash."""

    line: str

    @property
    def wheel(self) -> str:
        """The name of its file."""
        name, _, version = self.line.split()[0].partition("==")
        return f"{name.replace('-', '_')}-{version}-py3-none-any.whl"

    def is_in(self, folder: Path) -> bool:
        """Whether the folder has the wheel as it was pinned."""
        path = folder / self.wheel
        wanted = self.line.rpartition("sha256:")[2]
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == wanted


def pins() -> list[Pin]:
    """Return the wheels that the schema is made from, oldest first."""
    return [Pin(line) for line in PINS.read_text().splitlines() if line and not line.startswith("#")]


def download(folder: Path) -> None:
    """Fetch the wheels that the folder lacks, with pip; a wheel with another hash is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    for pin in pins():
        if pin.is_in(folder):
            continue
        with tempfile.TemporaryDirectory() as scratch:
            requirement = Path(scratch, "requirement.txt")  # pip takes one version of a package per file
            requirement.write_text(pin.line + "\n")
            options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--quiet"]
            command = [sys.executable, "-m", "pip", "download", *options, "-r", str(requirement), "-d", str(folder)]
            subprocess.run(command, check=True)


def generate(folder: Path) -> str:
    """Return the schema made from the pinned wheels in a folder.

    Raises FileNotFoundError, which says what fetches them, where one is missing or has another hash.
    """
    missing = [pin.wheel for pin in pins() if not pin.is_in(folder)]
    if missing:
        raise FileNotFoundError(
            f"not in {folder}, or not as pinned in {PINS.name}: {', '.join(missing)}; "
            f"run: python -m tools.provider_schema --download {folder}"
        )
    *older, newest = (folder / pin.wheel for pin in pins())
    history = History()
    for wheel in older:
        history.add(Package(wheel))
    package = Package(newest)
    history.add(package)
    head = {"provider": package.provider_version, "baseline": history.baseline, "package": pins()[-1].line.split()[0]}
    lines = [_line(head)]
    for resource in package.resources:
        shapes = Shapes(package, resource.module, history)
        lines.append(_line({"type": resource.type, **shapes.describe(resource.name)}))
    return "".join(lines)


def _line(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n"


class History:
    """Which provider version first had an attribute, over the releases that were added, oldest first."""

    def __init__(self) -> None:
        self._releases: list[tuple[str, dict[tuple[str, str, str], str]]] = []

    def add(self, package: Package) -> None:
        """Note what a release has."""
        self._releases.append((package.provider_version, package.states()))

    @property
    def baseline(self) -> str:
        """The oldest version: what it has gets no `since`."""
        return self._releases[0][0]

    def since(self, key: tuple[str, str, str]) -> str:
        """Return the version from which on the attribute can always be given, or read if that is all it can."""
        first, now = self._releases[-1][0], self._releases[-1][1][key]
        for version, states in reversed(self._releases):
            if key not in states or (states[key] == "read-only" != now):
                break
            first = version
        return first

    def required_before(self, key: tuple[str, str, str]) -> str | None:
        """Return the version that no longer requires the attribute, None where it always or never did."""
        required = [states.get(key) == "required" for _, states in self._releases]
        if required[-1] or True not in required:
            return None
        return self._releases[len(required) - required[::-1].index(True)][0]


@dataclass
class Shape:
    """What a block or object holds: per attribute its words, with `{}` for the name of the shape nested in it."""

    words: dict[str, str] = field(default_factory=dict)
    nested: dict[str, "Shape"] = field(default_factory=dict)
    key: str = ""


class Shapes:
    """One resource: its attributes, and every different shape below them once, named by its shortest path."""

    def __init__(self, package: Package, module: str, history: History) -> None:
        self._package = package
        self._module = module
        self._history = history

    def describe(self, name: str) -> dict[str, object]:
        """Return the line of the resource whose class has this name."""
        since = min((self._since(name, key[2]) for key in self._keys(name)), key=_order)
        top = self._shape(name, since, computed=False)
        names: dict[str, str] = {}
        found: dict[str, Shape] = {}
        level = [("", top)]
        while level:  # one depth after the other, so that the shortest path names a shape
            below = []
            for path, shape in level:
                for attribute, nested in shape.nested.items():
                    if nested.key not in names:
                        names[nested.key] = path + attribute
                        found[path + attribute] = nested
                        below.append((f"{path}{attribute}.", nested))
            level = below
        line: dict[str, object] = {} if since == self._history.baseline else {"since": since}
        line["attributes"] = _named(top, names)
        if found:
            line["shapes"] = {path: _named(found[path], names) for path in sorted(found)}
        return line

    def _keys(self, name: str) -> list[tuple[str, str, str]]:
        return [(self._module, name, attribute.name) for attribute in self._package.attributes(self._module, name)]

    def _since(self, name: str, attribute: str) -> str:
        return self._history.since((self._module, name, attribute))

    def _shape(self, name: str, parent: str, *, computed: bool) -> Shape:
        """Return the shape of a class; `parent` is since when it is known, `computed` whether the provider may fill it.

        Inside an attribute that the provider may fill the package calls everything computed, so there it tells nothing.
        """
        shape = Shape()
        for attribute in sorted(self._package.attributes(self._module, name), key=lambda each: each.name):
            key = (self._module, name, attribute.name)
            words = [attribute.type]
            if attribute.state and not (computed and attribute.state == "computed"):
                words.append(attribute.state)
            since = max(parent, self._history.since(key), key=_order)
            if since != parent:
                words.append(f"since {since}")
            if before := self._history.required_before(key):
                words.append(f"required-before {before}")
            shape.words[attribute.name] = " ".join(words)
            if attribute.nested:
                filled = computed or attribute.state in {"computed", "read-only"}
                shape.nested[attribute.name] = self._shape(attribute.nested, since, computed=filled)
        keys = {attribute: nested.key for attribute, nested in shape.nested.items()}
        shape.key = hashlib.sha256(json.dumps([shape.words, keys]).encode()).hexdigest()
        return shape


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _named(shape: Shape, names: dict[str, str]) -> dict[str, str]:
    """Return the words of a shape with the names of the shapes nested in it."""
    return {
        attribute: words.format(names[shape.nested[attribute].key]) if attribute in shape.nested else words
        for attribute, words in shape.words.items()
    }


def main() -> int:
    """Run the command: 1 where --check finds the schema out of date, 2 where wheels are missing."""
    parser = argparse.ArgumentParser(prog="python -m tools.provider_schema", description=__doc__.splitlines()[0])
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--download", type=Path, metavar="DIR", help="fetch the pinned wheels into DIR with pip")
    action.add_argument("--wheels", type=Path, metavar="DIR", help="the folder with the pinned wheels")
    parser.add_argument("--check", action="store_true", help="write nothing, say whether the schema is up to date")
    arguments = parser.parse_args()
    try:
        if arguments.download:
            download(arguments.download)
            return 0
        made = generate(arguments.wheels)
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if not arguments.check:
        SCHEMA.write_text(made, newline="\n")
    elif not SCHEMA.is_file() or SCHEMA.read_bytes() != made.encode():
        print(f"{SCHEMA.name} is not what the wheels say; run: python -m tools.provider_schema --wheels DIR")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
