"""Step 4: what tasks run on.

https://docs.databricks.com/aws/en/jobs/compute
"""

from constructs_lib.compute.choices import (
    Compute,
    ExistingCluster,
    JobCluster,
    NewCluster,
    ServerlessEnvironment,
    ServerlessGpu,
    ServerlessJobCluster,
)
from constructs_lib.compute.clouds import Availability, AwsAttributes, AzureAttributes, GcpAttributes
from constructs_lib.compute.cluster import ClusterSpec, NodeTypeFlexibility, SecurityMode
from constructs_lib.compute.machines import ClusterMount, DockerImage, InitScript, LogDelivery, S3Place

__all__ = [
    "Availability",
    "AwsAttributes",
    "AzureAttributes",
    "ClusterMount",
    "ClusterSpec",
    "Compute",
    "DockerImage",
    "ExistingCluster",
    "GcpAttributes",
    "InitScript",
    "JobCluster",
    "LogDelivery",
    "NewCluster",
    "NodeTypeFlexibility",
    "S3Place",
    "SecurityMode",
    "ServerlessEnvironment",
    "ServerlessGpu",
    "ServerlessJobCluster",
]
