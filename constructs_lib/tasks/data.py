"""Tasks that start something else which moves data.

https://docs.databricks.com/aws/en/jobs/pipeline
"""

from collections.abc import Mapping

from constructs_lib.handles import HasJobId, HasPipelineId
from constructs_lib.references import Text
from constructs_lib.tasks.base import WorkTask
from constructs_lib.values import attribute


class PipelineTask(WorkTask, block="pipeline_task"):
    """Runs an update of a pipeline in triggered mode.

    https://docs.databricks.com/aws/en/jobs/pipeline
    """

    pipeline: HasPipelineId = attribute("pipeline_id", kw_only=False, via=lambda pipeline: pipeline.pipeline_id)
    full_refresh: bool = attribute("full_refresh", default=False, omit=False)
    """Whether every table is computed anew from all its data."""


class RunJobTask(WorkTask, block="run_job_task"):
    """Runs another job and waits for it; at most three levels deep.

    https://docs.databricks.com/aws/en/jobs/run-job
    """

    job: HasJobId = attribute("job_id", kw_only=False, via=lambda job: job.job_id)
    parameters: Mapping[str, Text] = attribute("job_parameters", default={})
    """Values for the other job's parameters."""
