"""`run_if` over one parent and over two, as the tables of the documentation have it."""

import pytest

from lakeflow.simulate import Semantics
from lakeflow.simulate.run_if import RULES, Parent, never_runs
from lakeflow.simulate.semantics import DEFAULT

STATES = {
    "S": "SUCCESS",
    "F": "FAILED",
    "T": "TIMEDOUT",
    "U": "UPSTREAM_FAILED",
    "C": "CANCELED",
    "V": "UPSTREAM_CANCELED",
    "X": "EXCLUDED",
    "D": "DISABLED",
    "K": "SKIPPED",
}
LETTERS = {"UF": "UPSTREAM_FAILED", "UC": "UPSTREAM_CANCELED", "EX": "EXCLUDED", "DI": "DISABLED", "run": None}
# ALL_SUCCESS, AT_LEAST_ONE_SUCCESS, NONE_FAILED, ALL_DONE, AT_LEAST_ONE_FAILED, ALL_FAILED
TABLE = {
    "S": "run run run run EX EX",
    "F": "UF UF UF run run run",
    "T": "UF UF UF run run run",
    "U": "UF UF UF run run run",
    "C": "UC UC UC run run run",
    "V": "UC UC UC run run run",
    "X": "EX EX EX EX EX EX",
    "K": "EX EX EX EX EX EX",
    "D": "DI DI DI run DI DI",
    "S S": "run run run run EX EX",
    "S F": "UF run UF run run EX",
    "F F": "UF UF UF run run run",
    "S X": "run run run run EX EX",
    "F X": "UF UF UF run run EX",
    "X X": "EX EX EX EX EX EX",
    "S C": "UC run UC run run EX",
    "F C": "UF UF UF run run run",
    "S D": "DI run run run EX DI",
    "F D": "DI UF UF run run DI",
    "X D": "DI run run run EX DI",
    "D D": "DI DI DI run DI DI",
}
CELLS = [
    pytest.param(parents, rule, LETTERS[cell], id=f"{parents}-{rule}")
    for parents, cells in TABLE.items()
    for rule, cell in zip(RULES, cells.split(), strict=True)
]


def state(parents: str, rule: str, semantics: Semantics = DEFAULT) -> str | None:
    given = [Parent(f"p{place}", STATES[letter]) for place, letter in enumerate(parents.split())]
    verdict = never_runs("t", rule, given, semantics)
    return verdict.state if verdict else None


@pytest.mark.parametrize(("parents", "rule", "expected"), CELLS)
def test_the_table(parents: str, rule: str, expected: str | None) -> None:
    assert state(parents, rule) == expected
    assert state(" ".join(reversed(parents.split())), rule) == expected


@pytest.mark.parametrize(
    ("parents", "rule", "semantics", "expected"),
    [
        ("S X", "ALL_SUCCESS", Semantics(join_after_excluded="exclude"), "EXCLUDED"),
        ("X X", "ALL_DONE", Semantics(all_done_after_excluded="run"), None),
        ("F X", "AT_LEAST_ONE_SUCCESS", Semantics(at_least_one_success_of_excluded="always"), None),
        ("X D", "AT_LEAST_ONE_SUCCESS", Semantics(at_least_one_success_of_excluded="never"), "EXCLUDED"),
        ("F C", "ALL_SUCCESS", Semantics(canceled_beside_failed="UPSTREAM_CANCELED"), "UPSTREAM_CANCELED"),
    ],
)
def test_switches(parents: str, rule: str, semantics: Semantics, expected: str | None) -> None:
    assert state(parents, rule, semantics) == expected
    assert state(parents, rule) != expected


@pytest.mark.parametrize(
    ("rule", "parents", "reason"),
    [
        ("ALL_SUCCESS", [Parent("clean", "FAILED")], "train needs all of clean, which failed"),
        (
            "ALL_SUCCESS",
            [Parent("clean", "FAILED"), Parent("load", "SUCCESS"), Parent("list", "TIMEDOUT")],
            "train needs all of clean, load, list; clean failed and list timed out",
        ),
        (
            "AT_LEAST_ONE_SUCCESS",
            [Parent("a", "FAILED"), Parent("b", "UPSTREAM_FAILED")],
            "train needs one of a, b to succeed; a failed and b could not run",
        ),
        ("ALL_FAILED", [Parent("a", "SUCCESS")], "train runs only if all of a fail, which succeeded"),
        ("ALL_DONE", [Parent("a", "EXCLUDED")], "train follows a, which was excluded"),
        (
            "ALL_SUCCESS",
            [Parent("check", "SUCCESS", "false", "true")],
            "train follows check where it is false, and it was true",
        ),
        (
            "ALL_SUCCESS",
            [Parent("check", "SUCCESS", "true", "true"), Parent("a", "CANCELED")],
            "train needs all of check, a; a was canceled",
        ),
    ],
)
def test_reasons(rule: str, parents: list[Parent], reason: str) -> None:
    verdict = never_runs("train", rule, parents, DEFAULT)
    assert verdict is not None
    assert verdict.reason == reason
