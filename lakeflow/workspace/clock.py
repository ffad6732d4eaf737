"""The time of a workspace: it goes on with the machine's, at a speed, and can be moved on.

What is kept is where both times were once and the speed since then, so that it goes on after a restart. Our own
endpoint, `/api/2.0/lakeflow/clock`: Databricks has no such thing.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from constructs_lib.errors import LakeflowError
from lakeflow.run.words import duration_of
from lakeflow.workspace.exchange import Json, Request, Route, Routes, invalid
from lakeflow.workspace.fields import Fields, number, text
from lakeflow.workspace.state import State

FASTEST = 1_000_000.0
LATEST = 253_370_764_800_000  # the year 9999
_KEY = "clock"
_MOVE = Fields({"advance": text, "to": text, "speed": number})


class Clock:
    """Turns the machine's time into the workspace's, both in milliseconds since 1970."""

    def __init__(self, state: State) -> None:
        self._settings = state.tables["settings"]
        self._latest = 0

    def at(self, machine: int) -> int:
        """Return the workspace's time at a time of the machine; it never goes back."""
        kept = self._settings.current(_KEY)
        now = machine if kept is None else kept["workspace"] + int((machine - kept["machine"]) * kept["speed"])
        self._latest = max(self._latest, min(now, LATEST))
        return self._latest

    @property
    def speed(self) -> float:
        """How many seconds of the workspace go by in one of the machine."""
        kept = self._settings.current(_KEY)
        return 1.0 if kept is None else float(kept["speed"])

    def set(self, *, machine: int, workspace: int, speed: float) -> None:
        """Let the workspace's time go on from an instant at a speed."""
        self._settings[_KEY] = {"machine": machine, "workspace": workspace, "speed": speed}

    def machine(self, workspace: int) -> int:
        """Return the machine's time at a time of the workspace."""
        kept = self._settings.current(_KEY)
        if kept is None:
            return workspace
        return int(kept["machine"] + (workspace - kept["workspace"]) / kept["speed"])


class ClockService:
    """Tell the time, and move it."""

    def __init__(self, state: State, pass_time: Callable[[int], None]) -> None:
        self._clock = Clock(state)
        self._pass_time = pass_time

    def routes(self) -> Routes:
        """Return what answers which path."""
        return {
            "GET /lakeflow/clock": Route("tell what time it is here", self._get),
            "POST /lakeflow/clock": Route("let time go by, or go faster", self._move, _MOVE),
        }

    def _get(self, request: Request) -> Json:
        """Return what time it is."""
        return told(request.at, self._clock.speed)

    def _move(self, request: Request) -> Json:
        """Move the time on: `advance` by `90d`, or `to` an instant; `speed` is that of the time from then on."""
        unknown = sorted(request.body.keys() - {"advance", "to", "speed"})
        if unknown:
            raise invalid(f"Unknown field: {unknown[0]}. There are advance, to and speed.")
        now = moved(request.at, request.body.get("advance"), request.body.get("to"))
        speed = as_speed(request.body.get("speed", self._clock.speed))
        machine = self._clock.machine(request.at)
        self._pass_time(now)
        self._clock.set(machine=machine, workspace=now, speed=speed)
        return told(now, speed)


def told(at: int, speed: float) -> Json:
    """Return a time as it is answered."""
    return {"now": instant(at), "now_ms": at, "speed": speed}


def instant(at: int) -> str:
    """Return an instant as ISO 8601 says it."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def moved(at: int, advance: str | None, to: str | None) -> int:
    """Return the instant that is asked for; refuse one that is over, and none that can be read."""
    if advance is not None and to is not None:
        raise invalid("advance and to cannot both be given.")
    if advance is not None:
        try:
            now = at + round(duration_of(advance, place="advance").total_seconds() * 1000)
        except (LakeflowError, OverflowError):
            raise invalid(f"advance is {advance!r}; write it as 90d, 2h or 45m.") from None
    elif to is not None:
        try:
            moment = datetime.fromisoformat(to)
            now = round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
        except (ValueError, OverflowError):
            raise invalid(f"to is {to!r}; write it as 2026-01-31T06:00:00Z.") from None
    else:
        return at
    if now < at:
        raise invalid(f"It is {instant(at)} already, and time does not go back.")
    if now > LATEST:
        raise invalid("That is after the year 9998.")
    return now


def as_speed(value: float) -> float:
    """Return a speed; refuse what is none."""
    if not 0 < value <= FASTEST:
        raise invalid(f"speed is {value!r}; it is a number above 0, up to {FASTEST:,.0f}.")
    return float(value)
