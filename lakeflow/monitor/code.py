"""Python sources, read as far as values can be followed without running them.

A name is followed where its function (or the module) binds it exactly once, and an attribute through such names. What
is not certain is not found.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef
_DEEPEST = 12


@dataclass(frozen=True, eq=False)
class Code:
    """One file."""

    file: str
    """Relative to the project."""
    tree: ast.Module
    root: Path

    @classmethod
    def read(cls, file: str, root: Path) -> "Code | None":
        """Return a file of the project; None where it is not there or is no Python."""
        try:
            return cls(file, ast.parse((root / file).read_text(encoding="utf-8")), root)
        except (OSError, SyntaxError, ValueError, RecursionError):
            return None

    def call(self, name: str, line: int) -> ast.Call | None:
        """Return the innermost call of this name that a line belongs to."""
        found = [
            each
            for each in calls(self.tree)
            if called(each) == name and each.lineno <= line <= (each.end_lineno or each.lineno)
        ]
        return max(found, key=lambda each: each.lineno, default=None)

    def scope(self, node: ast.expr) -> "Scope":
        """Return the innermost function that an expression stands in, or the module."""
        around = [
            each
            for each in ast.walk(self.tree)
            if isinstance(each, Function) and each.lineno <= node.lineno <= (each.end_lineno or each.lineno)
        ]
        return Scope(self, max(around, key=lambda each: each.lineno, default=self.tree))

    def helper(self, call: ast.Call) -> "Scope | None":
        """Return the one function that a call is of, here or in a module of the project that this one imports.

        A method where something is called by a dot, a function else.
        """
        found = [
            Scope(code, each)
            for code in (self, *self.imported)
            for each in ast.walk(code.tree)
            if isinstance(each, Function) and each.name == called(call)
        ]
        dotted = isinstance(call.func, ast.Attribute)
        return found[0] if len(found) == 1 and found[0].is_method == dotted else None

    @cached_property
    def imported(self) -> tuple["Code", ...]:
        """The modules of the same room that this one imports names from."""
        modules = {each.module for each in ast.walk(self.tree) if isinstance(each, ast.ImportFrom) and each.module}
        room = self.file.split("/", 1)[0]
        files = [f"{name.replace('.', '/')}.py" for name in sorted(modules) if name.split(".")[0] == room]
        return tuple(code for file in files if (code := Code.read(file, self.root)))


@dataclass(frozen=True, eq=False)
class Scope:
    """A function of a file, or the file itself."""

    code: Code
    node: Function | ast.Module

    @cached_property
    def bound(self) -> dict[str, ast.expr | None]:
        """What each name is bound to; None where it is bound more than once, or not by a plain assignment."""
        outer = self._around.bound if self._around else {}
        stored = [name for each in _own(self.node) for name in _stored(each)]
        found: dict[str, ast.expr | None] = {**outer, **dict.fromkeys(stored), **dict.fromkeys(self.parameters)}
        for each in _own(self.node):
            target = each.targets[0] if isinstance(each, ast.Assign) and len(each.targets) == 1 else None
            if isinstance(each, ast.Assign) and isinstance(target, ast.Name) and stored.count(target.id) == 1:
                found[target.id] = each.value
        return found

    def value(self, expression: ast.expr | None) -> ast.expr | None:
        """Return what an expression stands for: the expression itself, or what the name that it is was bound to."""
        for _ in range(_DEEPEST):
            if not isinstance(expression, ast.Name):
                return expression
            expression = self.bound.get(expression.id)
        return None

    def chain(self, expression: ast.expr | None) -> tuple[str, ...]:
        """Return an attribute of attributes as names, `("stack", "environment", "catalog")`; nothing for all else."""
        names: list[str] = []
        for _ in range(_DEEPEST * 2):
            if isinstance(expression, ast.Attribute):
                names.append(expression.attr)
                expression = expression.value
            elif isinstance(expression, ast.Name) and self.bound.get(expression.id) is not None:
                expression = self.bound[expression.id]
            elif isinstance(expression, ast.Name) and expression.id in self.parameters:
                return (expression.id, *reversed(names))
            else:
                break
        return ()

    def behind(self, expression: ast.expr) -> list[ast.Call]:
        """Return the calls that an expression is made of, those behind its names too."""
        found: dict[ast.Call, None] = {}
        waiting: list[ast.expr] = [expression]
        seen: set[str] = set()
        for each in waiting:  # grows while it is read
            found |= dict.fromkeys(calls(each))
            names = [node.id for node in ast.walk(each) if isinstance(node, ast.Name) and node.id not in seen]
            seen.update(names)
            waiting += [value for name in names if (value := self.bound.get(name)) is not None]
        return list(found)

    def keyed(self, expression: ast.expr, key: str, *names: str) -> ast.Call | None:
        """Return the one call behind an expression of one of these names that is given this key; None else."""
        found = [
            each
            for each in self.behind(expression)
            if called(each).endswith(names) and constant(argument(each, "key", 0)) == key
        ]
        return found[0] if len(found) == 1 else None

    @property
    def parameters(self) -> frozenset[str]:
        """The names of what the function takes."""
        if isinstance(self.node, ast.Module):
            return frozenset()
        return frozenset(_arguments(self.node.args))

    @property
    def is_method(self) -> bool:
        """Whether the function stands in a class."""
        classes = (each for each in ast.walk(self.code.tree) if isinstance(each, ast.ClassDef))
        return any(self.node in each.body for each in classes)

    @property
    def _around(self) -> "Scope | None":
        """The function that this one is defined in, or the module; None around the module."""
        if isinstance(self.node, ast.Module):
            return None
        functions = [each for each in ast.walk(self.code.tree) if isinstance(each, Function) and each is not self.node]
        around = [each for each in functions if any(node is self.node for node in ast.walk(each))]
        return Scope(self.code, max(around, key=lambda each: each.lineno, default=self.code.tree))

    @property
    def returned(self) -> ast.Call | None:
        """The one call that the function returns."""
        found = [each.value for each in ast.walk(self.node) if isinstance(each, ast.Return) and each.value]
        return found[0] if len(found) == 1 and isinstance(found[0], ast.Call) else None


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below one, but not those of functions and classes that are defined in it."""
    for each in ast.iter_child_nodes(node):
        yield each
        if not isinstance(each, ast.ClassDef | Function | ast.Lambda):
            yield from _own(each)


