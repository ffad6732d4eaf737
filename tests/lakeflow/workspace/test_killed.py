"""A workspace that is killed under load starts again with every write that it has acknowledged, and no half one."""

from pathlib import Path

import pytest

from tests.support.killing import killed_once


@pytest.mark.slow
def test_every_acknowledged_write_survives_and_no_half_one(tmp_path: Path) -> None:
    acknowledged = [killed_once(tmp_path / "workspace.db", seed) for seed in range(3)]
    assert sum(acknowledged) > 50
