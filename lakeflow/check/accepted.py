"""What the code of a stack accepts, from the map that synth leaves beside its document."""

import json
from collections.abc import Mapping
from pathlib import Path

from constructs_lib.synthesis import MAP_NAME

Accepted = Mapping[str, Mapping[str, str]]
"""Address of a job → code of a finding → why it is as it should be."""


def accepted_beside(document: str) -> Accepted:
    """Return what the map beside a document accepts; nothing where there is no such map."""
    path = Path(document).with_name(MAP_NAME) if document.endswith("cdk.tf.json") else None
    if path is None or not path.is_file():
        return {}
    try:
        jobs = json.loads(path.read_text(encoding="utf-8"))["jobs"].values()
        return {job["address"]: dict(job["accepted"]) for job in jobs}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # the map is for people's comfort here; a stack without one is checked in full
