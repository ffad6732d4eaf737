"""Live orders: a stream that never ends, and who is called when it falls behind."""

from constructs_lib import (
    Compute,
    Goal,
    HealthRule,
    LakeflowJob,
    NotebookTask,
    Notifications,
    Trigger,
    concat,
)
from stacks.base import EnvironmentStack, Product


class LiveOrders(Product):
    """Orders with their customer's segment and country, minutes after they were placed."""

    def __init__(self, stack: EnvironmentStack) -> None:
        super().__init__(stack, "live-orders")
        environment = stack.environment
        settings = environment.products.live_orders
        checkpoints = self.volume("checkpoints", "How far the stream has read.")
        on_call = stack.destination(settings.on_call)

        stream = NotebookTask(
            "stream",
            self.notebook("stream_orders.py"),
            parameters={"checkpoint": concat(checkpoints, "/orders_live")},
            compute=Compute.new_cluster(stack.cluster(workers=min(2, environment.compute.max_workers))),
        )

        self.job = LakeflowJob(
            self,
            "job",
            goal=Goal(
                "Orders are in the table minutes after they were placed.",
                owner="data-engineering",
                runbook="https://wiki.example.com/runbooks/live-orders",
            ),
            tasks=[stream],
            trigger=Trigger.continuous().paused_if(environment.schedules_paused),
            operations=stack.operations(
                parameters={"catalog": environment.catalog, "schema": self.schema_name},
                health=[HealthRule.backlog_older_than(settings.backlog_warning)],
                notifications=Notifications(on_failure=on_call, on_streaming_backlog=on_call),
            ),
        )
