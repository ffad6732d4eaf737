"""Step 2: the tasks of a workflow, and what waits for what.

https://docs.databricks.com/aws/en/jobs/configure-task
"""

from constructs_lib.tasks.ai import AiDeployment, AiRuntimeTask
from constructs_lib.tasks.base import ComputeTask, EnvironmentVariables, Outcome, Retries, RunIf, Task, WorkTask
from constructs_lib.tasks.code import (
    CleanRoomNotebookTask,
    JarTask,
    NotebookTask,
    PythonOperatorTask,
    PythonScriptTask,
    PythonWheelTask,
    SparkSubmitTask,
)
from constructs_lib.tasks.control import ConditionTask, ForEachTask
from constructs_lib.tasks.data import PipelineTask, Refresh, RunJobTask
from constructs_lib.tasks.dbt import DbtPlatformTask, DbtTask
from constructs_lib.tasks.reports import AlertTask, DashboardSubscription, DashboardTask, PowerBiTable, PowerBiTask
from constructs_lib.tasks.sql import SqlAlertTask, SqlDashboardTask, SqlFileTask, SqlQueryTask, SqlTask, Subscriptions

__all__ = [
    "AiDeployment",
    "AiRuntimeTask",
    "AlertTask",
    "CleanRoomNotebookTask",
    "ComputeTask",
    "ConditionTask",
    "DashboardSubscription",
    "DashboardTask",
    "DbtPlatformTask",
    "DbtTask",
    "EnvironmentVariables",
    "ForEachTask",
    "JarTask",
    "NotebookTask",
    "Outcome",
    "PipelineTask",
    "PowerBiTable",
    "PowerBiTask",
    "PythonOperatorTask",
    "PythonScriptTask",
    "PythonWheelTask",
    "Refresh",
    "Retries",
    "RunIf",
    "RunJobTask",
    "SparkSubmitTask",
    "SqlAlertTask",
    "SqlDashboardTask",
    "SqlFileTask",
    "SqlQueryTask",
    "SqlTask",
    "Subscriptions",
    "Task",
    "WorkTask",
]
