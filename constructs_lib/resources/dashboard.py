"""AI/BI dashboards.

https://docs.databricks.com/aws/en/dashboards/
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from constructs_lib._terraform import Construct, DatabricksResource, lakeflow_stack
from constructs_lib.handles import HasSchema, HasWarehouseId
from constructs_lib.principals import WorkspaceGrant
from constructs_lib.references import Reference, Text
from constructs_lib.resources.arguments import Arguments, said
from constructs_lib.resources.generic import shown_name
from constructs_lib.resources.permissions import permit


class Dashboard(DatabricksResource):
    """An AI/BI dashboard, published: from a file of this project (`….lvdash.json`), or from what such a file holds.

    `file` is relative to the project's root; only a changed file is deployed again, and a change by hand is undone.
    Queries without a schema read `schema`. With `embed_credentials` its viewers read with the rights of whoever
    deploys it, otherwise with their own. Another `folder` replaces it.
    https://docs.databricks.com/aws/en/dashboards/
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        file: str | Path | None = None,
        definition: Mapping[str, object] | None = None,
        folder: Text,
        warehouse: HasWarehouseId,
        schema: HasSchema | None = None,
        embed_credentials: bool = True,
        name: str | None = None,
        permissions: Sequence[WorkspaceGrant] = (),
    ) -> None:
        arguments = Arguments(Dashboard, locals())
        if (file is None) == (definition is None):
            raise arguments.error("a dashboard is a file or a definition", fix="give one of file and definition")
        body = said(
            {
                "display_name": shown_name(scope, id_, "dashboard", name),
                "file_path": lakeflow_stack(scope).ship(file) if file is not None else None,
                "serialized_dashboard": arguments.json("definition", definition) if definition is not None else None,
                "parent_path": arguments.absolute("folder", folder),
                "warehouse_id": warehouse.warehouse_id,
                "dataset_catalog": schema.catalog_name if schema else None,
                "dataset_schema": schema.schema_name if schema else None,
                "embed_credentials": embed_credentials,
            }
        )
        content = definition if file is None else _read(Path(file))
        if not isinstance(content, Mapping) or not isinstance(content.get("pages"), Sequence):
            raise arguments.error(
                f"{'definition' if file is None else f'file: {file}'} is no dashboard",
                fix="take an exported one: a JSON object with its pages",
            )
        super().__init__(scope, id_, "databricks_dashboard", body)
        permit(self, "dashboard_id", self.dashboard_id, permissions)

    @property
    def dashboard_id(self) -> Reference:
        """The dashboard's id."""
        return self.attribute("id")


def _read(file: Path) -> object:
    """Return what a file holds; None where it is no JSON, which the provider would deploy all the same."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return None
