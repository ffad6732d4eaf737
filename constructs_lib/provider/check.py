"""A body of Terraform JSON held against the provider's schema: what `terraform validate` refuses, and a little more.

More: an unknown name inside an object (Terraform drops it without a word), a null, and where a misplaced name belongs.
What Terraform turns into the wanted type is fine: `"1"` for a number, `"true"` for a bool, `1` for a string. A string
with an expression `${…}` is fine for any attribute, but not for a block.

https://developer.hashicorp.com/terraform/language/syntax/json
"""

import re
from collections.abc import Callable, Iterator, Mapping

from constructs_lib.errors import listed, nearest
from constructs_lib.provider.problem import Place, Problem
from constructs_lib.provider.schema import Shape, Type, schema
from constructs_lib.provider.version import DYNAMIC, dynamic

META_ARGUMENTS = frozenset({"lifecycle", "depends_on", "count", "for_each", "provider", "connection", "provisioner"})
"""What Terraform itself takes at the top of any resource. Deeper down such a name is the provider's own."""

_EXPRESSION = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_BOOLS = frozenset({"true", "false", "1", "0"})
_WANTED = {
    "string": ("a string", "strings"),
    "number": ("a number", "numbers"),
    "bool": ("true or false", "true or false"),
    "block": ("an object", "objects"),
    "object": ("an object", "objects"),
}

_TOLD = frozenset({"number", "bool"})

_Above = tuple[tuple[str, Shape], ...]
"""The shapes that are being looked at, the resource's first and the innermost last, each with its name."""


def problems(resource_type: str, body: Mapping[str, object]) -> list[Problem]:
    """Return what is wrong with the body of a resource, in the order in which it stands there.

    `resource_type` is `databricks_job`, or `data.databricks_job` for a data source. Raises LakeflowError for a type
    that the provider does not have.
    """
    given = {name: value for name, value in body.items() if name not in META_ARGUMENTS}
    return list(shape_problems(resource_type, schema(resource_type).body, given))


def shape_problems(name: str, shape: Shape, body: Mapping[str, object]) -> Iterator[Problem]:
    """Yield what is wrong with an object of a shape, in the order in which it stands there."""
    return _body(body, Place("", name), ((name, shape),))


def _body(given: Mapping[str, object], at: Place, above: _Above) -> Iterator[Problem]:
    """Check what a resource, a block or an object holds."""
    shape = above[-1][1]
    attributes = shape.attributes
    for name, value in given.items():
        attribute = attributes.get(name)
        if attribute is None:
            check = _OURS.get(name, _unknown)
            yield from check(name, given, at, above)
        elif value is None:
            yield at.attribute(name).problem("is null", "give it a value" if attribute.required else "leave it out")
        elif attribute.read_only:
            yield at.attribute(name).problem("can only be read", "leave it out: the provider sets it")
        else:
            inner = above if attribute.shape is None else (*above, (name, attribute.shape))
            if attribute.shape is not None or not _fits(attribute.type, value):
                yield from _value(attribute.type, value, at.attribute(name), inner)
    for name in shape.required:
        type_ = attributes[name].type
        lacking = name not in given or (type_.is_block and given[name] in ([], ()))
        if lacking and name not in {block for block, _ in dynamic(given)}:
            yield at.problem(f"{name!r} is missing", f"give {_wanted(type_)}")


def _unknown(name: str, given: Mapping[str, object], at: Place, above: _Above) -> Iterator[Problem]:
    """Say what an unknown name was meant to be: one of another level, or one that is spelled much like it."""
    holder, shape = above[-1]
    outer = [word for word, each in reversed(above[:-1]) if _takes(each, name)]
    within = [key for key, attribute in shape.attributes.items() if attribute.shape and _takes(attribute.shape, name)]
    if outer:
        fix = f"it belongs to {outer[0]}: move it there"
    elif within:
        fix = f"it belongs to {listed([key for key in within if key in given] or within)}: move it there"
    else:
        fix = _instead(name, [key for key in shape.attributes if _takes(shape, key)], holder)
    yield at.attribute(name).problem(f"{holder} has no {name!r}", fix)


def _dynamic(name: str, given: Mapping[str, object], at: Place, above: _Above) -> Iterator[Problem]:
    """Check what Terraform makes blocks from a list with."""
    holder, shape = above[-1]
    blocks = {key: each.shape for key, each in shape.attributes.items() if each.shape and each.type.is_block}
    for block, content in dynamic(given):
        inner = at.attribute(name).attribute(block)
        if block in blocks:
            yield from _body(content, inner.attribute("content"), (*above, (block, blocks[block])))
        else:
            yield inner.problem(f"{holder} has no block {block!r}", _instead(block, list(blocks), holder))


def _comment(_name: str, _given: Mapping[str, object], _at: Place, _above: _Above) -> Iterator[Problem]:
    return iter(())


