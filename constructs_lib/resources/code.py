"""Notebooks and files of the workspace, deployed from this project.

https://docs.databricks.com/aws/en/files/workspace
"""

from pathlib import Path

from constructs_lib._terraform import Construct, DatabricksResource, lakeflow_stack
from constructs_lib.handles import Source
from constructs_lib.references import Reference, concat


class Notebook(DatabricksResource):
    """A notebook of the workspace, from a file of this project; only a changed file is deployed again.

    `file` is relative to the project's root, `path` absolute in the workspace and without extension.
    https://docs.databricks.com/aws/en/notebooks/
    """

    source = Source.WORKSPACE

    def __init__(self, scope: Construct, id_: str, *, file: str | Path, path: str) -> None:
        target = lakeflow_stack(scope).ship(file)
        super().__init__(scope, id_, "databricks_notebook", {"path": path, "source": target})

    @property
    def code_path(self) -> Reference:
        """The notebook's path, known when planning."""
        return concat("/Workspace", self.attribute("path"))


class WorkspaceFile(DatabricksResource):
    """A file of the workspace, from a file of this project; only a changed file is deployed again.

    https://docs.databricks.com/aws/en/files/workspace
    """

    source = Source.WORKSPACE

    def __init__(self, scope: Construct, id_: str, *, file: str | Path, path: str) -> None:
        target = lakeflow_stack(scope).ship(file)
        super().__init__(scope, id_, "databricks_workspace_file", {"path": path, "source": target}, kind="file")

    @property
    def code_path(self) -> Reference:
        """The file's path, known when planning."""
        return concat("/Workspace", self.attribute("path"))
