"""`python -m lakeflow` is the same as the command `lakeflow`."""

from lakeflow.cli import entry

entry()
