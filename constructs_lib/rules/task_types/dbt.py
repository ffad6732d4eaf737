"""Rules of dbt tasks.

https://docs.databricks.com/aws/en/jobs/dbt
"""

from collections.abc import Iterator
from typing import Any

from constructs_lib.errors import shortened
from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.given import given, only, strings
from constructs_lib.rules.job import JobTask
from constructs_lib.rules.rule import Rule
from constructs_lib.rules.task_types.examples import JOBS_API, task_of


def _dbt_commands(task: JobTask) -> Iterator[Hit]:
    commands = task.block("dbt_task").get("commands")
    if isinstance(commands, list) and not 1 <= len(commands) <= 10:
        count = f"{len(commands)} commands" if commands else "no command"
        yield task.hit(
            "dbt_task",
            "commands",
            message=f"dbt_task has {count}",
            hint="write 1 to 10 commands; split the others into a second task",
        )


def _dbt_command(task: JobTask) -> Iterator[Hit]:
    for index, command in strings(task.block("dbt_task").get("commands")):
        if command.split(None, 1)[:1] != ["dbt"] and not command.startswith(("${", "{{")):
            yield task.hit(
                "dbt_task",
                "commands",
                index,
                message=f"the command {shortened(command)} does not start with dbt",
                hint=f"write {'dbt ' + command.strip()!r}" if command.strip() else "write a dbt command",
            )


def _dbt_catalog(task: JobTask) -> Iterator[Hit]:
    block = task.block("dbt_task")
    if given(block.get("catalog")) and not given(block.get("warehouse_id")):
        yield task.hit(
            "dbt_task",
            "catalog",
            message=f"dbt_task has a catalog ({shortened(block['catalog'])}) without a warehouse_id",
            hint="write a warehouse_id, or the catalog into profiles.yml",
        )


def _dbt_schema(task: JobTask) -> Iterator[Hit]:
    block = task.block("dbt_task")
    schema = block.get("schema")
    # "default" is what the provider fills in by itself.
    if given(schema) and schema != "default" and not given(block.get("warehouse_id")):
        yield task.hit(
            "dbt_task",
            "schema",
            message=f"dbt_task has a schema ({shortened(schema)}) without a warehouse_id, so it is not used",
            hint="write a warehouse_id, or the schema into profiles.yml",
        )


def _dbt_profiles(task: JobTask) -> Iterator[Hit]:
    block = task.block("dbt_task")
    if given(block.get("profiles_directory")) and given(block.get("warehouse_id")):
        yield task.hit(
            "dbt_task",
            "profiles_directory",
            message="dbt_task has a profiles_directory and a warehouse_id",
            hint="keep one: with a warehouse the profile is generated; --profiles-dir in a command overrides it",
        )


def _dbt_project(task: JobTask) -> Iterator[Hit]:
    block = only(task.body.get("dbt_task"))
    if block is None or given(block.get("project_directory")):
        return
    source = block.get("source")
    if source == "WORKSPACE" or (not given(source) and not given(task.job.body.get("git_source"))):
        yield task.hit(
            "dbt_task",
            message="dbt_task has no project_directory, which a project in the workspace needs",
            hint="write the project's absolute path, or source GIT and the job's git_source",
        )


_ENVIRONMENT = {"environment_key": "default", "spec": {"environment_version": "4", "dependencies": ["dbt-databricks"]}}


def _dbt(**block: Any) -> dict[str, Any]:
    body = {"commands": ["dbt run"], "project_directory": "/Workspace/Shared/dbt", "source": "WORKSPACE", **block}
    body = {name: value for name, value in body.items() if value is not None}
    return job({**task_of("dbt_task", **body), "environment_key": "default"}, environment=[_ENVIRONMENT])


_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF314",
        severity=_ERROR,
        title="A dbt task does not have 1 to 10 commands",
        why="The API takes at least one command and at most ten.",
        source=JOBS_API,
        bad=_dbt(commands=[]),
        good=_dbt(commands=["dbt deps", "dbt run"]),
        task=_dbt_commands,
        blocks=("dbt_task",),
    ),
    Rule(
        code="LF315",
        severity=_ERROR,
        title="A dbt command does not start with dbt",
        why="The API refuses every other command.",
        source=JOBS_API,
        bad=_dbt(commands=["run --select orders"]),
        good=_dbt(commands=["dbt run --select orders"]),
        task=_dbt_command,
        blocks=("dbt_task",),
    ),
    Rule(
        code="LF316",
        severity=_ERROR,
        title="A dbt task has a catalog, but no warehouse",
        why="A catalog goes into the generated profile of a SQL warehouse; without one profiles.yml says it.",
        source=JOBS_API,
        bad=_dbt(catalog="prod"),
        good=_dbt(catalog="prod", schema="sales", warehouse_id="abc"),
        task=_dbt_catalog,
        blocks=("dbt_task",),
    ),
    Rule(
        code="LF317",
        severity=_WARNING,
        title="A dbt task has a schema, but no warehouse",
        why="The schema is only used with a warehouse: dbt writes wherever profiles.yml says.",
        source=JOBS_API,
        bad=_dbt(schema="sales"),
        good=_dbt(schema="sales", warehouse_id="abc"),
        task=_dbt_schema,
        blocks=("dbt_task",),
    ),
    Rule(
        code="LF318",
        severity=_ERROR,
        title="A dbt task has a warehouse and a profiles_directory",
        why="With a warehouse the profile is generated; profiles_directory is only for tasks without one.",
        source=JOBS_API,
        bad=_dbt(profiles_directory="profiles", warehouse_id="abc"),
        good=_dbt(profiles_directory="profiles"),
        task=_dbt_profiles,
        blocks=("dbt_task",),
    ),
    Rule(
        code="LF319",
        severity=_ERROR,
        title="A dbt project in the workspace has no directory",
        why="Only in a Git repository is there a root to fall back on.",
        source="https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/job",
        bad=_dbt(project_directory=None),
        good=_dbt(),
        task=_dbt_project,
        blocks=("dbt_task",),
    ),
)
