"""Tasks that run code: notebooks, scripts, wheels.

https://docs.databricks.com/aws/en/jobs/configure-task
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from constructs_lib.handles import HasCodePath, Source
from constructs_lib.references import Text
from constructs_lib.tasks.base import ComputeTask
from constructs_lib.values import attribute


class NotebookTask(ComputeTask, block="notebook_task"):
    """Runs a notebook; without `compute` on serverless, in the notebook's own environment.

    https://docs.databricks.com/aws/en/jobs/notebook
    """

    needs_environment: ClassVar[bool] = False

    notebook: HasCodePath = attribute("notebook_path", kw_only=False, via=lambda notebook: notebook.code_path)
    parameters: Mapping[str, Text] = attribute("base_parameters", default={})
    """Widgets' values; a job parameter of the same name wins."""

    def body(self) -> dict[str, Any]:
        """Return the block with its source said, which would leak from a neighbour."""
        body = super().body()
        body["notebook_task"]["source"] = self.source.value
        return body

    @property
    def source(self) -> Source:
        """Where the notebook comes from."""
        return self.notebook.source


class PythonScriptTask(ComputeTask, block="spark_python_task"):
    """Runs a Python file.

    https://docs.databricks.com/aws/en/jobs/python-script
    """

    script: HasCodePath = attribute("python_file", kw_only=False, via=lambda script: script.code_path)
    arguments: Sequence[Text] = attribute("parameters", default=())
    """Command-line arguments; job parameters do not reach them by themselves: write `parameter("name")`."""

    def body(self) -> dict[str, Any]:
        """Return the block with its source said, which would leak from a neighbour."""
        body = super().body()
        body["spark_python_task"]["source"] = self.source.value
        return body

    @property
    def source(self) -> Source:
        """Where the script comes from."""
        return self.script.source


class PythonWheelTask(ComputeTask, block="python_wheel_task"):
    """Calls an entry point of a Python wheel, which its environment or libraries install.

    https://docs.databricks.com/aws/en/jobs/python-wheel
    """

    package: str = attribute("package_name")
    entry_point: str = attribute("entry_point")
    arguments: Sequence[Text] = attribute("parameters", default=())
    """Command-line arguments by position."""
    named_arguments: Mapping[str, Text] = attribute("named_parameters", default={})
    """Command-line arguments by name (`--name=value`); either these or `arguments`."""

    def check(self) -> None:
        """Refuse both kinds of arguments together."""
        super().check()
        if self.arguments and self.named_arguments:
            raise self.error("has arguments and named_arguments", fix="give one of them: the API takes one")
