"""Rules of the task graph: tasks, their keys, and what they depend on.

https://docs.databricks.com/api/workspace/jobs/create
"""

import re
from collections.abc import Iterable, Iterator

from constructs_lib.errors import listed, nearest, shortened
from constructs_lib.rules.examples import NOTEBOOK, after, job, notebook
from constructs_lib.rules.finding import Hit, Severity
from constructs_lib.rules.job import Job, JobTask, mappings, said, text
from constructs_lib.rules.rule import IN_TERRAFORM, Form, Rule

MOST_TASKS = 1000
LONGEST_KEY = 100
"""Characters."""

_API = "https://docs.databricks.com/api/workspace/jobs/create"
_PROVIDER = "measured with provider 1.128.0"
_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LEGACY = (
    "notebook_task",
    "spark_python_task",
    "python_wheel_task",
    "spark_jar_task",
    "spark_submit_task",
    "pipeline_task",
    "dbt_task",
    "run_job_task",
)
_STARTERS = ("schedule", "trigger", "triggers", "continuous", "job_cluster")


def no_tasks(job: Job) -> Iterator[Hit]:
    """Find a job given to the API or in a bundle that has no task."""
    if not said(job.body.get("task")):
        yield Hit(("task",) if "task" in job.body else (), "the job has no tasks", _single(job) or "give it a task")


def nothing_to_start(job: Job) -> Iterator[Hit]:
    """Find a job that Terraform deploys with a trigger or clusters, and nothing that could run."""
    body = job.body
    if said(body.get("task")) or "dynamic" in body or _legacy(job):
        return
    if "task" in body:
        yield Hit(("task",), "the job has no tasks", "give it a task")
        return
    for name in _STARTERS:
        if said(body.get(name)):
            yield Hit((), f"the job has no tasks, but a {name}", "give it a task")
            return


def too_many_tasks(job: Job) -> Iterator[Hit]:
    """Find more tasks than a job may have."""
    if len(job.top) > MOST_TASKS:
        message = f"the job has {len(job.top)} tasks, more than the {MOST_TASKS} that a job may have"
        yield Hit(("task",), message, "split it into jobs that a run_job_task starts")


def empty_key(job: Job) -> Iterator[Hit]:
    """Find a task whose key is an empty string."""
    for task in job.tasks:
        if task.body.get("task_key") == "":
            place = f"the task inside {task.loop.key!r}" if task.loop else f"task {task.path[-1]}"
            hint = "give it a key of letters, digits, '-' and '_'"
            yield Hit(task.at("task_key"), f"{place}: task_key is empty", hint)


def key_with_other_letters(job: Job) -> Iterator[Hit]:
    """Find a task key with letters that the API does not take."""
    for task in job.tasks:
        key = task.key
        if key and not _KEY.fullmatch(key) and text(key):
            wrong = listed({repr(letter) for letter in key if not _KEY.fullmatch(letter)})
            mended = re.sub(r"[^A-Za-z0-9_-]+", "_", key).strip("_")
            hint = f"write {mended!r}" if mended else "use letters, digits, '-' and '_'"
            message = f"its task_key may hold only letters, digits, '-' and '_', not {wrong}"
            yield task.hit("task_key", message=message, hint=hint)


def long_key(job: Job) -> Iterator[Hit]:
    """Find a task key that runs would cut off."""
    for task in job.tasks:
        key = task.key
        if len(key) > LONGEST_KEY and text(key):
            message = f"task {shortened(key)}: its task_key has {len(key)} characters, more than {LONGEST_KEY}"
            yield Hit(task.at("task_key"), message, f"shorten it to {LONGEST_KEY} characters")


def key_used_twice(job: Job) -> Iterator[Hit]:
    """Two tasks with one key."""
    if len(job.by_key) == len(job.top):
        return
    for task in job.top:
        first = job.by_key[task.key]
        if task.key and first is not task:
            message = f"task {first.path[-1]} of the job has this task_key already"
            yield task.hit("task_key", message=message, hint="give each task a key of its own")


