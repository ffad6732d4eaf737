"""What differs for the intake of documents."""

from typing import Annotated

from pydantic import Field

from environments.settings.base import Settings


class DocumentIntake(Settings):
    """Documents, read as they arrive."""

    parallel_documents: Annotated[int, Field(ge=1, le=100)]
    """How many documents are read at the same time; 1 to 100."""
