"""What each type of task says: where a mistake is found, in which words, and what is no mistake."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib.rules.engine import RuleSet
from constructs_lib.rules.finding import Finding, Path, Severity
from constructs_lib.rules.job import TASK_TYPES
from constructs_lib.rules.rule import Form
from constructs_lib.rules.task_types import RULES

RULE_SET = RuleSet.of(RULES, Form.TERRAFORM)


def found(task: Mapping[str, Any], **attributes: Any) -> list[Finding]:
    return list(RULE_SET.findings({"task": [{"task_key": "a", **task}], **attributes}))


def dbt(**block: Any) -> dict[str, Any]:
    return {"dbt_task": {"commands": ["dbt run"], "project_directory": "/Workspace/dbt", **block}}


def power_bi(**block: Any) -> dict[str, Any]:
    body = {
        "connection_resource_name": "powerbi",
        "warehouse_id": "w",
        "power_bi_model": {"workspace_name": "Sales", "model_name": "Sales"},
        "tables": [{"catalog": "prod", "schema": "sales"}],
    }
    return {"power_bi_task": {**body, **block}}


def ai(*deployments: Mapping[str, Any], **block: Any) -> dict[str, Any]:
    return {"ai_runtime_task": {"experiment": "e", "deployments": list(deployments), **block}}


def gpus(kind: str, count: object) -> dict[str, Any]:
    return {"command_path": "/Workspace/a.sh", "compute": {"accelerator_type": kind, "accelerator_count": count}}


NOTEBOOK = {"notebook_task": {"notebook_path": "/a"}}
QUERY = {"query": {"query_id": "1"}}
ALERT = {"alert": {"alert_id": "1"}}
BOTH = {"user_name": "a@example.com", "destination_id": "d"}

BAD: list[tuple[str, dict[str, Any], Path]] = [
    ("LF301", {}, ()),
    ("LF301", {"notebook_task": []}, ()),
    ("LF301", {"notebook_task": None, "job_cluster_key": "etl"}, ()),
    ("LF302", {**NOTEBOOK, "sql_task": {"warehouse_id": "w", **QUERY}}, ("sql_task",)),
    ("LF302", {"sql_task": {"warehouse_id": "w", **QUERY}, **NOTEBOOK}, ("notebook_task",)),
    ("LF303", {"pipeline_task": {"pipeline_id": " "}}, ("pipeline_task", "pipeline_id")),
    ("LF303", {"sql_task": {"warehouse_id": "", **QUERY}}, ("sql_task", "warehouse_id")),
    ("LF303", {"sql_task": {"warehouse_id": "w", "query": {"query_id": ""}}}, ("sql_task", "query", "query_id")),
    ("LF303", {"sql_task": [{"warehouse_id": "w", "alert": [{"alert_id": ""}]}]}, ("sql_task", "alert", "alert_id")),
    (
        "LF303",
        {"clean_rooms_notebook_task": {"clean_room_name": "", "notebook_name": "n"}},
        ("clean_rooms_notebook_task", "clean_room_name"),
    ),
    ("LF304", {"python_wheel_task": {"package_name": "p"}}, ("python_wheel_task",)),
    (
        "LF304",
        {"python_wheel_task": {"package_name": "p", "entry_point": ""}},
        ("python_wheel_task", "entry_point"),
    ),
    ("LF304", {"spark_jar_task": {"parameters": ["x"]}}, ("spark_jar_task",)),
    ("LF304", {"dashboard_task": {"warehouse_id": "w"}}, ("dashboard_task",)),
    ("LF304", {"dbt_platform_task": {"connection_resource_name": "c"}}, ("dbt_platform_task",)),
    ("LF304", power_bi(tables=[{"catalog": "prod"}]), ("power_bi_task", "tables", 0)),
    ("LF304", power_bi(power_bi_model={"model_name": "m"}), ("power_bi_task", "power_bi_model")),
    (
        "LF305",
        {
            "python_wheel_task": {
                "package_name": "p",
                "entry_point": "e",
                "parameters": ["a"],
                "named_parameters": {"a": "b"},
            }
        },
        ("python_wheel_task", "named_parameters"),
    ),
    (
        "LF306",
        {"notebook_task": {"notebook_path": "/a", "warehouse_id": "w"}, "job_cluster_key": "etl"},
        ("job_cluster_key",),
    ),
    ("LF307", {"sql_task": {"warehouse_id": "w"}}, ("sql_task",)),
    ("LF308", {"sql_task": {"warehouse_id": "w", "file": {"path": "/a.sql"}, **QUERY}}, ("sql_task", "query")),
    ("LF309", {"sql_task": {"warehouse_id": "w", "parameters": {"a": "1"}, **ALERT}}, ("sql_task", "parameters")),
    (
        "LF310",
        {"sql_task": {"warehouse_id": "w", "alert": {"alert_id": "1", "subscriptions": [BOTH]}}},
        ("sql_task", "alert", "subscriptions", 0, "destination_id"),
    ),
    ("LF310", {"alert_task": {"alert_id": "1", "subscribers": [{}]}}, ("alert_task", "subscribers", 0)),
    (
        "LF310",
        {"dashboard_task": {"dashboard_id": "1", "subscription": {"subscribers": [{"user_name": "a@b.c"}, BOTH]}}},
        ("dashboard_task", "subscription", "subscribers", 1, "destination_id"),
    ),
    ("LF311", {"alert_task": {"warehouse_id": "w"}}, ("alert_task",)),
    (
        "LF311",
        {"alert_task": {"alert_id": "1", "workspace_path": "/Workspace/a"}},
        ("alert_task", "workspace_path"),
    ),
    ("LF312", {"alert_task": {"workspace_path": "/Users/a"}}, ("alert_task", "workspace_path")),
    ("LF312", {"alert_task": {"workspace_path": "/Workspace/a/../b"}}, ("alert_task", "workspace_path")),
    (
        "LF313",
        {"alert_task": {"alert_id": "1", "subscribers": [{"user_name": "a@b.c"}] * 101}},
        ("alert_task", "subscribers"),
    ),
    ("LF314", dbt(commands=[]), ("dbt_task", "commands")),
    ("LF314", dbt(commands=["dbt run"] * 11), ("dbt_task", "commands")),
    ("LF315", dbt(commands=["dbt deps", "run"]), ("dbt_task", "commands", 1)),
    ("LF315", dbt(commands=["dbtrun"]), ("dbt_task", "commands", 0)),
    ("LF315", dbt(commands=[""]), ("dbt_task", "commands", 0)),
    ("LF316", dbt(catalog="prod"), ("dbt_task", "catalog")),
    ("LF317", dbt(schema="sales"), ("dbt_task", "schema")),
    ("LF318", dbt(warehouse_id="w", profiles_directory="p"), ("dbt_task", "profiles_directory")),
    ("LF319", dbt(project_directory=""), ("dbt_task",)),
    (
        "LF320",
        {"run_job_task": {"job_id": 1, "jar_params": ["a"], "notebook_params": {"a": "b"}}},
        ("run_job_task", "notebook_params"),
    ),
    ("LF321", {"run_job_task": {"job_id": 1, "dbt_commands": ["dbt run"]}}, ("run_job_task", "dbt_commands")),
    (
        "LF322",
        {"run_job_task": {"job_id": 1, "notebook_params": {"a": "ü" * 6000}}},
        ("run_job_task", "notebook_params"),
    ),
    (
        "LF323",
        {"run_job_task": {"job_id": 1, "job_parameters": {"a": "x" * 10_000}}},
        ("run_job_task", "job_parameters"),
    ),
    (
        "LF324",
        {"run_job_task": {"job_id": 1, "spark_submit_params": ["--a", "日"]}},
        ("run_job_task", "spark_submit_params", 1),
    ),
    ("LF325", {"run_job_task": {"job_id": "-1"}}, ("run_job_task", "job_id")),
    (
        "LF326",
        {"pipeline_task": {"pipeline_id": "p", "full_refresh": True, "full_refresh_selection": ["t"]}},
        ("pipeline_task", "full_refresh_selection"),
    ),
    (
        "LF326",
        {"run_job_task": {"job_id": 1, "pipeline_params": {"full_refresh": "true", "refresh_selection": ["t"]}}},
        ("run_job_task", "pipeline_params", "refresh_selection"),
    ),
    (
        "LF327",
        {"pipeline_task": {"pipeline_id": "p", "full_refresh_selection": ["t"], "refresh_selection": ["s", "t"]}},
        ("pipeline_task", "refresh_selection", 1),
    ),
    (
        "LF328",
        {"notebook_task": {"notebook_path": "/a", "base_parameters": {"a": "x" * 1_048_577}}},
        ("notebook_task", "base_parameters"),
    ),
    ("LF329", {"alert_task": {"alert_id": "1", "parameters": {"a b": "1"}}}, ("alert_task", "parameters", "a b")),
    ("LF329", {"alert_task": {"alert_id": "1", "parameters": {"": "1"}}}, ("alert_task", "parameters", "")),
    (
        "LF330",
        power_bi(tables=[{"catalog": "c", "schema": "s", "storage_mode": "import"}]),
        ("power_bi_task", "tables", 0, "storage_mode"),
    ),
    (
        "LF330",
        power_bi(power_bi_model={"workspace_name": "s", "model_name": "m", "authentication_method": "TOKEN"}),
        ("power_bi_task", "power_bi_model", "authentication_method"),
    ),
    ("LF331", ai(gpus("GPU_1xA10", 1), gpus("GPU_1xA10", 1)), ("ai_runtime_task", "deployments")),
    (
        "LF332",
        ai(gpus("GPU_8xA100", 8)),
        ("ai_runtime_task", "deployments", 0, "compute", "accelerator_type"),
    ),
    (
        "LF333",
        ai(gpus("GPU_8xH100", 4)),
        ("ai_runtime_task", "deployments", 0, "compute", "accelerator_count"),
    ),
    ("LF333", ai(gpus("GPU_1xA10", 0)), ("ai_runtime_task", "deployments", 0, "compute", "accelerator_count")),
    (
        "LF334",
        ai(gpus("GPU_1xA10", 1), mlflow_experiment_directory="/Users/a"),
        ("ai_runtime_task", "mlflow_experiment_directory"),
    ),
    ("LF335", {"spark_jar_task": {"main_class_name": "M", "run_as_repl": False}}, ("spark_jar_task", "run_as_repl")),
    ("LF336", {"dbt_cloud_task": {"connection_resource_name": "c", "dbt_cloud_job_id": 1}}, ("dbt_cloud_task",)),
    ("LF336", {"spark_jar_task": {"main_class_name": "M", "jar_uri": "a.jar"}}, ("spark_jar_task", "jar_uri")),
    (
        "LF336",
        {"sql_task": {"warehouse_id": "w", "dashboard": {"dashboard_id": "1"}}},
        ("sql_task", "dashboard"),
    ),
    (
        "LF337",
        {
            "gen_ai_compute_task": {
                "dl_runtime_image": "i",
                "yaml_parameters": "a: 1",
                "yaml_parameters_file_path": "/Workspace/a",
            }
        },
        ("gen_ai_compute_task", "yaml_parameters_file_path"),
    ),
]


@pytest.mark.parametrize(("code", "task", "path"), BAD)
def test_a_mistake_is_found_where_it_is(code: str, task: dict[str, Any], path: Path) -> None:
    assert [finding.path for finding in found(task) if finding.code == code] == [("task", 0, *path)]


def test_a_mistake_inside_a_loop_is_found_there() -> None:
    loop = {"for_each_task": {"inputs": "[1]", "task": {"task_key": "i", "python_wheel_task": {"package_name": "p"}}}}
    (finding,) = found(loop)
    assert (finding.code, finding.path) == ("LF304", ("task", 0, "for_each_task", "task", "python_wheel_task"))


@pytest.mark.parametrize(
    ("task", "message", "hint"),
    [
        (
            dbt(commands=["run --select orders"]),
            "task 'a': the command 'run --select orders' does not start with dbt",
            "write 'dbt run --select orders'",
        ),
        (
            {"sql_task": {"warehouse_id": "w"}},
            "task 'a': sql_task has no query, file, alert or dashboard",
            "give it exactly one of query, file, alert and dashboard",
        ),
        (
            ai(gpus("GPU_8xH100", 4)),
            "task 'a': accelerator_count is 4, no multiple of the 8 of 'GPU_8xH100'",
            "write 8, 16, …: the count over all nodes",
        ),
        (
            power_bi(tables=[{"catalog": "c", "schema": "s", "storage_mode": "import"}]),
            "task 'a': power_bi_task: storage_mode is 'import'",
            "write 'IMPORT'",
        ),
        (
            {"alert_task": {"workspace_path": "/Users/a/late"}},
            "task 'a': alert_task.workspace_path is '/Users/a/late', which does not start with /Workspace/",
            "write '/Workspace/Users/a/late'",
        ),
    ],
)
def test_a_finding_says_what_is_wrong_and_what_to_write(task: dict[str, Any], message: str, hint: str) -> None:
    assert [(finding.message, finding.hint) for finding in found(task)] == [(message, hint)]


@pytest.mark.parametrize(
    "task",
    [
        NOTEBOOK,
        {"notebook_task": [{"notebook_path": "/a"}]},
        {"notebok_task": {"notebook_path": "/a"}},  # The schema's business.
        {"new_task": {}, "newer_task": {"a": 1}},
        {"pipeline_task": {"pipeline_id": "${databricks_pipeline.clean.id}", "full_refresh": True}},
        {"pipeline_task": {"pipeline_id": "p", "full_refresh": False, "refresh_selection": ["t"]}},
        {"pipeline_task": {"pipeline_id": "p", "refresh_selection": ["s"], "full_refresh_selection": ["t"]}},
        {"sql_task": {"warehouse_id": "w", "alert": None, **QUERY, "parameters": {"a": "1"}}},
        {"sql_task": {"warehouse_id": "w", "alert": [], "query": [{"query_id": "1"}]}},
        {"sql_task": {"warehouse_id": "w", "alert": {"alert_id": "1", "subscriptions": [{"user_name": "a@b.c"}]}}},
        {"alert_task": {"alert_id": "1", "subscribers": [{"destination_id": "d", "user_name": ""}]}},
        {"alert_task": {"workspace_path": "/Workspace/Shared/late.dbalert.json", "parameters": {"a.b-c_1": "x"}}},
        {"alert_task": {"workspace_path": "${databricks_alert_v2.late.path}"}},
        {"alert_task": {"alert_id": "1", "subscribers": [{"user_name": "a@b.c"}] * 100}},
        {"python_wheel_task": {"package_name": "p", "entry_point": "e", "parameters": ["a"], "named_parameters": {}}},
        {"spark_jar_task": {"main_class_name": "M", "run_as_repl": True}},
        {"dashboard_task": {"dashboard_id": "1", "subscription": {"paused": True}}},
        dbt(commands=["  dbt run", "dbt", "dbt\trun", "{{job.parameters.command}}", "${var.command}"]),
        dbt(commands="${var.commands}"),
        dbt(commands=["dbt run"] * 10),
        dbt(schema=""),
        dbt(schema="default"),
        dbt(catalog="prod", schema="sales", warehouse_id="${databricks_sql_endpoint.w.id}"),
        dbt(profiles_directory="profiles", warehouse_id=""),
        dbt(project_directory="", source="GIT"),
        {"run_job_task": {"job_id": "${databricks_job.other.id}", "job_parameters": {"city": "Zürich"}}},
        {"run_job_task": {"job_id": 9223372036854775807, "job_parameters": {"a": "x" * 9000}}},
        power_bi(),
        ai(gpus("GPU_8xH100", 16), mlflow_experiment_directory="/Workspace/Shared/e"),
        ai(gpus("GPU_8xB300", "8")),
        ai(gpus("${var.type}", 4)),
        {"python_operator_task": {"main": "a.b.C"}},
    ],
)
def test_what_is_legal_stays_silent(task: dict[str, Any]) -> None:
    assert found(task) == []


def test_a_project_of_git_needs_no_directory() -> None:
    git = {"url": "https://github.com/o/r", "provider": "gitHub", "branch": "main"}
    assert found({"dbt_task": {"commands": ["dbt run"]}}, git_source=git) == []
    task = {"dbt_task": {"commands": ["dbt run"], "source": "WORKSPACE"}}
    assert [finding.code for finding in found(task, git_source=git)] == ["LF319"]


def test_a_bundle_may_say_an_alert_by_a_relative_path() -> None:
    body = {"task": [{"task_key": "a", "alert_task": {"workspace_path": "../src/late.dbalert.json"}}]}
    assert list(RuleSet.of(RULES, Form.BUNDLE).findings(body)) == []


def test_what_is_only_deprecated_is_no_warning() -> None:
    task = {"run_job_task": {"job_id": 1, "notebook_params": {"a": "b"}}}
    assert [finding.severity for finding in found(task)] == [Severity.INFO]


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["dbt run", "${x}", "{{y}}", "GPU_8xH100", "GPU_0xA", "/Workspace/a", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("commands", "alert", "subscriptions", "deployments", "compute", "tables", "job_id"),
                    *("accelerator_type", "accelerator_count", "pipeline_params", "refresh_selection", "run_as_repl"),
                    *("power_bi_model", "parameters", "jar_params", "python_params", "full_refresh", "subscribers"),
                    *("workspace_path", "query", "dashboard", "subscription", "base_parameters", "notebook_params"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(TASK_TYPES), ANYTHING, max_size=2))
def test_nothing_that_a_file_may_hold_breaks_a_rule(task: dict[str, Any]) -> None:
    for form in Form:
        list(RuleSet.of(RULES, form).findings({"task": [task, {"for_each_task": {"task": task}}]}))
