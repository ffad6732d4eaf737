"""One change of a job, as a reviewer reads it: a task, a larger cluster, a schedule that goes live, a grant."""

import io
import json
import sys

import pytest

from lakeflow.cli import main
from tests.lakeflow.review.support import Run, change, cluster, grants, job, plan, real, schedule, task, updated
from tests.support.project import Project

BEFORE = job(schedule=schedule("0 0 6 * * ?", paused=True))
AFTER = cluster(
    job(
        task("audit", max_retries=1, timeout_seconds=3600),
        task("clean", "audit"),
        task("load", "clean"),
        task("publish", "load"),
        schedule=schedule("0 30 5 ? * MON-FRI"),
    ),
    num_workers=4,
)
PLAN = plan(
    change(BEFORE, AFTER),
    change(grants(("data-eng", "CAN_VIEW")), grants(("data-eng", "CAN_MANAGE_RUN")), "databricks_permissions.orders"),
)


def test_the_report_as_markdown(run: Run) -> None:
    ended = run(PLAN, "--env", "prod", "--format", "markdown", "--commit", "ab12cd3", "--link", "https://ci.example/1")
    assert ended.status == 0
    assert ended.out.splitlines()[:21] == [
        "<!-- lakeflow-review:v1 env=prod -->",
        "## 🟠 REVIEW · prod · 1 job changed, 0 replaced, 0 deleted, 1 permission changed",
        "",
        "plan 2026-11-22 19:16 UTC · Terraform 1.11.4 · commit `ab12cd3` · [run](https://ci.example/1) · "
        "Terraform's own plan edits 4 tasks; 2 really change",
        "",
        "| | needs attention | why it matters | |",
        "|---|---|---|---|",
        "| 🟠 | **`orders`** goes live: PAUSED → UNPAUSED | "
        "first run **`Mon 23 Nov 05:30 UTC`** (10h 14m after this plan), then 5 per week | LR103 |",
        "| 🟠 | group **`data-eng`** on **`orders`**: `CAN_VIEW` → **`CAN_MANAGE_RUN`** | "
        "can now start, cancel and repair its runs | LR107 |",
        "| 🟠 | cluster **`main`** of **`orders`**: `2 × Standard_D4ds_v5` → **`4 × Standard_D4ds_v5`** | "
        "×1.7 cores, driver included (12 → 20); 4 tasks use it | LR109 |",
        "",
        "### `orders`: 1 task added, 1 changed; schedule changed; compute changed; access changed",
        "",
        "`databricks_job.orders` · id `100`",
        "",
        "| | task | change |",
        "|---|---|---|",
        "| ➕ | `audit` | notebook `audit`, on `main`, retries `1`, timeout `1h` |",
        "| ✏️ | `clean` | now waits for `audit` (waited for nothing) |",
        "",
        "- **schedule** `at 06:00, UTC` (paused; would start Mon 23, Tue 24, "
        "Wed 25 Nov 06:00 UTC) → **`at 05:30, Monday through Friday, UTC`** (5 per week; next Mon 23, "
        "Tue 24, Wed 25 Nov 05:30 UTC)",
    ]
    assert "- **compute** **`main`**: `2 × Standard_D4ds_v5, 16.4.x-scala2.12` → " in ended.out
    assert "- **access** group `data-eng`: `CAN_VIEW` → **`CAN_MANAGE_RUN`**" in ended.out
    assert '  n0("<b>audit</b><br/>notebook audit<br/>main<br/><i>#43; added</i>")' in ended.out
    assert "<details><summary>10 attribute changes of <code>orders</code></summary>" in ended.out
    assert "| `schedule.pause_status` | `PAUSED` | `UNPAUSED` |" in ended.out


