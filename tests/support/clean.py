"""An environment in which no client of Databricks finds anything of the machine's own."""

import os

import pytest

_THEIRS = ("DATABRICKS_", "ARM_", "GOOGLE_", "ACTIONS_")


def nothing_of_the_machine(patch: pytest.MonkeyPatch, *, token: str | None = None) -> None:
    """Take credentials, profiles and proxies away, and give the token that a test has."""
    for name in os.environ:
        if name.startswith(_THEIRS) or name.lower().endswith("_proxy"):
            patch.delenv(name)
    patch.setenv("DATABRICKS_CONFIG_FILE", os.devnull)
    if token is not None:
        patch.setenv("DATABRICKS_TOKEN", token)
