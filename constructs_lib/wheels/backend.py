"""Calls a build backend in a process of its own: `python backend.py BACKEND FOLDER REQUIREMENTS [PATH …]`.

https://peps.python.org/pep-0517/#build-backend-interface
"""

import re
import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

MISSING = "missing"
"""The file that says what is not installed, in the folder where the wheel would be."""


def main(backend: str, folder: str, requirements: str, *paths: str) -> int:
    """Build the wheel of the working directory into a folder, or say there which requirements are not installed."""
    missing = _missing(requirements.splitlines())
    if not missing:
        sys.path[:0] = paths
        module, _, attribute = backend.partition(":")
        found = import_module(module)
        for name in filter(None, attribute.split(".")):
            found = getattr(found, name)
        missing = _missing(getattr(found, "get_requires_for_build_wheel", list)())
        if not missing:
            found.build_wheel(folder)
            return 0
    Path(folder, MISSING).write_text("\n".join(missing), encoding="utf-8")
    return 1


def _missing(requirements: Iterable[str]) -> list[str]:
    """Return the names of what is not installed; what a requirement says after its name is for pip."""
    named = [re.match(r"[A-Za-z0-9._-]+", each) for each in requirements if ";" not in each]
    return sorted({found[0] for found in named if found and not _is_installed(found[0])})


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
