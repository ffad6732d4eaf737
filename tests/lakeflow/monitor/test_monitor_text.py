"""The report on a terminal."""

import unicodedata

import pytest
from hypothesis import given, settings, strategies as st

from lakeflow.graph.letters import columns
from lakeflow.monitor.report import Report
from lakeflow.monitor.reports.text import drifted, lines, plain, suggested
from tests.lakeflow.monitor.reporting import named, report
from tests.support.team_history import team

SAID = """\
 WATCH  prod · 1 to watch, 1 without runs, 1 well
30 days until 22 Nov 2026 06:00 UTC, from system tables · 58 runs · 97% succeeded (was 100%) · 112 DBU (was 60.0, +87%)
· $33.60 (was $18.00, +87%)

         job                           runs  success  p50  p95        longest  setup  DBU   price  a run  suggestions
watch    sales                           30      93%  20m  24m  +33%      25m    31%  112  $33.60   +86%            1
no runs  Customer export (do not use)     0        –    –    –              –      –    –       –
well     intake                          28     100%  20m  24m            25m      –    –       –

sales  watch
  Sales are known in the morning. · id 101
  days       ████████████████████████████✗✗█
  runs       30: 28 succeeded, 1 failed, 1 timed out; 93% succeeded (was 100%)
"""


def said(width: int = 120) -> str:
    return plain(lines(report(), width))


def test_it_begins_with_the_worst() -> None:
    assert said().splitlines()[:12] == SAID.splitlines()[:12]


@pytest.mark.parametrize(
    "line",
    [
        "  duration   p50 20m (was 15m, +33%), p95 24m (was 18m, +33%), longest 25m, timeout 45m, 28 clean runs",
        "  waiting    queue p95 1m 1s, setup 31% of the time",
        "  again      retries: 4 helped, 3 did not; 2 runs repaired, 1 succeeded by it",
        "  cost       112 DBU, $33.60, 3.73 DBU a run (was 2.00, +86%)",
        "  failures   1 × code RUN_EXECUTION_ERROR, last 20 Nov 2026 05:42 UTC (run 9001)",
        "  changed    10 Nov 2026 09:00 UTC: worse: p95 18m → 24m over 12 runs",
        "  path       load (15m)",
        "  task  runs  failed  p50  p95  longest  retries helped  did not     slack",
        "  load    30       2  15m  18m      19m               4        3  critical",
        "  T2  the timeout of 45m is tight",
        "      Raise the timeout to 1h. · timeout_seconds 45m → 1h",
        "      in environments/prod.yaml:41 (products.sales.timeout_minutes)",
        "      p95 24m over 28 runs in 30 days; high confidence",
        "  unowned  Customer export (do not use) (id 120044)",
        "Not known",
        "  Notifications of the jobs.",
    ],
)
def test_a_job_has_everything(line: str) -> None:
    assert line in said().splitlines()


def test_what_is_not_in_the_cost_is_said() -> None:
    assert "Not in them: virtual machines of classic compute on Azure, SQL warehouses, all-purpose" in said()


def test_a_job_of_which_there_is_no_more_to_say_is_one_line() -> None:
    assert sum("intake" in line for line in said().splitlines()) == 1
    assert sum("Customer export" in line for line in said().splitlines()) == 2  # and what is odd about it
    assert "  days " in plain(lines(report().of_job("intake")))


@pytest.mark.parametrize("width", [80, 100, 140, 200])
def test_it_fits_a_terminal(width: int) -> None:
    for found in (report(), Report.of(team())):
        assert max(columns(line) for line in plain(lines(found, width)).splitlines()) <= width


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=400), st.integers(80, 200))
def test_no_name_breaks_it(name: str, width: int) -> None:
    shown = plain(lines(named(name), width))
    assert {letter for letter in shown if unicodedata.category(letter) in {"Cc", "Zl", "Zp", "Cs"}} <= {"\n"}
    assert max(columns(line) for line in shown.splitlines()) <= width


def test_a_name_is_no_command_to_a_ci_system() -> None:
    assert "::error" not in plain(lines(named("::error file=x::y")))


def test_only_what_to_change() -> None:
    shown = plain(suggested(report()))
    assert shown.startswith("prod · 1 suggestion\n")
    assert "  T2  sales: the timeout of 45m is tight\n" in shown
    assert "unowned" not in shown


def test_only_what_is_odd() -> None:
    shown = plain(drifted(report()))
    assert shown.startswith("prod · 1 oddity\n")
    assert (
        "  unowned  Customer export (do not use) (id 120044)\n      no code owns it\n      adopt it, or delete it\n"
        in shown
    )
    assert "timeout" not in shown
