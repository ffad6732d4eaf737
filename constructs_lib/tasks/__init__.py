"""Step 2: the tasks of a workflow, and what waits for what.

https://docs.databricks.com/aws/en/jobs/configure-task
"""

from constructs_lib.tasks.base import ComputeTask, Outcome, Retries, RunIf, Task, WorkTask
from constructs_lib.tasks.code import NotebookTask, PythonScriptTask, PythonWheelTask
from constructs_lib.tasks.control import ConditionTask, ForEachTask
from constructs_lib.tasks.data import PipelineTask, RunJobTask
from constructs_lib.tasks.sql import SqlFileTask, SqlQueryTask, SqlTask

__all__ = [
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
]
