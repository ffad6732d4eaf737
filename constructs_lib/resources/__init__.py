"""Constructs that become one resource each: the generic one, and what workflows need beside their jobs."""

from constructs_lib.resources.alert import Alert
from constructs_lib.resources.code import Notebook, WorkspaceFile
from constructs_lib.resources.destination import Channel, NotificationDestination
from constructs_lib.resources.generic import Resource, default_name
from constructs_lib.resources.pipeline import Pipeline
from constructs_lib.resources.warehouse import SqlWarehouse

__all__ = [
    "Alert",
    "Channel",
    "Notebook",
    "NotificationDestination",
    "Pipeline",
    "Resource",
    "SqlWarehouse",
    "WorkspaceFile",
    "default_name",
]
