"""The fixture that runs the command."""

from tests.lakeflow.check.support import check

__all__ = ["check"]
