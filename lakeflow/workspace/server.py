"""The workspace on the network: uvicorn in front of the one thread that answers, on the loopback unless told otherwise.

https://www.uvicorn.org
"""

import socket
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import uvicorn

from constructs_lib.errors import LakeflowError
from lakeflow.workspace.app import app
from lakeflow.workspace.worker import Worker
from lakeflow.workspace.workspace import Workspace

LOOPBACK = "127.0.0.1"


def milliseconds() -> int:
    """Return the machine's time, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raise LakeflowError where that address cannot be had. Port 0 is any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is said, or small answers wait for each other: asyncio sets TCP_NODELAY where it is TCP.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(2048)
    except (OSError, OverflowError) as error:
        made.close()
        said = getattr(error, "strerror", None) or str(error)
        raise LakeflowError(
            f"cannot listen on {host}:{port}: {said.lower()}", fix="name another --port, or 0 for any that is free"
        ) from None
    return made


def address(made: socket.socket) -> str:
    """Return how a socket is called by clients on this machine."""
    host, port = made.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104  # compared, not bound
        host = LOOPBACK
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server(worker: Worker, tokens: Collection[str], names: Collection[str] = ()) -> uvicorn.Server:
    """Return the server; give it a socket that listens."""
    config = uvicorn.Config(
        app(worker, tokens, names),
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        timeout_keep_alive=60,
    )
    return uvicorn.Server(config)


@contextmanager
def running(workspace: Workspace, tokens: Collection[str], *, port: int = 0) -> Iterator[str]:
    """Serve a workspace from a thread of its own, and give its address: for tests, and whoever embeds it."""
    made = listening(LOOPBACK, port)
    with Worker(workspace, milliseconds) as worker:
        served = server(worker, tokens)
        thread = threading.Thread(target=served.run, kwargs={"sockets": [made]}, daemon=True)
        thread.start()
        try:
            yield address(made)
        finally:
            served.should_exit = True
            thread.join()
