"""Tasks that run code: notebooks, scripts, wheels, JARs.

https://docs.databricks.com/aws/en/jobs/configure-task
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from constructs_lib.compute import Compute, NewCluster
from constructs_lib.handles import WAREHOUSE, HasCodePath, HasWarehouseId, Source
from constructs_lib.reading import Given
from constructs_lib.references import Text
from constructs_lib.tasks.base import ComputeTask, Retries, WorkTask, code_in
from constructs_lib.values import attribute, named_values


class NotebookTask(ComputeTask, block="notebook_task"):
    """Runs a notebook; without `compute` on serverless, in the notebook's own environment, or on a SQL warehouse.

    https://docs.databricks.com/aws/en/jobs/notebook
    """

    needs_environment: ClassVar[bool] = False

    notebook: HasCodePath = attribute("notebook_path", kw_only=False, via=lambda notebook: notebook.code_path)
    parameters: Mapping[str, Text] = attribute("base_parameters", default={})
    """Widgets' values; a job parameter of the same name wins."""
    warehouse: HasWarehouseId | None = attribute("warehouse_id", default=None, via=WAREHOUSE)
    """A SQL warehouse for a notebook that has SQL cells only."""

    def check(self) -> None:
        """Refuse two things to run on."""
        super().check()
        if self.warehouse is not None and (self.compute is not None or self.libraries):
            raise self.error("runs on a warehouse, without compute or libraries", fix="leave out either of them")

    def defaulted(self, compute: Compute | None, retries: Retries | None) -> dict[str, Any]:
        """Return the body; a warehouse stands for the job's compute."""
        return super().defaulted(None if self.warehouse else compute, retries)

    def computes(self, default: Compute | None) -> tuple[Compute, ...]:
        """Return what it runs on; nothing that is declared with the job for a warehouse."""
        return super().computes(None if self.warehouse else default)

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the task of a block, its notebook by where that comes from."""
        return super().read(given, notebook=code_in(given, *cls.prefix, name="notebook_path"), **said)

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

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the task of a block, its script by where that comes from."""
        return super().read(given, script=code_in(given, *cls.prefix, name="python_file"), **said)

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


class JarTask(ComputeTask, block="spark_jar_task"):
    """Calls a main class of a JAR, which the task's libraries or its environment's `java_dependencies` install.

    https://docs.databricks.com/aws/en/jobs/jar
    """

    main_class: str = attribute("main_class_name", kw_only=False)
    arguments: Sequence[Text] = attribute("parameters", default=())
    """What `main` is called with; job parameters do not reach it by themselves: write `parameter("name")`."""


class SparkSubmitTask(ComputeTask, block="spark_submit_task"):
    """Runs `spark-submit` on a cluster of the task's own; deprecated: a JAR or script task does the same.

    https://docs.databricks.com/aws/en/jobs/spark-submit
    """

    arguments: Sequence[Text] = attribute("parameters", kw_only=False)
    """What `spark-submit` is called with: `["--class", "org.example.Main", "dbfs:/app.jar"]`."""

    def check(self) -> None:
        """Refuse compute that the API refuses."""
        super().check()
        if self.compute is not None and not isinstance(self.compute, NewCluster):
            raise self.error(f"runs on {self.compute!r}", fix="give it compute=Compute.new_cluster(…)")
        if self.libraries:
            raise self.error("has libraries, which spark-submit does not install", fix="name them in its arguments")


class PythonOperatorTask(ComputeTask, block="python_operator_task"):
    """Runs a Python operator, by the path of its function (preview).

    https://docs.databricks.com/api/workspace/jobs/create
    """

    needs_environment: ClassVar[bool] = False

    main: str = attribute("main", kw_only=False)
    parameters: Mapping[str, Text] = attribute("parameters", default={}, via=named_values("value"))


class CleanRoomNotebookTask(WorkTask, block="clean_rooms_notebook_task"):
    """Runs a notebook of a clean room, on the room's own serverless compute.

    https://docs.databricks.com/aws/en/clean-rooms/clean-room-notebook
    """

    clean_room: str = attribute("clean_room_name", kw_only=False)
    notebook: str = attribute("notebook_name", kw_only=False)
    """Its name in the clean room."""
    etag: str | None = attribute("etag", default=None)
    """The version of the notebook that may run; any that is approved where nothing is said."""
    parameters: Mapping[str, Text] = attribute("notebook_base_parameters", default={})
    """Widgets' values."""
