"""Troubles that meet the requests to the workspace of the tests, in Databricks' own shapes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lakeflow.workspace.exchange import RefusedError, invalid


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A trouble that meets requests instead of, or after, their handling."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    after_handling: bool = False

    @property
    def silent(self) -> bool:
        """Whether the connection breaks off without any answer."""
        return self.status == 0


def throttled(seconds: int = 1) -> Failure:
    """429, to be repeated after so many seconds."""
    refusal = RefusedError(429, "REQUEST_LIMIT_EXCEEDED", "Exceeded max requests per second.")
    return Failure(status=429, body=refusal.answer().body, headers={"Retry-After": str(seconds)})


def broken() -> Failure:
    """500, as it happens."""
    refusal = RefusedError(500, "INTERNAL_SERVER_ERROR", "An internal error has occurred.")
    return Failure(status=500, body=refusal.answer().body)


def forbidden(message: str = "User jd does not have Manage Run permissions on job 1") -> Failure:
    """403 for a missing permission."""
    return Failure(status=403, body=RefusedError(403, "PERMISSION_DENIED", message).answer().body)


def refused(message: str) -> Failure:
    """400 for a value that the service does not take."""
    return Failure(status=400, body=invalid(message).answer().body)


def saying(body: str, status: int = 200) -> Failure:
    """Any answer at all, such as the page of a proxy."""
    return Failure(status=status, body=body.encode())


def lost() -> Failure:
    """The request is carried out, and the connection breaks off before the answer."""
    return Failure(status=0, body=b"", after_handling=True)
