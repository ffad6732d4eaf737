"""The map that a synth leaves beside a stack's document: what every verb with --env reads."""

import json
import sys
from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lib.errors import LakeflowError, listed, nearest
from constructs_lib.synthesis import MAP_NAME, sources_digest

OUTPUT = Path("cdktf.out")
FORMAT = 1


@dataclass(frozen=True)
class JobEntry:
    """One job of a stack."""

    key: str
    address: str
    path: str
    name: str
    goal: str
    owner: str | None
    source: str | None
    """`file:line` of the code that makes it."""
    settings: Mapping[str, Any]
    """The attributes of `databricks_job` as Terraform JSON."""
    known: Mapping[str, str]
    """What references in the settings stand for, where the stack says it."""
    accepted: Mapping[str, str]
    findings: tuple[Mapping[str, Any], ...]

    @property
    def resolved(self) -> Mapping[str, Any]:
        """The settings with every reference replaced that the stack itself says the value of."""
        return {key: _resolve(value, self.known) for key, value in self.settings.items()}


def _resolve(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for expression, meant in known.items():
            value = value.replace(f"${{{expression}}}", meant)
        return value
    if isinstance(value, Mapping):
        return {key: _resolve(entry, known) for key, entry in value.items()}
    if isinstance(value, list):
        return [_resolve(entry, known) for entry in value]
    return value


@dataclass(frozen=True)
class StackMap:
    """The jobs of one stack, as the last synth wrote them."""

    stack: str
    order: int
    environment: str
    host: str
    sources: str
    variables: tuple[str, ...]
    """Terraform variables that have no value until they are given as TF_VAR_<name>."""
    jobs: Mapping[str, JobEntry]

    @classmethod
    def read(cls, stack: str, output: Path = OUTPUT) -> "StackMap":
        """Return a stack's map; an error says how to make it. Standard error says when it is older than its sources."""
        path = output / "stacks" / stack / MAP_NAME
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise cls._missing(stack, output) from None
        except OSError as error:
            raise LakeflowError(f"cannot be read: {error.strerror}", place=str(path)) from None
        except ValueError as error:
            raise LakeflowError(f"is not JSON: {error}", place=str(path), fix="run lakeflow synth") from None
        try:
            return cls._of(document)
        except (KeyError, TypeError, AttributeError):
            raise LakeflowError(
                "was written by another version of lakeflow", place=str(path), fix="run lakeflow synth"
            ) from None

    @staticmethod
    def has(path: Path, addresses: Set[str]) -> bool:
        """Return whether one of its jobs has one of these addresses, as far as the file can be read."""
        try:
            jobs = json.loads(path.read_text(encoding="utf-8"))["jobs"].values()
            return any(job["address"] in addresses for job in jobs)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return False

    @classmethod
    def _of(cls, document: Mapping[str, Any]) -> "StackMap":
        if document["format"] != FORMAT:
            raise KeyError(document["format"])
        found = cls(
            stack=document["stack"],
            order=document["order"],
            environment=document["environment"],
            host=document["host"],
            sources=document["sources"],
            variables=tuple(document["variables"]),
            jobs={key: _entry(key, job, document["known"]) for key, job in document["jobs"].items()},
        )
        found._say_when_stale()
        return found

    def _say_when_stale(self) -> None:
        if Path("main.py").is_file() and self.sources != sources_digest(Path.cwd()):
            sys.stderr.write(
                f"note: the sources changed since {self.stack} was synthesised; lakeflow synth renews it\n"
            )

    @staticmethod
    def _missing(stack: str, output: Path) -> LakeflowError:
        present = sorted(path.parent.name for path in output.glob(f"stacks/*/{MAP_NAME}"))
        if not present:
            return LakeflowError(f"there is no stack in {output}", fix="run lakeflow synth")
        hint = nearest(stack, present)
        return LakeflowError(
            f"there is no stack {stack!r} in {output}, only {listed(present)}",
            fix=f"did you mean {hint!r}?" if hint else "run lakeflow synth",
        )

    def job(self, key: str) -> JobEntry:
        """Return a job by its key, such as `daily-sales`; an error names the nearest."""
        if key in self.jobs:
            return self.jobs[key]
        hint = nearest(key, self.jobs)
        raise LakeflowError(
            f"the stack {self.stack!r} has no job {key!r}, only {listed(self.jobs)}",
            fix=f"did you mean {hint!r}?" if hint else None,
        )


def _entry(key: str, job: Mapping[str, Any], known: Mapping[str, str]) -> JobEntry:
    source = job["source"]
    return JobEntry(
        key=key,
        address=job["address"],
        path=job["path"],
        name=job["name"],
        goal=job["goal"],
        owner=job["owner"],
        source=f"{source['file']}:{source['line']}" if source else None,
        settings=job["settings"],
        known=known,
        accepted=job["accepted"],
        findings=tuple(job["findings"]),
    )
