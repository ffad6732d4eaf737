"""What the environment demands of its jobs: house rules, and how severe each rule of a valid job is here."""

from typing import Annotated, Literal

from pydantic import Field

from environments.settings.base import Named, Settings
from environments.settings.forms import Group, NodeType, RuleCode, TagName

Severity = Literal["error", "warning", "info", "off"]


class Policies(Settings):
    """House rules. What breaks one is an error, unless `rules` says otherwise for its code."""

    rules: Named[RuleCode, Severity] = Field(default_factory=dict, validate_default=True)
    """The code of a rule, or the beginning of several, and how severe it is here; `off` turns it off."""
    run_as_service_principal: bool = False
    """Whether jobs must run as a service principal (LP101)."""
    failure_notification: bool = False
    """Whether somebody must be told when a run fails (LP102)."""
    required_tags: Annotated[tuple[TagName, ...], Field(json_schema_extra={"uniqueItems": True})] = ()
    """Tags that every job must have (LP103)."""
    timeouts: bool = False
    """Whether every job that is not continuous must have a timeout (LP104)."""
    no_all_purpose_clusters: bool = False
    """Whether tasks must not run on existing clusters (LP105)."""
    node_types: Annotated[tuple[NodeType, ...], Field(json_schema_extra={"uniqueItems": True})] = ()
    """The only Azure machines that clusters may have; any where none is named (LP106)."""
    max_workers: Annotated[int, Field(ge=1, le=1000)] | None = None
    """The most workers of a cluster; 1 to 1000 (LP107)."""
    schedules_paused: bool = False
    """Whether nothing may start by itself (LP108)."""
    git_tag: bool = False
    """Whether code from Git must be pinned to a tag or a commit (LP109)."""
    owner_group: Group | None = None
    """A group that must be able to manage every job (LP110)."""
