"""What a check found, for whoever shows it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from constructs_lib.errors import LakeflowError
from constructs_lib.rules import Finding, Severity
from lakeflow.documents.texts import Position


@dataclass(frozen=True)
class Found:
    """A finding, its job and its file."""

    file: str
    job: str
    finding: Finding
    position: Position
    """Where it stands in the file; its start where nobody asked."""
    code: str = ""
    """The file that makes the job, where a map says it."""
    code_line: int = 1


@dataclass
class Report:
    """Everything that a check found."""

    found: list[Found] = field(default_factory=list)
    accepted: list[tuple[str, str, str]] = field(default_factory=list)
    """Job, code and reason of each finding that the code accepts."""
    unreadable: list[LakeflowError] = field(default_factory=list)
    jobs: int = 0
    files: int = 0
    """Files that hold a job."""

    def count(self, severity: Severity) -> int:
        """Return how many findings are this severe."""
        return sum(each.finding.severity is severity for each in self.found)

    def reaches(self, severities: Iterable[Severity]) -> bool:
        """Return whether a finding has one of these severities."""
        wanted = set(severities)
        return any(each.finding.severity in wanted for each in self.found)
