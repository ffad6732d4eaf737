"""Jobs that together say everything that a job can say: each value with each of its attributes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from constructs_lib import (
    AiDeployment,
    AiRuntimeTask,
    AlertTask,
    Availability,
    AwsAttributes,
    AzureAttributes,
    CleanRoomNotebookTask,
    ClusterMount,
    ClusterSpec,
    Compute,
    ConditionTask,
    DashboardSubscription,
    DashboardTask,
    DbtPlatformTask,
    DbtTask,
    Deployment,
    DockerImage,
    EnvironmentVariables,
    ExistingAlert,
    ExistingDashboard,
    ExistingDestination,
    ExistingJob,
    ExistingPipeline,
    ExistingPolicy,
    ExistingPool,
    ExistingQuery,
    ExistingWarehouse,
    ForEachTask,
    GcpAttributes,
    GitFile,
    GitSource,
    Goal,
    Grant,
    HealthRule,
    InitScript,
    JarTask,
    JobDefinition,
    JobSource,
    Library,
    LogDelivery,
    MaintenanceWindow,
    NodeTypeFlexibility,
    NotebookTask,
    Notifications,
    Operations,
    PipelineTask,
    PowerBiTable,
    PowerBiTask,
    Principal,
    PythonOperatorTask,
    PythonScriptTask,
    PythonWheelTask,
    Refresh,
    Retries,
    RunIf,
    RunJobTask,
    S3Place,
    SecurityMode,
    SparkSubmitTask,
    SqlAlertTask,
    SqlCondition,
    SqlDashboardTask,
    SqlFileTask,
    SqlQueryTask,
    Subscriptions,
    TaskNotifications,
    Trigger,
    WorkspacePath,
    secret,
)
from constructs_lib.values import Value

MINUTE = timedelta(minutes=1)
CODE, WAREHOUSE = WorkspacePath("/Workspace/Shared/code"), ExistingWarehouse("w1")
ON_CALL = ExistingDestination("2f0d6a52-8c1e-4b57-9a37-1d7c5be0a4f1")
BOTH = ("me@example.com", ON_CALL)
REFRESH = Refresh(tables=["a.b.c"], full_tables=["a.b.d"], flows=["a.b.flow"], reset_checkpoints=["a.b.other"])
S3 = S3Place(
    "s3://bucket/place",
    region="eu-west-1",
    endpoint="https://s3.example.com",
    encryption="sse-kms",
    kms_key="arn:aws:kms:x",
    canned_acl="bucket-owner-full-control",
)
TOLD = TaskNotifications(
    on_start=BOTH,
    on_success=BOTH,
    on_failure=BOTH,
    on_duration_warning=BOTH,
    on_streaming_backlog=BOTH,
    on_maintenance_start=BOTH,
    on_maintenance_complete=BOTH,
    no_alert_for_skipped_runs=True,
    no_alert_for_canceled_runs=True,
    alert_on_last_attempt=True,
)
VARIABLES = EnvironmentVariables("common", variables={"A": "1"}, files=["/Volumes/a/b/c/.env"])
AZURE = ClusterSpec(
    node_type="Standard_D4ds_v5",
    driver_node_type="Standard_E4ds_v5",
    azure=AzureAttributes(
        availability=Availability.SPOT_WITH_FALLBACK,
        first_on_demand=2,
        spot_bid_max_price=0.5,
        capacity_reservation_group="/subscriptions/x",
        log_analytics_workspace="workspace",
        log_analytics_key=secret("scope", "key"),
    ),
    node_type_flexibility=NodeTypeFlexibility(["Standard_D8ds_v5"], aws_context_id="c"),
    driver_node_type_flexibility=NodeTypeFlexibility(["Standard_E8ds_v5"], aws_context_id="c"),
    workers=(1, 4),
    spark_version="16.4.x-scala2.12",
    security_mode=SecurityMode.STANDARD,
    single_user="me@example.com",
    runtime_engine="PHOTON",
    policy=ExistingPolicy("p1"),
    kind="CLASSIC_PREVIEW",
    is_single_node=False,
    use_ml_runtime=True,
    dependency_mode="DEPENDENCY_MODE_ENVIRONMENTS",
    disk_encryption=True,
    remote_disk_throughput=100,
    remote_disk_size=200,
    init_scripts=[
        InitScript.workspace("/Workspace/Shared/init.sh"),
        InitScript.volume("/Volumes/a/b/c/init.sh"),
        InitScript.abfss("abfss://c@a.dfs.core.windows.net/init.sh"),
        InitScript.s3(S3),
        InitScript.gcs("gs://bucket/init.sh"),
        InitScript.file("file:/init.sh"),
    ],
    log_delivery=LogDelivery.volume("/Volumes/a/b/c/logs"),
    docker_image=DockerImage("registry.example.com/image", username="me", password=secret("scope", "registry")),
    mounts=[ClusterMount("/mnt/x", server="nfs.example.com", folder="/export", options="rw")],
    ssh_public_keys=["ssh-ed25519 AAAA"],
    spark_conf={"spark.speculation": "true"},
    environment_variables={"MODE": "fast"},
    custom_tags={"team": "data"},
)
AWS = ClusterSpec(
    node_type="m5.xlarge",
    aws=AwsAttributes(
        availability="SPOT_WITH_FALLBACK",
        first_on_demand=2,
        zone="eu-west-1a",
        spot_bid_price_percent=80,
        instance_profile="arn:aws:iam::1:instance-profile/x",
        ebs_volume_type="GENERAL_PURPOSE_SSD",
        ebs_volume_count=1,
        ebs_volume_size=100,
        ebs_volume_iops=3000,
        ebs_volume_throughput=125,
    ),
    workers=2,
    log_delivery=LogDelivery.s3(S3),
)
GCP = ClusterSpec(
    node_type="n2-standard-4",
    gcp=GcpAttributes(
        availability="PREEMPTIBLE_WITH_FALLBACK_GCP",
        first_on_demand=2,
        zone="AUTO",
        service_account="me@project.iam.gserviceaccount.com",
        boot_disk_size=100,
        local_ssd_count=1,
        confidential_compute_type="SEV_SNP",
    ),
    log_delivery=LogDelivery.dbfs("dbfs:/logs"),
)
POOLED = ClusterSpec(pool=ExistingPool("pool-1"), driver_pool=ExistingPool("pool-2"), workers=0)
LIBRARIES = (
    Library.wheel("/Workspace/Shared/a.whl"),
    Library.jar("/Volumes/a/b/c/a.jar"),
    Library.requirements("/Workspace/Shared/requirements.txt"),
    Library.pypi("pandas==2.2.0", index="https://pypi.example.com/simple"),
    Library.maven("g:a:1", repository="https://maven.example.com", exclusions=["g:b"]),
    Library.cran("ada", repository="https://cran.example.com"),
)


def every_task() -> JobDefinition:
    """Return a job with a task of each type, each with everything it can say."""
    work: dict[str, Any] = {
        "description": "What it does.",
        "retries": Retries(2, wait=MINUTE, on_timeout=True),
        "timeout": timedelta(hours=1),
        "health": [HealthRule.runs_longer_than(timedelta(minutes=30))],
        "notifications": TOLD,
    }
    python = Compute.serverless("python", dependencies=["pandas"], environment_version="4")
    first = NotebookTask(
        "notebook",
        CODE,
        parameters={"day": "1"},
        compute=Compute.job_cluster("azure", AZURE),
        libraries=LIBRARIES,
        environment_variables=VARIABLES,
        auto_optimization=False,
        disabled=True,
        extra={"description": "Said otherwise."},
        **work,
    )
    tasks = [
        first,
        NotebookTask("warehouse", CODE, warehouse=WAREHOUSE, depends_on=[first], run_if=RunIf.ALL_DONE, **work),
        PythonScriptTask("script", CODE, arguments=["--x", "1"], compute=python, **work),
        PythonWheelTask("wheel", package="p", entry_point="e", arguments=["1"], compute=python, **work),
        PythonWheelTask("named", package="p", entry_point="e", named_arguments={"a": "1"}, compute=python, **work),
        JarTask("jar", "org.example.Main", arguments=["1"], compute=Compute.new_cluster(AWS), **work),
        SparkSubmitTask("submit", ["--class", "org.example.Main"], compute=Compute.new_cluster(GCP), **work),
        PythonOperatorTask("operator", "operators.main", parameters={"a": "1"}, compute=python, **work),
        CleanRoomNotebookTask("room", "the-room", "the-notebook", etag="e", parameters={"a": "1"}, **work),
        SqlQueryTask("query", ExistingQuery("q1"), warehouse=WAREHOUSE, parameters={"a": "1"}, **work),
        SqlFileTask("file", CODE, warehouse=WAREHOUSE, **work),
        SqlAlertTask("old-alert", "a1", warehouse=WAREHOUSE, subscriptions=Subscriptions(BOTH, paused=True), **work),
        SqlDashboardTask(
            "old-dashboard",
            "d1",
            warehouse=WAREHOUSE,
            subject="The numbers",
            subscriptions=Subscriptions(BOTH, paused=True),
            **work,
        ),
        DashboardTask(
            "dashboard",
            ExistingDashboard("d1"),
            warehouse=WAREHOUSE,
            filters={"country": "DE"},
            subscription=DashboardSubscription(BOTH, subject="The numbers", paused=True),
            **work,
        ),
        AlertTask("alert", ExistingAlert("a1"), warehouse=WAREHOUSE, parameters={"a": "1"}, recipients=BOTH, **work),
        AlertTask("alert-by-path", path="/Workspace/Shared/alert", warehouse=WAREHOUSE, **work),
        PowerBiTask(
            "power-bi",
            "connection",
            warehouse=WAREHOUSE,
            model="Sales",
            power_bi_workspace="Finance",
            tables=[PowerBiTable("orders", catalog="sales", schema="gold", storage="IMPORT")],
            storage="DUAL",
            authentication="OAUTH",
            overwrite=True,
            refresh=True,
            **work,
        ),
        PipelineTask("pipeline", ExistingPipeline("p1"), refresh=REFRESH, parameters={"a": "1"}, **work),
        PipelineTask("anew", ExistingPipeline("p1"), refresh=Refresh(full=True), **work),
        RunJobTask("job", ExistingJob("77"), parameters={"a": "1"}, pipelines=REFRESH, **work),
        RunJobTask("job-anew", ExistingJob("77"), pipelines=Refresh(full=True), **work),
        DbtTask(
            "dbt",
            commands=["dbt build"],
            project=CODE,
            warehouse=WAREHOUSE,
            catalog="c",
            schema="s",
            compute=python,
            **work,
        ),
        DbtTask("dbt-profiles", commands=["dbt build"], project=CODE, profiles="profiles", compute=python, **work),
        DbtPlatformTask("platform", "connection", "job-1", **work),
        AiRuntimeTask(
            "train",
            "/Shared/experiment",
            deployment=AiDeployment(
                "/Workspace/Shared/train.sh", accelerator="GPU_8xH100", accelerators=16, name="n", capacity="c"
            ),
            code="/Workspace/Shared/code",
            image="c.s.image",
            run="first",
            experiment_folder="/Workspace/Shared",
            artifacts="dbfs:/artifacts",
            priority="HIGH",
            **work,
        ),
        AiRuntimeTask(
            "train-docker",
            "/Shared/experiment",
            deployment=AiDeployment("/Workspace/Shared/train.sh", accelerator="GPU_8xH100", accelerators=8),
            docker_image="registry.example.com/image",
            **work,
        ),
    ]
    return JobDefinition("every task", goal=Goal("Everything.", owner="me"), tasks=tasks, trigger=Trigger.manual())


def every_compute() -> JobDefinition:
    """Return a job with each compute that `every_task` has not, a branch and a loop."""
    base = Compute.serverless(
        "base", base_environment="/Workspace/Shared/env.yaml", java_dependencies=["/Volumes/a.jar"]
    )
    own = base.replace(
        key="own", base_environment=None, environment_version="4", project_environment="/Workspace/e.yaml"
    )
    gate = ConditionTask("gate", "2", ">", "1")
    tasks = [
        gate,
        NotebookTask("existing", CODE, compute=Compute.existing_cluster("0101-x"), depends_on=[gate.when_true]),
        NotebookTask("gpu", CODE, compute=Compute.serverless_gpu("GPU_1xA10", environment=own)),
        NotebookTask("set-up", CODE, compute=Compute.serverless_job_cluster("elsewhere", "c1")),
        NotebookTask("pooled", CODE, compute=Compute.job_cluster("pooled", POOLED)),
        JarTask("jar", "org.example.Main", compute=base),
        ForEachTask("loop", [1, 2], NotebookTask("inner", CODE, compute=base), concurrency=5),
    ]
    return JobDefinition("every compute", goal=Goal("Everything."), tasks=tasks, trigger=Trigger.manual())


def every_setting() -> JobDefinition:
    """Return a job with everything that a job itself can say."""
    operations = Operations(
        max_concurrent_runs=2,
        queue=False,
        timeout=timedelta(hours=1),
        health=[HealthRule.runs_longer_than(timedelta(minutes=30))],
        notifications=Notifications(
            on_start=BOTH,
            on_success=BOTH,
            on_failure=BOTH,
            on_duration_warning=BOTH,
            on_streaming_backlog=BOTH,
            on_maintenance_start=BOTH,
            on_maintenance_complete=BOTH,
            no_alert_for_skipped_runs=True,
            no_alert_for_canceled_runs=True,
        ),
        parameters={"a": "1"},
        git=GitSource(
            "https://git.example.com/x.git",
            provider="gitHub",
            branch="main",
            sparse_checkout=["assets"],
            job_source=JobSource("job.yml", branch="main", state="DISCONNECTED"),
        ),
        tags={"team": "data"},
        run_as=Principal.service_principal("c3e85b09-d4a1-4672-8f1b-96d07a2ce58f"),
        permissions=[Grant(Principal.group("all"), "CAN_VIEW")],
        performance_target="STANDARD",
        budget_policy_id="b1",
        usage_policy_id="u1",
        edit_mode="EDITABLE",
        folder="/Workspace/Shared/jobs",
        deployment=Deployment(
            "BUNDLE", metadata_file="/Workspace/Shared/metadata.json", deployment_id="d1", version_id="v1"
        ),
    )
    trigger = Trigger.cron("0 0 6 * * ?", timezone="UTC").replace(condition=CONDITION, paused=True)
    tasks = [NotebookTask("notebook", GitFile("a/b"))]
    return JobDefinition("every setting", goal=Goal("Everything."), tasks=tasks, trigger=trigger, operations=operations)


CONDITION = SqlCondition(ExistingQuery("q1"), warehouse=WAREHOUSE, mode="RESULT_VALUE_CHANGES")
ARRIVAL = Trigger.file_arrival("/Volumes/a/b/c/", settle=MINUTE, at_most_every=MINUTE)
UPDATE = Trigger.table_update("a.b.c", require="ALL_UPDATED", settle=MINUTE, at_most_every=MINUTE)
CONTINUOUS = Trigger.continuous(maintenance=MaintenanceWindow("SUNDAY", 3, timezone="UTC"))
MODEL = Trigger.model_update(
    "MODEL_ALIAS_SET", model="a.b.model", aliases=["champion"], settle=MINUTE, at_most_every=MINUTE
)
PERIOD = Trigger.every(2, "HOURS")
SCHEDULE = Trigger.cron("0 0 6 * * ?", timezone="UTC").replace(condition=CONDITION, paused=True)
TRIGGERS = (
    PERIOD.replace(condition=CONDITION, paused=True),
    ARRIVAL,
    UPDATE,
    CONTINUOUS,
    Trigger.any_of(SCHEDULE, Trigger.every(5, "MINUTES"), ARRIVAL, UPDATE, CONTINUOUS, MODEL),
)


def from_git(git: GitSource) -> JobDefinition:
    """Return a job that takes its code from there, and runs as a person."""
    operations = Operations(git=git, run_as=Principal.user("me@example.com"))
    tasks = [NotebookTask("notebook", GitFile("a/b"))]
    return JobDefinition(
        "from git", goal=Goal("Everything."), tasks=tasks, trigger=Trigger.manual(), operations=operations
    )


def triggered(trigger: Trigger) -> JobDefinition:
    """Return a job that this starts."""
    return JobDefinition("triggered", goal=Goal("Everything."), tasks=[NotebookTask("a", CODE)], trigger=trigger)


def every_value(value: object) -> Iterator[Value]:
    """Yield a value and all that it is made of."""
    if isinstance(value, Value):
        yield value
        for known in value.attributes:
            yield from every_value(getattr(value, known.name))
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from every_value(entry)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for entry in value:
            yield from every_value(entry)


def everything() -> list[JobDefinition]:
    """Return the jobs."""
    url = "https://git.example.com/x.git"
    gits = GitSource(url, provider="gitHub", tag="v1"), GitSource(url, provider="gitHub", commit="ab12cd3")
    return [every_task(), every_compute(), every_setting(), *map(from_git, gits), *map(triggered, TRIGGERS)]
