"""Where the value of an advice is said: in the sample project, and in code that can be followed or cannot."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from lakeflow.monitor.advice import Advice, Edit, Evidence, Place
from lakeflow.monitor.places import located
from lakeflow.stack_map import StackMap
from tests.support.facts import Settings, entry, on_cluster, settings
from tests.support.project import ROOT, Project

EVIDENCE = Evidence(n=28, days=30, percentile="p95", text="p95 24m", confidence="high")


def advice(job: str, setting: str, before: object, after: object = None, task: str | None = None) -> Advice:
    return Advice(
        rule="T1",
        job=job,
        address=f"databricks_job.{job}",
        task=task,
        title="found",
        evidence=EVIDENCE,
        change="Change it.",
        setting=setting,
        before=before,
        after=after,
        place=None,
        edit=None,
    )


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> StackMap:
    project = Project.copy(tmp_path_factory.mktemp("sample") / "project")
    ended = project.synth("prod")
    assert ended.returncode == 0, ended.stderr
    return StackMap.read("prod", project.root / "cdktf.out")


CASES: list[tuple[Advice, str, str, str | None]] = [
    (
        advice("daily-sales", "timeout_seconds", 10800, 3720),
        "environments/base.yaml: timeout_minutes: 180",
        "products.daily_sales.timeout_minutes, inherited by prod",
        "timeout_minutes: 62",
    ),
    (
        advice("daily-sales", "timeout_seconds", 1800, 3720, "train"),
        "stacks/daily_sales.py: timeout=timedelta(minutes=30),",
        "timeout=",
        "timeout=timedelta(minutes=62)",
    ),
    (
        advice("daily-sales", "timeout_seconds", None, 3720, "ingest"),
        "stacks/daily_sales.py: ingest = NotebookTask(",
        "timeout=",
        "timeout=timedelta(minutes=62)",
    ),
    (
        advice("daily-sales", "max_retries", 2, 0, "ingest"),
        'stacks/daily_sales.py: "ingest", self.notebook("ingest.py"), compute=etl, retries=Retries(2, ',
        "retries=",
        "retries=Retries(0)",
    ),
    (
        advice("document-intake", "max_retries", 1, 2, "parse"),
        "stacks/document_intake.py: retries=Retries(1, wait=timedelta(seconds=30)),",
        "retries=",
        "retries=Retries(2, wait=timedelta(minutes=1))",
    ),
    (
        advice("daily-sales", "max_retries", 1, 0, "publish"),
        'stacks/daily_sales.py: publish = NotebookTask("publish"',
        "retries=",
        "retries=Retries(0)",
    ),
    (
        advice("daily-sales", "health.rules", 5400, 7200),
        "stacks/daily_sales.py: RunAlert.late(after=settings.ready_by),",
        "RunAlert.late",
        None,
    ),
    (
        advice("document-intake", "health.rules", 2400, 4200),
        "stacks/document_intake.py: monitoring=stack.monitoring(RunAlert.slow(longer_than=timedelta(minutes=40))),",
        "RunAlert.slow",
        "RunAlert.slow(longer_than=timedelta(minutes=70))",
    ),
    (
        advice("live-orders", "health.rules", None, 3600),
        "stacks/live_orders.py: health=[HealthRule.backlog_older_than(settings.backlog_warning)],",
        "health=",
        "HealthRule.runs_longer_than(timedelta(hours=1))",
    ),
    (
        advice("live-orders", "timeout_seconds", None, 90),
        "stacks/live_orders.py: operations=stack.operations(",
        "timeout=",
        "timeout=timedelta(seconds=90)",
    ),
    (
        advice("daily-sales", "schedule.quartz_cron_expression", "0 30 5 * * ?", "0 31 5 * * ?"),
        "environments/base.yaml: starts_at: 05:30",
        "products.daily_sales.starts_at, inherited by prod",
        "starts_at: 05:31",
    ),
    (
        advice("daily-sales", "schedule.pause_status", "UNPAUSED", "PAUSED"),
        "stacks/daily_sales.py: trigger=Trigger.daily(",
        "trigger=",
        ".paused_if(True)",
    ),
    (
        advice("daily-sales", "queue.enabled", False, True),
        "stacks/base.py: return Operations(",
        "queue=",
        "queue=True",
    ),
    (
        advice("daily-sales", "run_as.service_principal_name", "c3e85b09"),
        "stacks/base.py: run_as=self.run_as,",
        "run_as=",
        None,
    ),
    (
        advice("daily-sales", "job_cluster.etl.new_cluster.autoscale.max_workers", 12, 6),
        'stacks/daily_sales.py: etl = Compute.job_cluster("etl", stack.cluster())',
        "workers=",
        "workers=(1, 6)",
    ),
    (
        advice("live-orders", "new_cluster.num_workers", 2, 1, "stream"),
        "stacks/live_orders.py: compute=Compute.new_cluster(stack.cluster(workers=min(2, ",
        "workers=",
        "workers=1",
    ),
    (
        advice("live-orders", "new_cluster.node_type_id", "Standard_E8ds_v5", "Standard_E16ds_v5", "stream"),
        "environments/prod.yaml: node_type: Standard_E8ds_v5",
        "compute.node_type",
        "node_type: Standard_E16ds_v5",
    ),
    (
        advice("daily-sales", "job_cluster.etl.new_cluster", "Standard_E8ds_v5"),
        'stacks/daily_sales.py: etl = Compute.job_cluster("etl", stack.cluster())',
        "compute=",
        None,
    ),
    (
        advice("daily-sales", "depends_on", None, None, "transform"),
        'stacks/daily_sales.py: transform = PipelineTask("transform"',
        "the task transform",
        None,
    ),
]


@pytest.mark.parametrize(
    ("given", "stands", "what", "write"),
    CASES,
    ids=[f"{case[0].job} {case[0].setting} {case[0].task}" for case in CASES],
)
def test_the_sample_says_where(sample: StackMap, given: Advice, stands: str, what: str, write: str | None) -> None:
    (found,) = located([given], sample)
    assert found.place
    file, _, text = stands.partition(": ")
    assert found.place.file == file
    assert (ROOT / file).read_text().splitlines()[found.place.line - 1].strip().startswith(text)
    assert (found.place.what, found.place.write) == (what, write)


def test_what_other_jobs_take_too_is_marked_and_not_edited(sample: StackMap) -> None:
    shared = [each[0] for each in CASES if (found := located([each[0]], sample)[0].place) and found.shared]
    assert {each.setting for each in shared} == {
        "queue.enabled",
        "run_as.service_principal_name",
        "new_cluster.node_type_id",
    }
    assert not any(located([each], sample)[0].edit for each in shared)


def test_a_value_that_prod_inherits_is_written_in_its_own_file(sample: StackMap) -> None:
    (found,) = located([advice("daily-sales", "timeout_seconds", 10800, 3720)], sample)
    assert found.edit
    lines = (ROOT / "environments" / "prod.yaml").read_text().splitlines()
    assert found.edit == Edit(
        file="environments/prod.yaml",
        line=lines.index("    weekly_budget: 100") + 1,
        column=len("    weekly_budget: 100") + 1,
        old="",
        new="\n    timeout_minutes: 62",
    )


def test_a_value_that_is_not_what_is_deployed_is_not_the_place(sample: StackMap) -> None:
    """The file has been changed since: what the expression says is still sure, the key's line is not."""
    (found,) = located([advice("daily-sales", "timeout_seconds", 9999, 3720)], sample)
    assert found.place
    assert (found.place.file, found.place.what, found.edit) == ("stacks/daily_sales.py", "timeout=", None)


