"""Step 6: how a job is watched: what somebody must know about its runs, who, and where its history is asked.

https://docs.databricks.com/aws/en/jobs/monitor
"""

from collections.abc import Sequence

from constructs_lib.handles import HasWarehouseId
from constructs_lib.health import HealthRule
from constructs_lib.notifications import Recipient
from constructs_lib.quartz import Quartz
from constructs_lib.run_alerts import HistoryAlert, LiveAlert, RunAlert
from constructs_lib.triggers import Trigger
from constructs_lib.values import Value, attribute


class Monitoring(Value):
    """What somebody must know about a job's runs, who, and the warehouse that its history is asked on.

    `recipients` are told of all of it, and `warn` of late and slow runs in their place; when nobody is named, those
    that `Operations.notifications` tells of failures.
    """

    alerts: Sequence[RunAlert] = attribute(kw_only=False)
    warehouse: HasWarehouseId | None = attribute(default=None)
    recipients: Sequence[Recipient] = attribute(default=())
    warn: Sequence[Recipient] = attribute(default=())
    check_at: str = attribute(default="0 15 * * * ?")
    """When the alerts over history are evaluated: a Quartz expression, UTC."""

    def check(self) -> None:
        """Refuse history without a warehouse to ask it on."""
        kinds = [type(alert) for alert in self.alerts]
        for alert in self.alerts:
            if kinds.count(type(alert)) > 1:
                raise self.error(f"says {type(alert).__name__} twice", fix="keep one of them")
        Quartz.parse(self.check_at)
        if self.history and self.warehouse is None:
            raise self.error(
                f"{self.history[0]!r} looks at the job's history, which is asked on a SQL warehouse",
                fix="give Monitoring a warehouse=",
            )

    @property
    def history(self) -> tuple[HistoryAlert, ...]:
        """The alerts over the system tables."""
        return tuple(alert for alert in self.alerts if isinstance(alert, HistoryAlert))

    def health_rules(self, trigger: Trigger) -> tuple[HealthRule, ...]:
        """Return the health rule that warns of the first of the live alerts; a job can have one threshold."""
        longest = [alert.longest(trigger) for alert in self.alerts if isinstance(alert, LiveAlert)]
        return (HealthRule.runs_longer_than(min(longest)),) if longest else ()
