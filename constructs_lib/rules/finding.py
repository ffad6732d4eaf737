"""What a rule finds."""

from dataclasses import dataclass
from enum import StrEnum

Path = tuple[str | int, ...]
"""Where something stands in a job, by the provider's names: `("task", 2, "depends_on", 0, "task_key")`."""


def pointer(path: Path) -> str:
    """Return a path as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """The API refuses it, or it cannot run."""
    WARNING = "warning"
    """It deploys and is silently wrong."""
    INFO = "info"
    """Worth knowing."""

    @property
    def rank(self) -> int:
        """A number that is greater the worse it is."""
        return {"info": 0, "warning": 1, "error": 2}[self.value]


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that breaks a rule: where, what is wrong with which value, and what to write."""

    path: Path
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit with the rule that it breaks."""

    code: str
    severity: Severity
    path: Path
    message: str
    hint: str

    def to_json(self) -> dict[str, str]:
        """Return the finding as the map and the reports write it; the path as a JSON Pointer."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "path": pointer(self.path),
            "message": self.message,
            "hint": self.hint,
        }
