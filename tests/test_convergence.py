"""What the library writes converges: applied by the real provider, the workspace is what the code says, and stays it.

Some jobs have settings first, and then not; others get a silent task in front of one with every setting. All are
deployed together, a few times, because terraform takes seconds each time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import pytest

from constructs_lib import (
    AzureAttributes,
    CleanRoomNotebookTask,
    ClusterSpec,
    Compute,
    ConditionTask,
    DashboardSubscription,
    DashboardTask,
    DbtTask,
    ExistingDashboard,
    ExistingDestination,
    ExistingJob,
    ExistingPipeline,
    ExistingPolicy,
    ExistingPool,
    ExistingWarehouse,
    ForEachTask,
    GitFile,
    GitSource,
    Grant,
    HealthRule,
    JarTask,
    LakeflowJob,
    LakeflowStack,
    Library,
    NotebookTask,
    Notifications,
    Operations,
    PipelineTask,
    PowerBiTable,
    PowerBiTask,
    Principal,
    PythonScriptTask,
    PythonWheelTask,
    Refresh,
    Retries,
    RunIf,
    RunJobTask,
    SqlAlertTask,
    SqlQueryTask,
    Subscriptions,
    Task,
    TaskNotifications,
    Trigger,
    WorkspacePath,
)
from constructs_lib.compute import Availability, SecurityMode
from constructs_lib.handles import ExistingQuery
from lakeflow.workspace.exchange import Json
from tests.support.workspace_terraform import DEPLOYER, LocalWorkspace, Terraform, need_provider

pytestmark = pytest.mark.provider

SERVICE_PRINCIPAL = "5a0c6d1e-3f27-4b8a-9c54-70e2d18b6f31"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CODE = WorkspacePath("/Workspace/Shared/code")

Said = Mapping[str, Any]
"""What a job is made of: the arguments of `LakeflowJob`."""


@dataclass(frozen=True)
class Removal:
    """A job with settings and without them, and what stands where in the workspace: before, and after."""

    job: Callable[[bool], Said]
    places: Mapping[str, tuple[object, object]]


def notebook(key: str = "load", **said: Any) -> NotebookTask:
    return NotebookTask(key, CODE, **said)


def loop(inner: Task, key: str = "each", **said: Any) -> ForEachTask:
    return ForEachTask(key, [1, 2], task=inner, **said)


def spec(**said: Any) -> ClusterSpec:
    return ClusterSpec(**{"node_type": "Standard_D4ds_v5", **said})


def own(**said: Any) -> Compute:
    return Compute.new_cluster(spec(**said))


def shared(key: str = "etl", **said: Any) -> Compute:
    return Compute.job_cluster(key, spec(**said))


HOOK = ExistingDestination("11111111-2222-3333-4444-555555555555")
HOOKED = {"on_failure": [{"id": HOOK.destination_id}]}
SLOW = HealthRule.runs_longer_than(HOUR)
SLOWER = {"rules": [{"metric": "RUN_DURATION_SECONDS", "op": "GREATER_THAN", "value": 3600}]}
BUSY: dict[str, Any] = {
    "retries": Retries(2, wait=MINUTE, on_timeout=True),
    "timeout": HOUR,
    "health": [SLOW],
    "description": "busy",
    "disabled": True,
    "notifications": TaskNotifications(on_failure=[HOOK]),
}
"""What any task can say."""
RICH: dict[str, Any] = {
    "azure": AzureAttributes(availability=Availability.SPOT_WITH_FALLBACK, first_on_demand=2, spot_bid_max_price=0.5),
    "security_mode": SecurityMode.STANDARD,
    "driver_node_type": "Standard_E8ds_v5",
    "disk_encryption": True,
    "policy": ExistingPolicy("P1"),
    "workers": (1, 4),
    "spark_conf": {"spark.a": "1"},
    "custom_tags": {"a": "1"},
    "environment_variables": {"A": "1"},
    "single_user": "jd@example.com",
    "runtime_engine": "PHOTON",
}
"""What any cluster can say."""

TASK, INNER = "tasks/0", "tasks/0/for_each_task/task"


def operated(with_settings: Operations, without: Operations) -> Callable[[bool], Said]:
    return lambda present: {"tasks": [notebook()], "operations": with_settings if present else without}


def triggered(with_setting: Trigger, without: Trigger) -> Callable[[bool], Said]:
    return lambda present: {"tasks": [notebook()], "trigger": with_setting if present else without}


def tasks(with_settings: Task, without: Task) -> Callable[[bool], Said]:
    return lambda present: {"tasks": [with_settings if present else without]}


def of_a_task(place: str) -> Mapping[str, tuple[object, object]]:
    """Return where what any task can say stands, for the task at a place."""
    return {
        f"{place}/max_retries": (2, None),
        f"{place}/min_retry_interval_millis": (60_000, None),
        f"{place}/retry_on_timeout": (True, None),
        f"{place}/timeout_seconds": (3600, 0),
        f"{place}/health": (SLOWER, None),
        f"{place}/description": ("busy", None),
        f"{place}/disabled": (True, None),
        f"{place}/webhook_notifications": (HOOKED, {}),
    }


def of_a_cluster(place: str) -> Mapping[str, tuple[object, object]]:
    """Return where what any cluster can say stands, for the cluster at a place."""
    spot = {"availability": "SPOT_WITH_FALLBACK_AZURE", "first_on_demand": 2, "spot_bid_max_price": 0.5}
    on_demand = {"availability": "ON_DEMAND_AZURE", "first_on_demand": 1, "spot_bid_max_price": -1}
    return {
        f"{place}/azure_attributes": (spot, on_demand),
        f"{place}/data_security_mode": ("USER_ISOLATION", "SINGLE_USER"),
        f"{place}/driver_node_type_id": ("Standard_E8ds_v5", "Standard_D4ds_v5"),
        f"{place}/enable_local_disk_encryption": (True, None),
        f"{place}/policy_id": ("P1", None),
        f"{place}/autoscale": ({"min_workers": 1, "max_workers": 4}, None),
        f"{place}/spark_conf": ({"spark.a": "1"}, None),
        f"{place}/custom_tags": ({"a": "1"}, None),
        f"{place}/spark_env_vars": ({"A": "1"}, None),
        f"{place}/single_user_name": ("jd@example.com", None),
        f"{place}/runtime_engine": ("PHOTON", None),
    }


def edge(present: bool) -> Said:
    first = notebook("a")
    waiting = {"depends_on": [first], "run_if": RunIf.ALL_DONE} if present else {}
    return {"tasks": [first, notebook("b", **waiting)]}


def git(present: bool) -> Said:
    source = GitSource("https://github.com/a/b.git", provider="gitHub", tag="v1")
    return {
        "tasks": [NotebookTask("load", GitFile("code") if present else CODE)],
        "operations": Operations(git=source) if present else Operations(),
    }


DAILY = Trigger.daily(time(5), timezone="UTC")
MAILED = "email_notifications/on_failure"

REMOVALS: dict[str, Removal] = {
    "operations": Removal(
        operated(
            Operations(
                queue=False,
                timeout=HOUR,
                max_concurrent_runs=3,
                notifications=Notifications(
                    on_failure=["a@example.com", "b@example.com", HOOK], no_alert_for_canceled_runs=True
                ),
                tags={"team": "data", "cost": "1"},
                parameters={"day": ""},
                health=[SLOW],
                performance_target="STANDARD",
            ),
            Operations(tags={"team": "data"}, notifications=Notifications(on_failure=["a@example.com"])),
        ),
        {
            "queue/enabled": (False, True),
            "timeout_seconds": (3600, 0),
            "max_concurrent_runs": (3, 1),
            MAILED: (["a@example.com", "b@example.com"], ["a@example.com"]),
            "webhook_notifications": (HOOKED, {}),
            "notification_settings": ({"no_alert_for_canceled_runs": True}, None),
            "tags": ({"team": "data", "cost": "1"}, {"team": "data"}),
            "parameters": ([{"name": "day", "default": ""}], None),
            "health": (SLOWER, None),
            "performance_target": ("STANDARD", None),
        },
    ),
    "all-tags": Removal(operated(Operations(tags={"cost": "1"}), Operations()), {"tags": ({"cost": "1"}, None)}),
    "all-e-mails": Removal(
        operated(Operations(notifications=Notifications(on_failure=["a@example.com"])), Operations()),
        {MAILED: (["a@example.com"], None)},
    ),
    "run-as": Removal(
        operated(Operations(run_as=Principal.service_principal(SERVICE_PRINCIPAL)), Operations()),
        {"run_as": ({"service_principal_name": SERVICE_PRINCIPAL}, {"user_name": DEPLOYER})},
    ),
    "git": Removal(git, {"git_source/git_tag": ("v1", None), f"{TASK}/notebook_task/source": ("GIT", "WORKSPACE")}),
    "schedule": Removal(triggered(DAILY, Trigger.manual()), {"schedule/quartz_cron_expression": ("0 0 5 * * ?", None)}),
    "pause": Removal(triggered(DAILY.paused_if(True), DAILY), {"schedule/pause_status": ("PAUSED", "UNPAUSED")}),
    "period": Removal(triggered(Trigger.every(2, "HOURS"), Trigger.manual()), {"trigger/periodic/interval": (2, None)}),
    "continuous": Removal(
        triggered(Trigger.continuous(), Trigger.manual()), {"continuous/pause_status": ("UNPAUSED", None)}
    ),
    "edge": Removal(
        edge, {"tasks/1/depends_on": ([{"task_key": "a"}], None), "tasks/1/run_if": ("ALL_DONE", "ALL_SUCCESS")}
    ),
    "task": Removal(tasks(notebook(**BUSY), notebook()), of_a_task(TASK)),
    "loop": Removal(
        tasks(loop(notebook("one", **BUSY), concurrency=9), loop(notebook("one"))),
        {**of_a_task(INNER), f"{TASK}/for_each_task/concurrency": (9, 1)},
    ),
    "environment": Removal(
        tasks(notebook(compute=Compute.serverless("ml", dependencies=["a==1"])), notebook()),
        {"environments/0/spec/dependencies": (["a==1"], None), f"{TASK}/environment_key": ("ml", None)},
    ),
    "cluster": Removal(
        tasks(notebook(compute=shared(**RICH), libraries=[Library.pypi("a==1")]), notebook(compute=shared())),
        {**of_a_cluster("job_clusters/0/new_cluster"), f"{TASK}/libraries": ([{"pypi": {"package": "a==1"}}], None)},
    ),
    "own-cluster": Removal(
        tasks(notebook(compute=own(**RICH)), notebook(compute=own())), of_a_cluster(f"{TASK}/new_cluster")
    ),
    "cluster-in-a-loop": Removal(
        tasks(loop(notebook("one", compute=own(**RICH))), loop(notebook("one", compute=own()))),
        of_a_cluster(f"{INNER}/new_cluster"),
    ),
    "pool": Removal(
        tasks(notebook(compute=own(node_type=None, pool=ExistingPool("p1"))), notebook(compute=own())),
        {f"{TASK}/new_cluster/instance_pool_id": ("p1", None)},
    ),
}

CANNOT_BE_REMOVED = {
    "all-e-mails": "provider 1.128.0 sends an empty text for every address of a list that became empty: no code clears "
    "the last address of an event",
    "run-as": "provider 1.128.0 sends the identity of its state where the code says none, and so does Operations",
}

JAR, DBT = Library.jar("/Volumes/a/b/c/a.jar"), ["dbt build"]
WAREHOUSE, QUERY = ExistingWarehouse("w1"), ExistingQuery("q1")


def rich_and_silent() -> dict[str, tuple[Task, Task]]:
    """Return, by kind, a task with every setting and a silent one that will stand where it stood."""
    return {
        "notebook": (notebook("m", compute=shared("m", **RICH), **BUSY), notebook("c", compute=shared("c"))),
        "own-cluster": (notebook("m", compute=own(**RICH), **BUSY), notebook("c", compute=own())),
        "after-pool": (
            notebook("m", compute=own(node_type=None, pool=ExistingPool("p1"))),
            notebook("c", compute=own()),
        ),
        "script": (
            PythonScriptTask("m", CODE, compute=Compute.serverless("m", dependencies=["a==1"]), **BUSY),
            PythonScriptTask("c", CODE, compute=Compute.serverless("c")),
        ),
        "wheel": (
            PythonWheelTask("m", package="p", entry_point="e", compute=shared("m", **RICH), **BUSY),
            PythonWheelTask("c", package="p", entry_point="e", compute=own()),
        ),
        "query": (
            SqlQueryTask("m", QUERY, warehouse=WAREHOUSE, **BUSY),
            SqlQueryTask("c", QUERY, warehouse=WAREHOUSE),
        ),
        "run-job": (RunJobTask("m", job=ExistingJob("7"), **BUSY), RunJobTask("c", job=ExistingJob("7"))),
        "run-job-anew": (
            RunJobTask("m", job=ExistingJob("7"), parameters={"a": "1"}, pipelines=Refresh(full=True), **BUSY),
            RunJobTask("c", job=ExistingJob("7")),
        ),
        "on-warehouse": (notebook("m", warehouse=WAREHOUSE, parameters={"a": "1"}, **BUSY), notebook("c")),
        "pipeline": (
            PipelineTask("m", ExistingPipeline("p1"), refresh=Refresh(full=True), **BUSY),
            PipelineTask("c", ExistingPipeline("p1")),
        ),
        "some-of-a-pipeline": (
            PipelineTask("m", ExistingPipeline("p1"), refresh=Refresh(tables=["a"], full_tables=["b"]), **BUSY),
            PipelineTask("c", ExistingPipeline("p1")),
        ),
        "jar": (
            JarTask("m", "org.example.Main", arguments=["1"], compute=own(**RICH), libraries=[JAR], **BUSY),
            JarTask("c", "org.example.Main", compute=own()),
        ),
        "dbt": (
            DbtTask("m", commands=DBT, project=CODE, warehouse=WAREHOUSE, catalog="c", schema="s", compute=own()),
            DbtTask("c", commands=DBT, project=CODE, compute=own()),
        ),
        "dashboard": (
            DashboardTask(
                "m",
                ExistingDashboard("d1"),
                warehouse=WAREHOUSE,
                subscription=DashboardSubscription(["jd@example.com", HOOK], subject="Hello", paused=True),
                **BUSY,
            ),
            DashboardTask("c", ExistingDashboard("d1")),
        ),
        "power-bi": (
            PowerBiTask(
                "m",
                "connection",
                warehouse=WAREHOUSE,
                model="Sales",
                power_bi_workspace="Finance",
                tables=[PowerBiTable("t", catalog="c", schema="s", storage="IMPORT")],
                storage="DUAL",
                authentication="OAUTH",
                overwrite=True,
                refresh=True,
                **BUSY,
            ),
            PowerBiTask(
                "c",
                "connection",
                warehouse=WAREHOUSE,
                model="Sales",
                power_bi_workspace="Finance",
                tables=[PowerBiTable("t", catalog="c", schema="s")],
            ),
        ),
        "clean-room": (
            CleanRoomNotebookTask("m", "room", "notebook", etag="e", parameters={"a": "1"}, **BUSY),
            CleanRoomNotebookTask("c", "room", "notebook"),
        ),
        "older-alert": (
            SqlAlertTask("m", "a1", warehouse=WAREHOUSE, subscriptions=Subscriptions([HOOK], paused=True), **BUSY),
            SqlAlertTask("c", "a1", warehouse=WAREHOUSE),
        ),
        "condition": (ConditionTask("m", "1", "==", "1", disabled=True), ConditionTask("c", "1", "==", "2")),
        "loop": (
            loop(notebook("m-1", compute=own(**RICH), **BUSY), "m", concurrency=9),
            loop(notebook("c-1", compute=own()), "c"),
        ),
    }


def neighbours(kind: str, *, inserted: bool, turned: bool) -> Said:
    """Return a job of three tasks, with the silent one inserted, or said in another order."""
    rich, silent = rich_and_silent()[kind]
    first, second = notebook("a"), notebook("b")
    waited = rich.when_true if isinstance(rich, ConditionTask) else rich
    last = notebook("z", depends_on=in_order([first, second, waited], turned))
    names = {"a": "1", "b": "2"}
    return {
        "tasks": in_order([first, second, *([silent] if inserted else []), rich, last], turned),
        "operations": Operations(
            parameters=dict(in_order([*names.items()], turned)),
            tags=dict(in_order([*names.items()], turned)),
            notifications=Notifications(on_failure=in_order(["a@example.com", "b@example.com", HOOK], turned)),
            owner=Principal.user(DEPLOYER),
            permissions=in_order([Grant(Principal.group(name), "CAN_VIEW") for name in names], turned),
        ),
    }


def tables(*, turned: bool) -> Said:
    return {"tasks": [notebook()], "trigger": Trigger.table_update(*in_order(["a.b.c", "a.b.d"], turned))}


def health_rules(*, turned: bool) -> Said:
    rules = [SLOW, HealthRule.backlog_older_than(HOUR)]
    return {
        "tasks": [notebook(health=in_order(rules, turned))],
        "operations": Operations(health=in_order(rules, turned)),
    }


def in_order(entries: Sequence[Any], turned: bool) -> list[Any]:
    return [*reversed(entries)] if turned else [*entries]


def jobs(*, changed: bool, turned: bool = False) -> dict[str, Said]:
    """Return every job: with its setting and before its insertion, or `changed`."""
    return {
        **{name: removal.job(not changed) for name, removal in REMOVALS.items()},
        "tables": tables(turned=turned),
        "health-rules": health_rules(turned=turned),
        **{f"next-to-{kind}": neighbours(kind, inserted=changed, turned=turned) for kind in rich_and_silent()},
    }


def stack_of(said: Mapping[str, Said]) -> Callable[[LakeflowStack], None]:
    """Return what adds these jobs to a stack."""

    def add(stack: LakeflowStack) -> None:
        for name, arguments in said.items():
            LakeflowJob(stack, name, **{"goal": "Shows what converges.", "trigger": Trigger.manual(), **arguments})

    return add


@dataclass(frozen=True, kw_only=True)
class Course:
    """What happened to the workspace: jobs by name, and what plans wanted."""

    before: dict[str, Json]
    again: dict[str, list[str]]
    turned: dict[str, list[str]]
    after: dict[str, Json]
    settled: dict[str, list[str]]
    fresh: dict[str, Json]
    """The jobs of the changed code in a workspace that had none."""
    left: dict[str, list[str]]
    unknown: set[str]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """Deploy, plan, turn the order, change, plan, delete."""
    need_provider()
    with LocalWorkspace() as workspace, LocalWorkspace() as empty:
        terraform = Terraform(tmp_path_factory.mktemp("deployed"), workspace)
        terraform.write(stack_of(jobs(changed=False)))
        terraform.init()
        terraform.apply()
        before, again = workspace.jobs(), terraform.plan()
        terraform.write(stack_of(jobs(changed=False, turned=True)))
        turned = terraform.plan()
        terraform.write(stack_of(jobs(changed=True)))
        terraform.apply()
        after, settled = workspace.jobs(), terraform.plan()
        terraform.destroy()

        elsewhere = Terraform(tmp_path_factory.mktemp("fresh"), empty)
        elsewhere.write(stack_of(jobs(changed=True)))
        elsewhere.init()
        elsewhere.apply()
        yield Course(
            before=before,
            again=again,
            turned=turned,
            after=after,
            settled=settled,
            fresh=empty.jobs(),
            left=workspace.left(),
            unknown=workspace.unknown,
        )


def at(settings: Json, place: str) -> object:
    """Return what stands at a place of a job's settings; None where nothing does."""
    found: Any = settings
    for part in place.split("/"):
        found = found[int(part)] if isinstance(found, list) else found.get(part)
        if found is None:
            return None
    return found


