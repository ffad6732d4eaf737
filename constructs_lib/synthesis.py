"""What a stack leaves: the checks of its final document, the map `lakeflow.json`, and the files that ship with it.

Pure: it reads the document that would be written, and writes only beside it.
"""

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from constructs_lib.errors import LakeflowError
from constructs_lib.provider import META_ARGUMENTS, least_version, problems
from constructs_lib.rules import Finding, Form, Policies, Severity, findings, unmatched
from constructs_lib.rules.code.working_tree import not_there
from constructs_lib.rules.policies import grants_of
from constructs_lib.secrets import secrets_in

MAP_NAME = "lakeflow.json"
_EXPRESSION = re.compile(r"(?<!\$)\$\{(databricks_\w+\.[\w-]+\.\w+)\}")
_LEAST_PROVIDER = "1.128.0"
_SHIPPED = ("assets", "built")
_SOURCES = ("main.py", "stacks/**/*.py", "constructs_lib/**/*", "environments/**/*", "assets/**/*", "src/**/*")


@dataclass(frozen=True)
class Asset:
    """A file of the project that ships with a stack."""

    source: Path
    target: str
    """Its path below the stack's folder: that below the project's root."""

    @classmethod
    def of(cls, file: str | Path) -> "Asset":
        """Return the asset for a file, by a path relative to the project's root; it must exist."""
        root = Path.cwd()
        source = root / file
        if not source.is_file():
            raise LakeflowError(f"there is no file {file}", fix="write its path relative to the project's root")
        if not source.resolve().is_relative_to(root.resolve()):
            raise LakeflowError(f"{file} lies outside the project", fix="put it under assets/")
        return cls(source=source, target=source.relative_to(root).as_posix())

    @property
    def content(self) -> bytes:
        """What is in it."""
        return self.source.read_bytes()


@dataclass(frozen=True)
class BuiltAsset:
    """A file that was made while the stack was built, such as a wheel."""

    target: str
    """Its path below the stack's folder, in `built/`."""
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class JobRecord:
    """What the map says of a job besides its settings."""

    key: str
    address: str
    path: str
    goal: str
    owner: str | None
    source: str | None
    accept: Mapping[str, str] = field(default_factory=dict)
    """Code of a finding → why it is accepted for this job."""


