"""What every value is made of: each attribute declared once, on one line.

A line says the Python name, the type, the default, the provider's name and the unit. Construction, the checks of what
was passed, rendering and the reference tables come from it:

    class Queue(Value):
        enabled: bool = attribute("enabled", default=True)

Rendering leaves out what is None or empty, and writes everything else: a default that is not None is always written,
since the provider lets what is silent leak from a neighbour in a list. Reading goes the same lines backwards; what no
attribute says is kept in `extra`, where a value has one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import timedelta
from enum import Enum
from inspect import get_annotations
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform, get_type_hints

from constructs_lib.errors import LakeflowError, caller, shortened
from constructs_lib.kinds import Kind, kind_of
from constructs_lib.reading import EXTRA, Given, Reading
from constructs_lib.references import Secret

SECONDS = timedelta(seconds=1)
MILLISECONDS = timedelta(milliseconds=1)
MINUTES = timedelta(minutes=1)

_METADATA = "lakeflow"
_UNIT_NAMES = {SECONDS: "seconds", MILLISECONDS: "milliseconds", MINUTES: "minutes"}

K = TypeVar("K")
V = TypeVar("V")


def named_values(value: str) -> "Via":
    """Return how a mapping is a list of blocks, each with a `name` and a value of that name, by name in byte order."""

    def back(blocks: Any) -> dict[str, Any]:
        if not isinstance(blocks, list) or any(
            not isinstance(block, dict) or block.keys() != {"name", value} for block in blocks
        ):
            raise LakeflowError(f"expected blocks of name and {value}")
        found = {str(block["name"]): block[value] for block in blocks}
        if len(found) < len(blocks):
            raise LakeflowError("a name stands there twice")
        return found

    return Via(lambda mapping: [{"name": name, value: mapping[name]} for name in sorted(mapping)], back)


class FrozenMapping(Mapping[K, V]):
    """A copy of a mapping that nobody can change; hashed by identity, so that it can be a default."""

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[K, V]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, key: K) -> V:
        return self._entries[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return repr(self._entries)

    __hash__ = object.__hash__


@dataclass(frozen=True)
class Via:
    """How what is passed for an attribute becomes what is rendered, and the way back."""

    forth: Callable[[Any], Any]
    back: Callable[[Any], Any]


@dataclass(frozen=True)
class Attribute:
    """One attribute of a value: what it is called in Python and where it stands in the provider's block."""

    name: str
    path: tuple[str, ...]
    unit: timedelta
    omit: object
    via: Via | Callable[[Any], Any] | None
    spread: bool
    positional: bool
    default: object

    @property
    def required(self) -> bool:
        """Whether it has to be given."""
        return self.default is MISSING

    @property
    def back(self) -> Callable[[Any], Any] | None:
        """From what is rendered to what was passed, where the type does not tell."""
        return self.via.back if isinstance(self.via, Via) else None

    def rendered(self, value: Any) -> Any:
        """Return what was passed as what is to be rendered."""
        forth = self.via.forth if isinstance(self.via, Via) else self.via
        return forth(value) if forth else value


def attribute(
    path: str | None = None,
    *,
    default: Any = MISSING,
    kw_only: bool = True,
    unit: timedelta = SECONDS,
    omit: object = None,
    via: Via | Callable[[Any], Any] | None = None,
    spread: bool = False,
) -> Any:
    """Declare an attribute of a `Value`.

    `path` is the provider's name, dotted where it lies in a nested block; without it the value renders the attribute
    itself. `unit` is what a timedelta counts in. `omit` is a value that is not written, besides None. `via` turns what
    was passed into what is rendered; a `Via` knows the way back too, any other is its own. `spread` merges a nested
    value's own attributes into this block, or into the one at `path`.
    """
    metadata = {_METADATA: (tuple(path.split(".")) if path else (), unit, omit, via, spread)}
    if isinstance(default, dict):
        default = FrozenMapping(default)
    if default is MISSING:
        return field(kw_only=kw_only, metadata=metadata)
    return field(default=default, kw_only=kw_only, metadata=metadata)


