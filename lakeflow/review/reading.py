"""From the bytes of `terraform show -json` to the document, or one line on why it is none."""

import gc
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from constructs_lib.errors import LakeflowError
from lakeflow.documents.texts import Lines, decoded

STANDARD_INPUT = "-"
MOST_MEGABYTES = 100
_SHOW = "run terraform show -json tfplan | lakeflow review -"
_MAJOR = "1"


def document(name: str, most_megabytes: int = MOST_MEGABYTES) -> Mapping[str, Any]:
    """Return the JSON of a plan, from a file or standard input (`-`).

    Raises LakeflowError where nothing can be read, where it is no plan or one of another major format version, and
    where it has `most_megabytes` or more.
    """
    label = "standard input" if name == STANDARD_INPUT else name
    most = most_megabytes * 1_000_000
    try:
        data = _standard_input(most) if name == STANDARD_INPUT else _file(name, most)
    except OSError as error:
        raise LakeflowError(f"cannot be read: {error.strerror or error}", place=label) from None
    except ValueError:
        raise LakeflowError("cannot be read: no such name is possible", place=label) from None
    if len(data) >= most:
        raise LakeflowError(
            f"has {most_megabytes} MB or more, which is not read",
            place=label,
            fix=f"split the stack (docs/deploy.md, Size), or allow more: --most-megabytes {most_megabytes * 10}",
        )
    return _plan(label, _json(label, data))


def _file(name: str, most: int) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(most)


def _standard_input(most: int) -> bytes:
    if sys.stdin is None or sys.stdin.closed:
        raise OSError("standard input is closed")
    return sys.stdin.buffer.read(most)


def _json(label: str, data: bytes) -> Any:
    if data.startswith(b"PK"):
        raise LakeflowError("is the plan file itself, not its JSON", place=label, fix=_SHOW)
    if not data.strip():
        raise LakeflowError("is empty", place=label, fix=_SHOW)
    text = decoded(label, data)
    try:
        return _loaded(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and text.lstrip().startswith('{"@level"'):
            raise LakeflowError("is the log of terraform plan -json, not a plan", place=label, fix=_SHOW) from None
        line, column = Lines(text).position(error.pos)
        ended = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        problem = "ends in the middle of the JSON" if ended else f"is not JSON: {error.msg}"
        raise LakeflowError(problem, place=f"{label}:{line}:{column}", fix=_SHOW) from None
    except (RecursionError, ValueError):
        raise LakeflowError("is not JSON that a plan can be: too deep, or a number too long", place=label) from None


def _loaded(text: str) -> Any:
    # Millions of values that all stay: looking for garbage among them takes longer than reading them.
    collecting = gc.isenabled()
    gc.disable()
    try:
        value = json.loads(text)
        gc.freeze()
    finally:
        if collecting:
            gc.enable()
    return value


def _plan(label: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not isinstance(value.get("format_version"), str):
        raise LakeflowError("is not a Terraform plan: it has no format_version", place=label, fix=_SHOW)
    version = value["format_version"]
    if version.partition(".")[0] != _MAJOR:
        shown = version if version.replace(".", "").isdigit() and len(version) <= 20 else "unknown"
        raise LakeflowError(
            f"is a plan of format version {shown}; this lakeflow reads {_MAJOR}.x",
            place=label,
            fix="review it with a newer lakeflow",
        )
    is_plan = any(key in value for key in ("resource_changes", "planned_values", "errored", "output_changes"))
    if not is_plan:
        what = "a state" if "values" in value else "something else of Terraform's"
        raise LakeflowError(f"is {what}, not a plan", place=label, fix=_SHOW)
    return value
