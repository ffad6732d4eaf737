"""Rules of secrets, anywhere in a job.

https://docs.databricks.com/aws/en/security/secrets/
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from constructs_lib.rules.clusters.examples import on
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.job import Job
from constructs_lib.rules.rule import Rule
from constructs_lib.secrets import looks_like_secret


@lru_cache(maxsize=4096)
def _suspicious_key(key: str) -> bool:
    """Return whether a key is a secret, or the name of one."""
    return looks_like_secret("?", key) is not None or looks_like_secret(key) is not None


def _suspicious(body: Mapping[str, Any]) -> bool:
    """Return whether any string may be a secret; all of them are asked at once."""
    strings: set[str] = set()
    todo: list[Any] = [body]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            for key, entry in value.items():
                if isinstance(entry, str):
                    strings.add(entry)
                    if key in {"name", "key"} and _suspicious_key(entry):
                        return True
                elif isinstance(entry, _CONTAINERS):
                    todo.append(entry)
                if isinstance(key, str) and _suspicious_key(key):
                    return True
        elif isinstance(value, list):
            todo.extend(value)
        elif isinstance(value, str):
            strings.add(value)
    # No pattern looks across lines, and none finds anything in less than five letters.
    return looks_like_secret("\n".join([entry for entry in strings if len(entry) > 4])) is not None


_CONTAINERS = (dict, list, Mapping)


def _secrets(job: Job) -> Iterator[Hit]:
    if _suspicious(job.body):
        yield from _secrets_in(job, job.body, (), "")


def _secrets_in(job: Job, value: object, path: Path, name: str) -> Iterator[Hit]:
    if isinstance(value, str):
        kind = looks_like_secret(value, name)
        if kind:
            yield _secret(job, path, "", kind)
    elif isinstance(value, dict):
        named = value.get("name", value.get("key"))
        for key, entry in value.items():
            kind = looks_like_secret(key) if isinstance(key, str) else None
            if kind:
                yield _secret(job, path, "a key of ", kind)
            elif key in {"default", "value"} and isinstance(named, str):
                # A pair such as {"name": "password", "default": "…"} names its value itself.
                yield from _secrets_in(job, entry, (*path, key), named)
            else:
                yield from _secrets_in(job, entry, (*path, key), str(key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _secrets_in(job, entry, (*path, index), name)


_IN_CLUSTERS = {"spark_conf", "spark_env_vars"}


def _secret(job: Job, path: Path, part: str, kind: str) -> Hit:
    place, rest = "", path
    for task in job.tasks:
        if path[: len(task.path)] == task.path:
            key = "(a secret)" if looks_like_secret(task.key) else repr(task.key)
            place, rest = f"task {key}: ", path[len(task.path) :]
    reference = (
        "put it into a secret scope and write {{secrets/scope/key}}"
        if not _IN_CLUSTERS.isdisjoint(path)
        else "put it into a secret scope and let the code read it with dbutils.secrets.get(scope, key)"
    )
    return Hit(path, f"{place}{part}{'.'.join(map(str, rest))} looks like {kind}", reference)


RULES: tuple[Rule, ...] = (
    Rule(
        code="LF660",
        severity=Severity.ERROR,
        title="A literal that looks like a secret",
        why="Everybody who sees the job, its plan or its state sees it.",
        source="https://docs.databricks.com/aws/en/security/secrets/",
        bad=on(spark_env_vars={"DB_PASSWORD": "correct-horse"}),
        good=on(spark_env_vars={"DB_PASSWORD": "{{secrets/sales/db-password}}"}),
        job=_secrets,
    ),
)
