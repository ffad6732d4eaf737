"""Where each setting of a job is said: which argument of which call it is, and how it is written."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lakeflow.monitor.advice import Advice
from lakeflow.monitor.code import argument, called, calls, keyword
from lakeflow.monitor.origins import Argument, Meaning, Origins, Spot, argument_of
from lakeflow.monitor.spelling import duration, python_time, retries, time_of_day
from lakeflow.stack_map import JobEntry
from lakeflow.words import block, tasks

_CLUSTER = {"node_type_id": "node_type", "num_workers": "workers", "autoscale": "workers"}


@dataclass(frozen=True)
class Finder:
    """Finds the setting that an advice is about, from the call that makes the job."""

    origins: Origins
    job: ast.Call
    advice: Advice
    entry: JobEntry

    def find(self) -> Spot | None:
        """Return where the advice's setting is said; None where that is not certain."""
        first, *path = self.advice.setting.split(".")
        finders: Mapping[str, Callable[[], Spot | None]] = {
            "timeout_seconds": self._timeout,
            "max_retries": self._retries,
            "health": self._health,
            "queue": lambda: self._operation("queue", "queue=True"),
            "max_concurrent_runs": lambda: self._operation("max_concurrent_runs"),
            "run_as": lambda: self._operation("run_as"),
            "schedule": self._trigger,
            "trigger": self._trigger,
            "continuous": self._trigger,
            "job_cluster": lambda: self._shared_cluster(path),
            "new_cluster": lambda: self._own_cluster(path),
            "existing_cluster_id": lambda: self._own_cluster([]),
        }
        return finders.get(first, self._task)() or self._task()

    @property
    def _call(self) -> ast.Call | None:
        """The call that makes the advice's task."""
        made = keyword(self.job, "tasks")
        return self.origins.home.keyed(made.value, self.advice.task, "Task") if made and self.advice.task else None

    def _at(self, node: ast.expr, what: str, write: str | None = None) -> Spot:
        return self.origins.at(self.origins.home, node, what, write)

    def _task(self) -> Spot | None:
        return self._at(self._call, f"the task {self.advice.task}") if self._call else None

    def _timeout(self) -> Spot | None:
        before, after = self.advice.before or 0, self.advice.after
        seconds = after if isinstance(after, int) else None
        meaning = Meaning(
            name="timeout",
            write=f"timeout={duration(seconds)}" if seconds else None,
            holds=lambda value, unit: isinstance(value, int) and value * unit == before,
            value=lambda unit: -(-seconds // unit) if seconds else None,
        )
        if self.advice.task:
            return self.origins.said(argument_of(self.origins.home, self._call, "timeout"), meaning)
        if keyword(self.job, "operations") is None:
            return self._at(self.job, "operations=", f"operations=Operations({meaning.write})" if seconds else None)
        return self.origins.said(self._operations("timeout"), meaning)

    def _retries(self) -> Spot | None:
        """Return the task's own retries, said or to be said: those of the operations are every other task's too."""
        found = argument_of(self.origins.home, self._call, "retries")
        return self._at(found.node, "retries=", retries(self.advice.after)) if found else None

    def _health(self) -> Spot | None:
        """Return the alert that becomes the warning, the rule itself, or where one of them would be."""
        longest = duration(self.advice.after) if isinstance(self.advice.after, int) else "…"
        alert, rule = f"RunAlert.slow(longer_than={longest})", f"HealthRule.runs_longer_than({longest})"
        said, health = self._made_by("monitoring"), self._operations("health")
        if self.advice.before is None:
            if said:
                return self._at(said, "monitoring=", alert)
            if health is None or keyword(self.job, "monitoring"):
                return None
            write = rule if health.given else f"health=[{rule}]"
            return self.origins.at(health.scope, health.node, "health=", write)
        alerts = [each for each in calls(said) if called(each) in {"slow", "late"}] if said else []
        rules = [each for each in calls(health.node) if called(each) == "runs_longer_than"] if health else []
        if len(alerts) + len(rules) != 1:
            return None
        if rules and health:
            return self.origins.at(health.scope, rules[0], "HealthRule.runs_longer_than", rule)
        # A deadline is not moved because it is missed.
        return self._at(alerts[0], f"RunAlert.{called(alerts[0])}", alert if called(alerts[0]) == "slow" else None)

    def _operation(self, name: str, write: str | None = None) -> Spot | None:
        found = self._operations(name)
        return self.origins.at(found.scope, found.node, f"{name}=", write) if found else None

    def _trigger(self) -> Spot | None:
        given = keyword(self.job, "trigger")
        trigger = self.origins.home.value(given.value) if given else None
        if trigger is None:
            return None
        before, after = self.advice.before, self.advice.after
        if self.advice.setting.endswith(".pause_status"):
            return self._at(trigger, "trigger=", ".paused_if(True)" if after == "PAUSED" else None)
        made = next((each for each in calls(trigger) if called(each) in {"daily", "cron"}), None)
        if made is None or not self.advice.setting.endswith(".quartz_cron_expression"):
            return self._at(trigger, "trigger=")
        daily = called(made) == "daily"
        new = python_time(after) if daily else f'"{after}"' if after else None
        meaning = Meaning(
            name=f"Trigger.{called(made)}",
            write=f"Trigger.{called(made)}({new}, …)" if new else None,
            holds=lambda value, _: value == (time_of_day(before) if daily else before),
            value=lambda _: time_of_day(after) if daily else after,
        )
        first = argument(made, "at" if daily else "expression", 0)
        in_file = self.origins.in_environment(self.origins.home, first, meaning)
        return in_file or self._at(made, meaning.name, meaning.write)

    def _shared_cluster(self, path: list[str]) -> Spot | None:
        given = keyword(self.job, "tasks")
        home = self.origins.home
        made = home.keyed(given.value, path[0], "job_cluster", "JobCluster") if given else None
        return self._cluster(made, argument(made, "spec", 1), path[2:]) if made else None

    def _own_cluster(self, path: list[str]) -> Spot | None:
        given = keyword(self._call, "compute") if self._call else None
        made = self.origins.home.value(given.value) if given else None
        return self._cluster(made, argument(made, "spec", 0), path) if isinstance(made, ast.Call) else None

    def _cluster(self, made: ast.Call, spec: ast.expr | None, path: list[str]) -> Spot:
        """Return the argument of a cluster that says its workers or its nodes; the call that makes it otherwise."""
        name, found = _CLUSTER.get("".join(path[:1])), self.origins.home.value(spec)
        if name is None or not isinstance(found, ast.Call):
            return self._at(made, "compute=")
        before, after = self.advice.before, self.advice.after
        node = f'node_type="{after}"' if after else None
        meaning = Meaning(
            name=name,
            write=self._workers(path) if name == "workers" else node,
            holds=lambda value, _: value == before,
            value=lambda _: after,
        )
        return self.origins.said(argument_of(self.origins.home, found, name), meaning) or self._at(made, "compute=")

    def _workers(self, path: list[str]) -> str | None:
        """Return a cluster's workers in Python as they should be."""
        after = self.advice.after
        if after is None or path[0] == "num_workers":
            return None if after is None else f"workers={after}"
        scale = {**block(self._scale()), path[1]: after}
        return f"workers=({scale.get('min_workers', 1)}, {scale.get('max_workers')})"

    def _scale(self) -> Any:
        """Return the autoscaling that the advice's cluster has now."""
        first, key, *_ = self.advice.setting.split(".")
        if first == "job_cluster":
            holders = [each for each in self.entry.settings[first] if each["job_cluster_key"] == key]
        else:
            holders = [each for each in tasks(self.entry.settings) if each["task_key"] == self.advice.task]
        return block(holders[0].get("new_cluster")).get("autoscale") if holders else {}

    def _made_by(self, name: str) -> ast.Call | None:
        """Return the call that an argument of the job is made by."""
        given = keyword(self.job, name)
        found = self.origins.home.value(given.value) if given else None
        return found if isinstance(found, ast.Call) else None

    def _operations(self, name: str) -> Argument | None:
        """Return where an argument of the job's operations is, or would be."""
        return argument_of(self.origins.home, self._made_by("operations"), name)
