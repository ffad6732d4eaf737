"""Every environment becomes its stack: `python main.py`, or only those named: `python main.py dev test`."""

import sys

from constructs_lib import run


def main() -> None:
    """Build, check and write the stacks."""
    # Imported here, so that a mistake in one of these files is told in one line, and Node.js starts meanwhile.
    from environments import selected

    environments = selected(sys.argv[1:])

    from constructs_lib import LakeflowApp
    from stacks import build

    app = LakeflowApp()
    for environment in environments:
        build(app, environment)
    app.synth()


if __name__ == "__main__":
    sys.exit(run(main))
