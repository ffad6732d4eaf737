"""Loads environments. What is wrong with them is said all at once; what is not asked for is not checked."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from environments.environment import LOCAL, Environment
from environments.errors import InvalidEnvironment, Problem
from environments.files.document import Document
from environments.files.family import Family
from environments.files.report import problems
from environments.words import meant, quoted, shown

FOLDER = Path(__file__).parent
"""The folder of this project's environments."""
DEVELOPER = "LAKEFLOW_DEVELOPER"
"""The variable that asks for a developer's own copy of dev, by the developer's short name."""
DEVELOPED = "dev"
"""The environment that developers copy."""

WORKSPACE = "LAKEFLOW_WORKSPACE"
"""The variable that has everything deployed to a workspace on this machine, by its address."""

_DEVELOPER = re.compile(r"[a-z][a-z0-9]{0,15}")
_ADDRESS = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\]):[0-9]{1,5}")


def load(name: str, folder: Path = FOLDER, developer: str | None = None) -> Environment:
    """Return one environment, or a developer's copy of dev; raises InvalidEnvironment."""
    family = Family(folder)
    if developer is not None:
        return _copy(family, [name], developer, said_by="developer")
    return _built(family, [name])[0]


def load_all(folder: Path = FOLDER) -> tuple[Environment, ...]:
    """Return all environments that can be deployed, in their order, every file checked; raises InvalidEnvironment."""
    family = Family(folder)
    found = _built(family, family.names, every_file=True)
    if not found:
        raise InvalidEnvironment([Problem(f"there is no environment in the folder {family.label}")])
    return found


def names(folder: Path = FOLDER) -> tuple[str, ...]:
    """Return the names of all environments that can be deployed, in their order, without checking what they say."""
    return Family(folder).names


def selected(
    names: Sequence[str] = (), environ: Mapping[str, str] = os.environ, folder: Path = FOLDER
) -> tuple[Environment, ...]:
    """Return the environments with these names, or all of them, in their order; raises InvalidEnvironment.

    With LAKEFLOW_DEVELOPER set it is exactly one, the copy of dev, which may be asked for as `dev` or `dev-jd`. With
    LAKEFLOW_WORKSPACE set it is the same environments on this machine, which may be asked for as `dev` or `dev-local`.
    """
    if host := environ.get(WORKSPACE):
        if not _ADDRESS.fullmatch(host):
            expected = "the address of a workspace on this machine, such as http://127.0.0.1:8765"
            raise InvalidEnvironment([Problem(f"{WORKSPACE}: expected {expected}, got {shown(host)}")])
        wanted = [name.removesuffix(f"-{LOCAL}") for name in names]
        rest = {name: value for name, value in environ.items() if name != WORKSPACE}
        return tuple(each.on_this_machine(host) for each in selected(wanted, rest, folder))
    if developer := environ.get(DEVELOPER):
        return (_copy(Family(folder), names, developer, said_by=DEVELOPER),)
    return _built(Family(folder), names) if names else load_all(folder)


def _built(family: Family, wanted: Sequence[str], *, every_file: bool = False) -> tuple[Environment, ...]:
    """Return environments in their order, or raise all that is wrong with their files."""
    undefined = [Problem(_undefined(family, name)) for name in wanted if name not in family.names]
    if undefined:
        raise InvalidEnvironment(undefined)
    ordered = [name for name in family.names if name in wanted]
    files = family.reachable(family.files if every_file else ordered)
    documents = [Document(line) for name in ordered if (line := family.line(name))]
    misnamed = family.problems if every_file else ()
    wrong = [*misnamed, *family.broken_links(files), *problems(files, documents)]
    if wrong:
        raise InvalidEnvironment(wrong)
    return _typed(documents)


def _typed(documents: Iterable[Document]) -> tuple[Environment, ...]:
    found: list[Environment] = []
    wrong: list[Problem] = []
    for document in documents:
        try:
            found.append(document.typed())
        except InvalidEnvironment as error:
            wrong.extend(error.problems)
    if wrong:
        raise InvalidEnvironment(wrong)
    return tuple(found)


def _copy(family: Family, wanted: Iterable[str], developer: str, *, said_by: str) -> Environment:
    """Return a developer's copy of dev, the only environment that there is for a developer."""
    stack = f"{DEVELOPED}-{developer}"
    if not _DEVELOPER.fullmatch(developer):
        expected = "a lower-case letter and up to 15 lower-case letters or digits, such as jd"
        raise InvalidEnvironment([Problem(f"{said_by}: expected {expected}, got {shown(developer)}")])
    if stack in family.files:
        file = family.files[stack].label
        fix = f"rename {file}, or choose another {said_by}"
        raise InvalidEnvironment(
            [Problem(f"{said_by}: {stack} would be this developer's copy and is an environment; {fix}")]
        )
    others = [name for name in wanted if name not in {DEVELOPED, stack}]
    if others:
        reason = (
            f"{said_by} is {developer}, which leaves only {stack}; unset it for the environments that everyone shares"
        )
        raise InvalidEnvironment(Problem(f"environment {quoted(name)} cannot be used: {reason}") for name in others)
    return _built(family, [DEVELOPED])[0].copy_for(developer)


def _undefined(family: Family, name: str) -> str:
    if name in family.files:
        return f"environment {name} is abstract: others extend it{meant('', family.names)}"
    developer = name.removeprefix(f"{DEVELOPED}-")
    if developer != name and _DEVELOPER.fullmatch(developer):
        return (
            f"environment {name} is not defined; set {DEVELOPER}={developer} for this developer's copy of {DEVELOPED}"
        )
    return f"environment {quoted(name)} is not defined{meant(name, family.names)}"
