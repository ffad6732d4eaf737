"""Says what is wrong with files and the environments made of them: all of it, each mistake once, where it stands."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from environments.errors import Place, Problem
from environments.files.document import Document
from environments.files.file import File
from environments.files.findings import Finding
from environments.files.tree import Table
from environments.words import Path, both, dotted

_Key = tuple[Place, Path, tuple[str, ...]]


def problems(files: Sequence[File], documents: Sequence[Document]) -> Iterator[Problem]:
    """Yield every problem, those of single files first; what these say is not repeated for what is made of them."""
    said: set[_Key] = set()
    for file in files:
        yield from file.problems
        for finding in _unexplained(file.findings, file.findings):
            place = _place(file.content or file.body, finding, file.label)
            said.add((place, finding.path, finding.lacking))
            yield Problem(_message(finding), place)
    yield from _of_documents(documents, said)


def _of_documents(documents: Sequence[Document], said: set[_Key]) -> Iterator[Problem]:
    """Yield what is wrong only with what was inherited: it is missing, or it does not go together."""
    wrong: dict[_Key, tuple[Finding, list[Document]]] = {}
    missing: dict[Finding, list[Document]] = {}
    for document in documents:
        of_files = [finding for file in document.line for finding in file.findings]
        conflicts = {finding.path for finding in of_files if finding.given}
        for finding in _unexplained(document.findings, of_files):
            place = _place(document.content, finding, document.own.label)
            key = (place, finding.path, finding.lacking)
            if finding.lacking and not _in_list(finding.path):
                missing.setdefault(finding, []).append(document)
            elif key not in said and not (finding.given and finding.path in conflicts):
                wrong.setdefault(key, (finding, []))[1].append(document)
    for (place, _, _), (finding, concerned) in wrong.items():
        yield _together(finding, place, concerned, of=len(documents))
    for finding, concerned in missing.items():
        yield from _missing(finding, concerned, of=len(documents))


def _together(finding: Finding, place: Place, concerned: Sequence[Document], *, of: int) -> Problem:
    """Return what does not go together, though each file is right by itself."""
    message, first = _message(finding), concerned[0]
    inherited = [name for name in finding.given if _key_place(first.content, (*finding.path, name)).file != place.file]
    if inherited:
        message += f"; `{inherited[0]}: null` takes the inherited one away"
    elif place.file != first.own.label and len(concerned) < of:
        message += f" (in {both([document.own.name for document in concerned])})"
    return Problem(message, place)


def _missing(finding: Finding, concerned: Sequence[Document], *, of: int) -> Iterator[Problem]:
    """Yield where a key is missing: in each environment's file; where all lack it, once in what all of them extend."""
    common = _common(concerned)
    if common and of == len(concerned) > 1:
        names = both([document.own.name for document in concerned])
        message = f"{_message(finding)} in {names}; put it {_into(finding.path, common.label)}, or into each of them"
        yield Problem(message, _deepest(common.body, finding.path, common.label))
        return
    for document in concerned:
        own, *parents = (file.label for file in reversed(document.line))
        fix = f"put it {_into(finding.path, own)}" + "".join(f", or {parent}" for parent in parents)
        yield Problem(f"{_message(finding)}; {fix}", _deepest(document.content, finding.path, own))


def _common(documents: Sequence[Document]) -> File | None:
    """Return the nearest file that all environments are made of."""
    steps = takewhile(
        lambda step: all(file is step[0] for file in step), zip(*(d.line for d in documents), strict=False)
    )
    return next((step[0] for step in reversed(list(steps))), None)


def _unexplained(findings: Iterable[Finding], others: Iterable[Finding]) -> list[Finding]:
    """Return findings without the missing keys that an unknown key was probably meant to be."""
    meant = [finding.instead for finding in others if finding.instead]

    def explained(finding: Finding) -> bool:
        lacked = [(*finding.path, name) for name in finding.lacking]
        return any(path[: len(instead)] == instead for path in lacked for instead in meant)

    return [finding for finding in findings if not explained(finding)]


def _message(finding: Finding) -> str:
    match finding.lacking:
        case ():
            path, message = finding.path, finding.message
        case (name,):
            path, message = (*finding.path, name), "missing"
        case names:
            path, message = finding.path, f"exactly one of {both(names)} has to be given, and is missing"
    return f"{dotted(path)}: {message}" if path else message


def _place(content: Table, finding: Finding, own: str) -> Place:
    """Return where a mistake is; of keys that cannot stand together, the last one in the environment's own file."""
    if finding.given:
        places = [_key_place(content, (*finding.path, name)) for name in finding.given]
        return max(places, key=lambda place: (place.file == own, place))
    return _key_place(content, finding.path) if finding.at_key else content.at(finding.path).place


def _key_place(content: Table, path: Path) -> Place:
    return content.at(path[:-1]).key_of(path[-1])


def _deepest(content: Table, path: Path, file: str) -> Place:
    """Return the innermost group on a path that stands in a file."""
    return [node.place for node in content.along(path) if node.place.file == file][-1]


def _into(path: Path, file: str) -> str:
    return f"under {dotted(path)} in {file}" if path else f"into {file}"


def _in_list(path: Path) -> bool:
    """Tell what is inside a list, which no other file can complete."""
    return any(isinstance(step, int) for step in path)