def test_the_same_for_a_terminal(run: Run) -> None:
    lines = run(PLAN, "--env", "prod").out.splitlines()
    assert lines[:9] == [
        " REVIEW  prod · 1 job changed, 0 replaced, 0 deleted, 1 permission changed",
        "plan 2026-11-22 19:16 UTC · Terraform 1.11.4 · Terraform's own plan edits 4 tasks; 2 really change",
        "",
        "warning LR103  orders goes live: PAUSED → UNPAUSED",
        "               first run Mon 23 Nov 05:30 UTC (10h 14m after this plan), then 5 per week",
        "warning LR107  group data-eng on orders: CAN_VIEW → CAN_MANAGE_RUN",
        "               can now start, cancel and repair its runs",
        "warning LR109  cluster main of orders: 2 × Standard_D4ds_v5 → 4 × Standard_D4ds_v5",
        "               ×1.7 cores, driver included (12 → 20); 4 tasks use it",
    ]
    assert "  + audit  notebook audit, on main, retries 1, timeout 1h" in lines
    assert "  ~ clean  now waits for audit (waited for nothing)" in lines
    assert "  └─ ~ clean        changed · notebook clean · main" in lines


def test_the_same_for_programs(run: Run) -> None:
    document = run(PLAN, "--format", "json").document
    assert document["verdict"] == "review"
    assert document["summary"] == {
        "created": 0,
        "changed": 1,
        "imported": 0,
        "moved": 0,
        "forgotten": 0,
        "replaced": 0,
        "deleted": 0,
        "permissions": 1,
        "others": 0,
        "others_replaced": 0,
        "others_deleted": 0,
        "outputs": 0,
    }
    assert [(each["code"], each["severity"], each["address"]) for each in document["findings"]] == [
        ("LR103", "warning", "databricks_job.orders"),
        ("LR107", "warning", "databricks_job.orders"),
        ("LR109", "warning", "databricks_job.orders"),
    ]
    (orders,) = document["jobs"]
    assert orders["tasks"] == [
        {"task": "audit", "what": "added", "change": "notebook audit, on main, retries 1, timeout 1h"},
        {"task": "clean", "what": "changed", "change": "now waits for audit (waited for nothing)"},
    ]
    assert {"path": "job_cluster[main].new_cluster.num_workers", "before": "2", "after": "4"} in orders["changes"]


def test_the_same_as_a_page(run: Run) -> None:
    page = run(PLAN, "--format", "html").out
    assert page.startswith("<!doctype html>")
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert 'class="task code marked good" data-key="audit"' in page
    assert 'class="task code marked warn" data-key="clean"' in page
    assert page.count("<style>") == 1


@pytest.mark.parametrize("name", ["worked", "tofu-worked"])
def test_the_real_plan_of_the_same_change_says_the_same(run: Run, name: str) -> None:
    document = run(real(name), "--format", "json").document
    assert [each["code"] for each in document["findings"]] == ["LR103", "LR107", "LR109"]
    assert [(each["task"], each["what"]) for each in document["jobs"][0]["tasks"]] == [
        ("audit", "added"),
        ("clean", "changed"),
    ]


def test_a_task_in_our_own_stack(run: Run) -> None:
    document = run(real("own-insert-prod"), "--format", "json").document
    (sales,) = document["jobs"]
    assert sales["name"] == "daily-sales"
    assert sales["tasks"] == [
        {"task": "audit", "what": "added", "change": "notebook audit, on etl, retries 1, after ingest"},
        {
            "task": "transform",
            "what": "changed",
            "change": "now waits for audit; no longer waits for ingest",
        },
    ]
    assert (document["verdict"], document["findings"], document["others"]) == ("safe", [], [])


@pytest.mark.slow
def test_places_in_the_code_come_from_the_map_beside_the_plan(run: Run, project: Project) -> None:
    assert project.synth("prod").returncode == 0
    (project.root / "cdktf.out" / "stacks" / "prod" / "plan.json").write_text(json.dumps(real("own-insert-prod")))
    ended = project.lakeflow("review", "cdktf.out/stacks/prod/plan.json", "--format", "json")
    document = json.loads(ended.stdout)
    assert document["environment"] == "prod"
    assert document["jobs"][0]["source"].startswith("stacks/daily_sales.py:")


def test_a_plan_through_a_pipe(run: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(updated(job(), job())).encode())))
    assert main(["review", "-", "--format", "json"]) == 0
    assert json.loads(capfd.readouterr().out)["verdict"] == "no changes"
