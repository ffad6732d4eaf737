"""The environments of this project."""

from datetime import time, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from environments import Environment, load, load_all, names

DEV, TEST, PROD = load_all()


def test_they_come_in_the_order_of_a_release() -> None:
    assert names() == ("dev", "test", "prod")
    assert [environment.name for environment in load_all()] == ["dev", "test", "prod"]


def test_only_production_starts_jobs_by_itself() -> None:
    assert [environment.schedules_paused for environment in (DEV, TEST, PROD)] == [True, True, False]


def test_each_has_its_own_workspace_state_catalog_and_identity() -> None:
    every = (DEV, TEST, PROD)
    assert len({each.workspace.host for each in every}) == 3
    assert len({each.state.storage_account for each in every}) == 3
    assert len({each.catalog for each in every}) == 3
    assert len({each.run_as for each in every}) == 3
    assert len({(each.state_key, each.code_folder) for each in every}) == 3


def test_names_are_prefixed_everywhere_but_in_production() -> None:
    assert [environment.name_prefix for environment in (DEV, TEST, PROD)] == ["[dev] ", "[test] ", ""]


def test_code_comes_from_the_working_copy_from_main_and_from_a_release() -> None:
    assert DEV.git is None
    assert TEST.git is not None
    assert TEST.git.branch == "main"
    assert PROD.git is not None
    assert PROD.git.tag == "v1.0.0"


def test_who_may_edit_jobs() -> None:
    levels = [{permission.group: permission.level for permission in each.permissions} for each in (DEV, PROD)]
    assert levels == [
        {"data-engineers": "CAN_MANAGE", "analysts": "CAN_VIEW"},
        {
            "data-oncall": "CAN_MANAGE_RUN",
            "data-engineers": "CAN_VIEW",
            "data-platform": "CAN_MANAGE",
            "analysts": "CAN_VIEW",
        },
    ]


def test_production_calls_who_is_on_call() -> None:
    on_call = PROD.destination(PROD.products.live_orders.on_call)
    assert on_call is not None
    assert on_call.webhook == "https://incidents.example.com/hooks/data-platform"
    assert PROD.notifications.on_failure == ("data-oncall@example.com",)


def test_values_have_python_types() -> None:
    assert PROD.products.daily_sales.ready_by == time(7)
    assert PROD.products.live_orders.backlog_warning == timedelta(minutes=5)
    assert PROD.compute.max_workers == 12


def test_tags_are_merged_with_those_of_all_environments() -> None:
    assert dict(TEST.tags) == {"cost_center": "4711", "project": "lakeflow", "environment": "test"}


def test_nothing_can_be_changed_after_loading() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        PROD.catalog = "sales_dev"
    with pytest.raises(TypeError):
        PROD.tags["environment"] = "dev"  # type: ignore[index]
    assert isinstance(PROD.permissions, tuple)


def test_the_working_directory_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load("prod") == PROD


def test_an_environment_is_equal_to_itself_loaded_again() -> None:
    assert isinstance(PROD, Environment)
    assert load_all() == (DEV, TEST, PROD)