def unknown_dependency(job: Job) -> Iterator[Hit]:
    """Find a dependency on a task that the job does not have."""
    tasks, inner = job.by_key, _inner(job)
    for task, index, parent in _lost(job):
        if parent not in inner:
            meant = _meant(parent, (key for key in tasks if key != task.key))
            yield task.hit(
                "depends_on",
                index,
                "task_key",
                message=f"depends on {parent!r}, which is no task of the job",
                hint=f"write {meant!r}" if meant else f"the job has {listed(repr(key) for key in tasks if key)}",
            )


def dependency_into_loop(job: Job) -> Iterator[Hit]:
    """Find a dependency on the inner task of a loop."""
    inner = _inner(job)
    for task, index, parent in _lost(job) if inner else ():
        if parent in inner:
            loop = inner[parent]
            message = f"depends on {parent!r}, which runs inside the loop {loop!r}"
            own = loop == task.key
            hint = "a loop cannot wait for the task inside it" if own else f"depend on the loop: {loop!r}"
            yield task.hit("depends_on", index, "task_key", message=message, hint=hint)


def depends_on_itself(job: Job) -> Iterator[Hit]:
    """Find a task that waits for itself."""
    for task in job.top:
        if task.key in task.parents and task.key:
            edges = mappings(task.body.get("depends_on"))
            index = next(index for index, entry in edges if entry.get("task_key") == task.key)
            hint = "name the task that comes before it"
            yield task.hit("depends_on", index, "task_key", message="depends on itself", hint=hint)


def circle(job: Job) -> Iterator[Hit]:
    """Find tasks that wait for each other."""
    waiting = _never_free(job) if job.children else {}
    while waiting:
        key = next(iter(waiting))
        members = job.upstream_of(key) & waiting.keys()
        way = _way_back(job, key, members) if key in members else ()
        if not way:
            del waiting[key]
            continue
        below = _downstream(waiting, key)
        for member in members & below:
            waiting.pop(member, None)
        task = job.by_key[key]
        index = next(i for i, entry in mappings(task.body.get("depends_on")) if entry.get("task_key") == way[0])
        shown = (key, *way) if len(way) <= 8 else (key, *way[:6], "…", way[-1])
        yield task.hit(
            "depends_on",
            index,
            "task_key",
            message=f"the tasks wait for each other: {' → '.join(shown)}",
            hint="take away one of these dependencies",
        )


def edge_twice(job: Job) -> Iterator[Hit]:
    """Find the same dependency, written twice."""
    for task in job.top:
        if len(task.parents) > 1 and len(set(task.parents)) < len(task.parents):
            seen: set[tuple[str, str]] = set()
            for index, entry in mappings(task.body.get("depends_on")):
                parent = entry.get("task_key")
                if isinstance(parent, str):
                    edge = (parent, _outcome(entry.get("outcome")))
                    if edge in seen:
                        message = f"depends on {parent!r} twice"
                        yield task.hit("depends_on", index, "task_key", message=message, hint="write it once")
                    seen.add(edge)


def single_task_syntax(job: Job) -> Iterator[Hit]:
    """Find a job of the time before jobs had tasks."""
    if not said(job.body.get("task")) and "dynamic" not in job.body:
        for name in _legacy(job):
            yield Hit((name,), f"{name} of the job is the syntax of jobs without tasks", f"write a task with {name}")


def task_of_the_job(job: Job) -> Iterator[Hit]:
    """Find what a task runs, written beside the tasks."""
    if said(job.body.get("task")):
        for name in _legacy(job):
            message = f"{name} stands at the job, where it does nothing beside tasks"
            yield Hit((name,), message, "move it into a task")


def _legacy(job: Job) -> list[str]:
    return [name for name in _LEGACY if name in job.body and said(job.body[name])]


def _single(job: Job) -> str | None:
    legacy = _legacy(job)
    return f"move its {legacy[0]} into a task" if legacy else None


