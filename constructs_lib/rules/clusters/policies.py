"""Rules of a cluster with a policy: what the policy cannot say for it."""

from collections.abc import Iterator

from constructs_lib.rules.clusters.examples import CLUSTERS_API, GOOD, MEASURED, on
from constructs_lib.rules.clusters.size import sizeless
from constructs_lib.rules.clusters.values import has
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.given import truth
from constructs_lib.rules.job import Cluster
from constructs_lib.rules.rule import IN_TERRAFORM, Rule


def _policy_without_size(cluster: Cluster) -> Iterator[Hit]:
    if sizeless(cluster) and has(cluster, "policy_id"):
        yield cluster.hit(
            message="policy_id without a size: the provider sends num_workers = 0, whatever the policy says",
            hint="repeat the policy's num_workers or autoscale here",
        )


_DEFAULTS = ("apply_policy_default_values", "__apply_policy_default_values_allow_list")


def _policy_defaults(cluster: Cluster) -> Iterator[Hit]:
    for name in _DEFAULTS:
        value = cluster.body.get(name)
        if (truth(value) or (isinstance(value, list) and value)) and has(cluster, "policy_id"):
            yield cluster.hit(
                name,
                message=f"{name} shows a difference in every plan: the API does not return it",
                hint="leave it out, and repeat the policy's values here",
            )


def _defaults_of_no_policy(cluster: Cluster) -> Iterator[Hit]:
    if truth(cluster.body.get(_DEFAULTS[0])) and not has(cluster, "policy_id"):
        yield cluster.hit(
            _DEFAULTS[0],
            message="apply_policy_default_values without policy_id does nothing",
            hint="write policy_id, or leave it out",
        )


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF610",
        severity=Severity.INFO,
        title="The size is left to the policy",
        why="The provider sends num_workers = 0 with every request where autoscale is absent, so that a policy's "
        "default size does not come to pass.",
        source=MEASURED,
        bad=on(num_workers=None, policy_id="E0123456789"),
        good=on(policy_id="E0123456789"),
        cluster=_policy_without_size,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF611",
        severity=Severity.WARNING,
        title="The policy's defaults differ in every plan",
        why="The API does not return the flag, so that Terraform plans it again and again, and plans to take away what "
        "the policy filled in.",
        source="https://github.com/databricks/terraform-provider-databricks/blob/main/jobs/job_test.go"
        " (the provider's own test expects the difference), and measured with provider 1.128.0",
        bad=on(policy_id="E0123456789", apply_policy_default_values=True),
        good=on(policy_id="E0123456789"),
        cluster=_policy_defaults,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF612",
        severity=Severity.WARNING,
        title="Defaults of no policy",
        why="apply_policy_default_values says how a policy is applied; there is none.",
        source=CLUSTERS_API,
        bad=on(apply_policy_default_values=True),
        good=GOOD,
        cluster=_defaults_of_no_policy,
    ),
)
