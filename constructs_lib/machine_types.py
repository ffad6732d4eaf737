"""Which cloud has machines of a type, by its name."""

import re
from typing import Literal

Cloud = Literal["azure", "aws", "gcp"]
_GCP = re.compile(r"[a-z]\d[a-z]?-[a-z]+-\d.*")


def cloud_of(node_type: str) -> Cloud | None:
    """Return the cloud that has machines of a type, None where its name does not tell."""
    if node_type.startswith("Standard_"):
        return "azure"
    if _GCP.fullmatch(node_type):
        return "gcp"
    return "aws" if "." in node_type else None
