"""Cluster policies.

https://docs.databricks.com/aws/en/admin/clusters/policies
"""

from collections.abc import Mapping, Sequence

from constructs_lib._terraform import Construct, DatabricksResource
from constructs_lib.errors import listed, nearest
from constructs_lib.libraries import Library
from constructs_lib.principals import ClusterPolicyGrant
from constructs_lib.references import Reference, Text
from constructs_lib.resources.arguments import Arguments, said
from constructs_lib.resources.generic import shown_name
from constructs_lib.resources.permissions import permit

_RULES: Mapping[str, tuple[str, ...]] = {
    "allowlist": ("values",),
    "blocklist": ("values",),
    "fixed": ("value",),
    "forbidden": (),
    "range": ("minValue", "maxValue"),
    "regex": ("pattern",),
    "unlimited": (),
}
"""Type of a rule → what it says, at least one of it."""


class ClusterPolicy(DatabricksResource):
    """What clusters may be: rules for their attributes, or a policy family with some rules of its own.

    `definition` is an attribute's path → its rule: `{"spark_version": {"type": "fixed", "value": "16.4.x-scala2.12"}}`;
    a reference does for a value. `libraries` are installed on every cluster of the policy.
    https://docs.databricks.com/aws/en/admin/clusters/policy-definition
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        definition: Mapping[str, Mapping[str, object]] | None = None,
        family_id: Text | None = None,
        overrides: Mapping[str, Mapping[str, object]] | None = None,
        libraries: Sequence[Library] = (),
        max_clusters_per_user: int | None = None,
        name: str | None = None,
        description: str | None = None,
        permissions: Sequence[ClusterPolicyGrant] = (),
    ) -> None:
        arguments = Arguments(ClusterPolicy, locals())
        if (definition is None) == (family_id is None):
            raise arguments.error(
                "a policy has either a definition or a family", fix="give one of definition and family_id"
            )
        if overrides is not None and family_id is None:
            raise arguments.error("overrides change a policy family's rules", fix="write them in definition")
        if max_clusters_per_user is not None and max_clusters_per_user < 1:
            raise arguments.error(
                f"max_clusters_per_user: {max_clusters_per_user} is below 1", fix="leave it out for no limit"
            )
        _check(arguments, "definition", definition or {})
        _check(arguments, "overrides", overrides or {})
        body = said(
            {
                "name": shown_name(scope, id_, "policy", name),
                "description": description,
                "definition": arguments.json("definition", definition) if definition is not None else None,
                "policy_family_id": family_id,
                "policy_family_definition_overrides": arguments.json("overrides", overrides) if overrides else None,
                "libraries": libraries,
                "max_clusters_per_user": max_clusters_per_user,
            }
        )
        super().__init__(scope, id_, "databricks_cluster_policy", body, kind="policy")
        permit(self, "cluster_policy_id", self.policy_id, permissions)

    @property
    def policy_id(self) -> Reference:
        """The policy's id."""
        return self.attribute("id")


def _check(arguments: Arguments, name: str, definition: Mapping[str, Mapping[str, object]]) -> None:
    """Refuse rules of no type, and those that lack what their type says."""
    for path, rule in definition.items():
        kind = rule.get("type")
        if not isinstance(kind, str) or kind not in _RULES:
            near = nearest(str(kind), _RULES)
            raise arguments.error(
                f"{name}: the rule of {path!r} has the type {kind!r}",
                fix=f"did you mean {near!r}?" if near else f"write one of {listed(_RULES)}",
            )
        needed = _RULES[kind]
        if needed and not any(key in rule for key in needed):
            raise arguments.error(f"{name}: the rule of {path!r} lacks {' or '.join(map(repr, needed))}")
