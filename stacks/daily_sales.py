"""Daily sales: ingest → transform → quality gate → train → report → publish."""

from datetime import timedelta

from constructs_lib import (
    Compute,
    ConditionTask,
    Goal,
    LakeflowJob,
    NotebookTask,
    Pipeline,
    PipelineTask,
    PythonScriptTask,
    Retries,
    RunAlert,
    SqlFileTask,
    Trigger,
    dynamic,
    parameter,
)
from stacks.base import EnvironmentStack, Product


class DailySales(Product):
    """Yesterday's sales, cleaned, modelled and on the dashboard in the morning."""

    def __init__(self, stack: EnvironmentStack) -> None:
        super().__init__(stack, "daily-sales")
        environment = stack.environment
        settings = environment.products.daily_sales
        where = {"catalog": parameter("catalog"), "schema": parameter("schema")}

        etl = Compute.job_cluster("etl", stack.cluster())
        forecast = Compute.serverless(
            "forecast", dependencies=["mlflow-skinny[databricks]>=2.22,<4", "scikit-learn==1.5.2"]
        )
        pipeline = Pipeline(
            self,
            "pipeline",
            code=[self.deployed_file("transform.sql")],
            catalog=environment.catalog,
            schema=self.schema_name,
            configuration={"source_catalog": environment.catalog, "source_schema": self.schema_name},
            development=environment.schedules_paused,
            run_as=stack.run_as,
            tags=stack.tags,
        )

        ingest = NotebookTask(
            "ingest", self.notebook("ingest.py"), compute=etl, retries=Retries(2, wait=timedelta(minutes=5))
        )
        transform = PipelineTask("transform", pipeline, depends_on=[ingest])
        enough = ConditionTask(
            "enough-rows", ingest.value("rows"), ">=", str(settings.minimum_rows), depends_on=[transform]
        )
        explain = NotebookTask(
            "explain-gap",
            self.notebook("explain_gap.py"),
            parameters={
                "short_day": ingest.value("day"),
                "rows": ingest.value("rows"),
                "needed": str(settings.minimum_rows),
                "run_id": dynamic("job", "run_id"),
            },
            depends_on=[enough.when_false],
        )
        train = PythonScriptTask(
            "train",
            self.file("train.py"),
            arguments=[
                "--catalog",
                where["catalog"],
                "--schema",
                where["schema"],
                "--experiment",
                f"{environment.code_folder}/daily-sales-forecast",
            ],
            compute=forecast,
            timeout=timedelta(minutes=30),
            depends_on=[enough.when_true],
        )
        report = SqlFileTask(
            "report",
            self.file("report.sql"),
            warehouse=stack.warehouse,
            parameters=where,
            depends_on=[train if settings.train_model else enough.when_true],
        )
        publish = NotebookTask("publish", self.notebook("publish.py"), compute=etl, depends_on=[report])

        self.job = LakeflowJob(
            self,
            "job",
            goal=Goal(
                f"Yesterday's sales on the dashboard before {settings.ready_by:%H:%M}.",
                owner="data-engineering",
                audience="The franchises' managers",
                runbook="https://wiki.example.com/runbooks/daily-sales",
            ),
            tasks=[ingest, transform, enough, explain, *([train] if settings.train_model else []), report, publish],
            trigger=Trigger.daily(settings.starts_at, timezone=settings.timezone).paused_if(
                environment.schedules_paused
            ),
            operations=stack.operations(
                timeout=settings.timeout,
                parameters={"catalog": environment.catalog, "schema": self.schema_name, "day": ""},
                retries=Retries(1, wait=timedelta(minutes=1)),
            ),
            monitoring=stack.monitoring(
                RunAlert.late(after=settings.ready_by),
                RunAlert.failures(more_than=2),
                RunAlert.no_success(within=timedelta(hours=36)),
                *([RunAlert.cost(list_price=settings.weekly_budget)] if settings.weekly_budget else []),
            ),
        )
