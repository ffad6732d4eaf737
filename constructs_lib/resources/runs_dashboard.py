"""A dashboard of what became of jobs: `Dashboard` over the canonical queries.

https://docs.databricks.com/aws/en/dashboards/
"""

from collections.abc import Sequence

from constructs_lib._terraform import Construct, lakeflow_stack
from constructs_lib.handles import HasJobId, HasWarehouseId
from constructs_lib.principals import WorkspaceGrant
from constructs_lib.references import Text
from constructs_lib.resources.arguments import Arguments
from constructs_lib.resources.dashboard import Dashboard
from constructs_lib.runs_board import runs_board


class RunsDashboard(Dashboard):
    """An AI/BI dashboard of the runs of some jobs over the last `days`: outcomes, durations, failures and costs.

    It asks the system tables on the warehouse, with the rights of whoever deploys it unless `embed_credentials` is
    False, and shows the jobs that are named to all who may read it. The stack needs its `workspace_id`.
    https://docs.databricks.com/aws/en/admin/system-tables/jobs
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        jobs: Sequence[HasJobId],
        folder: Text,
        warehouse: HasWarehouseId,
        days: int = 30,
        embed_credentials: bool = True,
        name: str | None = None,
        permissions: Sequence[WorkspaceGrant] = (),
    ) -> None:
        arguments = Arguments(RunsDashboard, locals())
        workspace_id = lakeflow_stack(scope).workspace_id
        if not jobs:
            raise arguments.error("a dashboard of no jobs shows nothing", fix="give it jobs=[…]")
        if not 1 <= days <= 180:
            raise arguments.error(
                f"days: {days}, and the system tables hold a year", fix="write 1 to 180, and as many before are read"
            )
        if workspace_id is None:
            raise arguments.error(
                "it asks the system tables, which know a workspace by its id, and the stack has none",
                fix="give the stack a workspace_id",
            )
        board = runs_board(workspace_id=workspace_id, job_ids=[job.job_id for job in jobs], days=days)
        super().__init__(
            scope,
            id_,
            definition=board.render(),
            folder=folder,
            warehouse=warehouse,
            embed_credentials=embed_credentials,
            name=name,
            permissions=permissions,
        )
