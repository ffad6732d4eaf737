"""Secret scopes. Secrets are put into them by other means: none passes through code, plan or state.

https://docs.databricks.com/aws/en/security/secrets/
"""

import re
from collections.abc import Sequence

from constructs_lib._terraform import Construct, DatabricksResource
from constructs_lib.principals import Principal, SecretScopeGrant, name_of
from constructs_lib.references import DynamicValue, Reference, Text, secret
from constructs_lib.resources.arguments import Arguments, said
from constructs_lib.resources.generic import Resource
from constructs_lib.values import Value, attribute

_NAME = re.compile(r"[\w.@-]{1,128}")
_VAULT = re.compile(r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.KeyVault/vaults/[^/]+", re.I)


class KeyVault(Value):
    """An Azure Key Vault, by its resource id and its URI.

    https://learn.microsoft.com/en-us/azure/databricks/security/secrets/#azure-key-vault-backed-scopes
    """

    resource_id: Text = attribute("resource_id", kw_only=False)
    """`/subscriptions/…/providers/Microsoft.KeyVault/vaults/…`"""
    uri: Text = attribute("dns_name", kw_only=False)
    """`https://….vault.azure.net/`"""

    def check(self) -> None:
        """Refuse an id and a URI that are none."""
        if isinstance(self.resource_id, str) and not _VAULT.fullmatch(self.resource_id):
            raise self.error("its id is no Key Vault's", fix="write /subscriptions/…/Microsoft.KeyVault/vaults/…")
        if isinstance(self.uri, str) and not self.uri.startswith("https://"):
            raise self.error(f"{self.uri!r} is no URI", fix="write https://….vault.azure.net/")


class SecretScope(DatabricksResource):
    """A secret scope with who may read and write its secrets, kept by Databricks or in an Azure Key Vault.

    Its name has no prefix: code finds it by its name. Whoever deploys it manages it. A Key Vault needs a deployer
    that signs in with Entra ID. Another name or vault replaces it, and the secrets that Databricks keeps are gone.
    https://docs.databricks.com/aws/en/security/secrets/
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        key_vault: KeyVault | None = None,
        permissions: Sequence[SecretScopeGrant] = (),
    ) -> None:
        arguments = Arguments(SecretScope, locals())
        if not _NAME.fullmatch(name):
            raise arguments.error(
                f"name: {name!r} is no name of a scope", fix="use letters, digits, '-', '_', '@' and '.', at most 128"
            )
        body = said({"name": name, "keyvault_metadata": key_vault})
        super().__init__(scope, id_, "databricks_secret_scope", body)
        self._name = name
        granted: list[Text] = []
        for grant in permissions:
            principal = name_of(grant.principal)
            if principal in granted:
                raise arguments.error(f"permissions: {grant.principal!r} is granted twice", fix="keep the higher one")
            granted.append(principal)
            Resource(
                self,
                _slug(grant.principal),
                "databricks_secret_acl",
                scope=self.attribute("name"),
                principal=principal,
                permission=grant.level,
            )

    def secret(self, key: str) -> DynamicValue:
        """Return a reference to a secret of the scope, for Spark configuration and environment variables."""
        return secret(self._name, key)


def _slug(principal: Principal) -> str:
    """Return what a grant is called below its scope; a principal keeps its grant when another comes or goes."""
    name = name_of(principal)
    text = name.terraform if isinstance(name, Reference) else name
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
