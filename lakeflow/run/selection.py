"""What a run is asked to do, checked against the job before anything is sent: parameters and tasks.

https://docs.databricks.com/api/workspace/jobs/runnow. `only` runs exactly the tasks that it names; `+task` runs what is
upstream of it too, `task+` what is downstream. The service would accept an unknown parameter and run without it.
"""

from collections.abc import Iterable, Sequence

from constructs_lib.errors import LakeflowError, listed, nearest
from constructs_lib.secrets import looks_like_secret
from lakeflow.run.words import plain
from lakeflow.stack_map import JobEntry


def parameters(given: Sequence[str], job: JobEntry) -> dict[str, str]:
    """Read every `NAME=VALUE`; raise LakeflowError where the job declares no such parameter."""
    declared = _names(job, "parameter", "name")
    values: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise LakeflowError(
                f"{plain(text)!r} is not NAME=VALUE", place="--param", fix="write --param date=2026-01-31"
            )
        if name not in declared:
            raise LakeflowError(
                f"{job.key} has no parameter {name!r}", place="--param", fix=_instead(name, declared, "parameters")
            )
        if name in values:
            raise LakeflowError(f"{name!r} is given twice", place="--param", fix="give it once")
        kind = looks_like_secret(value, name)
        if kind:
            raise LakeflowError(
                f"the value of {name!r} looks like {kind}, and everybody who sees the run would see it",
                place="--param",
                fix="put it into a secret scope and let the task read it there",
            )
        values[name] = value
    return values


def tasks(given: Sequence[str], job: JobEntry) -> list[str]:
    """Read comma-separated lists of `task`, `+task`, `task+` and `+task+`; raise LakeflowError for an unknown task."""
    known = _names(job, "task", "task_key")
    selected: dict[str, None] = {}
    for item in (item.strip() for text in given for item in text.split(",")):
        key = item.removeprefix("+").removesuffix("+")
        if not key:
            raise LakeflowError(
                f"{','.join(given)!r} names an empty task", place="--only", fix="write --only ingest,clean"
            )
        if key not in known:
            raise LakeflowError(f"{job.key} has no task {key!r}", place="--only", fix=_instead(key, known, "tasks"))
        selected[item] = None
    return list(selected)


def deployed_name(job: JobEntry) -> str:
    """Return the name that the job has in the workspace: the map holds it as Terraform reads it."""
    return str(job.resolved.get("name", job.name)).replace("$${", "${").replace("%%{", "%{")


def _names(job: JobEntry, block: str, attribute: str) -> set[str]:
    entries = job.settings.get(block) or []
    return {str(entry[attribute]) for entry in entries if attribute in entry}


def _instead(name: str, names: Iterable[str], kind: str) -> str:
    known = listed(names)
    if not known:
        return f"it declares no {kind}"
    close = nearest(name, names)
    return f"did you mean {close!r}? It has {known}" if close else f"its {kind} are {known}"
