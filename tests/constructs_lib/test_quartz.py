"""Quartz expressions: read, computed and refused as Quartz 2.3.2 does."""

import gzip
import json
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from constructs_lib.errors import LakeflowError
from constructs_lib.quartz import LAST_YEAR, DstSurprise, Quartz, timezone

VECTORS = Path(__file__).parent.parent / "data" / "quartz_vectors.jsonl.gz"
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
SUNDAY_MORNING = datetime(2026, 11, 22, tzinfo=UTC)

# What Quartz 2.3.2 accepts and we do not.
REFUSED = {
    "0 0 2 * * ? * *": "the eighth field would be dropped",
    "0 0 2 * * ? * * *": "the eighth field would be dropped",
    "0 0 2 *é * ?": "what follows * would be ignored, and é cannot be meant",
    "0 0 2 ? * ſun": "Java's capital of ſ is S",
    "*/٥ 0 2 * * ?": "Java reads ٥ as 5",
}


def vectors() -> list[dict[str, Any]]:
    with gzip.open(VECTORS, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def answer(vector: dict[str, Any]) -> dict[str, Any]:
    """Answer a vector's question in its own form."""
    try:
        schedule = Quartz.parse(vector["expression"])
    except LakeflowError:
        return {"expression": vector["expression"], "rejected": True}
    moment = datetime.fromisoformat(vector["start"])
    zone = ZoneInfo(vector["zone"])
    fires: list[str] = []
    answered: dict[str, Any] = {**vector, "fires": fires}
    for _ in range(len(vector["fires"]) + ("then" in vector)):
        following = schedule.next_after(moment, zone)
        if following is None:
            return {**answered, "then": "never"}
        moment = following
        fires.append(moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    return answered


@pytest.mark.slow
def test_every_vector_of_quartz_is_answered_as_quartz_does() -> None:
    differences = []
    for vector in vectors():
        match vector.get("then"):
            case "fails":  # Quartz parses it, and throws when it computes
                expected = {"expression": vector["expression"], "rejected": True}
            case "searches for ever":
                expected = {**vector, "then": "never"}
            case _:
                expected = vector
        if vector["expression"] in REFUSED:
            expected = {"expression": vector["expression"], "rejected": True}
        ours = answer(vector)
        if ours != expected:
            differences.append(f"Quartz: {expected}\n  ours: {ours}")
    assert not differences, f"{len(differences)} differ:\n" + "\n".join(differences[:20])


def test_the_vectors_are_many_and_of_all_kinds() -> None:
    known = vectors()
    assert len(known) >= 4000
    assert len({vector["zone"] for vector in known if "zone" in vector}) >= 5
    assert {vector.get("then") for vector in known} == {None, "never", "fails", "searches for ever"}
    assert sum("rejected" in vector for vector in known) > 500
    assert {vector["expression"] for vector in known if "rejected" not in vector} >= REFUSED.keys()


@pytest.mark.parametrize(
    ("expression", "fires"),
    [
        ("0 0 12 ? * MON#2", ["2026-12-14 12:00:00", "2027-01-11 12:00:00"]),
        ("0 15 10 L * ?", ["2026-11-30 10:15:00", "2026-12-31 10:15:00", "2027-01-31 10:15:00", "2027-02-28 10:15:00"]),
        ("0 0 8 LW * ?", ["2026-11-30 08:00:00", "2026-12-31 08:00:00", "2027-01-29 08:00:00"]),
        ("0 0/5 14,18 * * ?", ["2026-11-22 14:00:00", "2026-11-22 14:05:00"]),
        ("0 0 0 ? * 6L 2027", ["2027-01-29 00:00:00"]),
        ("0 0 1 ? * 1", ["2026-11-22 01:00:00", "2026-11-29 01:00:00"]),
        ("0 0 0 L-3 * ?", ["2026-11-27 00:00:00", "2026-12-28 00:00:00"]),
        ("0 0 0 15W * ?", ["2026-12-15 00:00:00", "2027-01-15 00:00:00", "2027-02-15 00:00:00"]),
        ("0 0 22-1/3 ? * SAT-MON", ["2026-11-22 01:00:00", "2026-11-22 22:00:00", "2026-11-23 01:00:00"]),
        ("0 0 0 29 2 ?", ["2028-02-29 00:00:00", "2032-02-29 00:00:00"]),
    ],
)
def test_when_it_fires(expression: str, fires: list[str]) -> None:
    found = islice(Quartz.parse(expression).fires(SUNDAY_MORNING, UTC), len(fires))
    assert [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in found] == fires


def test_a_fire_is_told_in_the_zone_of_the_schedule() -> None:
    fire = Quartz.parse("0 30 5 * * ?").next_after(SUNDAY_MORNING, BERLIN)
    assert fire == datetime(2026, 11, 22, 5, 30, tzinfo=BERLIN)
    assert fire is not None
    assert fire.tzinfo is BERLIN


def test_fractions_of_a_second_do_not_matter() -> None:
    schedule = Quartz.parse("* * * * * ?")
    half_past = SUNDAY_MORNING + timedelta(milliseconds=500)
    assert schedule.next_after(half_past, UTC) == schedule.next_after(SUNDAY_MORNING, UTC)


def test_a_moment_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        Quartz.parse("0 0 2 * * ?").next_after(datetime(2026, 11, 22), UTC)  # noqa: DTZ001


# --- Changes of the clocks ---


def test_a_wall_time_that_is_left_out_is_skipped() -> None:
    fires = Quartz.parse("0 30 2 * * ?").fires(datetime(2026, 3, 7, 12, tzinfo=NEW_YORK), NEW_YORK)
    assert [str(fire) for fire in islice(fires, 2)] == ["2026-03-09 02:30:00-04:00", "2026-03-10 02:30:00-04:00"]


def test_of_a_wall_time_that_comes_twice_the_second_fires() -> None:
    fires = Quartz.parse("0 30 1 * * ?").fires(datetime(2026, 10, 31, 12, tzinfo=NEW_YORK), NEW_YORK)
    assert [str(fire) for fire in islice(fires, 2)] == ["2026-11-01 01:30:00-05:00", "2026-11-02 01:30:00-05:00"]


def test_surprises_of_a_nightly_schedule() -> None:
    assert Quartz.parse("0 30 2 * * ?").dst_surprises(BERLIN, 2026) == [
        DstSurprise(datetime(2026, 3, 29, 2, 30), "skipped"),  # noqa: DTZ001
        DstSurprise(datetime(2026, 10, 25, 2, 30), "second only"),  # noqa: DTZ001
    ]


@pytest.mark.parametrize(
    ("expression", "zone", "effects"),
    [
        ("0 30 5 * * ?", "Europe/Berlin", []),
        ("0 30 2 ? * MON", "Europe/Berlin", []),
        ("0 30 2 * * ?", "UTC", []),
        ("0 0 * * * ?", "Europe/Berlin", ["second only"]),  # hourly goes on hourly in spring
        ("0 0 2,4 * * ?", "Europe/Berlin", ["skipped", "second only"]),
        ("0 0 0 * * ?", "America/Santiago", ["skipped"]),
        ("0 15 2 * * ?", "Australia/Lord_Howe", ["skipped"]),
        ("0 45 1 * * ?", "Australia/Lord_Howe", ["second only"]),
    ],
)
def test_surprises_are_told_where_a_run_is_missed_or_late(expression: str, zone: str, effects: list[str]) -> None:
    surprises = Quartz.parse(expression).dst_surprises(ZoneInfo(zone), 2025)
    assert sorted(surprise.effect for surprise in surprises) == sorted(effects)


# --- What a linter asks ---


@pytest.mark.parametrize(
    "expression",
    ["0 0 0 31 2 ?", "0 0 0 30 2 ?", "0 0 0 * * ? 2020", "0 0 0 1 1 ? 2127", "0 0 0 1 1 ? 99999", "0 0 0 ? * 8#1"],
)
def test_some_schedules_never_fire(expression: str) -> None:
    assert Quartz.parse(expression).never_fires(SUNDAY_MORNING)


def test_a_schedule_may_never_fire_for_its_time_zone() -> None:
    schedule = Quartz.parse("0 30 2 29 3 ? 2026")
    start = datetime(2026, 1, 1, tzinfo=UTC)
    assert schedule.never_fires(start, BERLIN)
    assert not schedule.never_fires(start)


def test_the_last_year_still_fires() -> None:
    assert not Quartz.parse(f"59 59 23 31 12 ? {LAST_YEAR}").never_fires(SUNDAY_MORNING)


@pytest.mark.parametrize(
    ("expression", "gap"),
    [
        ("* * * * * ?", timedelta(seconds=1)),
        ("0/10 * * * * ?", timedelta(seconds=10)),
        ("0,50 0,30 * * * ?", timedelta(seconds=50)),
        ("0,50 * * * * ?", timedelta(seconds=10)),
        ("0 0/45 * * * ?", timedelta(minutes=15)),
        ("0 0/45 5 * * ?", timedelta(minutes=45)),
        ("0 0,59 0,23 * * ?", timedelta(minutes=1)),
        ("0 0,59 0,23 ? * MON", timedelta(minutes=59)),
        ("0 0 2 * * ?", timedelta(days=1)),
        ("0 0 2 ? * MON,THU", timedelta(days=3)),
        ("0 0 2 1,31 * ?", timedelta(days=1)),
        ("0 0 2 29 2 ?", timedelta(days=1461)),
        ("0 0 2 1 1 ? 2027", None),
        ("0 0/5 2 1 1 ? 2020", None),
    ],
)
def test_the_shortest_gap(expression: str, gap: timedelta | None) -> None:
    assert Quartz.parse(expression).shortest_gap(SUNDAY_MORNING) == gap


@pytest.mark.parametrize(
    ("expression", "doubt"),
    [
        ("0 0 2 ? * MON-FRI/2", "day-of-week `MON-FRI/2`: Quartz ignores `/2`"),
        ("0 0 2 ? * MONDAY", "day-of-week `MONDAY`: Quartz ignores `DAY`"),
        ("0 0 2 15W5 * ?", "day-of-month `15W5`: Quartz ignores `5`"),
        ("0 0 2 1,15W * ?", "day-of-month `1,15W`: beside `#` or `W` Quartz fires by one day only, here by 1"),
        ("0 0 2 ? * TUE#1,MON", "day-of-week `TUE#1,MON`: beside `#` or `W` Quartz fires by one day only, here by 2"),
        ("0 0 2 31W * ?", "day-of-month `31W`: Quartz leaves out months without day 31; the last working day is `LW`"),
        (
            "0 0 2 L-30W * ?",
            "day-of-month `L-30W`: Quartz 2.3.2 can search for ever where this is a day before the month",
        ),
        ("0 0 2 ? * 0#1", "day-of-week `0#1`: Quartz takes day 0 for Saturday; write `SAT`, or `SUN` for Sunday"),
        ("99 0 2 * * ?", "second `99`: Quartz takes 99 for `*`"),
        ("0 0/45 * * * ?", "minute `0/45`: it starts anew every hour, so 45 is followed by 0 after 15, not after 45"),
        ("0 0 2 * * ? \n", "year ``: nothing ever fires in an empty year; leave it out"),
    ],
)
def test_doubts_about_what_quartz_accepts(expression: str, doubt: str) -> None:
    assert Quartz.parse(expression).doubts == (doubt,)


@pytest.mark.parametrize(
    "expression",
    ["0 0 2 * * ?", "0 0/15 * * * ?", "0 0 8/2 * * ?", "0 0 2 LW * ?", "0 0 2 ? * mon-fri", "0 0 2 31 * ?"],
)
def test_no_doubt_about_ordinary_schedules(expression: str) -> None:
    assert Quartz.parse(expression).doubts == ()


# --- What is refused, and what to write instead ---


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("", "it has fewer than 6 fields; write `second minute hour day-of-month month day-of-week [year]`"),
        ("0 2 * * *", "it has 5 fields, as in Unix cron; Quartz starts with seconds: write `0 0 2 * * ?`"),
        ("0 2 * * ?", "Quartz starts with seconds: write `0 0 2 * * ?`"),
        ("*/5 9-17 * * 1-5", "write `0 */5 9-17 ? * MON-FRI`"),
        ("0 2 * * 0", "write `0 0 2 ? * SUN`"),
        ("0 2 1 * 1", "write `0 0 2 1 * ?`, and as another schedule `0 0 2 ? * MON`"),
        ("@daily", "Quartz has no names that start with `@`; write `0 0 0 * * ?`"),
        ("0 30 2 * * *", "both day-of-month and day-of-week are given; one of them is `?`: write `0 30 2 * * ?`"),
        ("0 0 2 * * MON", "write `0 0 2 ? * MON`"),
        (
            "0 0 2 ? * ? 2027",
            "neither day-of-month nor day-of-week is given; one of them is `?`: write `0 0 2 * * ? 2027`",
        ),
        (
            "0 0 2 * * ? * 5",
            "it has 8 fields; write `second minute hour day-of-month month day-of-week [year]`, without `5`",
        ),
        ("0 0 2 ? * 8", "day-of-week `8` is outside 1 to 7; write 1 (SUN) to 7 (SAT)"),
        ("0 0 2 ? * 0", "day-of-week `0` is outside 1 to 7"),
        ("0 0 2 ? * SONNTAG", "day-of-week `SONNTAG` holds the unknown name `SON`; write `SUN`"),
        ("0 0 2 ? * MON-FRY", "holds the unknown name `FRY`; write `FRI`"),
        ("0 0 2 1 DEZ ?", "month `DEZ` holds the unknown name `DEZ`; write `DEC`"),
        ("0 0 2 1 XYZ ?", "month `XYZ` holds the unknown name `XYZ`; write 1 (JAN) to 12 (DEC)"),
        ("0 0 MON * * ?", "hour `MON` holds the unknown name `MON`; write 0 to 23"),
        ("0 60 * * * ?", "minute `60` is outside 0 to 59"),
        ("0 0 24 * * ?", "hour `24` is outside 0 to 23"),
        ("0 0 0 32 * ?", "day-of-month `32` is outside 1 to 31"),
        ("0 0/60 * * * ?", "minute `0/60` has the step `60`; write `/1` to `/59`"),
        ("*/9x 0 2 * * ?", "second `*/9X` has the step `9X`"),
        ("0 5/ * * * ?", "minute `5/` has no number after `/`"),
        ("0 5- * * * ?", "minute `5-` has no number after `-`"),
        ("0 ? 2 * * ?", "minute `?` is for day-of-month and day-of-week only; write `*`"),
        ("0 0 2 ?55 * MON", "day-of-month `?55` goes on after `?`; let `?` stand alone"),
        ("0 0 2 15,L * ?", "day-of-month `15,L` has `L` in a list"),
        ("0 0 2 ? * MON#1,FRI#3", "day-of-week `MON#1,FRI#3` has more than one `#`; write one of them"),
        (
            "0 0 2 ? * MON#6",
            "day-of-week `MON#6` does not say which one of the month; write `#1` to `#5` after the day",
        ),
        ("0 0 2 ? * 8L", "day-of-week `8L` has 8; write 1 (SUN) to 7 (SAT) before `L`"),
        ("0 0 2 32W * ?", "day-of-month `32W` has 32; write 1 to 31 before `W`"),
        ("0 0 2 5L * ?", "day-of-month `5L` has `L`; `L` follows a day of the week, as in `6L`"),
        ("0 0 2 ? * 5W", "day-of-week `5W` has `W`; `W` follows a day of the month, as in `15W`"),
        ("0 0 2 L-31 * ?", "day-of-month `L-31` does not say how many days before the last; write `L-1` to `L-30`"),
        ("0 0 2 1 1 ? 2030-2020", "year `2030-2020` ends before it starts"),
        ("0 0 2 1 1 ? 99999999999", "year `99999999999` is too great"),
        (f"{'9' * 9999} 0 2 * * ?", "is too great; write 0 to 59"),
        ("0 , * * * ?", "minute `,` holds no value; write 0 to 59"),
        ("0 0 2 % * ?", "day-of-month `%` starts with `%`; write 1 to 31"),
        ("0 0 2 é * ?", "it holds `é`; write digits, English names"),
    ],
)
def test_what_is_refused_and_what_to_write(expression: str, says: str) -> None:
    with pytest.raises(LakeflowError) as refused:
        Quartz.parse(expression)
    assert says in str(refused.value)
    assert str(refused.value).startswith(f"schedule `{expression}`: ")


