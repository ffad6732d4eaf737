"""The one stack of an environment, and what every data product is made of.

This is the only room where an environment's plain data meets the library: what is the same for every product of an
environment (who runs, who is told, who may, which code) is turned into values here, once.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Literal

from constructs_lib import (
    Availability,
    AzureAttributes,
    Channel,
    ClusterSpec,
    Construct,
    ExistingDestination,
    ExistingPolicy,
    ExistingPool,
    GitFile,
    GitSource,
    Grant,
    HasCodePath,
    HasDestinationId,
    HealthRule,
    Identity,
    LakeflowError,
    LakeflowJob,
    LakeflowStack,
    Monitoring,
    Notebook,
    NotificationDestination,
    Notifications,
    Operations,
    Principal,
    Reference,
    Resource,
    Retries,
    RunAlert,
    RunsDashboard,
    SqlWarehouse,
    Text,
    WorkspaceFile,
    WorkspaceGrant,
    concat,
)
from environments import Environment
from environments.settings import Destination, Permission

ASSETS = Path("assets")
_STATE_OF_COPIES = "../../../.lakeflow/state"  # beside cdktf.out, seen from the stack's folder in it


class EnvironmentStack(LakeflowStack):
    """Everything of one environment: provider, state, the warehouse, whom to notify, and the products added to it."""

    def __init__(self, scope: Construct, environment: Environment) -> None:
        lock_file = Path("environments") / f"{environment.name}.terraform.lock.hcl"
        super().__init__(
            scope,
            environment.stack_name,
            environment=environment.name,
            host=environment.workspace.host,
            workspace_id=environment.workspace.number,
            name_prefix=environment.name_prefix,
            policies=environment.policies.model_dump(),
            lock_file=lock_file if lock_file.is_file() else None,
        )
        self.environment = environment
        self._keep_state()
        self.tags = self._tags()
        self.run_as = self._run_as()
        size = environment.compute.warehouse
        self.warehouse = SqlWarehouse(
            self,
            "warehouse",
            name="lakeflow",
            size=size.size,
            max_clusters=size.max_clusters,
            auto_stop_minutes=size.auto_stop_minutes,
            tags=self.tags,
        )
        self._destinations = {
            name: self._destination(name, destination)
            for name, destination in environment.notifications.destinations.items()
        }

    def destination(self, name: str) -> tuple[HasDestinationId, ...]:
        """Return a notification destination by its name in the environment; nothing in a developer copy."""
        found = self._destinations.get(name)
        return (found,) if found else ()

    def cluster(self, *, workers: int | tuple[int, int] | None = None) -> ClusterSpec:
        """Return a cluster of the environment's size: one worker up to its most, unless said otherwise."""
        compute = self.environment.compute
        pool = ExistingPool(compute.instance_pool_id) if compute.instance_pool_id else None
        most = compute.max_workers
        return ClusterSpec(
            pool=pool,
            node_type=None if pool else compute.node_type,
            driver_node_type=None if pool else compute.driver_node_type,
            azure=None if pool else AzureAttributes(availability=Availability[compute.availability.upper()]),
            workers=workers if workers is not None else ((1, most) if most > 1 else 1),
            spark_version=compute.spark_version,
            policy=ExistingPolicy(compute.policy_id) if compute.policy_id else None,
        )

    def operations(
        self,
        *,
        timeout: timedelta | None = None,
        parameters: Mapping[str, Text] | None = None,
        retries: Retries | None = None,
        health: Sequence[HealthRule] = (),
        notifications: Notifications | None = None,
        max_concurrent_runs: int = 1,
        performance_target: Literal["PERFORMANCE_OPTIMIZED", "STANDARD"] | None = None,
    ) -> Operations:
        """Return operations with what is the environment's: run-as, notifications, tags, permissions and Git."""
        told = self.environment.notifications
        git = self.environment.git
        return Operations(
            max_concurrent_runs=max_concurrent_runs,
            timeout=timeout,
            parameters=parameters or {},
            retries=retries,
            health=health,
            notifications=(notifications or Notifications()).telling("on_failure", told.on_failure),
            tags=self.tags,
            run_as=self.run_as,
            permissions=[_grant(permission) for permission in self.environment.permissions],
            git=GitSource(git.url, provider=git.provider, branch=git.branch, tag=git.tag, commit=git.commit)
            if git
            else None,
            performance_target=performance_target,
        )

    def monitoring(self, *alerts: RunAlert) -> Monitoring | None:
        """Return monitoring on the environment's warehouse; none where the environment tells nobody of failures."""
        told = self.environment.notifications
        return Monitoring(alerts, warehouse=self.warehouse, warn=told.on_slow) if told.on_failure else None

    def show_runs(self) -> None:
        """Deploy a dashboard of every job added so far, for those who may see jobs; none where nothing is monitored."""
        jobs = [child for child in self.node.find_all() if isinstance(child, LakeflowJob)]
        if jobs and self.environment.notifications.on_failure:
            RunsDashboard(
                self,
                "runs",
                jobs=jobs,
                folder=self.environment.code_folder,
                warehouse=self.warehouse,
                permissions=[
                    WorkspaceGrant(_principal(permission), "CAN_READ") for permission in self.environment.permissions
                ],
            )

    def _keep_state(self) -> None:
        environment = self.environment
        if environment.keeps_state_here:
            self.local_state(f"{_STATE_OF_COPIES}/{environment.stack_name}.tfstate")
        else:
            self.azure_state(
                resource_group=environment.state.resource_group,
                storage_account=environment.state.storage_account,
                container=environment.state.container,
                key=environment.state_key,
            )

    def _tags(self) -> dict[str, str]:
        developer = {"developer": self.environment.developer} if self.environment.developer else {}
        return {**self.environment.tags, "environment": self.environment.name, **developer}

    def _run_as(self) -> Identity | None:
        run_as = self.environment.run_as
        if run_as is None:
            return None
        if run_as.service_principal:
            return Principal.service_principal(run_as.service_principal)
        return Principal.user(run_as.user or "")

    def _destination(self, name: str, destination: Destination) -> HasDestinationId:
        if destination.id:
            return ExistingDestination(destination.id)
        return NotificationDestination(
            self, name.replace("_", "-"), name=name.replace("_", " "), channel=self._channel(destination)
        )

    def _channel(self, destination: Destination) -> Channel:
        if destination.email:
            return Channel.email(*destination.email)
        if destination.slack:
            return Channel.slack(self.secret_variable(destination.slack.variable))
        if destination.teams:
            return Channel.teams(self.secret_variable(destination.teams.variable))
        if destination.pagerduty:
            return Channel.pagerduty(self.secret_variable(destination.pagerduty.variable))
        return Channel.webhook(destination.webhook or "")


