"""`lakeflow workspace` as a process of its own, which may be killed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.project import ROOT


class WorkspaceProcess:
    """Start and stop it with `with`; `kill` ends it as the machine would, at once."""

    def __init__(self, state: Path, *options: str) -> None:
        self._state, self._options = state, options

    def __enter__(self) -> Self:
        words = ["workspace", "--port", "0", "--format", "json", "--state", str(self._state), *self._options]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lakeflow", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environ,
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            _, said = self._process.communicate()
            raise AssertionError(said)
        told = json.loads(line)
        self.host, self.token, self.page = told["host"], told["token"], told["page"]
        return self

    def kill(self) -> None:
        """End it without a chance to do anything."""
        self._process.kill()
        self._process.wait()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.communicate()
