"""What a pipeline is told besides its code: clusters, notifications, and where its events are logged.

https://docs.databricks.com/aws/en/ldp/configure-pipeline
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from constructs_lib.compute.nodes import SINGLE_NODE_CONF, ClusterNodes
from constructs_lib.handles import HasSchema
from constructs_lib.references import Text
from constructs_lib.values import Value, attribute, merge

_EVENTS = {
    "on_update_success": "on-update-success",
    "on_update_failure": "on-update-failure",
    "on_update_fatal_failure": "on-update-fatal-failure",
    "on_flow_failure": "on-flow-failure",
}


class CodeGlob(Value):
    """Code of the workspace that a pipeline finds by itself: a notebook, a file, or a folder that ends in `/**`."""

    include: Text = attribute("include", kw_only=False)

    def check(self) -> None:
        """Refuse what the API refuses: a relative path, and a star in the middle."""
        if isinstance(self.include, str):
            if not self.include.startswith("/"):
                raise self.error("a workspace path is absolute", fix=f"write '/{self.include}'")
            if "*" in self.include.removesuffix("/**"):
                raise self.error("has a star elsewhere than in '/**' at its end")


class EventLog(Value):
    """The table that a pipeline publishes its event log to, in the pipeline's schema unless another is said.

    https://docs.databricks.com/aws/en/ldp/monitor-event-logs
    """

    name: str = attribute("name", kw_only=False)
    schema: HasSchema | None = attribute(default=None)

    def render(self) -> dict[str, Any]:
        """Return the block; the pipeline puts its own catalog and schema into it where it says none."""
        place = {"catalog": self.schema.catalog_name, "schema": self.schema.schema_name} if self.schema else {}
        return {**super().render(), **place}


class PipelineNotifications(Value):
    """Who is told by e-mail what became of a pipeline's updates and flows.

    A fatal failure is one that is not tried again. https://docs.databricks.com/aws/en/ldp/monitoring-ui#notifications
    """

    on_update_success: Sequence[str] = attribute(default=())
    on_update_failure: Sequence[str] = attribute(default=())
    on_update_fatal_failure: Sequence[str] = attribute(default=())
    on_flow_failure: Sequence[str] = attribute(default=())

    def check(self) -> None:
        """Refuse to tell nobody of nothing, and what is no address."""
        told = {event: getattr(self, event) for event in _EVENTS}
        if not any(told.values()):
            raise self.error("tells nobody", fix="give on_update_fatal_failure=[…]")
        for event, addresses in told.items():
            for address in addresses:
                if "@" not in address:
                    raise self.error(f"{event}: {address!r} is not an e-mail address")

    def blocks(self) -> list[dict[str, Any]]:
        """Return the `notification` blocks: one for each group of people, with all that they are told of."""
        groups: dict[tuple[str, ...], list[str]] = {}
        for event, name in _EVENTS.items():
            people = tuple(sorted(set(getattr(self, event))))
            if people:
                groups.setdefault(people, []).append(name)
        return [{"email_recipients": list(people), "alerts": groups[people]} for people in sorted(groups)]


class PipelineCluster(ClusterNodes):
    """The cluster that a pipeline's updates run on (`default`), or its maintenance.

    `workers` is a number, or `(least, most)` for autoscaling; 0 is a single node. `pool` or `node_type` says where
    nodes come from; without either, Databricks chooses. https://docs.databricks.com/aws/en/ldp/configure-compute
    """

    label: Literal["default", "maintenance"] = attribute("label", default="default")
    workers: int | tuple[int, int] | None = attribute(default=None)
    """As many as Databricks takes when it is not said: for updates 1 to 5."""
    scaling: Literal["ENHANCED", "LEGACY"] | None = attribute(default=None)
    """How it scales between `(least, most)`: by the data that waits, which is usual for updates, or as others do."""
    apply_policy_defaults: bool = attribute("apply_policy_default_values", default=False, omit=False)
    """Whether what the policy has a default for, and the cluster does not say, comes from there."""
    extra: Mapping[str, object] = attribute(default={}, spread=True)
    """Further attributes of the provider's `cluster` block, by their names there."""

    def check(self) -> None:
        """Refuse sizes and node sources that the API refuses."""
        super().check()
        if self.scaling is not None and not isinstance(self.workers, tuple):
            raise self.error("scales, but its workers do not", fix="write workers=(least, most)")
        if self.scaling == "ENHANCED" and self.label == "maintenance":
            raise self.error("maintenance does not scale by the data that waits", fix="leave scaling out")
        if self.workers is not None:
            self.check_workers(self.workers)

    def render(self) -> dict[str, Any]:
        """Return the `cluster` block; drivers and encryption are said, or the provider keeps what they were."""
        body: dict[str, Any] = {}
        if isinstance(self.workers, tuple):
            least, most = self.workers
            usual = "ENHANCED" if self.label == "default" else "LEGACY"
            body["autoscale"] = {"min_workers": least, "max_workers": most, "mode": self.scaling or usual}
        elif self.workers is not None:
            body["num_workers"] = self.workers
        if self.workers == 0:
            merge(body, {"spark_conf": SINGLE_NODE_CONF})
        merge(body, super().render())
        return body