Code = Callable[..., Advice]


@pytest.fixture
def code(tmp_path: Path) -> Code:
    """A function that locates an advice in a module of its own."""

    def find(text: str, setting: str, before: object = None, after: object = None, **said: Any) -> Advice:
        path = tmp_path / "stacks" / "sales.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        body: Settings = said.pop("body", settings(on_cluster()))
        line = next(number for number, each in enumerate(dedent(text).splitlines(), 1) if "LakeflowJob(" in each)
        job = entry(body, source=f"stacks/sales.py:{line}")
        stack = StackMap("prod", 1, "prod", "https://x", "", (), {"sales": job})
        (tmp_path / "environments").mkdir(exist_ok=True)
        for name, content in said.pop("files", {}).items():
            (tmp_path / "environments" / name).write_text(dedent(content), encoding="utf-8")
        return located([advice("sales", setting, before, after, said.get("task"))], stack, tmp_path)[0]

    return find


def test_a_name_is_followed_where_it_is_bound_once(code: Code) -> None:
    text = """\
        def make(stack):
            operations = Operations(
                queue=False,
                timeout=timedelta(hours=1),
            )
            LakeflowJob(stack, "job", operations=operations)
        """
    place = Place(file="stacks/sales.py", line=4, what="timeout=", write="timeout=timedelta(hours=2)")
    assert code(text, "timeout_seconds", 3600, 7200).place == place
    assert code(text, "queue.enabled", False, True).place == Place(
        file="stacks/sales.py", line=3, what="queue=", write="queue=True"
    )


