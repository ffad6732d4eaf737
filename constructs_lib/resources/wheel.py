"""Python wheels, built from the source that lies in this repository.

https://docs.databricks.com/aws/en/jobs/python-wheel
"""

from collections.abc import Sequence
from pathlib import Path

from constructs_lib._terraform import Construct, DatabricksResource, lakeflow_stack, path_of
from constructs_lib.errors import LakeflowError, listed, nearest
from constructs_lib.handles import HasVolumePath
from constructs_lib.libraries import Library
from constructs_lib.references import Reference, Text, concat
from constructs_lib.resources.folder import workspace_folder
from constructs_lib.synthesis import BuiltAsset
from constructs_lib.wheels import built


class Wheel(DatabricksResource):
    """A Python wheel, built from a folder with a `pyproject.toml` and uploaded to the workspace or a volume.

    `source` is relative to the project's root, `folder` absolute where the wheel is uploaded. The same source gives the
    same bytes on every machine, and only a wheel with another content is deployed again.

    Its version ends with its content, `1.0` → `1.0+x3f9c0a517d2e`, and so do its name and path. Clusters and serverless
    environments keep what they installed by name and version, and would run the old code of a wheel that changed under
    the same name (https://github.com/databricks/cli/issues/2502, /1621). Bundles append the time of the build for it
    (`dynamic_version`), which makes every build a change. The new wheel is uploaded before the job names it, and the
    old one is deleted after.
    https://docs.databricks.com/aws/en/jobs/python-wheel
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        source: str | Path,
        folder: Text | HasVolumePath,
        ignore: Sequence[str] = (),
    ) -> None:
        place = f"{path_of(scope)}/{id_}"
        to = folder.volume_path if isinstance(folder, HasVolumePath) else folder
        self._in_volume = isinstance(folder, HasVolumePath) or _is_volume(to)
        try:
            if not self._in_volume:
                to = workspace_folder(to)
            self._wheel = built(source, ignore)
        except LakeflowError as error:
            raise error.at(place) from None
        asset = BuiltAsset(f"built/{'/'.join(place.split('/')[1:])}.whl", self._wheel.archive())
        lakeflow_stack(scope).record.assets[asset.target] = asset
        name = f"/{self._wheel.filename}"
        path = to.rstrip("/") + name if isinstance(to, str) else concat(to, name)
        body = {"path": path, "source": asset.target, "lifecycle": {"create_before_destroy": True}}
        super().__init__(scope, id_, "databricks_file" if self._in_volume else "databricks_workspace_file", body)

    @property
    def package(self) -> str:
        """The name of the package, for `PythonWheelTask(package=…)`."""
        return self._wheel.package

    @property
    def version(self) -> str:
        """Its version, with the digest of its content; `importlib.metadata.version` says it where it runs."""
        return self._wheel.version

    @property
    def path(self) -> Reference:
        """Its path, known when planning."""
        path = self.attribute("path")
        return path if self._in_volume else concat("/Workspace", path)

    @property
    def library(self) -> Library:
        """The library that installs it on a cluster: `libraries=[wheel.library]`."""
        return Library.wheel(self.path)

    @property
    def dependency(self) -> Reference:
        """The line that installs it in a serverless environment: `dependencies=[wheel.dependency]`."""
        return self.path

    def entry_point(self, name: str) -> str:
        """Return the name of an entry point, or of a function in the package's `__init__.py`; it must be there."""
        known = {*self._wheel.entry_points, *self._wheel.functions}
        if name not in known:
            near = nearest(name, known)
            there = f"there is {listed(self._wheel.entry_points)}" if self._wheel.entry_points else None
            raise LakeflowError(
                f"{self.package} has no entry point {name!r}",
                place=self.node.path,
                fix=f"did you mean {near!r}?" if near else there or "add it to [project.scripts] in pyproject.toml",
            )
        return name


def _is_volume(folder: Text) -> bool:
    return (folder if isinstance(folder, str) else folder.terraform).startswith(("/Volumes/", "${databricks_volume."))
