"""Starting the workspace: its file, who may ask, what runs do, the socket, and what the terminal says of it."""

import argparse
import json
import logging
import secrets
import signal
import sys
from dataclasses import replace
from logging.handlers import RotatingFileHandler
from pathlib import Path
from textwrap import indent
from typing import Any, NoReturn

from constructs_lib.errors import LakeflowError
from lakeflow.scenario.playback import history
from lakeflow.scenario.reading import document_of, of_document
from lakeflow.words import counted
from lakeflow.workspace.clock import FASTEST, Clock
from lakeflow.workspace.exchange import Json
from lakeflow.workspace.past import give_past
from lakeflow.workspace.server import LOOPBACK, address, listening, milliseconds, server
from lakeflow.workspace.state import WORKSPACE_ID, State
from lakeflow.workspace.store import Store
from lakeflow.workspace.whereabouts import Whereabouts
from lakeflow.workspace.worker import Worker
from lakeflow.workspace.workspace import Workspace

_ACCESS = "access"


def start(arguments: argparse.Namespace) -> int:
    """Serve until somebody stops it."""
    if arguments.speed is not None and not 0 < arguments.speed <= FASTEST:
        raise LakeflowError(f"--speed is {arguments.speed}", fix=f"it is above 0, and up to {FASTEST:,.0f}")
    if not 0 <= arguments.port <= 65535:
        raise LakeflowError(f"--port is {arguments.port}", fix="it is between 0 and 65535")
    if arguments.throttle is not None and arguments.throttle < 1:
        raise LakeflowError(f"--throttle is {arguments.throttle}", fix="it is 1 or more")
    document = document_of(arguments.scenario) if arguments.scenario else None
    if arguments.past and document is None:
        raise LakeflowError("--past is that of a scenario", fix="name one with --scenario")
    try:
        with listening(arguments.host, arguments.port) as made, Store(_made(arguments.state)) as store:
            state = store.load()
            token = _prepare(state, arguments, document)
            _log(arguments)
            workspace = Workspace(store, {token: arguments.user}, state=state, most_per_second=arguments.throttle)
            whereabouts = Whereabouts(host=address(made), token=token)
            whereabouts.write(arguments.state)
            try:
                signal.signal(signal.SIGTERM, _stop)
                with Worker(workspace, milliseconds) as worker:
                    _say(arguments, whereabouts, state)
                    server(worker, [token], [arguments.host]).run(sockets=[made])
            finally:
                Whereabouts.forget(arguments.state)
    except (KeyboardInterrupt, SystemExit):
        if arguments.format == "text":
            sys.stdout.write(f"\nstopped; everything is in {arguments.state}\n")
    return 0


def _stop(*_: object) -> NoReturn:
    raise SystemExit(0)


def _made(path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)  # secrets are kept in it
    except OSError as error:
        raise LakeflowError(
            f"cannot be made: {(error.strerror or '').lower()}", place=str(path), fix="name another --state"
        ) from None
    return path


def _prepare(state: State, arguments: argparse.Namespace, document: Json | None) -> str:
    """Put what the arguments say into the state, and return the token."""
    settings = state.tables["settings"]
    if _ACCESS not in settings:
        settings[_ACCESS] = {"token": f"local-{secrets.token_urlsafe(24)}"}
    if arguments.past:
        if state.tables["jobs"] or state.tables["runs"]:
            raise LakeflowError(
                "--past is for a new state, and this one has jobs",
                place=str(arguments.state),
                fix="name another --state",
            )
        _give_past(state, document or {})
    if document is not None:
        settings["scenario"] = document
    if arguments.speed is not None:
        clock, machine = Clock(state), milliseconds()
        clock.set(machine=machine, workspace=clock.at(machine), speed=arguments.speed)
    token: str = settings[_ACCESS]["token"]
    return token


def _give_past(state: State, document: Json) -> None:
    scenario = of_document(document)
    give_past(state, history(replace(scenario, workspace_id=WORKSPACE_ID)))
    Clock(state).set(machine=milliseconds(), workspace=round(scenario.until.timestamp() * 1000), speed=1.0)


def _log(arguments: argparse.Namespace) -> None:
    """Write requests and faults beside the state; requests also on the terminal where that is asked for."""
    path = arguments.state.with_name(f"{arguments.state.name}.log")
    handlers: list[logging.Handler] = [
        RotatingFileHandler(path, maxBytes=10 * 1024 * 1024, backupCount=1, encoding="utf-8", delay=True)
    ]
    if arguments.verbose:
        handlers.append(_Terminal(sys.stderr))
    for handler in handlers:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=handlers, force=True)
    logging.getLogger("lakeflow.workspace").setLevel(logging.INFO)


class _Terminal(logging.StreamHandler[Any]):
    def emit(self, record: logging.LogRecord) -> None:
        """Print one line of a record; a fault's trace is in the file."""
        self.stream.write(f"{record.getMessage()}\n")
        self.flush()


def _say(arguments: argparse.Namespace, whereabouts: Whereabouts, state: State) -> None:
    if arguments.format == "json":
        said = {"host": whereabouts.host, "token": whereabouts.token, "page": whereabouts.page}
        sys.stdout.write(f"{json.dumps(said)}\n")
    else:
        jobs, runs = counted(len(state.tables["jobs"]), "job"), counted(len(state.tables["runs"]), "run")
        sys.stdout.write(
            f"a Databricks workspace at {whereabouts.host}, with {jobs} and {runs}\n\n"
            f"{indent(whereabouts.exports, '  ')}\n"
            f"look at it: {whereabouts.page}\n"
        )
        if arguments.host not in {LOOPBACK, "localhost", "::1"}:
            sys.stdout.write(f"warning: it listens on {arguments.host}, and other machines may reach it\n")
        sys.stdout.write("Ctrl-C stops it\n")
    sys.stdout.flush()