@pytest.mark.parametrize(
    "text",
    [
        """\
        def make(stack, hours):
            operations = Operations(timeout=timedelta(hours=1))
            if stack.large:
                operations = Operations(timeout=timedelta(hours=2))
            LakeflowJob(stack, "job", operations=operations)
        """,
        """\
        def make(stack, **rest):
            LakeflowJob(stack, "job", **rest)
        """,
        """\
        def make(stack, rest):
            LakeflowJob(stack, "job", operations=Operations(**rest))
        """,
        """\
        def make(stack):
            LakeflowJob(stack, "job", operations=stack.unknown(size=3))
        """,
        """\
        def make(stack):
            LakeflowJob(stack, "job", operations=Operations(extra={"timeout_seconds": 3600}))
        """,
        """\
        def make(stack):
            LakeflowJob(stack, "job", operations=Operations(timeout=timedelta(hours=1))
        """,
    ],
    ids=["bound twice", "arguments hidden", "operations hidden", "an unknown helper", "an escape hatch", "no Python"],
)
def test_what_is_not_certain_is_the_jobs_own_line(code: Code, text: str) -> None:
    line = next(number for number, each in enumerate(text.splitlines(), 1) if "LakeflowJob(" in each)
    found = code(text, "timeout_seconds", 3600, 7200)
    assert found.place == Place(file="stacks/sales.py", line=line, what="the job sales")
    assert found.edit is None


LOOP = """\
    def make(stack):
        loads = [NotebookTask(f"load-{name}", "x") for name in ("a", "b")]
        LakeflowJob(stack, "job", tasks=loads)
    """
TWO = """\
    def other(stack):
        return NotebookTask("load", "y", timeout=timedelta(minutes=5))

    def make(stack):
        stray = NotebookTask("load", "z", timeout=timedelta(minutes=6))
        LakeflowJob(stack, "job", tasks=[
            *some(),
            NotebookTask("load", "x",
                timeout=timedelta(minutes=7)),
        ])
    """


def test_a_task_is_found_by_its_key_among_those_of_its_job(code: Code) -> None:
    assert code(TWO, "timeout_seconds", 420, 600, task="load").place == Place(
        file="stacks/sales.py", line=9, what="timeout=", write="timeout=timedelta(minutes=10)"
    )
    own = Place(file="stacks/sales.py", line=3, what="the job sales")
    assert code(LOOP, "timeout_seconds", 420, 600, task="load-a").place == own


def test_a_job_without_operations_is_told_to_have_some(code: Code) -> None:
    found = code('def make(stack):\n    LakeflowJob(stack, "job", tasks=[])\n', "timeout_seconds", None, 1800)
    assert found.place == Place(
        file="stacks/sales.py",
        line=2,
        what="operations=",
        write="operations=Operations(timeout=timedelta(minutes=30))",
    )


SIZED = """\
    class Sales(Product):
        def __init__(self, stack):
            env = stack.environment
            own = env.products.sales
            etl = Compute.job_cluster("etl", ClusterSpec(workers=(1, env.compute.max_workers)))
            load = NotebookTask("load", "x", compute=etl, timeout=timedelta(minutes=own.longest))
            LakeflowJob(self, "job", tasks=[load], trigger=Trigger.cron(own.starts, timezone="UTC"),
                operations=Operations(timeout=own.ended_after))
    """
FILES = {
    "prod.yaml": """\
        order: 1
        compute:
          max_workers: 8   # enough for all
        products:
          sales:
            longest: '7' # no number
            ended_after_hours: 3
            starts: "0 0 5 * * ?"
        """
}


def test_values_of_an_environment(code: Code) -> None:
    def found(setting: str, before: object, after: object, **said: Any) -> tuple[str, int, object]:
        located = code(SIZED, setting, before, after, files=FILES, **said)
        assert located.place
        edit = located.edit
        return located.place.file, located.place.line, (edit.old, edit.new) if edit else located.place.write

    assert found("timeout_seconds", 10800, 5400) == ("environments/prod.yaml", 7, ("3", "2"))
    assert found("schedule.quartz_cron_expression", "0 0 5 * * ?", "0 2 5 * * ?") == (
        "environments/prod.yaml",
        8,
        ('"0 0 5 * * ?"', '"0 2 5 * * ?"'),
    )
    assert found("timeout_seconds", 420, 600, task="load") == ("stacks/sales.py", 6, "timeout=timedelta(minutes=10)")
    path = "job_cluster.etl.new_cluster.autoscale.max_workers"
    cluster = {"autoscale": {"min_workers": 1, "max_workers": 8}}
    body = settings(job_cluster=[{"job_cluster_key": "etl", "new_cluster": cluster}])
    assert found(path, 8, 4, body=body) == ("environments/prod.yaml", 3, "max_workers: 4")


