"""Step 3: what starts a job.

https://docs.databricks.com/aws/en/jobs/triggers
"""

import re
from collections.abc import Sequence
from copy import deepcopy
from datetime import time, timedelta
from typing import Any, ClassVar, Literal, Self

from constructs_lib.errors import LakeflowError, caller, shortened
from constructs_lib.handles import QUERY, WAREHOUSE, HasQueryId, HasVolumePath, HasWarehouseId
from constructs_lib.quartz import Quartz, timezone
from constructs_lib.reading import MISSING, Given
from constructs_lib.references import Text, concat, text_order
from constructs_lib.values import Value, Via, attribute

Weekday = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
_STATUS = ("PAUSED", "UNPAUSED")
_LEAST_PAUSE = timedelta(seconds=60)


class SqlCondition(Value):
    """A query that decides when a trigger fires whether a run starts (preview).

    https://docs.databricks.com/api/workspace/jobs/create
    """

    query: HasQueryId = attribute("sql_query_id", kw_only=False, via=QUERY)
    warehouse: HasWarehouseId = attribute("warehouse_id", via=WAREHOUSE)
    mode: Literal["QUERY_RETURNS_ROWS", "RESULT_VALUE_CHANGES"] | None = attribute("trigger_mode", default=None)
    """What starts a run: any row, or another result than the last time."""


class MaintenanceWindow(Value):
    """When Databricks may restart a continuous job.

    https://docs.databricks.com/aws/en/jobs/continuous
    """

    day: Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"] = attribute(
        "day_of_week", kw_only=False
    )
    hour: int = attribute("start_hour", kw_only=False)
    """The hour that it begins at, 0 to 23."""
    timezone: str = attribute("timezone_id")

    def check(self) -> None:
        """Refuse an hour and a timezone that are none."""
        if not 0 <= self.hour <= 23:
            raise self.error(f"hour: {self.hour} is not between 0 and 23")
        try:
            timezone(self.timezone)
        except LakeflowError as error:
            raise error.at(caller() or "") from None


