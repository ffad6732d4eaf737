"""Lakeflow declarative pipelines.

https://docs.databricks.com/aws/en/ldp/
"""

from collections.abc import Mapping, Sequence
from typing import Any

from constructs_lib._terraform import Construct, DatabricksResource, lakeflow_stack, path_of
from constructs_lib.errors import LakeflowError
from constructs_lib.handles import HasCodePath, Source
from constructs_lib.principals import Identity
from constructs_lib.references import Reference, Text
from constructs_lib.resources.code import Notebook
from constructs_lib.resources.generic import default_name


class Pipeline(DatabricksResource):
    """A Lakeflow declarative pipeline over files and notebooks, in triggered mode and serverless unless said otherwise.

    `configuration` is what its code reads as `${name}` and `spark.conf.get("name")`.
    https://docs.databricks.com/aws/en/ldp/
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: Sequence[HasCodePath],
        catalog: str,
        schema: Text,
        name: str | None = None,
        configuration: Mapping[str, Text] | None = None,
        continuous: bool = False,
        development: bool = False,
        serverless: bool = True,
        notify: Sequence[str] = (),
        run_as: Identity | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        if not code:
            raise LakeflowError("a pipeline without code does nothing", place=f"{path_of(scope)}/{id_}")
        if any(each.source is Source.GIT for each in code):
            raise LakeflowError(
                "a pipeline takes no code from a job's Git source",
                place=f"{path_of(scope)}/{id_}",
                fix="deploy it as a WorkspaceFile",
            )
        body: dict[str, Any] = {
            "name": lakeflow_stack(scope).name_prefix + (name or default_name(scope, id_, "pipeline")),
            "catalog": catalog,
            "schema": schema,
            "library": [_pipeline_library(each) for each in code],
            "serverless": serverless,
            "continuous": continuous,
            "development": development,
            "channel": "CURRENT",
        }
        if configuration:
            body["configuration"] = dict(configuration)
        if notify:
            body["notification"] = [
                {"email_recipients": sorted(notify), "alerts": ["on-update-failure", "on-update-fatal-failure"]}
            ]
        if run_as is not None:
            body["run_as"] = run_as.render()
        if tags:
            body["tags"] = dict(tags)
        super().__init__(scope, id_, "databricks_pipeline", body)

    @property
    def pipeline_id(self) -> Reference:
        """The pipeline's id."""
        return self.attribute("id")


def _pipeline_library(code: HasCodePath) -> dict[str, Any]:
    return {"notebook" if isinstance(code, Notebook) else "file": {"path": code.code_path}}
