"""What the constructs of this package do with their arguments before anything is made of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache
from math import isfinite
from typing import Any, get_type_hints

from constructs_lib._terraform import Construct, path_of
from constructs_lib.errors import LakeflowError, shortened
from constructs_lib.kinds import Kind, kind_of
from constructs_lib.references import Reference, Text, concat
from constructs_lib.values import is_empty, plain

_MINUTE = timedelta(minutes=1)


class Arguments:
    """The arguments of a construct, held against its annotations, and where the construct stands.

    It is made of `locals()` in the first line of an `__init__`: for who writes a stack without a type checker.
    """

    def __init__(self, construct: type, given: Mapping[str, Any]) -> None:
        self.place = f"{path_of(given['scope'])}/{given['id_']}"
        for name, kind in _kinds(construct).items():
            if not kind.accepts(given[name]):
                raise self.error(f"{name}: expected {kind.words}, got {kind.describe(given[name])}")

    def error(self, problem: str, fix: str | None = None) -> LakeflowError:
        """Return an error that names the construct."""
        return LakeflowError(problem, place=self.place, fix=fix)

    def minutes(self, name: str, duration: timedelta, *, least: int, most: int = 10_000) -> int:
        """Return how many minutes a duration has; an error where the API does not take it."""
        count, rest = divmod(duration, _MINUTE)
        if rest:
            raise self.error(f"{name}: {duration} is not a whole number of minutes")
        if not least <= count <= most:
            raise self.error(f"{name}: {count} minutes, and the API takes {least} to {most:,}")
        return count

    def absolute(self, name: str, path: Text) -> Text:
        """Return a path of the workspace; an error where it is relative or ends with a slash."""
        if isinstance(path, str) and not path.startswith("/"):
            raise self.error(f"{name}: {path!r} is not absolute", fix=f"write '/{path}'")
        if isinstance(path, str) and path.endswith("/"):
            raise self.error(f"{name}: {path!r} ends with a slash", fix=f"write {path.rstrip('/') or '/Shared'!r}")
        return path

    def below_workspace(self, name: str, path: Text) -> Text:
        """Return an absolute path without `/Workspace`, as the provider's resources of code take it."""
        if isinstance(path, str) and path.startswith("/Workspace/"):
            raise self.error(
                f"{name}: {path!r} begins with /Workspace", fix=f"write {path.removeprefix('/Workspace')!r}"
            )
        return self.absolute(name, path)

    def json(self, name: str, value: Mapping[str, object]) -> Text:
        """Return a value as JSON with sorted keys, references in it filled in by Terraform."""
        parts = list(self._json(name, value))
        texts = [part for part in parts if isinstance(part, str)]
        return "".join(texts) if len(texts) == len(parts) else concat(*parts)

    def _json(self, name: str, value: object) -> Iterator[Text]:
        if isinstance(value, Reference):
            yield from ('"', value, '"')
        elif isinstance(value, Mapping):
            for index, key in enumerate(sorted(value, key=str)):
                yield f"{',' if index else '{'}{json.dumps(str(key))}:"
                yield from self._json(f"{name}.{key}", value[key])
            yield "}" if value else "{}"
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for index, entry in enumerate(value):
                yield "," if index else "["
                yield from self._json(f"{name}[{index}]", entry)
            yield "]" if value else "[]"
        elif value is None or isinstance(value, str | int) or (isinstance(value, float) and isfinite(value)):
            yield json.dumps(value, ensure_ascii=False)
        else:
            raise self.error(f"{name}: {shortened(value)} has no place in JSON")


def said(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource's body without what nobody said: None, and containers without content; values rendered."""
    return {name: plain(value) for name, value in body.items() if not is_empty(value)}


@cache
def _kinds(construct: type) -> Mapping[str, Kind]:
    hints = get_type_hints(construct.__init__)  # type: ignore[misc]  # the class itself, not an instance
    return {name: kind_of(hint) for name, hint in hints.items() if hint is not Construct and name != "return"}
