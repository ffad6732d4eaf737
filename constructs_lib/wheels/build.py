"""Builds the wheel of a folder, the same bytes on every machine, or says in one message why it cannot.

The backend that `pyproject.toml` names runs in a process of its own, on a copy of the source in a temporary folder. It
is what is installed here: nothing is downloaded. https://peps.python.org/pep-0517/
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from constructs_lib.errors import LakeflowError, listed
from constructs_lib.synthesis import write_file
from constructs_lib.wheels import backend as backend_program
from constructs_lib.wheels.files import files_of, folder_of
from constructs_lib.wheels.wheel_file import WheelFile

CACHE = Path(".lakeflow") / "wheels"
"""Where built wheels are kept, by the digest of their source; it can be deleted at any time."""
SLOWEST = 300
"""Seconds that a build may take."""
MOST_KEPT = 50
MOST_FILES = 5_000
MOST_BYTES = 100 * 1024 * 1024

_FORMAT = b"1"
"""Another number makes every wheel be built again."""
_LEFTOVERS = ("/build/", "/dist/", "*.egg-info/")
_LEGACY = {"requires": ["setuptools"], "build-backend": "setuptools.build_meta:__legacy__"}
_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_FIRST_DAY = "315532800"
"""1980-01-01, the first that a ZIP archive can say."""

_built: dict[str, WheelFile] = {}


@dataclass(frozen=True)
class _Source:
    """What a wheel is built from."""

    folder: Path
    files: Mapping[str, bytes]
    requires: tuple[str, ...]
    backend: str
    backend_path: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The digest of all that a build depends on."""
        hashed = sha256(_FORMAT)
        installed = [f"{each} {_installed(each)}" for each in self.requires]
        hashed.update("\n".join([self.backend, *installed, f"{sys.version_info[:2]}"]).encode())
        for name, content in self.files.items():
            hashed.update(b"\0" + name.encode() + b"\0" + sha256(content).digest())
        return hashed.hexdigest()


def built(folder: str | Path, ignore: Sequence[str] = ()) -> WheelFile:
    """Return the wheel of a folder of the project; it is built only where its source is new."""
    source = _source(folder_of(folder), ignore)
    digest = source.digest
    found = _built.get(digest) or _cached(digest)
    if found is None:
        found = _checked(source, _build(source)).named_by_its_content()
        # Without a cache the next synth builds again, which is slower and nothing worse.
        with suppress(OSError):
            _keep(digest, found)
    _built[digest] = found
    return found


