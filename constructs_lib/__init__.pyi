# The public names, for editors and type checkers; the same as the table in __init__.py.
from constructs_lib._terraform import (
    Construct as Construct,
)
from constructs_lib._terraform import (
    DatabricksResource as DatabricksResource,
)
from constructs_lib._terraform import (
    LakeflowApp as LakeflowApp,
)
from constructs_lib._terraform import (
    LakeflowStack as LakeflowStack,
)
from constructs_lib._terraform import (
    run as run,
)
from constructs_lib.compute import (
    Availability as Availability,
)
from constructs_lib.compute import (
    AzureAttributes as AzureAttributes,
)
from constructs_lib.compute import (
    ClusterSpec as ClusterSpec,
)
from constructs_lib.compute import (
    Compute as Compute,
)
from constructs_lib.compute import (
    InstancePool as InstancePool,
)
from constructs_lib.compute import (
    SecurityMode as SecurityMode,
)
from constructs_lib.definition import (
    JobDefinition as JobDefinition,
)
from constructs_lib.errors import (
    LakeflowError as LakeflowError,
)
from constructs_lib.goal import (
    Goal as Goal,
)
from constructs_lib.handles import (
    ExistingDestination as ExistingDestination,
)
from constructs_lib.handles import (
    ExistingJob as ExistingJob,
)
from constructs_lib.handles import (
    ExistingPipeline as ExistingPipeline,
)
from constructs_lib.handles import (
    ExistingQuery as ExistingQuery,
)
from constructs_lib.handles import (
    ExistingWarehouse as ExistingWarehouse,
)
from constructs_lib.handles import (
    GitFile as GitFile,
)
from constructs_lib.handles import (
    HasCodePath as HasCodePath,
)
from constructs_lib.handles import (
    HasDestinationId as HasDestinationId,
)
from constructs_lib.handles import (
    HasJobId as HasJobId,
)
from constructs_lib.handles import (
    HasPipelineId as HasPipelineId,
)
from constructs_lib.handles import (
    HasQueryId as HasQueryId,
)
from constructs_lib.handles import (
    HasWarehouseId as HasWarehouseId,
)
from constructs_lib.handles import (
    Source as Source,
)
from constructs_lib.handles import (
    WorkspacePath as WorkspacePath,
)
from constructs_lib.health import (
    HealthRule as HealthRule,
)
from constructs_lib.job import (
    LakeflowJob as LakeflowJob,
)
from constructs_lib.libraries import (
    Library as Library,
)
from constructs_lib.monitoring import (
    Monitoring as Monitoring,
)
from constructs_lib.monitoring import (
    RunAlert as RunAlert,
)
from constructs_lib.notifications import (
    Notifications as Notifications,
)
from constructs_lib.notifications import (
    Recipient as Recipient,
)
from constructs_lib.notifications import (
    WebhookNotifications as WebhookNotifications,
)
from constructs_lib.operations import (
    GitSource as GitSource,
)
from constructs_lib.operations import (
    Operations as Operations,
)
from constructs_lib.principals import (
    Grant as Grant,
)
from constructs_lib.principals import (
    Identity as Identity,
)
from constructs_lib.principals import (
    Principal as Principal,
)
from constructs_lib.quartz import (
    Quartz as Quartz,
)
from constructs_lib.references import (
    DynamicValue as DynamicValue,
)
from constructs_lib.references import (
    Reference as Reference,
)
from constructs_lib.references import (
    Text as Text,
)
from constructs_lib.references import (
    concat as concat,
)
from constructs_lib.references import (
    dynamic as dynamic,
)
from constructs_lib.references import (
    loop_input as loop_input,
)
from constructs_lib.references import (
    parameter as parameter,
)
from constructs_lib.references import (
    secret as secret,
)
from constructs_lib.resources import (
    Alert as Alert,
)
from constructs_lib.resources import (
    Channel as Channel,
)
from constructs_lib.resources import (
    Notebook as Notebook,
)
from constructs_lib.resources import (
    NotificationDestination as NotificationDestination,
)
from constructs_lib.resources import (
    Pipeline as Pipeline,
)
from constructs_lib.resources import (
    Resource as Resource,
)
from constructs_lib.resources import (
    SqlWarehouse as SqlWarehouse,
)
from constructs_lib.resources import (
    WorkspaceFile as WorkspaceFile,
)
from constructs_lib.tasks import (
    ComputeTask as ComputeTask,
)
from constructs_lib.tasks import (
    ConditionTask as ConditionTask,
)
from constructs_lib.tasks import (
    ForEachTask as ForEachTask,
)
from constructs_lib.tasks import (
    NotebookTask as NotebookTask,
)
from constructs_lib.tasks import (
    Outcome as Outcome,
)
from constructs_lib.tasks import (
    PipelineTask as PipelineTask,
)
from constructs_lib.tasks import (
    PythonScriptTask as PythonScriptTask,
)
from constructs_lib.tasks import (
    PythonWheelTask as PythonWheelTask,
)
from constructs_lib.tasks import (
    Retries as Retries,
)
from constructs_lib.tasks import (
    RunIf as RunIf,
)
from constructs_lib.tasks import (
    RunJobTask as RunJobTask,
)
from constructs_lib.tasks import (
    SqlFileTask as SqlFileTask,
)
from constructs_lib.tasks import (
    SqlQueryTask as SqlQueryTask,
)
from constructs_lib.tasks import (
    SqlTask as SqlTask,
)
from constructs_lib.tasks import (
    Task as Task,
)
from constructs_lib.tasks import (
    WorkTask as WorkTask,
)
from constructs_lib.triggers import (
    Trigger as Trigger,
)
