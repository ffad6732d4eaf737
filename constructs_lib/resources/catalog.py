"""What lies in Unity Catalog: schemas, volumes, and files in volumes.

https://docs.databricks.com/aws/en/data-governance/unity-catalog/
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from constructs_lib._terraform import Construct, DatabricksResource, lakeflow_stack
from constructs_lib.handles import HasSchema, HasVolumePath
from constructs_lib.principals import Principal, name_of
from constructs_lib.references import Reference, Text, concat
from constructs_lib.resources.arguments import Arguments, said


class Schema(DatabricksResource):
    """A schema of a catalog. Its name has no prefix: tables are found by it.

    Its removal fails where tables are left in it, unless `force_destroy`; another catalog, name or storage root
    replaces it. https://docs.databricks.com/aws/en/schemas/
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        catalog: Text,
        name: Text,
        comment: str | None = None,
        properties: Mapping[str, str] | None = None,
        storage_root: Text | None = None,
        predictive_optimization: Literal["ENABLE", "DISABLE", "INHERIT"] | None = None,
        owner: Principal | None = None,
        force_destroy: bool = False,
    ) -> None:
        Arguments(Schema, locals())
        body = said(
            {
                "catalog_name": catalog,
                "name": name,
                "comment": comment,
                "properties": properties,
                "storage_root": storage_root,
                "enable_predictive_optimization": predictive_optimization,
                "owner": name_of(owner) if owner else None,
                "force_destroy": force_destroy,
            }
        )
        super().__init__(scope, id_, "databricks_schema", body)

    @property
    def catalog_name(self) -> Reference:
        """The name of its catalog, known when planning."""
        return self.attribute("catalog_name")

    @property
    def schema_name(self) -> Reference:
        """Its own name, known when planning."""
        return self.attribute("name")


class Volume(DatabricksResource):
    """A volume of a schema: managed, or external with its `storage_location`.

    Another schema or location replaces it, and a managed volume's files go with it.
    https://docs.databricks.com/aws/en/volumes/
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        schema: HasSchema,
        name: Text,
        storage_location: Text | None = None,
        comment: str | None = None,
        owner: Principal | None = None,
    ) -> None:
        Arguments(Volume, locals())
        body = said(
            {
                "catalog_name": schema.catalog_name,
                "schema_name": schema.schema_name,
                "name": name,
                "volume_type": "MANAGED" if storage_location is None else "EXTERNAL",
                "storage_location": storage_location,
                "comment": comment,
                "owner": name_of(owner) if owner else None,
            }
        )
        super().__init__(scope, id_, "databricks_volume", body)

    @property
    def volume_path(self) -> Reference:
        """Its folder `/Volumes/catalog/schema/name`, without a slash at its end; known when planning."""
        names = (self.attribute(name) for name in ("catalog_name", "schema_name", "name"))
        return concat("/Volumes", *(part for name in names for part in ("/", name)))


class VolumeFile(DatabricksResource):
    """A file of a volume, from a file of this project; only a changed file is deployed again.

    `path` is where it lies in the volume, by its own name unless said otherwise.
    https://docs.databricks.com/aws/en/volumes/volume-files
    """

    def __init__(
        self, scope: Construct, id_: str, *, file: str | Path, volume: HasVolumePath, path: str | None = None
    ) -> None:
        arguments = Arguments(VolumeFile, locals())
        target = lakeflow_stack(scope).ship(file)
        below = path or Path(file).name
        if below.startswith("/") or below.endswith("/"):
            raise arguments.error(f"path: {below!r} is no file below the volume", fix=f"write {below.strip('/')!r}")
        body = {"path": concat(volume.volume_path, "/", below), "source": target}
        super().__init__(scope, id_, "databricks_file", body)

    @property
    def file_path(self) -> Reference:
        """The file's path `/Volumes/…`, known when planning."""
        return self.attribute("path")
