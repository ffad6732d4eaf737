"""How durations are read and said, and how text from elsewhere is made fit to be printed."""

import re
from datetime import timedelta

from constructs_lib.errors import LakeflowError
from lakeflow.words import UNITS

_DURATION = re.compile(r"(\d{1,6}d)?(\d{1,6}h)?(\d{1,6}m)?(\d{1,9}(?:\.\d{1,6})?s)?", re.ASCII)
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SECRETS = re.compile(
    "|".join(
        (
            r"\b(?:dapi|dose|dkea)[0-9a-f]{16,}(?:-\d+)?",  # Databricks
            r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*",  # JSON web tokens
            r"(?<=[Bb]earer )\S+",
            r"\b[\w~.-]{3}8Q~[\w~.-]{31,}",  # client secrets of Entra ID
            r"(?<=AccountKey=)[\w+/=]{20,}",
            r"(?<=[?&;]sig=)[\w%+/=-]{20,}",
            r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
            r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-)[\w-]{10,}",
            r"(?<=://)[^/\s:@]*:[^/\s:@]+(?=@)",  # user and password of a URL
        )
    )
)


def duration_of(text: str, *, place: str) -> timedelta:
    """Read `90m`, `2h`, `1h30m` or `45s`; raise LakeflowError at `place` for anything else."""
    match = _DURATION.fullmatch(text.strip())
    parts = [part for part in match.groups() if part] if match else []
    if not parts:
        raise LakeflowError(f"{text!r} is not a duration", place=place, fix="write 90m, 2h, 1h30m or 45s")
    return sum((float(part[:-1]) * UNITS[part[-1]] for part in parts), timedelta())


def elapsed(duration: timedelta) -> str:
    """Say how long something goes on already, in one width: `0:05:12`."""
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def plain(text: str) -> str:
    """Return text without terminal escapes and control characters, and with what looks like a token masked."""
    return _SECRETS.sub("***", _CONTROLS.sub("", _ESCAPES.sub("", text)))


def one_line(text: str, most: int = 400) -> str:
    """Return plain text on one line, cut after `most` characters."""
    line = " ".join(plain(text).split())
    return line if len(line) <= most else f"{line[:most]}…"


def last_lines(text: str, most: int) -> tuple[str, ...]:
    """Return the last `most` lines of plain text that are not empty."""
    lines = [line.rstrip()[:400] for line in plain(text).splitlines() if line.strip()]
    return tuple(lines[-most:])
