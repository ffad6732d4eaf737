"""Who may do what with what a construct deploys: one `databricks_permissions` for each object.

https://docs.databricks.com/aws/en/security/auth/access-control/
"""

from collections.abc import Sequence

from constructs_lib._terraform import DatabricksResource
from constructs_lib.principals import Identity, ObjectGrant, access_control
from constructs_lib.references import Reference
from constructs_lib.resources.generic import Resource


def permit(
    construct: DatabricksResource,
    field: str,
    id_: Reference,
    grants: Sequence[ObjectGrant],
    owner: Identity | None = None,
) -> None:
    """Deploy the permissions of an object, below its construct; nothing where nobody is named.

    `field` is what `databricks_permissions` calls the object's id.
    """
    blocks = access_control(grants, owner)
    if blocks:
        Resource(construct, "permissions", "databricks_permissions", **{field: id_}, access_control=blocks)