@dataclass
class StackRecord:
    """What a stack collects while it is built, and what is found out about its document."""

    stack: str
    environment: str
    host: str
    lock_file: Path | None = None
    order: int = 0
    """Its place among the stacks of the app."""
    addresses: dict[str, str] = field(default_factory=dict)
    """Terraform address → construct path."""
    jobs: dict[str, JobRecord] = field(default_factory=dict)
    assets: dict[str, Asset | BuiltAsset] = field(default_factory=dict)
    variables: set[str] = field(default_factory=set)
    settings: dict[str, Any] = field(default_factory=dict)
    """Address of a job → its attributes in the final document."""
    known: dict[str, str] = field(default_factory=dict)
    """Attribute of a resource that a job refers to → its value, where the document says it."""
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    """Address of a job → what the rules found that does not stop the synth."""
    policies: Policies = field(default_factory=Policies)
    """What the environment demands of its jobs."""
    least_provider: str = _LEAST_PROVIDER

    @property
    def provider_versions(self) -> str:
        """The versions of the provider that know everything in the stack."""
        return f">= {self.least_provider}, < 2.0.0"

    def check(self, document: Mapping[str, Any]) -> list[str]:
        """Hold a final document against the provider's schema and look for secrets; return what is wrong."""
        found: list[str] = []
        for resource_type, name, body in _resources(document):
            address = f"{resource_type}.{name}"
            path = self.addresses.get(address, address)
            if not resource_type.startswith("databricks_"):
                continue
            found += [f"{path}: {secret}" for secret in secrets_in(resource_type, body)]
            if resource_type == "databricks_job":
                found += [f"{path}: {said}" for said in self._judge(address, body, document)]
            else:
                found += [f"{path}: {problem}" for problem in problems(resource_type, body)]
            version = least_version(resource_type, body)
            self.least_provider = max(self.least_provider, version, key=_version_order)
            if resource_type == "databricks_job":
                self.settings[address] = {key: value for key, value in body.items() if key != "//"}
        self.known = dict(_known(self.settings, document))
        return found

    def _judge(self, address: str, body: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
        """Yield what stops the synth of a job, and keep what does not."""
        settings = {key: value for key, value in body.items() if key not in META_ARGUMENTS}
        job = next((each for each in self.jobs.values() if each.address == address), None)
        accept = job.accept if job else {}
        found = list(
            self.policies.judged(
                [
                    *findings(settings, Form.TERRAFORM),
                    *not_there(settings, Path.cwd()),
                    *self.policies.findings(settings, grants_of(address, document)),
                ]
            )
        )
        kept = self.findings.setdefault(address, [])
        kept.clear()
        for finding in [*found, *unmatched(accept, found)]:
            if finding.code in accept:
                continue
            if finding.severity is Severity.ERROR:
                yield f"{finding.code} {finding.message}; {finding.hint}"
            else:
                kept.append(finding)

    def to_map(self, sources: str) -> dict[str, Any]:
        """Return the map: what every verb of the command `lakeflow` reads of this stack."""
        return {
            "format": 1,
            "stack": self.stack,
            "order": self.order,
            "environment": self.environment,
            "host": self.host,
            "sources": sources,
            "variables": sorted(self.variables),
            "known": dict(sorted(self.known.items())),
            "jobs": {key: self._entry(self.jobs[key]) for key in sorted(self.jobs)},
        }

    def _entry(self, job: JobRecord) -> dict[str, Any]:
        file, _, line = (job.source or "").rpartition(":")
        settings = self.settings[job.address]
        return {
            "address": job.address,
            "path": job.path,
            "name": settings.get("name", ""),
            "goal": job.goal,
            "owner": job.owner,
            "source": {"file": file, "line": int(line)} if file else None,
            "settings": settings,
            "accepted": dict(job.accept),
            "findings": [finding.to_json() for finding in self.findings.get(job.address, [])],
        }


def _known(settings: Any, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for expression in _EXPRESSION.findall(json.dumps(settings)):
        resource_type, name, attribute = expression.split(".")
        value = document.get("resource", {}).get(resource_type, {}).get(name, {}).get(attribute)
        if isinstance(value, str) and "${" not in value:
            yield expression, value


def _version_order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _resources(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for resource_type, resources in document.get("resource", {}).items():
        for name, body in resources.items():
            yield resource_type, name, body


def sources_digest(root: Path) -> str:
    """Return a digest of everything that a synth reads, so that a map can be told to be older than its sources."""
    digest = sha256()
    files = {path for pattern in _SOURCES for path in root.glob(pattern) if path.is_file()}
    for path in sorted(files):
        if "__pycache__" in path.parts:
            continue
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(sha256(path.read_bytes()).digest())
    return f"sha256:{digest.hexdigest()}"


def write_stack(record: StackRecord, output: Path, sources: str) -> None:
    """Write what stands beside a stack's `cdk.tf.json`: the map, the shipped files, and the provider's lock file."""
    folder = output / "stacks" / record.stack
    write_file(folder / MAP_NAME, (json.dumps(record.to_map(sources), indent=2, ensure_ascii=False) + "\n").encode())
    for asset in record.assets.values():
        write_file(folder / asset.target, asset.content)
    if record.lock_file is not None:
        write_file(folder / ".terraform.lock.hcl", record.lock_file.read_bytes())
    _forget_assets(folder, {folder / target for target in record.assets})


def write_file(path: Path, content: bytes) -> None:
    """Write a file as a whole, or leave the one that was there."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _forget_assets(folder: Path, present: set[Path]) -> None:
    """Remove shipped files of an earlier synth: only below assets/ and built/, which nothing else writes."""
    for path in sorted((path for room in _SHIPPED for path in (folder / room).rglob("*")), reverse=True):
        if path.is_file() and path not in present:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
