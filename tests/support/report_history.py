"""The history of three jobs, one of which never ran, with numbers that are known: a good week, and a bad one after."""

from datetime import UTC, datetime, timedelta

from lakeflow.history.tables import Row
from tests.support.system_tables import HOUR, JobVersion, price, run, usage

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SALES, INTAKE, NEVER = "500", "501", "502"
LISTED = f"{SALES},{INTAKE},{NEVER}"
NAMES = (
    JobVersion(job_id=SALES, name="sales", change_time=NOW - 90 * DAY),
    JobVersion(job_id=SALES, name="daily-sales", change_time=NOW - 30 * DAY),
    JobVersion(job_id=INTAKE, name="intake", change_time=NOW - 90 * DAY),
    JobVersion(job_id="999", name="of somebody else", change_time=NOW - 90 * DAY),
)


def daily(job: str, *minutes: int, until: datetime, dbus: float) -> tuple[Row, ...]:
    """Return a successful run a day, the newest first, each with what it used."""
    rows: list[Row] = []
    for n, length in enumerate(minutes):
        ended = until - n * DAY
        name = f"{job}-{ended:%d}"
        rows += run(name, ended=ended, took=timedelta(minutes=length), code="SUCCESS", job=job)
        rows.append(usage(name, began=ended - HOUR, dbus=dbus, job=job))
    return tuple(rows)


HISTORY: tuple[Row, ...] = (
    *NAMES,
    price("0.5", since=NOW - 300 * DAY),
    *daily(SALES, 30, 30, 30, 30, 40, until=NOW, dbus=4),
    *run("down", ended=NOW - 2 * HOUR, state="FAILED", code="CLUSTER_ERROR"),
    *run("hung", ended=NOW - 3 * HOUR, took=2 * HOUR, state="TIMED_OUT", code="CANCELED"),
    *run("full", ended=NOW - 4 * HOUR, took=timedelta(0), state="SKIPPED", code="MAX_CONCURRENT_RUNS_EXCEEDED"),
    *daily(SALES, 20, 20, 20, 20, 20, until=NOW - 7 * DAY, dbus=2),
    *daily(INTAKE, 5, 5, until=NOW - HOUR, dbus=1),
    *run("going", ended=NOW, state=None, job=INTAKE),
    *run("foreign", ended=NOW - HOUR, state="FAILED", job="999"),
    *run("elsewhere", ended=NOW - HOUR, state="FAILED", workspace="2002"),
)
