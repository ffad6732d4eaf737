"""An environment with all that it inherits: merged, checked, and made into a typed value."""

import json
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from pydantic import ValidationError

from environments.environment import Environment
from environments.errors import InvalidEnvironment, Problem
from environments.files.checks import check_document
from environments.files.file import File
from environments.files.findings import Finding
from environments.files.tree import Table
from environments.words import Path, dotted


@dataclass(frozen=True, eq=False)
class Document:
    """What an environment's files say together."""

    line: tuple[File, ...]
    """The file that everything is inherited from first, the environment's own last."""

    @property
    def own(self) -> File:
        """The environment's own file."""
        return self.line[-1]

    @cached_property
    def content(self) -> Table:
        """The files laid over one another; every value keeps the place where it stands."""
        return merged(*(file.body for file in self.line))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong once everything is inherited."""
        return tuple(check_document(self.content))

    def typed(self) -> Environment:
        """Return the typed environment; raises InvalidEnvironment for what the schema cannot tell."""
        said = json.dumps({**_without_nulls(self.content.plain()), "name": self.own.name})
        try:
            return Environment.model_validate_json(said)
        except ValidationError as error:
            raise InvalidEnvironment(self._problem(item["loc"], item["msg"]) for item in error.errors()) from None

    def _problem(self, path: Path, message: str) -> Problem:
        said = message.removeprefix("Value error, ")
        return Problem(f"{dotted(path)}: {said}" if path else said, self.content.at(path).place)


def merged(*tables: Table) -> Table:
    """Return tables laid over one another, the last on top: keys merge at every depth, lists and texts are replaced."""
    return reduce(lambda base, table: base.under(table), tables)


def _without_nulls(value: Any) -> Any:
    """Return a value without its null keys, whose defaults hold."""
    if isinstance(value, dict):
        return {key: _without_nulls(below) for key, below in value.items() if below is not None}
    return value
