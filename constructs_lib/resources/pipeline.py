"""Lakeflow declarative pipelines.

https://docs.databricks.com/aws/en/ldp/
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from constructs_lib._terraform import Construct, DatabricksResource
from constructs_lib.handles import HasCodePath, HasSchema, Source
from constructs_lib.principals import Identity, PipelineGrant
from constructs_lib.references import Reference, Text
from constructs_lib.resources.arguments import Arguments, said
from constructs_lib.resources.code import Notebook
from constructs_lib.resources.generic import shown_name
from constructs_lib.resources.permissions import permit
from constructs_lib.resources.pipeline_settings import CodeGlob, EventLog, PipelineCluster, PipelineNotifications

_MOST_TAGS = 25


class Pipeline(DatabricksResource):
    """A Lakeflow declarative pipeline, in triggered mode and serverless unless said otherwise.

    Its code is files and notebooks, or everything that `CodeGlob`s find. Tables go to `schema`, one of `catalog` or a
    schema object. `configuration` is what the code reads as `${name}` and `spark.conf.get("name")`; `root_path` the
    folder that it imports from. Serverless pipelines have pip `dependencies`, others `clusters`, an `edition` and
    `photon`. Who is granted something is told with the `owner`, who is `run_as` unless said otherwise: the provider
    takes no right away when nobody is named any more. https://docs.databricks.com/aws/en/ldp/
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        code: Sequence[HasCodePath | CodeGlob],
        catalog: Text | None = None,
        schema: Text | HasSchema,
        name: str | None = None,
        configuration: Mapping[str, Text] | None = None,
        root_path: Text | None = None,
        continuous: bool = False,
        development: bool = False,
        serverless: bool = True,
        dependencies: Sequence[Text] = (),
        environment_version: str | None = None,
        budget_policy_id: Text | None = None,
        clusters: Sequence[PipelineCluster] = (),
        edition: Literal["CORE", "PRO", "ADVANCED"] = "ADVANCED",
        photon: bool = False,
        channel: Literal["CURRENT", "PREVIEW"] = "CURRENT",
        event_log: EventLog | None = None,
        notifications: PipelineNotifications | None = None,
        run_as: Identity | None = None,
        tags: Mapping[str, str] | None = None,
        owner: Identity | None = None,
        permissions: Sequence[PipelineGrant] = (),
    ) -> None:
        arguments = Arguments(Pipeline, locals())
        _check_code(arguments, code)
        _check_compute(
            arguments,
            serverless=serverless,
            only_serverless={
                "dependencies": dependencies,
                "environment_version": environment_version,
                "budget_policy_id": budget_policy_id,
            },
            only_classic={"clusters": clusters, "photon": photon, "edition": edition != "ADVANCED"},
        )
        labels = [cluster.label for cluster in clusters]
        if len(set(labels)) < len(labels):
            raise arguments.error("clusters: two have one label", fix='label one "default" and one "maintenance"')
        if len(tags or {}) > _MOST_TAGS:
            raise arguments.error(f"tags: {len(tags or {})}, and the API takes {_MOST_TAGS}")
        catalog_name, schema_name = _target(arguments, catalog, schema)
        body = said(
            {
                "name": shown_name(scope, id_, "pipeline", name),
                "catalog": catalog_name,
                "schema": schema_name,
                "library": [_library(each) for each in code],
                "configuration": configuration,
                "root_path": arguments.absolute("root_path", root_path) if root_path is not None else None,
                "continuous": continuous,
                "development": development,
                "channel": channel,
                "serverless": serverless,
                "environment": said({"dependencies": dependencies, "environment_version": environment_version}),
                "budget_policy_id": budget_policy_id,
                "edition": edition,
                "photon": None if serverless else photon,
                "cluster": sorted(clusters, key=lambda cluster: cluster.label),
                "event_log": {"catalog": catalog_name, "schema": schema_name, **event_log.render()}
                if event_log
                else None,
                "notification": notifications.blocks() if notifications else None,
                "run_as": run_as,
                "tags": tags,
            }
        )
        super().__init__(scope, id_, "databricks_pipeline", body)
        permit(self, "pipeline_id", self.pipeline_id, permissions, owner or (run_as if permissions else None))

    @property
    def pipeline_id(self) -> Reference:
        """The pipeline's id."""
        return self.attribute("id")


def _check_code(arguments: Arguments, code: Sequence[HasCodePath | CodeGlob]) -> None:
    if not code:
        raise arguments.error("a pipeline without code does nothing")
    globs = [each for each in code if isinstance(each, CodeGlob)]
    if globs and len(globs) < len(code):
        raise arguments.error(
            f"code: the API takes {globs[0]!r} with no files and notebooks beside it",
            fix="write CodeGlob for each of them, or for none",
        )
    if any(not isinstance(each, CodeGlob) and each.source is Source.GIT for each in code):
        raise arguments.error("a pipeline takes no code from a job's Git source", fix="deploy it as a WorkspaceFile")


def _check_compute(
    arguments: Arguments, *, serverless: bool, only_serverless: Mapping[str, object], only_classic: Mapping[str, object]
) -> None:
    for name, given in (only_classic if serverless else only_serverless).items():
        if given:
            kind = "has no" if serverless else "alone has"
            raise arguments.error(f"a serverless pipeline {kind} {name}", fix=f"write serverless={not serverless}")


def _target(arguments: Arguments, catalog: Text | None, schema: Text | HasSchema) -> tuple[Text, Text]:
    if isinstance(schema, str | Reference):
        if catalog is None:
            raise arguments.error("a schema's name is in a catalog", fix="give catalog=, or a schema object")
        return catalog, schema
    if catalog is not None:
        raise arguments.error("a schema object has its catalog", fix="leave catalog out")
    return schema.catalog_name, schema.schema_name


def _library(code: HasCodePath | CodeGlob) -> dict[str, Any]:
    if isinstance(code, CodeGlob):
        return {"glob": {"include": code.include}}
    return {"notebook" if isinstance(code, Notebook) else "file": {"path": code.code_path}}
