"""The one module that knows cdktf: the app, the stack, and how a body becomes a resource.

A resource is an ordinary cdktf `TerraformResource` with a fixed logical id, so that everything of cdktf works on it
(lifecycle, outputs, aspects, moves, imports, `add_override`); its whole body is one override of the stack.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from constructs_lib._node import use_node

use_node()  # before the next line: importing cdktf starts Node.js

import cdktf
from constructs import Construct, IConstruct

from constructs_lib.errors import LakeflowError
from constructs_lib.references import Reference, terraform_json
from constructs_lib.rules import Policies
from constructs_lib.synthesis import Asset, StackRecord, sources_digest, write_stack

__all__ = [
    "Construct",
    "DatabricksResource",
    "LakeflowApp",
    "LakeflowStack",
    "address_name",
    "lakeflow_stack",
    "path_of",
]

PROVIDER_SOURCE = "databricks/databricks"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_PARTS = re.compile(r"[A-Za-z0-9_-]+")


class LakeflowStack(cdktf.TerraformStack):
    """A Terraform stack for one Databricks workspace: the provider, the state backend, and what products add to it.

    `host` is the workspace's URL and `workspace_id` its number, by which the system tables know it. `name_prefix`
    stands before the name of everything that people see. `azure_state` or `local_state` says where state is kept;
    `policies` what the environment demands of its jobs.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        environment: str,
        host: str,
        workspace_id: str | None = None,
        name_prefix: str = "",
        policies: Mapping[str, Any] | None = None,
        lock_file: Path | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.record = StackRecord(stack=id_, environment=environment, host=host, lock_file=lock_file)
        self.record.policies = Policies.of(policies or {})
        self.name_prefix = name_prefix
        self.workspace_id = workspace_id
        provider = cdktf.TerraformProvider(
            self,
            "databricks",
            terraform_resource_type="databricks",
            terraform_provider_source=PROVIDER_SOURCE,
            terraform_generator_metadata=cdktf.TerraformProviderGeneratorMetadata(provider_name="databricks"),
        )
        provider.add_override("host", terraform_json(host))

    def azure_state(self, *, resource_group: str, storage_account: str, container: str, key: str) -> None:
        """Keep state in Azure storage, reached with Entra ID: OIDC in CI, `az login` on a laptop; no key or secret.

        https://developer.hashicorp.com/terraform/language/backend/azurerm
        """
        cdktf.AzurermBackend(
            self,
            resource_group_name=resource_group,
            storage_account_name=storage_account,
            container_name=container,
            key=key,
            use_azuread_auth=True,
            use_oidc=True,
        )

    def local_state(self, path: str) -> None:
        """Keep state in a file, by a path relative to the stack's folder in the output."""
        cdktf.LocalBackend(self, path=path)

    def secret_variable(self, name: str) -> Reference:
        """Declare a sensitive Terraform variable, given as TF_VAR_<name>, and return a reference to it."""
        if name not in self.record.variables:
            cdktf.TerraformVariable(self, name, type="string", sensitive=True, nullable=False).override_logical_id(name)
            self.record.variables.add(name)
        return Reference.to(f"var.{name}")

    def ship(self, file: str | Path) -> str:
        """Put a file of the project beside the stack's document and return its path there.

        It is copied when the stack is written; the path is relative to the project's root and stays the same.
        """
        asset = Asset.of(file)
        self.record.assets[asset.target] = asset
        return asset.target

    def require_provider(self, version: str) -> None:
        """Ask for a version of the provider in the stack's required_providers."""
        self.add_override("terraform.required_providers.databricks.version", version)


