"""When a schedule fires: Quartz cron expressions, read and computed as Quartz does.

https://docs.databricks.com/api/workspace/jobs/create (`schedule.quartz_cron_expression`, `schedule.timezone_id`) and
https://www.quartz-scheduler.org/documentation/quartz-2.3.0/tutorials/crontrigger.html. What those pages leave open,
Quartz 2.3.2 itself answers, and the tests compare with its answers: what it refuses is refused, and every fire is at
the same instant, oddities included. `Quartz.doubts` tells where that is hardly what was meant.

Three things are refused that Quartz takes: an eighth field (it is dropped), a field without a value such as `,`
(computing a time then fails), and letters beyond ASCII.
"""

from constructs_lib.quartz.fields import LAST_YEAR
from constructs_lib.quartz.schedule import DstSurprise, Quartz
from constructs_lib.quartz.zones import timezone

__all__ = ["LAST_YEAR", "DstSurprise", "Quartz", "timezone"]