@settings(deadline=None)
@given(st.text(alphabet="0123456789*?/-,LW# @JANFEBMONTU\té\n", max_size=40))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        schedule = Quartz.parse(text)
    except LakeflowError:
        return
    schedule.next_after(SUNDAY_MORNING, BERLIN)


# --- Time zones ---


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("CET", "CET"),
        ("EST5EDT", "EST5EDT"),
        ("GMT", "GMT"),
        ("GMT+1", "Etc/GMT-1"),  # to Java one hour east
        ("GMT-03:00", "Etc/GMT+3"),
        ("GMT+0", "Etc/GMT-0"),
    ],
)
def test_time_zones_that_java_knows(name: str, key: str) -> None:
    assert timezone(name).key == key


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("Europe/Berlln", "write `Europe/Berlin`"),
        ("europe/berlin", "write `Europe/Berlin`"),
        ("Europe/Berlin ", "write `Europe/Berlin`"),
        ("Berlin", "write `Europe/Berlin`"),
        ("New York", "write `America/New_York`"),
        ("utc", "write `UTC`"),
        ("BST", "Java reads it as `Asia/Dhaka`: write that, or the one you mean"),
        ("CET+1", "write a place such as `Europe/Berlin`"),
        ("UTC+1", "whole hours from `GMT-12` to `GMT+14`"),
        ("GMT+5:30", "write a place such as `Europe/Berlin`"),
        ("GMT+15", "write a place such as `Europe/Berlin`"),
        ("W. Europe Standard Time", "write a place such as `Europe/Berlin`"),
        ("ROC", "write a place such as `Europe/Berlin`"),
        ("localtime", "write a place such as `Europe/Berlin`"),
        ("", "write a place such as `Europe/Berlin`"),
    ],
)
def test_time_zones_that_java_would_take_for_gmt(name: str, fix: str) -> None:
    with pytest.raises(LakeflowError) as refused:
        timezone(name)
    assert f"timezone_id `{name}`" in str(refused.value)
    assert fix in str(refused.value)


