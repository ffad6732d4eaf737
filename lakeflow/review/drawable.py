"""Settings as a graph can show them: with names for the ids of the plan's own resources."""

import re
from collections.abc import Mapping
from typing import Any

from lakeflow.review.unknown import Later

_NAME = re.compile(r"[a-z_]+\.[\w.-]{1,200}")
_PLAIN = {str, int, float, bool}


def drawable(value: Any, addresses: Mapping[str, str], name: str = "") -> Any:
    """Return settings in which an id of the plan's own resources is a reference, which a graph shows by its name."""
    if isinstance(value, dict):
        # A state has 0 and false where nothing was said; of workers 0 is a number.
        return {
            key: entry if type(entry) in _PLAIN and not key.endswith("_id") else drawable(entry, addresses, key)
            for key, entry in value.items()
            if entry or key == "num_workers"
        }
    if isinstance(value, list):
        return [drawable(entry, addresses, name) for entry in value]
    if isinstance(value, Later):
        return f"${{{value.reference}}}" if _NAME.fullmatch(value.reference) else str(value)
    if name.endswith("_id") and isinstance(value, str | int) and str(value) in addresses:
        return f"${{{addresses[str(value)]}.id}}"
    return value
