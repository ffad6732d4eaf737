"""`python -m environments` writes environment.schema.json anew, after a change of the typed settings."""

import argparse
import sys
from pathlib import Path

from environments.files.schema import published
from environments.loading import FOLDER

SCHEMA = "environment.schema.json"


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    """Write the JSON Schema of the files and say whether it changed."""
    argparse.ArgumentParser(prog="python -m environments", description=__doc__).parse_args(arguments)
    file, text = folder / SCHEMA, published()
    changed = not file.exists() or file.read_text(encoding="utf-8") != text
    file.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{folder.name}/{SCHEMA} {'written' if changed else 'is up to date'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