def _stored(node: ast.AST) -> list[str]:
    """Return the names that a node itself binds; what a function within takes counts too, as names of the whole."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return [name]
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [(each.asname or each.name).split(".")[0] for each in names]
        case ast.Lambda(args=taken):
            return list(_arguments(taken))
    return []


def _arguments(taken: ast.arguments) -> Iterator[str]:
    """Yield the names of what a function takes."""
    rest = [each for each in (taken.vararg, taken.kwarg) if each]
    return (each.arg for each in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs, *rest))


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls within a node."""
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def called(call: ast.Call) -> str:
    """Return the last name of what is called: `job_cluster` of `Compute.job_cluster(…)`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def keyword(call: ast.Call, name: str) -> ast.keyword | None:
    """Return an argument by its name."""
    return next((each for each in call.keywords if each.arg == name), None)


def argument(call: ast.Call, name: str, position: int) -> ast.expr | None:
    """Return an argument by its name or its position; None where `*` or `**` hides it."""
    named = keyword(call, name)
    if named:
        return named.value
    plain = call.args[: position + 1]
    if any(isinstance(each, ast.Starred) for each in plain) or len(plain) <= position:
        return None
    return plain[position]


def spread(call: ast.Call) -> bool:
    """Return whether a `**` may hold arguments that are not seen."""
    return any(each.arg is None for each in call.keywords)


def constant(expression: ast.expr | None) -> object:
    """Return a literal's value; None for all else."""
    return expression.value if isinstance(expression, ast.Constant) else None
