"""A wheel as a file: what is in it, and its one spelling that says its content in its name.

https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

import ast
import csv
import io
import re
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from constructs_lib.errors import LakeflowError

_GENERATOR = re.compile(rb"^(Generator: *[^\s(]+).*$", re.MULTILINE)
_VERSION = re.compile(rb"^Version: *(\S+)", re.MULTILINE)
_ENTRY_POINT = re.compile(r"^\s*([^\[;#=\s][^=]*?)\s*=", re.MULTILINE)
_SIGNATURES = ("RECORD", "RECORD.jws", "RECORD.p7s")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The first that a ZIP archive can say."""


@dataclass(frozen=True)
class WheelFile:
    """A wheel: its name as a file, and its content by the names in the archive, without its list of hashes."""

    filename: str
    entries: Mapping[str, bytes]

    @classmethod
    def read(cls, filename: str, archive: bytes) -> Self:
        """Return the wheel of an archive."""
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            entries = {info.filename: opened.read(info) for info in opened.infolist() if not info.is_dir()}
        wheel = cls(filename, entries)
        if filename.count("-") not in {4, 5} or not filename.endswith(".whl") or wheel.about("WHEEL") is None:
            raise LakeflowError(f"{filename} is no wheel")
        return cls(filename, {name: entries[name] for name in entries if name not in wheel._unsigned()})

    def _unsigned(self) -> Iterator[str]:
        return (f"{self.information}{name}" for name in _SIGNATURES)

    @property
    def information(self) -> str:
        """The folder that says what it is, with a slash at its end: `sales-1.0.dist-info/`."""
        name, version = self.filename.split("-")[:2]
        return f"{name}-{version}.dist-info/"

    def about(self, name: str) -> bytes | None:
        """Return a file of that folder."""
        return self.entries.get(f"{self.information}{name}")

    @property
    def package(self) -> str:
        """The name of the distribution, as its project writes it."""
        return self._metadata("Name")

    @property
    def version(self) -> str:
        """Its version."""
        return self._metadata("Version")

    def _metadata(self, key: str) -> str:
        text = (self.about("METADATA") or b"").decode()
        found = re.search(rf"^{key}: *(\S+)", text.partition("\n\n")[0], re.MULTILINE)
        if found is None:
            raise LakeflowError(f"{self.filename} does not say its {key}")
        return found[1]

    @property
    def depends_on_the_machine(self) -> bool:
        """Whether it is for one kind of machine only: it has compiled code."""
        return not self.filename.endswith("-none-any.whl")

    @property
    def modules(self) -> tuple[str, ...]:
        """The top-level modules and packages that it installs."""
        tops = {name.partition("/")[0] for name in self.entries if not name.startswith(self._own())}
        return tuple(sorted(name.removesuffix(".py") for name in tops))

    def _own(self) -> tuple[str, str]:
        return self.information, self.information.replace(".dist-info/", ".data/")

    @property
    def entry_points(self) -> tuple[str, ...]:
        """The names of its entry points, of whatever group."""
        text = (self.about("entry_points.txt") or b"").decode()
        return tuple(sorted(set(_ENTRY_POINT.findall(text))))

    @property
    def functions(self) -> tuple[str, ...]:
        """What can be called directly in the package of the distribution's name: `package.function()`."""
        name = self.package.replace("-", "_")
        source = self.entries.get(f"{name}/__init__.py", self.entries.get(f"{name}.py", b""))
        try:
            return tuple(sorted(set(_callables(ast.parse(source).body))))
        except (SyntaxError, ValueError):
            return ()

    def named_by_its_content(self) -> Self:
        """Return the same wheel with a local version made of its content, `1.0` → `1.0+x3f9c0a517d2e`.

        What only says which release of the backend wrote it is left out.
        """
        entries = dict(self.entries)
        wheel = f"{self.information}WHEEL"
        entries[wheel] = _GENERATOR.sub(rb"\1", entries[wheel])
        hashed = sha256()
        for name in sorted(entries):
            hashed.update(sha256(name.encode()).digest() + sha256(entries[name]).digest())
        # A letter first: of a local version that is a number, leading zeros are nothing.
        suffix = ("." if "+" in self.version else "+") + f"x{hashed.hexdigest()[:12]}"
        parts = self.filename.split("-")
        parts[1] += suffix
        metadata = f"{self.information}METADATA"
        entries[metadata] = _VERSION.sub(lambda line: line[0] + suffix.encode(), entries[metadata], count=1)
        return type(self)("-".join(parts), {self._renamed(name, suffix): entries[name] for name in entries})

    def _renamed(self, name: str, suffix: str) -> str:
        for folder in self._own():
            if name.startswith(folder):
                stem, dot, kind = folder.rpartition(".")
                return f"{stem}{suffix}{dot}{kind}{name.removeprefix(folder)}"
        return name

    def archive(self) -> bytes:
        """Return the archive: entries in order, no time, no owner, and nothing compressed.

        Releases of zlib compress differently, so only stored bytes are the same on every machine.
        """
        names = sorted(self.entries, key=lambda name: (name.startswith(self.information), name))
        record = io.StringIO(newline="")
        writer = csv.writer(record, lineterminator="\n")
        writer.writerows((name, f"sha256={_hash(self.entries[name])}", len(self.entries[name])) for name in names)
        signature = f"{self.information}RECORD"
        writer.writerow((signature, "", ""))
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as opened:
            for name in names:
                opened.writestr(_plain(name), self.entries[name])
            opened.writestr(_plain(signature), record.getvalue().encode())
        return written.getvalue()


def _plain(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _FIRST_DAY)
    info.create_system = 3  # Unix, wherever it is written
    info.external_attr = (0o100755 if ".data/scripts/" in name else 0o100644) << 16
    return info


def _hash(content: bytes) -> str:
    return urlsafe_b64encode(sha256(content).digest()).rstrip(b"=").decode()


def _callables(body: Iterable[ast.stmt]) -> Iterator[str]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield statement.name
        elif isinstance(statement, ast.ImportFrom | ast.Import):
            yield from (alias.asname or alias.name for alias in statement.names)
        elif isinstance(statement, ast.Assign):
            yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
