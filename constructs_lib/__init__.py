"""Databricks Lakeflow jobs as Python values, and the constructs that deploy them.

Everything public is imported from here. A name is loaded when it is first used, so that values, rules and the command
`lakeflow` start without cdktf and Node.js. `__init__.pyi` says the same to editors and type checkers.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "_terraform": ("Construct", "DatabricksResource", "LakeflowApp", "LakeflowStack"),
    "compute": ("Availability", "AzureAttributes", "ClusterSpec", "Compute", "InstancePool", "SecurityMode"),
    "definition": ("JobDefinition",),
    "errors": ("LakeflowError",),
    "goal": ("Goal",),
    "handles": (
        "ExistingDestination",
        "ExistingJob",
        "ExistingPipeline",
        "ExistingQuery",
        "ExistingWarehouse",
        "GitFile",
        "HasCodePath",
        "HasDestinationId",
        "HasJobId",
        "HasPipelineId",
        "HasQueryId",
        "HasWarehouseId",
        "Source",
        "WorkspacePath",
    ),
    "health": ("HealthRule",),
    "job": ("LakeflowJob",),
    "libraries": ("Library",),
    "monitoring": ("Monitoring", "RunAlert"),
    "notifications": ("Notifications", "Recipient", "WebhookNotifications"),
    "operations": ("GitSource", "Operations"),
    "principals": ("Grant", "Identity", "Principal"),
    "quartz": ("Quartz",),
    "references": ("DynamicValue", "Reference", "Text", "concat", "dynamic", "loop_input", "parameter", "secret"),
    "resources": (
        "Alert",
        "Channel",
        "Notebook",
        "NotificationDestination",
        "Pipeline",
        "Resource",
        "SqlWarehouse",
        "WorkspaceFile",
    ),
    "startup": ("run",),
    "tasks": (
        "ComputeTask",
        "ConditionTask",
        "ForEachTask",
        "NotebookTask",
        "Outcome",
        "PipelineTask",
        "PythonScriptTask",
        "PythonWheelTask",
        "Retries",
        "RunIf",
        "RunJobTask",
        "SqlFileTask",
        "SqlQueryTask",
        "SqlTask",
        "Task",
        "WorkTask",
    ),
    "triggers": ("Trigger",),
}
_HOME = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = sorted(_HOME)  # noqa: PLE0605 (computed from the table above)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
