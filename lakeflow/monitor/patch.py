"""What to change as a patch: a unified diff of environment files, and a line for each value in Python.

`git apply` and `patch -p1` take it as it is: they skip the lines before the diff.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import unified_diff
from itertools import takewhile
from pathlib import Path

from lakeflow.monitor.advice import Advice, Edit, Place
from lakeflow.monitor.environment_files import edited


def patch(advices: Iterable[Advice], root: Path = Path()) -> str:
    """Return the patch of advices that know their places; nothing where there is nothing to write."""
    edits: dict[tuple[str, int, int, str], Edit] = {}
    lines = []
    for advice in advices:
        edit = advice.edit
        if edit:
            spot = (edit.file, edit.line, edit.column, edit.new.partition(":")[0] if not edit.old else "")
            together = _together(edits.get(spot, edit), edit)
            if together:
                edits[spot] = together
                continue
        if advice.place and advice.place.write:
            lines.append(_line(advice, advice.place))
    files = sorted({edit.file for edit in edits.values()})
    diffs = [_diff(root, file, [edit for edit in edits.values() if edit.file == file]) for file in files]
    return "".join([*lines, *(["\n"] if lines and diffs else []), *diffs])


def _together(first: Edit, edit: Edit) -> Edit | None:
    """Return two edits of one place as one: what both put in stands there once; None where they disagree."""
    if first == edit:
        return first
    if first.old or edit.old:
        return None
    lines, at = first.new.split("\n"), 0
    steps = edit.new.split("\n")[1:]
    for place, step in enumerate(steps):
        beside = _beside(lines, at, _depth(step))
        found = beside.get(step.partition(":")[0])
        if found is None:
            return replace(first, new="\n".join([*lines[: at + 1], *steps[place:], *lines[at + 1 :]]))
        if lines[found] != step:
            return None
        at = found
    return first


def _beside(lines: Sequence[str], at: int, depth: int) -> dict[str, int]:
    """Return the keys of this depth in the group that a line begins, each with its line."""
    below = takewhile(lambda each: _depth(lines[each]) >= depth, range(at + 1, len(lines)))
    return {lines[each].partition(":")[0]: each for each in below if _depth(lines[each]) == depth}


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _line(advice: Advice, place: Place) -> str:
    subject = f"{advice.job}, {advice.task}" if advice.task else advice.job
    shared = " (others take it from there too)" if place.shared else ""
    return f"{place.file}:{place.line}: write {place.write}  # {advice.rule}: {subject}: {advice.title}{shared}\n"


def _diff(root: Path, file: str, edits: Sequence[Edit]) -> str:
    before = (root / file).read_bytes().decode("utf-8")
    after = edited(before, edits)
    found = unified_diff(_lines(before), _lines(after), f"a/{file}", f"b/{file}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in found)


def _lines(text: str) -> list[str]:
    """Return a text's lines with their ends; only a line feed ends one, as git sees it."""
    *lines, rest = text.split("\n")
    return [f"{line}\n" for line in lines] + ([rest] if rest else [])
