"""What tasks run on: where a mistake is found, in which words, and what is no mistake."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib.rules.compute import RULES
from constructs_lib.rules.engine import RuleSet
from constructs_lib.rules.finding import Finding, Path
from constructs_lib.rules.rule import Form

RULE_SET = RuleSet.of(RULES, Form.TERRAFORM)

CLUSTER = {"spark_version": "16.4.x-scala2.12", "node_type_id": "Standard_D4ds_v5", "num_workers": 1}
ENVIRONMENTS_MODE = {**CLUSTER, "spark_version": "19.0.x-scala2.13", "dependency_mode": "DEPENDENCY_MODE_ENVIRONMENTS"}
ETL = {"job_cluster_key": "etl", "new_cluster": CLUSTER}
DEFAULT = {"environment_key": "default", "spec": {"environment_version": "4", "dependencies": ["sales"]}}
NOTEBOOK = {"notebook_task": {"notebook_path": "/a"}}
SCRIPT = {"spark_python_task": {"python_file": "/Workspace/a.py"}}
WHEEL = {"python_wheel_task": {"package_name": "sales", "entry_point": "train"}}
JAR = {"spark_jar_task": {"main_class_name": "com.acme.Main"}}
SQL = {"sql_task": {"warehouse_id": "w", "query": {"query_id": "1"}}}
SUBMIT = {"spark_submit_task": {"parameters": ["x.py"]}}
PYPI = [{"pypi": {"package": "requests"}}]
ON_ETL = {"job_cluster_key": "etl"}
IN_DEFAULT = {"environment_key": "default"}


def job(task: Mapping[str, Any], **attributes: Any) -> dict[str, Any]:
    return {"task": [{"task_key": "a", **task}], **attributes}


def on_etl(**task: Any) -> dict[str, Any]:
    return job({**NOTEBOOK, **ON_ETL, **task}, job_cluster=[ETL])


def environment(**spec: Any) -> dict[str, Any]:
    return job({**NOTEBOOK, **IN_DEFAULT}, environment=[{"environment_key": "default", "spec": spec}])


def found(body: Mapping[str, Any]) -> list[Finding]:
    return list(RULE_SET.findings(body))


SPEC = ("environment", 0, "spec")
TASK = ("task", 0)

BAD: list[tuple[str, dict[str, Any], Path]] = [
    ("LF351", on_etl(new_cluster=CLUSTER), (*TASK, "new_cluster")),
    ("LF351", on_etl(existing_cluster_id="0923"), (*TASK, "existing_cluster_id")),
    (
        "LF352",
        job({**SCRIPT, **ON_ETL, **IN_DEFAULT}, job_cluster=[ETL], environment=[DEFAULT]),
        (*TASK, "environment_key"),
    ),
    (
        "LF353",
        job({**SCRIPT, "existing_cluster_id": "0923", **IN_DEFAULT}, environment=[DEFAULT]),
        (*TASK, "environment_key"),
    ),
    ("LF354", job({**NOTEBOOK, "job_cluster_key": "elt"}, job_cluster=[ETL]), (*TASK, "job_cluster_key")),
    ("LF354", job({**NOTEBOOK, "job_cluster_key": "etl"}), (*TASK, "job_cluster_key")),
    (
        "LF354",
        job({"for_each_task": {"inputs": "[1]", "task": {"task_key": "i", **NOTEBOOK, **ON_ETL}}}),
        (*TASK, "for_each_task", "task", "job_cluster_key"),
    ),
    ("LF355", job({**SCRIPT, "environment_key": "dflt"}, environment=[DEFAULT]), (*TASK, "environment_key")),
    ("LF356", job(SCRIPT), TASK),
    ("LF356", job({**JAR, "job_cluster_key": ""}), TASK),
    ("LF356", job({"dbt_task": {"commands": ["dbt run"], "warehouse_id": "w"}}), TASK),
    ("LF357", job({**SUBMIT, "existing_cluster_id": "0923"}), (*TASK, "existing_cluster_id")),
    ("LF357", job(SUBMIT), TASK),
    ("LF358", job({**SQL, **ON_ETL}, job_cluster=[ETL]), (*TASK, "job_cluster_key")),
    ("LF358", job({"pipeline_task": {"pipeline_id": "p"}, "existing_cluster_id": "1"}), (*TASK, "existing_cluster_id")),
    ("LF358", job({"run_job_task": {"job_id": 1}, "new_cluster": CLUSTER}), (*TASK, "new_cluster")),
    ("LF359", job({**SQL, **IN_DEFAULT}, environment=[DEFAULT]), (*TASK, "environment_key")),
    (
        "LF359",
        job({"notebook_task": {"notebook_path": "/a", "warehouse_id": "w"}, **IN_DEFAULT}, environment=[DEFAULT]),
        (*TASK, "environment_key"),
    ),
    ("LF360", job({**NOTEBOOK, "library": PYPI}), (*TASK, "library")),
    ("LF360", job({**SCRIPT, **IN_DEFAULT, "library": PYPI}, environment=[DEFAULT]), (*TASK, "library")),
    ("LF361", job({**SQL, "library": PYPI}), (*TASK, "library")),
    (
        "LF361",
        job({"notebook_task": {"notebook_path": "/a", "warehouse_id": "w"}, "library": PYPI}),
        (*TASK, "library"),
    ),
    ("LF361", job({**SUBMIT, "new_cluster": CLUSTER, "library": PYPI}), (*TASK, "library")),
    ("LF362", on_etl(library=[*PYPI, {"jar": "/Volumes/a", "whl": "/Volumes/b"}]), (*TASK, "library", 1, "whl")),
    ("LF362", on_etl(library=[{}]), (*TASK, "library", 0)),
    ("LF363", on_etl(library=[{"pypi": {"package": ""}}]), (*TASK, "library", 0, "pypi", "package")),
    ("LF363", on_etl(library=[{"maven": {"coordinates": "a:b"}}]), (*TASK, "library", 0, "maven", "coordinates")),
    ("LF363", on_etl(library=[{"whl": ""}]), (*TASK, "library", 0, "whl")),
    (
        "LF364",
        job({**NOTEBOOK, "existing_cluster_id": "0923", "library": [{"egg": "dbfs:/a"}]}),
        (*TASK, "library", 0, "egg"),
    ),
    ("LF365", on_etl(library=[{"egg": "dbfs:/a"}]), (*TASK, "library", 0, "egg")),
    ("LF366", on_etl(library=[{"requirements": "dbfs:/r.txt"}]), (*TASK, "library", 0, "requirements")),
    (
        "LF367",
        {"task": on_etl()["task"], "job_cluster": [ETL, ETL]},
        ("job_cluster", 1, "job_cluster_key"),
    ),
    (
        "LF368",
        {"task": environment()["task"], "environment": [DEFAULT, DEFAULT]},
        ("environment", 1, "environment_key"),
    ),
    ("LF369", job({**NOTEBOOK, **ON_ETL}, job_cluster=[ON_ETL]), ("job_cluster", 0)),
    ("LF369", job({**NOTEBOOK, **ON_ETL}, job_cluster=[{**ON_ETL, "new_cluster": {}}]), ("job_cluster", 0)),
    (
        "LF370",
        job(
            {**NOTEBOOK, **ON_ETL},
            job_cluster=[
                {**ON_ETL, "serverless_compute_id": "1"},
                {"job_cluster_key": "b", "serverless_compute_id": "2"},
            ],
        ),
        ("job_cluster", 1, "serverless_compute_id"),
    ),
    ("LF371", job(NOTEBOOK, job_cluster=[ETL]), ("job_cluster", 0, "job_cluster_key")),
    ("LF372", job(NOTEBOOK, environment=[DEFAULT]), ("environment", 0, "environment_key")),
    ("LF373", environment(dependencies=["a"]), SPEC),
    ("LF373", job({**NOTEBOOK, **IN_DEFAULT}, environment=[IN_DEFAULT]), ("environment", 0)),
    ("LF374", environment(environment_version="4", base_environment="/Workspace/e.yaml"), (*SPEC, "base_environment")),
    ("LF375", environment(client="1"), (*SPEC, "client")),
    ("LF376", environment(environment_version="v4"), (*SPEC, "environment_version")),
    ("LF376", environment(environment_version=4.5), (*SPEC, "environment_version")),
    ("LF377", environment(environment_version="4", dependencies=["a", "b=1"]), (*SPEC, "dependencies", 1)),
    ("LF377", environment(environment_version="4", dependencies=[" "]), (*SPEC, "dependencies", 0)),
    ("LF378", job({**JAR, **IN_DEFAULT}, environment=[DEFAULT]), (*TASK, "environment_key")),
    ("LF379", job({**WHEEL, **ON_ETL}, job_cluster=[ETL]), (*TASK, "python_wheel_task")),
    (
        "LF379",
        job({**WHEEL, **IN_DEFAULT}, environment=[{**IN_DEFAULT, "spec": {"environment_version": "4"}}]),
        (*TASK, "python_wheel_task"),
    ),
    ("LF380", on_etl(compute={"hardware_accelerator": "GPU_1xA10"}), (*TASK, "compute", "hardware_accelerator")),
    (
        "LF381",
        job({**NOTEBOOK, "compute": {"hardware_accelerator": "A10"}}),
        (*TASK, "compute", "hardware_accelerator"),
    ),
    ("LF382", job(NOTEBOOK, performance_target="standard"), ("performance_target",)),
    ("LF383", job(NOTEBOOK, performance_target="COST_OPTIMIZED"), ("performance_target",)),
    ("LF384", {**on_etl(), "performance_target": "STANDARD"}, ("performance_target",)),
    ("LF385", on_etl(disable_auto_optimization=True), (*TASK, "disable_auto_optimization")),
    ("LF387", job(NOTEBOOK, library=PYPI), ("library",)),
    ("LF387", job(NOTEBOOK, new_cluster=CLUSTER), ("new_cluster",)),
    ("LF388", job({**NOTEBOOK, "environment_variables_key": "e"}), (*TASK, "environment_variables_key")),
    ("LF389", job(NOTEBOOK, environment=[{**DEFAULT, "environment_key": ""}]), ("environment", 0, "environment_key")),
]


@pytest.mark.parametrize(("code", "body", "path"), BAD)
def test_a_mistake_is_found_where_it_is(code: str, body: dict[str, Any], path: Path) -> None:
    assert [finding.path for finding in found(body) if finding.code == code] == [path]


@pytest.mark.parametrize(
    ("body", "message", "hint"),
    [
        (
            job({**NOTEBOOK, "job_cluster_key": "etll"}, job_cluster=[ETL]),
            "task 'a': job_cluster_key 'etll' is no job_cluster of the job",
            "write 'etl'",
        ),
        (
            job({**SCRIPT, "environment_key": "default"}),
            "task 'a': environment_key 'default' is no environment of the job",
            "define it: environment 'default'",
        ),
        (
            job(SCRIPT),
            "task 'a': a spark_python_task has no cluster and no environment to run in",
            "write an environment_key for serverless compute, or a job_cluster_key",
        ),
        (
            environment(environment_version="4", dependencies=["requests=2.32"]),
            "environment 'default': 'requests=2.32' is no line of a pip requirements file",
            "write 'requests==2.32'",
        ),
        (
            job(NOTEBOOK, performance_target="FAST"),
            "performance_target is 'FAST'",
            "write PERFORMANCE_OPTIMIZED, STANDARD",
        ),
    ],
)
def test_a_finding_says_what_is_wrong_and_what_to_write(body: dict[str, Any], message: str, hint: str) -> None:
    (finding,) = [each for each in found(body) if each.code not in {"LF371", "LF372"}]
    assert (finding.message, finding.hint) == (message, hint)


@pytest.mark.parametrize(
    "body",
    [
        job(NOTEBOOK),
        job(SQL),
        on_etl(),
        on_etl(existing_cluster_id="", library=PYPI),
        on_etl(library=[{"whl": None, "jar": "/Volumes/a.jar"}, {"maven": [{"coordinates": "org.jsoup:jsoup:1.7.2"}]}]),
        on_etl(library=[{"requirements": "/Workspace/r.txt"}, {"requirements": "../r.txt"}]),
        on_etl(library=[{"maven": {"coordinates": "${var.coordinates}"}}]),
        on_etl(disable_auto_optimization=False),
        job({**NOTEBOOK, "job_cluster_key": "${var.key}"}),
        job({**NOTEBOOK, "job_cluster_key": "a_${var.x}"}, job_cluster=[{**ETL, "job_cluster_key": "a_${var.x}"}]),
        job({**NOTEBOOK, "job_cluster_key": "etl"}, job_cluster=[{**ETL, "job_cluster_key": "${var.key}"}]),
        job({**NOTEBOOK, **ON_ETL}, dynamic={"job_cluster": {"for_each": "${var.clusters}"}}),
        job({**NOTEBOOK, **ON_ETL}, job_cluster=[{**ON_ETL, "serverless_compute_id": "1"}]),
        job(
            {**SCRIPT, **ON_ETL, **IN_DEFAULT},
            job_cluster=[{**ETL, "new_cluster": ENVIRONMENTS_MODE}],
            environment=[DEFAULT],
        ),
        job({**NOTEBOOK, **IN_DEFAULT}, environment=[DEFAULT]),
        job({**WHEEL, **IN_DEFAULT}, environment=[DEFAULT]),
        job({**JAR, **IN_DEFAULT}, environment=[{**IN_DEFAULT, "spec": {"client": None, "base_environment": "e"}}]),
        job({**SUBMIT, "new_cluster": CLUSTER}),
        job({**SUBMIT, **ON_ETL}, job_cluster=[ETL]),
        job({**WHEEL, "new_cluster": {**CLUSTER, "policy_id": "p"}}),
        job({**NOTEBOOK, "compute": {"hardware_accelerator": "GPU_1xA10"}}, performance_target="STANDARD"),
        job({"pipeline_task": {"pipeline_id": "p"}}, performance_target="PERFORMANCE_OPTIMIZED"),
        job(NOTEBOOK, performance_target="COST_OPTIMIZED", duration_target="4h"),
        job({"ai_runtime_task": {"experiment": "e"}, **IN_DEFAULT}, environment=[DEFAULT]),
        job({"python_operator_task": {"main": "a.B"}, **IN_DEFAULT}, environment=[DEFAULT]),
        environment(environment_version="4-scala-preview"),
        environment(environment_version=4),
        environment(environment_version="${var.version}"),
        environment(
            environment_version="4",
            dependencies=[
                "requests",
                "a==1.0",
                "b[x]>=1,<2",
                "c~=1",
                "d!=2",
                "-r /Workspace/r.txt",
                "--index-url=https://u",
                "./dist/*.whl",
                "e @ https://example.com/e.whl?x=1",
                "git+https://github.com/o/r#egg=r",
                "f===1",
            ],
        ),
        {"job_cluster": [ETL]},
    ],
)
def test_what_is_legal_stays_silent(body: dict[str, Any]) -> None:
    assert found(body) == []


def test_a_script_with_libraries_and_nothing_to_run_on_has_one_problem() -> None:
    assert [finding.code for finding in found(job({**SCRIPT, "library": PYPI}))] == ["LF356"]


def test_a_library_of_one_task_serves_all_on_the_cluster() -> None:
    tasks = [
        {"task_key": "a", **NOTEBOOK, **ON_ETL, "library": [{"whl": "/Volumes/main/default/sales.whl"}]},
        {"task_key": "b", **WHEEL, **ON_ETL, "depends_on": [{"task_key": "a"}]},
    ]
    assert found({"task": tasks, "job_cluster": [ETL]}) == []


def test_a_bundle_merges_job_clusters_of_one_key() -> None:
    body = {"task": on_etl()["task"], "job_cluster": [ETL, ETL]}
    assert list(RuleSet.of(RULES, Form.BUNDLE).findings(body)) == []


def crowd(count: int, **attributes: Any) -> list[dict[str, Any]]:
    return [{"task_key": f"t{n:03}", **NOTEBOOK, **ON_ETL, **attributes} for n in range(count)]


def test_a_cluster_takes_145_tasks_at_once() -> None:
    assert found({"task": crowd(145), "job_cluster": [ETL]}) == []
    (finding,) = found({"task": crowd(146), "job_cluster": [ETL]})
    assert (finding.code, finding.path) == ("LF386", ("task", 145, "job_cluster_key"))
    assert finding.message == "task 't145': more than 145 tasks may run at once on 'etl'"


def test_tasks_that_wait_for_each_other_do_not_crowd_a_cluster() -> None:
    first = {"task_key": "first", **NOTEBOOK, **ON_ETL}
    half = crowd(100, depends_on=[{"task_key": "first"}])
    rest = [{**task, "task_key": f"u{n}", "depends_on": [{"task_key": "t000"}]} for n, task in enumerate(crowd(100))]
    assert found({"task": [first, *half, *rest], "job_cluster": [ETL]}) == []


def test_the_runs_of_a_loop_crowd_a_cluster() -> None:
    loops = [
        {
            "task_key": f"loop{n}",
            "for_each_task": {"inputs": "[1]", "concurrency": 100, "task": {"task_key": f"i{n}", **NOTEBOOK, **ON_ETL}},
        }
        for n in range(2)
    ]
    (finding,) = found({"task": loops, "job_cluster": [ETL]})
    assert finding.path == ("task", 1, "for_each_task", "task", "job_cluster_key")


NAMES = [
    *("task_key", "job_cluster_key", "environment_key", "existing_cluster_id", "new_cluster", "library", "compute"),
    *("spec", "dependencies", "environment_version", "client", "hardware_accelerator", "notebook_task", "sql_task"),
    *("python_wheel_task", "spark_jar_task", "for_each_task", "task", "depends_on", "pypi", "maven", "whl", "egg"),
    *("spark_version", "dependency_mode", "disable_auto_optimization", "warehouse_id", "package", "requirements"),
]
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["etl", "default", "${x}", "19.0.x", "²"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=15,
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(NAMES), ANYTHING, max_size=5), max_size=3),
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("job_cluster", "environment", "performance_target", "library", "new_cluster", "dynamic"), ANYTHING
        ),
    ),
)
def test_nothing_that_a_file_may_hold_breaks_a_rule(tasks: list[Any], attributes: dict[str, Any]) -> None:
    list(RULE_SET.findings({**attributes, "task": tasks}))