class Trigger(Value):
    """What starts a job; `Trigger.` names the choices. *Manual* is one of them, not an omission."""

    can_pause: ClassVar[bool] = True

    paused: bool = attribute(default=False)
    """Whether it is deployed but does not start anything."""
    condition: SqlCondition | None = attribute(default=None)
    """A query that has to agree before a run starts."""

    @staticmethod
    def of(given: Given) -> "Trigger":
        """Return the trigger that a job's settings say: `Manual` where they say none."""
        if given.body.get("triggers"):
            return AnyOf.read(given)
        kinds = [kind for kind in _SINGLE if given.at(*kind.prefix) is not None]
        return kinds[0].read(given) if kinds else Manual()

    def paused_if(self, paused: bool) -> Self:
        """Return the trigger, paused where `paused` is true (or it was paused before)."""
        return self.replace(paused=True) if paused and self.can_pause and not self.paused else self

    @property
    def pause_status(self) -> str:
        """`PAUSED` or `UNPAUSED`; always said: silence lets a job go live."""
        return "PAUSED" if self.paused else "UNPAUSED"

    @staticmethod
    def cron(expression: str, *, timezone: str) -> "Schedule":
        """Return a schedule from a Quartz expression, seconds first: `"0 30 5 ? * MON-FRI"`."""
        return Schedule(expression, timezone=timezone)

    @staticmethod
    def daily(at: time, *, timezone: str, on: Sequence[Weekday] = ()) -> "Schedule":
        """Return a schedule for every day (or the weekdays in `on`) at a time of the timezone's clock."""
        if not isinstance(at, time):
            raise LakeflowError(f"expected a time such as time(5, 30), got {shortened(at)}", place=caller())
        if at.tzinfo is not None:
            raise LakeflowError(f"{at} has a time zone of its own", place=caller(), fix="say it as timezone=")
        if at.microsecond:
            raise LakeflowError(f"{at} lies between two seconds", place=caller(), fix="write whole seconds")
        days = f"? * {','.join(on)}" if on else "* * ?"
        return Schedule(f"{at.second} {at.minute} {at.hour} {days}", timezone=timezone)

    @staticmethod
    def every(interval: int, unit: Literal["MINUTES", "HOURS", "DAYS", "WEEKS"]) -> "Period":
        """Return a trigger that starts a run every so many hours, days or weeks; minutes within `any_of` only."""
        return Period(interval, unit)

    @staticmethod
    def any_of(*triggers: "Trigger") -> "AnyOf":
        """Return a trigger that starts a run when one of several does (preview); each is paused by itself."""
        return AnyOf(triggers)

    @staticmethod
    def model_update(
        event: Literal["MODEL_CREATED", "MODEL_VERSION_READY", "MODEL_ALIAS_SET"],
        *,
        model: Text | None = None,
        aliases: Sequence[str] = (),
        settle: timedelta | None = None,
        at_most_every: timedelta | None = None,
    ) -> "ModelUpdate":
        """Return a trigger for changes of a registered model, or of a schema's; within `any_of` only (preview)."""
        return ModelUpdate(event, model=model, aliases=aliases, settle=settle, at_most_every=at_most_every)

    @staticmethod
    def file_arrival(
        location: Text | HasVolumePath, *, settle: timedelta | None = None, at_most_every: timedelta | None = None
    ) -> "FileArrival":
        """Return a trigger for new files below a `Volume`, or in a folder of one or of an external location.

        `settle` waits until no file has come for so long, `at_most_every` is the least time between runs; both at least
        60 seconds.
        """
        if isinstance(location, HasVolumePath):
            location = concat(location.volume_path, "/")
        return FileArrival(location, settle=settle, at_most_every=at_most_every)

    @staticmethod
    def table_update(
        *tables: Text,
        require: Literal["ANY_UPDATED", "ALL_UPDATED"] = "ANY_UPDATED",
        settle: timedelta | None = None,
        at_most_every: timedelta | None = None,
    ) -> "TableUpdate":
        """Return a trigger for new versions of tables, each as `catalog.schema.table`; at most ten."""
        return TableUpdate(tables=tables, require=require, settle=settle, at_most_every=at_most_every)

    @staticmethod
    def continuous(*, retry_tasks: bool = True, maintenance: MaintenanceWindow | None = None) -> "Continuous":
        """Return a trigger that always keeps one run going; `retry_tasks` tries failed tasks again within the run."""
        return Continuous(retry_tasks=retry_tasks, maintenance=maintenance)

    @staticmethod
    def manual() -> "Manual":
        """Return no trigger: runs are started by people, by other jobs or through the API."""
        return Manual()


class _Single(Trigger):
    """What the triggers have in common of which a job has one: its block, with its status and condition."""

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the trigger of a job's block, with its status and condition; one that is silent goes."""
        block = given.at(cls.attributes[-1].path[0])
        status = block.take("pause_status") if block else MISSING
        if status and status not in _STATUS:
            raise LakeflowError(f"pause_status: {shortened(status)} is no status")
        condition = block.at("sql_condition") if block else None
        if condition is not None:
            said["condition"] = SqlCondition.read(condition)
        return super().read(given, paused=status == "PAUSED", **said)

    def block(self) -> dict[str, Any]:
        """Return the trigger's own block, as a list of triggers has it."""
        rendered = super().render()
        return dict(rendered.get("trigger", rendered))

    def status(self) -> dict[str, Any]:
        """Return what stands beside the trigger itself: whether it is paused, and its condition."""
        condition = {"sql_condition": self.condition.render()} if self.condition else {}
        return {"pause_status": self.pause_status, **condition}

    def render(self) -> dict[str, Any]:
        """Return the block of a job."""
        body = super().render()
        (place,) = body
        body[place].update(self.status())
        return body


class Schedule(_Single, block="schedule"):
    """A Quartz schedule in a timezone.

    https://docs.databricks.com/aws/en/jobs/scheduled
    """

    expression: str = attribute("quartz_cron_expression", kw_only=False)
    timezone: str = attribute("timezone_id")

    def check(self) -> None:
        """Refuse what Quartz refuses, and a timezone that is none."""
        try:
            Quartz.parse(self.expression)
            timezone(self.timezone)
        except LakeflowError as error:
            raise error.at(caller() or "") from None


