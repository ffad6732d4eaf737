"""The fixture that runs the command."""

from tests.lakeflow.review.support import run

__all__ = ["run"]
