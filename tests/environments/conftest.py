"""A small project with its own environments, in which tests make mistakes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from environments import InvalidEnvironment, load_all

BASE = """\
abstract: true
workspace_folder: /Shared/lakeflow
catalog: sales
schedules: paused
state:
  resource_group: rg-lakeflow
  storage_account: stlakeflow
  container: tfstate
compute:
  node_type: Standard_D4ds_v5
  spark_version: 16.4.x-scala2.12
  availability: on_demand
  warehouse:
    size: Small
    auto_stop_minutes: 10
notifications:
  destinations:
    on_call:
      email: [oncall@example.com]
products:
  daily_sales:
    {starts_at: 05:30, ready_by: 07:00, timezone: UTC, minimum_rows: 1, train_model: true, timeout_minutes: 60}
  document_intake: {parallel_documents: 2}
  live_orders:
    backlog_warning_seconds: 300
    on_call: on_call
"""

DEV = """\
extends: base
order: 1
workspace:
  host: https://adb-1.1.azuredatabricks.net
run_as:
  user: dev@example.com
compute:
  max_workers: 2
tags:
  team: data
"""

PROD = """\
extends: base
order: 2
workspace:
  host: https://adb-3.3.azuredatabricks.net
run_as:
  service_principal: c3e85b09-d4a1-4672-8f1b-96d07a2ce58f
compute:
  max_workers: 12
permissions:
  - group: analysts
    level: CAN_VIEW
git:
  url: https://github.com/example/lakeflow-jobs.git
  provider: gitHub
  tag: v1.0.0
"""


@dataclass(frozen=True)
class Project:
    """The folder `environments` of a project, with base.yaml, dev.yaml and prod.yaml."""

    folder: Path

    def write(self, name: str, content: str | bytes) -> "Project":
        """Write a file of the folder."""
        (self.folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def edit(self, name: str, old: str, new: str) -> "Project":
        """Replace a text that stands once in a file."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        return self.write(name, text.replace(old, new))

    def add(self, name: str, text: str) -> "Project":
        """Add lines to the end of a file."""
        return self.write(name, (self.folder / name).read_text(encoding="utf-8") + text)

    def problems(self, load: Callable[[Path], object] = load_all) -> list[str]:
        """Return the lines of the one error that loading ends with."""
        with pytest.raises(InvalidEnvironment) as caught:
            load(self.folder)
        return str(caught.value).splitlines()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    folder = tmp_path / "environments"
    folder.mkdir()
    return Project(folder).write("base.yaml", BASE).write("dev.yaml", DEV).write("prod.yaml", PROD)
