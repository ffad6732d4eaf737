"""Plan, review or deploy one environment: `python -m tools.terraform plan dev`, for make and for CI.

`plan` leaves `plan.tfplan` and `plan.json` beside the stack's document. `review` does too, and shows the review instead
of terraform's text. `apply` plans anew, and applies that plan where its review has the fingerprint that `--expect`
names. `deploy` is `cdktf deploy`; with `--workspace local` to a workspace on this machine, where a job is then run.
Further options are terraform's, or cdktf's. TERRAFORM_BINARY_NAME may name OpenTofu. What is missing is said in one
line before anything starts.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from constructs_lib.errors import LakeflowError
from lakeflow.run.connection import connect
from lakeflow.stack_map import StackMap
from tools import applying, local, plans, reviews
from tools.node import command as node_command, environment as node_environment
from tools.plans import terraform

CLI = Path("node_modules") / "cdktf-cli" / "bundle" / "bin" / "cdktf"
VERBS = ("plan", "review", "apply", "deploy")
LOCAL = "local"
SHOWN = "daily-sales"


def plan(stack: StackMap, *options: str) -> int:
    """Leave the plan and its JSON in the stack's folder; further options are terraform's."""
    made = _kept(stack, *options)
    folder = plans.folder_of(stack)
    sys.stdout.write(f"\n{folder / 'plan.tfplan'}\n{folder / 'plan.json'}\n")
    return made.status


def review(stack: StackMap, *options: str, to: Path | None = None) -> int:
    """Leave the plan and its JSON as `plan` does, and show the review or append it to a file; 1 for a plan to block."""
    made = _kept(stack, *options, quiet=True)
    applying.show(stack, made, to)
    verdict = reviews.judged(stack, made)
    return int(verdict.refused or verdict.word == "block")


def deploy(stack: StackMap, *options: str) -> int:
    """Run `cdktf deploy` for the stack, with further options of its own such as --auto-approve."""
    terraform()
    if not CLI.is_file():
        sys.stdout.write("setting up node_modules …\n")
        if _run(node_command(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]), node_environment()):
            raise LakeflowError("npm could not install cdktf-cli", fix="see what it says above")
    environ = plans.environment(stack)
    connect(stack.host, stack.stack)
    return _run(node_command([str(CLI), "deploy", stack.stack, *options]), node_environment(environ))


def deploy_here(name: str, *options: str) -> int:
    """Deploy an environment to a workspace on this machine, run a job there and show how it went."""
    parser = argparse.ArgumentParser(prog=f"python -m tools.terraform deploy {name}", allow_abbrev=False)
    parser.add_argument("--run", default=SHOWN, metavar="JOB", help="the job that is run; default: daily-sales")
    known, rest = parser.parse_known_args(options)
    with local.workspace() as whereabouts:
        stack = synthesised(name)
        stack.job(known.run)
        local.give_secrets(stack)
        return deploy(stack, "--auto-approve", *rest) or local.show_run(stack, known.run, whereabouts)


def synthesised(name: str) -> StackMap:
    """Synthesise an environment and return its map; main.py says what is wrong with it."""
    terraform()
    # A developer's copy has a stack of its own name; every other is synthesised under its own.
    developer = os.environ.get("LAKEFLOW_DEVELOPER")
    here = f"-{LOCAL}" if os.environ.get("LAKEFLOW_WORKSPACE") else ""
    if _run([sys.executable, "-m", "lakeflow", "synth", *([] if developer else [name])]):
        raise LakeflowError("the synth failed", place=name, fix="see what it says above")
    return StackMap.read((f"dev-{developer}" if developer and name == "dev" else name).removesuffix(here) + here)


def _kept(stack: StackMap, *options: str, quiet: bool = False) -> plans.Plan:
    folder = plans.folder_of(stack)
    document = folder / "plan.json"
    # Where this plan fails, that of an earlier one is not taken for it.
    document.unlink(missing_ok=True)
    made = plans.planned(stack, folder / "plan.tfplan", *options, quiet=quiet)
    plans.make_private(document)
    document.write_bytes(made.document)
    return made


def _run(command: Sequence[str], environ: dict[str, str] | None = None) -> int:
    sys.stdout.flush()
    return subprocess.run(command, check=False, env=environ).returncode


def main(words: Sequence[str]) -> int:
    """Run one of the verbs for one environment."""
    if len(words) < 2 or words[0] not in VERBS or not words[1]:
        raise LakeflowError("no environment is named", fix=f"write make {(words or ['plan'])[0]} ENV=dev")
    verb, name, *rest = words
    if rest[:1] == ["--workspace"]:
        if rest[1:2] != [LOCAL] or verb != "deploy":
            raise LakeflowError(
                f"make {verb} with WORKSPACE={''.join(rest[1:2])}", fix="write make deploy ENV=dev WORKSPACE=local"
            )
        return deploy_here(name, *rest[2:])
    parser = argparse.ArgumentParser(prog=f"python -m tools.terraform {verb} {name}", allow_abbrev=False)
    if verb in {"review", "apply"}:
        parser.add_argument("--to", type=Path, metavar="FILE", help="append the review to this file, as Markdown")
    if verb == "apply":
        parser.add_argument("--expect", metavar="FINGERPRINT", help="of the plan that was reviewed")
    known, options = parser.parse_known_args(rest)
    stack = synthesised(name)
    run = {"plan": plan, "review": review, "apply": applying.apply, "deploy": deploy}[verb]
    return run(stack, *options, **vars(known))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except LakeflowError as error:
        sys.exit(f"error: {error}")
