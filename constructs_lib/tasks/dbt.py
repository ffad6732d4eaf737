"""Tasks that run dbt.

https://docs.databricks.com/aws/en/jobs/dbt
"""

from collections.abc import Sequence
from typing import Any, Self

from constructs_lib.errors import LakeflowError
from constructs_lib.handles import WAREHOUSE, HasCodePath, HasWarehouseId, Source
from constructs_lib.reading import Given
from constructs_lib.references import Text
from constructs_lib.tasks.base import ComputeTask, WorkTask, code_in
from constructs_lib.values import attribute

_MOST_COMMANDS = 10


class DbtTask(ComputeTask, block="dbt_task"):
    """Runs dbt commands of a project: dbt itself on `compute`, its SQL on a warehouse where one is named.

    https://docs.databricks.com/aws/en/jobs/dbt
    """

    commands: Sequence[Text] = attribute("commands")
    """One to ten: `["dbt deps", "dbt build"]`."""
    project: HasCodePath | None = attribute("project_directory", default=None, via=lambda project: project.code_path)
    """The folder of `dbt_project.yml`; the root of the job's Git source where nothing is said."""
    warehouse: HasWarehouseId | None = attribute("warehouse_id", default=None, via=WAREHOUSE)
    catalog: Text | None = attribute("catalog", default=None)
    """Where the models are made; only with a warehouse."""
    schema: Text | None = attribute("schema", default=None)
    """The schema that the models are made in; only with a warehouse."""
    profiles: str | None = attribute("profiles_directory", default=None)
    """The folder of `profiles.yml`, relative to the project; only without a warehouse."""

    def check(self) -> None:
        """Refuse commands that are none of dbt's, and what only the other way of running takes."""
        super().check()
        if not 1 <= len(self.commands) <= _MOST_COMMANDS:
            raise self.error(f"{len(self.commands)} commands, and the API takes 1 to {_MOST_COMMANDS}")
        for command in self.commands:
            if isinstance(command, str) and not command.startswith("dbt"):
                raise self.error(f"{command!r} is no command of dbt", fix="begin it with dbt")
        if self.warehouse is None and (self.catalog is not None or self.schema is not None):
            raise self.error(
                "catalog and schema are of a warehouse", fix="give warehouse=, or say them in profiles.yml"
            )
        if self.warehouse is not None and self.profiles is not None:
            raise self.error("has a warehouse and profiles of its own", fix="give one of them")

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the task of a block, its project by where that comes from."""
        if given.has(("dbt_task", "project_directory")):
            said["project"] = code_in(given, *cls.prefix, name="project_directory")
        elif given.take("dbt_task", "source") == Source.WORKSPACE:
            raise LakeflowError("has no project_directory")
        if given.body["dbt_task"].get("schema") == "":
            given.take("dbt_task", "schema")
        return super().read(given, **said)

    def body(self) -> dict[str, Any]:
        """Return the block with its source and schema said, which would leak from a neighbour."""
        body = super().body()
        dbt = body["dbt_task"]
        dbt["source"] = self.source.value
        # Without a warehouse the provider would write a schema of its own, and never converge.
        dbt.setdefault("schema", "default" if self.warehouse else "")
        return body

    @property
    def source(self) -> Source:
        """Where the project comes from."""
        return self.project.source if self.project else Source.GIT


class DbtPlatformTask(WorkTask, block="dbt_platform_task"):
    """Runs a job of the dbt platform (preview).

    https://docs.databricks.com/aws/en/jobs/dbt-platform
    """

    connection: str = attribute("connection_resource_name", kw_only=False)
    """The Unity Catalog connection to the dbt platform."""
    dbt_job: Text = attribute("dbt_platform_job_id", kw_only=False)
    """The id of the job there."""
