"""What is known of earlier runs, from a file.

{"format": 1, "jobs": {"databricks_job.daily_sales": {"runs": 28, "days": 30, "p95_seconds": 2460}}}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from constructs_lib.errors import LakeflowError

FORMAT = 1


@dataclass(frozen=True)
class History:
    """How long the runs of a job took."""

    runs: int
    days: int
    p95_seconds: float


def read(path: Path) -> Mapping[str, History]:
    """Return the history of jobs by their address; raise LakeflowError where the file does not say it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LakeflowError(f"cannot be read: {error.strerror}", place=str(path)) from None
    except (ValueError, RecursionError):
        raise LakeflowError("is not JSON", place=str(path)) from None
    jobs = document.get("jobs") if isinstance(document, dict) and document.get("format") == FORMAT else None
    if not isinstance(jobs, dict):
        raise LakeflowError(
            "has no facts of jobs", place=str(path), fix=f'write {{"format": {FORMAT}, "jobs": {{ADDRESS: …}}}}'
        )
    return {address: _history(str(path), address, job) for address, job in jobs.items()}


def _history(path: str, address: str, job: object) -> History:
    said = job if isinstance(job, dict) else {}
    values = [said.get(name) for name in ("runs", "days", "p95_seconds")]
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) < len(values) or not all(0 <= number < 1e12 for number in numbers):
        raise LakeflowError(
            f"jobs.{address} is no history of runs", place=path, fix="write runs, days and p95_seconds as numbers"
        )
    runs, days, p95 = numbers
    return History(int(runs), int(days), float(p95))
