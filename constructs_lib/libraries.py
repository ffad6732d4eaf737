"""Libraries that are installed on a task's cluster.

https://docs.databricks.com/aws/en/libraries/package-repositories
"""

from collections.abc import Sequence

from constructs_lib.references import Text
from constructs_lib.values import Value, attribute


class Library(Value):
    """A package on a task's cluster; `Library.` names the kinds."""

    @staticmethod
    def wheel(path: Text) -> "Library":
        """Return a Python wheel of the workspace, a volume or cloud storage."""
        return _Wheel(path)

    @staticmethod
    def jar(path: Text) -> "Library":
        """Return a JAR of a volume or cloud storage."""
        return _Jar(path)

    @staticmethod
    def requirements(path: Text) -> "Library":
        """Return a requirements.txt of the workspace or a volume."""
        return _Requirements(path)

    @staticmethod
    def pypi(package: str, *, index: str | None = None) -> "Library":
        """Return a requirement such as `scikit-learn==1.5.2`; `index` is another package index's URL."""
        return _PyPi(package, index=index)

    @staticmethod
    def maven(coordinates: str, *, repository: str | None = None, exclusions: Sequence[str] = ()) -> "Library":
        """Return Maven coordinates `group:artifact:version`."""
        return _Maven(coordinates, repository=repository, exclusions=exclusions)

    @staticmethod
    def cran(package: str, *, repository: str | None = None) -> "Library":
        """Return a package of CRAN for R; `repository` is another repository's URL."""
        return _Cran(package, repository=repository)


class _Wheel(Library):
    path: Text = attribute("whl", kw_only=False)


class _Jar(Library):
    path: Text = attribute("jar", kw_only=False)


class _Requirements(Library):
    path: Text = attribute("requirements", kw_only=False)


class _PyPi(Library, block="pypi"):
    package: str = attribute("package", kw_only=False)
    index: str | None = attribute("repo", default=None)


class _Maven(Library, block="maven"):
    coordinates: str = attribute("coordinates", kw_only=False)
    repository: str | None = attribute("repo", default=None)
    exclusions: Sequence[str] = attribute("exclusions", default=())


class _Cran(Library, block="cran"):
    package: str = attribute("package", kw_only=False)
    repository: str | None = attribute("repo", default=None)
