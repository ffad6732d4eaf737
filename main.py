"""Every environment becomes its stack: `python main.py`, or only those named: `python main.py dev test`."""

import sys

from constructs_lib import LakeflowApp, run
from environments import InvalidEnvironment, selected


def main() -> None:
    """Build, check and write the stacks."""
    from stacks import build  # here, so that a mistake in a stack's file is told in one line too

    environments = selected(sys.argv[1:])
    app = LakeflowApp()
    for environment in environments:
        build(app, environment)
    app.synth()


if __name__ == "__main__":
    sys.exit(run(main, InvalidEnvironment))
