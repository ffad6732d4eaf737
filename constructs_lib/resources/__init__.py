"""Constructs that become one resource each: the generic one, and what workflows need beside their jobs."""

from constructs_lib.resources.alert import Alert, ResultColumn
from constructs_lib.resources.catalog import Schema, Volume, VolumeFile
from constructs_lib.resources.cluster import AllPurposeCluster
from constructs_lib.resources.code import Directory, Notebook, WorkspaceFile
from constructs_lib.resources.dashboard import Dashboard
from constructs_lib.resources.destination import Channel, NotificationDestination
from constructs_lib.resources.folder import WorkspaceFolder
from constructs_lib.resources.generic import Resource, default_name
from constructs_lib.resources.pipeline import Pipeline
from constructs_lib.resources.pipeline_settings import CodeGlob, EventLog, PipelineCluster, PipelineNotifications
from constructs_lib.resources.policy import ClusterPolicy
from constructs_lib.resources.pool import Pool, PoolNodes
from constructs_lib.resources.query import Query
from constructs_lib.resources.query_parameters import QueryParameter
from constructs_lib.resources.runs_dashboard import RunsDashboard
from constructs_lib.resources.secret_scope import KeyVault, SecretScope
from constructs_lib.resources.warehouse import SqlWarehouse
from constructs_lib.resources.wheel import Wheel

__all__ = [
    "Alert",
    "AllPurposeCluster",
    "Channel",
    "ClusterPolicy",
    "CodeGlob",
    "Dashboard",
    "Directory",
    "EventLog",
    "KeyVault",
    "Notebook",
    "NotificationDestination",
    "Pipeline",
    "PipelineCluster",
    "PipelineNotifications",
    "Pool",
    "PoolNodes",
    "Query",
    "QueryParameter",
    "Resource",
    "ResultColumn",
    "RunsDashboard",
    "Schema",
    "SecretScope",
    "SqlWarehouse",
    "Volume",
    "VolumeFile",
    "Wheel",
    "WorkspaceFile",
    "WorkspaceFolder",
    "default_name",
]
