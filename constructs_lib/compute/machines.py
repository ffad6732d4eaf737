"""What the machines of a cluster start with: scripts, an image, mounts, and where their logs go.

https://docs.databricks.com/aws/en/compute/configure
"""

from typing import Any, Literal, Self

from constructs_lib.errors import LakeflowError
from constructs_lib.reading import Given
from constructs_lib.references import Secret, Text
from constructs_lib.values import Value, attribute


class S3Place(Value):
    """A file or folder of S3, by its URL and its region or endpoint, and how it is written to."""

    url: Text = attribute("destination", kw_only=False)
    """`s3://…`"""
    region: str | None = attribute("region", default=None)
    endpoint: str | None = attribute("endpoint", default=None)
    encryption: Literal["sse-s3", "sse-kms"] | None = attribute("encryption_type", default=None)
    """What new files are encrypted with."""
    kms_key: Text | None = attribute("kms_key", default=None)
    canned_acl: str | None = attribute("canned_acl", default=None)
    """An access control list for new files, such as `bucket-owner-full-control`."""

    def check(self) -> None:
        """Refuse a place that is neither in a region nor at an endpoint, and a key that nothing is encrypted with."""
        if self.region is None and self.endpoint is None:
            raise self.error("names no region", fix="give region=, or endpoint=")
        if self.kms_key is not None and self.encryption != "sse-kms":
            raise self.error("has a KMS key that it does not use", fix='give encryption="sse-kms"')

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the place of a block that says how it encrypts, or that it does not."""
        if given.take("enable_encryption") is True and not given.has(("encryption_type",)):
            raise LakeflowError("does not say how it encrypts")
        return super().read(given, **said)

    def render(self) -> dict[str, Any]:
        """Return the block; that it encrypts is said where it is said how."""
        body = super().render()
        return {**body, "enable_encryption": True} if self.encryption else body


class InitScript(Value):
    """A script that runs on every node before Spark starts; `InitScript.` names where it lies.

    A cluster runs at most ten, in their order. https://docs.databricks.com/aws/en/init-scripts/
    """

    @staticmethod
    def workspace(path: Text) -> "InitScript":
        """Return a workspace file, by its absolute path."""
        return _WorkspaceScript(path)

    @staticmethod
    def volume(path: Text) -> "InitScript":
        """Return a file of a Unity Catalog volume: `/Volumes/…`."""
        return _VolumeScript(path)

    @staticmethod
    def abfss(url: Text) -> "InitScript":
        """Return a file of Azure storage: `abfss://container@account.dfs.core.windows.net/…`."""
        return _AbfssScript(url)

    @staticmethod
    def s3(place: S3Place) -> "InitScript":
        """Return a file of S3."""
        return _S3Script(place)

    @staticmethod
    def gcs(url: Text) -> "InitScript":
        """Return a file of Google Cloud Storage: `gs://…`."""
        return _GcsScript(url)

    @staticmethod
    def file(path: Text) -> "InitScript":
        """Return a file of the node's own image: `file:/…`, with Databricks Container Services."""
        return _LocalScript(path)


class _WorkspaceScript(InitScript, block="workspace"):
    path: Text = attribute("destination", kw_only=False)


class _VolumeScript(InitScript, block="volumes"):
    path: Text = attribute("destination", kw_only=False)


class _AbfssScript(InitScript, block="abfss"):
    url: Text = attribute("destination", kw_only=False)


class _S3Script(InitScript):
    place: S3Place = attribute("s3", kw_only=False)


class _GcsScript(InitScript, block="gcs"):
    url: Text = attribute("destination", kw_only=False)


class _LocalScript(InitScript, block="file"):
    path: Text = attribute("destination", kw_only=False)


class LogDelivery(Value):
    """Where a cluster's logs are delivered, every five minutes; `LogDelivery.` names the choices.

    https://docs.databricks.com/aws/en/compute/configure#compute-log-delivery
    """

    @staticmethod
    def volume(path: Text) -> "LogDelivery":
        """Return a folder of a Unity Catalog volume: `/Volumes/…`."""
        return _VolumeLogs(path)

    @staticmethod
    def s3(place: S3Place) -> "LogDelivery":
        """Return a folder of S3."""
        return _S3Logs(place)

    @staticmethod
    def dbfs(path: Text) -> "LogDelivery":
        """Return a folder of DBFS: `dbfs:/…`; a volume is the better place."""
        return _DbfsLogs(path)


class _VolumeLogs(LogDelivery, block="volumes"):
    path: Text = attribute("destination", kw_only=False)


class _S3Logs(LogDelivery):
    place: S3Place = attribute("s3", kw_only=False)


class _DbfsLogs(LogDelivery, block="dbfs"):
    path: Text = attribute("destination", kw_only=False)


class DockerImage(Value):
    """A container image for every node, with Databricks Container Services.

    https://docs.databricks.com/aws/en/compute/custom-containers
    """

    url: Text = attribute("url", kw_only=False)
    username: Text | None = attribute("basic_auth.username", default=None)
    password: Secret | None = attribute("basic_auth.password", default=None)
    """Never the password itself: a `secret_variable` of the stack, or `secret(scope, key)`."""

    def check(self) -> None:
        """Refuse half a credential."""
        if (self.username is None) != (self.password is None):
            raise self.error("a registry takes a user name and a password", fix="give both, or neither")


class ClusterMount(Value):
    """A network file system that every node mounts.

    https://docs.databricks.com/api/workspace/clusters/create
    """

    at: str = attribute("local_mount_dir_path", kw_only=False)
    """Where it is mounted on the nodes."""
    server: Text = attribute("network_filesystem_info.server_address")
    folder: str | None = attribute("remote_mount_dir_path", default=None)
    """The folder of the server."""
    options: str | None = attribute("network_filesystem_info.mount_options", default=None)
