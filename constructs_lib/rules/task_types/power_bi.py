"""Rules of Power BI tasks.

https://docs.databricks.com/aws/en/jobs/powerbi
"""

from collections.abc import Collection, Iterator
from typing import Any

from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.given import each, only
from constructs_lib.rules.job import JobTask
from constructs_lib.rules.rule import Rule
from constructs_lib.rules.task_types.choices import choose, not_one_of
from constructs_lib.rules.task_types.examples import task_of

_STORAGE_MODES = ("DIRECT_QUERY", "IMPORT", "DUAL")
_AUTHENTICATION = ("OAUTH", "PAT")


def _power_bi(task: JobTask) -> Iterator[Hit]:
    block = task.block("power_bi_task")
    model = only(block.get("power_bi_model")) or {}
    places: list[tuple[Path, object, Collection[str]]] = [
        (("power_bi_model", "storage_mode"), model.get("storage_mode"), _STORAGE_MODES),
        (("power_bi_model", "authentication_method"), model.get("authentication_method"), _AUTHENTICATION),
    ]
    for below, table in each(block.get("tables")):
        places.append((("tables", *below, "storage_mode"), table.get("storage_mode"), _STORAGE_MODES))
    for path, value, choices in places:
        wrong = not_one_of(value, choices)
        if wrong:
            yield task.hit(
                "power_bi_task",
                *path,
                message=f"power_bi_task: {path[-1]} is {wrong!r}",
                hint=choose(wrong, choices),
            )


def _bi(mode: str) -> dict[str, Any]:
    return job(
        task_of(
            "power_bi_task",
            connection_resource_name="powerbi",
            warehouse_id="abc",
            power_bi_model={
                "workspace_name": "Sales",
                "model_name": "Sales",
                "storage_mode": mode,
                "authentication_method": "OAUTH",
            },
            tables=[{"catalog": "prod", "schema": "sales", "name": "orders", "storage_mode": "IMPORT"}],
        )
    )


_ERROR = Severity.ERROR

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF330",
        severity=_ERROR,
        title="A Power BI task has an unknown mode",
        why="The provider does not check it: storage is DIRECT_QUERY, IMPORT or DUAL, authentication OAUTH or PAT.",
        source="https://docs.databricks.com/aws/en/jobs/powerbi",
        bad=_bi("DIRECT"),
        good=_bi("DIRECT_QUERY"),
        task=_power_bi,
        blocks=("power_bi_task",),
    ),
)
