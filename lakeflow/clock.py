"""What time it is: the machine's clock, unless `--now` fixes it."""

from argparse import ArgumentParser
from datetime import UTC, datetime

from constructs_lib.errors import LakeflowError


def add_now(parser: ArgumentParser) -> None:
    """Give a verb the option --now."""
    parser.add_argument("--now", metavar="TIME", help="the time to count from, ISO 8601; UTC where it says no offset")


def now(value: str | None) -> datetime:
    """Return the time that --now names, or the present; aware."""
    if value is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise LakeflowError(f"--now: {value!r} is no time", fix="write it as 2026-01-31T06:00:00+01:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
