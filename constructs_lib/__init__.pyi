# The public names, for editors and type checkers; the same as the table in __init__.py.
from constructs_lib._terraform import (
    Construct as Construct,
    DatabricksResource as DatabricksResource,
    LakeflowApp as LakeflowApp,
    LakeflowStack as LakeflowStack,
)
from constructs_lib.compute import (
    Availability as Availability,
    AzureAttributes as AzureAttributes,
    ClusterSpec as ClusterSpec,
    Compute as Compute,
    InstancePool as InstancePool,
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
    ExistingJob as ExistingJob,
    ExistingPipeline as ExistingPipeline,
    ExistingQuery as ExistingQuery,
    ExistingWarehouse as ExistingWarehouse,
    GitFile as GitFile,
    HasCodePath as HasCodePath,
    HasDestinationId as HasDestinationId,
    HasJobId as HasJobId,
    HasPipelineId as HasPipelineId,
    HasQueryId as HasQueryId,
    HasWarehouseId as HasWarehouseId,
    Source as Source,
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
    RunAlert as RunAlert,
)
from constructs_lib.notifications import (
    Notifications as Notifications,
    Recipient as Recipient,
    WebhookNotifications as WebhookNotifications,
)
from constructs_lib.operations import (
    GitSource as GitSource,
    Operations as Operations,
)
from constructs_lib.principals import (
    Grant as Grant,
    Identity as Identity,
    Principal as Principal,
)
from constructs_lib.quartz import (
    Quartz as Quartz,
)
from constructs_lib.references import (
    DynamicValue as DynamicValue,
    Reference as Reference,
    Text as Text,
    concat as concat,
    dynamic as dynamic,
    loop_input as loop_input,
    parameter as parameter,
    secret as secret,
)
from constructs_lib.resources import (
    Alert as Alert,
    Channel as Channel,
    Notebook as Notebook,
    NotificationDestination as NotificationDestination,
    Pipeline as Pipeline,
    Resource as Resource,
    SqlWarehouse as SqlWarehouse,
    WorkspaceFile as WorkspaceFile,
)
from constructs_lib.startup import (
    run as run,
)
from constructs_lib.tasks import (
    ComputeTask as ComputeTask,
    ConditionTask as ConditionTask,
    ForEachTask as ForEachTask,
    NotebookTask as NotebookTask,
    Outcome as Outcome,
    PipelineTask as PipelineTask,
    PythonScriptTask as PythonScriptTask,
    PythonWheelTask as PythonWheelTask,
    Retries as Retries,
    RunIf as RunIf,
    RunJobTask as RunJobTask,
    SqlFileTask as SqlFileTask,
    SqlQueryTask as SqlQueryTask,
    SqlTask as SqlTask,
    Task as Task,
    WorkTask as WorkTask,
)
from constructs_lib.triggers import (
    Trigger as Trigger,
)
