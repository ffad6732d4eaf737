"""The way to the workspace of an environment: its host from the map, the credentials as databricks-sdk finds them.

https://docs.databricks.com/dev-tools/auth/unified-auth. A host or a profile of the user's environment that is another
workspace is an error: the run would go where nobody expects it.
"""

import configparser
import json
import logging
from typing import Protocol

import requests
from databricks.sdk import errors
from databricks.sdk.core import ApiClient, Config, DatabricksError

from constructs_lib.errors import LakeflowError
from lakeflow.credentials import no_credentials, parts_of, refuse_another_workspace
from lakeflow.run.answers import Json, text_of
from lakeflow.run.words import one_line

RETRIES_SECONDS = 60
FIRST_ANSWER_SECONDS = 15.0
_ME = "/api/2.0/preview/scim/v2/Me"
_ID_HEADER = "X-Databricks-Org-Id"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_NOT_KNOWN = "Invalid access token"


class UnansweredError(LakeflowError):
    """The workspace did not answer, or not usefully, this time: the same question may be answered later."""


class DeniedError(LakeflowError):
    """The workspace refuses for want of a permission."""


class Connection(Protocol):
    """What can ask the workspace a question."""

    host: str

    def call(self, method: str, path: str, *, doing: str, query: Json | None = None, body: Json | None = None) -> Json:
        """Return the answer to one request; `doing` says in an error what could not be done.

        Raises UnansweredError where asking again may help, LakeflowError where it cannot, DeniedError for a permission.
        """

    def workspace_id(self) -> str:
        """Return the workspace's id, which the rows of the system tables bear."""


def connect(host: str, stack: str) -> Connection:
    """Open the workspace of a stack; raise LakeflowError where it cannot be reached or there are no credentials."""
    parts = parts_of(host)
    if parts.scheme not in {"https", "http"} or not parts.hostname or "$" in host:
        raise LakeflowError(
            f"{host!r} is not the host of a workspace", place=stack, fix="give the environment its host"
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise LakeflowError(f"{host} would receive the credentials unencrypted", place=stack, fix="write https://")
    refuse_another_workspace(host, stack)
    return _SdkConnection(f"{parts.scheme}://{parts.netloc}")


class _SdkConnection:
    """A workspace behind the client of databricks-sdk, which signs requests and repeats them when told to wait."""

    def __init__(self, host: str) -> None:
        # What it warns of is said here, once and in one line.
        logging.getLogger("databricks.sdk").setLevel(logging.ERROR)
        self.host = host
        _expect_somebody(host)
        try:
            self._config = Config(
                host=host, retry_timeout_seconds=RETRIES_SECONDS, product="lakeflow-jobs", product_version="0.1.0"
            )
        except (ValueError, OSError, configparser.Error) as error:
            raise no_credentials(host, _message(error)) from error
        self._api = ApiClient(self._config)

    def workspace_id(self) -> str:
        known: str | None = self._config.workspace_id
        if known is None:
            me = self._asked("GET", _ME, doing="find out the id of the workspace", header=_ID_HEADER)
            known = text_of(me, _ID_HEADER)
        if known is None:
            raise LakeflowError(f"{self.host} does not tell its id", fix="set DATABRICKS_WORKSPACE_ID")
        return known

    def call(self, method: str, path: str, *, doing: str, query: Json | None = None, body: Json | None = None) -> Json:
        return self._asked(method, path, doing=doing, query=query, body=body)

    def _asked(
        self,
        method: str,
        path: str,
        *,
        doing: str,
        query: Json | None = None,
        body: Json | None = None,
        header: str | None = None,
    ) -> Json:
        """Return the answer to one request, with one of its headers in it."""
        headers = {"X-Databricks-Workspace-Id": self._config.workspace_id} if self._config.workspace_id else {}
        try:
            answer = self._api.do(
                method,
                path,
                query=dict(query or {}),
                body=dict(body) if body is not None else None,
                headers=headers,
                response_headers=[header] if header else None,
            )
        except DatabricksError as error:
            raise self._refusal(doing, error) from error
        except (json.JSONDecodeError, TypeError) as error:
            raise self._not_an_answer(doing) from error
        except OSError as error:  # every error of the network is one, also the end of the SDK's retries
            raise UnansweredError(f"cannot {doing}: {_reason(error, self.host)}") from error
        except ValueError as error:  # how the SDK says that it got no token
            raise LakeflowError(
                f"cannot {doing}: the credentials could not be used: {_message(error)}", fix="sign in again"
            ) from error
        if not isinstance(answer, dict):
            raise self._not_an_answer(doing)
        return answer

    def _refusal(self, doing: str, error: Exception) -> LakeflowError:
        said = _message(error)
        problem = f"cannot {doing}: {said}"
        # A workspace says 403 to a token that it does not know, and 401 where it was sent none.
        if isinstance(error, errors.Unauthenticated) or said.startswith(_NOT_KNOWN):
            told = f"{self.host} does not accept the credentials ({self._config.auth_type}): {said}"
            return LakeflowError(f"cannot {doing}: {told}", fix="renew them, or sign in again")
        if isinstance(error, errors.PermissionDenied):
            return DeniedError(problem, fix="ask the owner of the job for the permission CAN_MANAGE_RUN")
        if isinstance(error, errors.BadRequest | errors.NotFound | errors.ResourceConflict | errors.NotImplemented):
            return LakeflowError(problem)
        return UnansweredError(problem)

    def _not_an_answer(self, doing: str) -> UnansweredError:
        return UnansweredError(
            f"cannot {doing}: what answers at {self.host} is not a Databricks workspace",
            fix="look for a proxy or a sign-in page in between",
        )


def _expect_somebody(host: str) -> None:
    """Ask once, without retries: the SDK repeats a refused connection or a wrong certificate for minutes."""
    try:
        requests.get(
            f"{host}/.well-known/databricks-config", timeout=FIRST_ANSWER_SECONDS, allow_redirects=False
        ).close()
    except (requests.RequestException, ValueError) as error:
        raise LakeflowError(_reason(error, host), fix="check the host of the environment, and VPN and proxy") from error


def _reason(error: Exception, host: str) -> str:
    """Say why nothing came back: the cause at the bottom, in words."""
    causes: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(causes) < 8:
        causes.append(f"{type(cause).__name__}: {cause}")
        cause = cause.__cause__ or cause.__context__
    told = " ".join(causes)
    for sign, words in (
        ("InvalidURL", f"{host} is not the address of a workspace"),
        ("CERTIFICATE_VERIFY_FAILED", f"the certificate of {host} is not trusted"),
        ("SSLError", f"no TLS connection to {host}"),
        ("ProxyError", f"the proxy does not connect to {host}"),
        ("NameResolutionError", f"the name of {host} is not known"),
        ("refused", f"{host} refuses the connection"),
        ("TooManyRequests", f"{host} has too many requests"),
        ("RequestLimitExceeded", f"{host} has too many requests"),
        ("TemporarilyUnavailable", f"{host} is not available"),
        ("Timeout", f"{host} does not answer"),
        ("Timed out", f"{host} does not answer"),
    ):
        if sign in told:
            return words
    return f"the connection to {host} broke off ({type(error).__name__})"


def _message(error: Exception) -> str:
    """Return what the workspace said, without what the SDK adds for its own maintainers."""
    said = str(error)
    for addition in (" Config: ", " Env: ", "This is likely a bug", " Request log:"):
        said = said.split(addition, 1)[0]
    return one_line(said).rstrip(". ") or type(error).__name__
