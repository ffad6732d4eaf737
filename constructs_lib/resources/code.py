"""Notebooks, files and folders of the workspace, deployed from this project.

https://docs.databricks.com/aws/en/files/workspace
"""

from collections.abc import Sequence
from pathlib import Path

from constructs_lib._terraform import Construct, DatabricksResource, lakeflow_stack
from constructs_lib.errors import listed
from constructs_lib.handles import Source
from constructs_lib.principals import WorkspaceGrant
from constructs_lib.references import Reference, Text, concat
from constructs_lib.resources.arguments import Arguments
from constructs_lib.resources.permissions import permit

_NOTEBOOKS = {".dbc", ".ipynb", ".py", ".r", ".scala", ".sql"}


class Notebook(DatabricksResource):
    """A notebook of the workspace, from a file of this project; only a changed file is deployed again.

    `file` is relative to the project's root, `path` absolute in the workspace and without extension.
    https://docs.databricks.com/aws/en/notebooks/
    """

    source = Source.WORKSPACE

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        file: str | Path,
        path: Text,
        permissions: Sequence[WorkspaceGrant] = (),
    ) -> None:
        arguments = Arguments(Notebook, locals())
        target = lakeflow_stack(scope).ship(file)
        if Path(file).suffix.lower() not in _NOTEBOOKS:
            raise arguments.error(f"file: {file} is no notebook", fix=f"give one of {listed(_NOTEBOOKS)}")
        body = {"path": arguments.below_workspace("path", path), "source": target}
        super().__init__(scope, id_, "databricks_notebook", body)
        permit(self, "notebook_path", self.attribute("path"), permissions)

    @property
    def code_path(self) -> Reference:
        """The notebook's path, known when planning."""
        return concat("/Workspace", self.attribute("path"))


class WorkspaceFile(DatabricksResource):
    """A file of the workspace, from a file of this project; only a changed file is deployed again.

    https://docs.databricks.com/aws/en/files/workspace
    """

    source = Source.WORKSPACE

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        file: str | Path,
        path: Text,
        permissions: Sequence[WorkspaceGrant] = (),
    ) -> None:
        arguments = Arguments(WorkspaceFile, locals())
        target = lakeflow_stack(scope).ship(file)
        body = {"path": arguments.below_workspace("path", path), "source": target}
        super().__init__(scope, id_, "databricks_workspace_file", body, kind="file")
        permit(self, "workspace_file_path", self.attribute("path"), permissions)

    @property
    def code_path(self) -> Reference:
        """The file's path, known when planning."""
        return concat("/Workspace", self.attribute("path"))


class Directory(DatabricksResource):
    """A folder of the workspace, with its permissions; what lies in it inherits them.

    Code and dashboards make the folders that they need themselves. Its removal fails where something is left in it,
    unless `delete_recursive`. https://docs.databricks.com/aws/en/workspace/workspace-objects#folders
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        path: Text,
        delete_recursive: bool = False,
        permissions: Sequence[WorkspaceGrant] = (),
    ) -> None:
        arguments = Arguments(Directory, locals())
        body = {"path": arguments.below_workspace("path", path), "delete_recursive": delete_recursive}
        super().__init__(scope, id_, "databricks_directory", body)
        permit(self, "directory_path", self.path, permissions)

    @property
    def path(self) -> Reference:
        """The folder's path, without `/Workspace`: `concat(folder.path, "/report.sql")`."""
        return self.attribute("path")