def test_a_plan_after_the_apply_has_no_changes(course: Course) -> None:
    assert course.again == {}
    assert course.settled == {}


@pytest.mark.parametrize("name", ["tables", "health-rules", *(f"next-to-{kind}" for kind in sorted(rich_and_silent()))])
def test_another_order_of_the_same_code_has_no_changes(course: Course, name: str) -> None:
    assert course.turned.get(f"databricks_job.{name.replace('-', '_')}") is None


def test_another_order_changes_nothing_but_jobs(course: Course) -> None:
    assert [address for address in course.turned if not address.startswith("databricks_job.")] == []


@pytest.mark.parametrize("kind", sorted(rich_and_silent()))
def test_a_task_is_inserted_and_nothing_else_moves(course: Course, kind: str) -> None:
    name = f"next-to-{kind}"
    before = {task["task_key"]: task for task in course.before[name]["tasks"]}
    after = {task["task_key"]: task for task in course.after[name]["tasks"]}
    assert after.keys() - before.keys() == {"c"}
    assert {key: after[key] for key in before} == before
    assert course.after[name] == course.fresh[name]


@pytest.mark.parametrize("name", REMOVALS)
def test_what_was_removed_is_gone_and_nothing_else_stays_behind(
    course: Course, name: str, request: pytest.FixtureRequest
) -> None:
    if name in CANNOT_BE_REMOVED:
        request.applymarker(pytest.mark.xfail(reason=CANNOT_BE_REMOVED[name], strict=True))
    for place, (before, after) in REMOVALS[name].places.items():
        assert at(course.before[name], place) == before, place
        assert at(course.after[name], place) == after, place
    assert course.after[name] == course.fresh[name]


def test_nothing_is_left_when_all_is_deleted(course: Course) -> None:
    assert course.left == {}
    assert course.unknown == set()
