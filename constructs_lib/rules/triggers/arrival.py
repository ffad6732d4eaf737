"""Triggers that wait for files, tables, models, or what a SQL query says."""

import re

from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Severity
from constructs_lib.rules.job import Job, mapping, number, said, text
from constructs_lib.rules.quoting import shown
from constructs_lib.rules.rule import Hits, Rule
from constructs_lib.rules.triggers.blocks import hit_at, of_kind, trigger_blocks, wrong_choice
from constructs_lib.rules.triggers.examples import DAILY, FILES, TABLES, on_model, on_trigger

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_FILE_ARRIVAL = "https://docs.databricks.com/aws/en/jobs/file-arrival-triggers"
_TABLE_UPDATE = "https://docs.databricks.com/aws/en/jobs/trigger-table-update"
_PROVIDER = "https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/job"
_WAITS = ("min_time_between_triggers_seconds", "wait_after_last_change_seconds")
_SCHEMES = ("s3", "s3a", "s3n", "abfss", "abfs", "wasbs", "adl", "gs", "r2")
_MODEL_CONDITIONS = ("MODEL_CREATED", "MODEL_VERSION_READY", "MODEL_ALIAS_SET")
_MOST_TABLES = 10
_LEAST_WAIT = 60


def _wrong_location(url: str) -> str | None:
    """Return why a URL is no location to watch."""
    if "{{" in url:
        return None
    if not url.strip():
        return "it is empty"
    if "*" in url or "?" in url:
        return f"{shown(url)} has a wildcard, and a location is one folder"
    volume = url.removeprefix("dbfs:")
    if volume.startswith("/Volumes/"):
        named = len([name for name in volume.split("/") if name]) >= 4
        return None if named else f"{shown(url)} names no volume"
    scheme, found, rest = url.partition("://")
    known = found and scheme.lower() in _SCHEMES and rest.strip("/")
    return None if known else f"{shown(url)} is no folder of a volume or an external location"


def _location(job: Job) -> Hits:
    for path, block in of_kind(job, "file_arrival"):
        url = text(block.get("url"))
        wrong = None if url is None else _wrong_location(url)
        if wrong:
            yield hit_at(
                (*path, "url"),
                wrong,
                "write `/Volumes/<catalog>/<schema>/<volume>/…/`, or a URL such as `s3://bucket/folder/`",
            )


def _open_folder(job: Job) -> Hits:
    for path, block in of_kind(job, "file_arrival"):
        url = text(block.get("url"))
        if url and not url.endswith(("/", "}}")) and _wrong_location(url) is None:
            yield hit_at((*path, "url"), f"{shown(url)} has no slash at its end", "write it with a slash at its end")


def _waits(job: Job) -> Hits:
    for kind in ("file_arrival", "table_update", "model"):
        for path, block in of_kind(job, kind):
            for name in _WAITS:
                seconds = number(block.get(name))
                if seconds and seconds < _LEAST_WAIT:
                    yield hit_at(
                        (*path, name), f"{shown(block[name])} is below 60 seconds", "write 60 or more, or leave it out"
                    )


def _table_names(job: Job) -> Hits:
    for path, block in of_kind(job, "table_update"):
        names = block.get("table_names")
        if not isinstance(names, list):
            continue
        for index, name in enumerate(names):
            given = text(name)
            if given is not None and "{{" not in given and not _is_table(given):
                yield hit_at(
                    (*path, "table_names", index), f"{shown(given)} is no table", "write `<catalog>.<schema>.<table>`"
                )
        if not names:
            yield hit_at((*path, "table_names"), "it names no table", "write `<catalog>.<schema>.<table>`")
        if len(names) > _MOST_TABLES:
            yield hit_at(
                (*path, "table_names"), f"it names {len(names)} tables, and 10 are allowed", "make several jobs of it"
            )


def _is_table(name: str) -> bool:
    return bool(re.fullmatch(r"(?:`[^`]+`|[^`.\s]+)(?:\.(?:`[^`]+`|[^`.\s]+)){2}", name))


def _table_condition(job: Job) -> Hits:
    for path, block in of_kind(job, "table_update"):
        yield from wrong_choice((*path, "condition"), block.get("condition"), ("ANY_UPDATED", "ALL_UPDATED"))


def _model_condition(job: Job) -> Hits:
    for path, block in of_kind(job, "model"):
        yield from wrong_choice((*path, "condition"), block.get("condition"), _MODEL_CONDITIONS)


def _model_aliases(job: Job) -> Hits:
    for path, block in of_kind(job, "model"):
        condition = text(block.get("condition"))
        if said(block.get("aliases")) and condition in _MODEL_CONDITIONS and condition != "MODEL_ALIAS_SET":
            yield hit_at(
                (*path, "aliases"),
                f"{condition} takes no aliases",
                "leave them out, or write condition MODEL_ALIAS_SET",
            )