# --- Laws ---

WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
ZONES = st.sampled_from([UTC, BERLIN, NEW_YORK, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/Santiago")])
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@dataclass(frozen=True)
class Said:
    """A schedule as it is meant, from which its expression is written."""

    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]
    months: frozenset[int]
    days: frozenset[int] | None
    weekdays: frozenset[int] | None  # 0 is Sunday
    before_last: int | None
    nth: int | None  # 0 is the last

    @property
    def expression(self) -> str:
        def listed(values: frozenset[int]) -> str:
            return ",".join(map(str, sorted(values)))

        day, weekday = "?", "?"
        if self.days is not None:
            day = listed(self.days)
        elif self.before_last is not None:
            day = f"L-{self.before_last}" if self.before_last else "L"
        elif self.weekdays is not None:
            weekday = ",".join(WEEKDAYS[each] for each in sorted(self.weekdays))
            weekday += {None: "", 0: "L"}.get(self.nth, f"#{self.nth}")
        times = " ".join(map(listed, (self.seconds, self.minutes, self.hours)))
        return f"{times} {day} {listed(self.months)} {weekday}"

    def fits(self, day: date) -> bool:
        length = monthrange(day.year, day.month)[1]
        if day.month not in self.months:
            return False
        if self.days is not None:
            return day.day in self.days
        if self.before_last is not None:
            return day.day == length - self.before_last
        if self.weekdays is None or day.isoweekday() % 7 not in self.weekdays:
            return False
        return self.nth is None or ((day.day - 1) // 7 + 1 == self.nth if self.nth else day.day + 7 > length)

    def next_after(self, moment: datetime) -> datetime | None:
        """Look at every day in turn."""
        times = sorted(time(*each, tzinfo=UTC) for each in self.times)
        for ahead in range(366 * 9):
            day = moment.date() + timedelta(days=ahead)
            if self.fits(day):
                for each in times:
                    if datetime.combine(day, each) > moment:
                        return datetime.combine(day, each)
        return None

    @property
    def times(self) -> set[tuple[int, int, int]]:
        return {(hour, minute, second) for hour in self.hours for minute in self.minutes for second in self.seconds}


def some(low: int, high: int, most: int = 3) -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.integers(low, high), min_size=1, max_size=most)


def said(**days: st.SearchStrategy[Any]) -> st.SearchStrategy[Said]:
    absent: dict[str, st.SearchStrategy[Any]] = dict.fromkeys(("days", "weekdays", "before_last", "nth"), st.none())
    times = {"seconds": some(0, 59), "minutes": some(0, 59), "hours": some(0, 23), "months": some(1, 12, 12)}
    return st.builds(Said, **{**absent, **times, **days})


SCHEDULES = (
    said(days=some(1, 31, 6))
    | said(before_last=st.integers(0, 30))
    | said(weekdays=some(0, 6, 7))
    | said(weekdays=some(0, 6, 1), nth=st.integers(0, 5))
)


@settings(deadline=None)
@given(SCHEDULES, MOMENTS)
def test_law_in_utc_the_next_fire_is_the_first_one_that_fits(schedule: Said, moment: datetime) -> None:
    expected = schedule.next_after(moment)
    found = Quartz.parse(schedule.expression).next_after(moment, UTC)
    assert found == expected if expected else found is None or found > moment + timedelta(days=366 * 8)


@settings(deadline=None)
@given(SCHEDULES, MOMENTS, ZONES)
def test_law_fires_grow_and_fit(schedule: Said, moment: datetime, zone: ZoneInfo) -> None:
    fires = [moment, *islice(Quartz.parse(schedule.expression).fires(moment, zone), 5)]
    assert all(earlier < later for earlier, later in pairwise(fires))
    for fire in fires[1:]:
        assert schedule.fits(fire.date())
        assert (fire.hour, fire.minute, fire.second) in schedule.times


@settings(deadline=None)
@given(SCHEDULES, MOMENTS, st.timedeltas(timedelta(), timedelta(days=40)), ZONES)
def test_law_who_asks_later_is_answered_later(
    schedule: Said, moment: datetime, later: timedelta, zone: ZoneInfo
) -> None:
    quartz = Quartz.parse(schedule.expression)
    first, second = quartz.next_after(moment, zone), quartz.next_after(moment + later, zone)
    assert second is None or (first is not None and first <= second)


@settings(deadline=None)
@given(SCHEDULES, MOMENTS)
def test_law_reading_again_changes_nothing(schedule: Said, moment: datetime) -> None:
    once = Quartz.parse(schedule.expression)
    again = Quartz.parse(once.expression)
    assert (again, hash(again), repr(again)) == (once, hash(once), f"Quartz(expression={schedule.expression!r})")
    relaxed = Quartz.parse(" \t".join(["", *once.expression.lower().split(), ""]))
    assert relaxed.next_after(moment, UTC) == once.next_after(moment, UTC)


@settings(deadline=None, max_examples=40)
@given(SCHEDULES, MOMENTS)
def test_law_no_two_fires_are_closer_than_the_shortest_gap(schedule: Said, moment: datetime) -> None:
    quartz = Quartz.parse(schedule.expression)
    gap = quartz.shortest_gap(moment)
    fires = list(islice(quartz.fires(moment, UTC), 30))
    assert all(gap is not None and later - earlier >= gap for earlier, later in pairwise(fires))
