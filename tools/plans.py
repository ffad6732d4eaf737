"""A plan of one stack: made by terraform or OpenTofu into a file, and shown as JSON.

Both may hold secrets in clear. Only who runs this can read them.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from constructs_lib.errors import LakeflowError
from lakeflow.run.connection import connect
from lakeflow.stack_map import OUTPUT, StackMap
from tools import vault


@dataclass(frozen=True)
class Plan:
    """A plan that was made."""

    file: Path
    document: bytes = field(repr=False)
    """What `terraform show -json` says of it."""
    status: int
    """How `terraform plan` ended; also a plan that broke off can be shown."""


def folder_of(stack: StackMap) -> Path:
    """Return where a stack's document, plan and providers are."""
    return OUTPUT / "stacks" / stack.stack


def planned(stack: StackMap, file: Path, *options: str, quiet: bool = False) -> Plan:
    """Plan into a file; further options are terraform's. Quiet, its own text, which hides little, is not shown.

    Raises LakeflowError where there is no plan at all; terraform has said why.
    """
    binary, environ = terraform(), environment(stack)
    connect(stack.host, stack.stack)
    at = f"-chdir={folder_of(stack)}"
    if _run([binary, at, "init", "-input=false"], environ, quiet=quiet):
        raise LakeflowError("terraform init failed", place=stack.stack, fix="see what it says above")
    make_private(file)
    # terraform looks for it from the stack's folder.
    target = file.name if file.parent == folder_of(stack) else str(file.resolve())
    status = _run([binary, at, "plan", "-input=false", f"-out={target}", *options], environ, quiet=quiet)
    if not file.stat().st_size:
        file.unlink()
        raise LakeflowError("terraform plan failed", place=stack.stack, fix="see what it says above")
    shown = subprocess.run([binary, at, "show", "-json", target], check=False, stdout=subprocess.PIPE, env=environ)
    if shown.returncode:
        raise LakeflowError("terraform cannot show the plan", place=stack.stack, fix="see what it says above")
    return Plan(file, shown.stdout, status)


def applied(stack: StackMap, plan: Plan) -> int:
    """Apply exactly this plan, which has the values of its variables in it; return terraform's exit status."""
    at = f"-chdir={folder_of(stack)}"
    return _run([terraform(), at, "apply", "-input=false", str(plan.file.resolve())], dict(os.environ))


def make_private(file: Path) -> None:
    """Make an empty file that nobody else can read; whoever writes to it leaves that as it is."""
    file.unlink(missing_ok=True)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def terraform() -> str:
    """Return the terraform or OpenTofu to run; an error says how to get one."""
    name = os.environ.get("TERRAFORM_BINARY_NAME") or "terraform"
    found = shutil.which(name)
    if found is None:
        raise LakeflowError(
            f"{name} is not installed", fix="install Terraform, or name OpenTofu: TERRAFORM_BINARY_NAME=tofu"
        )
    return found


def environment(stack: StackMap) -> dict[str, str]:
    """Return the environment for terraform, with the stack's secret variables; an error names those not given."""
    missing = [name for name in stack.variables if f"TF_VAR_{name}" not in os.environ]
    address = os.environ.get(vault.ADDRESS)
    if missing and not address:
        raise LakeflowError(
            f"the stack {stack.stack} has secrets that are not given: {', '.join(missing)}",
            fix=f"set {' and '.join(f'TF_VAR_{name}' for name in missing)}",
        )
    found = vault.secrets(address, missing) if missing and address else {}
    return {**os.environ, **{f"TF_VAR_{name}": value for name, value in found.items()}}


def _run(command: Sequence[str], environ: dict[str, str], *, quiet: bool = False) -> int:
    sys.stdout.flush()
    return subprocess.run(command, check=False, env=environ, stdout=subprocess.DEVNULL if quiet else None).returncode