def _model_name(job: Job) -> Hits:
    for path, block in of_kind(job, "model"):
        name = text(block.get("securable_name"))
        if name and not re.fullmatch(r"[^.\s]+\.[^.\s]+(?:\.[^.\s]+)?", name):
            yield hit_at(
                (*path, "securable_name"),
                f"{shown(name)} is no model and no schema",
                "write `<catalog>.<schema>.<model>`, `<catalog>.<schema>`, or leave it out for all models",
            )


def _sql_condition(job: Job) -> Hits:
    for name in ("schedule", "trigger"):
        if name in job.body:
            mode = mapping(job.block(name).get("sql_condition")).get("trigger_mode")
            yield from wrong_choice((name, "sql_condition", "trigger_mode"), mode, _MODES)
    if "triggers" in job.body:
        for path, block in trigger_blocks(job):
            mode = mapping(block.get("sql_condition")).get("trigger_mode")
            yield from wrong_choice((*path, "sql_condition", "trigger_mode"), mode, _MODES)


_MODES = ("QUERY_RETURNS_ROWS", "RESULT_VALUE_CHANGES")

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF519",
        severity=Severity.ERROR,
        title="A file arrival location is no folder of a volume or external location",
        why="Only Unity Catalog volumes and external locations are watched, as whole folders.",
        source=_FILE_ARRIVAL,
        bad=on_trigger(file_arrival={"url": "/mnt/raw/"}),
        good=on_trigger(file_arrival=FILES),
        job=_location,
    ),
    Rule(
        code="LF520",
        severity=Severity.WARNING,
        title="A file arrival location has no slash at its end",
        why="The documentation asks for it: a location is a folder.",
        source=_PROVIDER,
        bad=on_trigger(file_arrival={"url": "/Volumes/main/raw/in"}),
        good=on_trigger(file_arrival=FILES),
        job=_open_folder,
    ),
    Rule(
        code="LF521",
        severity=Severity.ERROR,
        title="A wait of a trigger is below 60 seconds",
        why="It is refused.",
        source=_API,
        bad=on_trigger(file_arrival={**FILES, "wait_after_last_change_seconds": 5}),
        good=on_trigger(file_arrival={**FILES, "wait_after_last_change_seconds": 60}),
        job=_waits,
    ),
    Rule(
        code="LF522",
        severity=Severity.ERROR,
        title="A table update trigger names no tables, too many, or something else",
        why="It takes up to ten names, each with catalog, schema and table.",
        source=_TABLE_UPDATE,
        bad=on_trigger(table_update={**TABLES, "table_names": ["orders"]}),
        good=on_trigger(table_update=TABLES),
        job=_table_names,
    ),
    Rule(
        code="LF523",
        severity=Severity.ERROR,
        title="A table update trigger has an unknown condition",
        why="Another value is refused.",
        source=_API,
        bad=on_trigger(table_update={**TABLES, "condition": "EVERY_UPDATED"}),
        good=on_trigger(table_update=TABLES),
        job=_table_condition,
    ),
    Rule(
        code="LF524",
        severity=Severity.ERROR,
        title="A model trigger has an unknown condition",
        why="Another value is refused.",
        source=_API,
        bad=on_model(condition="MODEL_CHANGED"),
        good=on_model(condition="MODEL_CREATED"),
        job=_model_condition,
    ),
    Rule(
        code="LF525",
        severity=Severity.ERROR,
        title="A model trigger has aliases without MODEL_ALIAS_SET",
        why="Aliases are taken with that condition only.",
        source=_API,
        bad=on_model(condition="MODEL_CREATED", aliases=["prod"]),
        good=on_model(condition="MODEL_ALIAS_SET", aliases=["prod"]),
        job=_model_aliases,
    ),
    Rule(
        code="LF526",
        severity=Severity.ERROR,
        title="A model trigger names neither a model nor a schema",
        why="A model has three names, a schema two, and no name means every model.",
        source=_API,
        bad=on_model(condition="MODEL_CREATED", securable_name="churn"),
        good=on_model(condition="MODEL_CREATED", securable_name="main.ml.churn"),
        job=_model_name,
    ),
    Rule(
        code="LF527",
        severity=Severity.ERROR,
        title="A SQL condition has an unknown trigger mode",
        why="Another value is refused.",
        source=_API,
        bad=job(
            schedule={**DAILY, "sql_condition": {"sql_query_id": "q", "warehouse_id": "w", "trigger_mode": "ROWS"}},
            queue={"enabled": True},
        ),
        good=job(
            schedule={
                **DAILY,
                "sql_condition": {"sql_query_id": "q", "warehouse_id": "w", "trigger_mode": "QUERY_RETURNS_ROWS"},
            },
            queue={"enabled": True},
        ),
        job=_sql_condition,
    ),
)
