"""All-purpose clusters.

https://docs.databricks.com/aws/en/compute/configure
"""

from collections.abc import Sequence
from datetime import timedelta

from constructs_lib._terraform import Construct, DatabricksResource
from constructs_lib.compute import ClusterSpec, SecurityMode
from constructs_lib.libraries import Library
from constructs_lib.principals import ClusterGrant
from constructs_lib.references import Reference
from constructs_lib.resources.arguments import Arguments, said
from constructs_lib.resources.generic import shown_name
from constructs_lib.resources.permissions import permit


class AllPurposeCluster(DatabricksResource):
    """A cluster that people and jobs share; a job's own costs less.

    `spec` is what job clusters have too. `autotermination` is how long it idles before it stops, None for never;
    `pinned` keeps it in the list when it has been off for 30 days. The deploy waits until it has started once and
    has its libraries, unless `no_wait`. https://docs.databricks.com/aws/en/compute/configure
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        spec: ClusterSpec,
        autotermination: timedelta | None = timedelta(minutes=30),
        pinned: bool = False,
        libraries: Sequence[Library] = (),
        no_wait: bool = False,
        name: str | None = None,
        permissions: Sequence[ClusterGrant] = (),
    ) -> None:
        arguments = Arguments(AllPurposeCluster, locals())
        if spec.security_mode is SecurityMode.DEDICATED and spec.single_user is None:
            raise arguments.error(
                "a dedicated cluster that names nobody is for whoever deploys it",
                fix="give its spec a single_user, or security_mode=SecurityMode.STANDARD",
            )
        if sum("requirements" in library.render() for library in libraries) > 1:
            raise arguments.error(
                "libraries: the provider keeps one requirements.txt of several", fix="put them into one file"
            )
        body = said(
            {
                "cluster_name": shown_name(scope, id_, "cluster", name),
                **spec.render(),
                "autotermination_minutes": arguments.minutes("autotermination", autotermination, least=10)
                if autotermination is not None
                else 0,
                "is_pinned": pinned,
                "no_wait": no_wait,
                "library": libraries,
            }
        )
        super().__init__(scope, id_, "databricks_cluster", body)
        permit(self, "cluster_id", self.cluster_id, permissions)

    @property
    def cluster_id(self) -> Reference:
        """The cluster's id."""
        return self.attribute("id")
