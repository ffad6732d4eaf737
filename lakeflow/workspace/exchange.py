"""One request and its answer in Databricks' own shapes, also for what is refused.

https://docs.databricks.com/api/workspace/introduction
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a client has asked: `path` is without host and query, and the version of the API stands in it.

    `caller` is who asks and `at` when, in milliseconds since 1970: the core knows neither by itself. `parts` are the
    parts of the path that its route names.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    at: int = 0
    caller: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def body(self) -> Json:
        """The JSON object that was sent; empty where nothing was, refused where it is something else."""
        if not self.content:
            return {}
        try:
            body = json.loads(self.content)
        except ValueError:
            raise RefusedError(400, "MALFORMED_REQUEST", "Could not parse request object") from None
        except RecursionError:
            raise RefusedError(400, "MALFORMED_REQUEST", "The request object is nested too deeply") from None
        if not isinstance(body, dict):
            raise RefusedError(400, "MALFORMED_REQUEST", "The request object is no JSON object")
        return body

    def text(self, name: str) -> str:
        """Return a text of the query or the body; refuse the request without it."""
        value = self.query.get(name) or self.body.get(name)
        if not isinstance(value, str):
            raise RefusedError(400, "INVALID_PARAMETER_VALUE", f"Missing required field: {name}")
        return value

    def number(self, name: str) -> int:
        """Return an id of the query or the body; refuse the request without it."""
        value = self.query.get(name) or self.body.get(name)
        try:
            return int(str(value))
        except ValueError:
            raise RefusedError(400, "INVALID_PARAMETER_VALUE", f"Missing required field: {name}") from None

    def count(self, name: str, usual: int) -> int:
        """Return a number of the query that may be missing, such as a limit or a page's token."""
        value = self.query.get(name) or str(usual)
        if not value.isdecimal() or len(value) > 18:
            raise RefusedError(400, "INVALID_PARAMETER_VALUE", f"Invalid {name}: {value}")
        return int(value)

    def entries(self, name: str) -> list[Json]:
        """Return a list of objects of the body that may be missing."""
        value = self.body.get(name) or []
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise RefusedError(400, "INVALID_PARAMETER_VALUE", f"{name} is no list of objects")
        return value

    def block(self, name: str) -> Json:
        """Return an object of the body; empty where there is none."""
        value = self.body.get(name) or {}
        if not isinstance(value, dict):
            raise RefusedError(400, "INVALID_PARAMETER_VALUE", f"{name} is no object")
        return value


@dataclass(frozen=True)
class RefusedError(Exception):
    """An answer that is not 200: `{"error_code": …, "message": …}`."""

    status: int
    error_code: str
    message: str

    def body(self) -> bytes:
        """Return the answer as it is sent."""
        return json.dumps({"error_code": self.error_code, "message": self.message}).encode()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Request], Json | list[Json] | Answer]
Routes = Mapping[str, Handler]
"""Handlers by `GET /sql/warehouses/{id}`: without `/api` and version; `{path...}` takes all that is left."""


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
