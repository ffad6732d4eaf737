"""Tasks that start something else which moves data.

https://docs.databricks.com/aws/en/jobs/pipeline
"""

from collections.abc import Mapping, Sequence

from constructs_lib.handles import JOB, PIPELINE, HasJobId, HasPipelineId
from constructs_lib.references import Text
from constructs_lib.tasks.base import WorkTask
from constructs_lib.values import Value, attribute


class Refresh(Value):
    """What an update of a pipeline computes; everything that is new where nothing is said.

    https://docs.databricks.com/aws/en/ldp/updates
    """

    full: bool = attribute("full_refresh", default=False, omit=False)
    """Whether every table is computed anew from all its data."""
    tables: Sequence[Text] = attribute("refresh_selection", default=())
    """The only tables that are brought up to date."""
    full_tables: Sequence[Text] = attribute("full_refresh_selection", default=())
    """Tables that are computed anew from all their data."""
    flows: Sequence[Text] = attribute("refresh_flow_selection", default=())
    """The only flows that run."""
    reset_checkpoints: Sequence[Text] = attribute("reset_checkpoint_selection", default=())
    """Flows that forget how far they had read."""

    def check(self) -> None:
        """Refuse a full refresh of some tables."""
        if self.full and (self.tables or self.full_tables or self.flows):
            raise self.error("refreshes everything, and names some of it", fix="leave out full=, or the names")


class PipelineTask(WorkTask, block="pipeline_task"):
    """Runs an update of a pipeline in triggered mode.

    https://docs.databricks.com/aws/en/jobs/pipeline
    """

    pipeline: HasPipelineId = attribute("pipeline_id", kw_only=False, via=PIPELINE)
    refresh: Refresh | None = attribute(default=None, spread=True)
    """What the update computes."""
    parameters: Mapping[str, Text] = attribute("parameters", default={})
    """Values for the pipeline's parameters."""


class RunJobTask(WorkTask, block="run_job_task"):
    """Runs another job and waits for it; at most three levels deep.

    https://docs.databricks.com/aws/en/jobs/run-job
    """

    job: HasJobId = attribute("job_id", kw_only=False, via=JOB)
    parameters: Mapping[str, Text] = attribute("job_parameters", default={})
    """Values for the other job's parameters."""
    pipelines: Refresh | None = attribute("pipeline_params", default=None)
    """What the updates of the other job's pipelines compute."""