@dataclass_transform(kw_only_default=True, frozen_default=True, eq_default=False, field_specifiers=(attribute,))
class Value:
    """A frozen value, compared by identity, that renders itself as a block of the provider.

    Subclasses say `block="notebook_task"` where their own attributes lie in a nested block of that name.
    """

    attributes: ClassVar[tuple[Attribute, ...]] = ()
    prefix: ClassVar[tuple[str, ...]] = ()
    """The nested block that the class's own attributes lie in."""
    _kinds: ClassVar[Mapping[str, Kind] | None] = None
    _hints: ClassVar[Mapping[str, Any] | None] = None

    def __init_subclass__(cls, *, block: str | None = None) -> None:
        super().__init_subclass__()
        own = set(get_annotations(cls))
        dataclass(frozen=True, kw_only=True, eq=False, repr=False)(cls)
        prefix = cls.prefix = tuple(block.split(".")) if block else ()
        inherited = {known.name: known for known in cls.attributes}
        for declared in fields(cls):  # type: ignore[arg-type]  # the dataclass of the line above
            if _METADATA in declared.metadata and declared.name in own:
                path, unit, omit, via, spread = declared.metadata[_METADATA]
                inherited[declared.name] = Attribute(
                    name=declared.name,
                    path=prefix + path if spread or path else path,
                    unit=unit,
                    omit=omit,
                    via=via,
                    spread=spread,
                    positional=not declared.kw_only,
                    default=declared.default,
                )
        cls.attributes = tuple(inherited.values())
        cls._kinds = cls._hints = None

    def __post_init__(self) -> None:
        kinds = self._attribute_kinds()
        for known in self.attributes:
            value = getattr(self, known.name)
            if value is known.default:
                continue
            kind = kinds[known.name]
            if not kind.accepts(value):
                if isinstance(value, str) and kind is kind_of(Secret | None):
                    raise self.error(
                        f"{known.name}: a secret is not written in code",
                        fix="write secret(scope, key), or stack.secret_variable('NAME')",
                    )
                raise self.error(f"{known.name}: expected {kind.words}, got {kind.describe(value)}")
            if isinstance(value, timedelta) and known.path:
                whole(value, known.unit, self, known.name)
            object.__setattr__(self, known.name, frozen(value))
        self.check()

    @classmethod
    def _attribute_kinds(cls) -> Mapping[str, Kind]:
        if cls._kinds is None:
            hints = cls.hints()
            cls._kinds = {known.name: kind_of(hints[known.name]) for known in cls.attributes}
        return cls._kinds

    @classmethod
    def hints(cls) -> Mapping[str, Any]:
        """Return the type of each attribute."""
        if cls._hints is None:
            cls._hints = get_type_hints(cls)
        return cls._hints

    def check(self) -> None:
        """Raise `self.error(…)` where attributes of the right type cannot mean anything; nothing by default."""

    def error(self, problem: str, fix: str | None = None) -> LakeflowError:
        """Return an error that names this value and the line that made it."""
        return LakeflowError(f"{self!r}: {problem}", place=caller(), fix=fix)

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some attributes changed; the copy is another value, with an identity of its own."""
        present = {known.name: getattr(self, known.name) for known in self.attributes}
        return type(self)(**{**present, **changes})

    def render(self) -> dict[str, Any]:
        """Return the provider's block for this value: plain dicts, lists, strings, numbers and references."""
        body: dict[str, Any] = {}
        for known in self.attributes:
            value = getattr(self, known.name)
            if value is None or value is known.omit or not (known.path or known.spread):
                continue
            rendered = rendered_value(known.rendered(value), known.unit, self, known.name)
            if is_empty(rendered):
                continue
            if known.spread:
                merge(block_at(body, known.path), rendered)
            else:
                place(body, known.path, rendered)
        return body

    @classmethod
    def stands_in(cls, given: Given) -> bool:
        """Return whether a block says anything that this value says."""
        own = [known.path for known in cls.attributes if known.path and not known.spread]
        return any(map(given.has, own)) if own else any(kind.stands_in(given) for kind in cls.__subclasses__())

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the value that renders a block, taking what it says out of it; `said` are attributes known already.

        A class that says nothing by itself reads one of its subclasses. Raises LakeflowError, and leaves the block as
        it was, where no value says it.
        """
        if not any(known.path or known.spread for known in cls.attributes):
            return cls._variant(given).read(given, **said)
        mark = given.mark
        try:
            reading: Reading[Self] = Reading(cls, given, said)
            return reading.with_extra() if any(known.name == EXTRA for known in cls.attributes) else reading.value()
        except LakeflowError:
            given.back_to(mark)
            raise

    @classmethod
    def _variant(cls, given: Given) -> type[Self]:
        """Return the subclass that says what stands in a block."""
        for variant in cls.variants():
            known = [each for each in variant.attributes if each.path and not each.spread]
            needed = [each for each in known if each.required]
            if known and all(given.has(each.path) for each in needed or known[:1]):
                return variant
        raise LakeflowError(f"is no {cls.__name__}")

    @classmethod
    def variants(cls) -> Iterator[type[Self]]:
        """Yield the subclasses; of one that says nothing by itself its own."""
        for variant in cls.__subclasses__():
            yield from [variant] if any(known.path for known in variant.attributes) else variant.variants()

    @classmethod
    def blocks_read(cls) -> frozenset[str]:
        """Return the names of a block that it reads."""
        return frozenset(known.path[0] for known in cls.attributes if known.path)

    def __repr__(self) -> str:
        shown = [shortened(getattr(self, known.name)) for known in self.attributes if known.positional]
        if not shown:
            shown = [f"{name}={shortened(value)}" for name, value in self._scalars()]
        return f"{type(self).__name__}({', '.join(shown)})"

    def _scalars(self) -> Iterator[tuple[str, object]]:
        for known in self.attributes:
            value = getattr(self, known.name, None)
            if isinstance(value, str | int | float | timedelta) and value != known.default:
                yield known.name, value


def frozen(value: Any) -> Any:
    """Return a copy that nobody can change: tuples for lists, frozen mappings for dicts, however deep."""
    if isinstance(value, Mapping):
        return FrozenMapping({key: frozen(entry) for key, entry in value.items()})
    if isinstance(value, list | tuple):
        return tuple(frozen(entry) for entry in value)
    return value


def whole(duration: timedelta, unit: timedelta, owner: Value, name: str) -> int:
    """Return how many units a duration has; an error where that is no whole number."""
    count, rest = divmod(duration, unit)
    if count < 0:
        raise owner.error(f"{name}: {duration.total_seconds():g} seconds is negative")
    if rest:
        raise owner.error(f"{name}: {duration} is not a whole number of {_UNIT_NAMES[unit]}")
    return count


def rendered_value(value: Any, unit: timedelta, owner: Value, name: str) -> Any:
    """Return one attribute's value as the provider writes it: dicts, lists and scalars of its own."""
    if isinstance(value, Value):
        return value.render()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, timedelta):
        return whole(value, unit, owner, name)
    if isinstance(value, Mapping):
        return {str(key): rendered_value(entry, unit, owner, name) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [rendered_value(entry, unit, owner, name) for entry in value]
    return value


def plain(value: Any) -> Any:
    """Return frozen data as dicts and lists that belong to who asked; values among it are rendered."""
    if isinstance(value, Value):
        return value.render()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value


def is_empty(rendered: object) -> bool:
    """Return whether a rendered value says nothing: None, or a container without content (never 0, False or '')."""
    return rendered is None or (isinstance(rendered, dict | list | tuple) and not rendered)


def place(body: dict[str, Any], path: Sequence[str], rendered: Any) -> None:
    """Put a rendered value at a path of nested blocks."""
    block_at(body, path[:-1])[path[-1]] = rendered


def block_at(body: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """Return the block at a path, made where it is not there."""
    for part in path:
        body = body.setdefault(part, {})
    return body


def merge(body: dict[str, Any], other: Mapping[str, Any]) -> None:
    """Merge `other` into `body`, nested blocks too; `other` wins, and lists replace."""
    for key, value in other.items():
        if not isinstance(value, Mapping):
            body[key] = value
            continue
        if not isinstance(body.get(key), dict):
            body[key] = {}
        merge(body[key], value)
