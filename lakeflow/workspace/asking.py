"""Talking to the workspace that runs: how it is reached, and what time it is there."""

import argparse
import json
import shlex
import sys
from typing import Any

import requests

from constructs_lib.errors import LakeflowError
from lakeflow.workspace.whereabouts import Whereabouts, not_running

_PATIENCE_SECONDS = 600  # a year of runs takes its time


def ask(arguments: argparse.Namespace) -> int:
    """Print what was asked for."""
    whereabouts = Whereabouts.read(arguments.state)
    if arguments.action == "env":
        _clock(arguments, whereabouts, {})
        sys.stdout.write(exports(whereabouts))
        return 0
    body = {name: getattr(arguments, name) for name in ("advance", "to", "speed")}
    said = _clock(arguments, whereabouts, {name: value for name, value in body.items() if value is not None})
    if arguments.format == "json":
        sys.stdout.write(f"{json.dumps(said)}\n")
        return 0
    speed = "" if said["speed"] == 1 else f", {said['speed']:g} seconds in one"
    sys.stdout.write(f"{said['now']}{speed}\n")
    return 0


def exports(whereabouts: Whereabouts) -> str:
    """Return the lines that make a shell talk to a workspace."""
    return (
        f"export DATABRICKS_HOST={shlex.quote(whereabouts.host)}\n"
        f"export DATABRICKS_TOKEN={shlex.quote(whereabouts.token)}\n"
    )


def _clock(arguments: argparse.Namespace, whereabouts: Whereabouts, body: dict[str, Any]) -> dict[str, Any]:
    session = requests.Session()
    session.trust_env = False  # no proxy stands between this machine and itself
    try:
        answer = session.request(
            "POST" if body else "GET",
            f"{whereabouts.host}/api/2.0/lakeflow/clock",
            json=body or None,
            headers={"Authorization": f"Bearer {whereabouts.token}"},
            timeout=_PATIENCE_SECONDS,
        )
        said: dict[str, Any] = answer.json()
    except (requests.RequestException, ValueError):
        raise not_running(arguments.state) from None
    if answer.status_code != 200:
        raise LakeflowError(said.get("message", "the workspace refuses"))
    return said