class Period(_Single, block="trigger.periodic"):
    """A run every so many hours, days or weeks, counted from when the trigger was set.

    https://docs.databricks.com/aws/en/jobs/periodic
    """

    interval: int = attribute("interval", kw_only=False)
    unit: Literal["MINUTES", "HOURS", "DAYS", "WEEKS"] = attribute("unit", kw_only=False)

    def check(self) -> None:
        """Refuse an interval below one."""
        if self.interval < 1:
            raise self.error(f"interval: {self.interval} is below 1")

    def render(self) -> dict[str, Any]:
        """Return the `trigger` block."""
        if self.unit == "MINUTES":
            raise self.error("the provider takes minutes in a list only", fix="write Trigger.any_of(…)")
        return super().render()


class _Arrival(_Single):
    """What triggers on new data have in common."""

    def check(self) -> None:
        """Refuse waits below what the API takes."""
        for name in ("settle", "at_most_every"):
            wait = getattr(self, name)
            if wait is not None and wait < _LEAST_PAUSE:
                raise self.error(
                    f"{name}: {wait} is below 60 seconds", fix="write timedelta(minutes=1), or leave it out"
                )


class FileArrival(_Arrival, block="trigger.file_arrival"):
    """A run when files have arrived.

    https://docs.databricks.com/aws/en/jobs/file-arrival-triggers
    """

    location: Text = attribute("url", kw_only=False)
    """A folder of a volume or external location, with a slash at its end."""
    settle: timedelta | None = attribute("wait_after_last_change_seconds", default=None)
    at_most_every: timedelta | None = attribute("min_time_between_triggers_seconds", default=None)

    def check(self) -> None:
        """Refuse a location that the API refuses."""
        super().check()
        if isinstance(self.location, str):
            if not self.location.endswith("/"):
                raise self.error(f"location: {self.location!r} is no folder", fix=f"write '{self.location}/'")
            if "*" in self.location:
                raise self.error(f"location: {self.location!r} has a wildcard, which the API does not take")


class TableUpdate(_Arrival, block="trigger.table_update"):
    """A run when tables have new versions.

    https://docs.databricks.com/aws/en/jobs/trigger-table-update
    """

    tables: Sequence[Text] = attribute("table_names", via=lambda tables: sorted(tables, key=text_order))
    require: Literal["ANY_UPDATED", "ALL_UPDATED"] = attribute("condition", default="ANY_UPDATED")
    settle: timedelta | None = attribute("wait_after_last_change_seconds", default=None)
    at_most_every: timedelta | None = attribute("min_time_between_triggers_seconds", default=None)

    def check(self) -> None:
        """Refuse names that are no tables, and more than the API takes."""
        super().check()
        if not 1 <= len(self.tables) <= 10:
            raise self.error(f"{len(self.tables)} tables, and the API takes 1 to 10")
        for table in self.tables:
            if isinstance(table, str) and not re.fullmatch(r"[^.]+\.[^.]+\.[^.]+", table):
                raise self.error(f"{table!r} is no table", fix="write catalog.schema.table")


def _retry_mode(on: bool) -> str:
    return "ON_FAILURE" if on else "NEVER"


def _retries(mode: object) -> bool:
    if mode not in ("ON_FAILURE", "NEVER"):
        raise LakeflowError(f"{shortened(mode)} is no retry mode")
    return mode == "ON_FAILURE"


