# The public names, for editors and type checkers; the same as the table in __init__.py.
from constructs_lib._terraform import (
    Construct as Construct,
    DatabricksResource as DatabricksResource,
    LakeflowApp as LakeflowApp,
    LakeflowStack as LakeflowStack,
)
from constructs_lib.compute import (
    Availability as Availability,
    AwsAttributes as AwsAttributes,
    AzureAttributes as AzureAttributes,
    ClusterMount as ClusterMount,
    ClusterSpec as ClusterSpec,
    Compute as Compute,
    DockerImage as DockerImage,
    GcpAttributes as GcpAttributes,
    InitScript as InitScript,
    LogDelivery as LogDelivery,
    NodeTypeFlexibility as NodeTypeFlexibility,
    S3Place as S3Place,
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
    ExistingAlert as ExistingAlert,
    ExistingDashboard as ExistingDashboard,
    ExistingDestination as ExistingDestination,
    ExistingJob as ExistingJob,
    ExistingPipeline as ExistingPipeline,
    ExistingPolicy as ExistingPolicy,
    ExistingPool as ExistingPool,
    ExistingQuery as ExistingQuery,
    ExistingSchema as ExistingSchema,
    ExistingVolume as ExistingVolume,
    ExistingWarehouse as ExistingWarehouse,
    GitFile as GitFile,
    HasAlertId as HasAlertId,
    HasClusterId as HasClusterId,
    HasCodePath as HasCodePath,
    HasDashboardId as HasDashboardId,
    HasDestinationId as HasDestinationId,
    HasJobId as HasJobId,
    HasPipelineId as HasPipelineId,
    HasPolicyId as HasPolicyId,
    HasPoolId as HasPoolId,
    HasQueryId as HasQueryId,
    HasSchema as HasSchema,
    HasVolumePath as HasVolumePath,
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
)
from constructs_lib.notifications import (
    Notifications as Notifications,
    Recipient as Recipient,
    TaskNotifications as TaskNotifications,
)
from constructs_lib.operations import (
    Deployment as Deployment,
    GitSource as GitSource,
    JobSource as JobSource,
    Operations as Operations,
)
from constructs_lib.principals import (
    ClusterGrant as ClusterGrant,
    ClusterPolicyGrant as ClusterPolicyGrant,
    Grant as Grant,
    Identity as Identity,
    PipelineGrant as PipelineGrant,
    PoolGrant as PoolGrant,
    Principal as Principal,
    SecretScopeGrant as SecretScopeGrant,
    SqlWarehouseGrant as SqlWarehouseGrant,
    WorkspaceGrant as WorkspaceGrant,
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
    AllPurposeCluster as AllPurposeCluster,
    Channel as Channel,
    ClusterPolicy as ClusterPolicy,
    CodeGlob as CodeGlob,
    Dashboard as Dashboard,
    Directory as Directory,
    EventLog as EventLog,
    KeyVault as KeyVault,
    Notebook as Notebook,
    NotificationDestination as NotificationDestination,
    Pipeline as Pipeline,
    PipelineCluster as PipelineCluster,
    PipelineNotifications as PipelineNotifications,
    Pool as Pool,
    PoolNodes as PoolNodes,
    Query as Query,
    QueryParameter as QueryParameter,
    Resource as Resource,
    ResultColumn as ResultColumn,
    RunsDashboard as RunsDashboard,
    Schema as Schema,
    SecretScope as SecretScope,
    SqlWarehouse as SqlWarehouse,
    Volume as Volume,
    VolumeFile as VolumeFile,
    Wheel as Wheel,
    WorkspaceFile as WorkspaceFile,
    WorkspaceFolder as WorkspaceFolder,
)
from constructs_lib.run_alerts import (
    RunAlert as RunAlert,
)
from constructs_lib.startup import (
    run as run,
)
from constructs_lib.tasks import (
    AiDeployment as AiDeployment,
    AiRuntimeTask as AiRuntimeTask,
    AlertTask as AlertTask,
    CleanRoomNotebookTask as CleanRoomNotebookTask,
    ComputeTask as ComputeTask,
    ConditionTask as ConditionTask,
    DashboardSubscription as DashboardSubscription,
    DashboardTask as DashboardTask,
    DbtPlatformTask as DbtPlatformTask,
    DbtTask as DbtTask,
    EnvironmentVariables as EnvironmentVariables,
    ForEachTask as ForEachTask,
    JarTask as JarTask,
    NotebookTask as NotebookTask,
    Outcome as Outcome,
    PipelineTask as PipelineTask,
    PowerBiTable as PowerBiTable,
    PowerBiTask as PowerBiTask,
    PythonOperatorTask as PythonOperatorTask,
    PythonScriptTask as PythonScriptTask,
    PythonWheelTask as PythonWheelTask,
    Refresh as Refresh,
    Retries as Retries,
    RunIf as RunIf,
    RunJobTask as RunJobTask,
    SparkSubmitTask as SparkSubmitTask,
    SqlAlertTask as SqlAlertTask,
    SqlDashboardTask as SqlDashboardTask,
    SqlFileTask as SqlFileTask,
    SqlQueryTask as SqlQueryTask,
    SqlTask as SqlTask,
    Subscriptions as Subscriptions,
    Task as Task,
    WorkTask as WorkTask,
)
from constructs_lib.triggers import (
    MaintenanceWindow as MaintenanceWindow,
    SqlCondition as SqlCondition,
    Trigger as Trigger,
)
