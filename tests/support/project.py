"""A copy of the sample project in a folder of its own, to change and to run as a user would."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_PARTS = ("main.py", "cdktf.json", "stacks", "environments", "assets")


@dataclass(frozen=True)
class Project:
    """The copy."""

    root: Path

    @classmethod
    def copy(cls, root: Path) -> "Project":
        """Copy what makes the sample project into an empty folder."""
        root.mkdir(parents=True, exist_ok=True)
        for part in _PARTS:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, root / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, root / part)
        return cls(root)

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that stands in a file."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def write(self, file: str, text: str) -> None:
        """Write a file."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def python(self, *words: str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run Python in the project."""
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.root,
            env={**os.environ, **(environ or {})},
            capture_output=True,
            text=True,
            check=False,
        )

    def synth(self, *stacks: str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run main.py, as cdktf does."""
        return self.python("main.py", *stacks, environ=environ)

    def lakeflow(self, *words: str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run the command `lakeflow`."""
        return self.python("-m", "lakeflow", *words, environ=environ)

    def document(self, stack: str) -> dict[str, Any]:
        """Return a stack's Terraform JSON, without cdktf's own comments."""
        text = (self.root / "cdktf.out" / "stacks" / stack / "cdk.tf.json").read_text(encoding="utf-8")
        found: dict[str, Any] = without_comments(json.loads(text))
        return found

    def map(self, stack: str) -> dict[str, Any]:
        """Return a stack's map."""
        text = (self.root / "cdktf.out" / "stacks" / stack / "lakeflow.json").read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)
        return found

    def output(self) -> dict[str, bytes]:
        """Return every file below cdktf.out with its content."""
        folder = self.root / "cdktf.out"
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def without_comments(value: Any) -> Any:
    """Return a document without the `//` that cdktf writes."""
    if isinstance(value, dict):
        return {key: without_comments(entry) for key, entry in value.items() if key != "//"}
    if isinstance(value, list):
        return [without_comments(entry) for entry in value]
    return value
