"""Tasks that train models on GPUs of their own.

https://docs.databricks.com/aws/en/machine-learning/ai-runtime/
"""

from typing import ClassVar

from constructs_lib.compute import ServerlessEnvironment
from constructs_lib.errors import LakeflowError, shortened
from constructs_lib.reading import reader_of
from constructs_lib.references import Text
from constructs_lib.tasks.base import ComputeTask
from constructs_lib.values import SECONDS, Value, Via, attribute


class AiDeployment(Value):
    """The machines of an AI runtime task, and what runs on them."""

    command: Text = attribute("command_path", kw_only=False)
    """The path of the script that every machine runs."""
    accelerator: str = attribute("compute.accelerator_type")
    """The machines' type, such as `GPU_8xH100`."""
    accelerators: int = attribute("compute.accelerator_count")
    """How many GPUs in all: a multiple of those of one machine."""
    name: str | None = attribute("name", default=None)
    capacity: Text | None = attribute("compute.provisioned_capacity_id", default=None)
    """The id of capacity that is reserved."""


def _deployment(blocks: object) -> AiDeployment:
    """Return the one deployment of a list."""
    if not isinstance(blocks, list) or len(blocks) != 1:
        raise LakeflowError(f"{shortened(blocks)} is no list of one deployment")
    deployment: AiDeployment = reader_of(AiDeployment)(blocks[0], SECONDS)
    return deployment


class AiRuntimeTask(ComputeTask, block="ai_runtime_task"):
    """Runs a script on many GPUs of its own, as an MLflow experiment (preview); `compute` is its environment only.

    https://docs.databricks.com/aws/en/machine-learning/ai-runtime/
    """

    needs_environment: ClassVar[bool] = False

    experiment: str = attribute("experiment", kw_only=False)
    """The name of the MLflow experiment."""
    deployment: AiDeployment = attribute("deployments", via=Via(lambda deployment: (deployment,), _deployment))
    code: Text | None = attribute("code_source_path", default=None)
    """The folder of code that every machine gets."""
    docker_image: Text | None = attribute("docker_image_url", default=None)
    image: Text | None = attribute("unity_catalog_image_path", default=None)
    """An image of Unity Catalog, instead of one of a registry."""
    run: str | None = attribute("mlflow_run", default=None)
    """The name of the MLflow run."""
    experiment_folder: Text | None = attribute("mlflow_experiment_directory", default=None)
    """The workspace folder of the experiment: `/Workspace/…`."""
    artifacts: Text | None = attribute("mlflow_artifact_location", default=None)
    """Where the experiment keeps its artifacts."""
    priority: str | None = attribute("priority_class", default=None)
    """Which waits for GPUs first."""

    def check(self) -> None:
        """Refuse two images, and machines besides its own."""
        super().check()
        if self.compute is not None and not isinstance(self.compute, ServerlessEnvironment):
            raise self.error(f"runs on machines of its own, not on {self.compute!r}", fix="give it an environment only")
        if self.docker_image is not None and self.image is not None:
            raise self.error("has two images", fix="give docker_image or image")