class Continuous(_Single, block="continuous"):
    """One run after the other, without end.

    https://docs.databricks.com/aws/en/jobs/continuous
    """

    retry_tasks: bool = attribute("task_retry_mode", default=True, via=Via(_retry_mode, _retries))
    maintenance: MaintenanceWindow | None = attribute("maintenance_window", default=None)
    """When Databricks may restart it."""

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the trigger of a `continuous` block; one that is silent does not try tasks again."""
        mode = {} if given.has(("continuous", "task_retry_mode")) else {"retry_tasks": False}
        return super().read(given, **mode, **said)

    def check(self) -> None:
        """Refuse a condition: nothing fires that it could hold back."""
        if self.condition is not None:
            raise self.error("a continuous job has no condition")


class Manual(Trigger):
    """Nothing starts the job by itself."""

    can_pause: ClassVar[bool] = False

    def check(self) -> None:
        """Refuse to be paused: there is nothing to pause."""
        if self.paused:
            raise self.error("what nothing starts cannot be paused")
        if self.condition is not None:
            raise self.error("what nothing starts has no condition")


class ModelUpdate(_Arrival, block="trigger.model"):
    """A run when a registered model changes (preview).

    https://docs.databricks.com/api/workspace/jobs/create
    """

    event: Literal["MODEL_CREATED", "MODEL_VERSION_READY", "MODEL_ALIAS_SET"] = attribute("condition", kw_only=False)
    model: Text | None = attribute("securable_name", default=None)
    """A model as `catalog.schema.model`, or a schema for all of its models."""
    aliases: Sequence[str] = attribute("aliases", default=())
    """The only aliases that count, where an alias is set."""
    settle: timedelta | None = attribute("wait_after_last_change_seconds", default=None)
    at_most_every: timedelta | None = attribute("min_time_between_triggers_seconds", default=None)

    def check(self) -> None:
        """Refuse aliases of another event."""
        super().check()
        if self.aliases and self.event != "MODEL_ALIAS_SET":
            raise self.error("has aliases, and waits for none", fix='write "MODEL_ALIAS_SET"')

    def render(self) -> dict[str, Any]:
        """Refuse to be a job's one trigger, which the provider does not take."""
        raise self.error("the provider takes it in a list only", fix="write Trigger.any_of(…)")


class AnyOf(Trigger):
    """Several triggers, each of which starts a run (preview).

    https://docs.databricks.com/api/workspace/jobs/create
    """

    triggers: Sequence[Trigger] = attribute(kw_only=False)

    def check(self) -> None:
        """Refuse what is not several triggers, each with a status and condition of its own."""
        if not self.triggers:
            raise self.error("names no trigger")
        for trigger in self.triggers:
            if not isinstance(trigger, _Single):
                raise self.error(f"holds {trigger!r}", fix="name schedules, periods, arrivals and updates")
        if self.paused or self.condition is not None:
            raise self.error("is paused, or has a condition, as a whole", fix="say it of each trigger")

    def paused_if(self, paused: bool) -> Self:
        """Return it with each of its triggers paused where `paused` is true."""
        return self.replace(triggers=[each.paused_if(paused) for each in self.triggers]) if paused else self

    @classmethod
    def read(cls, given: Given, **said: Any) -> Self:
        """Return the triggers of a job's list."""
        blocks = given.take("triggers")
        if not isinstance(blocks, list):
            raise LakeflowError(f"{shortened(blocks)} is no list of triggers")
        return cls([_listed(block) for block in blocks], **said)

    def render(self) -> dict[str, Any]:
        """Return the `triggers` blocks, in their order."""
        single = [each for each in self.triggers if isinstance(each, _Single)]
        return {"triggers": [{**each.block(), **each.status()} for each in single]}


_SINGLE: tuple[type[_Single], ...] = (Schedule, Continuous, FileArrival, TableUpdate, Period, ModelUpdate)


def _listed(block: object) -> Trigger:
    """Return the trigger of an entry of a list, which has its status beside its own block."""
    entry = dict(block) if isinstance(block, dict) else {}
    status = {name: entry.pop(name) for name in ("pause_status", "sql_condition") if name in entry}
    if len(entry) != 1:
        raise LakeflowError(f"{shortened(block)} is no trigger")
    ((name, own),) = entry.items()
    own = dict(own) if isinstance(own, dict) else own
    body = {name: {**own, **status}} if name in {"schedule", "continuous"} else {"trigger": {name: own, **status}}
    given = Given(deepcopy(body))
    trigger = Trigger.of(given)
    if given.left():
        raise LakeflowError(f"{shortened(block)} says what no trigger says")
    return trigger
