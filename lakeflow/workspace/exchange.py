"""One request and its answer in Databricks' own shapes, also for what is refused.

https://docs.databricks.com/api/workspace/introduction
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lakeflow.workspace.users import NOBODY, User

Json = dict[str, Any]
_QUERIED = frozenset({"GET", "HEAD", "DELETE"})
_TRUE = frozenset({True, "true", "True", "TRUE"})


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a client has asked: `path` is without host and query, and the version of the API stands in it.

    `user` is who asks and `at` when, in milliseconds since 1970: the core knows neither by itself. `parts` are the
    parts of the path that its route names, `users` everybody who has a token.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    at: int = 0
    caller: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    user: User = NOBODY
    users: tuple[User, ...] = ()

    @cached_property
    def version(self) -> tuple[int, int]:
        """The version of the API that is spoken: (2, 2) for `/api/2.2/jobs/list`."""
        numbers = self.path.removeprefix("/api/").partition("/")[0].split(".")
        return (int(numbers[0]), int(numbers[1])) if len(numbers) == 2 and all(map(str.isdecimal, numbers)) else (2, 0)

    @cached_property
    def body(self) -> Json:
        """The JSON object that was sent; empty where nothing was, refused where it is something else.

        A null is a field that is not there, as for the service.
        """
        if not self.content:
            return {}
        try:
            body = json.loads(self.content, object_pairs_hook=_without_nulls, parse_constant=_refuse)
        except ValueError:
            raise malformed("failed to parse given JSON") from None
        except RecursionError:
            raise malformed("it is nested too deeply") from None
        if not isinstance(body, dict):
            raise malformed("expected a map")
        return body

    def _said(self, name: str) -> object:
        """Return a value that is said where such a request says it: of GET and DELETE the query, else the body."""
        return self.query.get(name) if self.method in _QUERIED else self.body.get(name)

    def text(self, name: str) -> str:
        """Return a text; refuse the request without it."""
        value = self._said(name)
        if not isinstance(value, str) or not value:
            raise invalid(f"Missing required field: {name}")
        return value

    def number(self, name: str) -> int:
        """Return an id; refuse the request without it."""
        value = str(self._said(name))
        if len(value) > 19 or not (value.isascii() and value.removeprefix("-").isdecimal()):
            raise invalid(f"Missing required field: {name}")
        return int(value)

    def count(self, name: str, usual: int) -> int:
        """Return a number of the query that may be missing, such as a limit or a page's token."""
        value = self.query.get(name) or str(usual)
        if not (value.isascii() and value.isdecimal()) or len(value) > 18:
            raise invalid(f"Invalid {name}: {value}")
        return int(value)

    def flag(self, name: str) -> bool:
        """Return whether a flag is set."""
        value = self._said(name)
        return isinstance(value, str | bool) and value in _TRUE

    def entries(self, name: str) -> list[Json]:
        """Return a list of objects of the body that may be missing."""
        value = self.body.get(name) or []
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise invalid(f"{name} is no list of objects")
        return value

    def block(self, name: str) -> Json:
        """Return an object of the body; empty where there is none."""
        value = self.body.get(name) or {}
        if not isinstance(value, dict):
            raise invalid(f"{name} is no object")
        return value


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class RefusedError(Exception):
    """An answer that is not 200: `{"error_code": …, "message": …}`."""

    status: int
    error_code: str | int
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self) -> Answer:
        """Return what is sent back."""
        body = json.dumps({"error_code": self.error_code, "message": self.message}).encode()
        return Answer(status=self.status, body=body, headers=self.headers)


Handler = Callable[[Request], Json | list[Json] | Answer]
Kind = Callable[[Any, str], Any]
"""What a field holds: its value and its place → the value as it is kept, or a refusal."""


@dataclass(frozen=True)
class Route:
    """A handler, what it does in a few words, and the fields of the body that it looks at, by their kinds."""

    does: str
    handler: Handler
    takes: Kind | None = None

    def __call__(self, request: Request) -> Json | list[Json] | Answer:
        """Answer a request whose fields are what they should be; others are refused."""
        if self.takes is not None and request.content:
            request.__dict__["body"] = self.takes(request.body, "")
        return self.handler(request)


Routes = Mapping[str, Handler]
"""Handlers by `GET /sql/warehouses/{id}`: without `/api` and version; `{path...}` takes all that is left.

A handler is best a Route; of any other, the documentation tells the first line of its docstring.
"""


def malformed(problem: str) -> RefusedError:
    """Return the refusal of a body that is no JSON object, in the words of the service."""
    return RefusedError(400, "MALFORMED_REQUEST", f"Invalid JSON given in the body of the request - {problem}")


def invalid(message: str) -> RefusedError:
    """Return the refusal of a value."""
    return RefusedError(400, "INVALID_PARAMETER_VALUE", message)


def missing(message: str) -> RefusedError:
    """Return the refusal of what does not exist."""
    return RefusedError(404, "RESOURCE_DOES_NOT_EXIST", message)


def exists(message: str) -> RefusedError:
    """Return the refusal of what exists already."""
    return RefusedError(400, "RESOURCE_ALREADY_EXISTS", message)


def conflict(message: str) -> RefusedError:
    """Return the refusal of what would collide."""
    return RefusedError(409, "RESOURCE_CONFLICT", message)


def denied(message: str) -> RefusedError:
    """Return the refusal of what somebody may not do."""
    return RefusedError(403, "PERMISSION_DENIED", message)


def _without_nulls(pairs: list[tuple[str, Any]]) -> Json:
    return {name: value for name, value in pairs if value is not None}


def _refuse(constant: str) -> None:
    raise ValueError(constant)
