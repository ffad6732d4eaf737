"""What the rules of clusters are documented with: their sources and forms, and jobs to show them on."""

from typing import Any

from constructs_lib.rules.examples import job, notebook
from constructs_lib.rules.rule import Form

CLUSTERS_API = "https://docs.databricks.com/api/workspace/clusters/create"
MEASURED = "measured with provider 1.128.0"
AS_DEPLOYED = frozenset({Form.REST, Form.TERRAFORM})
"""A bundle may get what is missing here from its targets."""


def new_cluster(**attributes: Any) -> dict[str, Any]:
    """Return a cluster with these attributes; None takes one away."""
    body = {"spark_version": "15.4.x-scala2.12", "node_type_id": "Standard_D4ds_v5", "num_workers": 2, **attributes}
    return {name: value for name, value in body.items() if value is not None}


def job_on(*clusters: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """Return a job with a notebook on each of these clusters."""
    keys = [chr(ord("c") + index) for index in range(len(clusters))]
    return job(
        *(notebook(f"on-{key}", job_cluster_key=key) for key in keys),
        job_cluster=[
            {"job_cluster_key": key, "new_cluster": cluster} for key, cluster in zip(keys, clusters, strict=True)
        ],
        **attributes,
    )


def on(**attributes: Any) -> dict[str, Any]:
    """Return a job with a notebook on a cluster with these attributes; None takes one away."""
    return job_on(new_cluster(**attributes))


GOOD = on()
AWS = {"node_type_id": "i3.xlarge"}
