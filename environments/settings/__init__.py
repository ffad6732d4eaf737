"""What an environment can say: one module per group of keys, each key declared once."""

from environments.settings.base import Named, Settings
from environments.settings.compute import Availability, Compute, Warehouse, WarehouseSize
from environments.settings.git import GitProvider, GitSource
from environments.settings.header import Header
from environments.settings.identity import Level, Permission, Permissions, RunAs
from environments.settings.notifications import Destination, Notifications, SecretVariable
from environments.settings.policies import Policies
from environments.settings.workspace import State, Workspace

__all__ = [
    "Availability",
    "Compute",
    "Destination",
    "GitProvider",
    "GitSource",
    "Header",
    "Level",
    "Named",
    "Notifications",
    "Permission",
    "Permissions",
    "Policies",
    "RunAs",
    "SecretVariable",
    "Settings",
    "State",
    "Warehouse",
    "WarehouseSize",
    "Workspace",
]