def _outcome(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else value if isinstance(value, str) else ""


def _inner(job: Job) -> dict[str, str]:
    """Return the keys of tasks inside loops, each with its loop's."""
    if len(job.tasks) == len(job.top):
        return {}
    return {task.key: task.loop.key for task in job.tasks if task.loop and task.key}


def _lost(job: Job) -> Iterator[tuple[JobTask, int, str]]:
    """Yield the dependencies on tasks that the job does not have: the task, the place, the key."""
    tasks = job.by_key
    if job.children.keys() <= tasks.keys() or any("${" in key for key in tasks):
        return
    for task in job.top:
        for index, entry in mappings(task.body.get("depends_on")):
            parent = text(entry.get("task_key"))
            if parent is not None and parent not in tasks:
                yield task, index, parent


def _meant(key: str, keys: Iterable[str]) -> str | None:
    known = [each for each in keys if each]
    same = key.strip().casefold()
    return next((each for each in known if each.casefold() == same), None) or nearest(key, known)


def _never_free(job: Job) -> dict[str, list[str]]:
    """Return the tasks that circles keep from ever starting, in the job's order, each with those that wait for it."""
    tasks = job.by_key
    open_parents: dict[str, int] = {}
    children: dict[str, list[str]] = {}
    for key, task in tasks.items():
        parents = {parent for parent in task.parents if parent in tasks and parent != key}
        open_parents[key] = len(parents)
        for parent in parents:
            children.setdefault(parent, []).append(key)
    free = [key for key, count in open_parents.items() if not count]
    left = len(tasks)
    while free:
        left -= 1
        for child in children.get(free.pop(), ()):
            open_parents[child] -= 1
            if not open_parents[child]:
                free.append(child)
    if not left:
        return {}
    return {key: children.get(key, []) for key, count in open_parents.items() if count}


def _downstream(children: dict[str, list[str]], key: str) -> set[str]:
    seen: set[str] = set()
    todo = [key]
    while todo:
        for child in children.get(todo.pop(), ()):
            if child not in seen:
                seen.add(child)
                todo.append(child)
    return seen


def _way_back(job: Job, key: str, members: frozenset[str] | set[str]) -> tuple[str, ...]:
    """Return the shortest way from a task along dependencies back to itself, without the task at its start."""
    came_from: dict[str, str] = {}
    todo = [key]
    for current in todo:
        for parent in job.by_key[current].parents:
            if parent == current or parent not in members or parent in came_from:
                continue
            came_from[parent] = current
            if parent == key:
                way = [key]
                while (step := came_from[way[0]]) != key:
                    way.insert(0, step)
                return tuple(way)
            todo.append(parent)
    return ()


_NB = {"notebook_task": NOTEBOOK}
_INNER = {
    "task_key": "one",
    "notebook_task": {**NOTEBOOK, "base_parameters": {"item": "{{input}}"}},
    "webhook_notifications": {},
}
_LOOP = {"task_key": "each", "for_each_task": {"inputs": "[1]", "concurrency": 1, "task": _INNER}}
_BY_HAND = frozenset({Form.REST, Form.BUNDLE})

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF101",
        severity=Severity.ERROR,
        title="A job without tasks",
        why="It is created, and each of its runs ends without having done anything.",
        source=_API,
        bad={"name": "example", "task": []},
        good=job(),
        job=no_tasks,
        forms=_BY_HAND,
    ),
    Rule(
        code="LF102",
        severity=Severity.ERROR,
        title="A job without tasks, deployed by Terraform",
        why="Without a task block the provider deploys through the Jobs API 2.0, which ignores most settings; with a "
        "job cluster it crashes while it applies.",
        source=_PROVIDER,
        bad={
            "name": "example",
            "task": [],
            "schedule": {"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC"},
        },
        good=job(schedule={"quartz_cron_expression": "0 0 6 * * ?", "timezone_id": "UTC", "pause_status": "PAUSED"}),
        job=nothing_to_start,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF103",
        severity=Severity.ERROR,
        title="More than 1,000 tasks",
        why="The API refuses the job.",
        source=_API,
        bad=job(*(notebook(f"t{number:04}") for number in range(MOST_TASKS + 1))),
        good=job(*(notebook(f"t{number:04}") for number in range(MOST_TASKS))),
        job=too_many_tasks,
    ),
    Rule(
        code="LF104",
        severity=Severity.ERROR,
        title="An empty task key",
        why="Terraform takes an empty string; the API answers that settings.tasks.task_key is missing.",
        source="https://github.com/databricks/cli/issues/998",
        bad=job(notebook("")),
        good=job(notebook("a")),
        job=empty_key,
    ),
    Rule(
        code="LF105",
        severity=Severity.ERROR,
        title="A task key with other letters than A-Z, a-z, 0-9, '-' and '_'",
        why="The API refuses the job: 'Only alphanumeric, - and _ characters are permitted.'",
        source="https://github.com/JenspederM/kedro-databricks/issues/136",
        bad=job(notebook("load.orders")),
        good=job(notebook("load-orders_2")),
        job=key_with_other_letters,
    ),
    Rule(
        code="LF106",
        severity=Severity.WARNING,
        title="A task key longer than 100 characters",
        why="The job may be created, but its runs name the task by the first 100 characters, where nothing finds it.",
        source="https://github.com/apache/airflow/issues/41816",
        bad=job(notebook("a" * (LONGEST_KEY + 1))),
        good=job(notebook("a" * LONGEST_KEY)),
        job=long_key,
    ),
    Rule(
        code="LF107",
        severity=Severity.ERROR,
        title="Two tasks with one key",
        why="Other tasks name a task by its key, which must be unique in the job; the API refuses the job.",
        source=_API,
        bad=job(notebook("a"), notebook("a")),
        good=job(notebook("a"), notebook("b")),
        job=key_used_twice,
    ),
    Rule(
        code="LF108",
        severity=Severity.ERROR,
        title="A dependency on a task that does not exist",
        why="The API refuses the job: 'Invalid dependency graph'.",
        source="https://github.com/astronomer/astro-provider-databricks/issues/71",
        bad=job(notebook("clean", depends_on=after("laod")), notebook("load")),
        good=job(notebook("clean", depends_on=after("load")), notebook("load")),
        job=unknown_dependency,
    ),
    Rule(
        code="LF109",
        severity=Severity.ERROR,
        title="A dependency on the inner task of a loop",
        why="The tasks of a job cannot see into a loop; the API knows no task of that key.",
        source="https://docs.databricks.com/aws/en/jobs/tasks/for-each",
        bad=job(notebook("after", depends_on=after("one")), _LOOP),
        good=job(notebook("after", depends_on=after("each")), _LOOP),
        job=dependency_into_loop,
    ),
    Rule(
        code="LF110",
        severity=Severity.ERROR,
        title="A task that depends on itself",
        why="The API refuses the job: 'Invalid dependency graph, task can not reference itself'.",
        source="https://github.com/apache/airflow/issues/47983",
        bad=job(notebook("a", depends_on=after("a"))),
        good=job(notebook("a"), notebook("b", depends_on=after("a"))),
        job=depends_on_itself,
    ),
    Rule(
        code="LF111",
        severity=Severity.ERROR,
        title="Tasks that wait for each other",
        why="None of them could ever start; the API refuses the job.",
        source="https://docs.databricks.com/aws/en/jobs/run-if",
        bad=job(notebook("a", depends_on=after("b")), notebook("b", depends_on=after("a"))),
        good=job(notebook("a"), notebook("b", depends_on=after("a")), notebook("c", depends_on=after("a", "b"))),
        job=circle,
    ),
    Rule(
        code="LF112",
        severity=Severity.WARNING,
        title="A dependency written twice",
        why="The second says nothing new, and the API may refuse it; often another task was meant.",
        source=_API,
        bad=job(notebook("a"), notebook("b", depends_on=after("a", "a"))),
        good=job(notebook("a"), notebook("b"), notebook("c", depends_on=after("a", "b"))),
        job=edge_twice,
    ),
    Rule(
        code="LF113",
        severity=Severity.INFO,
        title="The syntax of jobs without tasks",
        why="The provider deploys it through the Jobs API 2.0, which knows few of today's settings.",
        source="https://registry.terraform.io/providers/databricks/databricks/latest/docs/resources/job",
        bad={"name": "example", **_NB},
        good=job(),
        job=single_task_syntax,
        forms=IN_TERRAFORM,
    ),
    Rule(
        code="LF114",
        severity=Severity.WARNING,
        title="What a task runs, written at the job",
        why="Beside tasks it is left out of the request: it never runs.",
        source=_API,
        bad=job(notebook("a"), **_NB),
        good=job(notebook("a")),
        job=task_of_the_job,
    ),
)
