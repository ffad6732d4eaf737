"""What of a job's attributes another job's do not say: the check on every way there and back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from constructs_lib.reading import Path

_KEYS = ("task_key", "job_cluster_key", "environment_key", "environment_variables_key", "name", "id")
_UNORDERED = frozenset({"depends_on", "rules", "subscribers", "subscriptions", "table_names"})


def lost(given: Mapping[str, Any], said: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Yield where `given` says what `said` does not, with both values; the second is None where it is silent.

    What `said` says beyond that does not count, and neither does the order where it means nothing.
    """
    for name, value in given.items():
        yield from _lost(value, said.get(name), (*path, name))


def _lost(value: Any, other: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    if _silent(value) and _silent(other):
        return
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        yield from lost(value, other, path)
    elif isinstance(value, list) and isinstance(other, list):
        yield from _lists(value, other, path)
    elif value != other and str(value) != str(other) and not _same_spelling(value, other, path):
        yield path, value, other


def _silent(value: Any) -> bool:
    """Return whether a value is the same as none."""
    return not value or (isinstance(value, Mapping) and all(_silent(each) for each in value.values()))


def _lists(value: Sequence[Any], other: Sequence[Any], path: Path) -> Iterator[tuple[Path, Any, Any]]:
    key = next((key for key in _KEYS if all(isinstance(each, Mapping) and key in each for each in value)), None)
    if key is not None and path[-1] not in _UNORDERED:
        named = {str(each.get(key)): each for each in other if isinstance(each, Mapping)}
        for index, each in enumerate(value):
            yield from _lost(each, named.get(str(each[key])), (*path, index))
        return
    loose = path[-1] in _UNORDERED or str(path[-1]).startswith("on_")
    if loose and all(each in other for each in value):
        return
    if not loose and len(value) == len(other):
        for index, (mine, theirs) in enumerate(zip(value, other, strict=True)):
            yield from _lost(mine, theirs, (*path, index))
        return
    yield path, value, other


def _same_spelling(value: Any, other: Any, path: Path) -> bool:
    """Return whether both name one Git provider: the API takes any case and answers with its own."""
    is_provider = path[-2:] == ("git_source", "provider")
    return is_provider and str(value).casefold() == str(other).casefold()