BASE = "abstract: true\nproducts:\n  sales: {ended_after_hours: 3}\n"


@pytest.mark.parametrize(
    ("own", "line", "new"),
    [
        ("extends: base\norder: 1", 2, "\nproducts:\n  sales:\n    ended_after_hours: 2"),
        ("extends: base\nproducts:\n    stock:\n        - 1\n", 4, "\n    sales:\n      ended_after_hours: 2"),
        ("extends: base\nproducts:\n  sales:\n    longest: 7 # h\n\n# end\n", 4, "\n    ended_after_hours: 2"),
        ("extends: base\nproducts: {sales: {longest: 7}}\n", None, None),
        ("extends: base\nproducts:\n  sales:\n    why: >-\n      because\n", None, None),
    ],
    ids=["nothing", "another product", "the product", "on one line", "a text over several"],
)
def test_what_is_inherited_is_put_into_the_own_file(code: Code, own: str, line: int | None, new: str | None) -> None:
    found = code(SIZED, "timeout_seconds", 10800, 7200, files={"base.yaml": BASE, "prod.yaml": own})
    assert found.place
    assert (found.place.file, found.place.line, found.place.shared) == ("environments/base.yaml", 3, new is None)
    assert (found.edit and (found.edit.file, found.edit.line, found.edit.new)) == (
        ("environments/prod.yaml", line, new) if new else None
    )


def test_a_job_of_unknown_source_has_no_place() -> None:
    stack = StackMap("prod", 1, "prod", "https://x", "", (), {"sales": entry()})
    (found,) = located([advice("sales", "timeout_seconds", None, 600)], stack)
    assert found.place is None


@pytest.mark.parametrize(
    "text",
    [
        """\
        operations = Operations(timeout=timedelta(hours=1))
        def make(stack, operations, /):
            LakeflowJob(stack, "job", operations=operations)
        """,
        """\
        operations = Operations(timeout=timedelta(hours=1))
        def make(stack):
            from stacks.other import operations
            LakeflowJob(stack, "job", operations=operations)
        """,
        """\
        operations = Operations(timeout=timedelta(hours=1))
        def make(stack):
            def operations(): ...
            LakeflowJob(stack, "job", operations=operations)
        """,
        """\
        operations = Operations(timeout=timedelta(hours=1))
        make = lambda stack, operations: LakeflowJob(stack, "job", operations=operations)
        """,
        """\
        def hourly():
            return Operations(timeout=timedelta(hours=1))
        def make(stack, presets):
            LakeflowJob(stack, "job", operations=presets.hourly())
        """,
        """\
        def make(stack):
            LakeflowJob(stack, "job", operations=Operations(timeout=timedelta(hours=2)))
        """,
        """\
        def make(stack):
            LakeflowJob(stack, "job", operations=Operations(), extra={"timeout_seconds": 3600})
        """,
    ],
    ids=["positional", "imported", "a function", "a lambda's", "of an object", "another value", "extra"],
)
def test_a_name_that_means_another_thing_is_not_followed(code: Code, text: str) -> None:
    found = code(text, "timeout_seconds", 3600, 7200)
    assert found.place
    assert (found.place.what, found.place.write) == ("the job sales", None)


def test_a_function_sees_the_names_of_the_one_around_it(code: Code) -> None:
    text = """\
        operations = Operations(timeout=timedelta(hours=1))
        def around(stack):
            operations = Operations(timeout=timedelta(hours=1))
            def make():
                LakeflowJob(stack, "job", operations=operations)
        """
    found = code(text, "timeout_seconds", 3600, 7200).place
    assert found
    assert found.line == 3


def test_what_a_loop_says_for_several_jobs_is_marked_and_not_edited(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "prod.yaml").write_text("products:\n  sales:\n    timeout_minutes: 60\n")
    (tmp_path / "stacks" / "sales.py").write_text(
        "def make(stack):\n"
        "    for name in ('sales', 'returns'):\n"
        "        LakeflowJob(stack, name, operations=Operations(timeout=stack.environment.products.sales.timeout))\n"
    )
    jobs = {key: entry(key=key, source="stacks/sales.py:3") for key in ("sales", "returns")}
    stack = StackMap("prod", 1, "prod", "https://x", "", (), jobs)
    (found,) = located([advice("sales", "timeout_seconds", 3600, 7200)], stack, tmp_path)
    assert found.place
    assert (found.place.file, found.place.line, found.place.shared) == ("environments/prod.yaml", 3, True)
    assert found.edit is None
