"""Print jobs as the Terraform JSON that this library would deploy: the attributes of `databricks_job`.

FILE is a job as `databricks jobs get` prints it, a payload of the API, attributes or JSON of Terraform, a plan or
state, a bundle, or a list or JSON lines of these; - is standard input. One job is printed as one object; several, or
JSON lines, as one object in each line.

On standard error stands, with its place in FILE, what no typed value says: `kept` is printed as it was, `lost` is not.
Exit status: 0 everything is said, 1 something is lost, 2 something cannot be read.
"""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `lakeflow render`."""
    parser.add_argument("file", metavar="FILE", help="what holds the jobs; - is standard input")


def run(arguments: argparse.Namespace) -> int:
    """Print the jobs of a file; raise LakeflowError where it cannot be read or holds none."""
    # Values, rules and the provider's schema take a moment to import, and only a rendering needs them.
    from lakeflow.render.rendering import render

    return render(arguments.file)