def _grant(permission: Permission) -> Grant:
    return Grant(_principal(permission), permission.level)


def _principal(permission: Permission) -> Principal:
    if permission.group:
        return Principal.group(permission.group)
    if permission.user:
        return Principal.user(permission.user)
    return Principal.service_principal(permission.service_principal or "")


class Product(Construct):
    """A data product: its jobs and what they need; code in `assets/<id>/`, tables in a schema of its own."""

    def __init__(self, stack: EnvironmentStack, id_: str) -> None:
        super().__init__(stack, id_)
        self.stack = stack
        self.environment = stack.environment
        self.id = id_
        environment = stack.environment
        self.schema = Resource(
            self,
            "schema",
            "databricks_schema",
            catalog_name=environment.catalog,
            name=environment.schema(id_.replace("-", "_")),
            comment=f"Tables of the data product {id_}.",
        )
        run_as = environment.run_as
        if run_as:
            Resource(
                self,
                "schema-grant",
                "databricks_grant",
                schema=self.schema.attribute("id"),
                principal=run_as.service_principal or run_as.user,
                privileges=["ALL_PRIVILEGES"],
            )

    @property
    def schema_name(self) -> Reference:
        """The name of the product's schema, known when planning."""
        return self.schema.attribute("name")

    def notebook(self, file: str) -> HasCodePath:
        """Return a notebook of the product: from Git where the environment names a state of it, deployed otherwise."""
        path = self._existing(file)
        if self.environment.git:
            return GitFile(path.with_suffix("").as_posix())
        return Notebook(self, path.stem.replace("_", "-"), file=path, path=f"{self._folder}/{path.stem}")

    def file(self, file: str) -> HasCodePath:
        """Return a script or SQL file of the product: from Git, or deployed, as notebooks are."""
        if self.environment.git:
            return GitFile(self._existing(file).as_posix())
        return self.deployed_file(file)

    def deployed_file(self, file: str) -> WorkspaceFile:
        """Return a file that is deployed in every environment, for what cannot take code from a Git tag: pipelines."""
        path = self._existing(file)
        return WorkspaceFile(self, path.stem.replace("_", "-"), file=path, path=f"{self._folder}/{path.name}")

    def volume(self, name: str, comment: str) -> Reference:
        """Return the folder of a volume of the product, without a slash at its end; known when planning."""
        volume = Resource(
            self,
            f"{name}-volume",
            "databricks_volume",
            catalog_name=self.environment.catalog,
            schema_name=self.schema_name,
            name=name,
            volume_type="MANAGED",
            comment=comment,
        )
        return concat(f"/Volumes/{self.environment.catalog}/", self.schema_name, "/", volume.attribute("name"))

    @property
    def _folder(self) -> str:
        return f"{self.environment.code_folder}/{self.id}"

    def _existing(self, file: str) -> Path:
        path = ASSETS / self.id / file
        if not path.is_file():
            present = ", ".join(sorted(each.name for each in (ASSETS / self.id).glob("*"))) or "nothing"
            raise LakeflowError(f"there is no {path.as_posix()}", place=self.node.path, fix=f"there is {present}")
        if not re.fullmatch(r"[A-Za-z0-9_-]+", path.stem):
            raise LakeflowError(
                f"{path.name!r} makes no name", place=self.node.path, fix="use letters, digits, '_', '-'"
            )
        return path