def _source(folder: Path, ignore: Sequence[str]) -> _Source:
    name = folder.as_posix()
    if not (folder / "pyproject.toml").is_file():
        raise LakeflowError(
            f"{name} has no pyproject.toml, and so no wheel",
            fix="write one, with [build-system] and [project], beside the package",
        )
    files: dict[str, bytes] = {}
    size = 0
    for file in files_of(folder, ignore, _LEFTOVERS):
        files[file] = (folder / file).read_bytes()
        size += len(files[file])
        if len(files) > MOST_FILES or size > MOST_BYTES:
            raise LakeflowError(
                f"{name} has more than {MOST_FILES:,} files or {MOST_BYTES // 1024**2} MB",
                fix="leave out what is no source: in .gitignore, or with ignore=",
            )
    if "pyproject.toml" not in files:
        raise LakeflowError(f"{name}/pyproject.toml is left out by a pattern", fix="look at ignore= and .gitignore")
    try:
        project = tomllib.loads(files["pyproject.toml"].decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LakeflowError(str(error), place=f"{name}/pyproject.toml") from None
    system: Any = project.get("build-system", {})
    try:
        system = {**_LEGACY, **system}
        return _Source(
            folder=folder,
            files=files,
            requires=tuple(map(str, system["requires"])),
            backend=str(system["build-backend"]),
            backend_path=tuple(map(str, system.get("backend-path", ()))),
        )
    except TypeError:
        raise LakeflowError(
            "[build-system] is not what it has to be",
            place=f"{name}/pyproject.toml",
            fix='write requires = ["hatchling"] and build-backend = "hatchling.build"',
        ) from None


def _installed(requirement: str) -> str:
    name = _NAME.match(requirement)
    try:
        return version(name[0]) if name else ""
    except PackageNotFoundError:
        return ""


def _cached(digest: str) -> WheelFile | None:
    for path in (Path.cwd() / CACHE / digest).glob("*.whl"):
        with suppress(OSError, BadZipFile, LakeflowError):
            return WheelFile.read(path.name, path.read_bytes())
    return None


def _keep(digest: str, wheel: WheelFile) -> None:
    cache = Path.cwd() / CACHE
    write_file(cache / digest / wheel.filename, wheel.archive())
    for old in sorted(cache.iterdir(), key=lambda path: path.stat().st_mtime)[:-MOST_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _build(source: _Source) -> WheelFile:
    """Run the backend on a copy of the source; hidden from it is who builds, where, and what else lies there."""
    with tempfile.TemporaryDirectory(prefix="lakeflow-wheel-") as temporary:
        root = Path(temporary).resolve()
        copy, made = root / "source", root / "made"
        # Backends look for what to leave out in the folders above, up to one with .git.
        for folder in (copy, made, root / ".git"):
            folder.mkdir()
        for name, content in source.files.items():
            _write(copy / name, content)
        done = _run(source, copy, made)
        said = (done.stderr + done.stdout).replace(str(copy), source.folder.as_posix())
        name = source.folder.as_posix()
        missing = made / backend_program.MISSING
        if missing.is_file():
            names = missing.read_text(encoding="utf-8").split()
            raise LakeflowError(
                f"{name}: its build backend {source.backend} needs {listed(names)}, which is not installed",
                fix=f"pip install {' '.join(names)}: a wheel is built with what is here, without downloading",
            )
        found = sorted(made.glob("*.whl"))
        if done.returncode or len(found) != 1:
            raise LakeflowError(f"{name}: {source.backend} builds no wheel: {_reason(said)}")
        wheel = WheelFile.read(found[0].name, found[0].read_bytes())
        if any(str(root).encode() in content for content in wheel.entries.values()):
            raise LakeflowError(
                f"{name}: {source.backend} writes the folder that it builds in into the wheel",
                fix="take what does that out of the build: the wheel would differ from machine to machine",
            )
        return wheel


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o644)
    os.utime(path, (int(_FIRST_DAY), int(_FIRST_DAY)))


def _run(source: _Source, copy: Path, made: Path) -> subprocess.CompletedProcess[str]:
    environ = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environ |= {
        "HOME": str(made.parent),
        "LC_ALL": "C.UTF-8",
        "PIP_NO_INDEX": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "SOURCE_DATE_EPOCH": _FIRST_DAY,
        "TZ": "UTC",
        "USERPROFILE": str(made.parent),
    }
    program = [sys.executable, "-P", "-s", backend_program.__file__]
    words = [source.backend, str(made), "\n".join(source.requires)]
    paths = [str(copy / path) for path in source.backend_path]
    try:
        return subprocess.run(  # noqa: S603 (the backend that the project itself names)
            [*program, *words, *paths],
            cwd=copy,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=SLOWEST,
        )
    except subprocess.TimeoutExpired:
        raise LakeflowError(f"{source.folder.as_posix()}: the build takes longer than {SLOWEST} seconds") from None


def _reason(said: str) -> str:
    """Return what a backend said last, in one line: the text of its exception, or its last lines."""
    lines = [line.rstrip() for line in said.splitlines() if line.strip()]
    frames = [number for number, line in enumerate(lines) if line.startswith('  File "')]
    text = [line for line in lines[frames[-1] + 1 :] if not line.startswith("    ")][:3] if frames else []
    return " ".join(line.strip() for line in text or lines[-5:]) or "it says nothing"


def _checked(source: _Source, wheel: WheelFile) -> WheelFile:
    name = source.folder.as_posix()
    if wheel.depends_on_the_machine:
        raise LakeflowError(
            f"{name}: {wheel.filename} has compiled code and runs only on machines like this one",
            fix="build it where it fits, and name it with Library.wheel(path)",
        )
    if not wheel.modules:
        raise LakeflowError(
            f"{name}: {wheel.filename} has no module in it",
            fix="tell the build backend in pyproject.toml where the package is",
        )
    return wheel
