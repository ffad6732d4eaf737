"""Where an environment is: its workspace, and the storage that keeps its Terraform state.

https://learn.microsoft.com/azure/databricks/workspace/workspace-details
https://developer.hashicorp.com/terraform/language/backend/azurerm
"""

import re

from environments.settings.base import Settings
from environments.settings.forms import Container, Host, ResourceGroup, StorageAccount, WorkspaceNumber


class Workspace(Settings):
    """The Databricks workspace that everything is deployed to."""

    host: Host
    """Its URL without a path; http is for a workspace on this machine (http://127.0.0.1:8080)."""
    id: WorkspaceNumber | None = None
    """Its number, by which the system tables know it; read from the host where that has it, as on Azure."""

    @property
    def number(self) -> str | None:
        """Its number, said or read from a host such as `https://adb-<number>.1.azuredatabricks.net`."""
        found = re.match(r"https://adb-(\d+)\.", self.host)
        return self.id or (found[1] if found else None)


class State(Settings):
    """The Azure storage that keeps the Terraform state, reached with Entra ID and OIDC; the key is derived."""

    resource_group: ResourceGroup
    """The resource group of the storage account."""
    storage_account: StorageAccount
    """The storage account."""
    container: Container
    """The blob container in the storage account."""
