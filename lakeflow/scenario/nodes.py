"""How busy the nodes of clusters were: https://docs.databricks.com/aws/en/admin/system-tables/compute."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from lakeflow.chance import Chance, hex_of
from lakeflow.history.tables import NodeMinute
from lakeflow.scenario.model import Busy, Scenario
from lakeflow.scenario.use import Use

_MINUTE = timedelta(minutes=1)
_KEPT = timedelta(days=90)
_IDLE = Busy(cpu=1.0, io_wait=0.0, memory=10.0)


def node_minutes(scenario: Scenario, use: Use, known: datetime) -> Iterator[NodeMinute]:
    """Yield the samples of a use whose compute says how busy it is, if it is of the last ninety days."""
    if use.compute.busy is not None and use.cluster_id and use.start >= known - _KEPT:
        yield from _of(scenario, use, use.compute.busy)


def _of(scenario: Scenario, use: Use, busy: Busy) -> Iterator[NodeMinute]:
    spread = use.job.spread
    at = use.start.replace(second=0) + _MINUTE
    while at + _MINUTE <= use.end:
        chance = Chance(scenario.seed, use.cluster_id, at.isoformat())
        for number in range(use.compute.workers + 1):
            driver, idle = number == 0, 0 < number <= busy.idle
            said = _IDLE if idle else busy
            cpu = 0.0 if spread == 0 else chance.around(said.cpu, spread) - said.cpu
            yield NodeMinute(
                account_id=scenario.account_id,
                workspace_id=scenario.workspace_id,
                cluster_id=use.cluster_id or "",
                instance_id=hex_of(use.cluster_id, number, length=16),
                start_time=at,
                end_time=at + _MINUTE,
                driver=driver,
                cpu_user_percent=round(min(100.0, max(0.0, (said.cpu + cpu) * 0.9)), 3),
                cpu_system_percent=round(min(10.0, max(0.0, (said.cpu + cpu) * 0.1)), 3),
                cpu_wait_percent=said.io_wait,
                mem_used_percent=said.memory,
                mem_swap_percent=said.swap,
                node_type=use.compute.node_type,
            )
        at += busy.every
