"""What the map that synth leaves beside a stack's document says of its jobs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from constructs_lib.synthesis import MAP_NAME


@dataclass(frozen=True)
class Mapped:
    """One job."""

    accepted: Mapping[str, str] = field(default_factory=dict)
    """Code of a finding → why it is as it should be."""
    file: str = ""
    """The file that makes it, empty where that is not known."""
    line: int = 1


NOT_MAPPED = Mapped()


def mapped_beside(document: str) -> Mapping[str, Mapped]:
    """Return the jobs of a document by address; nothing where there is no map beside it."""
    path = Path(document).with_name(MAP_NAME) if document.endswith("cdk.tf.json") else None
    if path is None or not path.is_file():
        return {}
    try:
        jobs = json.loads(path.read_text(encoding="utf-8"))["jobs"].values()
        return {job["address"]: _mapped(job["accepted"], job.get("source")) for job in jobs}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # the map is for people's comfort here; a stack without one is checked in full


def _mapped(accepted: Mapping[str, str], source: Mapping[str, str] | None) -> Mapped:
    if not source:
        return Mapped(dict(accepted))
    return Mapped(dict(accepted), str(source["file"]), int(source["line"]))
