"""A job brought to the provider's names, and a path in it brought back to where it stands in the file.

REST and bundles call a `task` one of `tasks`; Terraform may write a block that stands once as a list of one, a single
block of a list without the list, and make blocks with `dynamic`. Rules see none of that. What a form does not know is
left out: the schema tells it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from constructs_lib.forms import rest
from constructs_lib.provider import Shape, schema
from constructs_lib.rules.finding import Path
from constructs_lib.rules.given import each
from constructs_lib.rules.rule import Form

Body = Mapping[str, Any]

_DYNAMIC = "dynamic"
_COMMENT = "//"


@dataclass(frozen=True)
class _Entry:
    """What a written name stands for."""

    name: str
    """The provider's."""
    shape: str = ""
    holds: Shape | None = None
    once: bool = False
    terraform: bool = True

    @cached_property
    def level(self) -> "_Level | None":
        """What is inside, where it holds blocks."""
        return _level(self.shape, self.holds, terraform=self.terraform, single_task=True) if self.holds else None


@dataclass(frozen=True, eq=False)
class _Level:
    """The names of one kind of block, as a form writes them."""

    entries: Mapping[str, _Entry]
    top: bool
    terraform: bool

    def entry(self, written: str) -> _Entry | None:
        """Return what a written name stands for; None where the form has no such name."""
        found = self.entries.get(written)
        if found is None and self.top and not self.terraform and rest.beside(written):
            return _Entry(written)
        return found

    def written(self, name: str) -> str:
        """Return how the form writes one of the provider's names."""
        return self._written.get(name, name)

    def provides(self, name: str) -> bool:
        """Return whether the provider has an attribute of this name here."""
        return name in self._written

    @cached_property
    def _written(self) -> Mapping[str, str]:
        return {entry.name: written for written, entry in self.entries.items()}


@cache
def _level(name: str, shape: Shape, *, terraform: bool, single_task: bool) -> _Level:
    attributes = shape.attributes
    if terraform:
        written = {key: key for key, attribute in attributes.items() if not attribute.read_only}
    else:
        written = dict(rest.names(name, attributes, single_task=single_task))
    entries: dict[str, _Entry] = {}
    for key, word in written.items():
        attribute = attributes[key]
        nested = attribute.type.nested
        entries[word] = _Entry(
            key, nested.shape if nested else "", attribute.shape, attribute.type.element is None, terraform
        )
    entries.update({} if terraform else {word: _Entry(word) for word in rest.REST_ONLY.get(name, ())})
    return _Level(entries, name == "", terraform)


def _top(job: Body, form: Form) -> _Level:
    return _level(
        "",
        schema("databricks_job").body,
        terraform=form is Form.TERRAFORM,
        single_task="tasks" not in job,
    )


def normalised(job: Body, form: Form) -> dict[str, Any]:
    """Return a job by the provider's names; its lists and maps of plain values are the job's own."""
    return _block(job, _top(job, form))


def _block(body: Body, level: _Level) -> dict[str, Any]:
    block: dict[str, Any] = {}
    for written, value in body.items():
        entry = level.entry(written)
        if value is None:
            continue
        if entry is None:
            if written.endswith("_task") and not level.provides(written):
                block[written] = value  # a misspelt task type says that the task is meant to do something
            continue
        inner = entry.level
        if inner is None:
            block[entry.name] = value
        elif entry.once:
            only = value[0] if isinstance(value, list) and len(value) == 1 else value
            if only != []:
                block[entry.name] = _block(only, inner) if isinstance(only, dict) else only
        elif isinstance(value, list):
            block[entry.name] = [_block(item, inner) if isinstance(item, dict) else item for item in value]
        else:
            block[entry.name] = [_block(value, inner)] if isinstance(value, dict) else value
    if level.terraform and _DYNAMIC in body:
        _add_generated(block, body, level)
    return block


def unknown(job: Body, form: Form) -> Iterator[Path]:
    """Yield where a job says what its form does not know, as no normalised job has it."""
    return _unknown(job, _top(job, form), ())


def _unknown(body: Body, level: _Level, path: Path) -> Iterator[Path]:
    for written, value in body.items():
        entry = level.entry(written)
        if value is None or (level.terraform and written == _COMMENT):
            continue
        if entry is None:
            yield (*path, written)
        elif entry.level is not None:
            for at, inner in each(value):
                yield from _unknown(inner, entry.level, (*path, written, *at))


def _add_generated(block: dict[str, Any], body: Body, level: _Level) -> None:
    """Add what `dynamic` makes: one block for each, as nobody knows how many there will be."""
    for name, _, content in _generated(body):
        entry = level.entries.get(name)
        if entry and entry.level:
            made = _block(content, entry.level)
            if entry.once:
                block.setdefault(name, made)
            elif isinstance(block.setdefault(name, []), list):
                block[name].append(made)


def _generated(body: Body) -> Iterator[tuple[str, Path, Body]]:
    for at, named in each(body.get(_DYNAMIC)):
        for name, value in named.items():
            for below, made in each(value):
                for inner, content in each(made.get("content")):
                    yield name, (_DYNAMIC, *at, name, *below, "content", *inner), content


def origin(job: Body, form: Form, path: Path) -> Path:
    """Return where something of the normalised job stands in the job as given; as near to it as there is anything."""
    found: list[str | int] = []
    value: Any = job
    level: _Level | None = _top(job, form)
    rest_of_path = list(path)
    while rest_of_path and level is not None and isinstance(value, Mapping):
        name = str(rest_of_path.pop(0))
        entry = level.entries.get(level.written(name))
        steps = _member(value, level, name, entry, rest_of_path)
        if steps is None:
            return tuple(found)
        found.extend(steps)
        value = _at(value, steps)
        level = entry.level if entry else None
    return (*found, *_plain(value, rest_of_path))


def _member(
    body: Body, level: _Level, name: str, entry: _Entry | None, rest_of_path: list[str | int]
) -> tuple[str | int, ...] | None:
    """Return the steps to a member of a block, its index taken from the path where it is one of several."""
    written = level.written(name)
    value = body.get(written)
    if entry is None or entry.level is None:
        return (written,) if written in body else None
    generated = [steps for made, steps, _ in _generated(body) if made == name] if level.terraform else []
    if entry.once:
        if value is None or value == []:
            return generated[0] if generated else None
        return (written, 0) if isinstance(value, list) and len(value) == 1 else (written,)
    if not rest_of_path or not isinstance(rest_of_path[0], int):
        return (written,) if value is not None else generated[0] if generated else None
    index = rest_of_path.pop(0)
    given: list[Path] = [(written, at) for at in range(len(value))] if isinstance(value, list) else []
    if isinstance(value, Mapping):
        given = [(written,)]
    possible = [*given, *generated]
    return possible[int(index)] if int(index) < len(possible) else ((written,) if written in body else None)


def _at(value: Any, steps: Path) -> Any:
    for step in steps:
        value = value[step]
    return value


def _plain(value: Any, path: list[str | int]) -> Iterator[str | int]:
    """Yield the steps of a path below plain values, as far as they lead to something."""
    for step in path:
        below = value if isinstance(value, Mapping) else dict(enumerate(value)) if isinstance(value, list) else {}
        if step not in below:
            return
        value = below[step]
        yield step
