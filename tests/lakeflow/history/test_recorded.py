"""Facts as a file."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib.errors import LakeflowError
from lakeflow.history import recorded
from lakeflow.history.collecting import collect
from lakeflow.history.facts import FORMAT, Facts, FailureKind, JobFacts
from lakeflow.history.kinds import kind_of
from tests.lakeflow.history.test_collecting import SALES, WEEK
from tests.support.history import HOST, NOW, WORKSPACE, Asked, stack

st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
_TEXT = st.text(st.characters(codec="utf-8"))
st.register_type_strategy(str, _TEXT)


@pytest.fixture(scope="module")
def facts() -> Facts:
    asked = Asked(SALES, *WEEK)
    return collect(asked, stack=stack(), host=HOST, workspace_id=WORKSPACE, source="system-tables", days=7, now=NOW)


def changed(facts: Facts, path: Path, *steps: int | str, to: Any) -> Path:
    """Write facts with one value changed."""
    document: Any = json.loads(recorded.write(facts))
    *above, last = steps
    inner = document
    for step in above:
        inner = inner[step]
    inner[last] = to
    path.write_text(json.dumps(document))
    return path


@settings(max_examples=15, deadline=None)
@given(job=st.from_type(JobFacts), texts=st.tuples(_TEXT, _TEXT))
def test_what_is_written_is_read_again(job: JobFacts, texts: tuple[str, str], tmp_path_factory: Any) -> None:
    facts = Facts(
        source="api",
        environment=texts[0],
        host=HOST,
        asked_at=NOW,
        known_until=NOW,
        days=28,
        jobs=(job, job),
        not_known=(texts[1],),
    )
    path = tmp_path_factory.mktemp("facts") / "facts.json"
    path.write_text(recorded.write(facts), encoding="utf-8")
    assert recorded.read(path) == facts
    assert recorded.write(recorded.read(path)) == recorded.write(facts)


def test_the_same_facts_are_the_same_bytes(facts: Facts) -> None:
    again = replace(facts, jobs=tuple(replace(job) for job in facts.jobs))
    assert recorded.write(again) == recorded.write(facts)
    assert recorded.write(facts).endswith(f'  "format": {FORMAT}\n}}\n')


class TestRefused:
    def refusal(self, path: Path) -> str:
        with pytest.raises(LakeflowError) as caught:
            recorded.read(path)
        assert "\n" not in str(caught.value)
        return str(caught.value).removeprefix(f"{path}: ")

    @pytest.mark.parametrize(
        ("steps", "to", "told"),
        [
            (("days",), "seven", "days: Input should be a valid integer"),
            (("days",), 7.5, "days: Input should be a valid integer"),
            (
                ("jobs", 0, "current", "outcomes", "failed"),
                None,
                "jobs[0].current.outcomes.failed: Input should be a valid",
            ),
            (("jobs", 0, "failures", 1, "kind"), "magic", "jobs[0].failures[1].kind: Input should be 'code', "),
            (("jobs", 0, "days", 0, "day"), "2026-13-01", "jobs[0].days[0].day: Input should be a valid date"),
            (("jobs",), {}, "jobs: Input should be a valid array"),
            (("asked_at",), "2026-03-10T09:00:00", "asked_at: the time has no offset; write it with +00:00"),
            (
                ("jobs", 0, "current", "until"),
                "2026-03-10T09:00:00",
                "jobs[0].current.until: the time has no offset; write it with +00:00",
            ),
        ],
    )
    def test_a_value_of_another_type(
        self, facts: Facts, tmp_path: Path, steps: tuple[int | str, ...], to: object, told: str
    ) -> None:
        assert self.refusal(changed(facts, tmp_path / "facts.json", *steps, to=to)).startswith(told)

    def test_a_value_that_is_missing(self, facts: Facts, tmp_path: Path) -> None:
        document = json.loads(recorded.write(facts))
        del document["jobs"][0]["name"]
        path = tmp_path / "facts.json"
        path.write_text(json.dumps(document))
        assert self.refusal(path).startswith("jobs[0].name: Field required; record it anew")

    def test_another_format(self, facts: Facts, tmp_path: Path) -> None:
        path = changed(facts, tmp_path / "facts.json", "format", to=1)
        assert self.refusal(path).startswith(f"is of format 1, and this version reads {FORMAT}; record it anew")

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("", "is not JSON: "),
            ("{", "is not JSON: "),
            ("[" * 100_000, "is not JSON: "),
            ("[]", "holds no facts"),
            ('{"jobs": []}', "holds no facts"),
            (f'{{"format": {FORMAT}}}', "source: Field required"),
        ],
    )
    def test_something_else(self, tmp_path: Path, text: str, told: str) -> None:
        path = tmp_path / "facts.json"
        path.write_text(text)
        assert self.refusal(path).startswith(told)

    def test_no_file(self, tmp_path: Path) -> None:
        assert self.refusal(tmp_path / "facts.json") == "cannot be read: No such file or directory"
        assert self.refusal(tmp_path).startswith("cannot be read: ")

    def test_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "facts.json"
        path.write_bytes(b"\xff\xfe{}")
        assert self.refusal(path).startswith("is not UTF-8; record it anew")


def test_instants_of_another_offset_are_the_same_instants(facts: Facts, tmp_path: Path) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=5))).isoformat()
    assert recorded.read(changed(facts, tmp_path / "facts.json", "asked_at", to=there)) == facts


@pytest.mark.parametrize(
    ("code", "outcome", "kind"),
    [
        ("RUN_EXECUTION_ERROR", "FAILED", FailureKind.CODE),
        ("CLUSTER_ERROR", "FAILED", FailureKind.TRANSIENT),
        ("RESOURCE_NOT_FOUND", "FAILED", FailureKind.CONFIGURATION),
        ("UNAUTHORIZED_ERROR", "FAILED", FailureKind.PERMISSION),
        ("MAX_CONCURRENT_RUNS_EXCEEDED", "SKIPPED", FailureKind.CAPACITY),
        ("CANCELED", "TIMED_OUT", FailureKind.TIMEOUT),
        ("SOMETHING_NEW", "FAILED", FailureKind.OTHER),
        ("UNKNOWN", "FAILED", FailureKind.OTHER),
    ],
)
def test_a_termination_code_has_a_kind(code: str, outcome: str, kind: FailureKind) -> None:
    assert kind_of(code, outcome) is kind


def test_a_day_is_written_as_one(facts: Facts) -> None:
    assert json.loads(recorded.write(facts))["jobs"][0]["days"][0]["day"] == str(date(2026, 3, 2))
