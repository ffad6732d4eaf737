"""How `main.py` runs: Node.js starts while environments are read, and what goes wrong is told in one line."""

import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread


def run(main: Callable[[], None]) -> int:
    """Run `main` and return the exit status; every error is one message on standard error.

    cdktf and Node.js start meanwhile, in a thread of their own. An exception with `for_users` has a text for users. A
    mistake in Python code is told with its place in the project; LAKEFLOW_TRACEBACK=1 shows the whole traceback.
    """
    starting = Thread(target=_start)
    starting.start()
    try:
        return _ended(main)
    finally:
        starting.join()


def _start() -> None:
    # What goes wrong here goes wrong again, and is told, where it is needed.
    with suppress(BaseException):
        import_module("constructs_lib._terraform")


def _ended(main: Callable[[], None]) -> int:
    try:
        main()
    except OSError as error:
        return _fail(f"{error.filename or 'output'}: {error.strerror or error}")
    except Exception as error:
        if getattr(error, "for_users", False):
            return _fail(str(error))
        if os.environ.get("LAKEFLOW_TRACEBACK"):
            raise
        return _fail(_in_one_line(error))
    return 0


def _fail(message: str) -> int:
    for line in message.splitlines():
        sys.stderr.write(f"error: {line}\n")
    return 1


def _in_one_line(error: Exception) -> str:
    here = Path.cwd()
    if isinstance(error, SyntaxError) and error.filename:
        path = Path(error.filename)
        shown = path.relative_to(here).as_posix() if path.is_relative_to(here) else path.name
        return f"{shown}:{error.lineno}: {error.msg}: {(error.text or '').strip()}"
    places = [
        f"{Path(frame.filename).relative_to(here).as_posix()}:{frame.lineno}: "
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(here) and ".venv" not in frame.filename
    ]
    outside = [place for place in places if not place.startswith("constructs_lib/")]
    said = str(error).partition("\n")[0].removeprefix("Error: ")
    return f"{(outside or places or [''])[-1]}{type(error).__name__}: {said} (LAKEFLOW_TRACEBACK=1 shows more)"
