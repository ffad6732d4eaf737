"""Talking to the workspace that runs: how it is reached, and what time it is there."""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

import requests

from constructs_lib.errors import LakeflowError
from lakeflow.workspace.whereabouts import Whereabouts, not_running

_PATIENCE_SECONDS = 600  # a year of runs takes its time


def ask(arguments: argparse.Namespace) -> int:
    """Print what was asked for."""
    whereabouts = Whereabouts.read(arguments.state)
    body = {name: getattr(arguments, name) for name in ("advance", "to", "speed")}
    moved = {name: value for name, value in body.items() if value is not None and arguments.action == "clock"}
    said = clock(whereabouts, moved)
    if said is None:
        raise not_running(arguments.state)
    if arguments.action == "env":
        sys.stdout.write(whereabouts.exports)
    elif arguments.format == "json":
        sys.stdout.write(f"{json.dumps(said)}\n")
    else:
        speed = "" if said["speed"] == 1 else f", {said['speed']:g} seconds in one"
        sys.stdout.write(f"{said['now']}{speed}\n")
    return 0


def clock(whereabouts: Whereabouts, body: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """Return what time it is there, after the clock was moved as `body` says; None where no workspace answers.

    Raises LakeflowError where it refuses.
    """
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
        return None
    if answer.status_code != 200:
        raise LakeflowError(said.get("message", "the workspace refuses"))
    return said
