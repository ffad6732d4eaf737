"""Jobs to draw: good ones, odd ones, and any that hypothesis can think of."""

from typing import Any

from hypothesis import settings, strategies as st

Settings = dict[str, Any]
few = settings(max_examples=100, deadline=None)


def task(key: str, *after: str | tuple[str, str], **settings: Any) -> Settings:
    """Return a task's settings: a notebook unless `settings` name another type; `after` may name an outcome."""
    found: Settings = {"task_key": key, **settings}
    if not any(name.endswith("_task") for name in settings):
        found["notebook_task"] = {"notebook_path": f"/jobs/{key}.py"}
    if after:
        named = [(each, None) if isinstance(each, str) else each for each in after]
        found["depends_on"] = [{"task_key": name} | ({"outcome": wanted} if wanted else {}) for name, wanted in named]
    return found


def job(*tasks: Any, **settings: Any) -> Settings:
    return {"name": "sales", "task": list(tasks), **settings}


def condition(left: str, op: str, right: str) -> Settings:
    return {"left": left, "op": op, "right": right}


LINE = job(task("ingest"), task("clean", "ingest"), task("publish", "clean"))
DIAMOND = job(
    task("ingest"), task("customers", "ingest"), task("orders", "ingest"), task("model", "customers", "orders")
)
DAILY_SALES = job(
    task("alarm", ("enough-rows", "false"), notebook_task={"notebook_path": "/Workspace/ops/alarm"}),
    task(
        "clean", "ingest-customers", "ingest-orders", pipeline_task={"pipeline_id": "${databricks_pipeline.clean.id}"}
    ),
    task("cleanup", "alarm", "dashboard", run_if="ALL_DONE"),
    task(
        "dashboard",
        "per-country",
        dashboard_task={
            "dashboard_id": "${databricks_dashboard.sales.id}",
            "warehouse_id": "${databricks_sql_endpoint.main.id}",
        },
    ),
    task(
        "enough-rows",
        "clean",
        condition_task=condition("{{tasks.ingest-orders.values.rows}}", "GREATER_THAN", "1000"),
    ),
    task("ingest-customers", job_cluster_key="etl"),
    task("ingest-orders", job_cluster_key="etl"),
    task(
        "per-country",
        ("enough-rows", "true"),
        for_each_task={
            "inputs": '["de", "fr", "it"]',
            "concurrency": 2,
            "task": task("export-country", job_cluster_key="etl"),
        },
    ),
    name="[dev] daily-sales",
    job_cluster=[
        {
            "job_cluster_key": "etl",
            "new_cluster": {
                "autoscale": {"min_workers": 1, "max_workers": 8},
                "node_type_id": "Standard_D4ds_v5",
                "spark_version": "16.4.x-scala2.12",
            },
        }
    ],
)
CYCLE = job(task("a", "c"), task("b", "a"), task("c", "b"), task("start"), task("d", "start", "c"))

HOSTILE = (
    '"];n9-->n8["',
    "end",
    "`b`",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]></style><script>",
    '%%{init: {"theme":"dark"}}%%',
    'click n0 href "javascript:alert(1)"',
    "line\nbreak\r\u2028x",
    "\u202egnp.exe\u2066",
    "\x1b[31mred\x07\x00",
    "&lt;&#60;#60;#quot;",
    "$$\\frac{1}{2}$$ fa:fa-car",
    "---\ntitle: x\n---",
    "\ud800\uffff\ufdd0",
    "日本語" * 60,
    "a" * 3000,
    "👩‍👩‍👧 e\u0301\u0301",
    "",
)


def hostile() -> st.SearchStrategy[str]:
    return st.sampled_from(HOSTILE) | st.text(max_size=30)


def anything() -> st.SearchStrategy[Any]:
    """Any JSON, made of the words that stand in a job's settings."""
    words = """
        task_key depends_on task outcome run_if disabled inputs concurrency left op notebook_task for_each_task
        condition_task sql_task file path new_cluster autoscale job_cluster_key job_cluster environment_key name
        notebook_path warehouse_id"""
    names = st.sampled_from(words.split())
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["a", "b", "true"]) | hostile()
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5), max_leaves=25
    )


@st.composite
def jobs(draw: st.DrawFn, names: st.SearchStrategy[str] | None = None, most: int = 12) -> Settings:
    """A valid job: each task waits for some of those before it, and any text may stand where text can stand."""
    count = draw(st.integers(0, most))
    text = draw(st.lists(names, min_size=3, max_size=3)) if names else ["x", "y", "z"]
    places = st.integers(0, max(0, count - 1))
    pairs = draw(st.sets(st.tuples(places, places), max_size=2 * most))
    kinds = draw(st.lists(st.integers(0, 11), min_size=count, max_size=count))
    keys = [f"t{number}-{text[number % 3]}" for number in range(count)]
    tasks = []
    for number, kind in enumerate(kinds):
        after = [
            (keys[before], ("true", "false")[number % 2]) if kinds[before] % 4 == 1 else keys[before]
            for before in range(number)
            if (before, number) in pairs
        ]
        tasks.append(task(keys[number], *after, **_settings(kind, text, number)))
    tasks.sort(key=lambda each: str(each["task_key"][::-1]))
    return job(*tasks, name=text[0])


def _settings(kind: int, text: list[str], number: int) -> Settings:
    inner = task(f"i{number}-{text[0]}", run_if=text[1], job_cluster_key=text[2])
    types: tuple[Settings, ...] = (
        {"notebook_task": {"notebook_path": text[0]}},
        {"condition_task": condition(*text)},
        {"for_each_task": {"inputs": text[0], "concurrency": text[1], "task": inner}},
        {"sql_task": {"warehouse_id": text[1], "file": {"path": text[2]}}},
    )
    extras: tuple[Settings, ...] = (
        {},
        {"job_cluster_key": text[2], "run_if": "ALL_DONE"},
        {"disabled": True, "run_if": text[1], "description": text[0]},
    )
    return types[kind % 4] | extras[kind // 4]
