"""The construct that deploys a job, with its permissions and alerts.

https://docs.databricks.com/aws/en/jobs/
"""

from collections.abc import Mapping, Sequence

from constructs_lib import sql
from constructs_lib._terraform import Construct, DatabricksResource, lakeflow_stack, path_of
from constructs_lib.compute import Compute
from constructs_lib.definition import JobDefinition
from constructs_lib.errors import LakeflowError, caller
from constructs_lib.goal import Goal
from constructs_lib.monitoring import Monitoring
from constructs_lib.operations import Operations
from constructs_lib.principals import access_control
from constructs_lib.references import Reference
from constructs_lib.resources import Alert, Resource, default_name
from constructs_lib.run_alerts import HistoryAlert
from constructs_lib.synthesis import JobRecord
from constructs_lib.tasks import Task
from constructs_lib.triggers import Schedule, Trigger


class LakeflowJob(DatabricksResource):
    """A job in its six steps: `databricks_job`, with its `databricks_permissions` and alerts as children.

    `name` is the construct path below the stack when it is not said; the stack's name prefix stands before it. Every
    mistake in the job is a `LakeflowError` with the construct path. `accept` names findings of the rules that are as
    they should be, by code, with the reason: `accept={"LF203": "the iterations are few"}`.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        goal: str | Goal,
        tasks: Sequence[Task],
        trigger: Trigger,
        compute: Compute | None = None,
        operations: Operations | None = None,
        monitoring: Monitoring | None = None,
        name: str | None = None,
        accept: Mapping[str, str] | None = None,
    ) -> None:
        stack = lakeflow_stack(scope)
        path = f"{path_of(scope)}/{id_}"
        source = caller()
        key = default_name(scope, id_, "job")
        try:
            self.definition = JobDefinition(
                stack.name_prefix + (name or key),
                goal=goal if isinstance(goal, Goal) else Goal(goal),
                tasks=tasks,
                trigger=trigger,
                compute=compute,
                operations=operations or Operations(),
                monitoring=monitoring,
            )
            body = self.definition.render()
            grants = access_control(self.definition.operations.permissions, self.definition.operations.owning)
        except LakeflowError as error:
            raise LakeflowError(error.problem, place=f"{path} ({error.place or source})", fix=error.fix) from None
        super().__init__(scope, id_, "databricks_job", body)
        stack.record.jobs[key.replace(" ", "/")] = JobRecord(
            key=key.replace(" ", "/"),
            address=self.address,
            path=path,
            goal=self.definition.goal.summary,
            owner=self.definition.goal.owner,
            source=source,
            accept=accept or {},
        )
        if grants:
            Resource(self, "permissions", "databricks_permissions", job_id=self.job_id, access_control=grants)
        for alert in monitoring.history if monitoring else ():
            self._watch(alert, self.definition)

    @property
    def job_id(self) -> Reference:
        """The job's id."""
        return self.attribute("id")

    def _watch(self, alert: HistoryAlert, definition: JobDefinition) -> None:
        stack = lakeflow_stack(self)
        monitoring = definition.monitoring
        if monitoring is None or monitoring.warehouse is None:  # pragma: no cover (Monitoring refuses it)
            return
        if stack.workspace_id is None:
            raise LakeflowError(
                f"{alert!r} asks the system tables, which know a workspace by its id, and the stack has none",
                place=self.node.path,
                fix="give the stack a workspace_id",
            )
        Alert(
            self,
            alert.key,
            name=f"{definition.name.removeprefix(stack.name_prefix)} {alert.key.replace('_', ' ')}",
            query=sql.query(alert.query),
            parameters=sql.parameters(
                alert.query,
                {"workspace_id": stack.workspace_id, "job_id": self.job_id, "window_hours": alert.within},
            ),
            column=alert.column,
            threshold=alert.threshold,
            warehouse=monitoring.warehouse,
            schedule=Schedule(monitoring.check_at, timezone="UTC").paused_if(definition.trigger.paused),
            recipients=definition.recipients,
            run_as=definition.operations.run_as,
        )
