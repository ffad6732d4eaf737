"""What a release of the registry package `cdktn-provider-databricks` says of the provider's schema.

The wheel carries its jsii assembly as a tar file, and in it the generated classes of every resource. Their code says
more than the assembly's own description: each attribute stands below a comment with its name as Terraform knows it and
with computed, optional and required; the getter tells its type; the functions `…ToHclTerraform` tell list from set and
block from attribute. Meta-arguments (`count`, `lifecycle`) have no such comment, so `git_source.provider` and
`task.depends_on` need no exception.
"""

import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import pairwise
from pathlib import Path

_PROVIDER_VERSION = re.compile(r"provider version (\d+\.\d+\.\d+)")

_CLASS = re.compile(rb"\nclass (\w+) extends")
_COMMENT = re.compile(rb"\n    // (\w+) - computed: (\w+), optional: (\w+), required: (\w+)")

_SECTION = re.compile(r"^(?:function (\w+)ToHclTerraform\(|class (\w+) extends cdktn\.(\w+) )", re.MULTILINE)
_ATTRIBUTE = re.compile(_COMMENT.pattern.decode())
_ARGUMENT = re.compile(r'^ +(\w+): \{\n +value: (.+),\n +isBlock: \w+,\n +type: "(\w+)"', re.MULTILINE)
_NESTED = re.compile(r'= new (?:\w+\.)?(\w+?)(OutputReference|List|Map)\(this, "\w+"(?:, (true|false))?\)')
_GETTER = re.compile(r"return (cdktn\.Fn\.tolist\()?this\.get(\w+)Attribute\(")
_RESOURCE_TYPE = re.compile(r'static tfResourceType = "(\w+)";')

_GETTERS = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": "list(string)",
    "NumberList": "list(number)",
    "StringMap": "map(string)",
}
_MAPS = {"String": "map(string)", "Number": "map(number)"}


@dataclass(frozen=True)
class Attribute:
    """An attribute or block: its type with `{}` where the nested class belongs, its state, and that class."""

    name: str
    type: str
    state: str
    """`required`, `computed` (may be given, else the provider sets it), `read-only`, or nothing."""
    nested: str | None = None


@dataclass(frozen=True)
class Resource:
    """A resource type, or a data source as Terraform's addresses say it: `data.databricks_job`."""

    type: str
    module: str
    name: str


class Package:
    """One wheel, read once."""

    def __init__(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
            metadata = archive.read(next(name for name in names if name.endswith(".dist-info/METADATA"))).decode()
            assembly = archive.read(next(name for name in names if name.endswith(".jsii.tgz")))
        self.provider_version = str(_PROVIDER_VERSION.findall(metadata)[0])
        self._tar = zlib.decompress(assembly, wbits=31)
        with tarfile.open(fileobj=BytesIO(self._tar)) as tar:
            self._files = {m.name: (m.offset_data, m.offset_data + m.size) for m in tar if m.name.endswith(".js")}

    def states(self) -> dict[tuple[str, str, str], str]:
        """Return the state of every attribute by module, class and name (0.1 s, where all its types take 2 s)."""
        found = {}
        for path, (start, end) in self._files.items():
            module = _module(path)
            classes = [(match.start(), match[1].decode()) for match in _CLASS.finditer(self._tar, start, end)]
            for (position, name), (until, _) in pairwise([*classes, (end, "")]):
                for comment in _COMMENT.finditer(self._tar, position, until):
                    attribute, *flags = (group.decode() for group in comment.groups())
                    found[module, name, attribute] = _state(attribute, *flags)
        return found

    @cached_property
    def _sections(self) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str], list[Resource]]:
        """The text of every class, the text of every function that renders one, and the resource types."""
        classes: dict[tuple[str, str], str] = {}
        functions: dict[tuple[str, str], str] = {}
        resources = []
        for path, (start, end) in self._files.items():
            module, text = _module(path), self._tar[start:end].decode()
            for section, content in _split(_SECTION, text):
                function, name, base = section.groups()
                if function:
                    functions[module, function] = content
                    continue
                classes[module, name] = content
                if base in {"TerraformResource", "TerraformDataSource"}:
                    kind = "data." if base == "TerraformDataSource" else ""
                    resources.append(Resource(kind + _RESOURCE_TYPE.findall(content)[0], module, name))
        return classes, functions, sorted(resources, key=lambda resource: resource.type)

    @property
    def resources(self) -> list[Resource]:
        """Every resource type and data source, sorted."""
        return self._sections[2]

    def attributes(self, module: str, name: str) -> Iterator[Attribute]:
        """Yield what the class `name` of a module holds."""
        classes, functions, _ = self._sections
        text = classes[module, name]
        struct = name.removesuffix("OutputReference")
        arguments = functions.get((module, struct[0].lower() + struct[1:]), text)
        rendered = {match[1]: (match[2], match[3]) for match in _ARGUMENT.finditer(arguments)}
        for comment, body in _split(_ATTRIBUTE, text):
            attribute, *flags = comment.groups()
            state = _state(attribute, *flags)
            nested = _NESTED.search(body)
            if nested is None or nested[2] == "Map":
                yield Attribute(attribute, _leaf(body, nested), state)
            else:
                kind = _nesting(attribute, nested, *rendered.get(attribute, ("", "")))
                yield Attribute(attribute, kind, state, f"{nested[1]}OutputReference")


def _split(start: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield every match with the text up to the next one."""
    matches = list(start.finditer(text))
    for match, until in zip(matches, [*(m.start() for m in matches[1:]), len(text)], strict=False):
        yield match, text[match.start() : until]


def _state(attribute: str, computed: str, optional: str, required: str) -> str:
    """Return an attribute's state; the package calls `timeouts` required where all its own attributes are."""
    if attribute == "timeouts":
        return ""
    if required == "true":
        return "required"
    if optional == "false":
        return "read-only"
    return "computed" if computed == "true" else ""


def _module(path: str) -> str:
    return path.split("/")[2]


def _leaf(body: str, mapped: re.Match[str] | None) -> str:
    """Return the type of an attribute with nothing nested, from its getter."""
    if mapped:
        return _MAPS[mapped[1]]
    getter = _GETTER.findall(body)[0]
    plain = _GETTERS[getter[1]]
    return plain.replace("list", "set") if getter[0] else plain


def _nesting(attribute: str, nested: re.Match[str], value: str, kind: str) -> str:
    """Return how something nested stands: once or more often, as a block or as an attribute."""
    if nested[2] == "OutputReference":
        return "block({})" if kind == "list" or attribute == "timeouts" else "object({})"
    inner = "block" if ", true)(" in value else "object"
    return f"{'set' if nested[3] == 'true' else 'list'}({inner}({{}}))"
