"""Rules of AI runtime tasks, and of the GenAI compute tasks that they replace."""

from collections.abc import Iterator
from typing import Any

from constructs_lib.rules.examples import job
from constructs_lib.rules.finding import Hit, Path, Severity
from constructs_lib.rules.given import each, given, only
from constructs_lib.rules.job import JobTask, number, text
from constructs_lib.rules.rule import Rule
from constructs_lib.rules.task_types.choices import ACCELERATORS, choose, not_one_of
from constructs_lib.rules.task_types.examples import JOBS_API, task_of


def _deployments(task: JobTask) -> Iterator[Hit]:
    deployments = task.block("ai_runtime_task").get("deployments")
    if isinstance(deployments, list) and len(deployments) > 1:
        yield task.hit(
            "ai_runtime_task",
            "deployments",
            message=f"ai_runtime_task has {len(deployments)} deployments",
            hint="write exactly one: every node runs the same command",
        )


def _accelerators(task: JobTask) -> Iterator[tuple[Path, Any]]:
    for below, deployment in each(task.block("ai_runtime_task").get("deployments")):
        compute = only(deployment.get("compute"))
        if compute:
            yield ("ai_runtime_task", "deployments", *below, "compute"), compute


def _accelerator_type(task: JobTask) -> Iterator[Hit]:
    for path, compute in _accelerators(task):
        wrong = not_one_of(compute.get("accelerator_type"), ACCELERATORS)
        if wrong:
            yield task.hit(
                *path,
                "accelerator_type",
                message=f"accelerator_type is {wrong!r}",
                hint=choose(wrong, ACCELERATORS),
            )


def _accelerator_count(task: JobTask) -> Iterator[Hit]:
    for path, compute in _accelerators(task):
        kind = text(compute.get("accelerator_type")) or ""
        count = number(compute.get("accelerator_count"))
        each_node, times, _ = kind.removeprefix("GPU_").partition("x")
        nodes = int(each_node) if times and each_node.isdecimal() and len(each_node) < 5 else 1
        if count is not None and (count <= 0 or nodes < 1 or count % nodes):
            yield task.hit(
                *path,
                "accelerator_count",
                message=f"accelerator_count is {compute['accelerator_count']}, no multiple of the {nodes} of {kind!r}",
                hint=f"write {nodes}, {2 * nodes}, …: the count over all nodes",
            )


def _experiment_directory(task: JobTask) -> Iterator[Hit]:
    path = text(task.block("ai_runtime_task").get("mlflow_experiment_directory"))
    if path and not path.startswith("/Workspace") and "{{" not in path:
        yield task.hit(
            "ai_runtime_task",
            "mlflow_experiment_directory",
            message=f"mlflow_experiment_directory is {path!r}, which does not start with /Workspace",
            hint="write a folder of the workspace, such as '/Workspace/Shared/experiments'",
        )


def _ignored_file(task: JobTask) -> Iterator[Hit]:
    block = task.block("gen_ai_compute_task")
    if given(block.get("yaml_parameters")) and given(block.get("yaml_parameters_file_path")):
        yield task.hit(
            "gen_ai_compute_task",
            "yaml_parameters_file_path",
            message="yaml_parameters_file_path is not read: yaml_parameters is there too",
            hint="keep one of them",
        )


def _deployment(count: int, kind: str = "GPU_8xH100") -> dict[str, Any]:
    compute = {"accelerator_type": kind, "accelerator_count": count}
    return {"command_path": "/Workspace/Shared/train.sh", "compute": compute}


def _ai(count: int = 8, kind: str = "GPU_8xH100", **block: Any) -> dict[str, Any]:
    return job(
        task_of("ai_runtime_task", **{"experiment": "train", "deployments": [_deployment(count, kind)], **block})
    )


_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

RULES: tuple[Rule, ...] = (
    Rule(
        code="LF331",
        severity=_ERROR,
        title="An AI runtime task has two deployments",
        why="The API takes a list, and today exactly one entry in it.",
        source=JOBS_API,
        bad=_ai(deployments=[_deployment(8), _deployment(8)]),
        good=_ai(),
        task=_deployments,
        blocks=("ai_runtime_task",),
    ),
    Rule(
        code="LF332",
        severity=_ERROR,
        title="An AI runtime task has an unknown accelerator",
        why="The provider does not check the type; the API knows these few.",
        source=JOBS_API,
        bad=_ai(kind="8xH100"),
        good=_ai(kind="GPU_8xH100"),
        task=_accelerator_type,
        blocks=("ai_runtime_task",),
    ),
    Rule(
        code="LF333",
        severity=_ERROR,
        title="An AI runtime task has part of a node",
        why="accelerator_count is over all nodes, and the type says how many a node has: GPU_8xH100 comes in eights.",
        source=JOBS_API,
        bad=_ai(count=4),
        good=_ai(count=16),
        task=_accelerator_count,
        blocks=("ai_runtime_task",),
    ),
    Rule(
        code="LF334",
        severity=_ERROR,
        title="An experiment's directory is not in the workspace",
        why="The API takes only folders below /Workspace.",
        source=JOBS_API,
        bad=_ai(mlflow_experiment_directory="/Shared/experiments"),
        good=_ai(mlflow_experiment_directory="/Workspace/Shared/experiments"),
        task=_experiment_directory,
        blocks=("ai_runtime_task",),
    ),
    Rule(
        code="LF337",
        severity=_WARNING,
        title="A parameter file is not read",
        why="yaml_parameters wins over the file that yaml_parameters_file_path names.",
        source=JOBS_API,
        bad=job(
            task_of(
                "gen_ai_compute_task",
                dl_runtime_image="nvidia",
                yaml_parameters="a: 1",
                yaml_parameters_file_path="/Workspace/Shared/a.yaml",
            )
        ),
        good=_ai(),
        task=_ignored_file,
        blocks=("gen_ai_compute_task",),
    ),
)
