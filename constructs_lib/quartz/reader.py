"""The text: fields, separated by blanks, of terms, separated by commas."""

import re

from constructs_lib.quartz.fields import DAYS, FIELDS, HOURS, MINUTES, MONTHS, NONE, SECONDS, WEEKDAYS, YEARS, Field
from constructs_lib.quartz.fire_times import FireTimes
from constructs_lib.quartz.hints import ALIASES, ORDER, choice, from_unix, one_day_field
from constructs_lib.quartz.terms import Terms

_JAVA_BLANKS = "".join(map(chr, range(33)))  # what String.trim() removes


def read(expression: str) -> tuple[FireTimes, tuple[str, ...]]:
    """Return when an expression fires and the doubts about it; a LakeflowError refuses what Quartz refuses."""
    terms = Terms(expression)
    texts = _split(terms)
    for each, text in texts.items():
        if each in (DAYS, WEEKDAYS) and "L" in text and "," in text:
            terms.refuse(each, text, "has `L` in a list", "let `L` stand alone, the other days in another schedule")
        if each is WEEKDAYS and text.count("#") > 1:
            terms.refuse(each, text, "has more than one `#`", "write one of them, such as `MON#1`")
        for term in filter(None, text.split(",")):
            if ignored := terms.read(each, term):
                terms.doubt(each, term, f"Quartz ignores `{ignored}`")
    if YEARS not in texts:
        terms.found[YEARS] = YEARS.values(YEARS.low, YEARS.high, 1)
    by_weekday = NONE in terms.found[DAYS]
    if by_weekday == (NONE in terms.found[WEEKDAYS]):
        given = "neither day-of-month nor day-of-week is" if by_weekday else "both day-of-month and day-of-week are"
        raise terms.error(f"{given} given", f"one of them is `?`: write {one_day_field(list(texts.values()))}")
    for each in (SECONDS, MINUTES, HOURS, MONTHS, WEEKDAYS if by_weekday else DAYS):
        if not terms.found[each] and not (each is DAYS and terms.before_last is not None):
            terms.refuse(each, texts[each], "holds no value", f"write {choice(each)}")
    _doubt_days(terms, texts, by_weekday)
    # What lies past the highest value never comes, except in the day fields, where the first value rules.
    for each in (SECONDS, MINUTES, HOURS, MONTHS, YEARS):
        terms.found[each] = {value for value in terms.found[each] if value <= each.high}
    values = {each: tuple(sorted(found)) for each, found in terms.found.items()}
    fire_times = FireTimes(
        seconds=values[SECONDS],
        minutes=values[MINUTES],
        hours=values[HOURS],
        days=values[DAYS],
        months=values[MONTHS],
        weekdays=values[WEEKDAYS],
        years=values[YEARS],
        by_weekday=by_weekday,
        before_last=terms.before_last,
        nearest_weekday=terms.nearest_weekday,
        last_weekday=terms.last_weekday,
        nth_weekday=terms.nth_weekday,
    )
    return fire_times, tuple(terms.doubts)


def _split(terms: Terms) -> dict[Field, str]:
    """Return the fields in capitals."""
    # Quartz parts the fields at blanks and tabs, and only then drops other blanks around each: in "0 0 2 * * ? \n"
    # the line break is an empty year, in which nothing fires.
    texts = [text.strip(_JAVA_BLANKS) for text in re.split(r"[ \t]+", terms.expression.upper().strip(" \t"))]
    if texts[0] in ALIASES:
        raise terms.error("Quartz has no names that start with `@`", f"write `{ALIASES[texts[0]]}`")
    if not terms.expression.isascii():
        stranger = next(letter for letter in terms.expression if not letter.isascii())
        raise terms.error(f"it holds `{stranger}`", "write digits, English names and the signs * / , - ? # L W")
    if len(texts) == 5:
        raise terms.error("it has 5 fields, as in Unix cron", f"Quartz starts with seconds: write {from_unix(texts)}")
    if len(texts) < 6:
        raise terms.error("it has fewer than 6 fields", f"write {ORDER}, such as `0 0 2 * * ?`")
    if len(texts) > 7:
        raise terms.error(f"it has {len(texts)} fields", f"write {ORDER}, without `{' '.join(texts[7:])}`")
    return dict(zip(FIELDS, texts, strict=False))


def _doubt_days(terms: Terms, texts: dict[Field, str], by_weekday: bool) -> None:
    """Doubt what cannot be meant by the day fields and the year."""
    each, text = (WEEKDAYS, texts[WEEKDAYS]) if by_weekday else (DAYS, texts[DAYS])
    first = min(terms.found[each], default=1)
    if len(terms.found[each]) > 1 and (terms.nth_weekday if by_weekday else terms.nearest_weekday):
        terms.doubt(each, text, f"beside `#` or `W` Quartz fires by one day only, here by {first}")
    if by_weekday and first < 1:
        terms.doubt(each, text, "Quartz takes day 0 for Saturday; write `SAT`, or `SUN` for Sunday")
    if not by_weekday and terms.nearest_weekday and (first < 1 or (terms.before_last or 0) > 27):
        terms.doubt(each, text, "Quartz 2.3.2 can search for ever where this is a day before the month")
    if not by_weekday and terms.nearest_weekday and first > 28:
        terms.doubt(each, text, f"Quartz leaves out months without day {first}; the last working day is `LW`")
    if not terms.found[YEARS]:
        terms.doubt(YEARS, texts[YEARS], "nothing ever fires in an empty year; leave it out")
