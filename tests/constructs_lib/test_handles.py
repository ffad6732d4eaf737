"""What tasks refer to: things that exist already, by their id or path."""

from collections.abc import Callable
from typing import Any

import pytest

from constructs_lib import (
    ExistingAlert,
    ExistingDashboard,
    ExistingDestination,
    ExistingJob,
    ExistingPipeline,
    ExistingPolicy,
    ExistingPool,
    ExistingQuery,
    ExistingSchema,
    ExistingVolume,
    ExistingWarehouse,
    GitFile,
    HasAlertId,
    HasClusterId,
    HasCodePath,
    HasDashboardId,
    HasDestinationId,
    HasJobId,
    HasPipelineId,
    HasPolicyId,
    HasPoolId,
    HasQueryId,
    HasSchema,
    HasVolumePath,
    HasWarehouseId,
    Reference,
    Source,
    WorkspacePath,
    concat,
)
from tests.support.refusal import refusal

REFERENCE = Reference.to("databricks_sql_endpoint.warehouse.id")
PROTOCOLS = (
    HasWarehouseId,
    HasPipelineId,
    HasJobId,
    HasQueryId,
    HasDestinationId,
    HasCodePath,
    HasDashboardId,
    HasAlertId,
    HasClusterId,
    HasPolicyId,
    HasPoolId,
    HasSchema,
    HasVolumePath,
)


def test_a_handle_is_an_id_or_a_reference_to_one() -> None:
    assert ExistingWarehouse("w1").warehouse_id == "w1"
    assert ExistingPipeline("p1").pipeline_id == "p1"
    assert ExistingJob("77").job_id == "77"
    assert ExistingQuery("q1").query_id == "q1"
    assert ExistingDestination("d1").destination_id == "d1"
    assert ExistingWarehouse(REFERENCE).warehouse_id is REFERENCE


@pytest.mark.parametrize(
    ("handle", "protocol"),
    [
        (ExistingWarehouse("w1"), HasWarehouseId),
        (ExistingPipeline("p1"), HasPipelineId),
        (ExistingJob("77"), HasJobId),
        (ExistingQuery("q1"), HasQueryId),
        (ExistingDestination("d1"), HasDestinationId),
        (GitFile("a"), HasCodePath),
        (WorkspacePath("/a"), HasCodePath),
        (ExistingDashboard("d"), HasDashboardId),
        (ExistingAlert("a"), HasAlertId),
        (ExistingPolicy("p"), HasPolicyId),
        (ExistingPool("p"), HasPoolId),
        (ExistingSchema("main", "sales"), HasSchema),
        (ExistingVolume("/Volumes/main/sales/landing"), HasVolumePath),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_a_handle_stands_for_one_kind_of_thing(handle: object, protocol: type) -> None:
    assert [each for each in PROTOCOLS if isinstance(handle, each)] == [protocol]


def test_code_lies_in_git_or_in_the_workspace() -> None:
    assert (GitFile("jobs/a.py").code_path, GitFile("jobs/a.py").source) == ("jobs/a.py", Source.GIT)
    assert (WorkspacePath("/a").code_path, WorkspacePath("/a").source) == ("/a", Source.WORKSPACE)
    path = concat("/Workspace", Reference.to("databricks_notebook.a.path"))
    assert WorkspacePath(path).code_path is path


untyped_job: Any = ExistingJob


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: GitFile("/jobs/a"), "GitFile('/jobs/a'): a path in Git is relative; write 'jobs/a'"),
        (
            lambda: WorkspacePath("jobs/a"),
            "WorkspacePath('jobs/a'): a workspace path is absolute; write '/jobs/a', or GitFile('jobs/a')",
        ),
        (
            lambda: ExistingSchema("main", "main.sales"),
            "ExistingSchema('main', 'main.sales'): 'main.sales' is no name; write ExistingSchema('catalog', 'schema')",
        ),
        (
            lambda: ExistingVolume("/Volumes/main/sales/landing/"),
            "ExistingVolume('/Volumes/main/sales/landing/'): this is no volume's folder; "
            "write '/Volumes/catalog/schema/name'",
        ),
        (
            lambda: untyped_job(77),
            "ExistingJob(77): job_id: expected a string or Reference, got int 77",
        ),
        (lambda: untyped_job(None), "ExistingJob(None): job_id: expected a string or Reference, got NoneType None"),
    ],
)
def test_what_is_no_handle(make: Callable[[], object], message: str) -> None:
    assert refusal(make) == message
