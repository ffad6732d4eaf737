"""How much of `databricks_job` the values say: what `everything()` renders, held against the provider's schema.

`python -m tests.support.coverage` writes `docs/coverage.md`.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.provider import paths, versions
from constructs_lib.provider.excluded import EXCLUDED, excluded
from constructs_lib.references import terraform_json
from tests.support.everything import everything
from tests.support.project import ROOT

PAGE = ROOT / "docs" / "coverage.md"
JOB = "databricks_job"
_INNER = "task.for_each_task.task."
_CLUSTERS = ("task.new_cluster.", "job_cluster.new_cluster.")


def rendered() -> set[str]:
    """Return every path that a job of `everything()` has."""
    found: set[str] = set()
    for definition in everything():
        found.update(_paths(terraform_json(definition.render()), ""))
    return found


def _paths(body: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name, value in body.items():
        yield prefix + name
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, Mapping):
                yield from _paths(entry, f"{prefix}{name}.")


def same(path: str) -> str:
    """Return a path where it is said first: a looped task says what a task does, its cluster what a job's does."""
    if path.startswith(_INNER):
        path = f"task.{path.removeprefix(_INNER)}"
    for cluster in _CLUSTERS:
        if path.startswith(cluster):
            return f"new_cluster:{path.removeprefix(cluster)}"
    return path


def missing() -> list[str]:
    """Return the paths of the schema that no job has and that are not excluded."""
    said = {same(path) for path in rendered()}
    return [
        known.path
        for known in paths(JOB)
        if known.attribute.shape is None and same(known.path) not in said and not excluded(known.path)
    ]


def page() -> str:
    """Return the page of documentation."""
    said = {same(path) for path in rendered()}
    known = [each.path for each in paths(JOB) if each.attribute.shape is None]
    out = [path for path in known if excluded(path)]
    wanted = [path for path in known if not excluded(path)]
    reached = [path for path in wanted if same(path) in said]
    blocks = Counter(path.rpartition(".")[0] or "(the job itself)" for path in reached if not path.startswith(_INNER))
    lines = [
        "# Coverage",
        "",
        f"Of the {len(known)} attributes of `{JOB}` in provider {versions().newest}, {len(reached)} can be said",
        f"with typed values, {len(wanted) - len(reached)} cannot, and {len(out)} are left out for a reason.",
        "A test holds this page against the provider's schema.",
        "",
        "| block | attributes |",
        "|---|---|",
        *(f"| `{block}` | {count} |" for block, count in sorted(blocks.items())),
        "",
        "A for-each task's inner task has what every task has.",
        "",
        "## Left out",
        "",
        "`extra={…}` on a value reaches these too.",
        "",
        "| attribute or block | why |",
        "|---|---|",
        *(f"| `{path}` | {why} |" for path, why in sorted(EXCLUDED.items())),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(page().split("\n\n")[1] + "\n")
