"""Plan or deploy one environment, for make plan and make deploy: `python -m tools.terraform plan dev`.

A plan goes through terraform or OpenTofu (TERRAFORM_BINARY_NAME names it) and leaves `plan.tfplan` and `plan.json`
beside the stack's document. A deploy goes through `cdktf deploy`. What is missing is said in one line before anything
starts.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from constructs_lib.errors import LakeflowError
from lakeflow.run.connection import connect
from lakeflow.stack_map import OUTPUT, StackMap
from tools.node import command as node_command, environment as node_environment

CLI = Path("node_modules") / "cdktf-cli" / "bundle" / "bin" / "cdktf"


def plan(stack: StackMap, *options: str) -> int:
    """Leave the plan and its JSON in the stack's folder; further options are terraform's."""
    binary = terraform()
    _need_variables(stack)
    connect(stack.host, stack.stack)
    folder = OUTPUT / "stacks" / stack.stack
    steps = [
        ["init", "-input=false"],
        ["plan", "-input=false", "-out=plan.tfplan", *options],
    ]
    for step in steps:
        status = _run([binary, f"-chdir={folder}", *step])
        if status:
            return status
    shown = subprocess.run(
        [binary, f"-chdir={folder}", "show", "-json", "plan.tfplan"], check=False, capture_output=True
    )
    if shown.returncode:
        sys.stderr.write(shown.stderr.decode(errors="replace"))
        return shown.returncode
    (folder / "plan.json").write_bytes(shown.stdout)
    sys.stdout.write(f"\n{folder / 'plan.tfplan'}\n{folder / 'plan.json'}\n")
    return 0


def deploy(stack: StackMap, *options: str) -> int:
    """Run `cdktf deploy` for the stack, with further options of its own such as --auto-approve."""
    terraform()
    if not CLI.is_file():
        sys.stdout.write("setting up node_modules …\n")
        if _run(node_command(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]), node_environment()):
            raise LakeflowError("npm could not install cdktf-cli", fix="see what it says above")
    _need_variables(stack)
    connect(stack.host, stack.stack)
    return _run(node_command([str(CLI), "deploy", stack.stack, *options]), node_environment())


def terraform() -> str:
    """Return the terraform or OpenTofu to run; an error says how to get one."""
    name = os.environ.get("TERRAFORM_BINARY_NAME") or "terraform"
    found = shutil.which(name)
    if found is None:
        raise LakeflowError(
            f"{name} is not installed", fix="install Terraform, or name OpenTofu: TERRAFORM_BINARY_NAME=tofu"
        )
    return found


def _need_variables(stack: StackMap) -> None:
    missing = [name for name in stack.variables if f"TF_VAR_{name}" not in os.environ]
    if missing:
        raise LakeflowError(
            f"the stack {stack.stack} has secrets that are not given: {', '.join(missing)}",
            fix=f"set {' and '.join(f'TF_VAR_{name}' for name in missing)}",
        )


def _run(command: Sequence[str], environ: dict[str, str] | None = None) -> int:
    return subprocess.run(command, check=False, env=environ).returncode


def main(words: Sequence[str]) -> int:
    """Run one of the two verbs for one environment."""
    verbs = {"plan": plan, "deploy": deploy}
    if len(words) < 2 or words[0] not in verbs or not words[1]:
        raise LakeflowError("no environment is named", fix=f"write make {(words or ['plan'])[0]} ENV=dev")
    verb, name, *options = words
    terraform()
    # A developer's copy has a stack of its own name; every other is synthesised under its own.
    developer = os.environ.get("LAKEFLOW_DEVELOPER")
    status = _run([sys.executable, "-m", "lakeflow", "synth", *([] if developer else [name])])
    if status:
        return status
    stack = f"dev-{developer}" if developer and name == "dev" else name
    return verbs[verb](StackMap.read(stack), *options)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except LakeflowError as error:
        sys.exit(f"error: {error}")
