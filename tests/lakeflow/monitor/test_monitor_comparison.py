"""Better, worse, no different, or too few runs to say."""

from random import Random
from statistics import quantiles

import pytest

from lakeflow.history.facts import Change, Durations, RunStats
from lakeflow.monitor.comparison import verdict
from tests.support.facts import NOW, durations, stats


def changed(before: RunStats, after: RunStats) -> tuple[str, str]:
    found = verdict(Change(changed_at=NOW, before=before, after=after))
    return found.word, found.text


BEFORE = stats(durations(40, p50=38, p95=41, longest=42))


def test_faster_is_better_and_slower_is_worse() -> None:
    after = stats(durations(12, p50=27, p95=29, longest=30))
    assert changed(BEFORE, after) == ("better", "p50 38m → 27m, p95 41m → 29m, over 40 runs before and 12 after")
    assert changed(after, BEFORE) == ("worse", "p50 27m → 38m, p95 29m → 41m, over 12 runs before and 40 after")


def test_nine_runs_say_nothing() -> None:
    assert changed(BEFORE, stats(durations(9, p50=5, p95=6, longest=7))) == (
        "too few runs",
        "40 runs before and 9 after, and 10 on each side say something",
    )


@pytest.mark.parametrize(
    "after",
    [durations(12, p50=37, p95=41, longest=44), durations(12, p50=35, p95=38, longest=39), durations(10, 30, 60, 75)],
    ids=["about the same", "surely faster, and hardly", "anything may be"],
)
def test_little_and_noise_are_no_difference(after: Durations) -> None:
    assert changed(BEFORE, stats(after))[0] == "no different"


def test_the_slowest_runs_count_where_the_usual_ones_are_the_same() -> None:
    before = stats(durations(60, p50=20, p95=34, longest=36))
    assert changed(before, stats(durations(60, p50=20, p95=22, longest=23)))[0] == "better"


def test_reliability_comes_before_speed() -> None:
    shaky = stats(durations(20, p50=20, p95=22, longest=23), failed=12)
    sound = stats(durations(20, p50=25, p95=27, longest=28))
    assert changed(shaky, sound) == (
        "better",
        "p50 20m → 25m, p95 22m → 27m, success 62% → 100%, over 32 runs before and 20 after",
    )
    assert changed(sound, shaky)[0] == "worse"


def test_one_failure_more_is_chance() -> None:
    assert changed(stats(durations(20)), stats(durations(19), failed=1))[0] == "no different"


def test_failures_are_counted_where_no_run_succeeds_any_more() -> None:
    assert changed(BEFORE, stats(durations(n=0), succeeded=0, failed=12)) == (
        "worse",
        "success 100% → 0%, over 40 runs before and 12 after",
    )


def observed(random: Random, n: int, middle: float) -> RunStats:
    """Return runs as they are: most about as long as each other, some much longer."""
    took = sorted(random.lognormvariate(0, 0.2) * middle for _ in range(n))
    cuts = quantiles(took, n=100, method="inclusive")
    return stats(Durations(n=n, p50=60 * cuts[49], p95=60 * cuts[94], p99=60 * cuts[98], max=60 * took[-1]))


def test_of_a_change_that_does_nothing_nearly_always_nothing_is_said() -> None:
    random = Random(7)
    words = [
        changed(observed(random, random.randint(10, 60), 30), observed(random, random.randint(10, 60), 30))[0]
        for _ in range(1000)
    ]
    assert words.count("no different") >= 950


def test_a_third_less_is_mostly_seen_in_twelve_runs() -> None:
    random = Random(7)
    words = [changed(observed(random, 40, 30), observed(random, 12, 20))[0] for _ in range(1000)]
    assert words.count("better") >= 900
    assert "worse" not in words
