"""Where a workspace that runs can be reached: a small file beside its state, which only its user can read."""

import json
import os
import shlex
from dataclasses import asdict, dataclass
from pathlib import Path

from constructs_lib.errors import LakeflowError


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """The address and the token of a workspace."""

    host: str
    token: str

    @property
    def page(self) -> str:
        """Return the address of its page, which opens once and keeps the token in a cookie."""
        return f"{self.host}/?token={self.token}"

    @property
    def exports(self) -> str:
        """Return the lines that make a shell talk to it."""
        return f"export DATABRICKS_HOST={shlex.quote(self.host)}\nexport DATABRICKS_TOKEN={shlex.quote(self.token)}\n"

    def write(self, state: Path) -> None:
        """Leave them beside a state file."""
        path = _path(state)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(self), file)

    @classmethod
    def read(cls, state: Path) -> "Whereabouts":
        """Return those of the workspace with a state file; raise LakeflowError where none runs."""
        try:
            said = json.loads(_path(state).read_text(encoding="utf-8"))
            return cls(host=said["host"], token=said["token"])
        except FileNotFoundError:
            raise not_running(state) from None
        except (OSError, ValueError, KeyError, TypeError):
            raise LakeflowError("cannot be read", place=str(_path(state)), fix="start the workspace again") from None

    @staticmethod
    def forget(state: Path) -> None:
        """Take them away: the workspace has stopped."""
        _path(state).unlink(missing_ok=True)


def not_running(state: Path) -> LakeflowError:
    """Return the error for a workspace that does not run."""
    return LakeflowError("no workspace runs with this state", place=str(state), fix="start it: lakeflow workspace")


def _path(state: Path) -> Path:
    return state.with_name(f"{state.name}.address")
