"""Saved SQL queries.

https://docs.databricks.com/aws/en/sql/user/queries/
"""

from collections.abc import Sequence
from typing import Literal

from constructs_lib._terraform import Construct, DatabricksResource
from constructs_lib.handles import HasSchema, HasWarehouseId
from constructs_lib.principals import User, WorkspaceGrant
from constructs_lib.references import Reference, Text
from constructs_lib.resources.arguments import Arguments, said
from constructs_lib.resources.generic import shown_name
from constructs_lib.resources.permissions import permit
from constructs_lib.resources.query_parameters import QueryParameter


class Query(DatabricksResource):
    """A saved SQL query, for a `SqlQueryTask` or for people.

    `text` reads its `parameters` as `{{name}}`; tables without a schema are looked for in `schema`. It lies in
    `folder`, or at home with whoever deploys it; another folder replaces it. `run_as` says whose rights it has.
    https://docs.databricks.com/aws/en/sql/user/queries/
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        text: Text,
        warehouse: HasWarehouseId,
        parameters: Sequence[QueryParameter] = (),
        schema: HasSchema | None = None,
        folder: Text | None = None,
        name: str | None = None,
        description: str | None = None,
        run_as: Literal["OWNER", "VIEWER"] = "OWNER",
        owner: User | None = None,
        auto_limit: bool = False,
        tags: Sequence[str] = (),
        permissions: Sequence[WorkspaceGrant] = (),
    ) -> None:
        arguments = Arguments(Query, locals())
        names = [parameter.name for parameter in parameters]
        for twice in sorted({each for each in names if names.count(each) > 1}):
            raise arguments.error(f"parameters: says {twice!r} twice", fix="keep one of them")
        body = said(
            {
                "display_name": shown_name(scope, id_, "query", name),
                "description": description,
                "query_text": text,
                "parameter": parameters,
                "warehouse_id": warehouse.warehouse_id,
                "catalog": schema.catalog_name if schema else None,
                "schema": schema.schema_name if schema else None,
                "parent_path": arguments.absolute("folder", folder) if folder is not None else None,
                "run_as_mode": run_as,
                "owner_user_name": owner.name if owner else None,
                "apply_auto_limit": auto_limit,
                "tags": tags,
            }
        )
        super().__init__(scope, id_, "databricks_query", body)
        permit(self, "sql_query_id", self.query_id, permissions)

    @property
    def query_id(self) -> Reference:
        """The query's id."""
        return self.attribute("id")
