"""An environment: everything that differs between dev, test, prod and a developer's own copy of dev."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from environments.products import Products
from environments.settings import (
    Compute,
    Destination,
    GitSource,
    Named,
    Notifications,
    Permissions,
    Policies,
    RunAs,
    Settings,
    State,
    Workspace,
)
from environments.settings.forms import Folder, Identifier, TagName, TagValue

LOCAL = "local"
"""What the name of a stack ends with that is deployed to a workspace on this machine."""


class Environment(Settings):
    """One environment. A developer copy is dev under another name: own folder, own schemas, paused, telling nobody."""

    name: SkipJsonSchema[str]
    """The name of its file without `.yaml`; a developer copy has the name of what it copies."""
    developer: SkipJsonSchema[str | None] = None
    """Whose copy this is, for example `jd`; None for an environment that everyone shares."""
    local: SkipJsonSchema[bool] = False
    """Whether it is deployed to a workspace on this machine."""

    order: int = 0
    """Its position among the environments, smallest first; equal ones are sorted by name."""
    workspace: Workspace
    """The Databricks workspace."""
    state: State
    """Where Terraform keeps its state; where `keeps_state_here`, that is a file on this machine instead."""
    catalog: Identifier
    """The Unity Catalog catalog that jobs read and write."""
    workspace_folder: Folder
    """The workspace folder below which every environment and developer copy has its own for code."""
    prefix_names: bool = True
    """Whether names of jobs start with the environment's, as in `[test] daily-sales`. Developer copies always do."""
    schedules: Literal["active", "paused"]
    """Whether schedules and other triggers start jobs, or only people do."""
    run_as: RunAs | None
    """Who jobs run as. A developer copy has none: its jobs run as who deploys them."""
    notifications: Notifications
    """Who is told about failures and slow runs. A developer copy tells nobody."""
    permissions: Permissions = ()
    """Who may do what with every job."""
    compute: Compute
    """What jobs run on."""
    git: GitSource | None = None
    """Where jobs take their code from; null deploys it as workspace files, as a developer copy always does."""
    tags: Annotated[Named[TagName, TagValue], Field(json_schema_extra={"maxProperties": 25})] = Field(
        default_factory=dict, validate_default=True
    )
    """Tags of every job and its clusters, which Azure shows in its cost reports; at most 25."""
    policies: Policies = Field(default_factory=Policies)
    """What the environment demands of its jobs."""
    products: Products
    """What differs for one data product."""

    @property
    def stack_name(self) -> str:
        """The name of its stack: `prod`, `dev-jd` for the copy of the developer jd, `prod-local` on this machine."""
        return "-".join([self.name, *([self.developer] if self.developer else []), *([LOCAL] if self.local else [])])

    @property
    def keeps_state_here(self) -> bool:
        """Whether its Terraform state is a file on this machine."""
        return self.local or self.developer is not None

    @property
    def name_prefix(self) -> str:
        """What every name that people see starts with: `[test] `, `[dev jd] `, or nothing."""
        if self.developer:
            return f"[{self.name} {self.developer}] "
        return f"[{self.name}] " if self.prefix_names else ""

    @property
    def schedules_paused(self) -> bool:
        """Whether only people start jobs."""
        return self.schedules == "paused"

    @property
    def state_key(self) -> str:
        """The name of its Terraform state: `prod.tfstate`."""
        return f"{self.stack_name}.tfstate"

    @property
    def code_folder(self) -> str:
        """The workspace folder of its code: `/Shared/lakeflow/prod`."""
        return f"{self.workspace_folder}/{self.stack_name}"

    def schema(self, name: str) -> str:  # type: ignore[override]  # hides a deprecated method of pydantic
        """Return the name of a schema here: as given, or `jd_<name>` in a copy, which so touches no shared table."""
        return f"{self.developer}_{name}" if self.developer else name

    def destination(self, name: str) -> Destination | None:
        """Return a notification destination; None in a developer copy, which tells nobody."""
        return self.notifications.destinations.get(name)

    def copy_for(self, developer: str) -> "Environment":
        """Return the copy of a developer: paused, run as who deploys it, telling nobody, code from the working copy."""
        return self.model_copy(
            update={
                "developer": developer,
                "schedules": "paused",
                "run_as": None,
                "notifications": Notifications(),
                "git": None,
            }
        )

    def on_this_machine(self, host: str) -> "Environment":
        """Return the same environment in a workspace on this machine."""
        return self.model_copy(update={"local": True, "workspace": Workspace(host=host, id="1")})
