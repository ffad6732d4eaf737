"""Document intake: what arrived is parsed, one by one; what cannot be parsed is put aside."""

from datetime import timedelta

from constructs_lib import (
    ConditionTask,
    ForEachTask,
    Goal,
    LakeflowJob,
    NotebookTask,
    Retries,
    RunAlert,
    RunIf,
    SqlFileTask,
    Trigger,
    concat,
    dynamic,
    loop_input,
    parameter,
)
from stacks.base import EnvironmentStack, Product


class DocumentIntake(Product):
    """Documents of the landing volume, parsed as they arrive."""

    def __init__(self, stack: EnvironmentStack) -> None:
        super().__init__(stack, "document-intake")
        environment = stack.environment
        settings = environment.products.document_intake
        where = {"catalog": parameter("catalog"), "schema": parameter("schema")}
        landing = self.volume("landing", "Where documents arrive.")
        quarantine = self.volume("quarantine", "Documents that could not be parsed.")

        listing = NotebookTask("list", self.notebook("list_documents.py"), parameters={"landing": landing})
        any_new = ConditionTask("any-new", listing.value("count"), ">", "0", depends_on=[listing])
        parse = ForEachTask(
            "parse-all",
            listing.value("documents"),
            task=NotebookTask(
                "parse",
                self.notebook("parse_document.py"),
                parameters={
                    "path": loop_input("path"),
                    "kind": loop_input("kind"),
                    "run_id": dynamic("job", "run_id"),
                },
                retries=Retries(1, wait=timedelta(seconds=30)),
                timeout=timedelta(minutes=10),
            ),
            concurrency=settings.parallel_documents,
            depends_on=[any_new.when_true],
        )
        set_aside = NotebookTask(
            "quarantine",
            self.notebook("quarantine.py"),
            parameters={
                "landing": landing,
                "quarantine": quarantine,
                "run_id": dynamic("job", "run_id"),
            },
            depends_on=[parse],
            run_if=RunIf.AT_LEAST_ONE_FAILED,
        )
        summarise = SqlFileTask(
            "summarise",
            self.file("summarise.sql"),
            warehouse=stack.warehouse,
            parameters=where,
            depends_on=[parse],
            run_if=RunIf.ALL_DONE,
        )

        self.job = LakeflowJob(
            self,
            "job",
            goal=Goal("Every document that arrives is a row within the hour.", owner="data-engineering"),
            tasks=[listing, any_new, parse, set_aside, summarise],
            trigger=Trigger.file_arrival(
                concat(landing, "/"), settle=timedelta(minutes=2), at_most_every=timedelta(minutes=10)
            ).paused_if(environment.schedules_paused),
            operations=stack.operations(
                timeout=timedelta(hours=1),
                parameters={"catalog": environment.catalog, "schema": self.schema_name},
                performance_target="STANDARD",
            ),
            monitoring=stack.monitoring(RunAlert.slow(longer_than=timedelta(minutes=40))),
        )
