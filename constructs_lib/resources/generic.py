"""Any resource of the databricks provider, and what the constructs of this library share.

https://registry.terraform.io/providers/databricks/databricks/latest/docs
"""

from typing import Any

from constructs_lib._terraform import Construct, DatabricksResource, lakeflow_stack, path_of
from constructs_lib.errors import LakeflowError


class Resource(DatabricksResource):
    """Any resource of the databricks provider, by its type and attributes; they are held against the provider's schema.

    `Resource(self, "group", "databricks_group", display_name="engineers")`;
    https://registry.terraform.io/providers/databricks/databricks/latest/docs
    """

    def __init__(self, scope: Construct, id_: str, resource_type: str, /, **attributes: Any) -> None:
        if not resource_type.startswith("databricks_"):
            raise LakeflowError(
                f"{resource_type!r} is no resource of the databricks provider", place=f"{path_of(scope)}/{id_}"
            )
        present = {name: value for name, value in attributes.items() if value is not None}
        super().__init__(scope, id_, resource_type, present)


def shown_name(scope: Construct, id_: str, kind: str, name: str | None) -> str:
    """Return what the workspace shows: the name, or what the construct's path makes, behind the stack's prefix."""
    return f"{lakeflow_stack(scope).name_prefix}{name or default_name(scope, id_, kind)}"


def default_name(scope: Construct, id_: str, kind: str) -> str:
    """Return a name made of the construct path below the stack: `daily-sales`."""
    parts = [*path_of(scope).split("/")[1:], id_]
    return " ".join(parts[:-1] if len(parts) > 1 and parts[-1] == kind else parts)
