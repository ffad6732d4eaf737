"""Where the value of an argument comes from: a helper of the project, Python, or a key of the environment."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lakeflow.monitor.advice import Edit, Place
from lakeflow.monitor.code import Scope, called, constant, keyword, spread
from lakeflow.monitor.environment_files import EnvironmentFiles, Key
from lakeflow.monitor.spelling import UNITS

_LIBRARY = frozenset({"Operations", "ClusterSpec", "Monitoring"})
_OF_ONE_PRODUCT = "products"
"""Keys below it belong to one product; others are shared by every job, and not edited for the sake of one."""


@dataclass(frozen=True)
class Spot:
    """A place, and the edit there or in the environment's own file."""

    place: Place
    edit: Edit | None = None


@dataclass(frozen=True)
class Meaning:
    """How a setting is written: what a value of an environment file stands for, and what to write."""

    name: str
    """Of the argument in Python."""
    write: str | None
    """The argument in Python, with its new value."""
    holds: Callable[[object, int], bool]
    """Whether a value in an environment file, in a unit of so many seconds, is what is deployed."""
    value: Callable[[int], object]
    """The new value, in a unit of so many seconds; None where it has none."""


@dataclass(frozen=True)
class Argument:
    """Where an argument of a call is given, or the call where it would be."""

    scope: Scope
    call: ast.Call
    given: ast.keyword | None

    @property
    def node(self) -> ast.expr:
        """What stands there."""
        return self.given.value if self.given else self.call


def argument_of(scope: Scope, call: ast.Call | None, name: str) -> Argument | None:
    """Return an argument of a call, or of the call that a helper of the project makes of it; None where that hides."""
    if call is None or spread(call):
        return None
    given = keyword(call, name)
    if given is None and keyword(call, "extra"):  # which may say it too
        return None
    if given or called(call) in _LIBRARY or called(call).endswith("Task"):
        return Argument(scope, call, given)
    helper = scope.code.helper(call)
    if helper is None:
        return None
    if name in helper.parameters:
        return Argument(scope, call, None)
    return argument_of(helper, helper.returned, name)


@dataclass(frozen=True)
class Origins:
    """The code and the files that the values of one job come from."""

    home: Scope
    """Where the job is made."""
    stack: str
    files: EnvironmentFiles | None

    def at(self, scope: Scope, node: ast.expr, what: str, write: str | None = None) -> Spot:
        """Return a place in Python."""
        shared = scope.node is not self.home.node
        return Spot(Place(file=scope.code.file, line=node.lineno, what=what, write=write, shared=shared))

    def said(self, found: Argument | None, meaning: Meaning) -> Spot | None:
        """Return where an argument's value stands: in the environment file that it comes from, or in Python.

        A literal that is not what is deployed is not the place.
        """
        if found is None or (found.given and _is_another(found.scope.value(found.given.value), meaning)):
            return None
        in_file = self.in_environment(found.scope, found.given.value, meaning) if found.given else None
        return in_file or self.at(found.scope, found.node, f"{meaning.name}=", meaning.write)

    def in_environment(self, scope: Scope, expression: ast.expr | None, meaning: Meaning) -> Spot | None:
        """Return the one key of the environment that an expression takes the value from, if it has that value."""
        if self.files is None:
            return None
        spots = [
            self._key(self.files, key, size, meaning)
            for chain, unit in _chains(scope, expression)
            for key, size in _keys(self.files, chain, unit)
            if meaning.holds(key.value, size)
        ]
        return spots[0] if len(spots) == 1 else None

    def _key(self, files: EnvironmentFiles, key: Key, unit: int, meaning: Meaning) -> Spot:
        new = meaning.value(unit)
        of_one = key.path[0] == _OF_ONE_PRODUCT
        edit = files.edit(key, new) if new is not None and of_one else None
        place = Place(
            file=key.file,
            line=key.line,
            what=key.dotted if key.own else f"{key.dotted}, inherited by {self.stack}",
            write=f"{key.path[-1]}: {new}" if new is not None else None,
            shared=not of_one or not (key.own or edit),
        )
        return Spot(place, edit)


def _is_another(value: ast.expr | None, meaning: Meaning) -> bool:
    """Return whether an expression is a literal, or a duration of one, that is not what is deployed."""
    size = 1
    match value:
        case ast.Call(args=[], keywords=[ast.keyword(arg=str(unit), value=inner)]) if called(value) == "timedelta":
            value, size = inner, UNITS.get(unit, 0)
    said = constant(value)
    return said is not None and size > 0 and not meaning.holds(said, size)


def _chains(scope: Scope, expression: ast.expr | None) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Yield the attributes of the environment that an expression may take its value from, each with its unit."""
    found = scope.value(expression)
    match found:
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_chains(scope, body), *_chains(scope, orelse))
        case ast.Tuple(elts=parts):
            for part in parts:
                yield from _chains(scope, part)
        case ast.Call(args=[], keywords=[ast.keyword(arg=unit, value=value)]) if called(found) == "timedelta":
            yield from ((chain, unit) for chain, _ in _chains(scope, value))
        case _:
            chain = scope.chain(expression)
            start = next((place + 1 for place, name in enumerate(chain[:2]) if name in {"environment", "env"}), None)
            if start:
                yield chain[start:], None


def _keys(files: EnvironmentFiles, chain: tuple[str, ...], unit: str | None) -> Iterator[tuple[Key, int]]:
    """Yield the keys that an attribute may stand for: its own name, or with a unit behind it, `timeout_minutes`."""
    key = files.key(chain)
    if key:
        yield key, UNITS.get(unit or "", 1)
    elif unit is None:
        for name in files.keys(chain[:-1]):
            size = UNITS.get(name.rpartition("_")[2])
            found = files.key((*chain[:-1], name)) if size and name.rpartition("_")[0] == chain[-1] else None
            if found and size:
                yield found, size
