"""The command `lakeflow`: one verb each, loaded only when it is asked for."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from constructs_lib.errors import LakeflowError, nearest

VERBS = {
    "synth": "environments → checked Terraform JSON in cdktf.out, and a table of the jobs",
    "check": "the rules over job JSON, Terraform JSON, plan JSON and bundle YAML",
    "render": "job settings in any form as the Terraform JSON that this library writes",
    "review": "a Terraform plan as what happens to the jobs",
    "graph": "a job's tasks as a tree, Mermaid or SVG",
    "simulate": "what a run would do: which tasks run, are skipped or excluded, and why",
    "monitor": "from run history to the line of code to change",
    "workspace": "a Databricks workspace on this machine, for deploys, clients and runs",
    "run": "start a deployed job, follow its run, and exit by its result",
}
"""Verb → what it does; its package is `lakeflow.<verb>`."""

USAGE = 2


class _Parser(argparse.ArgumentParser):
    """An argument parser that names the nearest verb."""

    def error(self, message: str) -> NoReturn:
        """End with one line, and status 2."""
        self.exit(USAGE, f"error: {message} ({self.prog} --help says more)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status: 0 nothing found, 1 findings or failed, 2 unusable arguments or input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    verb = words[0] if words else None
    try:
        return _top(words) if verb is None or verb.startswith("-") else _verb(verb, words[1:])
    except LakeflowError as error:
        for line in str(error).splitlines():
            sys.stderr.write(f"error: {line}\n")
        return USAGE
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return USAGE
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130


def _verb(verb: str, words: Sequence[str]) -> int:
    if verb not in VERBS:
        hint = nearest(verb, VERBS)
        raise LakeflowError(
            f"there is no verb {verb!r}", fix=f"did you mean {hint!r}?" if hint else "lakeflow --help lists them"
        )
    command = import_module(f"lakeflow.{verb}.command")
    parser = _Parser(prog=f"lakeflow {verb}", description=command.__doc__, formatter_class=_Formatter)
    command.add_arguments(parser)
    return int(command.run(parser.parse_args(words)))


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help as it was written, within 100 columns."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=100)


def _top(words: Sequence[str]) -> int:
    parser = _Parser(
        prog="lakeflow",
        usage="lakeflow VERB …",
        description="Databricks Lakeflow jobs as code: what Terraform cannot do with a job.",
        formatter_class=_Formatter,
        epilog="verbs:\n"
        + "\n".join(f"  {verb:<10}{does}" for verb, does in VERBS.items())
        + "\n\n'lakeflow VERB --help' says more of one.",
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    parsed = parser.parse_args(words)
    if parsed.version:
        from importlib import metadata  # it takes longer than all else of a start

        sys.stdout.write(f"lakeflow {metadata.version('lakeflow-jobs')}\n")
    else:
        parser.print_help()
    return 0


def entry() -> NoReturn:
    """Run as the console script."""
    sys.exit(main())