class DatabricksResource(cdktf.TerraformResource):
    """A resource of the databricks provider, by its type and body; what the constructs of this library are.

    Its address is its construct path below the stack with '_' for '-' and '/', the last part left out where it only
    says the `kind` (by default the type's own name): `daily-sales/job` is `databricks_job.daily_sales`.
    """

    def __init__(
        self, scope: Construct, id_: str, resource_type: str, body: Mapping[str, Any], *, kind: str | None = None
    ) -> None:
        super().__init__(scope, id_, terraform_resource_type=resource_type)
        stack, path = lakeflow_stack(scope), f"{path_of(scope)}/{id_}"
        name = address_name(path, kind or resource_type.removeprefix("databricks_"))
        self.address = f"{resource_type}.{name}"
        known = stack.record.addresses.setdefault(self.address, path)
        if known != path:
            raise LakeflowError(
                f"the address {self.address} is taken by {known}; two resources would become one",
                place=path,
                fix="give one of them another id",
            )
        self.override_logical_id(name)
        stack.add_override(f"resource.{self.address}", terraform_json(dict(body)))

    def add_override(self, path: str, value: Any) -> None:
        """Override an attribute of the resource, by its dotted path in the body: `"email_notifications.on_start"`."""
        lakeflow_stack(self).add_override(f"resource.{self.address}.{path}", value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address})"

    def attribute(self, name: str) -> Reference:
        """Return a reference to one of the resource's attributes, such as `attribute("id")`."""
        return Reference.to(f"{self.address}.{name}")


# Both are asked for every resource, and each question is a message to Node.js.
_STACKS: WeakKeyDictionary[IConstruct, LakeflowStack] = WeakKeyDictionary()
_PATHS: WeakKeyDictionary[IConstruct, str] = WeakKeyDictionary()


def lakeflow_stack(construct: IConstruct) -> LakeflowStack:
    """Return the stack that a construct lies in."""
    if construct not in _STACKS:
        stack = cdktf.TerraformStack.of(construct)
        if not isinstance(stack, LakeflowStack):
            raise LakeflowError(
                f"the stack {stack.node.id!r} is no LakeflowStack", place=construct.node.path, fix="let it be one"
            )
        _STACKS[construct] = stack
    return _STACKS[construct]


def path_of(construct: IConstruct) -> str:
    """Return a construct's path, such as `dev/daily-sales`."""
    if construct not in _PATHS:
        _PATHS[construct] = construct.node.path
    return _PATHS[construct]


def address_name(path: str, kind: str) -> str:
    """Return the Terraform name for a construct path."""
    parts = path.split("/")[1:]
    for part in parts:
        if not _PARTS.fullmatch(part):
            plain = re.sub(r"[^A-Za-z0-9_-]+", "-", part).strip("-") or "a-name"
            raise LakeflowError(
                f"Terraform does not take {part!r} as a name",
                place=path,
                fix=f"write {plain!r}: letters, digits, '-' and '_'",
            )
    if len(parts) > 1 and parts[-1] == kind:
        parts = parts[:-1]
    name = "_".join(parts).replace("-", "_")
    if not _NAME.fullmatch(name):
        raise LakeflowError(
            f"Terraform does not take {name!r} as a name: it starts with a digit", place=path, fix=f"write '_{name}'"
        )
    return name


class LakeflowApp(cdktf.App):
    """The app: its stacks are checked together, and only then written to `cdktf.out`."""

    def __init__(self, *, outdir: str | None = None) -> None:
        super().__init__(stack_traces=False, outdir=outdir or os.environ.get("CDKTF_OUTDIR") or "cdktf.out")

    def synth(self) -> None:
        """Check every stack's final document, then write all of them; raise `LakeflowError` and write nothing else.

        What is checked is what would be written: overrides and aspects included.
        """
        stacks = [child for child in self.node.children if isinstance(child, LakeflowStack)]
        problems: list[str] = []
        for order, stack in enumerate(stacks):
            stack.record.order = order
            document = json.loads(cdktf.Testing.synth(stack))
            problems += stack.record.check(document)
            stack.require_provider(stack.record.provider_versions)
        if problems:
            raise LakeflowError("\n".join(problems))
        super().synth()
        sources = sources_digest(Path.cwd())
        for stack in stacks:
            write_stack(stack.record, Path(self.outdir), sources)