_OURS = {"//": _comment, DYNAMIC: _dynamic}
"""What Terraform takes in any block."""


def _instead(name: str, names: list[str], holder: str) -> str:
    near = nearest(name, names)
    return f"did you mean {near!r}?" if near else f"{holder} has {listed(names)}" if names else "leave it out"


def _takes(shape: Shape, name: str) -> bool:
    return name in shape.attributes and not shape.attributes[name].read_only


def _value(type_: Type, value: object, at: Place, above: _Above) -> Iterator[Problem]:
    """Check a value; `above` ends with the shape of the blocks or objects in it, if there are any."""
    return _CHECKS[type_.kind](type_, type_.element or type_, value, at, above)


def _is_string(value: object) -> bool:
    return isinstance(value, str | bool | int | float)


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return _NUMBER.fullmatch(value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_bool(value: object) -> bool:
    return value in _BOOLS if isinstance(value, str) else isinstance(value, bool)


def _is_expression(value: object) -> bool:
    return isinstance(value, str) and _EXPRESSION.search(value) is not None


_LEAVES: Mapping[str, Callable[[object], bool]] = {"string": _is_string, "number": _is_number, "bool": _is_bool}


def _fits(type_: Type, value: object) -> bool:
    """Return whether a plain value is fine, as most are; its place need not be put together then."""
    fits = _LEAVES.get((type_.element or type_).kind)
    if fits is None or type_.element is None:
        return fits is not None and fits(value)
    inside = list(value.values()) if type_.kind == "map" and isinstance(value, Mapping) else value
    return isinstance(inside, list) and (type_.kind == "map") is isinstance(value, Mapping) and all(map(fits, inside))


def _leaf(type_: Type, _inner: Type, value: object, at: Place, _above: _Above) -> Iterator[Problem]:
    if not (_LEAVES[type_.kind](value) or _is_expression(value)):
        yield _wrong(type_, value, at)


def _list(type_: Type, element: Type, value: object, at: Place, above: _Above) -> Iterator[Problem]:
    """Check a list or set; where it is of blocks, one object is as good as a list of it."""
    if isinstance(value, list | tuple):
        for index, each in enumerate(value):
            yield from _element(element, each, at.element(index, each), above)
    elif type_.is_block and isinstance(value, dict):
        yield from _body(value, at.alone(value), above)
    elif type_.is_block or not _is_expression(value):
        fits = next(_value(element, value, at, above), None) is None
        yield _wrong(type_, value, at, "put it in a list" if fits else None)


def _map(type_: Type, element: Type, value: object, at: Place, above: _Above) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _element(element, each, at.entry(key), above)
    elif not _is_expression(value):
        yield _wrong(type_, value, at)


def _element(element: Type, value: object, at: Place, above: _Above) -> Iterator[Problem]:
    if value is None:
        yield at.problem("is null", "leave it out")
    else:
        yield from _value(element, value, at, above)


def _block(type_: Type, _inner: Type, value: object, at: Place, above: _Above) -> Iterator[Problem]:
    """Check a block that may stand once: one object, or a list of at most one."""
    if isinstance(value, dict):
        yield from _body(value, at, above)
    elif not isinstance(value, list | tuple):
        yield _wrong(type_, value, at)
    elif len(value) > 1:
        yield at.problem(f"stands {len(value)} times, but may stand once", "keep one")
    else:
        for each in value:
            yield from _element(type_, each, at.only(), above)


def _object(type_: Type, _inner: Type, value: object, at: Place, above: _Above) -> Iterator[Problem]:
    if isinstance(value, dict):
        yield from _body(value, at, above)
    elif not _is_expression(value):
        yield _wrong(type_, value, at)


_CHECKS: Mapping[str, Callable[[Type, Type, object, Place, _Above], Iterator[Problem]]] = {
    "string": _leaf,
    "number": _leaf,
    "bool": _leaf,
    "list": _list,
    "set": _list,
    "map": _map,
    "block": _block,
    "object": _object,
}


def _wrong(type_: Type, value: object, at: Place, fix: str | None = None) -> Problem:
    if isinstance(value, list | tuple) and len(value) == 1 and type_.element is None:
        fix = "take it out of the list"
    message = f"is {_what(value, told=type_.kind in _TOLD)}, not {_wanted(type_)}"
    return at.problem(message, fix or f"give {_wanted(type_)}")


def _wanted(type_: Type) -> str:
    if type_.element is None:
        return _WANTED[type_.kind][0]
    return f"a {type_.kind} of {_WANTED[type_.element.kind][1]}"


def _what(value: object, *, told: bool) -> str:
    """Return what a value is; a string only where it is `told`, since it may be a secret."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if told and isinstance(value, str | int | float):
        return repr(value)
    if isinstance(value, dict):
        return "an object"
    names = {str: "a string", int: "a number", float: "a number", list: "a list", tuple: "a list"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), f"a Python {type(value).__name__}")
